//! Directives that name a Python script: `WSGIScriptAlias`, `WSGIImportScript` and their kin.

use super::GLOBAL;
use super::options::{self, NameValue, Options};
use crate::argument::words::Words;
use crate::argument::{Located, Reach, Refusal, Surroundings, regex};

/// What httpd says of a daemon process group that nobody has declared where it is needed.
pub const UNDECLARED: &str = "WSGI process group not yet configured.";

/// What a script is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// `WSGIScriptAlias MOUNT SCRIPT …`.
    Alias,
    /// `WSGIScriptAliasMatch PATTERN SCRIPT …`.
    AliasMatch,
    /// `WSGIImportScript SCRIPT …`.
    Import,
    /// `WSGIHandlerScript HANDLER SCRIPT …`.
    Handler,
    /// `WSGIDispatchScript SCRIPT …`.
    Dispatch,
    /// `WSGIAccessScript SCRIPT …`.
    Access,
    /// `WSGIAuthUserScript SCRIPT …`.
    AuthUser,
    /// `WSGIAuthGroupScript SCRIPT …`.
    AuthGroup,
}

/// A directive that names a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script {
    /// What the script is for.
    pub role: Role,
    /// The word before the script, where the role has one: a mount, a pattern, a handler's name.
    pub subject: Option<Located<String>>,
    /// The script as written; empty where it is missing.
    pub file: Located<String>,
    /// The options.
    pub options: Options,
}

impl Role {
    /// The role of a directive.
    pub fn of(directive: &str) -> Option<Self> {
        Some(match directive {
            "WSGIScriptAlias" => Role::Alias,
            "WSGIScriptAliasMatch" => Role::AliasMatch,
            "WSGIImportScript" => Role::Import,
            "WSGIHandlerScript" => Role::Handler,
            "WSGIDispatchScript" => Role::Dispatch,
            "WSGIAccessScript" => Role::Access,
            "WSGIAuthUserScript" => Role::AuthUser,
            "WSGIAuthGroupScript" => Role::AuthGroup,
            _ => return None,
        })
    }

    /// What mod_wsgi calls it in its messages.
    fn thing(self) -> &'static str {
        match self {
            Role::Alias | Role::AliasMatch => "script alias",
            Role::Import => "import script",
            Role::Handler => "handler script",
            Role::Dispatch => "dispatch script",
            Role::Access => "access script",
            Role::AuthUser => "auth user script",
            Role::AuthGroup => "auth group script",
        }
    }

    fn has_subject(self) -> bool {
        matches!(self, Role::Alias | Role::AliasMatch | Role::Handler)
    }

    fn takes(self, option: ScriptOption) -> bool {
        match option {
            ScriptOption::ApplicationGroup => true,
            ScriptOption::ProcessGroup => {
                matches!(
                    self,
                    Role::Alias | Role::AliasMatch | Role::Import | Role::Handler
                )
            }
            ScriptOption::CallableObject => matches!(self, Role::Alias | Role::AliasMatch),
            ScriptOption::PassAuthorization => {
                matches!(self, Role::Alias | Role::AliasMatch | Role::Handler)
            }
        }
    }
}

/// An option of a directive that names a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ScriptOption {
    /// `process-group`.
    ProcessGroup,
    /// `application-group`.
    ApplicationGroup,
    /// `callable-object`.
    CallableObject,
    /// `pass-authorization`.
    PassAuthorization,
}

impl ScriptOption {
    /// The option of a name, whose letter case counts.
    pub fn of(name: &str) -> Option<Self> {
        [
            ScriptOption::ProcessGroup,
            ScriptOption::ApplicationGroup,
            ScriptOption::CallableObject,
            ScriptOption::PassAuthorization,
        ]
        .into_iter()
        .find(|it| it.name() == name)
    }

    /// The name.
    pub fn name(self) -> &'static str {
        match self {
            ScriptOption::ProcessGroup => "process-group",
            ScriptOption::ApplicationGroup => "application-group",
            ScriptOption::CallableObject => "callable-object",
            ScriptOption::PassAuthorization => "pass-authorization",
        }
    }

    fn refusal(self, value: &Located<String>) -> Option<Refusal> {
        let message = match self {
            ScriptOption::ProcessGroup => "Invalid name for WSGI process group.",
            ScriptOption::ApplicationGroup => "Invalid name for WSGI application group.",
            ScriptOption::CallableObject => "Invalid name for WSGI callable object.",
            ScriptOption::PassAuthorization => "Invalid value for authorization flag.",
        };
        let text = value.value.as_str();
        let is_refused = match self {
            ScriptOption::PassAuthorization => {
                !text.eq_ignore_ascii_case("off") && !text.eq_ignore_ascii_case("on")
            }
            _ => text.is_empty(),
        };
        is_refused.then(|| Refusal::new(value.range.clone(), message))
    }
}

