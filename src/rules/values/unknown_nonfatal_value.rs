use crate::argument::allow_override::{AllowOverride, Override};
use crate::diagnostic::{Edit, Level, Promise};
use crate::evaluate::Placed;
use crate::httpd::most_similar;
use crate::rule::{Check, Context, Report, Which};

const VALUES: [&str; 3] = ["Override", "Unknown", "All"];

crate::rule! {
    /// `AllowOverride Nonfatal=` names something that httpd does not know.
    ///
    /// ## What httpd does
    ///
    /// It knows `Override`, `Unknown` and `All`, and ignores any other word without a message.
    ///
    /// ## Why it matters
    ///
    /// Mistakes in `.htaccess` files stay fatal: each request below the directory is answered with
    /// 500, although the line was written to prevent just that.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// <Directory /srv/shop>
    ///     AllowOverride FileInfo Nonfatal=Overrides
    /// </Directory>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// <Directory /srv/shop>
    ///     AllowOverride FileInfo Nonfatal=Override
    /// </Directory>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain.
    pub static RULE = {
        id: "unknown-nonfatal-value",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        fix: Promise::Unsafe,
        check: Check::Arguments(Which::Named(&["AllowOverride"]), check),
    }
}

fn check(_: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let line = placed.line();
    for (word, text) in AllowOverride::parse(line.arguments()).words {
        let Override::Nonfatal(Some(value)) = word else {
            continue;
        };
        let is_known = VALUES.iter().any(|it| it.eq_ignore_ascii_case(&value));
        if is_known {
            continue;
        }
        let span = line.argument_span(text.range.clone());
        let finding = report.at(placed.at(span), format!("`Nonfatal` knows no `{value}`"));
        finding.label("forgives nothing");
        finding.note("it knows `Override`, `Unknown` and `All`");
        let similar = most_similar(&value, VALUES.into_iter()).filter(|_| placed.is_verbatim());
        if let Some(similar) = similar {
            let text = format!("Nonfatal={similar}");
            let title = format!("write `{text}`");
            finding.fix(Promise::Unsafe, title, vec![Edit { span, text }]);
        }
    }
}
