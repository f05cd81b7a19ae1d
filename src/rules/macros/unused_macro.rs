use rustc_hash::FxHashSet;

use crate::diagnostic::Level;
use crate::evaluate::PlacedId;
use crate::model::layers::first_word;
use crate::model::survey::Survey;
use crate::rule::{Check, Concern, Context, Report, Which};

crate::rule! {
    /// A macro is used nowhere.
    ///
    /// ## What httpd does
    ///
    /// It keeps the lines of the macro, and reads them only where `Use` asks for it.
    ///
    /// ## Why it matters
    ///
    /// Nobody sees the mistakes in it before it is used.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule macro_module modules/mod_macro.so
    /// <Macro shop $host>
    ///     Alias /$host /srv/$host
    /// </Macro>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule macro_module modules/mod_macro.so
    /// <Macro shop $host>
    ///     Alias /$host /srv/$host
    /// </Macro>
    /// Use shop books
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain, where the rest of the server is known.
    pub static RULE = {
        id: "unused-macro",
        level: Level::Note,
        since: "0.1.0",
        needs: &[],
        concern: Concern::Clarity,
        check: Check::Survey(Which::Named(&["<Macro"]), check),
    }
}

fn check(context: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    if !context.is_whole() {
        return;
    }
    let config = context.config;
    let uses = survey.possible(&["Use"]);
    let used: FxHashSet<String> = uses
        .iter()
        .filter_map(|it| Some(first_word(it)?.to_lowercase()))
        .collect();
    for id in config.living() {
        let unit = &config.occurrence(id).unit;
        for (node, defined) in &unit.macros {
            let placed = config.placed(PlacedId {
                occurrence: id,
                node: *node,
            });
            let is_used = used.contains(&defined.name.to_lowercase());
            if !is_used && !placed.node.uncertain {
                let message = format!("nothing uses the macro `{}`", defined.name);
                report.at(placed.at(defined.span), message);
            }
        }
    }
}
