use crate::argument::words::split;
use crate::diagnostic::{Edit, Level, Promise};
use crate::evaluate::Placed;
use crate::httpd::most_similar;
use crate::rule::{Check, Context, Report, Which};

// What `wsgi_process_proxy_headers` looks at.
const HEADERS: [&str; 15] = [
    "X-Forwarded-For",
    "X-Client-IP",
    "X-Real-IP",
    "X-Forwarded-Host",
    "X-Host",
    "X-Forwarded-Server",
    "X-Forwarded-Port",
    "X-Script-Name",
    "X-Forwarded-Script-Name",
    "X-Forwarded-Proto",
    "X-Forwarded-Scheme",
    "X-Scheme",
    "X-Forwarded-HTTPS",
    "X-Forwarded-SSL",
    "X-HTTPS",
];

crate::rule! {
    /// `WSGITrustedProxyHeaders` names a header that mod_wsgi does not look at.
    ///
    /// ## What httpd does
    ///
    /// Any text is accepted. mod_wsgi looks at fifteen headers only, and passes over other names. A
    /// name with anything but letters, digits and `-` in it, so also with `_`, makes the process of
    /// httpd crash at every request that the line counts for.
    ///
    /// ## Why it matters
    ///
    /// The application takes the proxy for its client, or `http` for `https`, although the line is
    /// there. And `X_Forwarded_For`, as the variable is called in CGI, takes the whole application
    /// off the air.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIDaemonProcess shop
    /// WSGIScriptAlias / /srv/shop/wsgi.py process-group=shop
    /// WSGITrustedProxies 10.0.0.1
    /// WSGITrustedProxyHeaders Forwarded
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIDaemonProcess shop
    /// WSGIScriptAlias / /srv/shop/wsgi.py process-group=shop
    /// WSGITrustedProxies 10.0.0.1
    /// WSGITrustedProxyHeaders X-Forwarded-For
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain: the names are those of versions 4.9 and 6.1, and letter case does not count. The
    /// crash was seen with 4.9.4.
    pub static RULE = {
        id: "unknown-trusted-header",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        fix: Promise::Unsafe,
        check: Check::Arguments(Which::Named(&["WSGITrustedProxyHeaders"]), check),
    }
}

fn check(_: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let line = placed.line();
    for header in split(line.arguments()) {
        let name = &header.value;
        let is_known = HEADERS.iter().any(|it| it.eq_ignore_ascii_case(name));
        if is_known || name.contains("${") {
            continue;
        }
        let span = line.argument_span(header.range.clone());
        let message = format!("mod_wsgi does not look at a header `{name}`");
        let finding = report.at(placed.at(span), message);
        let is_plain = |it: u8| it.is_ascii_alphanumeric() || it == b'-';
        if !name.bytes().all(is_plain) {
            finding.label("httpd crashes at every request");
        }
        let similar = most_similar(&name.replace('_', "-"), HEADERS.into_iter());
        if let Some(similar) = similar.filter(|_| placed.is_verbatim()) {
            let edit = Edit {
                span,
                text: similar.to_owned(),
            };
            finding.fix(Promise::Unsafe, format!("write `{similar}`"), vec![edit]);
        }
    }
}
