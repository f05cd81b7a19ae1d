//! `Options [+|-]NAME…`.

use super::words::split;
use super::{Located, Refusal};

/// An option of a directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DirectoryOption {
    /// `Indexes`.
    Indexes,
    /// `Includes`.
    Includes,
    /// `IncludesNOEXEC`.
    IncludesNoExec,
    /// `FollowSymLinks`.
    FollowSymLinks,
    /// `SymLinksIfOwnerMatch`.
    SymLinksIfOwnerMatch,
    /// `ExecCGI`.
    ExecCgi,
    /// `MultiViews`.
    MultiViews,
    /// `RunScripts`, an old name for `MultiViews` and `ExecCGI` together.
    RunScripts,
    /// `None`.
    None,
    /// `All`.
    All,
}

const NAMES: &[(DirectoryOption, &str)] = &[
    (DirectoryOption::Indexes, "Indexes"),
    (DirectoryOption::Includes, "Includes"),
    (DirectoryOption::IncludesNoExec, "IncludesNOEXEC"),
    (DirectoryOption::FollowSymLinks, "FollowSymLinks"),
    (
        DirectoryOption::SymLinksIfOwnerMatch,
        "SymLinksIfOwnerMatch",
    ),
    (DirectoryOption::ExecCgi, "ExecCGI"),
    (DirectoryOption::MultiViews, "MultiViews"),
    (DirectoryOption::RunScripts, "RunScripts"),
    (DirectoryOption::None, "None"),
    (DirectoryOption::All, "All"),
];

impl DirectoryOption {
    /// The option of a name, in any letter case.
    pub fn of(name: &str) -> Option<Self> {
        NAMES
            .iter()
            .find(|it| it.1.eq_ignore_ascii_case(name))
            .map(|it| it.0)
    }
}

/// How an option changes what is inherited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sign {
    /// `+`.
    Add,
    /// `-`.
    Remove,
}

/// One word of `Options`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OptionWord {
    /// The sign before the name.
    pub sign: Option<Sign>,
    /// The option; `None` where httpd knows no such name.
    pub option: Option<DirectoryOption>,
    /// The name as written, without its sign, at the place of the whole word.
    pub name: Located<String>,
}

/// An `Options` directive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Its words.
    pub words: Vec<OptionWord>,
}

impl Options {
    /// Reads the argument text of `Options`.
    pub fn parse(text: &str) -> Self {
        Self {
            words: split(text).into_iter().map(option_word).collect(),
        }
    }

    /// What httpd refuses in the main configuration, the message that it prints first. In a
    /// `.htaccess` file an option may also be one that `AllowOverride` does not allow.
    pub fn refusals(&self) -> Vec<Refusal> {
        let mut refusals = Vec::new();
        let (mut has_sign, mut is_mixed, mut follows_whole) = (false, false, false);
        for (index, word) in self.words.iter().enumerate() {
            let is_first = index == 0;
            // Signed words may follow a leading `None` or `All`.
            let mixes = match word.sign {
                Some(_) => !has_sign && !is_first && !follows_whole,
                None => has_sign,
            };
            has_sign |= word.sign.is_some();
            if mixes && !is_mixed {
                is_mixed = true;
                let message = "Either all Options must start with + or -, or no Option may.";
                refusals.push(Refusal::new(word.name.range.clone(), message));
                continue;
            }
            refusals.extend(refused_word(word, is_first));
            follows_whole |= matches!(
                word.option,
                Some(DirectoryOption::None | DirectoryOption::All)
            );
        }
        refusals
    }
}

fn option_word(word: Located<String>) -> OptionWord {
    let (sign, name) = match word.value.split_at_checked(1) {
        Some(("+", name)) => (Some(Sign::Add), name),
        Some(("-", name)) => (Some(Sign::Remove), name),
        _ => (None, word.value.as_str()),
    };
    OptionWord {
        sign,
        option: DirectoryOption::of(name),
        name: Located::new(name.to_owned(), word.range.clone()),
    }
}

fn refused_word(word: &OptionWord, is_first: bool) -> Option<Refusal> {
    let message = match word.option {
        None => format!("Illegal option {}", word.name.value),
        Some(DirectoryOption::None) if !is_first => {
            "'Options None' must be the first Option given.".to_owned()
        }
        Some(DirectoryOption::None) if word.sign.is_some() => {
            "You may not use 'Options +None' or 'Options -None'.".to_owned()
        }
        Some(DirectoryOption::All) if !is_first => {
            "'Options All' must be the first option given.".to_owned()
        }
        Some(DirectoryOption::All) if word.sign.is_some() => {
            "You may not use 'Options +All' or 'Options -All'.".to_owned()
        }
        Some(_) => return None,
    };
    Some(Refusal::new(word.name.range.clone(), message))
}
