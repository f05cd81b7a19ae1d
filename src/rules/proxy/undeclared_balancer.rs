use rustc_hash::FxHashSet;

use crate::diagnostic::Level;
use crate::model::layers::words_of;
use crate::model::survey::Survey;
use crate::rule::{Check, Context, Report, Which};

crate::rule! {
    /// A proxy passes requests on to a balancer that has no members.
    ///
    /// ## What httpd does
    ///
    /// It makes a balancer of that name without members, of which none can be asked.
    ///
    /// ## Why it matters
    ///
    /// Every request is answered with 503.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule proxy_module modules/mod_proxy.so
    /// LoadModule proxy_http_module modules/mod_proxy_http.so
    /// LoadModule slotmem_shm_module modules/mod_slotmem_shm.so
    /// LoadModule lbmethod_byrequests_module modules/mod_lbmethod_byrequests.so
    /// LoadModule proxy_balancer_module modules/mod_proxy_balancer.so
    /// ProxyPass /shop balancer://shpo/
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
    /// Certain, where the rest of the server is known: nothing names a member of that balancer. One with
    /// `growth=` may get members while httpd runs.
    pub static RULE = {
        id: "undeclared-balancer",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Survey(Which::Named(&["ProxyPass"]), check),
    }
}

fn check(context: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    if !context.is_whole() {
        return;
    }
    let declaring = survey.possible(&["<Proxy", "BalancerMember", "ProxySet"]);
    let declared: FxHashSet<String> = declaring
        .iter()
        .flat_map(|it| words_of(it).into_iter().take(1))
        .filter_map(|it| balancer(it.trim_end_matches('>')))
        .collect();
    for line in survey.lines("ProxyPass") {
        let text = line.line();
        let words = text.words();
        let grows = words
            .iter()
            .any(|it| it.text.to_ascii_lowercase().starts_with("growth="));
        let mut found = words
            .iter()
            .filter_map(|it| Some((it, balancer(&it.text)?)));
        let Some((word, name)) = found.next().filter(|_| !grows) else {
            continue;
        };
        if !declared.contains(&name) && !name.contains(['$', '%']) {
            let message = format!("nothing names a member of the balancer `{name}`");
            let finding = report.at(line.at(text.word_span(word)), message);
            finding.label("every request is answered with 503");
        }
    }
}

// The name in the URL of a balancer, in small letters.
fn balancer(url: &str) -> Option<String> {
    let url = url.to_ascii_lowercase();
    let name = url.strip_prefix("balancer://")?;
    Some(name.split('/').next().unwrap_or_default().to_owned())
}
