use rustc_hash::FxHashMap;

use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::model::paths_over;
use crate::model::servers::ServerId;
use crate::model::survey::Survey;
use crate::rule::{Check, Context, Report, Which};

use super::{PlainPass, plain_pass};

crate::rule! {
    /// The main server's `ProxyPass` takes the requests for that of a virtual host.
    ///
    /// ## What httpd does
    ///
    /// A virtual host has the lines of the main server as well, and they come first: unlike `Alias` and
    /// `Redirect`, of which the virtual host's own come first.
    ///
    /// ## Why it matters
    ///
    /// The backend of the virtual host is never asked, and what it excludes with `!` is passed on.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule proxy_module modules/mod_proxy.so
    /// LoadModule proxy_http_module modules/mod_proxy_http.so
    /// ProxyPass /api http://old.example/api
    /// <VirtualHost *:80>
    ///     ServerName shop.example
    ///     ProxyPass /api http://new.example/api
    /// </VirtualHost>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule proxy_module modules/mod_proxy.so
    /// LoadModule proxy_http_module modules/mod_proxy_http.so
    /// <VirtualHost *:80>
    ///     ServerName shop.example
    ///     ProxyPass /api http://new.example/api
    /// </VirtualHost>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain. Patterns, sections and variables are not looked at, and nothing is said where
    /// `ProxyPassInherit` is used.
    pub static RULE = {
        id: "overruled-proxy-pass",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Survey(Which::Named(&["ProxyPass"]), check),
    }
}

fn check(_: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    if survey.may_have("ProxyPassInherit") {
        return;
    }
    let lines = survey.lines("ProxyPass");
    let lines = lines.filter_map(|line| Some((line, plain_pass(survey, &line)?)));
    let (of_main, of_hosts): (Vec<_>, Vec<_>) =
        lines.partition(|(line, _)| survey.server_of(line) == ServerId::MAIN);
    // Of several for one path the first one counts.
    let of_main: FxHashMap<&str, &(Placed<'_>, PlainPass)> = of_main
        .iter()
        .rev()
        .map(|it| (it.1.path.value.as_str(), it))
        .collect();
    for (line, PlainPass { path, .. }) in &of_hosts {
        let over: Vec<_> = paths_over(&path.value)
            .filter_map(|it| of_main.get(it))
            .collect();
        let Some((taking, _)) = over.first().filter(|it| it.0.text() != line.text()) else {
            continue;
        };
        // Of what the main server excludes it may take nothing.
        if over.iter().any(|it| it.1.is_exception) {
            continue;
        }
        let message = format!("the main server passes on requests for `{}`", path.value);
        let span = line.line().argument_span(path.range.clone());
        let finding = report.at(line.at(span), message);
        finding.secondary(
            taking.line().span(),
            "this comes first in every virtual host",
        );
        finding.help("move the line of the main server into the virtual hosts that need it");
    }
}
