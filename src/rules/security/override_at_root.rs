use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::model::layers::words_of;
use crate::model::scope::About;
use crate::rule::{Check, Concern, Context, Report, Which};

crate::rule! {
    /// `.htaccess` files count in the whole file system.
    ///
    /// ## What httpd does
    ///
    /// `AllowOverride` for `/` counts in every folder below, unless another section says otherwise.
    ///
    /// ## Why it matters
    ///
    /// Whoever can write a file anywhere changes what httpd does there; and httpd looks for the file in every folder of every
    /// path.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// <Directory />
    ///     AllowOverride FileInfo
    /// </Directory>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// <Directory />
    ///     AllowOverride None
    /// </Directory>
    /// <Directory /srv/shop>
    ///     AllowOverride FileInfo
    /// </Directory>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain. CIS 4.3.
    pub static RULE = {
        id: "override-at-root",
        level: Level::Note,
        since: "0.1.0",
        needs: &[],
        concern: Concern::Security,
        check: Check::Directive(Which::Named(&["AllowOverride"]), check),
    }
}

fn check(context: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let is_root =
        |it: Placed<'_>| About::of(&it, context.inputs.table) == About::Directory("/".to_owned());
    let words = words_of(placed);
    let is_none = words.iter().all(|it| it.eq_ignore_ascii_case("none"));
    // `All` is told elsewhere.
    let is_all = words.iter().any(|it| it.eq_ignore_ascii_case("all"));
    if !is_none && !is_all && placed.sections().any(is_root) {
        let finding = report.at(
            placed.site(),
            "`.htaccess` files count in the whole file system",
        );
        finding.note("CIS Apache HTTP Server 2.4 Benchmark 4.3");
    }
}
