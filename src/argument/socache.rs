//! The caches that several modules share: `PROVIDER[:ARGUMENT]`.

use super::number::strtol;
use super::words::first;
use super::{Refusal, Surroundings};

/// The providers, each with its module.
pub(super) const PROVIDERS: &[(&str, &str)] = &[
    ("dbm", "mod_socache_dbm.c"),
    ("dc", "mod_socache_dc.c"),
    ("memcache", "mod_socache_memcache.c"),
    ("default", "mod_socache_shmcb.c"),
    ("redis", "mod_socache_redis.c"),
    ("shmcb", "mod_socache_shmcb.c"),
];

/// What httpd refuses in `SSLSessionCache`, `SSLStaplingCache`, `AuthnCacheSOCache` and
/// `CacheSocache`.
///
/// To a name that it does not know, mod_ssl answers with the names that it knows, in the order of
/// a hash table that changes with every run; ours is one of them.
pub fn refusal(directive: &str, text: &str, surroundings: &dyn Surroundings) -> Option<Refusal> {
    let word = first(text);
    let none = ["none", "nonenotnull"];
    let is_none = none.iter().any(|it| it.eq_ignore_ascii_case(&word.value));
    if is_none && directive == "SSLSessionCache" {
        return None;
    }
    let (name, argument) = match word.value.split_once(':') {
        Some((name, argument)) => (name, argument),
        None => (word.value.as_str(), ""),
    };
    let provider = PROVIDERS.iter().find(|it| it.0 == name);
    let there = provider.map_or(Some(false), |it| surroundings.has_module(it.1));
    let message = match there {
        None => return None,
        Some(true) if directive == "CacheSocache" => return None,
        Some(true) => format!("{directive}: {}", argument_mistake(name, argument)?),
        Some(false) => unknown(directive, name, &word.value, surroundings),
    };
    Some(Refusal::new(word.range, message))
}

fn unknown(directive: &str, name: &str, word: &str, surroundings: &dyn Surroundings) -> String {
    let load = |name: &str| {
        format!("Maybe you need to load the appropriate socache module (mod_socache_{name}?)")
    };
    let known = || {
        let there = |it: &&(&str, &str)| surroundings.has_module(it.1) != Some(false);
        let names = PROVIDERS.iter().filter(there).map(|it| it.0);
        names.collect::<Vec<_>>().join(",")
    };
    match directive {
        "SSLSessionCache" => format!(
            "SSLSessionCache: '{name}' session cache not supported (known names: {}). {}.",
            known(),
            load(name)
        ),
        "SSLStaplingCache" => format!(
            "SSLStaplingCache: '{name}' stapling cache not supported (known names: {}) {}",
            known(),
            load(name)
        ),
        "AuthnCacheSOCache" => {
            format!(
                "{directive}: Unknown socache provider '{word}'. {}",
                load(word)
            )
        }
        _ => format!("Unknown socache provider '{name}'. {}", load(name)),
    }
}

fn argument_mistake(provider: &str, argument: &str) -> Option<String> {
    match provider {
        "memcache" | "redis" => argument
            .is_empty()
            .then(|| format!("List of server names required to create {provider} socache.")),
        "shmcb" | "default" => {
            let message = size_mistake(argument)?;
            Some(format!("Invalid argument: {message}"))
        }
        _ => None,
    }
}

// `PATH(SIZE)`: the size is looked for at the end.
fn size_mistake(argument: &str) -> Option<&'static str> {
    let Some((_, inner)) = argument.rsplit_once('(') else {
        return argument.ends_with(')').then_some("no opening parenthesis");
    };
    let Some(size) = inner.strip_suffix(')') else {
        return Some(
            "no closing parenthesis or cache size missing after pathname with parenthesis",
        );
    };
    if !size.bytes().all(|it| it.is_ascii_digit()) {
        return Some("cache size not numerical");
    }
    match strtol(size, 10).value {
        ..8192 => Some("size has to be >= 8192 bytes"),
        8192..4_294_967_295 => None,
        _ => Some("size has to be < 4294967295 bytes on this platform"),
    }
}
