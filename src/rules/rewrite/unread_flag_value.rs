use crate::argument::rewrite::{Arguments, Flag, STATUSES, Unread};
use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::rule::{Check, Context, Report, Which};

crate::rule! {
    /// A flag of a rewrite rule or condition does not read its value, or lacks it.
    ///
    /// ## What httpd does
    ///
    /// Most flags read nothing behind their `=`. `R` reads a number, or `permanent`, `temp` or
    /// `seeother`; with any other word it redirects with 302. Of a number only the digits in front
    /// count. `CO` sets a cookie only if it finds a name, a value and a domain, and `E`, `H`, `S`
    /// and `T` do nothing without a value. Over a flag that it does not know httpd passes if the
    /// name begins with `d`.
    ///
    /// ## Why it matters
    ///
    /// The rule does less than it says: `[R=moved]` is no permanent redirect, `[L=301]` is no
    /// redirect at all, and in `[R=301;L]` the rule is not the last one. `[Discard]` discards
    /// nothing.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule rewrite_module modules/mod_rewrite.so
    /// RewriteEngine On
    /// RewriteRule ^/shop$ https://shop.example/ [R=moved,L]
    /// RewriteRule ^/cart$ https://shop.example/cart [R=301;L]
    /// RewriteRule ^/ - [CO=seen:yes]
    /// RewriteRule ^/search /find [Discard]
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule rewrite_module modules/mod_rewrite.so
    /// RewriteEngine On
    /// RewriteRule ^/shop$ https://shop.example/ [R=permanent,L]
    /// RewriteRule ^/cart$ https://shop.example/cart [R=301,L]
    /// RewriteRule ^/ - [CO=seen:yes:shop.example]
    /// RewriteRule ^/search /find [DiscardPath]
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain. A cookie with a variable in it is not looked at: the variable may hold more than
    /// one part.
    pub static RULE = {
        id: "unread-flag-value",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Arguments(Which::Named(&["RewriteCond", "RewriteRule"]), check),
    }
}

fn check(_: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let line = placed.line();
    if !has_flag_to_read(line.arguments()) {
        return;
    }
    let Some(arguments) = Arguments::parse(line.arguments()) else {
        return;
    };
    let is_condition = line.name().eq_ignore_ascii_case("RewriteCond");
    for flag in arguments.flags().unwrap_or_default() {
        let Some(unread) = flag.unread(is_condition) else {
            continue;
        };
        // What is left of an undefined `${NAME}` is told elsewhere.
        if flag.value.value.contains("${") {
            continue;
        }
        let (name, value) = (&flag.name.value, &flag.value.value);
        let message = match unread {
            Unread::All => format!("the flag `{name}` takes no value"),
            Unread::Status => format!("`{value}` is no status: `{name}` redirects with 302"),
            Unread::Behind(0) => format!("httpd reads `{name}` as 0"),
            Unread::Behind(digits) => {
                format!("httpd reads `{name}` as {}", &value[..digits])
            }
            Unread::Cookie => format!("`{name}` sets no cookie without name, value and domain"),
            Unread::Missing => format!("the flag `{name}` does nothing without a value"),
            Unread::Unknown => format!("httpd knows no flag `{name}`, and passes over it"),
        };
        let span = line.argument_span(place(&flag));
        let finding = report.at(placed.at(span), message);
        match unread {
            Unread::All => finding.label("not read"),
            Unread::Status => finding.note(format!("the words are `{}`", STATUSES.join("`, `"))),
            Unread::Behind(digits) => finding.label(format!("nobody reads `{}`", &value[digits..])),
            Unread::Cookie => finding.label(format!("`{name}=NAME:VALUE:DOMAIN` does")),
            Unread::Missing | Unread::Unknown => finding.label("does nothing"),
        };
    }
}

// Whether brackets may hold a flag with a value, or one that lacks it. Most hold neither, and that
// is told without reading them as flags.
fn has_flag_to_read(text: &str) -> bool {
    let field = text.find('[').map_or("", |it| &text[it..]);
    let mut names = field.split(['[', ',', ']', ' ', '\t']);
    field.contains('=') || names.any(Flag::may_do_nothing)
}

// The value, or the name where there is none.
fn place(flag: &Flag) -> std::ops::Range<usize> {
    match flag.value.range.is_empty() {
        true => flag.name.range.clone(),
        false => flag.value.range.clone(),
    }
}
