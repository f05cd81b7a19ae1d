use rustc_hash::FxHashMap;

use super::{PlainPass, plain_pass};
use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::model::paths_over;
use crate::model::servers::ServerId;
use crate::model::survey::Survey;
use crate::rule::{Check, Context, Report, Which};

crate::rule! {
    /// An earlier `ProxyPass` takes all requests for the path of this one.
    ///
    /// ## What httpd does
    ///
    /// It takes the first `ProxyPass` that fits, in the order in which they are read. `!` takes requests away from
    /// those that follow, and from none in front.
    ///
    /// ## Why it matters
    ///
    /// The requests go to the other backend; with `!`, what should stay here is passed on.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule proxy_module modules/mod_proxy.so
    /// LoadModule proxy_http_module modules/mod_proxy_http.so
    /// ProxyPass / http://backend.example/
    /// ProxyPass /static !
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule proxy_module modules/mod_proxy.so
    /// LoadModule proxy_http_module modules/mod_proxy_http.so
    /// ProxyPass /static !
    /// ProxyPass / http://backend.example/
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain for the lines of one server. Patterns, sections and variables are not looked at.
    pub static RULE = {
        id: "overlapping-proxy-pass",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Survey(Which::Named(&["ProxyPass"]), check),
    }
}

fn check(_: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    let mut earlier: FxHashMap<(ServerId, String), Placed<'_>> = FxHashMap::default();
    for line in survey.possible(&["ProxyPass"]) {
        let found = plain_pass(survey, &line).filter(|_| !line.node.uncertain);
        let Some(PlainPass { path, is_exception }) = found else {
            continue;
        };
        let server = survey.server_of(&line);
        let first = paths_over(&path.value).find_map(|it| earlier.get(&(server, it.to_owned())));
        if let Some(first) = first {
            let message = match is_exception {
                true => format!(
                    "requests for `{}` are passed on before this is asked",
                    path.value
                ),
                false => format!("no request gets to the path `{}` here", path.value),
            };
            let span = line.line().argument_span(path.range);
            let finding = report.at(line.at(span), message);
            finding.secondary(first.line().span(), "this takes its requests");
            finding.help("put the longer path first");
            continue;
        }
        earlier.entry((server, path.value)).or_insert(line);
    }
}
