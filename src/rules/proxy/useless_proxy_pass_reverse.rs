use std::cell::OnceCell;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::model::layers::words_of;
use crate::model::servers::ServerId;
use crate::model::survey::Survey;
use crate::rule::{Check, Context, Report, Which};

// What may ask a backend.
const ASKING: &[&str] = &[
    "ProxyPass",
    "ProxyPassMatch",
    "BalancerMember",
    "RewriteRule",
    "SetHandler",
    "<Proxy",
];

crate::rule! {
    /// `ProxyPassReverse` names a backend that nothing asks.
    ///
    /// ## What httpd does
    ///
    /// It looks in redirects of the backend for the URL of `ProxyPassReverse`, and puts its own path in its place. A URL
    /// with another host or port is not found.
    ///
    /// ## Why it matters
    ///
    /// Redirects of the backend reach the browser as they are: they lead to an address that only this machine may know.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule proxy_module modules/mod_proxy.so
    /// LoadModule proxy_http_module modules/mod_proxy_http.so
    /// ProxyPass /shop http://backend.example:8080/shop
    /// ProxyPassReverse /shop http://backend.example/shop
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule proxy_module modules/mod_proxy.so
    /// LoadModule proxy_http_module modules/mod_proxy_http.so
    /// ProxyPass /shop http://backend.example:8080/shop
    /// ProxyPassReverse /shop http://backend.example:8080/shop
    /// ```
    ///
    /// ## How sure
    ///
    /// Concluded: no line of the configuration asks this host and port, and a line for the same path asks another one. A
    /// backend may call itself by another name all the same; then this name is known to it.
    pub static RULE = {
        id: "useless-proxy-pass-reverse",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Survey(Which::Named(&["ProxyPassReverse"]), check),
    }
}

fn check(context: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    if !context.is_whole() {
        return;
    }
    let all_origins = |names| -> FxHashSet<String> {
        let lines = survey.possible(names);
        lines.iter().flat_map(origins).collect()
    };
    let (asked, reversed) = (OnceCell::new(), OnceCell::new());
    let is_asked = |it: &str| asked.get_or_init(|| all_origins(ASKING)).contains(it);
    let is_reversed = |it: &str| {
        let reversed = reversed.get_or_init(|| all_origins(&["ProxyPassReverse"]));
        reversed.contains(it)
    };
    let mut by_path: FxHashMap<(ServerId, String), Placed<'_>> = FxHashMap::default();
    for line in survey.lines("ProxyPass") {
        if let [path, target, ..] = words_of(&line).as_slice()
            && target.contains("://")
        {
            by_path.insert((survey.server_of(&line), path.clone()), line);
        }
    }
    for line in survey.lines("ProxyPassReverse") {
        let text = line.line();
        let words = text.words();
        let [path, url] = words.as_slice() else {
            continue;
        };
        let pass = by_path.get(&(survey.server_of(&line), path.text.to_string()));
        let own = origin(&url.text).filter(|it| !it.contains(['$', '%']));
        let (Some(pass), Some(own)) = (pass, own) else {
            continue;
        };
        let asks_plain = words_of(pass).get(1).and_then(|it| origin(it));
        let Some(other) = asks_plain.filter(|it| is_other_port(it, &own)) else {
            continue;
        };
        if is_asked(&own) || is_reversed(&other) {
            continue;
        }
        let message = format!("`{own}` is not asked here");
        let finding = report.at(line.at(text.word_span(url)), message);
        finding.label("redirects of the backend are not found");
        finding.secondary(pass.line().span(), format!("`{other}` is asked"));
    }
}

// Whether two origins are of one host, and differ in the port alone.
fn is_other_port(one: &str, other: &str) -> bool {
    let host = |it: &str| {
        let rest = it.split_once("://").map_or(it, |it| it.1).to_owned();
        rest.split(':').next().unwrap_or_default().to_owned()
    };
    one != other && host(one) == host(other)
}

fn origins(line: &Placed<'_>) -> Vec<String> {
    words_of(line).iter().filter_map(|it| origin(it)).collect()
}

// Scheme, host and port of a URL, in small letters.
fn origin(url: &str) -> Option<String> {
    let at = url.find("://")?;
    let scheme = url[..at]
        .rsplit(|it: char| !it.is_ascii_alphanumeric())
        .next()?;
    let rest = &url[at + 3..];
    let host = &rest[..rest.find(['/', '>', '|']).unwrap_or(rest.len())];
    // A backend leaves the port out of its redirects where it is the usual one.
    let usual = if scheme.eq_ignore_ascii_case("https") {
        ":443"
    } else {
        ":80"
    };
    let host = host.strip_suffix(usual).unwrap_or(host);
    Some(format!("{scheme}://{host}").to_ascii_lowercase())
}