impl Script {
    /// Reads the argument text of a directive in that role.
    pub fn parse(role: Role, text: &str) -> Self {
        let mut words = Words::new(text);
        let subject = role.has_subject().then(|| words.take());
        let file = words.take();
        Self {
            role,
            subject,
            file,
            options: options::parse(text, words.offset()),
        }
    }

    /// The value that counts for an option: the last one.
    pub fn value(&self, option: ScriptOption) -> Option<&Located<String>> {
        self.options
            .list
            .iter()
            .rfind(|it| it.name.value == option.name())
            .map(|it| &it.value)
    }

    /// Whether the script is loaded into its process group when the server starts, for which
    /// mod_wsgi looks the group up while it reads this directive.
    fn is_preloaded(&self) -> bool {
        let is_literal = |it: &Located<String>| it.value == GLOBAL || !it.value.contains("%{");
        match self.role {
            Role::Import => true,
            Role::Alias | Role::AliasMatch => {
                let has_literal = |it| self.value(it).is_some_and(is_literal);
                let is_substituted = self.role == Role::AliasMatch && self.file.value.contains('$');
                has_literal(ScriptOption::ProcessGroup)
                    && has_literal(ScriptOption::ApplicationGroup)
                    && !is_substituted
            }
            _ => false,
        }
    }

    /// What mod_wsgi refuses, the message that httpd prints first.
    pub fn refusals(&self, surroundings: &dyn Surroundings) -> Vec<Refusal> {
        if let Some(refusal) = self.refused_words() {
            return vec![refusal];
        }
        let mut refusals: Vec<Refusal> = self
            .options
            .list
            .iter()
            .filter_map(|it| self.refused_option(it))
            .collect();
        let stray = self.options.stray.as_ref();
        refusals.extend(stray.map(|it| self.invalid_option(it)));
        refusals.extend(self.refused_pattern());
        if refusals.is_empty() {
            refusals.extend(self.missing_option());
        }
        refusals.extend(self.refused_group(surroundings));
        refusals
    }

    fn refused_words(&self) -> Option<Refusal> {
        let subject = self.subject.as_ref();
        let missing = match subject {
            Some(subject) if subject.value.is_empty() => subject,
            _ if self.file.value.is_empty() => &self.file,
            _ => return None,
        };
        let thing = self.role.thing();
        let message = match self.role {
            Role::Alias => "WSGIScriptAlias requires at least two arguments, \
                 Map location to target WSGI script file."
                .to_owned(),
            Role::AliasMatch => "WSGIScriptAliasMatch requires at least two arguments, \
                 Map location pattern to target WSGI script file."
                .to_owned(),
            Role::Handler if subject.is_some_and(|it| it.value.is_empty()) => {
                format!("Name for {thing} not supplied.")
            }
            _ => format!("Location of {thing} not supplied."),
        };
        Some(Refusal::new(missing.range.clone(), message))
    }

    fn refused_option(&self, option: &NameValue) -> Option<Refusal> {
        match ScriptOption::of(&option.name.value) {
            Some(known) if self.role.takes(known) => known.refusal(&option.value),
            _ => Some(self.invalid_option(&option.name)),
        }
    }

    fn invalid_option(&self, place: &Located<String>) -> Refusal {
        let thing = self.role.thing();
        let message = format!("Invalid option to WSGI {thing} definition.");
        Refusal::new(place.range.clone(), message)
    }

    fn refused_pattern(&self) -> Option<Refusal> {
        let pattern = self.subject.as_ref()?;
        if self.role != Role::AliasMatch {
            return None;
        }
        regex::mistake(&pattern.value)?;
        let message = "Regular expression could not be compiled.";
        Some(Refusal::new(pattern.range.clone(), message))
    }

    fn missing_option(&self) -> Option<Refusal> {
        if self.role != Role::Import {
            return None;
        }
        let message = if self.value(ScriptOption::ApplicationGroup).is_none() {
            "Name of WSGI application group required."
        } else if self.value(ScriptOption::ProcessGroup).is_none() {
            "Name of WSGI process group required."
        } else {
            return None;
        };
        Some(Refusal::new(self.file.range.clone(), message))
    }

    fn refused_group(&self, surroundings: &dyn Surroundings) -> Option<Refusal> {
        let group = self.value(ScriptOption::ProcessGroup)?;
        if !self.is_preloaded() || group.value.is_empty() || group.value == GLOBAL {
            return None;
        }
        let message = match surroundings.daemon_reach(&group.value) {
            Reach::Accessible | Reach::Unknown => return None,
            Reach::Undeclared => UNDECLARED,
            Reach::OtherServer => "WSGI process group not accessible.",
            Reach::NoServerName => "WSGI process group not matchable.",
        };
        Some(Refusal::new(group.range.clone(), message))
    }
}
