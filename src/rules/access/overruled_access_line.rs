use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::model::layers::{first_word, words_of};
use crate::model::old_access::OldAccess;
use crate::model::survey::Survey;
use crate::rule::{Check, Context, Report, Which};

crate::rule! {
    /// A line of `Allow` or `Deny` is overruled by the one that is asked last.
    ///
    /// ## What httpd does
    ///
    /// With `Order allow,deny`, whoever a `Deny` names stays out, also if an `Allow` names him: `Deny from all`
    /// keeps everybody out. With `Order deny,allow`, whoever an `Allow` names comes in: `Allow from all` lets
    /// everybody in.
    ///
    /// ## Why it matters
    ///
    /// The other lines decide nothing: nobody comes in, or everybody does.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule access_compat_module modules/mod_access_compat.so
    /// LoadModule authz_host_module modules/mod_authz_host.so
    /// <Directory /srv/shop/admin>
    ///     Order allow,deny
    ///     Deny from all
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
    ///     Order deny,allow
    ///     Deny from all
    ///     Allow from 10.0.0.0/8
    /// </Directory>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain: the lines stand in one section, for all methods. Lines of the same kind that say `all` twice are
    /// not looked at.
    pub static RULE = {
        id: "overruled-access-line",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Survey(Which::Named(&["Order"]), check),
    }
}

fn check(_: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    for access in OldAccess::all(survey, |it| survey.directives_in(it)) {
        let order = access.order;
        let word = first_word(&order).unwrap_or_default().to_ascii_lowercase();
        let (last, first) = match word.as_str() {
            "allow,deny" => ("Deny", "Allow"),
            "deny,allow" => ("Allow", "Deny"),
            _ => continue,
        };
        let names_all = |it: &&Placed<'_>| {
            let words = words_of(it);
            words
                .iter()
                .skip(1)
                .any(|it| it.eq_ignore_ascii_case("all"))
        };
        let (last, first) = (access.only(survey, last), access.only(survey, first));
        let Some(deciding) = last.iter().find(names_all) else {
            continue;
        };
        // `Allow from all` beside `Deny from all` is a switch, and somebody set it.
        let overruled: Vec<_> = first.iter().filter(|it| !names_all(it)).collect();
        if overruled.is_empty() {
            continue;
        }
        let (who, what) = match word.as_str() {
            "allow,deny" => ("nobody is let in", "asked last, it keeps everybody out"),
            _ => ("everybody is let in", "asked last, it lets everybody in"),
        };
        let finding = report.at(deciding.site(), format!("{who}, whatever else is said"));
        finding.label(what);
        finding.secondary(order.line().span(), "what is named last is asked last");
        for line in overruled {
            finding.secondary(line.line().span(), "this decides nothing");
        }
    }
}
