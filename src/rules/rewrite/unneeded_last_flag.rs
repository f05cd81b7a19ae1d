use crate::argument::rewrite::Arguments;
use crate::diagnostic::{Edit, Level, Promise};
use crate::evaluate::Placed;
use crate::rule::{Check, Concern, Context, Report, Which};

crate::rule! {
    /// `[L]` stands beside a flag that ends rewriting anyway.
    ///
    /// ## What httpd does
    ///
    /// `F` and `G` answer the request at once, `P` passes it on: no further rule is asked.
    ///
    /// ## Why it matters
    ///
    /// It does nothing, and makes the reader look for the difference.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule rewrite_module modules/mod_rewrite.so
    /// RewriteEngine On
    /// RewriteRule ^/admin - [F,L]
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule rewrite_module modules/mod_rewrite.so
    /// RewriteEngine On
    /// RewriteRule ^/admin - [F]
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain.
    pub static RULE = {
        id: "unneeded-last-flag",
        level: Level::Note,
        since: "0.1.0",
        needs: &[],
        concern: Concern::Clarity,
        fix: Promise::Safe,
        check: Check::Arguments(Which::Named(&["RewriteRule"]), check),
    }
}

fn check(_: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let line = placed.line();
    let text = line.arguments();
    let Some(arguments) = Arguments::parse(text).filter(|it| it.flags.is_some()) else {
        return;
    };
    let flags = arguments.flags().unwrap_or_default();
    let is = |name: &str, names: [&str; 2]| names.iter().any(|it| name.eq_ignore_ascii_case(it));
    let ends =
        |it: &str| is(it, ["f", "forbidden"]) || is(it, ["g", "gone"]) || is(it, ["p", "proxy"]);
    let ending = flags.iter().find(|it| ends(&it.name.value));
    let at = flags
        .iter()
        .position(|it| is(&it.name.value, ["l", "last"]));
    let (Some(ending), Some(at)) = (ending, at) else {
        return;
    };
    let last = &flags[at].name;
    let span = line.argument_span(last.range.clone());
    let finding = report.at(placed.at(span), "nothing follows this rule anyway");
    finding.secondary(
        line.argument_span(ending.name.range.clone()),
        "it ends rewriting",
    );
    let before = text[..last.range.start].rfind(',').filter(|_| at > 0);
    let range = match before {
        Some(comma) => comma..last.range.end,
        None => match text[last.range.end..].find(',') {
            Some(comma) => last.range.start..last.range.end + comma + 1,
            None => return,
        },
    };
    if placed.is_verbatim() {
        let span = line.argument_span(range);
        finding.fix(
            Promise::Safe,
            "remove the flag",
            vec![Edit {
                span,
                text: String::new(),
            }],
        );
    }
}
