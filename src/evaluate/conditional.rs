//! What the conditional sections ask.

use crate::argument::regex;
use crate::facts::Version;

/// Why the arguments of `<IfVersion>` are refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refused(pub(super) String);

/// The question of an `<IfVersion>` section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct VersionTest {
    negated: bool,
    comparison: Comparison,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Comparison {
    Ordered {
        operator: char,
        or_equal: bool,
        version: Version,
    },
    Pattern(String),
}

const INVALID: &str = "Version appears to be invalid. It must have the format \
                       major[.minor[.patch]] where major, minor and patch are numbers.";

impl VersionTest {
    /// Reads the one to three arguments, the closing `>` among them (mod_version's
    /// `start_ifversion`).
    pub(super) fn parse(arguments: &[&str]) -> Result<Self, Refused> {
        let argument = |index: usize| arguments.get(index).copied();
        let (mut first, mut second, mut third) =
            (argument(0).unwrap_or_default(), argument(1), argument(2));
        if second.is_none() {
            second = Some(first);
            first = "=";
        }
        let mut text = second.unwrap_or_default();
        if third.is_none() && text == ">" {
            third = Some(">");
            text = first;
            first = "=";
        }
        let text = if third == Some(">") {
            text
        } else {
            match text.strip_suffix('>') {
                Some(text) => text,
                None => {
                    return Err(Refused(
                        "<IfVersion> directive missing closing '>'".to_owned(),
                    ));
                }
            }
        };
        if text.is_empty() && third == Some(">") {
            return Err(Refused(
                "<IfVersion> directive missing closing '>'".to_owned(),
            ));
        }
        let (negated, operator) = match first.strip_prefix('!') {
            Some(rest) if !rest.is_empty() => (true, rest),
            Some(_) => (true, first),
            None => (false, first),
        };
        let comparison = Self::comparison(operator, text)?;
        let comparison =
            comparison.ok_or_else(|| Refused(format!("unrecognized operator '{first}'")))?;
        Ok(Self {
            negated,
            comparison,
        })
    }

    fn comparison(operator: &str, text: &str) -> Result<Option<Comparison>, Refused> {
        let mut characters = operator.chars();
        let (Some(kind), or_equal) = (characters.next(), characters.as_str()) else {
            return Ok(None);
        };
        let or_equal = match (or_equal, kind) {
            ("", _) => false,
            ("=", kind) if kind != '~' => true,
            _ => return Ok(None),
        };
        match kind {
            '=' if text.starts_with('/') => {
                let Some(pattern) = text[1..].strip_suffix('/') else {
                    return Err(Refused(
                        "Missing delimiting / of regular expression.".to_owned(),
                    ));
                };
                Self::pattern(pattern)
            }
            '~' => Self::pattern(text),
            '=' | '<' | '>' => {
                let version = parse_version(text).ok_or_else(|| Refused(INVALID.to_owned()))?;
                Ok(Some(Comparison::Ordered {
                    operator: kind,
                    or_equal,
                    version,
                }))
            }
            _ => Ok(None),
        }
    }

    fn pattern(pattern: &str) -> Result<Option<Comparison>, Refused> {
        if regex::is_always_refused(pattern) {
            let message = "Unable to compile regular expression";
            return Err(Refused(message.to_owned()));
        }
        Ok(Some(Comparison::Pattern(pattern.to_owned())))
    }

    /// Whether it holds for a version; `None` where that cannot be decided.
    pub(super) fn holds(&self, version: Version) -> Option<bool> {
        let matched = match &self.comparison {
            Comparison::Ordered {
                operator: '=',
                version: asked,
                ..
            } => version == *asked,
            Comparison::Ordered {
                operator: '<',
                or_equal,
                version: asked,
            } => version < *asked || (*or_equal && version == *asked),
            Comparison::Ordered {
                or_equal,
                version: asked,
                ..
            } => version > *asked || (*or_equal && version == *asked),
            Comparison::Pattern(pattern) => {
                let pattern = regex::compile(pattern, false).ok()?;
                pattern.is_match(version.to_string().as_bytes()).ok()?
            }
        };
        Some(matched != self.negated)
    }
}

// Major, minor and patch; what is missing is 0, and 2.4 is not 2.4.1.
fn parse_version(text: &str) -> Option<Version> {
    let parts: Vec<&str> = text.split('.').collect();
    let is_number = |it: &&str| it.bytes().all(|it| it.is_ascii_digit());
    if parts.len() > 3 || !parts.iter().all(is_number) || parts.first()?.is_empty() {
        return None;
    }
    let number = |index: usize| parts.get(index).and_then(|it| it.parse().ok()).unwrap_or(0);
    Some(Version::new(number(0), number(1), number(2)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(arguments: &[&str]) -> Option<bool> {
        VersionTest::parse(arguments)
            .unwrap()
            .holds(Version::new(2, 4, 71))
    }

    fn refused(arguments: &[&str]) -> String {
        VersionTest::parse(arguments).unwrap_err().0
    }

    #[test]
    fn versions_compare_by_numbers() {
        assert_eq!(holds(&["2.4>"]), Some(false));
        assert_eq!(holds(&["2.4.71>"]), Some(true));
        assert_eq!(holds(&[">=", "2.4>"]), Some(true));
        assert_eq!(holds(&["!>=", "2.4", ">"]), Some(false));
        assert_eq!(holds(&["<", "2.5>"]), Some(true));
        assert_eq!(holds(&["~", "^2\\.4\\.>"]), Some(true));
        assert_eq!(holds(&["=", "/^2.4/>"]), Some(true));
        assert_eq!(holds(&["~", "^2\\.[34]>"]), Some(true));
    }

    #[test]
    fn refusals_are_those_of_mod_version() {
        assert_eq!(refused(&["foo", "2.4>"]), "unrecognized operator 'foo'");
        assert_eq!(refused(&[">=2.4>"]), INVALID);
        assert_eq!(
            refused(&["2.4"]),
            "<IfVersion> directive missing closing '>'"
        );
        assert_eq!(
            refused(&["=", "/x>"]),
            "Missing delimiting / of regular expression."
        );
    }
}
