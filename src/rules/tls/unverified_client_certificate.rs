use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::model::layers::first_word;
use crate::rule::{Check, Context, Report, Which};

crate::rule! {
    /// `SSLVerifyClient optional_no_ca` takes any certificate.
    ///
    /// ## What httpd does
    ///
    /// It asks clients for a certificate and lets everybody in, whoever signed it. Only the variable
    /// `SSL_CLIENT_VERIFY` tells the difference.
    ///
    /// ## Why it matters
    ///
    /// The name in the certificate is whatever the client wrote there.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule ssl_module modules/mod_ssl.so
    /// SSLVerifyClient optional_no_ca
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule ssl_module modules/mod_ssl.so
    /// SSLVerifyClient optional
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain, unless the application looks at `SSL_CLIENT_VERIFY`.
    pub static RULE = {
        id: "unverified-client-certificate",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Directive(Which::Named(&["SSLVerifyClient"]), check),
    }
}

fn check(_: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let is_any = first_word(placed).is_some_and(|it| it.eq_ignore_ascii_case("optional_no_ca"));
    if is_any {
        report.at(
            placed.site(),
            "nobody checks who signed the client's certificate",
        );
    }
}
