use crate::argument::ssl::overriding_protocols;
use crate::diagnostic::{Edit, Level, Promise};
use crate::evaluate::Placed;
use crate::rule::{Check, Context, Report, Which};

crate::rule! {
    /// A protocol without a sign takes away those before it.
    ///
    /// ## What httpd does
    ///
    /// `+` adds a protocol and `-` takes one away; a protocol without either is the only one. httpd
    /// warns where others were set before: `AH02532: SSLProtocol: Protocol 'TLSv1.3' overrides
    /// already set parameter(s). Check if a +/- prefix is missing.`
    ///
    /// ## Why it matters
    ///
    /// `SSLProtocol TLSv1.2 TLSv1.3` is TLS 1.3 alone: a client that speaks TLS 1.2 gets no
    /// connection.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule socache_shmcb_module modules/mod_socache_shmcb.so
    /// LoadModule ssl_module modules/mod_ssl.so
    /// SSLProtocol TLSv1.2 TLSv1.3
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule socache_shmcb_module modules/mod_socache_shmcb.so
    /// LoadModule ssl_module modules/mod_ssl.so
    /// SSLProtocol TLSv1.2 +TLSv1.3
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain.
    pub static RULE = {
        id: "overridden-protocol",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        fix: Promise::Unsafe,
        check: Check::Arguments(Which::Named(&["SSLProtocol", "SSLProxyProtocol"]), check),
    }
}

fn check(_: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let line = placed.line();
    for word in overriding_protocols(line.arguments()) {
        let span = line.argument_span(word.range.clone());
        let message = format!("`{}` takes away the protocols before it", word.value);
        let finding = report.at(placed.at(span), message);
        finding.label("has no sign");
        if placed.is_verbatim() {
            let text = format!("+{}", word.value);
            let title = format!("write `{text}`");
            finding.fix(Promise::Unsafe, title, vec![Edit { span, text }]);
        }
    }
}
