//! Version numbers of httpd and of modules.

use std::fmt;
use std::str::FromStr;

/// A version number: `2.4.68`. What is not written is zero, so `2.4` is `2.4.0`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Version {
    /// The first number.
    pub major: u8,
    /// The second number.
    pub minor: u8,
    /// The third number.
    pub patch: u8,
}

impl Version {
    /// The version of three numbers.
    pub const fn new(major: u8, minor: u8, patch: u8) -> Self {
        Self {
            major,
            minor,
            patch,
        }
    }
}

/// A text is not one to three small numbers with dots between.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAVersion;

impl fmt::Display for NotAVersion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a version is one to three numbers, as in `2.4.68`")
    }
}

impl std::error::Error for NotAVersion {}

impl FromStr for Version {
    type Err = NotAVersion;

    fn from_str(text: &str) -> Result<Self, NotAVersion> {
        let mut numbers = [0; 3];
        let mut parts = text.split('.');
        for (number, part) in numbers.iter_mut().zip(&mut parts) {
            // Rust would also read `+2`.
            let digits = part.bytes().all(|it| it.is_ascii_digit());
            *number = part.parse().ok().filter(|_| digits).ok_or(NotAVersion)?;
        }
        if parts.next().is_some() {
            return Err(NotAVersion);
        }
        let [major, minor, patch] = numbers;
        Ok(Self::new(major, minor, patch))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Version {
            major,
            minor,
            patch,
        } = self;
        write!(formatter, "{major}.{minor}.{patch}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_numbers_are_zero() {
        assert_eq!("2.4".parse(), Ok(Version::new(2, 4, 0)));
        assert_eq!("2.4.68".parse(), Ok(Version::new(2, 4, 68)));
    }

    #[test]
    fn versions_are_ordered_as_numbers() {
        assert!(Version::new(2, 4, 9) < Version::new(2, 4, 10));
    }

    #[test]
    fn anything_else_is_no_version() {
        for text in ["", "2.", "2.4.68.1", "+2.4", "2.4.68-dev", "300"] {
            assert_eq!(text.parse::<Version>(), Err(NotAVersion), "{text}");
        }
    }
}
