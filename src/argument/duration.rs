//! Times: a number and a unit.

use super::number::strtol;

/// A time as `ap_timeout_parameter_parse` reads it, in milliseconds: a number that is not
/// negative, and `s`, `ms`, `mi` or `h`, whatever follows these letters; seconds where there is no
/// unit. `None` where httpd cannot read it.
pub fn milliseconds(text: &str) -> Option<i64> {
    milliseconds_or(text, 1000)
}

/// The same where no unit means another: `default` is its length in milliseconds.
pub fn milliseconds_or(text: &str, default: i64) -> Option<i64> {
    let number = strtol(text, 10);
    if number.overflow || number.value < 0 {
        return None;
    }
    let factor = match text.as_bytes().get(number.length..)? {
        [] => default,
        [b's', ..] => 1000,
        [b'm', b's', ..] => 1,
        [b'm', b'i' | b'I', ..] => 60_000,
        [b'h', ..] => 3_600_000,
        _ => return None,
    };
    // httpd counts in microseconds.
    number.value.checked_mul(factor * 1000).map(|it| it / 1000)
}

/// A time as mod_md reads it (`md_duration_parse`), in milliseconds: a number and `d`, `h`, `mi`,
/// `s` or `ms`, whatever follows; days where there is no unit. `None` where it cannot read it.
pub fn days(text: &str) -> Option<i64> {
    let number = strtol(text, 10);
    if number.overflow || number.length == 0 {
        return None;
    }
    let rest = text.as_bytes().get(number.length..)?.to_ascii_lowercase();
    let factor = match rest.as_slice() {
        [] | [b'd', ..] => 86_400_000,
        [b's', ..] => 1000,
        [b'm', b's', ..] => 1,
        [b'm', b'i', ..] => 60_000,
        [b'h', ..] => 3_600_000,
        _ => return None,
    };
    Some(number.value.saturating_mul(factor))
}

#[cfg(test)]
mod tests {
    use super::{days, milliseconds};

    #[test]
    fn the_first_letters_of_the_unit_count() {
        assert_eq!(milliseconds("5"), Some(5000));
        assert_eq!(milliseconds("500ms"), Some(500));
        assert_eq!(milliseconds("1min"), Some(60_000));
        assert_eq!(milliseconds("s"), Some(0));
        assert_eq!(milliseconds("5m"), None);
        assert_eq!(milliseconds("5S"), None);
        assert_eq!(milliseconds("-1"), None);
        assert_eq!(milliseconds("9223372036855"), None);
    }

    #[test]
    fn mod_md_counts_days() {
        assert_eq!(days("2"), Some(172_800_000));
        assert_eq!(days("-5s"), Some(-5000));
        assert_eq!(days("5m"), None);
    }
}
