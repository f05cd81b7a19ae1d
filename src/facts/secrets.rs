//! What must not be shown of a server.
//!
//! A secret cannot be told from another word by its looks. So of a variable only what is known to
//! be harmless is told, by its name and its value; and from texts that are told as a whole, the
//! places are cut in which secrets usually stand.

use std::borrow::Cow;

use memchr::memmem;

/// Stands for what was cut out.
pub(super) const CUT: &str = "…";

// Variables that Debian's `envvars`, a shell or Python knows.
const HARMLESS: &[&str] = &[
    "APACHE_ULIMIT_MAX_FILES",
    "LANG",
    "LANGUAGE",
    "LD_LIBRARY_PATH",
    "LC_ALL",
    "PATH",
    "PYTHONPATH",
    "SUFFIX",
    "TZ",
];

// Ends of names of variables that say where something is, or who does it.
const HARMLESS_ENDS: &[&str] = &[
    "_CONFDIR", "_DIR", "_FILE", "_GROUP", "_HOME", "_HOST", "_PORT", "_ROOT", "_USER", "HOME",
    "TMPDIR",
];

// Parts of names, in upper case, behind which a secret stands.
const SECRET_PARTS: &[&str] = &[
    "AUTH",
    "CRED",
    "KEY",
    "PASS",
    "PRIVATE",
    "PWD",
    "SALT",
    "SECRET",
    "SIGNATURE",
    "TOKEN",
];

/// Whether the value of a variable may be told.
pub(super) fn is_harmless(name: &str, value: &str) -> bool {
    let has_harmless_name =
        HARMLESS.contains(&name) || HARMLESS_ENDS.iter().any(|it| name.ends_with(it));
    let is_plain = |it: char| it.is_ascii_alphanumeric() || " _./:,+-".contains(it);
    has_harmless_name && !is_secret_name(name) && value.chars().all(is_plain)
}

fn is_secret_name(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    SECRET_PARTS.iter().any(|it| name.contains(it))
}

/// A text without what is secret by its place: user and password of a URL, the value of a
/// `password=`, and what a program behind a `|` is called with.
pub fn cut(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    if text.starts_with('|') {
        return Cow::Owned(format!("|{CUT}"));
    }
    if memmem::find(bytes, b"://").is_none() && memchr::memchr2(b'=', b':', bytes).is_none() {
        return Cow::Borrowed(text);
    }
    let words: Vec<Cow<'_, str>> = text.split(' ').map(cut_word).collect();
    Cow::Owned(words.join(" "))
}

fn cut_word(word: &str) -> Cow<'_, str> {
    if let Some(end) = word
        .find(['=', ':'])
        .filter(|it| is_secret_name(&word[..*it]))
    {
        return Cow::Owned(format!("{}{CUT}", &word[..=end]));
    }
    let Some((scheme, rest)) = word.split_once("://") else {
        return Cow::Borrowed(word);
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    match rest.rfind('@') {
        // A password may hold any character that somebody forgot to encode.
        Some(at) if at < host.len() || !host.contains('.') => {
            Cow::Owned(format!("{scheme}://{CUT}{}", &rest[at..]))
        }
        _ => Cow::Borrowed(word),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_variable_only_the_harmless_is_told() {
        assert!(is_harmless("APACHE_LOG_DIR", "/var/log/apache2"));
        assert!(is_harmless("APACHE_RUN_USER", "www-data"));
        assert!(is_harmless("APACHE_ULIMIT_MAX_FILES", "ulimit -n 65536"));
        for (name, value) in [
            ("DB_PASSWORD", "x"),
            ("db_passwd_file", "/run/x"),
            ("DATABASE_URL", "postgres://u:p@h/x"),
            ("SITE_ROOT", "https://u:p@h"),
            ("AWS_SECRET_KEY_DIR", "/x"),
            ("APACHE_ARGUMENTS", "-c x"),
            ("HARMLESS", "hunter2"),
        ] {
            assert!(!is_harmless(name, value), "{name}={value}");
        }
    }

    #[test]
    fn a_text_loses_what_is_secret_by_its_place() {
        for (text, told) in [
            ("/etc/apache2", "/etc/apache2"),
            ("see https://example.com/a:b", "see https://example.com/a:b"),
            ("http://user:pass@host/", "http://…@host/"),
            ("http://user:p/a@ss@host/", "http://…@host/"),
            ("--with-password=x --a", "--with-password=… --a"),
            ("api_key:abc", "api_key:…"),
            ("|/bin/log --token abc", "|…"),
            ("-DX=1 CFLAGS=-g", "-DX=1 CFLAGS=-g"),
        ] {
            assert_eq!(cut(text), told);
        }
    }
}
