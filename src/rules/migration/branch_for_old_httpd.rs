use crate::diagnostic::Level;
use crate::evaluate::{NodeKind, Placed, Truth};
use crate::rule::{Check, Concern, Context, Report, Which};

crate::rule! {
    /// A section is for httpd 2.2, which is not the one that reads it.
    ///
    /// ## What httpd does
    ///
    /// `<IfVersion < 2.4>` and `<IfModule !mod_authz_core.c>` are true in httpd 2.2 alone. httpd 2.4 passes over what stands in
    /// them.
    ///
    /// ## Why it matters
    ///
    /// Two branches say the same in two languages, and only one of them is kept up.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// <IfVersion < 2.4>
    ///     ServerSignature Off
    /// </IfVersion>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// ServerSignature Off
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain for httpd 2.4. A file that is shared with servers of 2.2 needs it.
    pub static RULE = {
        id: "branch-for-old-httpd",
        level: Level::Note,
        since: "0.1.0",
        needs: &[],
        concern: Concern::Migration,
        check: Check::Directive(Which::Named(&["<IfVersion", "<IfModule"]), check),
    }
}

fn check(_: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let line = placed.line();
    let text = line
        .arguments()
        .trim_end_matches('>')
        .trim()
        .to_ascii_lowercase();
    let old = match line.name().to_ascii_lowercase().ends_with("ifmodule") {
        true => ["!mod_authz_core.c", "!authz_core_module"].contains(&&*text),
        false => {
            let version = text.strip_prefix("<").map(str::trim_start);
            let is_old = |it: &str| {
                it == "2.4" || it == "2.4.0" || it.starts_with("2.3") || it.starts_with("2.2")
            };
            version.is_some_and(|it| !it.starts_with('=') && is_old(it))
        }
    };
    if old && placed.node.kind != NodeKind::Conditional(Truth::True) {
        let finding = report.at(placed.site(), "only httpd 2.2 reads what stands in here");
        finding.help("remove the section");
    }
}
