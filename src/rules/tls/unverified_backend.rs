use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::model::layers::first_word;
use crate::rule::{Check, Concern, Context, Report, Which};

crate::rule! {
    /// The certificate of a backend is not checked.
    ///
    /// ## What httpd does
    ///
    /// With `SSLProxyVerify none` it takes any certificate, with `SSLProxyCheckPeerName off` one for any name, with
    /// `SSLProxyCheckPeerExpire off` one that is out of date.
    ///
    /// ## Why it matters
    ///
    /// Whoever sits between the two servers can be the backend.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule ssl_module modules/mod_ssl.so
    /// SSLProxyCheckPeerName off
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule ssl_module modules/mod_ssl.so
    /// SSLProxyCheckPeerName on
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain. On one machine it may not matter.
    pub static RULE = {
        id: "unverified-backend",
        level: Level::Note,
        since: "0.1.0",
        needs: &[],
        concern: Concern::Security,
        check: Check::Directive(Which::Named(&["SSLProxyVerify", "SSLProxyCheckPeerName", "SSLProxyCheckPeerCN", "SSLProxyCheckPeerExpire"]), check),
    }
}

fn check(_: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let word = first_word(placed).unwrap_or_default();
    let is_off = ["off", "none"]
        .iter()
        .any(|it| word.eq_ignore_ascii_case(it));
    if is_off {
        report.at(placed.site(), "anybody may be the backend");
    }
}
