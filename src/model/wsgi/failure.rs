//! How mod_wsgi refuses a request, and what it writes to the log.

/// A reason for which a script is not run, or does not answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// A handler for a directory in which no program may be run.
    ExecCgiIsOff,
    /// There is no script.
    ScriptIsMissing,
    /// The script is a directory.
    ScriptIsDirectory,
    /// `AcceptPathInfo Off`, and something follows the script.
    PathInfoIsOff,
    /// A body in pieces, which must be allowed.
    ChunkedRequestIsOff,
    /// A body that is larger than `LimitRequestBody`; its length, and the limit.
    BodyIsTooLarge(i64, i64),
    /// `WSGIRestrictProcess` does not list the group.
    GroupIsRestricted(String),
    /// No such group is declared; whether any is.
    GroupIsUndeclared(String, bool),
    /// The group belongs to another server.
    GroupIsOfOtherServer(String),
    /// `WSGIRestrictEmbedded On`.
    EmbeddedIsRestricted,
    /// The script or its directory belongs to somebody else than the group wants, or others may
    /// write to it; the sentence and its number.
    ScriptIsNotTrusted(String, &'static str),
    /// Nobody can connect to the socket.
    SocketIsUnreachable(String),
    /// The group has no process that answers.
    GroupDoesNotAnswer(String),
    /// Python cannot start in the processes of httpd.
    PythonDoesNotStart,
    /// The script cannot be read or compiled.
    ScriptIsUnreadable(String),
    /// The script fails when it is loaded.
    ScriptFails(String),
    /// The script has no such object; whether it runs in a process of httpd.
    CallableIsMissing(String, String, bool),
}

impl Failure {
    /// The status of the answer.
    pub fn status(&self) -> u16 {
        match self {
            Failure::ExecCgiIsOff
            | Failure::ScriptIsDirectory
            | Failure::ScriptIsNotTrusted(..) => 403,
            Failure::ScriptIsMissing
            | Failure::PathInfoIsOff
            | Failure::CallableIsMissing(_, _, true) => 404,
            Failure::ChunkedRequestIsOff => 411,
            Failure::BodyIsTooLarge(..) => 413,
            Failure::GroupIsRestricted(_)
            | Failure::GroupIsUndeclared(..)
            | Failure::GroupIsOfOtherServer(_)
            | Failure::EmbeddedIsRestricted
            | Failure::PythonDoesNotStart
            | Failure::ScriptIsUnreadable(_)
            // A daemon process answers 500 whatever goes wrong (`wsgi_hook_daemon_handler`).
            | Failure::CallableIsMissing(_, _, false)
            | Failure::ScriptFails(_) => 500,
            Failure::SocketIsUnreachable(_) => 503,
            Failure::GroupDoesNotAnswer(_) => 504,
        }
    }

    /// What mod_wsgi 4 writes to the log, without the file that it appends.
    pub fn message(&self) -> String {
        match self {
            Failure::ExecCgiIsOff => "Options ExecCGI is off in this directory".to_owned(),
            Failure::ScriptIsMissing => "Target WSGI script not found or unable to stat".to_owned(),
            Failure::ScriptIsDirectory => {
                "Attempt to invoke directory as WSGI application".to_owned()
            }
            Failure::PathInfoIsOff => "AcceptPathInfo off disallows user's path".to_owned(),
            Failure::ChunkedRequestIsOff => {
                "Received request requiring chunked transfer encoding, but optional support for \
                 chunked transfer encoding has not been enabled."
                    .to_owned()
            }
            Failure::BodyIsTooLarge(length, limit) => format!(
                "AH01588: Requested content-length of {length} is larger than the configured \
                 limit of {limit}"
            ),
            Failure::GroupIsRestricted(name) => format!(
                "Daemon process called '{name}' cannot be accessed by this WSGI application as \
                 not a member of allowed groups"
            ),
            Failure::GroupIsUndeclared(name, _) => {
                format!("No WSGI daemon process called '{name}' has been configured")
            }
            Failure::GroupIsOfOtherServer(name) => format!(
                "Daemon process called '{name}' cannot be accessed by this WSGI application"
            ),
            Failure::EmbeddedIsRestricted => {
                "Embedded mode of mod_wsgi disabled by runtime configuration".to_owned()
            }
            Failure::ScriptIsNotTrusted(message, _) => message.clone(),
            Failure::SocketIsUnreachable(name) => {
                format!("Unable to connect to WSGI daemon process '{name}'")
            }
            Failure::GroupDoesNotAnswer(name) => {
                format!("Timeout when reading response headers from daemon process '{name}'")
            }
            Failure::PythonDoesNotStart => {
                "Embedded mode of mod_wsgi cannot be used as Python was not initialised in this \
                 process."
                    .to_owned()
            }
            Failure::ScriptIsUnreadable(script) => {
                format!("Could not read/compile source file '{script}'")
            }
            Failure::ScriptFails(script) => format!("Failed to exec Python script file '{script}'"),
            Failure::CallableIsMissing(script, name, _) => {
                format!("Target WSGI script '{script}' does not contain WSGI application '{name}'.")
            }
        }
    }

    /// What is found in the log of a mod_wsgi of this version: its message, or the number alone where
    /// version 6 says it in other words.
    pub fn logged(&self, is_six: bool) -> String {
        let is_reworded = matches!(
            self,
            Failure::ChunkedRequestIsOff
                | Failure::ScriptIsNotTrusted(..)
                | Failure::ScriptIsUnreadable(_)
                | Failure::ScriptFails(_)
        );
        match self.code() {
            Some(code) if is_six && is_reworded => code.to_owned(),
            _ => self.message(),
        }
    }

    /// The number that mod_wsgi 6 writes before its message.
    pub fn code(&self) -> Option<&'static str> {
        Some(match self {
            Failure::ExecCgiIsOff => "WSGI0134",
            Failure::ScriptIsMissing => "WSGI0135",
            Failure::ScriptIsDirectory => "WSGI0136",
            Failure::PathInfoIsOff => "WSGI0137",
            Failure::ChunkedRequestIsOff => "WSGI0139",
            Failure::BodyIsTooLarge(..) => return None,
            Failure::GroupIsRestricted(_) => "WSGI0149",
            Failure::GroupIsUndeclared(_, true) => "WSGI0151",
            Failure::GroupIsUndeclared(_, false) => "WSGI0150",
            Failure::GroupIsOfOtherServer(_) => "WSGI0152",
            Failure::EmbeddedIsRestricted => "WSGI0143",
            Failure::ScriptIsNotTrusted(_, code) => code,
            Failure::SocketIsUnreachable(_) => "WSGI0117",
            Failure::GroupDoesNotAnswer(_) => "WSGI0145",
            Failure::PythonDoesNotStart => "WSGI0210",
            Failure::ScriptIsUnreadable(_) => "WSGI0105",
            Failure::ScriptFails(_) => "WSGI0109",
            Failure::CallableIsMissing(..) => "WSGI0089",
        })
    }
}
