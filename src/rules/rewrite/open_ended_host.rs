use crate::argument::substitution::Substitution;
use crate::diagnostic::{Edit, Level, Promise};
use crate::evaluate::Placed;
use crate::rule::{Check, Context, Report, Which};

crate::rule! {
    /// A target puts the end of the request's path behind its host, without a slash between.
    ///
    /// ## What httpd does
    ///
    /// It puts together what is written: of `^/(.*)$` and `https://shop.example$1`, the path `/cart` becomes
    /// `https://shop.examplecart`.
    ///
    /// ## Why it matters
    ///
    /// Every page but the first leads nowhere, and a link to `/.evil.example/` leads to the server of
    /// somebody else, which looks like the own one. With a proxy, that server is asked.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// RedirectMatch ^/(.*)$ https://shop.example$1
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// RedirectMatch ^/(.*)$ https://shop.example/$1
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain: the slash stands in front of the group that is put behind the host.
    pub static RULE = {
        id: "open-ended-host",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        fix: Promise::Unsafe,
        check: Check::Directive(Which::Named(&["AliasMatch", "ProxyPassMatch", "RedirectMatch", "RewriteRule"]), check),
    }
}

fn check(context: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let Some(name) = placed.node.name else { return };
    let line = placed.line();
    let text = line.arguments();
    if !text.contains("://") || !text.contains("$1") {
        return;
    }
    let name = context.inputs.table.spelling(name);
    let Some(substitution) = Substitution::parse(name, text) else {
        return;
    };
    let pattern = substitution.pattern.value.trim_start_matches('^');
    let inner = pattern
        .strip_prefix("/?")
        .or_else(|| pattern.strip_prefix('/'));
    let is_rest = inner.is_some_and(|it| {
        ["(.*)", "(.+)", "(.*?)"]
            .iter()
            .any(|any| it.starts_with(any))
    });
    let groups = substitution.mentioned.iter().filter(|it| it.value == 1);
    let mut behind_host = groups.filter(|it| {
        let before = &text[..it.range.start];
        let host = before.rsplit("://").next().unwrap_or_default();
        let is_host = |it: char| it.is_ascii_alphanumeric() || ".-:".contains(it);
        before.contains("://") && !host.is_empty() && host.chars().all(is_host)
    });
    let Some(group) = behind_host
        .next()
        .filter(|_| is_rest && !substitution.is_negated)
    else {
        return;
    };
    let span = line.argument_span(group.range.clone());
    let finding = report.at(
        placed.at(span),
        "no slash stands between the host and the path",
    );
    let pattern = line.argument_span(substitution.pattern.range.clone());
    finding.secondary(pattern, "the slash stands in front of the group");
    if placed.is_verbatim() {
        let at = line.argument_span(group.range.start..group.range.start);
        let edit = Edit {
            span: at,
            text: "/".to_owned(),
        };
        finding.fix(Promise::Unsafe, "write a slash behind the host", vec![edit]);
    }
}
