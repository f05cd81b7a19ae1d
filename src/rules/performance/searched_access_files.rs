use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::model::layers::words_of;
use crate::rule::{Check, Concern, Context, Report, Which};

crate::rule! {
    /// In every directory on the way to a file, a `.htaccess` file is looked for.
    ///
    /// ## What httpd does
    ///
    /// Unless `AllowOverride None` holds, it looks for the file in each directory of a path, for each request
    /// again, and reads it again.
    ///
    /// ## Why it matters
    ///
    /// What stands in a `.htaccess` file costs nothing in a `<Directory>` of the server.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// <Directory /srv/shop>
    ///     AllowOverride AuthConfig
    /// </Directory>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// <Directory /srv/shop>
    ///     AllowOverride None
    /// </Directory>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain. Applications that write such files need it.
    pub static RULE = {
        id: "searched-access-files",
        level: Level::Note,
        since: "0.1.0",
        needs: &[],
        concern: Concern::Performance,
        check: Check::Directive(Which::Named(&["AllowOverride"]), check),
    }
}

fn check(_: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let words = words_of(placed);
    let is_none = words.iter().any(|it| it.eq_ignore_ascii_case("none"));
    if !is_none && !words.is_empty() {
        report.at(placed.site(), "each request looks for `.htaccess` files");
    }
}
