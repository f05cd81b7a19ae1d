//! The rules and conditions of mod_rewrite, in the order in which it takes them.

use std::cell::OnceCell;

use rustc_hash::FxHashMap;

use super::request::Httpd;
use crate::argument::rewrite::{Arguments, Flag};
use crate::evaluate::Placed;
use crate::httpd::NameId;

const RULE: NameId = NameId::of("RewriteRule");
const CONDITION: NameId = NameId::of("RewriteCond");

/// A rule or a condition.
pub struct Rewrite<'a> {
    /// Its line.
    pub line: Placed<'a>,
    arguments: OnceCell<Option<Arguments>>,
    flags: OnceCell<Vec<Flag>>,
}

/// The rules and conditions of one server or section.
pub type Rewrites<'a> = Vec<Rewrite<'a>>;

impl<'a> Rewrite<'a> {
    fn new(line: Placed<'a>) -> Self {
        Self {
            line,
            arguments: OnceCell::new(),
            flags: OnceCell::new(),
        }
    }

    /// Whether it is a rule.
    pub fn is_rule(&self) -> bool {
        self.line.node.name == Some(RULE)
    }

    /// Whether it is a condition.
    pub fn is_condition(&self) -> bool {
        !self.is_rule()
    }

    /// Whether it is certain that it is there.
    pub fn is_certain(&self) -> bool {
        !self.line.node.uncertain
    }

    /// What it says; `None` where mod_rewrite refuses it for want of a second word.
    pub fn arguments(&self) -> Option<&Arguments> {
        let read = || Arguments::parse(self.line.line().arguments());
        self.arguments.get_or_init(read).as_ref()
    }

    /// Its flags; none where they do not stand in brackets.
    pub fn flags(&self) -> &[Flag] {
        let read = || self.arguments().and_then(Arguments::flags);
        self.flags.get_or_init(|| read().unwrap_or_default())
    }

    /// Its first flag of one of some names.
    pub fn flag(&self, names: &[&str]) -> Option<&Flag> {
        let flags = self.may_have_flag(names).then(|| self.flags())?;
        flags.iter().find(|it| it.is(names))
    }

    /// Whether it has a flag of one of some names.
    pub fn has_flag(&self, names: &[&str]) -> bool {
        self.flag(names).is_some()
    }

    // Whether one of the names begins anything in the brackets. Where none does, they need not be
    // taken apart.
    fn may_have_flag(&self, names: &[&str]) -> bool {
        let field = self.arguments().and_then(|it| it.flags.as_ref());
        let field = field.map_or(&[][..], |it| it.value.as_bytes());
        let begins = |rest: &[u8], name: &str| {
            let start = rest.get(..name.len());
            start.is_some_and(|it| it.eq_ignore_ascii_case(name.as_bytes()))
        };
        let mut rests = (0..field.len()).map(|at| &field[at..]);
        rests.any(|rest| names.iter().any(|it| begins(rest, it)))
    }

    /// Those of a whole configuration, the certain ones and the others, those of each server and
    /// section together.
    pub fn all(httpd: &Httpd<'a>) -> Vec<Rewrites<'a>> {
        let mut groups: Vec<Rewrites<'a>> = Vec::new();
        let mut places = FxHashMap::default();
        let names = [CONDITION, RULE].into_iter();
        for line in httpd.lines().possible(httpd.config, names) {
            let is_htaccess = httpd.config.is_htaccess(line.id.occurrence);
            let file = is_htaccess.then_some(line.occurrence.unit.document.file);
            let next = groups.len();
            let place = *places
                .entry((line.parent().map(|it| it.id), file))
                .or_insert(next);
            if place == next {
                groups.push(Vec::new());
            }
            groups[place].push(Rewrite::new(line));
        }
        groups
    }
}
