use crate::diagnostic::{Edit, Level, Promise};
use crate::evaluate::Placed;
use crate::httpd::{Module, Table, is_one_slip};
use crate::model::{ModuleTest, Thing};
use crate::rule::{Check, Context, Report};

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
        check: Check::Directive(&["<IfModule"], check),
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
    let Some(meant) = meant(table, &test.name, context.modules.are_all_known()) else {
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
    let facts = context.inputs.facts;
    let mut listed = facts.loaded_modules.iter().flat_map(|it| &it.value);
    let mut compiled = facts.static_modules.iter().flat_map(|it| &it.value);
    context.model.has(Thing::LoadedModule, name)
        || listed.any(|it| it.identifier == name)
        || compiled.any(|it| it == name)
}

// The same module in the form that was tried: a source file, or an identifier. A source file of a
// module that is loaded and unknown may have any name.
fn meant(table: &Table, name: &str, all_known: bool) -> Option<String> {
    let name = name.to_ascii_lowercase();
    let is_file = name.ends_with(".c") || name.ends_with(".so");
    let stem = stem(&name);
    let form = |module: &Module| {
        let name = if is_file {
            &module.source
        } else {
            &module.identifier
        };
        name.to_string()
    };
    let mut modules = table.modules().map(|it| it.1);
    let has_stem = |it: &&Module| stems_of(it).contains(&stem);
    if let Some(module) = modules.find(has_stem) {
        return Some(form(module));
    }
    let is_like = |it: &&str| {
        let digits = |it: &str| it.bytes().filter(u8::is_ascii_digit).collect::<Vec<_>>();
        it.len() > 3
            && it.bytes().next() == stem.bytes().next()
            && digits(it) == digits(stem)
            && is_one_slip(it, stem)
    };
    let mut modules = table.modules().map(|it| it.1).filter(|_| all_known);
    let module = modules.find(|it| stems_of(it).iter().any(is_like));
    module.map(form)
}

fn stems_of(module: &Module) -> [&str; 2] {
    [stem(&module.identifier), stem(&module.source)]
}

// `rewrite` of `mod_rewrite.c`, `rewrite_module`, `mod_rewrite.so`, `rewrite_module.c`.
fn stem(name: &str) -> &str {
    let name = name
        .strip_suffix(".c")
        .or(name.strip_suffix(".so"))
        .unwrap_or(name);
    let name = name.strip_suffix("_module").unwrap_or(name);
    name.strip_prefix("mod_").unwrap_or(name)
}
