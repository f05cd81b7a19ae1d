use crate::diagnostic::Level;
use crate::facts::Linkage;
use crate::model::Thing;
use crate::rule::{Check, Context, Need, Report};

crate::rule! {
    /// The server had a module when it was asked with `httpd -M` that nothing loads here.
    ///
    /// ## What httpd does
    ///
    /// The list of `httpd -M` marks with `(shared)` what a `LoadModule` of the server's
    /// configuration loaded. Where no line here loads it, the server reads another configuration.
    ///
    /// ## Why it matters
    ///
    /// Files are missing here that the server reads, or it was changed and not asked again. Every
    /// `<IfModule>` for such a module is decided the wrong way, and so is whatever stands in it.
    ///
    /// ## Wrong
    ///
    /// ```facts
    /// Loaded Modules:
    ///  core_module (static)
    ///  so_module (static)
    ///  http_module (static)
    ///  alias_module (shared)
    ///  authz_core_module (shared)
    ///  dir_module (shared)
    ///  mpm_event_module (shared)
    ///  ssl_module (shared)
    /// ```
    ///
    /// ```conf
    /// ServerTokens Prod
    /// ```
    ///
    /// ## Right
    ///
    /// ```facts
    /// Loaded Modules:
    ///  core_module (static)
    ///  so_module (static)
    ///  http_module (static)
    ///  alias_module (shared)
    ///  authz_core_module (shared)
    ///  dir_module (shared)
    ///  mpm_event_module (shared)
    /// ```
    ///
    /// ```conf
    /// ServerTokens Prod
    /// ```
    ///
    /// ## How sure
    ///
    /// As sure as the list is of this server. A `LoadModule` in an `<IfDefine>` is only seen with
    /// the `-D` that the server is started with. Of a part of a configuration nothing is said.
    pub static RULE = {
        id: "module-only-in-loaded-list",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[Need::LoadedModules],
        check: Check::Server(check),
    }
}

fn check(context: &Context<'_>, report: &mut Report) {
    let facts = context.inputs.facts;
    let Some(list) = context.loaded_list() else {
        return;
    };
    let is_mpm = |identifier: &str| {
        let table = context.inputs.table;
        let module = table.module_by_identifier(identifier);
        module.is_some_and(|it| table.module(it).mpm)
    };
    // Of another MPM is better spoken as of an MPM.
    let names_mpm = facts.mpm.is_some();
    let missing = list.value.iter().filter(|it| {
        it.linkage == Linkage::Shared
            && !context.model.has(Thing::LoadedModule, &it.identifier)
            && !(names_mpm && is_mpm(&it.identifier))
    });
    let names: Vec<String> = missing.map(|it| format!("`{}`", it.identifier)).collect();
    if names.is_empty() {
        return;
    }
    let message = format!(
        "nothing here loads {}, which this server's `httpd -M` lists",
        names.join(", ")
    );
    let finding = report.at(context.beginning(), message);
    finding.note(format!("the list is at {}", list.origin));
}
