use crate::argument::Located;
use crate::argument::rewrite::Arguments;
use crate::argument::substitution::Substitution;
use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::facts::Version;
use crate::rule::{Check, Context, Report, Which};

const MENDED: Version = Version::new(2, 4, 56);

crate::rule! {
    /// Text of the request is put into the query for a backend, and this httpd does not look what is in it.
    ///
    /// ## What httpd does
    ///
    /// Before 2.4.56, it put the decoded text as it is into the query of the request that it sent to the backend (`[P]`,
    /// `ProxyPassMatch`), line ends and all. Newer ones refuse such a request.
    ///
    /// ## Why it matters
    ///
    /// Whoever sends the request can write a second one into it, for any URL of the backend, past all access control
    /// (CVE-2023-25690).
    ///
    /// ## Wrong
    ///
    /// ```facts
    /// Server version: Apache/2.4.54 (Unix)
    /// ```
    ///
    /// ```conf
    /// LoadModule rewrite_module modules/mod_rewrite.so
    /// LoadModule proxy_module modules/mod_proxy.so
    /// LoadModule proxy_http_module modules/mod_proxy_http.so
    /// RewriteEngine On
    /// RewriteRule ^/find/(.*)$ http://backend.example/find?q=$1 [P]
    /// ```
    ///
    /// ## Right
    ///
    /// ```facts
    /// Server version: Apache/2.4.71 (Unix)
    /// ```
    ///
    /// ```conf
    /// LoadModule rewrite_module modules/mod_rewrite.so
    /// LoadModule proxy_module modules/mod_proxy.so
    /// LoadModule proxy_http_module modules/mod_proxy_http.so
    /// RewriteEngine On
    /// RewriteRule ^/find/(.*)$ http://backend.example/find?q=$1 [P,B]
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain for the version that httpd says of itself, where nobody has packaged it: distributions mend old versions.
    pub static RULE = {
        id: "unescaped-backend-query",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Directive(Which::Named(&["ProxyPassMatch", "RewriteRule"]), check),
    }
}

fn check(context: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let Some(version) = &context.inputs.facts.all().version else {
        return;
    };
    let platform = version.value.platform.as_deref();
    let is_own = platform.is_none_or(|it| it == "Unix" || it.starts_with("Win"));
    let line = placed.line();
    let text = line.arguments();
    if version.value.number >= MENDED || !is_own || !text.contains("://") {
        return;
    }
    let Some(name) = placed.node.name.map(|it| context.inputs.table.spelling(it)) else {
        return;
    };
    if name == "RewriteRule" && !is_open_proxy_rule(text) {
        return;
    }
    let Some(substitution) = Substitution::parse(name, text) else {
        return;
    };
    let mut groups = substitution.mentioned.iter();
    let is_in_query = |it: &Located<usize>| {
        let target = text[..it.range.start].rsplit("://").next();
        target.is_some_and(|it| it.contains('?'))
    };
    let open = groups.find(|it| is_in_query(it) && substitution.takes_any_text(it.value));
    if let Some(group) = open {
        let span = line.argument_span(group.range.clone());
        let message = format!(
            "httpd {} sends line ends in this to the backend",
            version.value.number
        );
        let finding = report.at(placed.at(span), message);
        finding.help("take a newer httpd, or escape the text with the flag `B`");
        finding.note("CVE-2023-25690");
    }
}

// Whether a rule asks a backend, and escapes nothing.
fn is_open_proxy_rule(text: &str) -> bool {
    let flags = Arguments::parse(text)
        .and_then(|it| it.flags())
        .unwrap_or_default();
    let has = |names: &[&str]| flags.iter().any(|it| it.is(names));
    has(&["P", "proxy"]) && !has(&["B", "backrefescaping", "BNE"])
}
