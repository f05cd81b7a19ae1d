use crate::argument::section::Section;
use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::model::scope::About;
use crate::rule::{Check, Context, Report, Which};

crate::rule! {
    /// The name of a `<Files>` has a slash in it.
    ///
    /// ## What httpd does
    ///
    /// It compares the name with the last part of the path of a file, in which there is no slash.
    ///
    /// ## Why it matters
    ///
    /// The section applies to no file: what it protects is open.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// <Files admin/config.php>
    ///     Require all denied
    /// </Files>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// <Directory /srv/shop/admin>
    ///     <Files config.php>
    ///         Require all denied
    ///     </Files>
    /// </Directory>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain. Patterns (`<FilesMatch>`, `<Files ~>`) are not looked at.
    pub static RULE = {
        id: "path-in-files-section",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Directive(Which::Named(&["<Files"]), check),
    }
}

fn check(context: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let About::Files(name) = About::of(placed, context.inputs.table) else {
        return;
    };
    let line = placed.line();
    if !name.contains('/') || name.contains("${") {
        return;
    }
    let section = Section::parse(line.arguments());
    let Some(word) = section.words().into_iter().next() else {
        return;
    };
    let message = format!("no file has the name `{name}`");
    let finding = report.at(placed.at(line.argument_span(word.range)), message);
    finding.label("the last part of a path has no slash");
}
