use crate::argument::header::{Action, Header};
use crate::diagnostic::Level;
use crate::model::servers::Port;
use crate::model::survey::Survey;
use crate::rule::{Check, Concern, Context, Report, Which};

crate::rule! {
    /// `Strict-Transport-Security` is sent over plain HTTP.
    ///
    /// ## What httpd does
    ///
    /// It sends the header with every answer of the virtual host, which has only port 80.
    ///
    /// ## Why it matters
    ///
    /// Browsers take the header only from a connection with TLS. Here it does nothing, and where it should
    /// stand it may be missing.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule headers_module modules/mod_headers.so
    /// <VirtualHost *:80>
    ///     ServerName shop.example
    ///     Header always set Strict-Transport-Security "max-age=63072000"
    /// </VirtualHost>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule headers_module modules/mod_headers.so
    /// <VirtualHost *:80>
    ///     ServerName shop.example
    ///     Redirect permanent / https://shop.example/
    /// </VirtualHost>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain: all addresses of the virtual host have port 80, and the header has no condition. Behind a proxy
    /// that speaks TLS it counts all the same.
    pub static RULE = {
        id: "transport-security-over-http",
        level: Level::Note,
        since: "0.1.0",
        needs: &[],
        concern: Concern::Security,
        check: Check::Survey(Which::Named(&["Header"]), check),
    }
}

fn check(_: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    for line in survey.lines("Header") {
        if !line
            .line()
            .arguments()
            .to_ascii_lowercase()
            .contains("strict-transport")
        {
            continue;
        }
        let text = line.line();
        let header = Header::parse("Header", text.arguments());
        let is_set = header.action == Some(Action::Give);
        let server = survey.httpd.servers.get(survey.server_of(&line));
        let mut ports = server.addresses.iter().map(|it| it.port);
        let is_plain = !server.addresses.is_empty() && ports.all(|it| it == Port::Number(80));
        let is_it = header
            .name
            .value
            .trim_end_matches(':')
            .eq_ignore_ascii_case("Strict-Transport-Security");
        let in_condition = line
            .sections()
            .any(|it| survey.name(&it).starts_with("<If"));
        if is_it && is_set && is_plain && header.condition().is_none() && !in_condition {
            let finding = report.at(line.site(), "browsers ignore it over plain HTTP");
            if let Some(section) = server.section {
                let section = survey.httpd.config.placed(section);
                finding.secondary(section.line().span(), "only plain HTTP is spoken here");
            }
        }
    }
}
