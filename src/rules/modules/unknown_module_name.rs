use crate::diagnostic::{Edit, Level, Promise};
use crate::evaluate::Placed;
use crate::model::{ModuleTest, Thing};
use crate::rule::{Check, Context, Report, Which};

crate::rule! {
    /// An `<IfModule>` asks for a name that no module has, although one has a name like it.
    ///
    /// ## What httpd does
    ///
    /// It compares the name with the modules' identifiers (`ssl_module`) and with the names of
    /// their source files (`mod_ssl.c`), letter by letter. A module has no other name: `ssl`,
    /// `mod_ssl`, `mod_ssl.so` and `MOD_SSL.C` are never true.
    ///
    /// ## Why it matters
    ///
    /// Everything in the section is dead, without a word from `httpd -t`. With `!` before the
    /// name the section is always alive.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// <IfModule mod_rewrit.c>
    ///     RewriteEngine On
    /// </IfModule>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// <IfModule mod_rewrite.c>
    ///     RewriteEngine On
    /// </IfModule>
    /// ```
    ///
    /// ## How sure
    ///
    /// The name belongs to no module that is known, loaded or listed by the server, and is a known
    /// one in a form that httpd does not know, or a single slip away from it. Names that are like
    /// none are left alone: there are more modules than anybody can list.
    pub static RULE = {
        id: "unknown-module-name",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        fix: Promise::Unsafe,
        check: Check::Directive(Which::Named(&["<IfModule"]), check),
    }
}

fn check(context: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let Some(test) = ModuleTest::of(&placed.line()) else {
        return;
    };
    let table = context.inputs.table;
    if test.module(table).is_some()
        || table.removed(&test.name).is_some()
        || is_of_this_server(context, &test.name)
    {
        return;
    }
    let Some(meant) = test.similar(table, context.modules.are_all_known()) else {
        return;
    };
    let message = format!("no module is called `{}`", test.name);
    let finding = report.at(placed.at(test.span), message);
    finding.label(if test.negated {
        "so the section always counts"
    } else {
        "so the section never counts"
    });
    let edits = if placed.occurrence.unit.used(placed.node).is_none() {
        vec![Edit {
            span: test.span,
            text: meant.clone(),
        }]
    } else {
        Vec::new()
    };
    finding.fix(Promise::Unsafe, format!("write `{meant}`"), edits);
}

fn is_of_this_server(context: &Context<'_>, name: &str) -> bool {
    let facts = context.inputs.facts.but_version();
    let mut listed = facts.loaded_modules.iter().flat_map(|it| &it.value);
    let mut compiled = facts.static_modules.iter().flat_map(|it| &it.value);
    context.model.has(Thing::LoadedModule, name)
        || listed.any(|it| it.identifier == name)
        || compiled.any(|it| it == name)
}
