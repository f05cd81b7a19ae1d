//! `AuthDigestShmemSize SIZE[K|M]`.

use super::Refusal;
use super::number::strtol;
use super::words::first;

/// The least that httpd needs, on a 64-bit system.
const LEAST: i64 = 88;

/// What httpd refuses.
pub fn refusal(text: &str) -> Option<Refusal> {
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
