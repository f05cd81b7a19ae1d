use rustc_hash::FxHashMap;

use crate::argument::proxy::pass::Pass;
use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::model::servers::ServerId;
use crate::model::survey::Survey;
use crate::rule::{Check, Context, Report, Which};

crate::rule! {
    /// A parameter of a backend is given to a worker that another line has made already.
    ///
    /// ## What httpd does
    ///
    /// Lines with the same URL, or with one that begins with it, share one worker. Its parameters are those of the first
    /// line; of another one httpd says `AH01146: Ignoring parameter … because of worker sharing`.
    ///
    /// ## Why it matters
    ///
    /// The line has another timeout, or another number of connections, than it says.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule proxy_module modules/mod_proxy.so
    /// LoadModule proxy_http_module modules/mod_proxy_http.so
    /// ProxyPass /shop http://backend.example/ timeout=10
    /// ProxyPass /report http://backend.example/ timeout=600
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule proxy_module modules/mod_proxy.so
    /// LoadModule proxy_http_module modules/mod_proxy_http.so
    /// ProxyPass /report http://backend.example/report timeout=600
    /// ProxyPass /shop http://backend.example/shop timeout=10
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain: both stand in one server, and the first one is certain to be there. A backend that is also declared by
    /// `<Proxy>`, and URLs with variables, are not looked at.
    pub static RULE = {
        id: "ignored-worker-parameter",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Survey(Which::Named(&["ProxyPass"]), check),
    }
}

fn check(_: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    if survey.may_have("<Proxy") || survey.may_have("ProxySet") {
        return;
    }
    let mut workers: FxHashMap<(ServerId, String), Vec<(String, Placed<'_>)>> =
        FxHashMap::default();
    for line in survey.possible(&["ProxyPass"]) {
        let in_section = survey.section_around(&line).is_some();
        let text = line.line();
        let Ok(pass) = Pass::parse("ProxyPass", text.arguments(), in_section) else {
            continue;
        };
        let Some((host, path)) = pass.target.as_ref().and_then(|it| worker(&it.value)) else {
            continue;
        };
        let of_host = workers.entry((survey.server_of(&line), host)).or_default();
        let above = of_host.iter().filter(|it| path.starts_with(&it.0));
        let Some((_, first)) = above.max_by_key(|it| it.0.len()) else {
            of_host.push((path, line));
            continue;
        };
        let Some(parameter) = pass.parameters.first() else {
            continue;
        };
        if !first.node.uncertain && !line.node.uncertain {
            let span = text.argument_span(parameter.word.range.clone());
            let message = format!("`{}` does not count here", parameter.key);
            let finding = report.at(line.at(span), message);
            finding.secondary(
                first.line().span(),
                "the connections are made for this line",
            );
        }
    }
}

// The URL by which mod_proxy finds a worker: up to the host, in small letters, and its path.
fn worker(url: &str) -> Option<(String, String)> {
    let (scheme, rest) = url.split_once("://")?;
    let is_plain = [
        "http", "https", "ajp", "fcgi", "scgi", "uwsgi", "ws", "wss", "h2", "h2c",
    ];
    if !is_plain.iter().any(|it| scheme.eq_ignore_ascii_case(it)) || rest.contains(['$', '%', '|'])
    {
        return None;
    }
    let end = rest.find('/').unwrap_or(rest.len());
    let (host, path) = rest.split_at(end);
    let host = format!("{scheme}://{host}").to_ascii_lowercase();
    Some((host, path.to_owned()))
}
