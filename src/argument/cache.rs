//! Directives of mod_cache and mod_cache_disk.

use super::number::atoi;
use super::words::{first, split};
use super::{Declared, Refusal, Surroundings, uri};

/// What httpd refuses in `CacheEnable PROVIDER [URL]`.
pub fn enable(text: &str, surroundings: &dyn Surroundings) -> Option<Refusal> {
    let words = split(text);
    let provider = words.first()?;
    let name = &provider.value;
    if name.starts_with('/') {
        let message =
            format!("provider ({name}) starts with a '/'.  Are url and provider switched?");
        return Some(Refusal::new(provider.range.clone(), message));
    }
    let url = words.get(1).filter(|it| !it.value.is_empty());
    match (surroundings.section_path(), url) {
        (None, None) => {
            let message = format!("CacheEnable provider ({name}) is missing an URL.");
            Some(Refusal::new(provider.range.clone(), message))
        }
        (Some(path), Some(url)) if !url.value.starts_with(&path) => {
            let message = "When in a Location, CacheEnable must specify a path or an URL below that location.";
            Some(Refusal::new(url.range.clone(), message))
        }
        _ => None,
    }
}

/// What httpd refuses in `CacheDisable URL|on`.
pub fn disable(text: &str, surroundings: &dyn Surroundings) -> Option<Refusal> {
    let word = first(text);
    let message = match surroundings.section_path() {
        Some(_) if word.value.eq_ignore_ascii_case("on") => return None,
        Some(_) => "CacheDisable must be followed by the word 'on' when in a Location.",
        None if word.value.starts_with('/') || word.value.contains(':') => return None,
        None => "CacheDisable must specify a path or an URL.",
    };
    Some(Refusal::new(word.range, message))
}

/// What httpd refuses in `CacheKeyBaseURL`.
pub fn key_base_url(text: &str) -> Option<Refusal> {
    let word = first(text);
    let url = &word.value;
    let message = match uri::parse(url) {
        None => format!("Could not parse '{url}' as an URL."),
        Some(it) if it.scheme.is_none() && it.host.is_none() => {
            format!("URL '{url}' must contain at least one of a scheme, a hostname or a port.")
        }
        Some(_) => return None,
    };
    Some(Refusal::new(word.range, message))
}

/// What httpd refuses in `CacheDirLevels` and `CacheDirLength`: each alone, and both together,
/// which the other one's default of 2 stands for where it is not given.
pub fn directories(
    directive: &str,
    text: &str,
    surroundings: &dyn Surroundings,
) -> Option<Refusal> {
    let word = first(text);
    let number = atoi(&word.value);
    let other = match directive {
        "CacheDirLevels" => "CacheDirLength",
        _ => "CacheDirLevels",
    };
    // No number is less than 1.
    let least = match surroundings.declared_above(Declared::Setting, other) {
        Some(above) => above.last().map_or(2, |it| atoi(&first(&it.text).value)),
        None => 1,
    };
    let message = if number <= 0 {
        format!("{directive} value must be an integer greater than 0")
    } else if number.wrapping_mul(least.max(1)) > 20 {
        "CacheDirLevels*CacheDirLength value must not be higher than 20".to_owned()
    } else {
        return None;
    };
    Some(Refusal::new(word.range, message))
}
