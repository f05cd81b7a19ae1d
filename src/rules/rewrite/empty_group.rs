use crate::argument::substitution::{DIRECTIVES, Substitution};
use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::rule::{Check, Context, Report, Which};

crate::rule! {
    /// `$1` stands for a group that the pattern does not have.
    ///
    /// ## What httpd does
    ///
    /// It puts nothing in its place. A pattern with `!` before it fills no groups at all, because
    /// the text is used where it did not match.
    ///
    /// ## Why it matters
    ///
    /// What the group should have carried is lost: every page redirects to the front page, every
    /// picture is looked for in the folder itself.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// AliasMatch "^/pictures/(.*)$" "/srv/pictures/$2"
    /// RedirectMatch 301 "^/shop/.*$" "https://shop.example/$1"
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// AliasMatch "^/pictures/(.*)$" "/srv/pictures/$1"
    /// RedirectMatch 301 "^/shop/(.*)$" "https://shop.example/$1"
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain: PCRE2 counts the groups. A `$` that is meant as one is written `\$`.
    pub static RULE = {
        id: "empty-group",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Arguments(Which::Named(DIRECTIVES), check),
    }
}

fn check(context: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    if !placed.occurrence.unit.marks(placed.node).has_dollar() {
        return;
    }
    let Some(name) = placed.node.name else { return };
    let line = placed.line();
    let mut pairs = line.arguments().as_bytes().windows(2);
    if !pairs.any(|it| it[0] == b'$' && it[1].is_ascii_digit()) {
        return;
    }
    let name = context.inputs.table.spelling(name);
    let Some(substitution) = Substitution::parse(name, line.arguments()) else {
        return;
    };
    for group in substitution.empty_groups() {
        let message = format!("`${}` is always empty", group.value);
        let finding = report.at(placed.at(line.argument_span(group.range.clone())), message);
        let pattern = line.argument_span(substitution.pattern.range.clone());
        finding.secondary(pattern, reason(&substitution));
    }
}

fn reason(substitution: &Substitution) -> String {
    match substitution.groups() {
        _ if substitution.is_negated => "what must not match fills no group".to_owned(),
        Some(1) => "this pattern has one group".to_owned(),
        Some(0) | None => "this pattern has no group".to_owned(),
        Some(count) => format!("this pattern has {count} groups"),
    }
}
