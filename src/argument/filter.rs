//! `ExtFilterDefine`, and the filters that mod_filter looks up by name.

use super::words::{Words, argv, split};
use super::{Declared, Located, Refusal, Surroundings};
use crate::syntax::words::is_blank;

/// The output filters with their modules; httpd ignores the letter case.
pub(super) const FILTERS: &[(&str, &str)] = &[
    ("BROTLI_COMPRESS", "mod_brotli.c"),
    ("BUFFER", "mod_buffer.c"),
    ("BYTERANGE", "core.c"),
    ("CACHE", "mod_cache.c"),
    ("CACHE_SAVE", "mod_cache.c"),
    ("CASEFILTER", "mod_case_filter.c"),
    ("CHARSET_LITE", "mod_charset_lite.c"),
    ("CHUNK", "core.c"),
    ("CONTENT_LENGTH", "core.c"),
    ("DATA", "mod_data.c"),
    ("DEFLATE", "mod_deflate.c"),
    ("FIXUP_HEADERS_ERR", "mod_headers.c"),
    ("FIXUP_HEADERS_OUT", "mod_headers.c"),
    ("HTTP_HEADER", "core.c"),
    ("INCLUDES", "mod_include.c"),
    ("INFLATE", "mod_deflate.c"),
    ("LOGIO_OUT", "mod_logio.c"),
    ("MOD_EXPIRES", "mod_expires.c"),
    ("OLD_WRITE", "core.c"),
    ("proxy-html", "mod_proxy_html.c"),
    ("RATE_LIMIT", "mod_ratelimit.c"),
    ("SED", "mod_sed.c"),
    ("SUBSTITUTE", "mod_substitute.c"),
    ("XML2ENC", "mod_xml2enc.c"),
];

// Whether it is sure that there is no output filter of a name.
fn is_unknown(name: &str, surroundings: &dyn Surroundings) -> bool {
    let known = FILTERS.iter().find(|it| it.0.eq_ignore_ascii_case(name));
    if let Some((_, module)) = known {
        return surroundings.has_module(module) == Some(false);
    }
    // Others may be declared, or come with a module that we do not know.
    let declarations = || surroundings.declared_above(Declared::OutputFilter, name);
    surroundings.has_foreign_module() == Some(false)
        && declarations().is_some_and(|it| it.is_empty())
}

fn unknown(word: &Located<String>, name: &str) -> Refusal {
    let message = format!("Unknown filter provider {name}");
    Refusal::new(word.range.clone(), message)
}

/// What httpd refuses in `FilterProvider`, expressions apart.
pub fn provider(text: &str, surroundings: &dyn Surroundings) -> Option<Refusal> {
    let provider = split(text).into_iter().nth(1)?;
    is_unknown(&provider.value, surroundings).then(|| unknown(&provider, &provider.value))
}

/// What httpd refuses in `AddOutputFilterByType FILTER[;FILTER] TYPE…`.
pub fn by_type(text: &str, surroundings: &dyn Surroundings) -> Option<Refusal> {
    let words = argv(text);
    if words.len() < 2 {
        let message = "AddOutputFilterByType requires at least two arguments";
        return Some(Refusal::new(0..text.len(), message));
    }
    let filters = words.first()?;
    let mut names = filters.value.split(';').filter(|it| !it.is_empty());
    let wrong = names.find(|it| is_unknown(it, surroundings))?;
    Some(unknown(filters, wrong))
}

/// What httpd refuses in `FilterProtocol` and `FilterTrace`: filters that nobody declares.
pub fn declared(directive: &str, text: &str, surroundings: &dyn Surroundings) -> Option<Refusal> {
    let filter = Words::new(text).take();
    let declarations = surroundings.declared_above(Declared::SmartFilter, &filter.value)?;
    let message = match directive {
        "FilterTrace" => format!("Undeclared smart filter {}", filter.value),
        _ => "FilterProtocol: No such filter".to_owned(),
    };
    declarations
        .is_empty()
        .then(|| Refusal::new(filter.range, message))
}

/// What httpd refuses in `ExtFilterDefine NAME [KEY=VALUE]…`. Only the value of `cmd` may be quoted.
pub fn external(text: &str) -> Option<Refusal> {
    let blank = |it: &str| it.find(is_blank).unwrap_or(it.len());
    let behind = text[blank(text)..].trim_start_matches(is_blank);
    let mut at = text.len() - behind.len();
    while at < text.len() {
        let rest = &text[at..];
        let length = blank(rest);
        let word = &rest[..length];
        let key = word.split_once('=').map_or(word, |it| it.0);
        let value = word.split_once('=').map(|it| it.1);
        let mut end = at + length;
        let message = match (key.to_ascii_lowercase().as_str(), value) {
            ("preservescontentlength", None) => None,
            ("mode", Some(mode)) => {
                let is_mode = ["input", "output"]
                    .iter()
                    .any(|it| it.eq_ignore_ascii_case(mode));
                (!is_mode).then(|| format!("Invalid mode: `{mode}'"))
            }
            ("ftype" | "intype" | "outtype" | "disableenv" | "enableenv", Some(_)) => None,
            ("cmd", Some(value)) if value.starts_with('"') => {
                let start = at + "cmd=\"".len();
                match text[start..].find('"') {
                    Some(quote) => {
                        end = start + quote + 1;
                        let is_empty = text[start..start + quote].trim().is_empty();
                        is_empty.then(|| "Invalid cmd= parameter".to_owned())
                    }
                    None => Some("Expected cmd= delimiter".to_owned()),
                }
            }
            ("cmd", Some(_)) => None,
            _ => Some(format!("Unexpected parameter: `{rest}'")),
        };
        if let Some(message) = message {
            return Some(Refusal::new(at..end, message));
        }
        let rest = &text[end..];
        at = text.len() - rest.trim_start_matches(is_blank).len();
    }
    None
}
