//! mod_proxy: who is behind the server, and with which parameters.

pub mod backend;
pub mod balancer;
pub mod member;
pub mod pass;
pub mod section;
pub mod url;
pub mod worker;

use super::{Located, Refusal, Surroundings};

/// A word `KEY=VALUE`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// The text before the first `=`.
    pub key: String,
    /// The text behind it.
    pub value: String,
    /// The whole word.
    pub word: Located<String>,
}

impl Parameter {
    /// Takes a word apart; `None` where it has no `=`.
    pub fn parse(word: &Located<String>) -> Option<Self> {
        let (key, value) = word.value.split_once('=')?;
        Some(Self {
            key: key.to_owned(),
            value: value.to_owned(),
            word: word.clone(),
        })
    }
}

/// Adds a parameter to others, of which httpd keeps the last of each name in the place of the
/// first (`apr_table_setn`).
fn set(parameters: &mut Vec<Parameter>, parameter: Parameter) {
    let same = |it: &&mut Parameter| it.key.eq_ignore_ascii_case(&parameter.key);
    match parameters.iter_mut().find(same) {
        Some(earlier) => *earlier = parameter,
        None => parameters.push(parameter),
    }
}

/// Whom a URL names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Party {
    /// `balancer://NAME`.
    Balancer,
    /// Any other.
    Worker,
}

impl Party {
    /// The party that a URL names.
    pub fn of(url: &str) -> Self {
        let scheme = url.get(.."balancer:".len());
        if scheme.is_some_and(|it| it.eq_ignore_ascii_case("balancer:")) {
            Party::Balancer
        } else {
            Party::Worker
        }
    }

    /// What httpd says of a URL of this party.
    fn url_mistake(self, url: &str, is_pattern: bool) -> Option<String> {
        match self {
            Party::Balancer => balancer::name_mistake(url),
            Party::Worker => url::mistake(url, is_pattern),
        }
    }

    /// What httpd says of a parameter of this party.
    fn mistake(self, parameter: &Parameter, surroundings: &dyn Surroundings) -> Option<String> {
        match self {
            Party::Balancer => balancer::mistake(parameter, surroundings),
            Party::Worker => worker::mistake(parameter, surroundings),
        }
    }

    /// The first of several parameters that httpd refuses.
    fn refused(
        self,
        directive: &str,
        parameters: &[Parameter],
        surroundings: &dyn Surroundings,
    ) -> Option<Refusal> {
        parameters.iter().find_map(|it| {
            let message = self.mistake(it, surroundings)?;
            let range = it.word.range.clone();
            Some(Refusal::new(range, format!("{directive} {message}")))
        })
    }
}
