//! The processes of a group: who they run as, and whether they answer.

use super::failure::Failure;
use super::group::DaemonGroup;
use super::python::{self, Python};
use crate::argument::wsgi::daemon_process::DaemonOptionName;
use crate::evaluate::paths;
use crate::model::accounts::Account;
use crate::model::layers::Layers;
use crate::model::request::Httpd;
use crate::model::{Doubt, Known};
use crate::world::Kind;

/// Less memory than this, in bytes, no Python has ever started with.
const NO_MEMORY: i32 = 8 << 20;

/// `sun_path` of Linux holds so many bytes.
const LONGEST_SOCKET_PATH: usize = 107;

/// What the names of sockets have behind their prefix, with a process id of the usual length.
const SOCKET_NAME: &str = ".12345.0.1.sock";

/// A process of a group.
#[derive(Debug, Clone)]
pub struct Daemon {
    /// Who it runs as.
    pub(super) account: Account,
    /// Its Python.
    pub(super) python: Known<Python>,
}

impl Daemon {
    /// The processes of a group, or why none answers.
    ///
    /// # Errors
    /// It depends on what is not visible from here.
    pub(super) fn of(httpd: &Httpd<'_>, group: &DaemonGroup<'_>) -> Known<Result<Self, Failure>> {
        let effective = group.directive.effective();
        let name = || group.name().to_owned();
        let silent = || Ok(Err(Failure::GroupDoesNotAnswer(name())));
        if effective.threads == 0 || has_no_memory(group) {
            return silent();
        }
        if is_unreachable(httpd, group)? {
            return Ok(Err(Failure::SocketIsUnreachable(name())));
        }
        let account = group.account(httpd)?;
        if effective.chroot.is_some() {
            return Err(Doubt::new("the group has another root directory"));
        }
        // Another user than httpd's begins at home.
        let home = effective.home.map(|it| it.value.as_str());
        let is_other = account.user != httpd.account()?.user;
        let begins_at = home.or_else(|| is_other.then_some(account.home.as_str()));
        if let Some(path) = begins_at {
            let is_there = httpd.kind(path)? == Kind::Directory;
            if !is_there || httpd.may(&account, 1, path) == Ok(false) {
                return silent();
            }
        }
        let home = effective.python_home.map(|it| it.value.as_str());
        let python = python::of(httpd, home.filter(|it| !it.is_empty()), &account);
        if matches!(python, Ok(Python::Fails(_))) {
            return silent();
        }
        Ok(Ok(Self { account, python }))
    }
}

// `512M` is 512 bytes: the numbers have no units.
fn has_no_memory(group: &DaemonGroup<'_>) -> bool {
    let limits = [
        DaemonOptionName::MemoryLimit,
        DaemonOptionName::VirtualMemoryLimit,
    ];
    let numbers = limits.iter().filter_map(|it| group.directive.number(*it));
    numbers.into_iter().any(|it| it > 0 && it < NO_MEMORY)
}

// The socket lies where `WSGISocketPrefix` says, and belongs to the user of httpd alone, unless the
// group gives it to another one.
fn is_unreachable(httpd: &Httpd<'_>, group: &DaemonGroup<'_>) -> Known<bool> {
    let mut layers = Layers::new(httpd.config, httpd.table());
    layers.push(httpd.main().body(), None);
    let owner = group.directive.value(DaemonOptionName::SocketUser);
    if let Some(owner) = owner {
        let found = Account::of(httpd.world(), &owner.value, None);
        let user = httpd.account()?.user;
        if found.is_some_and(|it| it.user != user && user != 0) {
            return Ok(true);
        }
    }
    let Some(prefix) = layers.word("WSGISocketPrefix")? else {
        return Ok(false);
    };
    let prefix = httpd.resolve(&prefix);
    if prefix.len() + SOCKET_NAME.len() > LONGEST_SOCKET_PATH {
        return Ok(true);
    }
    let directory = paths::directory(&prefix);
    if httpd.kind(directory)? != Kind::Directory {
        return Ok(true);
    }
    Ok(httpd.may(&httpd.account()?, 1, directory) == Ok(false))
}
