//! Versions of httpd and of what it is made of.

use std::fmt;

use super::Fact;

/// Three numbers that compare; what a text leaves out is 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Version {
    /// `2` of 2.4.71.
    pub major: u32,
    /// `4` of 2.4.71.
    pub minor: u32,
    /// `71` of 2.4.71.
    pub patch: u32,
}

impl Version {
    /// A version of three numbers.
    pub const fn new(major: u32, minor: u32, patch: u32) -> Self {
        Self {
            major,
            minor,
            patch,
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

/// The version of httpd itself: `Apache/2.4.71 (Debian)`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct HttpdVersion {
    /// `2.4.71`.
    pub number: Version,
    /// What follows the number without a blank: `-dev`; mostly empty (`AP_SERVER_ADD_STRING`).
    pub suffix: String,
    /// The word in parentheses: `Debian`, `Unix`, `Win64`, `Red Hat Enterprise Linux`.
    pub platform: Option<String>,
}

// Distributions that carry newer changes back into an old version.
const CARRYING_BACK: [&str; 7] = [
    "Red Hat",
    "CentOS",
    "Rocky",
    "AlmaLinux",
    "Oracle",
    "SUSE",
    "Amazon",
];

impl HttpdVersion {
    /// Whether the packager carries newer changes back, so that the number says little.
    pub fn carries_back(&self) -> bool {
        let platform = self.platform.as_deref().unwrap_or_default();
        CARRYING_BACK.iter().any(|it| platform.contains(it))
    }
}

impl fmt::Display for HttpdVersion {
    /// `2.4.71 (Debian)`
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}{}", self.number, self.suffix)?;
        match &self.platform {
            Some(platform) => write!(formatter, " ({platform})"),
            None => Ok(()),
        }
    }
}

/// The version of a library or module.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct LibraryVersion {
    /// The number, for comparing.
    pub number: Version,
    /// The text as printed: `10.42 2022-12-11`.
    pub text: String,
}

impl LibraryVersion {
    /// Reads a version that begins with its number; what a text leaves out is 0.
    pub fn parse(text: &str) -> Option<Self> {
        let mut digits = text
            .split(|it: char| it != '.' && !it.is_ascii_digit())
            .next()?
            .split('.')
            .map(|it| it.parse().ok());
        Some(Self {
            number: Version {
                major: digits.next()??,
                minor: digits.next().flatten().unwrap_or(0),
                patch: digits.next().flatten().unwrap_or(0),
            },
            text: text.to_owned(),
        })
    }
}

impl fmt::Display for LibraryVersion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

/// The module magic number, `20120211:142`: modules must agree in `major` and not exceed `minor`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ModuleMagic {
    /// The date at which binary compatibility last broke.
    pub major: u32,
    /// The additions since.
    pub minor: u32,
}

impl fmt::Display for ModuleMagic {
    /// `20120211:142`
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.major, self.minor)
    }
}

/// The libraries of one line of `-V`. Builds on APR 2 have no APR-UTIL, older 2.4 name no PCRE.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Libraries {
    /// The Apache Portable Runtime.
    pub apr: Option<Fact<LibraryVersion>>,
    /// Its utilities.
    pub apr_util: Option<Fact<LibraryVersion>>,
    /// The regular expressions: 8.x is PCRE, 10.x is PCRE2.
    pub pcre: Option<Fact<LibraryVersion>>,
}
