use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::rule::{Check, Context, Report, Which};

const OLD: &[&str] = &["SSLv3", "TLSv1", "TLSv1.1"];

crate::rule! {
    /// `SSLProtocol` switches on a version of TLS that is broken.
    ///
    /// ## What httpd does
    ///
    /// It offers what is named. OpenSSL refuses the oldest versions unless its own settings let them pass.
    ///
    /// ## Why it matters
    ///
    /// SSL 3, TLS 1.0 and TLS 1.1 have known attacks; browsers have not used them since 2020.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule ssl_module modules/mod_ssl.so
    /// SSLProtocol +TLSv1 +TLSv1.1 +TLSv1.2
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule ssl_module modules/mod_ssl.so
    /// SSLProtocol -all +TLSv1.2 +TLSv1.3
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain: the version is named. What `all` brings is not looked at. Also `SSLProxyProtocol`.
    pub static RULE = {
        id: "named-old-protocol",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Directive(Which::Named(&["SSLProtocol", "SSLProxyProtocol"]), check),
    }
}

fn check(_: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let line = placed.line();
    let words = line.words();
    let is_old = |it: &str| {
        let name = it.strip_prefix('+').unwrap_or(it);
        OLD.iter().any(|old| name.eq_ignore_ascii_case(old))
    };
    let old: Vec<_> = words.iter().filter(|it| is_old(&it.text)).collect();
    let Some((first, others)) = old.split_first() else {
        return;
    };
    let name = first.text.trim_start_matches('+');
    let message = format!("`{name}` is a broken version of the protocol");
    let finding = report.at(placed.at(line.word_span(first)), message);
    for other in others {
        finding.secondary(line.word_span(other), "and this one");
    }
}
