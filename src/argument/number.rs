//! Numbers as the C library reads them: a leading number counts, and what follows is ignored.

/// `atoi`: blanks, a sign, digits. No digits are 0. What does not fit into a `long` is its
/// nearest bound, and the low 32 bits of that are the result, as in glibc.
pub fn atoi(text: &str) -> i32 {
    strtol(text, 10).value as i32
}

/// What `strtol` makes of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Long {
    /// The number, or the bound that it exceeds.
    pub value: i64,
    /// How many bytes it takes up; 0 where there is no number.
    pub length: usize,
    /// Whether it exceeds a bound.
    pub overflow: bool,
}

/// `strtol` of a 64-bit system, for a base up to 10 that has no prefix.
pub fn strtol(text: &str, base: u32) -> Long {
    let blanks = text.len()
        - text
            .trim_start_matches(crate::syntax::words::is_blank)
            .len();
    let rest = &text[blanks..];
    let negative = rest.starts_with('-');
    let sign = usize::from(rest.starts_with(['-', '+']));
    let digits = rest[sign..]
        .bytes()
        .take_while(|it| char::from(*it).is_digit(base))
        .count();
    if digits == 0 {
        return Long {
            value: 0,
            length: 0,
            overflow: false,
        };
    }
    let length = blanks + sign + digits;
    let number = &rest[..sign + digits];
    match i64::from_str_radix(number, base) {
        Ok(value) => Long {
            value,
            length,
            overflow: false,
        },
        Err(_) => Long {
            value: if negative { i64::MIN } else { i64::MAX },
            length,
            overflow: true,
        },
    }
}

/// What `strtod` makes of a text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Double {
    /// The number; 0 where there is none.
    pub value: f64,
    /// How many bytes it takes up; 0 where there is no number.
    pub length: usize,
}

/// `strtod` of the C locale.
pub fn strtod(text: &str) -> Double {
    let start = text.len()
        - text
            .trim_start_matches(crate::syntax::words::is_blank)
            .len();
    let rest = &text[start..];
    let sign = usize::from(rest.starts_with(['-', '+']));
    let negative = rest.starts_with('-');
    let (magnitude, length) = magnitude(&rest[sign..]);
    if length == 0 {
        return Double {
            value: 0.0,
            length: 0,
        };
    }
    Double {
        value: if negative { -magnitude } else { magnitude },
        length: start + sign + length,
    }
}

/// `atof`: the leading number of a text, or 0.
pub fn atof(text: &str) -> f64 {
    strtod(text).value
}

/// Whether all of a text is a number that is not 0 or below, as `strtod` reads it. `nan` passes:
/// who asks whether a number is at most 0 is told that it is not.
pub fn is_positive(text: &str) -> bool {
    let number = strtod(text);
    let is_whole = !text.is_empty() && number.length == text.len();
    is_whole && (number.value.is_nan() || number.value > 0.0)
}

fn magnitude(text: &str) -> (f64, usize) {
    let begins = |word: &str| {
        text.get(..word.len())
            .is_some_and(|it| it.eq_ignore_ascii_case(word))
    };
    if begins("infinity") {
        return (f64::INFINITY, 8);
    }
    if begins("inf") {
        return (f64::INFINITY, 3);
    }
    if begins("nan") {
        return (f64::NAN, 3 + payload(&text[3..]));
    }
    if begins("0x") {
        let hexadecimal = hexadecimal(&text[2..]);
        if hexadecimal.1 > 0 {
            return (hexadecimal.0, hexadecimal.1 + 2);
        }
    }
    decimal(text)
}

// The length of what may follow `nan`: letters, digits and underscores in parentheses.
fn payload(text: &str) -> usize {
    let is_inner = |it: char| it.is_ascii_alphanumeric() || it == '_';
    let rest = text
        .strip_prefix('(')
        .map(|it| it.trim_start_matches(is_inner));
    match rest {
        Some(rest) if rest.starts_with(')') => text.len() - rest.len() + 1,
        _ => 0,
    }
}

fn decimal(text: &str) -> (f64, usize) {
    let digits = |from: usize| text[from..].bytes().take_while(u8::is_ascii_digit).count();
    let whole = digits(0);
    let point = usize::from(text[whole..].starts_with('.'));
    let fraction = if point == 1 { digits(whole + 1) } else { 0 };
    if whole + fraction == 0 {
        return (0.0, 0);
    }
    let mantissa = whole + point + fraction;
    let length = mantissa + exponent(&text[mantissa..], ['e', 'E']).map_or(0, |it| it.1);
    (text[..length].parse().unwrap_or(0.0), length)
}

fn hexadecimal(text: &str) -> (f64, usize) {
    let (mut value, mut scale, mut length, mut digits) = (0.0, 1.0, 0, 0);
    let mut is_fraction = false;
    for character in text.chars() {
        match character.to_digit(16) {
            Some(digit) if is_fraction => {
                scale /= 16.0;
                value += f64::from(digit) * scale;
                digits += 1;
            }
            Some(digit) => {
                value = value * 16.0 + f64::from(digit);
                digits += 1;
            }
            None if character == '.' && !is_fraction => is_fraction = true,
            None => break,
        }
        length += 1;
    }
    if digits == 0 {
        return (0.0, 0);
    }
    match exponent(&text[length..], ['p', 'P']) {
        Some((power, more)) => (value * 2f64.powi(power), length + more),
        None => (value, length),
    }
}

// An exponent's value and length.
fn exponent(text: &str, letters: [char; 2]) -> Option<(i32, usize)> {
    let number = text.strip_prefix(letters)?;
    if number.starts_with(crate::syntax::words::is_blank) {
        return None;
    }
    let number = strtol(number, 10);
    let power = number.value.clamp(-100_000, 100_000) as i32;
    (number.length > 0).then_some((power, 1 + number.length))
}

#[cfg(test)]
mod tests {
    use super::{atof, atoi, strtod, strtol};

    #[test]
    fn a_leading_number_counts() {
        assert_eq!(atoi("2x"), 2);
        assert_eq!(atoi(" \t+7.9"), 7);
        assert_eq!(atoi("x2"), 0);
        assert_eq!(atoi("4294967297"), 1);
        assert_eq!(atoi("99999999999999999999"), -1);
        assert_eq!(strtol("018", 8).length, 2);
        assert!(strtol("99999999999999999999", 10).overflow);
    }

    #[test]
    fn fractions_and_exponents_are_numbers_too() {
        assert_eq!(atof("0.5s"), 0.5);
        assert_eq!(atof("1e-3"), 0.001);
        assert_eq!(strtod("1e+").length, 1);
        assert_eq!(strtod("0x").length, 1);
        assert_eq!(atof("0x1p-3"), 0.125);
        assert_eq!(strtod(".").length, 0);
    }
}
