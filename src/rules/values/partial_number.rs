use crate::argument::number::{atoi, strtol};
use crate::argument::proxy::{Parameter, worker};
use crate::argument::words;
use crate::argument::wsgi::daemon_process::DaemonProcess;
use crate::diagnostic::Level;
use crate::evaluate::{Line, Placed};
use crate::form::{Form, Number, Reading};
use crate::httpd::Directive;
use crate::rule::{Check, Context, Report, Which};
use crate::source::Span;

const DAEMON: &str = "WSGIDaemonProcess";
// Directives with the parameters of a worker or a balancer behind other words.
const WITH_PARAMETERS: &[&str] = &["BalancerMember", "ProxyPass", "ProxyPassMatch", "ProxySet"];

// Units that change nothing behind a number of seconds.
const SECONDS: [&str; 5] = ["s", "sec", "secs", "second", "seconds"];

crate::rule! {
    /// A number ends at a letter, and httpd reads no further.
    ///
    /// ## What httpd does
    ///
    /// Most of its directives read the digits in front and ignore what follows (`atoi`); without
    /// digits the number is 0. They know no units.
    ///
    /// ## Why it matters
    ///
    /// `LimitRequestLine 16K` allows 16 bytes, so that almost every request is refused with 414.
    /// `Timeout 5min` is five seconds.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// Timeout 5min
    /// LimitRequestLine 16K
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// Timeout 300
    /// LimitRequestLine 16384
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain: how a directive reads its number is part of the table of directives. Those that
    /// look behind the number refuse it themselves, or know units, like `KeepAliveTimeout 500ms`.
    /// `Timeout 30s` is not reported: the number is one of seconds.
    pub static RULE = {
        id: "partial-number",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Arguments(Which::Described(reads_partial_numbers), check),
    }
}

fn reads_partial_numbers(directive: &Directive) -> bool {
    let mut forms = directive.forms.words.iter();
    let name = &*directive.spelling;
    name == DAEMON || WITH_PARAMETERS.contains(&name) || forms.any(|it| lenient(it).is_some())
}

fn lenient(form: &Form) -> Option<&Number> {
    match form {
        Form::Number(number) if number.is_lenient() => Some(number),
        _ => None,
    }
}

fn check(context: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let Some(definition) = context.definition(placed) else {
        return;
    };
    let line = placed.line();
    if definition.spelling == DAEMON {
        return check_daemon(placed, &line, report);
    }
    if WITH_PARAMETERS.contains(&&*definition.spelling) {
        return check_parameters(placed, &line, report);
    }
    for (position, word) in line.words().iter().enumerate() {
        let Some(number) = definition.forms.at(position).and_then(lenient) else {
            continue;
        };
        if strtol(&word.text, 10).length == word.text.len() {
            continue;
        }
        let is_word = number
            .or
            .iter()
            .any(|it| it.eq_ignore_ascii_case(&word.text));
        if is_word || (position > 0 && word.text.is_empty()) {
            continue;
        }
        let read = match number.read {
            Reading::Atoi => i64::from(atoi(&word.text)),
            _ => strtol(&word.text, 10).value,
        };
        let name = &definition.spelling;
        // What is in milliseconds says so in one word, too.
        let in_seconds = definition
            .syntax
            .split_whitespace()
            .any(|it| it == "seconds");
        if in_seconds && ends_in_seconds(&word.text) {
            continue;
        }
        check_number(
            placed,
            &word.text,
            (name, read),
            line.word_span(word),
            report,
        );
    }
}

fn check_daemon(placed: &Placed<'_>, line: &Line<'_>, report: &mut Report) {
    for option in &DaemonProcess::parse(line.arguments()).options {
        let Some(key) = option.key.filter(|it| it.is_partial_number()) else {
            continue;
        };
        let value = &option.text.value;
        if key.name().ends_with("-timeout") && ends_in_seconds(&value.value) {
            continue;
        }
        let span = line.argument_span(value.range.clone());
        let read = i64::from(atoi(&value.value));
        check_number(placed, &value.value, (key.name(), read), span, report);
    }
}

fn check_parameters(placed: &Placed<'_>, line: &Line<'_>, report: &mut Report) {
    if !line.arguments().contains('=') {
        return;
    }
    let words = words::split(line.arguments());
    for parameter in words.iter().filter_map(Parameter::parse) {
        let (key, value) = (parameter.key.as_str(), parameter.value.as_str());
        match worker::partial_number(key) {
            None => continue,
            Some(true) if ends_in_seconds(value) => continue,
            Some(_) => {}
        }
        let span = line.argument_span(parameter.word.range.clone());
        check_number(placed, value, (key, i64::from(atoi(value))), span, report);
    }
}

fn ends_in_seconds(text: &str) -> bool {
    let digits = strtol(text, 10).length;
    digits > 0
        && SECONDS
            .iter()
            .any(|it| text[digits..].eq_ignore_ascii_case(it))
}

fn check_number(
    placed: &Placed<'_>,
    text: &str,
    (name, read): (&str, i64),
    span: Span,
    report: &mut Report,
) {
    let digits = strtol(text, 10).length;
    let rest = &text[digits..];
    // What is left of an undefined variable is told elsewhere, and some read `0x…`.
    let is_hexadecimal = &text[..digits] == "0" && rest.starts_with(['x', 'X']);
    if rest.is_empty() || text.contains("${") || is_hexadecimal {
        return;
    }
    let finding = report.at(placed.at(span), format!("httpd reads `{name}` as {read}"));
    match digits {
        0 => finding.label("no number"),
        _ => finding.label(format!("nobody reads `{rest}`")),
    };
}
