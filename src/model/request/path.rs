//! The path of a URL, as httpd makes it before it looks at anything else.

/// Decodes and normalises a path (`ap_normalize_path`, `ap_unescape_url`).
///
/// # Errors
/// httpd answers at once.
pub(super) fn normalised(
    raw: &str,
    merges_slashes: bool,
    allows_encoded_slashes: EncodedSlashes,
) -> Result<String, Unusable> {
    let (path, is_above) = match raw.starts_with('/') {
        true => without_dots(&decoded_dots(raw), merges_slashes),
        false => (raw.to_owned(), true),
    };
    if is_above {
        return Err(Unusable { status: 400, path });
    }
    decoded(&path, allows_encoded_slashes)
}

/// A path that httpd does not take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unusable {
    /// What it answers.
    pub(super) status: u16,
    /// What it made of the path.
    pub(super) path: String,
}

/// What `AllowEncodedSlashes` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum EncodedSlashes {
    /// `Off`: there is nothing at such a URL.
    Refused,
    /// `On`.
    Decoded,
    /// `NoDecode`.
    Kept,
}

// `%2e` is a dot before dots are resolved.
fn decoded_dots(path: &str) -> String {
    path.replace("%2e", ".").replace("%2E", ".")
}

// The path, and whether it leads above the root.
fn without_dots(path: &str, merges_slashes: bool) -> (String, bool) {
    let mut parts: Vec<&str> = Vec::new();
    let mut is_above = false;
    let mut rest = path[1..].split('/').peekable();
    while let Some(part) = rest.next() {
        let is_last = rest.peek().is_none();
        match part {
            "." | ".." => {
                if part == ".." {
                    is_above |= parts.pop().is_none();
                }
                if is_last {
                    parts.push("");
                }
            }
            // Slashes at the beginning are one in any case.
            "" if !is_last && (merges_slashes || parts.is_empty()) => {}
            part => parts.push(part),
        }
    }
    (format!("/{}", parts.join("/")), is_above)
}

// What is no number behind `%` stays.
fn decoded(path: &str, slashes: EncodedSlashes) -> Result<String, Unusable> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    let mut status = None;
    while let [first, behind @ ..] = rest {
        let digit = |it: &u8| char::from(*it).to_digit(16);
        let number = match (first, behind) {
            (b'%', [high, low, ..]) => digit(high).zip(digit(low)),
            _ => None,
        };
        let (byte, width) = match number {
            Some((high, low)) => (u8::try_from(high * 16 + low).unwrap_or(0), 3),
            None => (*first, 1),
        };
        match (byte, width, slashes) {
            (0, _, _) | (b'/', 3, EncodedSlashes::Refused) => status = status.or(Some(404)),
            (b'%', 1, _) => status = Some(400),
            _ => {}
        }
        match (byte, width, slashes) {
            (b'/', 3, EncodedSlashes::Kept) => bytes.extend(&rest[..3]),
            _ => bytes.push(byte),
        }
        rest = &rest[width..];
    }
    let path = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => error.into_bytes().into_iter().map(char::from).collect(),
    };
    match status {
        Some(status) => Err(Unusable { status, path }),
        None => Ok(path),
    }
}

#[cfg(test)]
mod tests {
    use super::{EncodedSlashes, normalised};

    #[test]
    fn a_path_is_normalised_and_decoded() {
        let path = |it| normalised(it, true, EncodedSlashes::Refused).map_err(|it| it.status);
        assert_eq!(path("/a/./b//c/../d/"), Ok("/a/b/d/".to_owned()));
        assert_eq!(path("//a%20b"), Ok("/a b".to_owned()));
        assert_eq!(path("/a/.."), Ok("/".to_owned()));
        assert_eq!(path("/a/%2e%2e/b"), Ok("/b".to_owned()));
        assert_eq!(path("/.."), Err(400));
        assert_eq!(path("/a%2fb"), Err(404));
        assert_eq!(path("/a%2"), Err(400));
        let kept = normalised("/a%2fb", true, EncodedSlashes::Kept);
        assert_eq!(kept, Ok("/a%2fb".to_owned()));
        let doubled = normalised("//a//b", false, EncodedSlashes::Refused);
        assert_eq!(doubled, Ok("/a//b".to_owned()));
    }
}
