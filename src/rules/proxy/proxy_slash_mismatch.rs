use crate::argument::proxy::pass::Pass;
use crate::diagnostic::{Level, Promise};
use crate::evaluate::Placed;
use crate::rule::{Check, Context, Report, Which};
use crate::rules::slash::MissingSlash;

crate::rule! {
    /// `ProxyPass` has a slash at the end of its path or of its URL, and not of both.
    ///
    /// ## What httpd does
    ///
    /// It takes the path away from the front of the request's, and puts the URL in its place, as it is
    /// written: with `ProxyPass / http://backend.example`, the page `/cart` is asked of the host
    /// `backend.examplecart`.
    ///
    /// ## Why it matters
    ///
    /// A request fails, or reaches a page that was not meant. Where the URL is a host without a slash,
    /// whoever sends the request chooses the host: that of `/.evil.example/` is `backend.example.evil.example`.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule proxy_module modules/mod_proxy.so
    /// LoadModule proxy_http_module modules/mod_proxy_http.so
    /// ProxyPass /shop/ http://backend.example:8080/shop
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule proxy_module modules/mod_proxy.so
    /// LoadModule proxy_http_module modules/mod_proxy_http.so
    /// ProxyPass /shop/ http://backend.example:8080/shop/
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain for everything below the path. A slash only at the end of the URL leads to two slashes in a
    /// row, which most backends take for one; that is not said.
    pub static RULE = {
        id: "proxy-slash-mismatch",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        fix: Promise::Unsafe,
        check: Check::Directive(Which::Named(&["ProxyPass"]), check),
    }
}

fn check(_: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let line = placed.line();
    let text = line.arguments();
    let Ok(pass) = Pass::parse("ProxyPass", text, false) else {
        return;
    };
    let (Some(path), Some(target)) = (&pass.path, &pass.target) else {
        return;
    };
    let is_url = target.value.contains("://") && !target.value.contains(['$', '%', '?']);
    if pass.is_pattern || !is_url || !path.value.ends_with('/') || target.value.ends_with('/') {
        return;
    }
    MissingSlash::of(placed, path, target).report(report, "is asked of");
}
