use crate::argument::listen::Listen;
use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::rule::{Check, Context, Need, Report, Which};

crate::rule! {
    /// httpd is to listen on an IPv6 address, and was built without IPv6.
    ///
    /// ## What httpd does
    ///
    /// Whether it knows IPv6 was decided when APR was compiled: `httpd -V` lists `APR_HAVE_IPV6` or
    /// not. Without it there is no address family for what stands between the brackets, and httpd
    /// does not come to listen there.
    ///
    /// ## Why it matters
    ///
    /// It does not start, or is not reachable where everybody believes it to be.
    ///
    /// ## Wrong
    ///
    /// ```facts
    /// Server compiled with....
    ///  -D APR_USE_SYSVSEM_SERIALIZE
    ///  -D HTTPD_ROOT="/etc/httpd"
    ///  -D SERVER_CONFIG_FILE="httpd.conf"
    /// ```
    ///
    /// ```conf
    /// Listen [::1]:8080
    /// ```
    ///
    /// ## Right
    ///
    /// ```facts
    /// Server compiled with....
    ///  -D APR_USE_SYSVSEM_SERIALIZE
    ///  -D HTTPD_ROOT="/etc/httpd"
    ///  -D SERVER_CONFIG_FILE="httpd.conf"
    /// ```
    ///
    /// ```conf
    /// Listen 127.0.0.1:8080
    /// ```
    ///
    /// ## How sure
    ///
    /// As sure as the lines `-D` of `httpd -V` are complete, down to `SERVER_CONFIG_FILE`. No such
    /// httpd was at hand to see which message it gives.
    pub static RULE = {
        id: "listen-without-ipv6",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[Need::Defines],
        check: Check::Arguments(Which::Named(&["Listen"]), check),
    }
}

fn check(context: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let defines = context.inputs.facts.but_version().defines.as_ref();
    if defines.and_then(|it| it.has("APR_HAVE_IPV6")) != Some(false) {
        return;
    }
    let line = placed.line();
    let Ok(listen) = Listen::parse(line.arguments()) else {
        return;
    };
    if listen.host.is_some_and(|it| it.contains(':')) {
        let span = line.argument_span(listen.address.range);
        let message = "this httpd was built without IPv6";
        let finding = report.at(placed.at(span), message);
        finding.note("`httpd -V` does not list `APR_HAVE_IPV6`");
    }
}
