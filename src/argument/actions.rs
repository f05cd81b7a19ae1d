//! `Action TYPE SCRIPT [virtual]` and `Script METHOD SCRIPT`.

use super::Refusal;
use super::words::split;

/// What httpd refuses in `Action TYPE SCRIPT [virtual]`.
pub fn action(text: &str) -> Option<Refusal> {
    let option = split(text).into_iter().nth(2)?;
    let is_wrong = !option.value.eq_ignore_ascii_case("virtual");
    let message = format!("unrecognized option '{}'", option.value);
    is_wrong.then(|| Refusal::new(option.range, message))
}

/// What httpd refuses in `Script METHOD SCRIPT`.
pub fn script(text: &str) -> Option<Refusal> {
    let method = split(text).into_iter().next()?;
    let message = "TRACE not allowed for Script";
    (method.value == "TRACE").then(|| Refusal::new(method.range, message))
}
