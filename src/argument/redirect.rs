//! `Redirect`, `RedirectTemp`, `RedirectPermanent` and `RedirectMatch`.

use super::expression::directives::text_refusals;
use super::number::atoi;
use super::words::split;
use super::{Located, Refusal, Surroundings, regex};
use crate::syntax::words;

/// A redirect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redirect {
    /// The status; `None` where three words begin with one that is none.
    pub status: Option<i32>,
    /// The path or pattern; `None` where the section around gives it.
    pub path: Option<Located<String>>,
    /// Where it leads.
    pub target: Option<Located<String>>,
    words: Vec<Located<String>>,
}

impl Redirect {
    /// Reads the argument text of a directive. In a section about paths a target needs no path; it
    /// is an expression then.
    pub fn parse(directive: &str, text: &str, surroundings: &dyn Surroundings) -> Self {
        let words = split(text);
        let preset = if directive == "RedirectPermanent" {
            301
        } else {
            302
        };
        let status = words.first().and_then(|it| status(&it.value));
        let of = |index: usize| words.get(index).cloned();
        let in_section = surroundings.section_path().is_some();
        let (path, target) = match (words.len(), status) {
            (1, None) if in_section => (None, of(0)),
            (2, Some(_)) if in_section => (None, of(1)),
            (_, Some(_)) => (of(1), of(2)),
            (_, None) => (of(0), of(1)),
        };
        Self {
            status: if words.len() > 2 {
                status
            } else {
                status.or(Some(preset))
            },
            path,
            target,
            words,
        }
    }

    /// What httpd refuses.
    pub fn refusal(&self, directive: &str) -> Option<Refusal> {
        let first = self.words.first()?;
        let refused =
            |it: &Located<String>, message: &str| Some(Refusal::new(it.range.clone(), message));
        let Some(status) = self.status else {
            return refused(first, "Redirect: invalid first argument (of three)");
        };
        if self.path.is_none() && self.target.is_some() {
            return None;
        }
        if directive == "RedirectMatch" {
            let pattern = self.path.as_ref()?;
            if regex::mistake(&pattern.value).is_some() {
                return refused(pattern, "Regular expression could not be compiled.");
            }
        }
        match &self.target {
            Some(target) if !is_redirect(status) => {
                refused(target, "Redirect URL not valid for this status")
            }
            None if is_redirect(status) => refused(first, "URL to redirect to is missing"),
            Some(target) if directive != "RedirectMatch" && !leads_somewhere(&target.value) => {
                refused(target, "Redirect to non-URL")
            }
            _ => None,
        }
    }

    /// What httpd refuses in the expression that a target without a path is. It reads none where
    /// the status leads nowhere.
    pub(super) fn expression_refusals(
        &self,
        text: &str,
        surroundings: &dyn Surroundings,
    ) -> Vec<Refusal> {
        let leads = self.path.is_none() && self.status.is_some_and(is_redirect);
        let Some(target) = self.target.as_ref().filter(|_| leads) else {
            return Vec::new();
        };
        let words = words::split(text).into_iter();
        words
            .filter(|it| it.range == target.range)
            .flat_map(|it| {
                let before = "Cannot parse redirect expression '{1}': ";
                text_refusals(&it, before, surroundings)
            })
            .collect()
    }
}

/// The status that a word stands for.
pub fn status(word: &str) -> Option<i32> {
    let named = [
        ("permanent", 301),
        ("temp", 302),
        ("seeother", 303),
        ("gone", 410),
    ];
    match named.iter().find(|it| it.0.eq_ignore_ascii_case(word)) {
        Some(it) => Some(it.1),
        None if word.starts_with(|it: char| it.is_ascii_digit()) => Some(atoi(word)),
        None => None,
    }
}

fn is_redirect(status: i32) -> bool {
    (300..400).contains(&status)
}

// `ap_is_url`: letters, digits, `+`, `-`, `.` before a colon.
fn leads_somewhere(target: &str) -> bool {
    let scheme = target.split_once(':').map_or("", |it| it.0);
    let is_scheme = !scheme.is_empty()
        && scheme
            .bytes()
            .all(|it| it.is_ascii_alphanumeric() || matches!(it, b'+' | b'-' | b'.'));
    is_scheme || target.starts_with('/')
}
