//! Directives of mod_md with a language of their own.

use serde_json::Value;

use super::number::{atoi, strtol};
use super::section::Section;
use super::words::{argv, first, split};
use super::{Located, Refusal, Surroundings, duration, uri};
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
        let own_bits = rsa_bits(name);
        let kind = own_bits.map_or(name.as_str(), |_| "RSA");
        if seen.iter().any(|it| is(it, kind)) {
            let message = format!("two keys of type '{kind}' are not possible.");
            return Some(Refusal::new(word.range.clone(), message));
        }
        seen.push(kind.to_owned());
        let is_number =
            |it: &&Located<String>| it.value.starts_with(|it: char| it.is_ascii_digit());
        let next = words.get(at).filter(|_| own_bits == Some(""));
        let next = next.filter(is_number);
        at += usize::from(next.is_some());
        let bits = match own_bits.filter(|it| !it.is_empty()) {
            Some(_) => Some(word),
            None => next,
        };
        if let Some(bits) = bits {
            let digits = rsa_bits(&bits.value).unwrap_or(&bits.value);
            if atoi(digits) < 2048 {
                let message = "must be 2048 or higher in order to be considered safe.";
                return Some(Refusal::new(bits.range.clone(), message));
            }
        }
    }
    None
}

// The number behind `RSA`, if it is that: empty, or what begins with a digit.
fn rsa_bits(word: &str) -> Option<&str> {
    let (name, number) = word.split_at_checked("RSA".len())?;
    let is_number = number.is_empty() || number.starts_with(|it: char| it.is_ascii_digit());
    (is(name, "RSA") && is_number).then_some(number)
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
    if !is_name && port.length < from.len() {
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

// The highest port that mod_md takes.
const HIGHEST_PORT: u16 = 65353;

// Why a text is no URL (`md_util_abs_uri_check`).
fn url_mistake(url: &str) -> Option<&'static str> {
    if url.bytes().any(|it| b" \t\n\x0b\x0c\r".contains(&it)) {
        return Some("whitespace in uri");
    }
    let Some(parts) = uri::parse(url) else {
        return Some("not an uri");
    };
    let Some(scheme) = parts.scheme else {
        return Some("missing uri scheme");
    };
    if scheme.len() + 1 == url.len() {
        return Some("missing uri identifier");
    }
    if scheme == "mailto" {
        return address_mistake(&url[scheme.len() + 1..]);
    }
    if !scheme.starts_with("http") {
        return None;
    }
    let Some(host) = parts.host else {
        return Some("missing hostname");
    };
    // APR keeps the low 16 bits.
    let is_port = |it: &str| {
        let number = strtol(it, 10).value as u16;
        it.starts_with(|it: char| it.is_ascii_digit()) && (1..=HIGHEST_PORT).contains(&number)
    };
    if parts.port.is_some_and(|it| !is_port(it)) {
        Some("invalid port")
    } else if !is_host(host) {
        Some("invalid hostname")
    } else {
        None
    }
}

// Why a text is no address of mail.
fn address_mistake(address: &str) -> Option<&'static str> {
    match address.split_once('@') {
        None => Some("missing @"),
        Some((_, host)) if host.contains('@') => Some("duplicate @"),
        Some(("", _)) => Some("missing local part"),
        Some((_, "")) => Some("missing hostname"),
        Some(_) => address.contains("..").then_some("double period"),
    }
}

fn is_host(name: &str) -> bool {
    let is_part = |it: u8| it.is_ascii_alphanumeric() || b".-".contains(&it);
    name.bytes().all(is_part) && !name.contains("..")
}

/// What httpd refuses in `MDHttpProxy`.
pub fn http_proxy(text: &str) -> Option<Refusal> {
    let word = first(text);
    let scheme = word.value.split_once(':').map_or("", |it| it.0);
    let is_http = is(scheme, "http") || is(scheme, "https");
    let wrong_scheme = (!is_http).then_some("uri scheme must be http or https");
    let message = url_mistake(&word.value).or(wrong_scheme)?;
    Some(Refusal::new(word.range, message))
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

/// What httpd refuses in `<MDomainSet …>` and `<MDomain …>`; it calls both by the first name.
pub fn section(text: &str) -> Option<Refusal> {
    let parsed = Section::parse(text);
    if !parsed.is_closed {
        let message = "<MDomainSet> directive missing closing '>'";
        return Some(Refusal::new(text.len()..text.len(), message));
    }
    let message = "<MDomainSet > section must specify a unique domain name";
    let is_empty = parsed.argument_text().is_empty();
    is_empty.then(|| Refusal::new(parsed.argument, message))
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

/// What httpd refuses in `MDExternalAccountBinding`, and in the file that it names.
pub fn account_binding(text: &str, surroundings: &dyn Surroundings) -> Option<Refusal> {
    let words = split(text);
    let key = words.first()?;
    let has_value = words.get(1).is_some_and(|it| !it.value.is_empty());
    if has_value || is(&key.value, "none") {
        return None;
    }
    let path = surroundings.resolve(&key.value)?;
    let message = match surroundings.kind(&key.value) {
        Kind::Missing | Kind::NotADirectory | Kind::Directory => "file not found:",
        _ => wrong_account(&surroundings.content(&key.value)?)?,
    };
    let message = format!("MDExternalAccountBinding: {message} {path}");
    Some(Refusal::new(key.range.clone(), message))
}

// What is wrong with a file about an external account.
fn wrong_account(content: &[u8]) -> Option<&'static str> {
    let Some(account) = json(content) else {
        return Some("error reading JSON file");
    };
    let has = |name: &str| {
        let text = account.get(name).and_then(Value::as_str);
        text.is_some_and(|it| !it.is_empty())
    };
    if !has("kid") {
        return Some("JSON does not contain 'kid' element in file");
    }
    (!has("hmac")).then_some("JSON does not contain 'hmac' element in file")
}

// A text as jansson reads it: an object or an array.
fn json(content: &[u8]) -> Option<Value> {
    let value: Value = serde_json::from_slice(content).ok()?;
    (value.is_object() || value.is_array()).then_some(value)
}
