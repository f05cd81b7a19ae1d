use crate::diagnostic::{Edit, Level, Promise};
use crate::model::layers::{first_word, pattern_of};
use crate::model::scope::About;
use crate::model::survey::Survey;
use crate::rule::{Check, Context, Report, Which};

crate::rule! {
    /// A handler for programs is chosen by a pattern for names that has no end.
    ///
    /// ## What httpd does
    ///
    /// It looks for the pattern anywhere in the name: `\.php` is also in `cat.php.jpg`.
    ///
    /// ## Why it matters
    ///
    /// Whoever may upload pictures uploads `cat.php.jpg`, and it is run as a program.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// <FilesMatch "\.php">
    ///     SetHandler application/x-httpd-php
    /// </FilesMatch>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// <FilesMatch "\.php$">
    ///     SetHandler application/x-httpd-php
    /// </FilesMatch>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain, where the pattern ends with an extension in letters.
    pub static RULE = {
        id: "unanchored-handler-pattern",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        fix: Promise::Unsafe,
        check: Check::Survey(Which::Named(&["SetHandler"]), check),
    }
}

fn check(_: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    for handler in survey.lines("SetHandler") {
        let name = first_word(&handler)
            .unwrap_or_default()
            .to_ascii_lowercase();
        let is_program = ["php", "fcgi", "cgi-script"]
            .iter()
            .any(|it| name.contains(it));
        let Some(section) = handler.parent().filter(|_| is_program) else {
            continue;
        };
        let About::FilesMatch(_) = survey.about(&section) else {
            continue;
        };
        let line = section.line();
        let Some(pattern) = pattern_of(&section, survey.httpd.table()) else {
            continue;
        };
        let Some((_, extension)) = pattern.value.rsplit_once("\\.") else {
            continue;
        };
        let is_bare =
            !extension.is_empty() && extension.bytes().all(|it| it.is_ascii_alphanumeric());
        if !is_bare || pattern.value.contains('|') {
            continue;
        }
        let span = line.argument_span(pattern.range.clone());
        let message = format!("also a file `picture.{extension}.jpg` is run as a program");
        let finding = report.at(section.at(span), message);
        finding.label("no `$` at the end");
        finding.secondary(handler.line().span(), "the handler");
        let written = &line.arguments()[pattern.range.clone()];
        if let Some(at) = written.rfind(extension).filter(|_| section.is_verbatim()) {
            let end = pattern.range.start + at + extension.len();
            let span = line.argument_span(end..end);
            let title = format!("write `{}$`", pattern.value);
            finding.fix(
                Promise::Unsafe,
                title,
                vec![Edit {
                    span,
                    text: "$".to_owned(),
                }],
            );
        }
    }
}
