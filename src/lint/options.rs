//! Which rules run.

use super::Levels;
use crate::rule::Rule;
use crate::rules;

/// The rules that were chosen.
#[derive(Debug, Clone)]
pub struct Options {
    selected: Vec<String>,
    ignored: Vec<String>,
    refusals_only: bool,
    pub(super) allow: bool,
}

impl Default for Options {
    /// All rules.
    fn default() -> Self {
        Self {
            selected: Vec::new(),
            ignored: Vec::new(),
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

    /// Without the rules of which nothing is shown.
    #[must_use]
    pub fn without(mut self, levels: &Levels) -> Self {
        let off = rules::all().filter(|it| levels.is_off(it.id) && !self.selects(it.id));
        let off: Vec<String> = off.map(|it| it.id.to_owned()).collect();
        self.ignored.extend(off);
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
            && (self.selected.is_empty() || is_named(&self.selected))
            && !is_named(&self.ignored)
    }
}
