use crate::argument::error_document::ErrorDocument;
use crate::diagnostic::{Edit, Level, Promise};
use crate::evaluate::Placed;
use crate::rule::{Check, Context, Report, Which};

crate::rule! {
    /// The name of a page is what visitors are shown, not the page.
    ///
    /// ## What httpd does
    ///
    /// It takes a document of `ErrorDocument` for a path if it begins with a slash, for a URL if
    /// it begins with a scheme, and for a message otherwise.
    ///
    /// ## Why it matters
    ///
    /// Who asks for what is not there reads `notfound.html`, and nothing else.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// ErrorDocument 404 notfound.html
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// ErrorDocument 404 /notfound.html
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain for a single word without quotes that ends as the name of a page does.
    pub static RULE = {
        id: "page-as-text",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        fix: Promise::Unsafe,
        check: Check::Arguments(Which::Named(&["ErrorDocument"]), check),
    }
}

fn check(_: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let line = placed.line();
    let Some(document) = ErrorDocument::parse(line.arguments()).misread_page() else {
        return;
    };
    let span = line.argument_span(document.range.clone());
    let page = &document.value;
    let finding = report.at(
        placed.at(span),
        format!("`{page}` is a message here, not a page"),
    );
    finding.label("begins with no `/`");
    let title = format!("write `/{page}`");
    match placed.is_verbatim() && !page.starts_with('.') {
        true => {
            let text = format!("/{page}");
            finding.fix(Promise::Unsafe, title, vec![Edit { span, text }])
        }
        false => finding.help("write the path of the page, from the site's root on"),
    };
}
