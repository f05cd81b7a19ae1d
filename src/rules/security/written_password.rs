use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::rule::{Check, Concern, Context, Report, Which};

crate::rule! {
    /// A password stands in the configuration.
    ///
    /// ## What httpd does
    ///
    /// It uses the password as it is written.
    ///
    /// ## Why it matters
    ///
    /// Configurations are copied, committed and shown to others, and so is the password.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule ldap_module modules/mod_ldap.so
    /// LoadModule authnz_ldap_module modules/mod_authnz_ldap.so
    /// <Location />
    ///     AuthLDAPBindPassword geheim
    /// </Location>
    /// ```
    ///
    /// ## Right
    ///
    /// ```envvars
    /// LDAP_PASSWORD=geheim
    /// ```
    ///
    /// ```conf
    /// LoadModule ldap_module modules/mod_ldap.so
    /// LoadModule authnz_ldap_module modules/mod_authnz_ldap.so
    /// <Location />
    ///     AuthLDAPBindPassword ${LDAP_PASSWORD}
    /// </Location>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain for `AuthLDAPBindPassword`, and for `password=` or `pass=` in `DBDParams`. A variable is not looked at.
    pub static RULE = {
        id: "written-password",
        level: Level::Note,
        since: "0.1.0",
        needs: &[],
        concern: Concern::Security,
        check: Check::Directive(Which::Named(&["AuthLDAPBindPassword", "DBDParams"]), check),
    }
}

fn check(_: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let line = placed.line();
    if !placed.is_verbatim() {
        return;
    }
    let words = line.words();
    let keys = ["password=", "pass="];
    let is_password = |it: &str| match line.name().eq_ignore_ascii_case("DBDParams") {
        true => keys.iter().any(|key| {
            it.split([' ', ',', ';'])
                .any(|it| it.starts_with(key) && it.len() > key.len())
        }),
        false => !it.starts_with("exec:"),
    };
    if let Some(word) = words.iter().find(|it| is_password(&it.text)) {
        report.at(
            placed.at(line.word_span(word)),
            "this password can be read here",
        );
    }
}
