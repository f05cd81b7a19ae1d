use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::rule::{Check, Context, Report, Which};

const MARKS: [char; 5] = ['“', '”', '„', '‘', '’'];

crate::rule! {
    /// A quotation mark is one for printing, not one for computers.
    ///
    /// ## What httpd does
    ///
    /// It knows `"` and `'`. Other marks, as word processors and web pages have them, are letters of the value.
    ///
    /// ## Why it matters
    ///
    /// A value with blanks falls apart into several words, and the marks become a part of names and paths.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// ServerAdmin “webmaster@shop.example”
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// ServerAdmin "webmaster@shop.example"
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain for a word that begins and ends with such marks. In texts for people they are left alone.
    pub static RULE = {
        id: "typographic-quote",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Arguments(Which::Named(&["ServerAdmin", "ServerName", "ServerAlias", "DocumentRoot", "Alias", "ScriptAlias", "ProxyPass", "ProxyPassReverse", "ErrorLog", "CustomLog", "AuthUserFile", "AuthType", "Redirect", "Options", "Require", "SetEnv", "SSLCertificateFile", "SSLCertificateKeyFile", "<Directory", "<Location", "<Files"]), check),
    }
}

fn check(_: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    if placed.occurrence.unit.text(placed.node).is_ascii() {
        return;
    }
    let line = placed.line();
    let text = line.arguments();
    let mut marks = text.char_indices().filter(|it| MARKS.contains(&it.1));
    let begins = |at: usize| {
        text[..at]
            .chars()
            .next_back()
            .is_none_or(|it| it == ' ' || it == '\t')
    };
    let Some((at, mark)) = marks.find(|it| begins(it.0)) else {
        return;
    };
    let span = line.argument_span(at..at + mark.len_utf8());
    let finding = report.at(
        placed.at(span),
        format!("`{mark}` is a letter of the value"),
    );
    finding.help("write `\"`");
}
