use crate::argument::error_document::ErrorDocument;
use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::rule::{Check, Context, Report, Which};

crate::rule! {
    /// `ErrorDocument 401` names a whole URL.
    ///
    /// ## What httpd does
    ///
    /// It passes over the line, `AH00113: … cannot use a full URL in a 401 ErrorDocument directive
    /// --- ignoring!`, and sends its own page.
    ///
    /// ## Why it matters
    ///
    /// A whole URL would be a redirect, and a browser that is redirected never asks for the
    /// password. So visitors see httpd's own page instead of the one that was written for them.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// ErrorDocument 401 https://shop.example/login.html
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// ErrorDocument 401 /login.html
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain.
    pub static RULE = {
        id: "remote-unauthorized-document",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Arguments(Which::Named(&["ErrorDocument"]), check),
    }
}

fn check(_: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let line = placed.line();
    let document = ErrorDocument::parse(line.arguments());
    if document.is_remote_unauthorized() {
        let message = "httpd ignores a whole URL for the status 401";
        report
            .at(placed.at(line.span()), message)
            .help("write a path of this site");
    }
}
