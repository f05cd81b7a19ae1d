use crate::argument::words::argv;
use crate::configtest::Discarded;
use crate::diagnostic::{Edit, Level, Promise};
use crate::evaluate::Placed;
use crate::httpd::{Allow, Directive};
use crate::rule::{Check, Context, Report, Which};

crate::rule! {
    /// `AllowOverrideList` names something that no `.htaccess` file can be allowed.
    ///
    /// ## What httpd does
    ///
    /// It leaves the name out of the list, and warns: `AH00116: Discarding unrecognized directive`
    /// where no module has it, `AH02304: Discarding directive … not allowed` where it is one for
    /// the server as a whole.
    ///
    /// ## Why it matters
    ///
    /// A `.htaccess` file that uses the directive is answered with 500.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// <Directory /srv/shop>
    ///     AllowOverrideList Redirct ServerName
    /// </Directory>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// <Directory /srv/shop>
    ///     AllowOverrideList Redirect
    /// </Directory>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain where all modules of the server are known.
    pub static RULE = {
        id: "discarded-override",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        fix: Promise::Unsafe,
        check: Check::Directive(Which::Named(&["AllowOverrideList"]), check),
    }
}

fn check(context: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let line = placed.line();
    let words = argv(line.arguments());
    let is_none = matches!(words.as_slice(), [one] if one.value.eq_ignore_ascii_case("none"));
    if is_none {
        return;
    }
    for word in words {
        let table = context.inputs.table;
        let Some(discarded) = Discarded::of(&word.value, table, context.modules) else {
            continue;
        };
        let name = &word.value;
        let message = match discarded {
            Discarded::Unknown => format!("no directive is called `{name}`"),
            Discarded::NotLoaded => format!("no module that is loaded has `{name}`"),
            Discarded::NotAllowed => format!("`{name}` cannot be allowed in `.htaccess` files"),
        };
        let span = line.argument_span(word.range.clone());
        let finding = report.at(placed.at(span), message);
        finding.label("left out of the list");
        let is_allowed = |it: &Directive| it.allow.intersects(Allow::IN_DIRECTORY);
        let similar = table.similar(name, |it| table.definitions(it).any(is_allowed));
        if let (Discarded::Unknown, Some(similar), true) =
            (discarded, similar, placed.is_verbatim())
        {
            let text = similar.to_owned();
            let title = format!("write `{text}`");
            finding.fix(Promise::Unsafe, title, vec![Edit { span, text }]);
        }
    }
}
