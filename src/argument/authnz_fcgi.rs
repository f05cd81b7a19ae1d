//! Directives of mod_authnz_fcgi.

use super::Refusal;
use super::words::argv;

/// What httpd refuses in `AuthnzFcgiDefineProvider TYPE NAME ADDRESS`; names are not looked up.
pub fn define(text: &str) -> Option<Refusal> {
    let words = argv(text);
    let end = text.len()..text.len();
    let refused = |range: std::ops::Range<usize>, message: String| {
        Some(Refusal::new(
            range,
            format!("AuthnzFcgiDefineProvider: {message}"),
        ))
    };
    let Some(kind) = words.first() else {
        return refused(end, "No type given".to_owned());
    };
    let kinds = ["authn", "authz", "authnz"];
    if !kinds.iter().any(|it| it.eq_ignore_ascii_case(&kind.value)) {
        let message = format!("Invalid provider type {}", kind.value);
        return refused(kind.range.clone(), message);
    }
    if words.len() < 2 {
        return refused(end, "No provider name given".to_owned());
    }
    let Some(backend) = words.get(2) else {
        return refused(end, "No backend-address given".to_owned());
    };
    let backend_range = backend.range.clone();
    match port(&backend.value) {
        None => refused(
            backend_range,
            format!("backend-address '{}' has invalid form", backend.value),
        ),
        Some(port) if !(1..=65535).contains(&port) => refused(
            backend_range,
            format!("backend-address '{}' has invalid port", backend.value),
        ),
        Some(_) => {
            let surplus = words.get(3)?;
            let message = format!("Unexpected parameter {}", surplus.value);
            refused(surplus.range.clone(), message)
        }
    }
}

// The port of `fcgi://HOST:PORT`, with or without a slash.
fn port(backend: &str) -> Option<i64> {
    let rest = backend.strip_prefix("fcgi://")?;
    let (host, port) = rest.strip_suffix('/').unwrap_or(rest).rsplit_once(':')?;
    let is_number = !port.is_empty() && port.bytes().all(|it| it.is_ascii_digit());
    (is_number && !host.is_empty()).then(|| super::number::strtol(port, 10).value)
}

/// What httpd refuses in `AuthnzFcgiCheckAuthnProvider`, expressions apart.
pub fn check(text: &str) -> Option<Refusal> {
    let words = argv(text);
    let name = "AuthnzFcgiCheckAuthnProvider";
    let Some((provider, options)) = words.split_first() else {
        let message = format!("{name}: No provider given");
        return Some(Refusal::new(text.len()..text.len(), message));
    };
    if provider.value.eq_ignore_ascii_case("None") {
        let first = options.first()?;
        let message = "Options aren't supported with \"None\"";
        return Some(Refusal::new(first.range.clone(), message));
    }
    options.chunks(2).find_map(|pair| {
        let option = pair.first()?;
        let is = |it: &str| it.eq_ignore_ascii_case(&option.value);
        let Some(value) = pair.get(1) else {
            let message = format!("{name}: {}needs an argument", option.value);
            return Some(Refusal::new(option.range.clone(), message));
        };
        let is_switch = ["on", "off"]
            .iter()
            .any(|it| it.eq_ignore_ascii_case(&value.value));
        if is("DefaultUser") || is("UserExpr") {
            None
        } else if !is("Authoritative") && !is("RequireBasicAuth") {
            let message = format!("{name}: Unexpected option '{}'", option.value);
            Some(Refusal::new(option.range.clone(), message))
        } else {
            let (value_text, option_text) = (&value.value, &option.value);
            let message = format!("{name}: Bad argument '{value_text}' to option '{option_text}'");
            (!is_switch).then(|| Refusal::new(value.range.clone(), message))
        }
    })
}
