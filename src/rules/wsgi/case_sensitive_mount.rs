use crate::diagnostic::Level;
use crate::model::layers::first_word;
use crate::model::wsgi::Applications;
use crate::rule::{Check, Context, Report};

crate::rule! {
    /// `WSGICaseSensitivity Off` does not make the URL of a mount match in other letter cases.
    ///
    /// ## What httpd does
    ///
    /// `WSGICaseSensitivity` is about the names of application groups alone, which are made of URLs. What
    /// `WSGIScriptAlias` names is compared with the URL letter by letter, whatever it says.
    ///
    /// ## Why it matters
    ///
    /// `/Shop` is the application, and `/shop` is answered with 404.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGICaseSensitivity Off
    /// WSGIScriptAlias /Shop /srv/shop/wsgi.py
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIScriptAliasMatch "^/(?i:shop)(?![^/])" /srv/shop/wsgi.py
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain. Nothing is said where no mount has a capital letter.
    pub static RULE = {
        id: "case-sensitive-mount",
        level: Level::Note,
        since: "0.1.0",
        needs: &[],
        check: Check::Applications(check),
    }
}

fn check(_: &Context<'_>, applications: &Applications<'_>, report: &mut Report) {
    let lines = applications.lines("WSGICaseSensitivity");
    let Some(line) = lines.last() else { return };
    if !first_word(line).is_some_and(|it| it.eq_ignore_ascii_case("off")) {
        return;
    }
    let has_capital = |it: &str| it.contains(|it: char| it.is_ascii_uppercase());
    let mut mounted = applications.mounted.iter();
    let Some(application) = mounted.find(|it| has_capital(it.location())) else {
        return;
    };
    let message = "the URLs of mounts are case-sensitive all the same";
    let finding = report.at(line.site(), message);
    finding.secondary(application.line.line().span(), "only in this spelling");
}
