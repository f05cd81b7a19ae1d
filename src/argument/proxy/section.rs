//! `<Proxy URL|* [KEY=VALUE]…>`, `<ProxyMatch PATTERN>`, `ProxyHCTemplate` and `ProxyHCExpr`.

use super::{Parameter, Party, worker};
use crate::argument::section::Section;
use crate::argument::server_name::is_pattern;
use crate::argument::words::Words;
use crate::argument::{Refusal, Surroundings, regex};

/// What httpd refuses before it reads the body of `<Proxy>` or `<ProxyMatch>`.
pub fn refusal(name: &str, text: &str) -> Option<Refusal> {
    let section = Section::parse(text);
    if !section.is_closed {
        let end = text.len();
        let message = format!("{name}> directive missing closing '>'");
        return Some(Refusal::new(end..end, message));
    }
    let pattern = Words::new(section.argument_text()).take();
    let is_wrong = name == "<ProxyMatch" && regex::mistake(&pattern.value).is_some();
    is_wrong.then(|| Refusal::new(pattern.range, "Regex could not be compiled"))
}

/// What httpd refuses behind the body: the words behind the first one.
pub fn refusal_after_body(
    name: &str,
    text: &str,
    surroundings: &dyn Surroundings,
) -> Option<Refusal> {
    let section = Section::parse(text);
    let mut words = Words::new(section.argument_text());
    let first = words.take();
    if words.is_at_end() || !section.is_closed {
        return None;
    }
    let url = match first.value.get(..6) {
        Some(scheme) if scheme.eq_ignore_ascii_case("proxy:") => &first.value[6..],
        _ => first.value.as_str(),
    };
    let surplus = words.offset()..section.argument.end;
    if name == "<ProxyMatch" {
        let message = "Multiple <ProxyMatch> arguments not (yet) supported.";
        return Some(Refusal::new(surplus, message));
    }
    let unsupported = if is_pattern(url) {
        Some("wildchar")
    } else if !url.contains(':') {
        Some("non")
    } else {
        None
    };
    if let Some(kind) = unsupported {
        let message = format!("{name}> arguments are not supported for {kind} url.");
        return Some(Refusal::new(surplus, message));
    }
    let party = Party::of(url);
    if let Some(message) = party.url_mistake(url, false) {
        return Some(Refusal::new(
            first.range.clone(),
            format!("{name} {message}"),
        ));
    }
    while !words.is_at_end() {
        let word = words.take();
        let message = match Parameter::parse(&word) {
            None => "Invalid Proxy parameter. Parameter must be in the form 'key=value'".into(),
            Some(it) => match party.mistake(&it, surroundings) {
                Some(message) => format!("{name} {message} {}={}; {url}", it.key, it.value),
                None => continue,
            },
        };
        return Some(Refusal::new(word.range, message));
    }
    None
}

/// What httpd refuses in `ProxyHCTemplate`.
pub fn health_check_template(text: &str, surroundings: &dyn Surroundings) -> Option<Refusal> {
    let mut words = Words::new(text);
    let name = words.take();
    if name.value.is_empty() {
        let message = "Missing template name for ProxyHCTemplate";
        return Some(Refusal::new(name.range, message));
    }
    while !words.is_at_end() {
        let word = words.take();
        let message = match Parameter::parse(&word) {
            None => "Invalid ProxyHCTemplate parameter. Parameter must be in the form 'key=value'"
                .to_owned(),
            Some(it) => match worker::health_check_mistake(&it.key, &it.value, surroundings) {
                Some(message) => format!(
                    "ProxyHCTemplate: {message} {}={}; {}",
                    it.key, it.value, name.value
                ),
                None => continue,
            },
        };
        return Some(Refusal::new(word.range, message));
    }
    None
}

/// What httpd refuses in `ProxyHCExpr`, the expression apart.
pub fn health_check_expression(text: &str) -> Option<Refusal> {
    let mut words = Words::new(text);
    let name = words.take();
    let rest = &text[words.offset()..];
    let is_empty = match rest.starts_with('{') {
        true => rest.starts_with("{}"),
        false => words.take().value.is_empty(),
    };
    let message = if name.value.is_empty() {
        "Missing expression name for ProxyHCExpr"
    } else if name.value.len() > 15 {
        "Expression name limited to 15 characters"
    } else if is_empty {
        "Missing expression for ProxyHCExpr"
    } else if behind_braces(rest).is_some_and(|it| !Words::new(it).take().value.is_empty()) {
        "error: extra parameter(s)"
    } else {
        return None;
    };
    Some(Refusal::new(name.range, message))
}

// What follows an expression in braces, which may hold others (`ap_getword_conf2`).
fn behind_braces(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('{')?;
    let mut depth = 1;
    for (at, character) in inner.char_indices() {
        match character {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(&inner[at + 1..]);
        }
    }
    None
}
