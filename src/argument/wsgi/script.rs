//! Directives that name a Python script: `WSGIScriptAlias`, `WSGIImportScript` and their kin.

use super::options::Options;
use crate::argument::Located;

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
