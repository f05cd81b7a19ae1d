use crate::argument::proxy::pass::Pass;
use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::model::servers::ServerId;
use crate::model::survey::Survey;
use crate::rule::Check;
use crate::rule::Context;
use crate::rule::Report;
use crate::rule::Which;
use rustc_hash::FxHashMap;

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
    let mut workers: FxHashMap<(ServerId, String), Placed<'_>> = FxHashMap::default();
    for line in survey.possible(&["ProxyPass"]) {
        let in_section = survey.section_around(&line).is_some();
        let text = line.line();
        let Ok(pass) = Pass::parse("ProxyPass", text.arguments(), in_section) else {
            continue;
        };
        let Some(url) = pass.target.as_ref().and_then(|it| worker(&it.value)) else {
            continue;
        };
        let server = survey.server_of(&line);
        let ends = url.char_indices().map(|it| it.0 + it.1.len_utf8());
        let mut above = ends.filter_map(|end| workers.get(&(server, url[..end].to_owned())));
        let Some(first) = above.next_back() else {
            workers.insert((server, url), line);
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

// The URL by which mod_proxy finds a worker: the host in small letters.
fn worker(url: &str) -> Option<String> {
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
    Some(format!(
        "{}://{}{path}",
        scheme.to_ascii_lowercase(),
        host.to_ascii_lowercase()
    ))
}
