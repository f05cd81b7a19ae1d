use rustc_hash::FxHashSet;

use crate::diagnostic::{Edit, Level, Promise};
use crate::evaluate::Placed;
use crate::model::layers::words_of;
use crate::model::survey::Survey;
use crate::rule::{Check, Context, Report, Which};
use crate::source::Span;

crate::rule! {
    /// `Allow` stands in a section without `Order` and without `Deny`, and lets everybody in.
    ///
    /// ## What httpd does
    ///
    /// Without `Order` it asks the `Deny` lines first and lets in whom none of them names. A section with any of
    /// these directives starts anew: what the section around it denies does not count.
    ///
    /// ## Why it matters
    ///
    /// `Allow from 10.0.0.0/8` reads as if it kept everybody else out. It keeps nobody out.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule access_compat_module modules/mod_access_compat.so
    /// LoadModule authz_host_module modules/mod_authz_host.so
    /// <Directory /srv/shop/admin>
    ///     Allow from 10.0.0.0/8
    /// </Directory>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule access_compat_module modules/mod_access_compat.so
    /// LoadModule authz_host_module modules/mod_authz_host.so
    /// <Directory /srv/shop/admin>
    ///     Order allow,deny
    ///     Allow from 10.0.0.0/8
    /// </Directory>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain. `Allow from all` says what happens, and is not looked at.
    pub static RULE = {
        id: "allow-without-order",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        fix: Promise::Unsafe,
        check: Check::Survey(Which::Named(&["Allow"]), check),
    }
}

fn check(_: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    let mut seen = FxHashSet::default();
    for allow in survey.lines("Allow") {
        let Some(section) = allow.parent().filter(|it| seen.insert(it.id)) else {
            continue;
        };
        let lines = survey.everything_in(&section);
        let has = |name: &str| !survey.only(&lines, name).is_empty();
        let names: Vec<String> = words_of(&allow).into_iter().skip(1).collect();
        let is_all = |it: &Placed<'_>| words_of(it).iter().any(|it| it.eq_ignore_ascii_case("all"));
        let is_limit = survey.name(&section).starts_with("<Limit");
        let has_all = survey.only(&lines, "Allow").iter().any(is_all);
        if names.is_empty() || is_limit || has("Order") || has("Deny") || has("Satisfy") || has_all
        {
            continue;
        }
        let message = "without `Order`, everybody is let in who is not denied";
        let finding = report.at(allow.site(), message);
        finding.label("this keeps nobody out");
        if allow.is_verbatim() {
            let line = allow.physical_line();
            let text = allow.occurrence.unit.source.text();
            let text = &text[line.range()];
            let indent = &text[..text.len() - text.trim_start().len()];
            let start = line.start as usize;
            let edit = Edit {
                span: Span::new(line.file, start..start),
                text: format!("{indent}Order allow,deny\n"),
            };
            finding.fix(Promise::Unsafe, "write `Order allow,deny`", vec![edit]);
        }
    }
}
