use crate::argument::substitute::Substitution;
use crate::argument::words::first;
use crate::diagnostic::{Edit, Level, Promise};
use crate::evaluate::Placed;
use crate::rule::{Check, Context, Report, Which};

crate::rule! {
    /// Nothing closes the replacement of a `Substitute`.
    ///
    /// ## What httpd does
    ///
    /// It takes everything up to the end of the word for the replacement, and reads no flags.
    ///
    /// ## Why it matters
    ///
    /// What was meant for flags is written into the pages: `s/shop/store n` replaces `shop` by
    /// `store n`. Without flags it works, until somebody adds one.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule filter_module modules/mod_filter.so
    /// LoadModule substitute_module modules/mod_substitute.so
    /// <Location />
    ///     AddOutputFilterByType SUBSTITUTE text/html
    ///     Substitute s/shop/store
    /// </Location>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule filter_module modules/mod_filter.so
    /// LoadModule substitute_module modules/mod_substitute.so
    /// <Location />
    ///     AddOutputFilterByType SUBSTITUTE text/html
    ///     Substitute s/shop/store/
    /// </Location>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain.
    pub static RULE = {
        id: "unclosed-substitution",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        fix: Promise::Safe,
        check: Check::Arguments(Which::Named(&["Substitute"]), check),
    }
}

fn check(_: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let line = placed.line();
    let text = line.arguments();
    let word = first(text);
    let Ok(substitution) = Substitution::parse(&word.value) else {
        return;
    };
    let Some(delimiter) = substitution.unclosed else {
        return;
    };
    // What is left of an undefined `${NAME}` is told elsewhere.
    if word.value.contains("${") {
        return;
    }
    let message = format!("no `{delimiter}` closes the replacement");
    let finding = report.at(placed.at(line.argument_span(word.range.clone())), message);
    finding.label(format!("httpd takes `{}` for it", substitution.replacement));
    // Where the word stands as it is, with or without quotes around it.
    let start = text[word.range.clone()].find(word.value.as_str());
    let is_plain = !delimiter.is_ascii_whitespace() && !matches!(delimiter, '\\' | '"' | '\'');
    if let Some(start) = start.filter(|_| is_plain && placed.is_verbatim()) {
        let end = word.range.start + start + word.value.len();
        let edit = Edit {
            span: line.argument_span(end..end),
            text: delimiter.to_string(),
        };
        let title = format!("close it with `{delimiter}`");
        finding.fix(Promise::Safe, title, vec![edit]);
    }
}
