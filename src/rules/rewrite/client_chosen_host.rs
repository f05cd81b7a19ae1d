use crate::argument::substitution::Substitution;
use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::rule::{Check, Context, Report, Which};

crate::rule! {
    /// The host of a target comes out of the request's path.
    ///
    /// ## What httpd does
    ///
    /// It puts a group of the pattern in the place of the host, and whoever sends the request writes what
    /// is in it.
    ///
    /// ## Why it matters
    ///
    /// A redirect leads from a trusted name to any server at all. A proxy (`ProxyPassMatch`, `[P]`) asks any
    /// server at all, also those that only this machine can reach.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule proxy_module modules/mod_proxy.so
    /// LoadModule proxy_http_module modules/mod_proxy_http.so
    /// ProxyPassMatch ^/fetch/(.*)$ http://$1
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule proxy_module modules/mod_proxy.so
    /// LoadModule proxy_http_module modules/mod_proxy_http.so
    /// ProxyPassMatch ^/fetch/(.*)$ http://backend.example/$1
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain for a group that takes any text. One of alternatives or of few characters is not looked at.
    pub static RULE = {
        id: "client-chosen-host",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Directive(Which::Named(&["ProxyPassMatch", "RedirectMatch", "RewriteRule"]), check),
    }
}

fn check(context: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let Some(name) = placed.node.name else { return };
    let line = placed.line();
    let text = line.arguments();
    if !text.contains("://$") {
        return;
    }
    let name = context.inputs.table.spelling(name);
    let Some(substitution) = Substitution::parse(name, text) else {
        return;
    };
    for group in &substitution.mentioned {
        let is_host = text[..group.range.start].ends_with("://");
        let behind = text[group.range.end..].chars().next();
        let is_whole = behind.is_none_or(|it| it.is_whitespace() || "/:\"'?".contains(it));
        let is_any = substitution.takes_any_text(group.value);
        if is_host && is_whole && is_any {
            let span = line.argument_span(group.range.clone());
            let finding = report.at(
                placed.at(span),
                "whoever sends the request chooses this host",
            );
            let pattern = line.argument_span(substitution.pattern.range.clone());
            finding.secondary(pattern, "the group takes any text");
        }
    }
}
