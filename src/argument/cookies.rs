//! The cookies of mod_usertrack and of mod_session.

use super::Refusal;
use super::words::first;

/// What httpd refuses in `CookieDomain`.
pub fn cookie_domain(text: &str) -> Option<Refusal> {
    let word = first(text);
    let message = match word.value.strip_prefix('.') {
        None => "CookieDomain values must begin with a dot",
        Some(rest) if !rest.contains('.') => {
            "CookieDomain values must contain at least one embedded dot"
        }
        Some(_) => return None,
    };
    Some(Refusal::new(word.range, message))
}

/// What httpd refuses in `CookieExpires`: seconds, or numbers with units.
pub fn cookie_expires(text: &str) -> Option<Refusal> {
    let word = first(text);
    let is_number = |it: &str| it.starts_with(|it: char| it.is_ascii_digit());
    // Seconds are all digits.
    if word.value.bytes().all(|it| it.is_ascii_digit()) {
        return None;
    }
    let mut parts = word.value.split_ascii_whitespace().peekable();
    if parts
        .peek()
        .is_some_and(|it| it.eq_ignore_ascii_case("plus"))
    {
        parts.next();
    }
    let mut is_first = true;
    while let Some(number) = parts.next() {
        let message = if !is_number(number) {
            "bad expires code, numeric value expected."
        } else {
            match parts.next() {
                None if is_first => "bad expires code, missing <type>",
                None => return None,
                Some(unit) if !is_unit(unit) => "bad expires code, unrecognized type",
                Some(_) => {
                    is_first = false;
                    continue;
                }
            }
        };
        return Some(Refusal::new(word.range, message));
    }
    None
}

fn is_unit(word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    ["y", "mo", "w", "d", "h", "mi", "s"]
        .iter()
        .any(|it| lower.starts_with(it))
}

/// What httpd refuses in the names of session cookies.
pub fn session_cookie(directive: &str, text: &str) -> Option<Refusal> {
    let word = first(text);
    let name = word.value.as_str();
    let message = match directive {
        "SessionDBDCookieName" | "SessionDBDCookieName2" if text.is_empty() => {
            format!("{directive} requires at least one argument!")
        }
        "SessionDBDCookieName" | "SessionDBDCookieName2" if name.contains(['=', ';', '&']) => {
            format!("{directive} cannot contain '=', ';' or '&'.")
        }
        "SessionCookieName" | "SessionCookieName2"
            if text.is_empty() || name.contains(['=', '&']) =>
        {
            format!("{directive} cannot be empty, or contain '=' or '&'.")
        }
        _ => return None,
    };
    Some(Refusal::new(word.range, message))
}
