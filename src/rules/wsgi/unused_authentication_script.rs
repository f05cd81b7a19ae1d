use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::model::wsgi::Applications;
use crate::rule::{Check, Context, Report};

crate::rule! {
    /// A script checks passwords or groups, and nobody asks it.
    ///
    /// ## What httpd does
    ///
    /// `WSGIAuthUserScript` is asked where `AuthBasicProvider` or `AuthDigestProvider` names `wsgi`, and
    /// `WSGIAuthGroupScript` where `Require wsgi-group` stands. Otherwise other modules decide.
    ///
    /// ## Why it matters
    ///
    /// Nobody can log in, because the default provider (`file`) knows no users; or the groups of the
    /// script count for nothing.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// LoadModule authn_core_module modules/mod_authn_core.so
    /// WSGIScriptAlias / /srv/shop/wsgi.py
    /// <Location />
    ///     AuthType Basic
    ///     AuthName shop
    ///     WSGIAuthUserScript /srv/shop/users.py
    ///     Require all granted
    /// </Location>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// LoadModule authn_core_module modules/mod_authn_core.so
    /// LoadModule authn_file_module modules/mod_authn_file.so
    /// LoadModule auth_basic_module modules/mod_auth_basic.so
    /// LoadModule authz_user_module modules/mod_authz_user.so
    /// WSGIScriptAlias / /srv/shop/wsgi.py
    /// <Location />
    ///     AuthType Basic
    ///     AuthName shop
    ///     AuthBasicProvider wsgi
    ///     WSGIAuthUserScript /srv/shop/users.py
    ///     Require valid-user
    /// </Location>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain in a whole configuration in which the provider, or the requirement, stands nowhere.
    pub static RULE = {
        id: "unused-authentication-script",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Applications(check),
    }
}

fn check(context: &Context<'_>, applications: &Applications<'_>, report: &mut Report) {
    if !context.is_whole() {
        return;
    }
    for (name, word, asking, help) in SCRIPTS {
        let scripts = applications.lines(name);
        let says = |it: &Placed<'_>| it.line().arguments().to_ascii_lowercase().contains(word);
        let mut asking = asking.iter();
        let mut is_unused = || !asking.any(|it| applications.lines(it).iter().any(says));
        if scripts.is_empty() || !is_unused() {
            continue;
        }
        for line in scripts {
            let finding = report.at(line.site(), "nobody asks this script");
            finding.help(help);
        }
    }
}

// Each script, the word by which it is asked, and where that stands: an alias of a provider may
// stand for the script.
const SCRIPTS: [(&str, &str, &[&str], &str); 2] = [
    (
        "WSGIAuthUserScript",
        "wsgi",
        &[
            "AuthBasicProvider",
            "AuthDigestProvider",
            "<AuthnProviderAlias",
        ],
        "add `AuthBasicProvider wsgi`",
    ),
    (
        "WSGIAuthGroupScript",
        "wsgi-group",
        &["Require", "<AuthzProviderAlias"],
        "add `Require wsgi-group NAME`",
    ),
];
