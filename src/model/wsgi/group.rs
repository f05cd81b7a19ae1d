//! The daemon process groups of a server.

use crate::argument::wsgi::daemon_process::{DaemonOption, DaemonProcess};
use crate::argument::{Located, Lookup};
use crate::evaluate::{Placed, arguments_of};
use crate::model::accounts::{Account, Register};
use crate::model::request::Httpd;
use crate::model::servers::ServerId;
use crate::model::{Doubt, Known, Thing};
use crate::source::Site;

/// A group that a `WSGIDaemonProcess` declares.
#[derive(Debug, Clone)]
pub struct DaemonGroup<'a> {
    /// The directive.
    pub line: Placed<'a>,
    /// What it says.
    pub directive: DaemonProcess,
}

/// All groups, in their order: they have one namespace.
pub fn groups<'a>(httpd: &Httpd<'a>) -> Vec<DaemonGroup<'a>> {
    let declared = httpd.of_servers(Thing::DaemonGroup).into_iter();
    declared.map(|it| DaemonGroup::of(it.1)).collect()
}

impl<'a> DaemonGroup<'a> {
    /// The group that a directive declares.
    pub fn of(line: Placed<'a>) -> Self {
        let text = line.occurrence.unit.text(line.node);
        Self {
            line,
            directive: DaemonProcess::parse(arguments_of(&text)),
        }
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.directive.name.value
    }

    /// The place of something that the directive says.
    pub fn place<T>(&self, said: &Located<T>) -> Site {
        let line = self.line.line();
        self.line.at(line.argument_span(said.range.clone()))
    }

    /// The place of an option, with its name.
    pub fn place_of_option(&self, option: &DaemonOption) -> Site {
        let line = self.line.line();
        let range = option.text.name.range.start..option.text.value.range.end;
        self.line.at(line.argument_span(range))
    }

    /// The server that declares it.
    pub fn server(&self, httpd: &Httpd<'_>) -> ServerId {
        httpd.servers.of_directive(&self.line)
    }

    /// Who its processes run as.
    ///
    /// # Errors
    /// The accounts of the server are not visible from here.
    pub fn account(&self, httpd: &Httpd<'_>) -> Known<Account> {
        let effective = self.directive.effective();
        let mut account = httpd.account()?;
        let hidden = || Doubt::new("the accounts of the server are not visible from here");
        let group = effective.group.map(|it| it.value.as_str());
        if let Some(user) = effective.user {
            let found = Account::of(httpd.world(), &user.value, group);
            account = found.ok_or_else(hidden)?;
        } else if let Some(group) = group {
            let groups = Register::read(httpd.world(), "/etc/group", "group").ok_or_else(hidden)?;
            if let Lookup::Found(id) = groups.get(group) {
                account.groups = vec![id];
            }
        }
        Ok(account)
    }

    /// `wsgi.multithread` of its scripts.
    pub fn is_multithread(&self) -> bool {
        self.directive.effective().threads != 1
    }

    /// `wsgi.multiprocess` of its scripts: whether the number of processes is written at all.
    pub fn is_multiprocess(&self) -> bool {
        self.directive.effective().is_multiprocess
    }

    /// Whether scripts of a server may run in it: its own, and those of servers with exactly the
    /// same name; all, where the main server declares it.
    ///
    /// # Errors
    /// A name is not known.
    pub fn is_open_to(&self, httpd: &Httpd<'_>, server: ServerId) -> Known<bool> {
        let own = self.server(httpd);
        if own == ServerId::MAIN || own == server {
            return Ok(true);
        }
        Ok(httpd.hostname(own)? == httpd.hostname(server)?)
    }
}

/// The group of a name; `None` where none is declared.
///
/// # Errors
/// It may be declared.
pub(super) fn find<'a>(httpd: &Httpd<'a>, name: &str) -> Known<Option<DaemonGroup<'a>>> {
    let declared = httpd.named_of_servers(Thing::DaemonGroup, name);
    let found = declared.into_iter().next().map(|it| DaemonGroup::of(it.1));
    match found {
        Some(group) if group.line.node.uncertain => {
            let why = format!("whether a group `{name}` is declared depends on a condition");
            Err(Doubt::new(why))
        }
        None if httpd.config.fragment => {
            let why = format!("the rest of the server may declare a group `{name}`");
            Err(Doubt::new(why))
        }
        found => Ok(found),
    }
}
