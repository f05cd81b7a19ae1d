//! `AuthDigestNonceLifetime SECONDS` and `AuthDigestShmemSize SIZE[K|M]`.

use super::Refusal;
use super::number::strtol;
use super::words::first;
use crate::syntax::words::is_blank;

/// The least that httpd needs, on a 64-bit system.
const LEAST: i64 = 88;

/// What httpd refuses in `AuthDigestNonceLifetime`: what is too large is the largest, and a blank
/// ends the number.
pub fn nonce_lifetime(text: &str) -> Option<Refusal> {
    let word = first(text);
    let behind = &word.value[strtol(&word.value, 10).length..];
    let message = format!("Invalid time in AuthDigestNonceLifetime: {}", word.value);
    let is_wrong = !behind.is_empty() && !behind.starts_with(is_blank);
    is_wrong.then(|| Refusal::new(word.range, message))
}

/// What httpd refuses in `AuthDigestShmemSize`.
pub fn shmem_size(text: &str) -> Option<Refusal> {
    let word = first(text);
    let number = strtol(&word.value, 10);
    let factor = match word.value.as_bytes().get(number.length) {
        None => 1,
        Some(b'k' | b'K') => 1 << 10,
        Some(b'm' | b'M') => 1 << 20,
        Some(_) => {
            let message = format!("Invalid size in AuthDigestShmemSize: {}", word.value);
            return Some(Refusal::new(word.range, message));
        }
    };
    let size = number.value.wrapping_mul(factor);
    let message = format!("size in AuthDigestShmemSize too small: {size} < {LEAST}");
    (size < LEAST).then(|| Refusal::new(word.range, message))
}
