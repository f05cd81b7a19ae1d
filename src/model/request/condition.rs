//! Expressions (`ap_expr`), evaluated for a request.

use std::cell::RefCell;
use std::net::IpAddr;

use super::pass::Pass;
use super::pattern::{self, Groups};
use crate::argument::NothingKnown;
use crate::argument::expression::tree::{List, Pattern};
use crate::argument::expression::{Condition, Word, parse_condition, parse_string};
use crate::argument::number::{atoi, strtol};
use crate::evaluate::fnmatch;
use crate::model::{Doubt, Known};
use crate::world::Kind;

/// Whether a condition holds.
pub(super) fn holds(pass: &Pass<'_>, text: &str) -> Known<bool> {
    let (condition, _) = parse_condition(text, &NothingKnown);
    let unreadable = || Doubt::new(format!("`{text}` is no expression"));
    let condition = condition.ok_or_else(unreadable)?;
    Evaluator::new(pass).holds(&condition)
}

/// The text that an expression makes.
pub(super) fn text(pass: &Pass<'_>, text: &str) -> Known<String> {
    let (word, _) = parse_string(text, &NothingKnown);
    let unreadable = || Doubt::new(format!("`{text}` is no expression"));
    Evaluator::new(pass).word(&word.ok_or_else(unreadable)?)
}

struct Evaluator<'p, 'a> {
    pass: &'p Pass<'a>,
    // The groups of the last pattern that had any and matched.
    groups: RefCell<Groups>,
}

impl<'p, 'a> Evaluator<'p, 'a> {
    fn new(pass: &'p Pass<'a>) -> Self {
        Self {
            pass,
            groups: RefCell::default(),
        }
    }

    fn holds(&self, condition: &Condition) -> Known<bool> {
        match condition {
            Condition::Constant(value) => Ok(*value),
            Condition::Not(inner) => Ok(!self.holds(inner)?),
            // One side may decide, whatever the other one is.
            Condition::Or(one, other) => match self.holds(one) {
                Ok(true) => Ok(true),
                Ok(false) => self.holds(other),
                Err(doubt) => match self.holds(other) {
                    Ok(true) => Ok(true),
                    _ => Err(doubt),
                },
            },
            Condition::And(one, other) => match self.holds(one) {
                Ok(true) => self.holds(other),
                Ok(false) => Ok(false),
                Err(doubt) => match self.holds(other) {
                    Ok(false) => Ok(false),
                    _ => Err(doubt),
                },
            },
            Condition::Unary { operator, operand } => {
                self.unary(&operator.value, &self.word(operand)?)
            }
            Condition::Binary {
                left,
                operator,
                right,
            } => binary(&operator.value, &self.word(left)?, &self.word(right)?),
            Condition::Compare {
                left,
                comparison,
                right,
            } => {
                let (left, right) = (self.word(left)?, self.word(right)?);
                let outcome = match comparison.integers {
                    true => strtol(&left, 10).value.cmp(&strtol(&right, 10).value),
                    false => left.cmp(&right),
                };
                Ok(comparison.holds(outcome))
            }
            Condition::Match {
                text,
                negated,
                pattern,
            } => Ok(self.matches(&self.word(text)?, pattern) != *negated),
            Condition::In { needle, list } => {
                let needle = self.word(needle)?;
                match list {
                    List::Words(words) => {
                        for word in words {
                            if self.word(word)? == needle {
                                return Ok(true);
                            }
                        }
                        Ok(false)
                    }
                    List::Call { name, .. } => Err(unknown_function(&name.value)),
                }
            }
        }
    }

    fn matches(&self, text: &str, asked: &Pattern) -> bool {
        let found = pattern::find(&asked.text.value, asked.caseless, text);
        let is_match = found.is_some();
        if let Some(found) = found.filter(|it| it.groups.len() > 1) {
            *self.groups.borrow_mut() = found.groups;
        }
        is_match
    }

    fn word(&self, word: &Word) -> Known<String> {
        match word {
            Word::Text(text) | Word::Number(text) => Ok(text.clone()),
            Word::Variable(name) => self.pass.variable(&name.value),
            Word::Call { name, argument } => self.call(&name.value, &self.word(argument)?),
            Word::Group(number) => {
                let groups = self.groups.borrow();
                let group = groups.get(usize::from(*number)).cloned().flatten();
                Ok(group.unwrap_or_default())
            }
            Word::Concatenation(words) => words.iter().map(|it| self.word(it)).collect(),
        }
    }

    fn call(&self, name: &str, argument: &str) -> Known<String> {
        let pass = self.pass;
        let variable = |it: &str| pass.environment.get(it).map(Option::unwrap_or_default);
        match name.to_ascii_lowercase().as_str() {
            "req" | "http" | "req_novary" => {
                Ok(pass.request.header(argument).unwrap_or_default().to_owned())
            }
            "reqenv" => variable(argument),
            "env" => match pass.environment.get(argument)? {
                Some(value) => Ok(value),
                None => Ok(pass.process_variable(argument)?.unwrap_or_default()),
            },
            "osenv" => Ok(pass.process_variable(argument)?.unwrap_or_default()),
            "note" => Ok(String::new()),
            // Before the answer there are no headers of it.
            "resp" if pass.status.is_none() => Ok(String::new()),
            "tolower" => Ok(argument.to_ascii_lowercase()),
            "toupper" => Ok(argument.to_ascii_uppercase()),
            name => Err(unknown_function(name)),
        }
    }

