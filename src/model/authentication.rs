//! Where users are asked who they are.

use super::layers::first_word;
use super::survey::Survey;
use crate::evaluate::Placed;

/// Who else may tell who a user is, or let in whoever does not say.
const OTHERS: &[&str] = &[
    "SSLOptions",
    "SSLUserName",
    "PerlAuthenHandler",
    "LuaHookCheckUserID",
    "CASAuthNHeader",
    "Satisfy",
];

/// The requirements that a user meets who is known.
const OF_USERS: &[&str] = &["valid-user", "user", "group"];

/// An `AuthType` beside which a user is required.
#[derive(Debug, Clone, Copy)]
pub struct Authentication<'a> {
    /// The line.
    pub line: Placed<'a>,
    /// The `Require` in the same section.
    pub requirement: Placed<'a>,
    /// Whether it is `Basic`; otherwise it is `Digest`.
    pub is_basic: bool,
}

/// Whether a `Require` is met by users who are known.
pub fn asks_for_user(require: &Placed<'_>) -> bool {
    let kind = first_word(require).unwrap_or_default();
    OF_USERS.iter().any(|it| kind.eq_ignore_ascii_case(it))
}

impl<'a> Authentication<'a> {
    /// Those in sections that let nobody in but users, where no module that nobody knows and no
    /// `.htaccess` file may change that.
    pub fn all(survey: &Survey<'a>) -> Vec<Self> {
        let modules = survey.httpd.modules;
        let is_known = modules.are_all_known() && modules.foreign().is_empty();
        let has_other = OTHERS.iter().any(|it| survey.may_have(it));
        if !is_known || has_other || survey.may_be_overridden() {
            return Vec::new();
        }
        let lines = survey.lines("AuthType");
        lines.filter_map(|it| Self::of(survey, it)).collect()
    }

    fn of(survey: &Survey<'a>, line: Placed<'a>) -> Option<Self> {
        let kind = first_word(&line)?;
        let is = |it: &str| kind.eq_ignore_ascii_case(it);
        if !is("basic") && !is("digest") {
            return None;
        }
        let lines = survey.everything_in(&line.parent()?);
        let requires = survey.only(&lines, "Require");
        let is_of_users = |it: &Placed<'_>| !it.node.uncertain && asks_for_user(it);
        let is_plain = |it: &Placed<'_>| !survey.name(it).starts_with("<Limit");
        if !requires.iter().all(is_of_users) || !lines.iter().all(is_plain) {
            return None;
        }
        Some(Self {
            line,
            requirement: *requires.first()?,
            is_basic: is("basic"),
        })
    }
}
