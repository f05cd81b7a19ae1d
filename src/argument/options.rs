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

pub(super) const NAMES: &[(DirectoryOption, &str)] = &[
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

/// The options that a `.htaccess` file may change (`cmd_parms.override_opts`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct OptionSet(u8);

impl OptionSet {
    const INDEXES: Self = Self(1);
    const INCLUDES: Self = Self(1 << 1);
    const INCLUDES_WITH_EXEC: Self = Self(1 << 2);
    const FOLLOW_SYM_LINKS: Self = Self(1 << 3);
    const SYM_LINKS_IF_OWNER_MATCH: Self = Self(1 << 4);
    const EXEC_CGI: Self = Self(1 << 5);
    const MULTI_VIEWS: Self = Self(1 << 6);

    /// No option.
    pub const NONE: Self = Self(0);

    /// The options that `Options All` turns on: neither `MultiViews` nor `SymLinksIfOwnerMatch`.
    pub const ALL: Self = Self(
        Self::INDEXES.0
            | Self::INCLUDES.0
            | Self::INCLUDES_WITH_EXEC.0
            | Self::FOLLOW_SYM_LINKS.0
            | Self::EXEC_CGI.0,
    );

    /// Every option there is.
    pub const EVERY: Self =
        Self(Self::ALL.0 | Self::SYM_LINKS_IF_OWNER_MATCH.0 | Self::MULTI_VIEWS.0);

    /// What an option stands for. `Includes` may be changed only where both of its forms may.
    pub fn of(option: DirectoryOption) -> Self {
        match option {
            DirectoryOption::Indexes => Self::INDEXES,
            DirectoryOption::Includes => Self::INCLUDES | Self::INCLUDES_WITH_EXEC,
            DirectoryOption::IncludesNoExec => Self::INCLUDES,
            DirectoryOption::FollowSymLinks => Self::FOLLOW_SYM_LINKS,
            DirectoryOption::SymLinksIfOwnerMatch => Self::SYM_LINKS_IF_OWNER_MATCH,
            DirectoryOption::ExecCgi => Self::EXEC_CGI,
            DirectoryOption::MultiViews => Self::MULTI_VIEWS,
            DirectoryOption::RunScripts => Self::MULTI_VIEWS | Self::EXEC_CGI,
            DirectoryOption::None => Self::NONE,
            DirectoryOption::All => Self::ALL,
        }
    }

    /// Whether everything that an option stands for is in the set.
    pub fn has(self, option: DirectoryOption) -> bool {
        let option = Self::of(option);
        self.0 & option.0 == option.0
    }
}

impl std::ops::BitOr for OptionSet {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
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

    /// What httpd refuses where these options may be changed, the message that it prints first.
    pub fn refusals(&self, permitted: OptionSet) -> Vec<Refusal> {
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
            refusals.extend(refused_word(word, is_first, permitted));
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

fn refused_word(word: &OptionWord, is_first: bool, permitted: OptionSet) -> Option<Refusal> {
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
        Some(option) if permitted.has(option) => return None,
        Some(_) => format!("Option {} not allowed here", word.name.value),
    };
    Some(Refusal::new(word.name.range.clone(), message))
}
