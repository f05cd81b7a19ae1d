//! What mod_rewrite keeps of several sections (`config_server_merge`, `config_perdir_merge`).

use crate::evaluate::Config;
use crate::httpd::NameId;
use crate::model::layers::words_of;
use crate::model::scope::Body;

const BASE: NameId = NameId::of("RewriteBase");
const OPTIONS: NameId = NameId::of("RewriteOptions");

/// The rules and settings of sections that were merged.
#[derive(Clone, Default)]
pub(super) struct Merged<'a> {
    /// The sections whose rules, conditions and maps count, in the order in which their rules run.
    pub(super) bodies: Vec<&'a Body>,
    /// `RewriteBase`.
    pub(super) base: Option<String>,
    // The words of the last section that has `RewriteOptions`.
    options: Vec<String>,
}

impl<'a> Merged<'a> {
    /// What is kept of sections, of which the later ones count more.
    pub(super) fn of(config: &Config, bodies: impl Iterator<Item = &'a Body>) -> Self {
        let mut merged = None;
        for body in bodies {
            let own = Self::alone(config, body);
            merged = Some(match merged {
                None => own,
                Some(before) => own.over(before),
            });
        }
        merged.unwrap_or_default()
    }

    fn alone(config: &Config, body: &'a Body) -> Self {
        let base = body.named(config, BASE).next_back();
        let options = body.named(config, OPTIONS);
        Self {
            bodies: vec![body],
            base: base.and_then(|it| words_of(&it).into_iter().next()),
            options: options.flat_map(|it| words_of(&it)).collect(),
        }
    }

    fn over(mut self, mut before: Self) -> Self {
        let (comes_down, comes_down_before) =
            (before.has("InheritDown"), before.has("InheritDownBefore"));
        if self.options.is_empty() {
            self.options = before.options;
        }
        if self.has("MergeBase") {
            self.base = self.base.or(before.base);
        }
        let takes = !self.has("IgnoreInherit");
        if self.has("Inherit") || (comes_down && takes) {
            self.bodies.append(&mut before.bodies);
        } else if self.has("InheritBefore") || (comes_down_before && takes) {
            before.bodies.append(&mut self.bodies);
            self.bodies = before.bodies;
        }
        self
    }

    /// Whether an option of `RewriteOptions` is on.
    pub(super) fn has(&self, option: &str) -> bool {
        self.options
            .iter()
            .any(|it| it.eq_ignore_ascii_case(option))
    }

    /// Whether another merge came to the same.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        let pairs = || self.bodies.iter().zip(&other.bodies);
        self.bodies.len() == other.bodies.len()
            && pairs().all(|(one, other)| std::ptr::eq(*one, *other))
            && self.base == other.base
            && self.options == other.options
    }
}
