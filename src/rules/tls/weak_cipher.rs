use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::rule::{Check, Context, Report, Which};

// Others that protect nothing httpd takes away from every list (`ssl_cmd_SSLCipherSuite`).
const WEAK: &[&str] = &["LOW", "RC4", "MD5"];

crate::rule! {
    /// `SSLCipherSuite` names ciphers that protect nothing.
    ///
    /// ## What httpd does
    ///
    /// It offers what is named, as far as OpenSSL still has it. From every list it takes away what encrypts
    /// nothing or needs no certificate, and what was once fit for export, as if `!aNULL:!eNULL:!EXP` stood at
    /// its end.
    ///
    /// ## Why it matters
    ///
    /// `LOW`, `RC4` and `MD5` are broken: who listens for long enough can read along.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule ssl_module modules/mod_ssl.so
    /// SSLCipherSuite HIGH:MEDIUM:RC4
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule ssl_module modules/mod_ssl.so
    /// SSLCipherSuite HIGH:!aNULL:!MD5:!RC4
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain: the name stands without `!` or `-` before it, and none with `!` takes it away.
    pub static RULE = {
        id: "weak-cipher",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Directive(Which::Named(&["SSLCipherSuite", "SSLProxyCipherSuite"]), check),
    }
}

fn check(_: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let line = placed.line();
    let words = line.words();
    let Some(list) = words.last() else { return };
    let names: Vec<&str> = list.text.split([':', ',', ' ']).collect();
    let is_off = |name: &str| names.iter().any(|it| it.strip_prefix('!') == Some(name));
    let is_weak = |it: &&str| {
        let mut parts = it.split('+');
        let has = parts.any(|it| WEAK.contains(&it) && !is_off(it));
        has && !it.starts_with(['!', '-', '+'])
    };
    let Some(weak) = names.iter().find(|it| is_weak(it)) else {
        return;
    };
    let message = format!("the ciphers of `{weak}` protect nothing");
    report.at(placed.at(line.word_span(list)), message);
}
