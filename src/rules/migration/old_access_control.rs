use crate::diagnostic::{Edit, Level, Promise};
use crate::evaluate::Placed;
use crate::model::layers::{first_word, words_of};
use crate::model::survey::Survey;
use crate::rule::{Check, Concern, Context, Report, Which};

crate::rule! {
    /// Access is controlled as in httpd 2.2.
    ///
    /// ## What httpd does
    ///
    /// `Order`, `Allow` and `Deny` are the directives of mod_access_compat, which httpd 2.4 has for old
    /// configurations. They are asked beside `Require`, and are inherited in another way.
    ///
    /// ## Why it matters
    ///
    /// Two systems at once are hard to read: a section with any of the old directives forgets all old ones of
    /// the section around it, and keeps the new ones.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule access_compat_module modules/mod_access_compat.so
    /// LoadModule authz_host_module modules/mod_authz_host.so
    /// <Directory /srv/shop>
    ///     Order allow,deny
    ///     Allow from all
    /// </Directory>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// <Directory /srv/shop>
    ///     Require all granted
    /// </Directory>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain. A fix is offered where the section has nothing else that controls access and says one thing
    /// with its lines: everybody, nobody, or some addresses. In a server where other sections have the old
    /// directives, all have to be rewritten together.
    pub static RULE = {
        id: "old-access-control",
        level: Level::Note,
        since: "0.1.0",
        needs: &[],
        concern: Concern::Migration,
        fix: Promise::Unsafe,
        check: Check::Survey(Which::Named(&["Order"]), check),
    }
}

fn check(_: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    for order in survey.lines("Order") {
        let lines = order
            .parent()
            .map(|it| survey.everything_in(&it))
            .unwrap_or_default();
        let only = |name: &str| survey.only(&lines, name);
        let (allow, deny) = (only("Allow"), only("Deny"));
        let finding = report.at(order.site(), "access is controlled as in httpd 2.2");
        for line in allow.iter().chain(&deny) {
            finding.secondary(line.line().span(), "with this");
        }
        let others = ["Require", "Satisfy", "AuthType", "<Limit", "<LimitExcept"];
        let is_alone = others.iter().all(|it| only(it).is_empty()) && only("Order").len() == 1;
        let all = || std::iter::once(&order).chain(&allow).chain(&deny);
        let is_editable = all().all(|it| {
            it.is_verbatim()
                && !it.node.uncertain
                && it.parent().map(|it| it.id) == order.parent().map(|it| it.id)
        });
        let Some(require) = equivalent(&order, &allow, &deny).filter(|_| is_alone && is_editable)
        else {
            continue;
        };
        let title = format!("write `{require}`");
        let others = all().skip(1).map(|it| Edit {
            span: it.physical_line(),
            text: String::new(),
        });
        let first = Edit {
            span: order.line().span(),
            text: require,
        };
        finding.fix(
            Promise::Unsafe,
            title,
            std::iter::once(first).chain(others).collect(),
        );
    }
}

// What lets the same clients in with one `Require`.
fn equivalent(order: &Placed<'_>, allow: &[Placed<'_>], deny: &[Placed<'_>]) -> Option<String> {
    let names = |lines: &[Placed<'_>]| -> Vec<String> {
        let names = lines.iter().flat_map(|it| words_of(it).into_iter().skip(1));
        names.collect()
    };
    let (allowed, denied) = (names(allow), names(deny));
    let is_all = |names: &[String]| names.iter().any(|it| it.eq_ignore_ascii_case("all"));
    let is_address = |it: &String| {
        it.bytes()
            .all(|it| it.is_ascii_hexdigit() || b".:/".contains(&it))
            && it.contains(['.', ':'])
    };
    let are_addresses = !allowed.is_empty() && allowed.iter().all(is_address);
    let is_allow_last = match first_word(order)?.to_ascii_lowercase().as_str() {
        "deny,allow" => true,
        "allow,deny" => false,
        _ => return None,
    };
    match (is_allow_last, allowed.is_empty(), denied.is_empty()) {
        (true, true, false) if is_all(&denied) => Some("Require all denied".to_owned()),
        (true, _, true) => Some("Require all granted".to_owned()),
        (true, false, false) if is_all(&allowed) => Some("Require all granted".to_owned()),
        (true, false, false) if is_all(&denied) && are_addresses => {
            Some(format!("Require ip {}", allowed.join(" ")))
        }
        (false, true, _) => Some("Require all denied".to_owned()),
        (false, false, false) if is_all(&denied) => Some("Require all denied".to_owned()),
        (false, false, true) if is_all(&allowed) => Some("Require all granted".to_owned()),
        (false, false, true) if are_addresses => Some(format!("Require ip {}", allowed.join(" "))),
        _ => None,
    }
}
