use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::model::survey::Survey;
use crate::rule::{Check, Context, Report, Which};

crate::rule! {
    /// A balancer has members, and no module to choose among them.
    ///
    /// ## What httpd does
    ///
    /// `httpd -t` is content. The start ends with `Cannot find LB Method: byrequests` (AH02432).
    ///
    /// ## Why it matters
    ///
    /// The server does not start, after a test that said that it would.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule proxy_module modules/mod_proxy.so
    /// LoadModule proxy_http_module modules/mod_proxy_http.so
    /// LoadModule slotmem_shm_module modules/mod_slotmem_shm.so
    /// LoadModule proxy_balancer_module modules/mod_proxy_balancer.so
    /// ProxyPass /shop balancer://shop/
    /// <Proxy balancer://shop>
    ///     BalancerMember http://backend.example:8080
    /// </Proxy>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule proxy_module modules/mod_proxy.so
    /// LoadModule proxy_http_module modules/mod_proxy_http.so
    /// LoadModule slotmem_shm_module modules/mod_slotmem_shm.so
    /// LoadModule lbmethod_byrequests_module modules/mod_lbmethod_byrequests.so
    /// LoadModule proxy_balancer_module modules/mod_proxy_balancer.so
    /// ProxyPass /shop balancer://shop/
    /// <Proxy balancer://shop>
    ///     BalancerMember http://backend.example:8080
    /// </Proxy>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain, where all modules are known: nothing says another method (`lbmethod=`), and mod_lbmethod_byrequests is not
    /// there.
    pub static RULE = {
        id: "balancer-without-method",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Survey(Which::Named(&["BalancerMember"]), check),
    }
}

fn check(context: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    let has = |it: &str| survey.httpd.has(it) != Ok(false);
    let is_known = context.is_whole()
        && context.modules.are_all_known()
        && context.modules.foreign().is_empty();
    if !is_known || has("lbmethod_byrequests_module") || !has("proxy_balancer_module") {
        return;
    }
    let says = |it: &Placed<'_>| {
        it.line()
            .arguments()
            .to_ascii_lowercase()
            .contains("lbmethod=")
    };
    if survey
        .possible(&["ProxyPass", "ProxySet", "<Proxy"])
        .iter()
        .any(says)
    {
        return;
    }
    let mut members = survey.lines("BalancerMember");
    if let Some(first) = members.next() {
        let finding = report.at(
            first.site(),
            "no module chooses among the members of a balancer",
        );
        finding.label("httpd does not start");
        finding.help("load mod_lbmethod_byrequests, or say another `lbmethod`");
        for other in members {
            finding.secondary(other.line().span(), "a member, too");
        }
    }
}
