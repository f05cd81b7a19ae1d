//! The path of a URL, as httpd makes it before it looks at anything else.

/// Decodes and normalises a path (`ap_normalize_path`, `ap_unescape_url`).
///
/// # Errors
/// The status with which httpd answers at once.
pub(super) fn normalised(
    raw: &str,
    merges_slashes: bool,
    allows_encoded_slashes: EncodedSlashes,
) -> Result<String, u16> {
    if !raw.starts_with('/') {
        return Err(400);
    }
    let path = without_dots(&decoded_dots(raw), merges_slashes).ok_or(400_u16)?;
    decoded(&path, allows_encoded_slashes)
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

// `None` where the path leads above the root.
fn without_dots(path: &str, merges_slashes: bool) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    let mut rest = path[1..].split('/').peekable();
    while let Some(part) = rest.next() {
        let is_last = rest.peek().is_none();
        match part {
            "." | ".." => {
                if part == ".." {
                    parts.pop()?;
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
    Some(format!("/{}", parts.join("/")))
}

fn decoded(path: &str, slashes: EncodedSlashes) -> Result<String, u16> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let [first, behind @ ..] = rest {
        let (byte, width) = match (first, behind) {
            (b'%', [high, low, ..]) => {
                let digit = |it: &u8| char::from(*it).to_digit(16);
                let number = digit(high).zip(digit(low)).ok_or(400_u16)?;
                (u8::try_from(number.0 * 16 + number.1).unwrap_or(0), 3)
            }
            (b'%', _) => return Err(400),
            (byte, _) => (*byte, 1),
        };
        match (byte, width, slashes) {
            (0, _, _) | (b'/', 3, EncodedSlashes::Refused) => return Err(404),
            (b'/', 3, EncodedSlashes::Kept) => bytes.extend(&rest[..3]),
            _ => bytes.push(byte),
        }
        rest = &rest[width..];
    }
    Ok(match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => error.into_bytes().into_iter().map(char::from).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::{EncodedSlashes, normalised};

    #[test]
    fn a_path_is_normalised_and_decoded() {
        let path = |it| normalised(it, true, EncodedSlashes::Refused);
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
