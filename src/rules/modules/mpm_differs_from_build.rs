use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::model::Thing;
use crate::rule::{Check, Context, Need, Report, Which};

crate::rule! {
    /// Another multi-processing module is loaded here than the one that `httpd -V` reports.
    ///
    /// ## What httpd does
    ///
    /// `httpd -V` names the MPM that the server's own configuration loads. Where the two differ,
    /// the server was asked with other files, or has not been restarted since.
    ///
    /// ## Why it matters
    ///
    /// The MPM decides whether there are threads: how many requests are served at once, what a
    /// limit like `MaxRequestWorkers` means, whether an embedded Python application is
    /// multithreaded, and whether mod_php can run at all.
    ///
    /// ## Wrong
    ///
    /// ```facts
    /// Server version: Apache/2.4.62 (Unix)
    /// Server MPM:     prefork
    ///   threaded:     no
    ///     forked:     yes (variable process count)
    /// ```
    ///
    /// ```conf
    /// LoadModule mpm_event_module modules/mod_mpm_event.so
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule mpm_prefork_module modules/mod_mpm_prefork.so
    /// ```
    ///
    /// ## How sure
    ///
    /// As sure as the text is of this server. Where the server has its MPM compiled in, a second
    /// one is refused by httpd itself.
    pub static RULE = {
        id: "mpm-differs-from-build",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[Need::Mpm],
        check: Check::Directive(Which::Named(&["LoadModule"]), check),
    }
}

fn check(context: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let facts = context.inputs.facts;
    let Some(mpm) = &facts.mpm else { return };
    if facts.static_mpm().is_some() {
        return;
    }
    let table = context.inputs.table;
    for module in context.model.said_by(placed.id, Thing::LoadedModule) {
        let name = module.name.strip_prefix("mpm_");
        let Some(name) = name.and_then(|it| it.strip_suffix("_module")) else {
            continue;
        };
        let known = table.module_by_identifier(&module.name);
        if known.is_none() || name.eq_ignore_ascii_case(&mpm.value.name) {
            continue;
        }
        let message = format!(
            "this server runs the MPM `{}`, not `{name}`",
            mpm.value.name
        );
        let finding = report.at(placed.at(module.span), message);
        finding.note(format!("`Server MPM` is at {}", mpm.origin));
    }
}
