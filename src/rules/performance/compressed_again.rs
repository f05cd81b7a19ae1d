use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::rule::{Check, Concern, Context, Report, Which};

const COMPRESSED: &[&str] = &[
    "image/png",
    "image/jpeg",
    "image/gif",
    "image/webp",
    "application/zip",
    "application/gzip",
    "application/x-gzip",
    "video/mp4",
    "audio/mpeg",
    "font/woff2",
    "application/font-woff2",
];

crate::rule! {
    /// Files that are compressed already are compressed again.
    ///
    /// ## What httpd does
    ///
    /// It compresses what has one of the types. Pictures, films and archives become no smaller by that.
    ///
    /// ## Why it matters
    ///
    /// Each request costs time of the processor, and saves nothing.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule filter_module modules/mod_filter.so
    /// LoadModule deflate_module modules/mod_deflate.so
    /// AddOutputFilterByType DEFLATE text/html image/png
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule filter_module modules/mod_filter.so
    /// LoadModule deflate_module modules/mod_deflate.so
    /// AddOutputFilterByType DEFLATE text/html
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain for the types that are named on this page: PNG, JPEG, GIF, WebP, zip, gzip, MP4, WOFF2.
    pub static RULE = {
        id: "compressed-again",
        level: Level::Note,
        since: "0.1.0",
        needs: &[],
        concern: Concern::Performance,
        check: Check::Directive(Which::Named(&["AddOutputFilterByType"]), check),
    }
}

fn check(_: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let line = placed.line();
    let words = line.words();
    let Some((filters, types)) = words.split_first() else {
        return;
    };
    let compresses = ["deflate", "brotli"]
        .iter()
        .any(|it| filters.text.to_ascii_lowercase().contains(it));
    let is_compressed = |it: &str| {
        COMPRESSED
            .iter()
            .any(|known| it.eq_ignore_ascii_case(known))
    };
    let compressed: Vec<_> = types.iter().filter(|it| is_compressed(&it.text)).collect();
    if let Some((first, others)) = compressed.split_first()
        && compresses
    {
        let message = format!("`{}` is compressed already", first.text);
        let finding = report.at(placed.at(line.word_span(first)), message);
        for other in others {
            finding.secondary(line.word_span(other), "and this");
        }
    }
}
