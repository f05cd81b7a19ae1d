use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::rule::{Check, Concern, Context, Report, Which};

const SECRETS: &[&str] = &[
    "cookie}i",
    "authorization}i",
    "proxy-authorization}i",
    "set-cookie}o",
];

crate::rule! {
    /// A log holds what proves who somebody is.
    ///
    /// ## What httpd does
    ///
    /// `%{Cookie}i` and `%{Authorization}i` write these headers of the request as they are, `%{Set-Cookie}o` that of the answer.
    ///
    /// ## Why it matters
    ///
    /// Whoever reads the log can take over sessions, and knows passwords.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LogFormat "%h %t \"%r\" %>s %{Cookie}i" shop
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LogFormat "%h %t \"%r\" %>s" shop
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain.
    pub static RULE = {
        id: "logged-secret",
        level: Level::Note,
        since: "0.1.0",
        needs: &[],
        concern: Concern::Security,
        check: Check::Directive(Which::Named(&["LogFormat", "CustomLog", "GlobalLog"]), check),
    }
}

fn check(_: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let line = placed.line();
    if !line.arguments().contains('}') {
        return;
    }
    for word in line.words() {
        let text = word.text.to_ascii_lowercase();
        let has = |it: &&&str| text.split('{').skip(1).any(|part| part.starts_with(**it));
        let Some(secret) = SECRETS.iter().find(has) else {
            continue;
        };
        let message = format!("`%{{{secret}` is written into the log");
        report.at(placed.at(line.word_span(&word)), message);
    }
}
