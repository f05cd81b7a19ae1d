use crate::argument::words::split;
use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::rule::{Check, Context, Report, Which};

// Of these, `wsgi_process_proxy_headers` takes the last one.
const KINDS: [(&str, &[&str]); 4] = [
    (
        "the address of the client",
        &["X-Forwarded-For", "X-Client-IP", "X-Real-IP"],
    ),
    (
        "the scheme",
        &[
            "X-Forwarded-Proto",
            "X-Forwarded-Scheme",
            "X-Scheme",
            "X-Forwarded-HTTPS",
            "X-Forwarded-SSL",
            "X-HTTPS",
        ],
    ),
    ("the host", &["X-Forwarded-Host", "X-Host"]),
    ("the mount", &["X-Script-Name", "X-Forwarded-Script-Name"]),
];

crate::rule! {
    /// `WSGITrustedProxyHeaders` names two headers that tell the same thing.
    ///
    /// ## What httpd does
    ///
    /// Of the headers for the client's address, those for the scheme, those for the host and those
    /// for the mount, mod_wsgi takes the last one of the list that the request has.
    ///
    /// ## Why it matters
    ///
    /// A proxy usually sets one of them and hands the others on as the client sent them. So a client
    /// chooses its own address, or claims `https`, by sending the other header.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIDaemonProcess shop
    /// WSGIScriptAlias / /srv/shop/wsgi.py process-group=shop
    /// WSGITrustedProxies 10.0.0.1
    /// WSGITrustedProxyHeaders X-Forwarded-For X-Real-IP
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIDaemonProcess shop
    /// WSGIScriptAlias / /srv/shop/wsgi.py process-group=shop
    /// WSGITrustedProxies 10.0.0.1
    /// WSGITrustedProxyHeaders X-Forwarded-For X-Forwarded-Proto
    /// ```
    ///
    /// ## How sure
    ///
    /// That the last one counts is certain. Whether the proxy removes the other one cannot be seen
    /// from here.
    pub static RULE = {
        id: "ambiguous-trusted-headers",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Arguments(Which::Named(&["WSGITrustedProxyHeaders"]), check),
    }
}

fn check(_: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let line = placed.line();
    let headers = split(line.arguments());
    for (what, names) in KINDS {
        let is_of_kind = |it: &str| names.iter().any(|name| name.eq_ignore_ascii_case(it));
        let mut of_kind = headers.iter().filter(|it| is_of_kind(&it.value));
        let Some(first) = of_kind.next() else {
            continue;
        };
        let Some(other) = of_kind.find(|it| !it.value.eq_ignore_ascii_case(&first.value)) else {
            continue;
        };
        let span = line.argument_span(other.range.clone());
        let finding = report.at(placed.at(span), format!("a second header tells {what}"));
        finding.label("counts where the request has it");
        finding.secondary(line.argument_span(first.range.clone()), "the first one");
        finding.help("name only the one that the proxy sets");
    }
}
