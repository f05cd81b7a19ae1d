use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::model::layers::{first_word, words_of};
use crate::model::old_access::OldAccess;
use crate::model::survey::Survey;
use crate::rule::{Check, Context, Report, Which};

const ADDRESSES: &[&str] = &["all", "ip", "host", "local", "forward-dns"];

crate::rule! {
    /// A section has `Require` for addresses, and `Order`, `Allow` or `Deny` as well.
    ///
    /// ## What httpd does
    ///
    /// It asks both: the directives of httpd 2.2 (mod_access_compat), and `Require`. Whoever one of them keeps
    /// out stays out, unless `Satisfy Any` is set, with which one of them is enough.
    ///
    /// ## Why it matters
    ///
    /// It is a migration from 2.2 that was left halfway. The old lines often still deny what the new ones
    /// grant: the answer is 403, and the new line looks right.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule access_compat_module modules/mod_access_compat.so
    /// LoadModule authz_host_module modules/mod_authz_host.so
    /// <Directory /srv/shop>
    ///     Order allow,deny
    ///     Deny from 10.0.0.1
    ///     Require all granted
    /// </Directory>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule authz_host_module modules/mod_authz_host.so
    /// <Directory /srv/shop>
    ///     <RequireAll>
    ///         Require all granted
    ///         Require not ip 10.0.0.1
    ///     </RequireAll>
    /// </Directory>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain that both are asked. Where the old lines let everybody in and the new line does so, too, nothing
    /// is said, nor with `Satisfy`, which is made for both.
    pub static RULE = {
        id: "mixed-access-control",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Survey(Which::Named(&["Order"]), check),
    }
}

fn check(_: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    for access in OldAccess::all(survey, |it| survey.everything_in(it)) {
        let only = |name: &str| access.only(survey, name);
        let is_meant = |it: &Placed<'_>| {
            let kind = first_word(it).unwrap_or_default();
            let is_nested = it.parent().is_none_or(|it| it.id != access.section.id);
            !is_nested && ADDRESSES.iter().any(|it| kind.eq_ignore_ascii_case(it))
        };
        let Some(require) = only("Require").into_iter().find(is_meant) else {
            continue;
        };
        let names_all =
            |it: &Placed<'_>| words_of(it).iter().any(|it| it.eq_ignore_ascii_case("all"));
        let is_open = only("Deny").is_empty() && only("Allow").iter().any(names_all);
        if !only("Satisfy").is_empty() || is_open {
            continue;
        }
        let message = "access is controlled twice here, and both have to let a client in";
        let finding = report.at(require.site(), message);
        for old in ["Order", "Allow", "Deny"].iter().flat_map(|it| only(it)) {
            finding.secondary(old.line().span(), "as in httpd 2.2");
        }
        finding.help("say all of it with `Require`");
    }
}
