//! Rules as they are written.

use crate::argument::number::atoi;
use crate::argument::rewrite::{Arguments, Flag};
use crate::evaluate::{Config, Placed, arguments_of};
use crate::httpd::NameId;
use crate::model::scope::Body;
use crate::model::{Doubt, Known};

const RULE: NameId = NameId::of("RewriteRule");
const CONDITION: NameId = NameId::of("RewriteCond");

/// Rules that run one behind the other.
pub(super) struct Rules<'a> {
    // `RewriteRule` with the `RewriteCond` before it.
    pub(super) list: Vec<Rule<'a>>,
    // Of a directory: its path with a slash at the end, and `RewriteBase`.
    pub(super) directory: Option<String>,
    pub(super) base: Option<String>,
    // Whether a URL of the directory itself without a slash is rewritten, too.
    pub(super) takes_itself: bool,
}

pub(super) struct Rule<'a> {
    pub(super) line: Placed<'a>,
    pub(super) arguments: Arguments,
    pub(super) flags: Vec<Flag>,
    pub(super) conditions: Vec<Arguments>,
}

impl Rule<'_> {
    pub(super) fn flag(&self, names: &[&str]) -> Option<&str> {
        let is = |it: &&Flag| {
            names
                .iter()
                .any(|name| name.eq_ignore_ascii_case(&it.name.value))
        };
        let found = self.flags.iter().find(is);
        found.map(|it| it.value.value.as_str())
    }

    pub(super) fn has(&self, names: &[&str]) -> bool {
        self.flag(names).is_some()
    }

    // Whether it is left out for those who only look at another URL (`apply_rewrite_list`).
    pub(super) fn is_for_clients(&self) -> bool {
        self.has(&["NS", "nosubreq", "R", "redirect"])
    }

    // The status with which the rule answers, if it does.
    pub(super) fn status(&self) -> Option<u16> {
        if self.has(&["F", "forbidden"]) {
            return Some(403);
        }
        if self.has(&["G", "gone"]) {
            return Some(410);
        }
        let status = self.redirect()?;
        (!(300..400).contains(&status)).then_some(status)
    }

    pub(super) fn redirect(&self) -> Option<u16> {
        let value = self.flag(&["R", "redirect"])?;
        Some(match value.to_ascii_lowercase().as_str() {
            "permanent" => 301,
            "seeother" => 303,
            number if number.starts_with(|it: char| it.is_ascii_digit()) => {
                u16::try_from(atoi(number)).unwrap_or(302)
            }
            _ => 302,
        })
    }
}

// The rules of some bodies, each with the conditions before it.
pub(super) fn rules_of<'a>(config: &'a Config, bodies: &[&Body]) -> Known<Vec<Rule<'a>>> {
    let mut rules = Vec::new();
    for body in bodies {
        let mut conditions = Vec::new();
        for line in body.named_any(config, &[RULE, CONDITION]) {
            let is_rule = line.node.name == Some(RULE);
            let text = line.occurrence.unit.text(line.node);
            let parsed = Arguments::parse(arguments_of(&text));
            let unreadable = || Doubt::new("a rewrite rule cannot be read");
            let arguments = parsed.ok_or_else(unreadable)?;
            if is_rule {
                rules.push(Rule {
                    line,
                    flags: arguments.flags().unwrap_or_default(),
                    arguments,
                    conditions: std::mem::take(&mut conditions),
                });
            } else {
                conditions.push(arguments);
            }
        }
    }
    Ok(rules)
}
