use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::httpd::Checks;
use crate::rule::{Check, Context, Report, Which};

crate::rule! {
    /// `AllowOverride` stands in a section that is not about folders.
    ///
    /// ## What httpd does
    ///
    /// It looks for `.htaccess` files before it knows which `<Location>`, `<Files>` or `<If>`
    /// applies, so the directive has no effect there. It warns: `AH00114: Useless use of
    /// AllowOverride`, and `AH00115` for `AllowOverrideList`.
    ///
    /// ## Why it matters
    ///
    /// `AllowOverride None` in a `<Location>` does not keep `.htaccess` files from being read.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// <Location /upload>
    ///     AllowOverride None
    ///     AllowOverrideList Redirect
    /// </Location>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// <Directory /srv/shop/upload>
    ///     AllowOverride None
    ///     AllowOverrideList Redirect
    /// </Directory>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain.
    pub static RULE = {
        id: "useless-allow-override",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Directive(Which::Named(&["AllowOverride", "AllowOverrideList"]), check),
    }
}

fn check(context: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let surroundings = crate::configtest::Context::of(placed, context.inputs.table);
    let useless = Checks::LOCATION | Checks::FILES;
    let line = placed.line();
    if !surroundings.certain || !surroundings.within.intersects(useless) {
        return;
    }
    let message = format!("`{}` has no effect in this section", line.name());
    let finding = report.at(placed.at(line.name_span()), message);
    if let Some(section) = placed.parent() {
        finding.secondary(section.line().span(), "not about a folder");
    }
    finding.help("move it into a `<Directory>`");
}
