use rustc_hash::FxHashSet;

use crate::diagnostic::{Edit, Level, Promise};
use crate::model::layers::words_of;
use crate::model::survey::Survey;
use crate::rule::{Check, Context, Report, Which};

// `CLF` is there without being declared.
const BUILT_IN: &str = "CLF";

crate::rule! {
    /// A log has a format of a name that no `LogFormat` declares.
    ///
    /// ## What httpd does
    ///
    /// It takes the name for the format itself, and writes it into the log for each request.
    ///
    /// ## Why it matters
    ///
    /// The log has a word in each line and nothing else.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// CustomLog logs/access.log combined
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LogFormat "%h %l %u %t \"%r\" %>s %b \"%{Referer}i\" \"%{User-Agent}i\"" combined
    /// CustomLog logs/access.log combined
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain, where the rest of the server is known: no server declares a format of that name.
    pub static RULE = {
        id: "undeclared-log-format",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        fix: Promise::Unsafe,
        check: Check::Survey(Which::Named(&["CustomLog", "TransferLog"]), check),
    }
}

fn check(context: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    if !context.is_whole() {
        return;
    }
    let formats = survey.possible(&["LogFormat"]).into_iter();
    let declared: Vec<String> = formats
        .filter_map(|it| words_of(&it).into_iter().nth(1))
        .collect();
    let known: FxHashSet<&str> = declared
        .iter()
        .map(String::as_str)
        .chain([BUILT_IN])
        .collect();
    for log in survey.lines("CustomLog") {
        let line = log.line();
        let words = line.words();
        let Some(format) = words.get(1) else { continue };
        let is_name = |it: char| it.is_ascii_alphanumeric() || "_-.".contains(it);
        let text = &*format.text;
        if text.is_empty() || !text.chars().all(is_name) || known.contains(text) {
            continue;
        }
        let message = format!("no `LogFormat` is called `{text}`");
        let finding = report.at(log.at(line.word_span(format)), message);
        finding.label("each line of the log has this word in it, and nothing else");
        let similar = crate::httpd::most_similar(text, declared.iter().map(String::as_str));
        if let Some(similar) = similar.filter(|_| log.is_verbatim()) {
            let edit = Edit {
                span: line.argument_span(format.value_range()),
                text: similar.to_owned(),
            };
            finding.fix(Promise::Unsafe, format!("write `{similar}`"), vec![edit]);
        }
    }
}
