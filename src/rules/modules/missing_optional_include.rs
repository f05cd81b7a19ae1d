use crate::diagnostic::Level;
use crate::evaluate::{Placed, fnmatch, paths};
use crate::rule::{Check, Concern, Context, Report, Which};
use crate::world::Kind;

crate::rule! {
    /// `IncludeOptional` names one file, which is not there.
    ///
    /// ## What httpd does
    ///
    /// It passes over a file that is missing, and says nothing. That is meant for patterns that may fit no file.
    ///
    /// ## Why it matters
    ///
    /// A misspelt name looks like one that is read.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// IncludeOptional conf.d/shop.conf
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// IncludeOptional conf.d/*.conf
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain, where the disk of the server can be seen. Some files come and go.
    pub static RULE = {
        id: "missing-optional-include",
        level: Level::Note,
        since: "0.1.0",
        needs: &[],
        concern: Concern::Clarity,
        check: Check::Directive(Which::Named(&["IncludeOptional"]), check),
    }
}

fn check(context: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let line = placed.line();
    let words = line.words();
    let Some((word, root)) = words.first().zip(context.modules.server_root()) else {
        return;
    };
    let path = paths::resolve(root, &word.text);
    let is_missing = || {
        matches!(
            context.inputs.world.resource(&path),
            Kind::Missing | Kind::NotADirectory
        )
    };
    if !fnmatch::is_pattern(&word.text) && is_missing() {
        report.at(
            placed.at(line.word_span(word)),
            format!("`{path}` is not there"),
        );
    }
}
