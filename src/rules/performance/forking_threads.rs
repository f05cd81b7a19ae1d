use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::model::layers::first_word;
use crate::rule::{Check, Concern, Context, Report, Which};

crate::rule! {
    /// mod_cgi runs programs in a server with threads.
    ///
    /// ## What httpd does
    ///
    /// For each program, mod_cgi lets the whole process with all its threads make a copy of itself. mod_cgid has a small process
    /// of its own for that.
    ///
    /// ## Why it matters
    ///
    /// The copy takes longer the more memory and threads the process has.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule cgi_module modules/mod_cgi.so
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule cgid_module modules/mod_cgid.so
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain, where the MPM is known. Small servers notice nothing.
    pub static RULE = {
        id: "forking-threads",
        level: Level::Note,
        since: "0.1.0",
        needs: &[],
        concern: Concern::Performance,
        check: Check::Directive(Which::Named(&["LoadModule"]), check),
    }
}

fn check(context: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let is_cgi = first_word(placed).is_some_and(|it| it == "cgi_module");
    let has = |it: &str| {
        let module = context.inputs.table.module_by_identifier(it);
        module.is_some_and(|it| context.modules.has(it).is_true())
    };
    let has_threads = || {
        ["mpm_event_module", "mpm_worker_module"]
            .iter()
            .any(|it| has(it))
    };
    if is_cgi && has_threads() {
        let finding = report.at(
            placed.site(),
            "mod_cgi copies a process with all its threads",
        );
        finding.help("load mod_cgid");
    }
}
