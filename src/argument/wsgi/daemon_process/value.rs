//! What the options of `WSGIDaemonProcess` take, and mod_wsgi's words where it is something else.

use crate::argument::number::{atoi, is_positive, strtol};
use crate::argument::{Located, Refusal, Surroundings, account};

/// What an option takes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Value {
    /// Anything, nothing too.
    Free,
    /// A number as `atoi` reads it.
    Number {
        thing: &'static str,
        least: i32,
        most: i32,
    },
    /// A number as `atoi` reads it: 0, or no less than a bound.
    Buffer {
        thing: &'static str,
        least: i32,
        zero: &'static str,
    },
    /// A 64-bit number that is not negative.
    Bytes { thing: &'static str },
    /// A number of seconds above 0, with nothing behind it.
    Seconds,
    /// An octal number that is not negative, with nothing behind it.
    Umask,
    /// An absolute path; only root may change to it.
    Chroot,
    /// An absolute path.
    Home,
    /// `On` or `Off`.
    Flag,
    /// A user other than root.
    User,
    /// A group.
    Group,
    /// A user.
    SocketUser,
    /// A user.
    ScriptUser,
    /// A group.
    ScriptGroup,
}

pub(super) const FREE: Value = Value::Free;

pub(super) const fn number(thing: &'static str, least: i32, most: i32) -> Value {
    Value::Number { thing, least, most }
}

pub(super) const fn at_least_zero(thing: &'static str) -> Value {
    number(thing, 0, i32::MAX)
}

pub(super) const fn buffer(thing: &'static str, least: i32, zero: &'static str) -> Value {
    Value::Buffer { thing, least, zero }
}

pub(super) const fn bytes(thing: &'static str) -> Value {
    Value::Bytes { thing }
}

impl Value {
    /// What mod_wsgi refuses in a value.
    pub(super) fn refusal(
        self,
        value: &Located<String>,
        surroundings: &dyn Surroundings,
    ) -> Option<Refusal> {
        let text = value.value.as_str();
        let refused = |message: String| Some(Refusal::new(value.range.clone(), message));
        if self == Value::Chroot && surroundings.started_as_root() == Some(false) {
            return refused("Cannot chroot WSGI daemon process when not root.".to_owned());
        }
        if text.is_empty() && self != Value::Free {
            return refused(format!("Invalid {} for WSGI daemon process.", self.thing()));
        }
        match self {
            Value::Buffer { thing, least, zero } if !is_buffer(text, least) => {
                let (first, rest) = thing.split_at(1);
                let thing = first.to_ascii_uppercase() + rest;
                refused(format!(
                    "{thing} must be >= {least} bytes, or 0 for {zero}."
                ))
            }
            Value::User => refused_user(value, surroundings),
            Value::Group => account::group(value, surroundings).err(),
            Value::SocketUser => {
                let unnamed = "Couldn't determine user name from socket user.";
                refused_named_user(value, unnamed, surroundings)
            }
            Value::ScriptUser => {
                let unnamed = "Couldn't determine uid from script user.";
                refused_named_user(value, unnamed, surroundings)
            }
            Value::ScriptGroup => refused_script_group(value, surroundings),
            _ if self.takes(text) => None,
            _ => refused(format!("Invalid {} for WSGI daemon process.", self.thing())),
        }
    }

    fn takes(self, text: &str) -> bool {
        match self {
            Value::Number { least, most, .. } => (least..=most).contains(&atoi(text)),
            Value::Bytes { .. } => strtol(text, 10).value >= 0,
            Value::Seconds => is_positive(text),
            Value::Umask => {
                let number = strtol(text, 8);
                number.length == text.len() && !number.overflow && number.value >= 0
            }
            Value::Chroot | Value::Home => text.starts_with('/'),
            Value::Flag => text.eq_ignore_ascii_case("off") || text.eq_ignore_ascii_case("on"),
            Value::Free
            | Value::Buffer { .. }
            | Value::User
            | Value::Group
            | Value::SocketUser
            | Value::ScriptUser
            | Value::ScriptGroup => true,
        }
    }

    /// What mod_wsgi calls the value in its messages.
    fn thing(self) -> &'static str {
        match self {
            Value::Free => "value",
            Value::Number { thing, .. } | Value::Buffer { thing, .. } | Value::Bytes { thing } => {
                thing
            }
            Value::Seconds => "switch interval",
            Value::Umask => "umask",
            Value::Chroot => "chroot directory",
            Value::Home => "home directory",
            Value::Flag => "server metrics flag",
            Value::User => "user",
            Value::Group => "group",
            Value::SocketUser => "socket user",
            Value::ScriptUser => "script user",
            Value::ScriptGroup => "script group",
        }
    }
}

fn is_buffer(text: &str, least: i32) -> bool {
    let size = atoi(text);
    size == 0 || size >= least
}

// The messages of mod_wsgi for an `#id` that nobody has come after httpd's own for a bad name.
fn refused_user(value: &Located<String>, surroundings: &dyn Surroundings) -> Option<Refusal> {
    let id = match account::user(value, surroundings) {
        Ok(id) => id?,
        Err(refusal) => return Some(refusal),
    };
    let refused = |message: &str| Some(Refusal::new(value.range.clone(), message));
    if id == 0 {
        return refused("WSGI process blocked from running as root.");
    }
    if value.value.starts_with('#') && surroundings.has_user_id(id) == Some(false) {
        return refused("Couldn't determine user name from uid.");
    }
    None
}

fn refused_named_user(
    value: &Located<String>,
    nameless: &str,
    surroundings: &dyn Surroundings,
) -> Option<Refusal> {
    let id = match account::user(value, surroundings) {
        Ok(id) => id?,
        Err(refusal) => return Some(refusal),
    };
    let is_nameless = value.value.starts_with('#') && surroundings.has_user_id(id) == Some(false);
    is_nameless.then(|| Refusal::new(value.range.clone(), nameless))
}

fn refused_script_group(
    value: &Located<String>,
    surroundings: &dyn Surroundings,
) -> Option<Refusal> {
    let id = match account::group(value, surroundings) {
        Ok(id) => id?,
        Err(refusal) => return Some(refusal),
    };
    let is_nameless = value.value.starts_with('#') && surroundings.has_group_id(id) == Some(false);
    let message = "Couldn't determine gid from script group.";
    is_nameless.then(|| Refusal::new(value.range.clone(), message))
}
