use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::model::layers::first_word;
use crate::model::reach::says;
use crate::model::survey::Survey;
use crate::rule::{Check, Context, Report, Which};

const PAGES: &[&str] = &[
    "server-status",
    "server-info",
    "balancer-manager",
    "ldap-status",
];

crate::rule! {
    /// A page about the server itself is shown to everybody.
    ///
    /// ## What httpd does
    ///
    /// `server-status` shows the requests that are being answered, with their clients and URLs; `server-info`
    /// shows the configuration; `balancer-manager` changes it.
    ///
    /// ## Why it matters
    ///
    /// URLs have tokens and session numbers in them, and the configuration says where to attack.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule status_module modules/mod_status.so
    /// <Location /server-status>
    ///     SetHandler server-status
    ///     Require all granted
    /// </Location>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule authz_host_module modules/mod_authz_host.so
    /// LoadModule status_module modules/mod_status.so
    /// <Location /server-status>
    ///     SetHandler server-status
    ///     Require local
    /// </Location>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain: the section itself grants access to everybody.
    pub static RULE = {
        id: "exposed-server-status",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Survey(Which::Named(&["SetHandler"]), check),
    }
}

fn check(_: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    for handler in survey.lines("SetHandler") {
        let name = first_word(&handler)
            .unwrap_or_default()
            .to_ascii_lowercase();
        let Some(section) = handler.parent().filter(|_| PAGES.contains(&name.as_str())) else {
            continue;
        };
        let lines = survey.everything_in(&section);
        let has = |name: &str| !survey.only(&lines, name).is_empty();
        let is_certain = lines.iter().all(|it| !it.node.uncertain);
        let from_all = |it: &Placed<'_>| says(it, "from all");
        let granted = match has("Require") {
            true => survey.opening(&section),
            false => survey.only(&lines, "Allow").into_iter().rfind(from_all),
        };
        let granted = granted.filter(|_| !has("Deny"));
        if let Some(line) = granted.filter(|_| is_certain) {
            let message = format!("`{name}` is shown to everybody");
            let finding = report.at(handler.site(), message);
            finding.secondary(line.line().span(), "this lets everybody in");
            finding.help("let in those who may see it: `Require local` or `Require ip …`");
        }
    }
}
