use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::rule::{Check, Context, Report, Which};

const SIGNS: [char; 3] = ['$', '%', '@'];

crate::rule! {
    /// The name of a macro's parameter may be replaced where it was not meant.
    ///
    /// ## What httpd does
    ///
    /// It replaces every text that is the name of a parameter, also in the middle of a word. Of
    /// two names at the same place it takes the longer one. Where one name begins with another it
    /// warns with `AH02797`, and of a name without `$`, `%` or `@` with `AH02796`.
    ///
    /// ## Why it matters
    ///
    /// A parameter `a` replaces each letter a of the body. With `$host` and `$hostname` the text
    /// `$hostnames` is never what it seems.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule macro_module modules/mod_macro.so
    /// <Macro Site $host $hostname mail>
    ///     ServerName $hostname:80
    ///     ServerAdmin mail@$host
    /// </Macro>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule macro_module modules/mod_macro.so
    /// <Macro Site $domain $hostname $mail>
    ///     ServerName $hostname:80
    ///     ServerAdmin $mail@$domain
    /// </Macro>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain that httpd warns.
    pub static RULE = {
        id: "ambiguous-macro-parameter",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Directive(Which::Named(&["<Macro"]), check),
    }
}

fn check(_: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let Some(defined) = placed.defined_macro() else {
        return;
    };
    let line = placed.line();
    let words = line.words();
    for (index, name) in defined.parameters.iter().enumerate() {
        let span = words.get(index + 1).map(|it| line.word_span(it));
        let site = placed.at(span.unwrap_or(defined.span));
        if !name.starts_with(SIGNS) {
            let message = format!("the parameter `{name}` does not begin with `$`, `%` or `@`");
            report
                .at(site, message)
                .label("replaced wherever these letters stand");
        }
        let mut others = defined.parameters[..index].iter();
        let clash = |it: &&String| it.starts_with(name.as_str()) || name.starts_with(it.as_str());
        if let Some(other) = others.find(clash) {
            let (short, long) = if other.len() < name.len() {
                (other, name)
            } else {
                (name, other)
            };
            let message = format!("the parameter `{short}` is the beginning of `{long}`");
            report.at(site, message);
        }
    }
}
