use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::rule::{Check, Concern, Context, Report, Which};

crate::rule! {
    /// A list of ciphers has one whose connections can be read later.
    ///
    /// ## What httpd does
    ///
    /// A cipher whose name has neither `ECDHE` nor `DHE` encrypts what is said with the key of the certificate alone.
    ///
    /// ## Why it matters
    ///
    /// Whoever records a connection, and gets the key years later, reads it then.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule ssl_module modules/mod_ssl.so
    /// SSLCipherSuite ECDHE-RSA-AES128-GCM-SHA256:AES128-GCM-SHA256
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule ssl_module modules/mod_ssl.so
    /// SSLCipherSuite ECDHE-RSA-AES128-GCM-SHA256:DHE-RSA-AES128-GCM-SHA256
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain for ciphers by their full names. Words for many of them, such as `HIGH`, are not looked at.
    pub static RULE = {
        id: "ciphers-without-forward-secrecy",
        level: Level::Note,
        since: "0.1.0",
        needs: &[],
        concern: Concern::Security,
        check: Check::Directive(Which::Named(&["SSLCipherSuite"]), check),
    }
}

fn check(_: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let line = placed.line();
    let words = line.words();
    let Some(list) = words.last() else { return };
    let names: Vec<&str> = list.text.split([':', ',', ' ']).collect();
    let is_off = |it: &str| {
        names.contains(&"!kRSA") || names.iter().any(|name| name.strip_prefix('!') == Some(it))
    };
    let is_static = |it: &&&str| {
        let begins = [
            "AES128-",
            "AES256-",
            "CAMELLIA128-",
            "CAMELLIA256-",
            "ARIA128-",
            "ARIA256-",
            "DES-CBC3-",
        ];
        begins.iter().any(|begin| it.starts_with(begin)) && !is_off(it)
    };
    let found = names.iter().find(is_static);
    if let Some(name) = found {
        let message = format!("what is said with `{name}` can be read later with the key");
        report.at(placed.at(line.word_span(list)), message);
    }
}
