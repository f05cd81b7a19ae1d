use crate::diagnostic::Level;
use crate::model::layers::first_word;
use crate::model::servers::Port;
use crate::model::survey::Survey;
use crate::rule::{Check, Concern, Context, Report, Which};

crate::rule! {
    /// A password is asked for over plain HTTP.
    ///
    /// ## What httpd does
    ///
    /// `AuthType Basic` lets the browser send name and password with each request, readable for everybody on the way.
    ///
    /// ## Why it matters
    ///
    /// Whoever listens has the password.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule authn_core_module modules/mod_authn_core.so
    /// LoadModule auth_basic_module modules/mod_auth_basic.so
    /// LoadModule authn_file_module modules/mod_authn_file.so
    /// LoadModule authz_user_module modules/mod_authz_user.so
    /// <VirtualHost *:80>
    ///     ServerName shop.example
    ///     <Location /admin>
    ///         AuthType Basic
    ///         AuthName shop
    ///         AuthUserFile /srv/shop/passwords
    ///         Require valid-user
    ///     </Location>
    /// </VirtualHost>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// <VirtualHost *:80>
    ///     ServerName shop.example
    ///     Redirect permanent / https://shop.example/
    /// </VirtualHost>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain that this server speaks no TLS there: all addresses of the virtual host have port 80. A proxy in front may.
    pub static RULE = {
        id: "password-over-plain-http",
        level: Level::Note,
        since: "0.1.0",
        needs: &[],
        concern: Concern::Security,
        check: Check::Survey(Which::Named(&["AuthType"]), check),
    }
}

fn check(_: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    for line in survey.lines("AuthType") {
        let server = survey.httpd.servers.get(survey.server_of(&line));
        let mut ports = server.addresses.iter().map(|it| it.port);
        let is_plain = !server.addresses.is_empty() && ports.all(|it| it == Port::Number(80));
        let is_basic = first_word(&line).is_some_and(|it| it.eq_ignore_ascii_case("basic"));
        if is_basic && is_plain {
            let finding = report.at(
                line.site(),
                "the password is sent readable for everybody on the way",
            );
            if let Some(section) = server.section {
                let section = survey.httpd.config.placed(section);
                finding.secondary(section.line().span(), "only plain HTTP is spoken here");
            }
        }
    }
}
