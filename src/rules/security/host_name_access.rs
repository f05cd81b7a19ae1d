use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::model::layers::words_of;
use crate::rule::{Check, Concern, Context, Report, Which};

crate::rule! {
    /// Access is granted by the name of a host.
    ///
    /// ## What httpd does
    ///
    /// For every request it asks a name server for the name of the client's address, and then for the address of
    /// that name.
    ///
    /// ## Why it matters
    ///
    /// Each request waits for two answers, and whoever holds the name server of the names decides who is let in.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule authz_host_module modules/mod_authz_host.so
    /// <Directory /srv/shop/admin>
    ///     Require host shop.example
    /// </Directory>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule authz_host_module modules/mod_authz_host.so
    /// <Directory /srv/shop/admin>
    ///     Require ip 192.0.2.0/24
    /// </Directory>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain.
    pub static RULE = {
        id: "host-name-access",
        level: Level::Note,
        since: "0.1.0",
        needs: &[],
        concern: Concern::Security,
        check: Check::Directive(Which::Named(&["Require"]), check),
    }
}

fn check(_: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let words = words_of(placed);
    let mut words = words.iter().filter(|it| !it.eq_ignore_ascii_case("not"));
    let is_host = words
        .next()
        .is_some_and(|it| it.eq_ignore_ascii_case("host"));
    if is_host && words.next().is_some() {
        report.at(placed.site(), "name servers decide who is let in");
    }
}
