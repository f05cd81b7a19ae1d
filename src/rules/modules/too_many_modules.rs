use crate::diagnostic::{HttpdMessage, Level, Step};
use crate::model::{Mention, Thing};
use crate::rule::{Check, Context, Report};

crate::rule! {
    /// More modules are loaded than this httpd was built for.
    ///
    /// ## What httpd does
    ///
    /// It has room for `DYNAMIC_MODULE_LIMIT` modules besides those that are compiled in, and
    /// refuses the first one that is too many: `Module "mod_x.c" could not be loaded, because the
    /// dynamic module limit was reached.` The limit is 256 if nobody chose another one.
    ///
    /// ## Why it matters
    ///
    /// httpd does not start.
    ///
    /// ## Wrong
    ///
    /// ```facts
    ///  -D DYNAMIC_MODULE_LIMIT=4
    /// ```
    ///
    /// ```conf
    /// LoadModule env_module modules/mod_env.so
    /// ```
    ///
    /// ## Right
    ///
    /// ```facts
    ///  -D DYNAMIC_MODULE_LIMIT=5
    /// ```
    ///
    /// ```conf
    /// LoadModule env_module modules/mod_env.so
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain where the limit is known from `httpd -V`: only lines count that certainly load a
    /// module, and a module that is loaded a second time is skipped.
    pub static RULE = {
        id: "too-many-modules",
        level: Level::Error,
        since: "0.1.0",
        needs: &[],
        check: Check::Server(check),
    }
}

fn check(context: &Context<'_>, report: &mut Report) {
    let Some(limit) = context.inputs.facts.dynamic_module_limit() else {
        return;
    };
    let Ok(room) = usize::try_from(limit.value) else {
        return;
    };
    let (config, model) = (context.config, context.model);
    // There cannot be too many where there are few names.
    if model.names(Thing::LoadedModule).nth(room).is_none() {
        return;
    }
    let names = model.names(Thing::LoadedModule);
    let mut loads: Vec<&Mention> = names.filter_map(|it| model.loaded_by(config, it)).collect();
    loads.retain(|it| !config.is_htaccess(it.place.occurrence));
    loads.sort_by_cached_key(|it| config.reading_order(it.place));
    let Some(first) = loads.get(room) else { return };
    let table = context.inputs.table;
    let source = match table.module_by_identifier(&first.name) {
        Some(module) => table.module(module).source.to_string(),
        None => format!("mod_{}.c", first.name.trim_end_matches("_module")),
    };
    let placed = config.placed(first.place);
    let unit = &placed.occurrence.unit;
    let message = format!("this httpd was built for no more than {room} modules");
    let finding = report.at(placed.at(first.span), message);
    finding.httpd = Some(HttpdMessage {
        step: Step::Read,
        message: format!(
            "Module \"{source}\" could not be loaded, because the dynamic module limit was \
             reached. Please increase DYNAMIC_MODULE_LIMIT and recompile."
        ),
        file: Some(unit.file_name(placed.node).to_owned()),
        line: Some(unit.number(placed.node)),
    });
    finding.note(format!("`DYNAMIC_MODULE_LIMIT` is at {}", limit.origin));
}
