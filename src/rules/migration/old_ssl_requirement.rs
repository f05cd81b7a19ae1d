use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::rule::{Check, Concern, Context, Report, Which};

crate::rule! {
    /// `SSLRequire` is a language of its own for what `Require expr` says.
    ///
    /// ## What httpd does
    ///
    /// It still evaluates the expression, beside all that `Require` asks for.
    ///
    /// ## Why it matters
    ///
    /// The manual calls it deprecated; `Require expr` can be combined with other requirements.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule ssl_module modules/mod_ssl.so
    /// <Directory /srv/shop>
    ///     SSLRequire %{SSL_CLIENT_S_DN_O} eq "Shop"
    /// </Directory>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule ssl_module modules/mod_ssl.so
    /// <Directory /srv/shop>
    ///     Require expr %{SSL_CLIENT_S_DN_O} == 'Shop'
    /// </Directory>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain.
    pub static RULE = {
        id: "old-ssl-requirement",
        level: Level::Note,
        since: "0.1.0",
        needs: &[],
        concern: Concern::Migration,
        check: Check::Directive(Which::Named(&["SSLRequire"]), check),
    }
}

fn check(_: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let finding = report.at(placed.site(), "`SSLRequire` is deprecated");
    finding.help("write it as `Require expr …`");
}
