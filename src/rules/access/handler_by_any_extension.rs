use crate::diagnostic::Level;
use crate::model::layers::words_of;
use crate::model::survey::Survey;
use crate::rule::{Check, Context, Report, Which};

crate::rule! {
    /// A handler for programs is chosen by an extension anywhere in a file's name.
    ///
    /// ## What httpd does
    ///
    /// `AddHandler` and `AddType` look at every part of a name behind a dot: with `AddHandler
    /// application/x-httpd-php .php`, the file `cat.php.jpg` is run, too.
    ///
    /// ## Why it matters
    ///
    /// Whoever may upload pictures uploads `cat.php.jpg`, and it is run as a program.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule mime_module modules/mod_mime.so
    /// TypesConfig /dev/null
    /// AddHandler application/x-httpd-php .php
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule mime_module modules/mod_mime.so
    /// TypesConfig /dev/null
    /// <FilesMatch "\.php$">
    ///     SetHandler application/x-httpd-php
    /// </FilesMatch>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain for the handlers of PHP. Inside of `<FilesMatch>`, which limits the names, nothing is said.
    pub static RULE = {
        id: "handler-by-any-extension",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Survey(Which::Named(&["AddHandler", "AddType"]), check),
    }
}

fn check(_: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    for line in survey.lines_of(&["AddHandler", "AddType"]) {
        let words = words_of(&line);
        let Some((handler, extensions)) = words.split_first() else {
            continue;
        };
        let handler = handler.to_ascii_lowercase();
        let is_source = handler.contains("source");
        let is_php = handler.contains("php") && !is_source;
        let is_program = is_php
            && (handler.starts_with("application/x-httpd-") || survey.name(&line) == "AddHandler");
        let mut around = line.sections();
        let is_limited = around.any(|it| survey.name(&it).starts_with("<Files"));
        if !is_program || is_limited || extensions.is_empty() {
            continue;
        }
        let extension = extensions[0].trim_start_matches('.');
        let message = format!("also a file `picture.{extension}.jpg` is run as a program");
        let finding = report.at(line.site(), message);
        finding.help(format!(
            "write `SetHandler {handler}` in `<FilesMatch \"\\.{extension}$\">`"
        ));
    }
}
