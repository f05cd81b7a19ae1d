use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::model::processes::{Mpm, adjustments};
use crate::rule::{Check, Context, Report, Which};

crate::rule! {
    /// The MPM does not take a number of processes or threads as it stands.
    ///
    /// ## What httpd does
    ///
    /// When everything is read it makes the numbers fit together, changes those that do not, and
    /// warns on standard error, which a service manager hides: `AH00513: WARNING:
    /// MaxRequestWorkers of 60 is not an integer multiple of ThreadsPerChild of 25`.
    ///
    /// ## Why it matters
    ///
    /// The server serves fewer requests at once than the file says. Most often `MaxRequestWorkers`
    /// was raised, and `ServerLimit` was not.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule mpm_event_module modules/mod_mpm_event.so
    /// ThreadsPerChild 25
    /// MaxRequestWorkers 60
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule mpm_event_module modules/mod_mpm_event.so
    /// ServerLimit 32
    /// ThreadsPerChild 25
    /// MaxRequestWorkers 800
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain for the MPMs event, worker and prefork, where the whole configuration is known. The
    /// last of repeated directives counts. Nothing is said where one of them may count or not.
    pub static RULE = {
        id: "adjusted-process-number",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Directive(Which::Named(&[
            "ServerLimit", "ThreadLimit", "ThreadsPerChild", "MaxRequestWorkers", "MaxClients",
            "StartServers", "MinSpareThreads", "MinSpareServers",
        ]), check),
    }
}

fn check(context: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let Some(mpm) = mpm(context).filter(|_| context.is_whole()) else {
        return;
    };
    let line = placed.line();
    let found = adjustments(context.config, context.model, mpm).into_iter();
    for adjustment in found.filter(|it| it.place == placed.id) {
        let (name, from, to) = (adjustment.name, adjustment.from, adjustment.to);
        let message = format!("`{name}` becomes {to}, not {from}");
        let finding = report.at(placed.at(line.span()), message);
        finding.label(adjustment.reason);
    }
}

// The MPM that is certainly the one.
fn mpm(context: &Context<'_>) -> Option<Mpm> {
    let mut modules = context.inputs.table.modules().filter(|it| it.1.mpm);
    let there = modules.find(|it| context.modules.has(it.0).is_true())?;
    Mpm::of(&there.1.source)
}
