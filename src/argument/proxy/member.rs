//! `BalancerMember [BALANCER] URL [KEY=VALUE]…` and `ProxySet [URL] KEY=VALUE…`.

use super::{Parameter, Party, backend, balancer, set, url};
use crate::argument::words::Words;
use crate::argument::{Located, Refusal, Surroundings};

/// What httpd refuses in `BalancerMember`.
pub fn member(text: &str, surroundings: &dyn Surroundings) -> Option<Refusal> {
    let section = surroundings.section_path();
    let mut words = Words::new(text);
    let mut names: Vec<Located<String>> = Vec::new();
    let mut parameters = Vec::new();
    let most = if section.is_some() { 1 } else { 2 };
    while !words.is_at_end() {
        let word = words.take();
        if let Some(parameter) = Parameter::parse(&word) {
            set(&mut parameters, parameter);
        } else if names.len() < most {
            names.push(word);
        } else {
            let message = match section {
                Some(_) => "BalancerMember can not have a balancer name when defined in a location",
                None => {
                    "Invalid BalancerMember parameter. Parameter must be in the form 'key=value'"
                }
            };
            return Some(Refusal::new(word.range, message));
        }
    }
    let end = text.len();
    if most == 2 && names.is_empty() {
        let message = "BalancerMember must define balancer name when outside <Proxy > section";
        return Some(Refusal::new(end..end, message));
    }
    let Some(server) = names.get(most - 1) else {
        let message = "BalancerMember must define remote proxy server";
        return Some(Refusal::new(end..end, message));
    };
    let name = section.or_else(|| Some(names.first()?.value.clone()))?;
    let mistake = match url::without_socket(&server.value) {
        None => {
            let message = "BalancerMember uses an invalid \"unix:\" URL".to_owned();
            return Some(Refusal::new(server.range.clone(), message));
        }
        Some(_) => match balancer::name_mistake(&name).filter(|_| !name.is_empty()) {
            Some(message) => Some((names.first().unwrap_or(server), message)),
            None => url::mistake(&server.value, false).map(|it| (server, it)),
        },
    };
    if let Some((word, message)) = mistake {
        let message = format!("BalancerMember {message}");
        return Some(Refusal::new(word.range.clone(), message));
    }
    Party::Worker.refused("BalancerMember", &parameters, surroundings)
}

/// What httpd refuses in `ProxySet`.
pub fn proxy_set(text: &str, surroundings: &dyn Surroundings) -> Option<Refusal> {
    let mut words = Words::new(text);
    let in_proxy = surroundings
        .sections()
        .first()
        .is_some_and(|it| it.starts_with("<Proxy"));
    let section = surroundings.section_path().filter(|_| in_proxy);
    let name = section.unwrap_or_else(|| words.take().value);
    // The section around a part of a configuration is not shown, and may be for a balancer.
    if in_proxy && name.is_empty() {
        return None;
    }
    let party = Party::of(&name);
    if !in_proxy && (!may_be_known(&name) || backend::is_missing(&name, surroundings)) {
        let kind = if name.starts_with("balancer:") {
            "Balancer"
        } else {
            "Worker"
        };
        let message = format!("ProxySet can not find '{name}' {kind}.");
        return Some(Refusal::new(0..words.offset(), message));
    }
    if let Some(message) = party.url_mistake(&name, true).filter(|_| in_proxy) {
        let message = format!("ProxySet {message}");
        return Some(Refusal::new(0..text.len(), message));
    }
    while !words.is_at_end() {
        let word = words.take();
        let message = match Parameter::parse(&word) {
            None => "Invalid ProxySet parameter. Parameter must be in the form 'key=value'".into(),
            Some(it) => match party.mistake(&it, surroundings) {
                Some(message) => {
                    format!("ProxySet: {message} {}={}; {name}", it.key, it.value)
                }
                None => continue,
            },
        };
        return Some(Refusal::new(word.range, message));
    }
    None
}

// Of a name without a host behind its scheme, no worker and no balancer is
// (`ap_proxy_get_worker_ex`).
fn may_be_known(name: &str) -> bool {
    let is_socket = name.starts_with("unix:");
    let host = name.split_once(':').and_then(|it| it.1.strip_prefix("//"));
    is_socket || host.is_some_and(|it| !it.is_empty())
}