    fn unary(&self, operator: &str, operand: &str) -> Known<bool> {
        // Before the URL is mapped, no file has a name.
        let kind = || match operand {
            "" => Ok(Kind::Missing),
            path => self.pass.httpd.kind(path),
        };
        match operator {
            "n" => Ok(!operand.is_empty()),
            "z" => Ok(operand.is_empty()),
            "T" => {
                let is_false = ["", "0", "off", "false", "no"]
                    .iter()
                    .any(|it| it.eq_ignore_ascii_case(operand));
                Ok(!is_false)
            }
            "R" => contains(operand, self.pass.request.client()?),
            "d" => Ok(kind()? == Kind::Directory),
            "f" => Ok(kind()? == Kind::File),
            "e" => Ok(matches!(
                kind()?,
                Kind::File | Kind::Directory | Kind::Other
            )),
            _ => Err(Doubt::new(format!(
                "`-{operator}` is not decided from here"
            ))),
        }
    }
}

fn binary(operator: &str, left: &str, right: &str) -> Known<bool> {
    match operator {
        "ipmatch" => {
            let address = left.parse();
            address.map_or(Ok(false), |it| contains(right, it))
        }
        "strmatch" => Ok(fnmatch::matches_component(right, left)),
        "strcmatch" => Ok(fnmatch::matches_component(
            &right.to_ascii_lowercase(),
            &left.to_ascii_lowercase(),
        )),
        "fnmatch" => Ok(matches_path(right, left)),
        _ => Err(Doubt::new(format!(
            "`-{operator}` is not decided from here"
        ))),
    }
}

/// Whether a shell pattern matches a path, its wildcards no slash (`APR_FNM_PATHNAME`).
pub(super) fn matches_path(pattern: &str, path: &str) -> bool {
    let (patterns, names) = (pattern.split('/'), path.split('/'));
    pattern.matches('/').count() == path.matches('/').count()
        && patterns
            .zip(names)
            .all(|(pattern, name)| fnmatch::matches_component(pattern, name))
}

fn unknown_function(name: &str) -> Doubt {
    Doubt::new(format!("what `{name}()` says is not known from here"))
}

/// Whether an address lies in a network: `10.0.0.0/8`, `10.0.0.0/255.0.0.0`, `10.1`, `::1`.
///
/// # Errors
/// It is no network.
pub(super) fn contains(network: &str, address: IpAddr) -> Known<bool> {
    let (base, mask) = match network.split_once('/') {
        Some((base, mask)) => (base, Some(mask)),
        None => (network, None),
    };
    let unreadable = || Doubt::new(format!("`{network}` is no network"));
    if let Ok(IpAddr::V6(base)) = base.parse::<IpAddr>() {
        let bits = mask.map_or(128, atoi);
        let IpAddr::V6(address) = address else {
            return Ok(false);
        };
        let shift = u32::try_from(128 - bits).map_err(|_| unreadable())?;
        let head = |it: u128| it.checked_shr(shift).unwrap_or(0);
        return Ok(head(base.to_bits()) == head(address.to_bits()));
    }
    let octets: Vec<&str> = base.split('.').filter(|it| !it.is_empty()).collect();
    let octet = |it: &&str| it.parse::<u8>().map_err(|_| unreadable());
    let octets: Vec<u8> = octets.iter().map(octet).collect::<Result<_, _>>()?;
    let written = u32::try_from(octets.len()).unwrap_or(4);
    if octets.is_empty() || octets.len() > 4 {
        return Err(unreadable());
    }
    let base = octets
        .iter()
        .fold(0_u32, |all, it| all << 8 | u32::from(*it));
    let base = base.checked_shl(8 * (4 - written)).unwrap_or(0);
    let ones = |bits: u32| u32::MAX.checked_shl(32 - bits.min(32)).unwrap_or(0);
    let mask = match mask {
        Some(mask) => match mask.parse::<std::net::Ipv4Addr>() {
            Ok(mask) => mask.to_bits(),
            Err(_) => ones(u32::try_from(atoi(mask)).unwrap_or(32)),
        },
        None => ones(8 * written),
    };
    Ok(match address {
        IpAddr::V4(it) => it.to_bits() & mask == base & mask,
        IpAddr::V6(it) => it
            .to_ipv4_mapped()
            .is_some_and(|it| it.to_bits() & mask == base & mask),
    })
}

#[cfg(test)]
mod tests {
    use super::{contains, matches_path};

    #[test]
    fn networks_are_written_in_many_ways() {
        let address = "10.1.2.3".parse().unwrap();
        for network in [
            "10",
            "10.1.",
            "10.1.2.3",
            "10.0.0.0/8",
            "10.1.0.0/255.255.0.0",
        ] {
            assert_eq!(contains(network, address), Ok(true), "{network}");
        }
        for network in ["10.2", "::1", "10.1.2.4/32", "192.168.0.0/16"] {
            assert_eq!(contains(network, address), Ok(false), "{network}");
        }
        assert_eq!(contains("::/0", "::1".parse().unwrap()), Ok(true));
        assert_eq!(contains("0.0.0.0/0", address), Ok(true));
        assert!(contains("x", address).is_err());
    }

    #[test]
    fn a_wildcard_stays_between_slashes() {
        assert!(matches_path("/a/*/c", "/a/b/c"));
        assert!(!matches_path("/a/*", "/a/b/c"));
    }
}
