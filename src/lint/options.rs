//! Which rules run.

use super::Levels;
use crate::rule::Rule;
use crate::rules;

/// The rules that were chosen.
#[derive(Debug, Clone)]
pub struct Options {
    selected: Vec<String>,
    ignored: Vec<String>,
    // Rules that have to be asked for, and are.
    asked_for: Vec<&'static str>,
    refusals_only: bool,
    pub(super) allow: bool,
}

impl Default for Options {
    /// All rules that need not be asked for.
    fn default() -> Self {
        Self {
            selected: Vec::new(),
            ignored: Vec::new(),
            asked_for: Vec::new(),
            refusals_only: false,
            allow: true,
        }
    }
}

impl Options {
    /// Only the rules of `select`, or all where it is empty, without those of `ignore`.
    ///
    /// # Errors
    /// One line about an id that no rule has.
    pub fn new(select: &[String], ignore: &[String]) -> Result<Self, String> {
        for id in select.iter().chain(ignore) {
            if rules::find(id).is_none() {
                let similar = rules::similar(id)
                    .map(|it| format!("; is it `{it}`?"))
                    .unwrap_or_default();
                return Err(format!("there is no rule `{id}`{similar}"));
            }
        }
        Ok(Self {
            selected: select.to_vec(),
            ignored: ignore.to_vec(),
            ..Self::default()
        })
    }

    /// No rules: only what httpd refuses is found.
    pub fn refusals() -> Self {
        Self {
            refusals_only: true,
            ..Self::default()
        }
    }

    /// Whether a rule was chosen by its name.
    pub fn selects(&self, id: &str) -> bool {
        self.selected.iter().any(|it| it == id)
    }

    /// Without the rules of which nothing is shown, and with those that have to be asked for and of
    /// which something is.
    #[must_use]
    pub fn without(mut self, levels: &Levels) -> Self {
        if levels.is_plain() {
            return self;
        }
        for rule in rules::all() {
            if self.selects(rule.id) {
                continue;
            }
            if levels.is_off(rule.id) {
                self.ignored.push(rule.id.to_owned());
            } else if rule.concern.is_some() {
                self.asked_for.push(rule.id);
            }
        }
        self
    }

    /// With a rule that has to be asked for.
    #[must_use]
    pub fn asking_for(mut self, rule: &'static Rule) -> Self {
        self.asked_for.push(rule.id);
        self
    }

    /// Also what comments allow is found.
    #[must_use]
    pub fn without_allowances(self) -> Self {
        Self {
            allow: false,
            ..self
        }
    }

    /// Whether a rule runs.
    pub fn wants(&self, rule: &Rule) -> bool {
        let is_named = |list: &[String]| list.iter().any(|it| it == rule.id);
        !self.refusals_only
            && match self.selected.is_empty() {
                true => rule.concern.is_none() || self.asked_for.contains(&rule.id),
                false => is_named(&self.selected),
            }
            && !is_named(&self.ignored)
    }
}
