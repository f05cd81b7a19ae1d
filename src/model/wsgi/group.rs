//! The daemon process groups of a server.

use crate::argument::wsgi::daemon_process::DaemonProcess;
use crate::evaluate::{Placed, arguments_of};
use crate::model::request::Httpd;
use crate::model::servers::ServerId;
use crate::model::{Doubt, Known, Thing};

/// A group that a `WSGIDaemonProcess` declares.
#[derive(Debug, Clone)]
pub struct DaemonGroup<'a> {
    /// The directive.
    pub line: Placed<'a>,
    /// What it says.
    pub directive: DaemonProcess,
    /// The server that declares it.
    pub server: ServerId,
}

/// All groups, in their order: they have one namespace.
pub fn groups<'a>(httpd: &Httpd<'a>) -> Vec<DaemonGroup<'a>> {
    let declared = httpd.of_servers(Thing::DaemonGroup).into_iter();
    let groups = declared.map(|(scope, line)| {
        let text = line.occurrence.unit.text(line.node);
        DaemonGroup {
            line,
            directive: DaemonProcess::parse(arguments_of(&text)),
            server: scope.server,
        }
    });
    groups.collect()
}

impl DaemonGroup<'_> {
    /// The name.
    pub fn name(&self) -> &str {
        &self.directive.name.value
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
        if self.server == ServerId::MAIN || self.server == server {
            return Ok(true);
        }
        Ok(httpd.hostname(self.server)? == httpd.hostname(server)?)
    }
}

/// The group of a name; `None` where none is declared.
///
/// # Errors
/// It may be declared.
pub(super) fn find<'a>(httpd: &Httpd<'a>, name: &str) -> Known<Option<DaemonGroup<'a>>> {
    let found = groups(httpd).into_iter().find(|it| it.name() == name);
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
