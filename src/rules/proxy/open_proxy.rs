use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::model::layers::is_on;
use crate::model::reach::grants_everybody;
use crate::model::survey::Survey;
use crate::rule::{Check, Context, Report, Which};

const SECTIONS: &[&str] = &[
    "<Proxy",
    "<ProxyMatch",
    "<Location",
    "<LocationMatch",
    "<If",
];

crate::rule! {
    /// Everybody may use this server to ask others.
    ///
    /// ## What httpd does
    ///
    /// `ProxyRequests On` makes it a forward proxy: it asks any server that a client names. Access to files,
    /// in `<Directory>`, does not count for that; only `<Proxy>`, `<Location>` and `<If>` do.
    ///
    /// ## Why it matters
    ///
    /// Others send spam and attacks through it, and reach servers that only this machine can reach.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule proxy_module modules/mod_proxy.so
    /// LoadModule proxy_http_module modules/mod_proxy_http.so
    /// ProxyRequests On
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule authz_host_module modules/mod_authz_host.so
    /// LoadModule proxy_module modules/mod_proxy.so
    /// LoadModule proxy_http_module modules/mod_proxy_http.so
    /// ProxyRequests On
    /// <Proxy *>
    ///     Require ip 10.0.0.0/8
    /// </Proxy>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain, where the rest of the server is known: no such section limits access. A reverse proxy
    /// (`ProxyPass`) does not need `ProxyRequests`.
    pub static RULE = {
        id: "open-proxy",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Survey(Which::Named(&["ProxyRequests"]), check),
    }
}

fn check(context: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    let mut switches = survey.lines("ProxyRequests").filter(is_on).peekable();
    if !context.is_whole() || switches.peek().is_none() {
        return;
    }
    let limits = |it: &Placed<'_>| {
        ["Require", "Deny", "Order", "AllowMethods"].contains(&survey.name(it))
            && !grants_everybody(it)
    };
    let sections = survey.possible(SECTIONS);
    if sections
        .iter()
        .any(|it| survey.everything_in(it).iter().any(limits))
    {
        return;
    }
    for switch in switches {
        let finding = report.at(switch.site(), "everybody may use this server to ask others");
        finding.help("remove it, or limit access in `<Proxy *>`");
    }
}
