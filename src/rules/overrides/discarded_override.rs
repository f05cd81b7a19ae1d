use crate::argument::words::argv;
use crate::diagnostic::{Edit, Level, Promise};
use crate::evaluate::Placed;
use crate::httpd::{Allow, Directive};
use crate::rule::{Check, Context, Report};

// Where a directive must be allowed to stand, to be allowed in `.htaccess` files.
const PATH: Allow = Allow::from_bits(Allow::OR_ALL.bits() | Allow::ACCESS_CONF.bits());

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
        check: Check::Directive(&["AllowOverrideList"], check),
    }
}

enum Discarded {
    Unknown,
    NotLoaded,
    NotAllowed,
}

fn check(context: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let line = placed.line();
    let words = argv(line.arguments());
    let is_none = matches!(words.as_slice(), [one] if one.value.eq_ignore_ascii_case("none"));
    if is_none || context.refused.touches(line.span()) {
        return;
    }
    for word in words {
        let Some(discarded) = discarded(context, &word.value) else {
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
        let table = context.inputs.table;
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

fn is_allowed(directive: &Directive) -> bool {
    directive.allow.intersects(PATH)
}

fn discarded(context: &Context<'_>, name: &str) -> Option<Discarded> {
    let table = context.inputs.table;
    let Some(name) = table.name(name) else {
        return context
            .modules
            .are_all_known()
            .then_some(Discarded::Unknown);
    };
    let has = |it: &Directive| context.modules.has(it.module);
    let possible = table.definitions(name).filter(|it| !has(it).is_false());
    let mut possible = possible.peekable();
    if possible.peek().is_none() {
        return context
            .modules
            .are_all_known()
            .then_some(Discarded::NotLoaded);
    }
    let is_discarded = possible.all(|it| !is_allowed(it));
    is_discarded.then_some(Discarded::NotAllowed)
}
