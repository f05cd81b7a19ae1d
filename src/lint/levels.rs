//! How bad findings are to a project.

use globset::GlobSet;
use rustc_hash::FxHashMap;

use crate::diagnostic::Level;
use crate::rule::Concern;
use crate::rules;

/// Which findings a project wants to see at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Profile {
    /// Only what httpd refuses.
    Refusals,
    /// What rules find, at their own levels.
    #[default]
    Default,
    /// Also what a hardened server says otherwise.
    Security,
    /// Also what httpd 2.2 said otherwise.
    Migration,
    /// Also what costs time.
    Performance,
    /// What all rules find, and advice counts as a warning.
    Pedantic,
}

impl Profile {
    const ALL: [(&str, Profile); 6] = [
        ("refusals", Profile::Refusals),
        ("default", Profile::Default),
        ("security", Profile::Security),
        ("migrate-2.2", Profile::Migration),
        ("performance", Profile::Performance),
        ("pedantic", Profile::Pedantic),
    ];

    /// The names of the profiles.
    pub fn names() -> impl Iterator<Item = &'static str> {
        Self::ALL.into_iter().map(|it| it.0)
    }

    /// The profile of a name.
    pub fn named(name: &str) -> Option<Self> {
        let found = Self::ALL.into_iter().find(|it| it.0 == name);
        found.map(|it| it.1)
    }

    fn level(self, rule: &str, level: Level) -> Option<Level> {
        let concern = rules::find(rule).and_then(|it| it.concern);
        match self {
            Profile::Refusals => None,
            Profile::Pedantic => Some(Level::Warning),
            _ => concern.is_none_or(|it| self.has(it)).then_some(level),
        }
    }

    fn has(self, concern: Concern) -> bool {
        self == Self::of(concern)
    }

    /// The profile that asks for rules of a concern.
    pub fn of(concern: Concern) -> Self {
        match concern {
            Concern::Security => Profile::Security,
            Concern::Migration => Profile::Migration,
            Concern::Performance => Profile::Performance,
            Concern::Clarity => Profile::Pedantic,
        }
    }

    /// The name, as settings know it.
    pub fn name(self) -> &'static str {
        let found = Self::ALL.into_iter().find(|it| it.1 == self);
        found.map_or("", |it| it.0)
    }
}

/// For each rule the level of its findings; `None` where they are not shown.
type Chosen = FxHashMap<&'static str, Option<Level>>;

/// The levels of rules, and others for some files.
#[derive(Debug, Clone, Default)]
pub struct Levels {
    /// What counts for rules that are not named.
    pub profile: Profile,
    areas: Chosen,
    rules: Chosen,
    overrides: Vec<(GlobSet, Levels)>,
}

impl Levels {
    /// What a level is called here.
    pub const NAMES: [&str; 3] = ["off", "note", "warning"];

    /// Reads the name of a level; `Some(None)` for none at all.
    pub fn parse(name: &str) -> Option<Option<Level>> {
        match name {
            "off" => Some(None),
            "note" => Some(Some(Level::Note)),
            "warning" => Some(Some(Level::Warning)),
            _ => None,
        }
    }

    /// Sets the level of a rule, or of all rules of an area that are not named themselves.
    pub(super) fn set(&mut self, name: &str, level: Option<Level>) {
        if let Some(rule) = rules::find(name) {
            self.rules.insert(rule.id, level);
        }
        let area = rules::areas().find(|it| it.0 == name);
        for rule in area.into_iter().flat_map(|it| it.1) {
            self.areas.insert(rule.id, level);
        }
    }

    /// Sets levels for some files.
    pub(super) fn set_for(&mut self, files: GlobSet, levels: &[(String, Option<Level>)]) {
        let mut own = Levels::default();
        for (name, level) in levels {
            own.set(name, *level);
        }
        self.overrides.push((files, own));
    }

    /// The level of a finding in the file of a path below the settings; `None` where it is not
    /// shown. What httpd refuses always is.
    pub fn level(&self, rule: &str, level: Level, path: Option<&str>) -> Option<Level> {
        if level == Level::Error {
            return Some(level);
        }
        let of_file = self.overrides.iter().rev();
        let of_file = of_file.filter(|it| path.is_some_and(|path| it.0.is_match(path)));
        let mut chosen = of_file.map(|it| &it.1).chain([self]);
        let chosen = chosen.find_map(|it| it.named(rule));
        chosen.unwrap_or_else(|| self.profile.level(rule, level))
    }

    /// Whether nothing that a rule finds is shown of any file.
    pub fn is_off(&self, rule: &str) -> bool {
        let is_named = |it: &(GlobSet, Levels)| it.1.named(rule).is_some();
        self.level(rule, Level::Warning, None).is_none() && !self.overrides.iter().any(is_named)
    }

    /// Whether every finding has the level of its rule.
    pub fn is_plain(&self) -> bool {
        let is_empty = self.areas.is_empty() && self.rules.is_empty() && self.overrides.is_empty();
        self.profile == Profile::Default && is_empty
    }

    fn named(&self, rule: &str) -> Option<Option<Level>> {
        let chosen = self.rules.get(rule).or(self.areas.get(rule));
        chosen.copied()
    }
}
