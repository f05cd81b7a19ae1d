use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::model::layers::words_of;
use crate::rule::{Check, Concern, Context, Report, Which};

crate::rule! {
    /// `AllowOverride All` lets `.htaccess` files change everything that they can.
    ///
    /// ## What httpd does
    ///
    /// In every directory on the way to a file it looks for a `.htaccess` file, and does what stands in it:
    /// handlers for programs, access control, and all else.
    ///
    /// ## Why it matters
    ///
    /// A program that can write one file below the directory can switch off its protection, and run programs.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// <Directory /srv/shop>
    ///     AllowOverride All
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
    /// Certain. Where the files are needed, name what they may say: `AllowOverride AuthConfig`. CIS 4.4.
    pub static RULE = {
        id: "allowed-overrides",
        level: Level::Note,
        since: "0.1.0",
        needs: &[],
        concern: Concern::Security,
        check: Check::Directive(Which::Named(&["AllowOverride"]), check),
    }
}

fn check(_: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let is_all = words_of(placed)
        .iter()
        .any(|it| it.eq_ignore_ascii_case("all"));
    if is_all {
        let message = "`.htaccess` files may change everything";
        let finding = report.at(placed.site(), message);
        finding.note("CIS Apache HTTP Server 2.4 Benchmark 4.4");
    }
}
