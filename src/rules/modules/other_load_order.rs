use crate::diagnostic::Level;
use crate::rule::{Check, Context, Need, Report};

crate::rule! {
    /// Modules are loaded in another order here than in the list of `httpd -M`.
    ///
    /// ## What httpd does
    ///
    /// `httpd -M` lists the modules in the order in which they are loaded. Where two of them stand
    /// the other way round here, the server was asked with other files, or before they changed.
    ///
    /// ## Why it matters
    ///
    /// Where two modules answer the same request and neither says that it wants to be asked first,
    /// the one that is loaded later is asked first. And an order that differs is a sign that this
    /// is not the configuration that the server has.
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
    ///  env_module (shared)
    ///  headers_module (shared)
    /// ```
    ///
    /// ```conf
    /// LoadModule headers_module modules/mod_headers.so
    /// LoadModule env_module modules/mod_env.so
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule env_module modules/mod_env.so
    /// LoadModule headers_module modules/mod_headers.so
    /// ```
    ///
    /// ## How sure
    ///
    /// As sure as the list is of this server. Only the first module out of order is named.
    pub static RULE = {
        id: "other-load-order",
        level: Level::Note,
        since: "0.1.0",
        needs: &[Need::LoadedModules],
        check: Check::Server(check),
    }
}

fn check(context: &Context<'_>, report: &mut Report) {
    let Some(list) = context.loaded_list() else {
        return;
    };
    let config = context.config;
    let loads = list.value.iter();
    let loads = loads.filter_map(|it| context.model.loaded_by(config, &it.identifier));
    let loads: Vec<_> = loads.collect();
    for pair in loads.windows(2) {
        let &[earlier, later] = pair else { continue };
        if config.reads_before(earlier.place, later.place) {
            continue;
        }
        let message = format!(
            "`{}` is loaded before `{}`, and this server's `httpd -M` lists it behind",
            later.name, earlier.name
        );
        let placed = config.placed(later.place);
        let finding = report.at(placed.at(later.span), message);
        finding.secondary(earlier.span, "loaded only here");
        finding.note(format!("the list is at {}", list.origin));
        return;
    }
}
