use rustc_hash::FxHashSet;

use crate::diagnostic::Level;
use crate::model::layers::first_word;
use crate::model::survey::Survey;
use crate::rule::{Check, Concern, Context, Report, Which};

crate::rule! {
    /// A variable is defined, and nothing uses it.
    ///
    /// ## What httpd does
    ///
    /// `Define` gives a name a value, which stands wherever `${name}` is written, and makes `<IfDefine name>` true.
    ///
    /// ## Why it matters
    ///
    /// Somebody changes the value, and wonders why nothing else changes.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// Define files /srv/shop
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// Define files /srv/shop
    /// Alias /files ${files}
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain for the configuration, where it is known as a whole: neither `${name}` nor `<IfDefine name>` stands anywhere in it,
    /// not even where it is passed over.
    pub static RULE = {
        id: "unused-variable",
        level: Level::Note,
        since: "0.1.0",
        needs: &[],
        concern: Concern::Clarity,
        check: Check::Survey(Which::Named(&["Define"]), check),
    }
}

fn check(context: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    if !context.is_whole() {
        return;
    }
    let mut used: FxHashSet<&str> = FxHashSet::default();
    for id in context.config.living() {
        let text = context.config.occurrence(id).unit.source.text();
        let values = text.split("${").skip(1);
        used.extend(values.filter_map(|it| it.split(['}', ':']).next()));
        let tests = text
            .match_indices("<If")
            .filter_map(|it| text[it.0..].split('>').next());
        used.extend(tests.flat_map(|it| it.split(|it: char| !is_of_name(it))));
    }
    for line in survey.lines("Define") {
        let name = first_word(&line).unwrap_or_default();
        if !name.is_empty() && !used.contains(&*name) {
            report.at(line.site(), format!("nothing uses `{name}`"));
        }
    }
}

fn is_of_name(character: char) -> bool {
    character.is_alphanumeric() || "_-.".contains(character)
}
