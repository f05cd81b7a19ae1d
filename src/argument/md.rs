//! Directives of mod_md with a language of their own.

use super::number::atoi;
use super::words::{argv, first, split};
use super::{Refusal, Surroundings, duration, file, proxy};
use crate::world::Kind;

/// The certificate authorities that have a name.
const AUTHORITIES: &[&str] = &["LetsEncrypt", "LetsEncrypt-Test", "Buypass", "Buypass-Test"];

fn is(word: &str, keyword: &str) -> bool {
    word.eq_ignore_ascii_case(keyword)
}

/// What httpd refuses in the directives that take a time, in days where it has no unit, or a part
/// of a certificate's life.
pub fn time(directive: &str, text: &str) -> Option<Refusal> {
    let word = first(text);
    let time = duration::days(&word.value);
    let message = match directive {
        "MDStoreLocks" if is(&word.value, "on") || is(&word.value, "off") => return None,
        "MDStoreLocks" => time
            .is_none()
            .then(|| "neither 'on', 'off' or a duration specified".to_owned()),
        "MDActivationDelay" | "MDRetryDelay" | "MDInitialDelay" | "MDCheckInterval" => match time {
            None => Some("unrecognized duration format".to_owned()),
            Some(time) => too_short(directive, time).map(str::to_owned),
        },
        _ if time.is_some() => None,
        _ => percent_mistake(&word.value).map(|it| format!("{directive} {it}")),
    };
    Some(Refusal::new(word.range, message?))
}

fn too_short(directive: &str, time: i64) -> Option<&'static str> {
    match directive {
        "MDRetryDelay" if time <= 0 => Some("minimum delay must be greater than 0"),
        "MDInitialDelay" if time < 0 => Some("initial delay must not be negative"),
        "MDCheckInterval" if time < 1000 => Some("check interval cannot be less than one second"),
        _ => None,
    }
}

fn percent_mistake(word: &str) -> Option<&'static str> {
    let number = super::number::strtol(word, 10);
    let is_percent = word[number.length..].starts_with('%');
    match number.value {
        _ if !is_percent || number.overflow => Some("has unrecognized format"),
        ..0 => Some("percent must be less than 100"),
        0..100 => None,
        _ => Some("a length of 100% or more is not allowed."),
    }
}

/// What httpd refuses in `MDStaplingRenewWindow`, which words one message in its own way.
pub fn stapling_renew_window(text: &str) -> Option<Refusal> {
    let mut refusal = time("MDStaplingRenewWindow", text)?;
    refusal.message = refusal.message.replace(" a length", " with a length");
    Some(refusal)
}

/// What httpd refuses in `MDPrivateKeys`.
pub fn private_keys(text: &str) -> Option<Refusal> {
    let words = argv(text);
    if words.is_empty() {
        let message = "needs to specify the private key type";
        return Some(Refusal::new(0..text.len(), message));
    }
    let mut seen: Vec<String> = Vec::new();
    let mut at = 0;
    while let Some(word) = words.get(at) {
        at += 1;
        let name = &word.value;
        if is(name, "Default") {
            let is_alone = words.len() == 1;
            let message = "'Default' allows no other parameter";
            return (!is_alone).then(|| Refusal::new(word.range.clone(), message));
        }
        if seen.iter().any(|it| is(it, name)) {
            let shown = if is(name, "RSA") {
                "RSA"
            } else {
                name.as_str()
            };
            let message = format!("two keys of type '{shown}' are not possible.");
            return Some(Refusal::new(word.range.clone(), message));
        }
        seen.push(name.clone());
        let bits = words
            .get(at)
            .filter(|it| is(name, "RSA") && it.value.starts_with(|it: char| it.is_ascii_digit()));
        if let Some(bits) = bits {
            at += 1;
            if atoi(&bits.value) < 2048 {
                let message = "must be 2048 or higher in order to be considered safe.";
                return Some(Refusal::new(bits.range.clone(), message));
            }
        }
    }
    None
}

/// What httpd refuses in `MDPortMap`.
pub fn port_map(text: &str) -> Option<Refusal> {
    split(text).into_iter().find_map(|word| {
        let message = match word.value.split_once(':') {
            Some((from, to)) => port_mistake(from, to)?,
            None => "no ':' after first port number",
        };
        Some(Refusal::new(word.range, message))
    })
}

