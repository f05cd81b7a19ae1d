use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::model::Thing;
use crate::rule::{Check, Context, Need, Report, Which};

crate::rule! {
    /// A module is loaded here that the server did not have when it was asked with `httpd -M`.
    ///
    /// ## What httpd does
    ///
    /// The list of `httpd -M` holds every module that the server's configuration loads. A
    /// `LoadModule` that runs and is not in the list was not part of that configuration.
    ///
    /// ## Why it matters
    ///
    /// Either the server reads other files than these, and then nothing of what they say can be
    /// relied on; or the line is new, and it is worth a look whether the module is installed
    /// there: httpd does not start without its file.
    ///
    /// ## Wrong
    ///
    /// ```facts
    /// Loaded Modules:
    ///  core_module (static)
    ///  so_module (static)
    ///  http_module (static)
    ///  mpm_event_module (shared)
    /// ```
    ///
    /// ```conf
    /// LoadModule headers_module modules/mod_headers.so
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule mpm_event_module modules/mod_mpm_event.so
    /// ```
    ///
    /// ## How sure
    ///
    /// As sure as the list is complete and of this server. After a change that adds a module, ask
    /// the server again.
    pub static RULE = {
        id: "module-not-in-loaded-list",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[Need::LoadedModules],
        check: Check::Directive(Which::Named(&["LoadModule"]), check),
    }
}

fn check(context: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let Some(list) = &context.inputs.facts.but_version().loaded_modules else {
        return;
    };
    let table = context.inputs.table;
    for module in context.model.said_by(placed.id, Thing::LoadedModule) {
        let is_mpm = table
            .module_by_identifier(&module.name)
            .is_some_and(|it| table.module(it).mpm);
        // Of a second MPM is better spoken as of an MPM.
        let is_said_elsewhere = is_mpm && context.inputs.facts.but_version().mpm.is_some();
        if is_said_elsewhere || list.value.iter().any(|it| *it.identifier == *module.name) {
            continue;
        }
        let message = format!("this server's `httpd -M` does not list `{}`", module.name);
        let finding = report.at(placed.at(module.span), message);
        finding.label("not loaded when the server was asked");
        finding.note(format!("the list is at {}", list.origin));
    }
}
