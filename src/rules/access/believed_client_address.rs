use rustc_hash::FxHashSet;

use crate::diagnostic::Level;
use crate::model::servers::ServerId;
use crate::model::survey::Survey;
use crate::rule::{Check, Context, Report, Which};

const PROXIES: &[&str] = &[
    "RemoteIPInternalProxy",
    "RemoteIPInternalProxyList",
    "RemoteIPTrustedProxy",
    "RemoteIPTrustedProxyList",
];

crate::rule! {
    /// `RemoteIPHeader` is set, and no proxy is named that may send it.
    ///
    /// ## What httpd does
    ///
    /// It takes the client's address from that header, whoever sends it.
    ///
    /// ## Why it matters
    ///
    /// Everybody writes the address that he wants to have: `Require ip` lets him in, and the log names somebody
    /// else.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule remoteip_module modules/mod_remoteip.so
    /// RemoteIPHeader X-Forwarded-For
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule remoteip_module modules/mod_remoteip.so
    /// RemoteIPHeader X-Forwarded-For
    /// RemoteIPInternalProxy 10.0.0.1
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain, where the rest of the server is known, unless a firewall lets only the proxy in.
    pub static RULE = {
        id: "believed-client-address",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Survey(Which::Named(&["RemoteIPHeader"]), check),
    }
}

fn check(context: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    if !context.is_whole() {
        return;
    }
    let named = survey.possible(PROXIES).into_iter();
    let named: FxHashSet<ServerId> = named.map(|it| survey.server_of(&it)).collect();
    for header in survey.lines("RemoteIPHeader") {
        let server = survey.server_of(&header);
        // The proxies of a virtual host count beside the header of the main server.
        let is_limited = match server {
            ServerId::MAIN => !named.is_empty(),
            server => named.contains(&server) || named.contains(&ServerId::MAIN),
        };
        if !is_limited {
            let finding = report.at(header.site(), "everybody may say which address he has");
            finding.label("believed of every client");
            finding.help("name the proxy with `RemoteIPInternalProxy` or `RemoteIPTrustedProxy`");
        }
    }
}
