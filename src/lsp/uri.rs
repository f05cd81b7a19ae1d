//! Names of files as a client writes them: `file:///etc/apache2/apache2.conf`.

use std::path::{Path, PathBuf};

use lsp_types::Uri;

const SCHEME: &str = "file://";

/// The path of a file; `None` for what is no file of this machine.
pub(super) fn path(uri: &Uri) -> Option<PathBuf> {
    let rest = uri.as_ref().strip_prefix(SCHEME)?;
    let rest = rest.strip_prefix("localhost").unwrap_or(rest);
    rest.starts_with('/').then(|| bytes_path(decoded(rest)))
}

/// The name of a file.
pub(super) fn of_path(path: &Path) -> Uri {
    let mut uri = SCHEME.to_owned();
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(*byte));
            }
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    Uri::from(uri)
}

fn decoded(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        let digits = (*first == b'%').then(|| behind.get(..2)).flatten();
        let digits = digits.and_then(|it| std::str::from_utf8(it).ok());
        match digits.and_then(|it| u8::from_str_radix(it, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &behind[2..];
            }
            None => {
                bytes.push(*first);
                rest = behind;
            }
        }
    }
    bytes
}

#[cfg(unix)]
fn bytes_path(bytes: Vec<u8>) -> PathBuf {
    use std::os::unix::ffi::OsStringExt;
    PathBuf::from(std::ffi::OsString::from_vec(bytes))
}

#[cfg(not(unix))]
fn bytes_path(bytes: Vec<u8>) -> PathBuf {
    let text = String::from_utf8_lossy(&bytes).into_owned();
    // `/C:/folder`
    PathBuf::from(text.trim_start_matches('/'))
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_found_again() {
        for text in [
            "/etc/apache2/a b.conf",
            "/srv/caf\u{e9}/100%.conf",
            "/x/#?&",
        ] {
            let uri = of_path(Path::new(text));
            assert_eq!(path(&uri), Some(PathBuf::from(text)), "{uri}");
        }
    }

    #[test]
    fn only_files_of_this_machine_are_files() {
        let path = |it: &str| path(&Uri::from(it));
        assert_eq!(path("untitled:Untitled-1"), None);
        assert_eq!(path("file://elsewhere/x"), None);
        assert_eq!(path("file://localhost/x"), Some("/x".into()));
        assert_eq!(path("file:///a%2"), Some("/a%2".into()));
    }
}