fn port_mistake(from: &str, to: &str) -> Option<&'static str> {
    let number = |it: &str| super::number::strtol(it, 10);
    let is_name = ["http", "https"].contains(&from);
    let port = number(from);
    if !is_name && port.length == 0 {
        return Some("no ':' after first port number");
    }
    let is_port = |it: &str| {
        let number = number(it);
        number.length > 0 && (1..=65535).contains(&number.value)
    };
    if to != "-" && !is_port(to) {
        return Some("invalid number for port map, must be in ]0,65535]");
    }
    let is_known = is_name || [80, 443].contains(&port.value);
    (!is_known).then_some("mapped port number must be 80 or 443")
}

// Why a text is no URL of a server.
fn url_mistake(url: &str) -> Option<&'static str> {
    let scheme = url.split_once(':').map(|it| it.0);
    match scheme {
        None => Some("missing uri scheme"),
        Some(_) if proxy::url::is_unparsable(url) => Some("not an uri"),
        Some(_) if !url.contains("://") => Some("missing hostname"),
        Some(_) => None,
    }
}

/// What httpd refuses in `MDHttpProxy`.
pub fn http_proxy(text: &str) -> Option<Refusal> {
    let word = first(text);
    let scheme = word.value.split_once(':').map_or("", |it| it.0);
    let is_http = is(scheme, "http") || is(scheme, "https");
    let wrong_scheme = (!is_http).then_some("uri scheme must be http or https");
    let message = match url_mistake(&word.value) {
        Some("missing hostname") => wrong_scheme.or(Some("missing hostname")),
        None => wrong_scheme,
        mistake => mistake,
    };
    Some(Refusal::new(word.range, message?))
}

/// What httpd refuses in `MDCertificateAuthority`.
pub fn authority(text: &str) -> Option<Refusal> {
    argv(text).into_iter().find_map(|word| {
        if AUTHORITIES.iter().any(|it| is(&word.value, it)) {
            return None;
        }
        let reason = url_mistake(&word.value)?;
        let message = format!(
            "The CA name '{}' is not known and it is not a URL either ({reason}). Known CA names \
             are: {}.",
            word.value,
            AUTHORITIES.join(" ")
        );
        Some(Refusal::new(word.range, message))
    })
}

/// What httpd refuses in `MDomain`: how it is renewed is no domain.
pub fn domain(text: &str) -> Option<Refusal> {
    let is_domain = |it: &str| !is(it, "auto") && !is(it, "manual");
    let has_domain = argv(text).iter().any(|it| is_domain(&it.value));
    let message = "needs at least one domain name";
    (!has_domain).then(|| Refusal::new(0..text.len(), message))
}

/// What httpd refuses in `MDMember` and `MDMembers` outside of `<MDomainSet>`, where they say how
/// members are found; inside, they name them.
pub fn members(directive: &str, text: &str, surroundings: &dyn Surroundings) -> Option<Refusal> {
    let inside = surroundings.sections();
    if inside
        .iter()
        .any(|it| it == "<MDomainSet" || it == "<MDomain")
    {
        return None;
    }
    match argv(text).as_slice() {
        [word] if is(&word.value, "auto") || is(&word.value, "manual") => None,
        [word] => {
            let message = "unknown value, use \"auto|manual\"";
            Some(Refusal::new(word.range.clone(), message))
        }
        _ => {
            let message =
                format!("{directive} is only valid inside a '<MDomainSet' context, not here");
            Some(Refusal::new(0..text.len(), message))
        }
    }
}

/// What httpd refuses in `MDExternalAccountBinding`; what is in the file is not looked at.
pub fn account_binding(text: &str, surroundings: &dyn Surroundings) -> Option<Refusal> {
    let words = split(text);
    let key = words.first()?;
    if words.len() > 1 || is(&key.value, "none") {
        return None;
    }
    let path = surroundings.resolve(&key.value)?;
    let message = match surroundings.kind(&key.value) {
        Kind::Missing | Kind::NotADirectory => "file not found:",
        kind => {
            file::reason(kind)?;
            return None;
        }
    };
    let message = format!("MDExternalAccountBinding: {message} {path}");
    Some(Refusal::new(key.range.clone(), message))
}
