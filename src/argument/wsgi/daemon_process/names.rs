//! The options of `WSGIDaemonProcess`: their names, their values and the versions that have them.

use super::value::{FREE, Value, at_least_zero, buffer, bytes, number};
use crate::argument::Version;

/// An option of `WSGIDaemonProcess`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DaemonOptionName {
    /// `user`.
    User,
    /// `group`.
    Group,
    /// `supplementary-groups`.
    SupplementaryGroups,
    /// `processes`.
    Processes,
    /// `threads`.
    Threads,
    /// `umask`.
    Umask,
    /// `chroot`.
    Chroot,
    /// `home`.
    Home,
    /// `lang`.
    Lang,
    /// `locale`.
    Locale,
    /// `python-home`.
    PythonHome,
    /// `python-path`.
    PythonPath,
    /// `python-eggs`.
    PythonEggs,
    /// `switch-interval`.
    SwitchInterval,
    /// `stack-size`.
    StackSize,
    /// `maximum-requests`.
    MaximumRequests,
    /// `startup-timeout`.
    StartupTimeout,
    /// `shutdown-timeout`.
    ShutdownTimeout,
    /// `deadlock-timeout`.
    DeadlockTimeout,
    /// `inactivity-timeout`.
    InactivityTimeout,
    /// `request-timeout`.
    RequestTimeout,
    /// `interrupt-timeout`.
    InterruptTimeout,
    /// `graceful-timeout`.
    GracefulTimeout,
    /// `eviction-timeout`.
    EvictionTimeout,
    /// `restart-interval`.
    RestartInterval,
    /// `connect-timeout`.
    ConnectTimeout,
    /// `socket-timeout`.
    SocketTimeout,
    /// `queue-timeout`.
    QueueTimeout,
    /// `listen-backlog`.
    ListenBacklog,
    /// `display-name`.
    DisplayName,
    /// `send-buffer-size`.
    SendBufferSize,
    /// `receive-buffer-size`.
    ReceiveBufferSize,
    /// `header-buffer-size`.
    HeaderBufferSize,
    /// `response-buffer-size`.
    ResponseBufferSize,
    /// `response-socket-timeout`.
    ResponseSocketTimeout,
    /// `response-flush-delay`.
    ResponseFlushDelay,
    /// `socket-user`.
    SocketUser,
    /// `script-user`.
    ScriptUser,
    /// `script-group`.
    ScriptGroup,
    /// `cpu-time-limit`.
    CpuTimeLimit,
    /// `cpu-priority`.
    CpuPriority,
    /// `memory-limit`.
    MemoryLimit,
    /// `virtual-memory-limit`.
    VirtualMemoryLimit,
    /// `server-metrics`.
    ServerMetrics,
    /// `newrelic-config-file`.
    NewrelicConfigFile,
    /// `newrelic-environment`.
    NewrelicEnvironment,
}

impl DaemonOptionName {
    /// The option of a name, whose letter case counts.
    pub fn of(name: &str) -> Option<Self> {
        FORMS.iter().find(|it| it.name == name).map(|it| it.option)
    }

    /// All of them, in the order in which mod_wsgi tests for them.
    pub fn all() -> impl Iterator<Item = Self> {
        FORMS.iter().map(|it| it.option)
    }

    /// The name.
    pub fn name(self) -> &'static str {
        self.form().name
    }

    /// Whether a version of mod_wsgi has it.
    pub fn is_in(self, version: Version) -> bool {
        let form = self.form();
        form.since.is_none_or(|it| it <= version) && form.until.is_none_or(|it| version < it)
    }

    /// Whether its value is a number that is read up to the first letter, whatever follows.
    pub fn is_partial_number(self) -> bool {
        matches!(
            self.form().value,
            Value::Number { .. } | Value::Buffer { .. } | Value::Bytes { .. }
        )
    }

    pub(super) fn form(self) -> &'static Form {
        // The table below follows the order of the variants, which a test holds it to.
        &FORMS[self as usize]
    }
}

/// One row of the table.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Form {
    pub(super) option: DaemonOptionName,
    pub(super) name: &'static str,
    pub(super) value: Value,
    /// The first version with it; `None` where no release note names one.
    since: Option<Version>,
    /// The first version without it.
    until: Option<Version>,
}

impl Form {
    const fn new(option: DaemonOptionName, name: &'static str, value: Value) -> Self {
        Self {
            option,
            name,
            value,
            since: None,
            until: None,
        }
    }

    const fn since(mut self, version: Version) -> Self {
        self.since = Some(version);
        self
    }

    const fn until(mut self, version: Version) -> Self {
        self.until = Some(version);
        self
    }
}

use DaemonOptionName as Name;

#[rustfmt::skip]
const FORMS: &[Form] = &[
    Form::new(Name::User, "user", Value::User),
    Form::new(Name::Group, "group", Value::Group),
    Form::new(Name::SupplementaryGroups, "supplementary-groups", FREE).since((4, 1, 0)),
    Form::new(Name::Processes, "processes", number("process count", 1, i32::MAX)),
    Form::new(Name::Threads, "threads", number("thread count", 0, 65533)),
    Form::new(Name::Umask, "umask", Value::Umask),
    Form::new(Name::Chroot, "chroot", Value::Chroot),
    Form::new(Name::Home, "home", Value::Home),
    Form::new(Name::Lang, "lang", FREE),
    Form::new(Name::Locale, "locale", FREE),
    Form::new(Name::PythonHome, "python-home", FREE).since((3, 4, 0)),
    Form::new(Name::PythonPath, "python-path", FREE),
    Form::new(Name::PythonEggs, "python-eggs", FREE),
    Form::new(Name::SwitchInterval, "switch-interval", Value::Seconds).since((6, 0, 0)),
    Form::new(Name::StackSize, "stack-size", number("stack size", 1, i32::MAX)),
    Form::new(Name::MaximumRequests, "maximum-requests", at_least_zero("request count")),
    Form::new(Name::StartupTimeout, "startup-timeout", at_least_zero("startup timeout")).since((4, 5, 6)),
    Form::new(Name::ShutdownTimeout, "shutdown-timeout", at_least_zero("shutdown timeout")),
    Form::new(Name::DeadlockTimeout, "deadlock-timeout", at_least_zero("deadlock timeout")),
    Form::new(Name::InactivityTimeout, "inactivity-timeout", at_least_zero("inactivity timeout")),
    Form::new(Name::RequestTimeout, "request-timeout", at_least_zero("request timeout")).since((4, 1, 0)),
    Form::new(Name::InterruptTimeout, "interrupt-timeout", at_least_zero("interrupt timeout")).since((6, 0, 0)),
    Form::new(Name::GracefulTimeout, "graceful-timeout", at_least_zero("graceful timeout")).since((4, 1, 0)),
    Form::new(Name::EvictionTimeout, "eviction-timeout", at_least_zero("eviction timeout")).since((4, 4, 7)),
    Form::new(Name::RestartInterval, "restart-interval", at_least_zero("restart interval")).since((4, 5, 12)),
    Form::new(Name::ConnectTimeout, "connect-timeout", at_least_zero("connect timeout")).since((4, 1, 0)),
    Form::new(Name::SocketTimeout, "socket-timeout", at_least_zero("socket timeout")).since((4, 1, 0)),
    Form::new(Name::QueueTimeout, "queue-timeout", at_least_zero("queue timeout")).since((4, 1, 0)),
    Form::new(Name::ListenBacklog, "listen-backlog", at_least_zero("listen backlog")).since((4, 1, 0)),
    Form::new(Name::DisplayName, "display-name", FREE),
    Form::new(Name::SendBufferSize, "send-buffer-size", buffer("send buffer size", 512, "system default")),
    Form::new(Name::ReceiveBufferSize, "receive-buffer-size", buffer("receive buffer size", 512, "system default")),
    Form::new(Name::HeaderBufferSize, "header-buffer-size", buffer("header buffer size", 8192, "default")).since((4, 1, 0)),
    Form::new(Name::ResponseBufferSize, "response-buffer-size", buffer("response buffer size", 65536, "default")).since((4, 4, 7)),
    Form::new(Name::ResponseSocketTimeout, "response-socket-timeout", at_least_zero("response socket timeout")).since((4, 5, 13)),
    Form::new(Name::ResponseFlushDelay, "response-flush-delay", at_least_zero("response flush delay")).since((6, 0, 2)),
    Form::new(Name::SocketUser, "socket-user", Value::SocketUser).since((4, 4, 1)),
    Form::new(Name::ScriptUser, "script-user", Value::ScriptUser),
    Form::new(Name::ScriptGroup, "script-group", Value::ScriptGroup),
    Form::new(Name::CpuTimeLimit, "cpu-time-limit", at_least_zero("CPU time limit")),
    Form::new(Name::CpuPriority, "cpu-priority", number("CPU priority", i32::MIN, i32::MAX)),
    Form::new(Name::MemoryLimit, "memory-limit", bytes("memory limit")),
    Form::new(Name::VirtualMemoryLimit, "virtual-memory-limit", bytes("virtual memory limit")),
    Form::new(Name::ServerMetrics, "server-metrics", Value::Flag),
    Form::new(Name::NewrelicConfigFile, "newrelic-config-file", FREE).until((6, 0, 0)),
    Form::new(Name::NewrelicEnvironment, "newrelic-environment", FREE).until((6, 0, 0)),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_follows_the_order_of_the_variants() {
        for (index, form) in FORMS.iter().enumerate() {
            assert_eq!(form.option as usize, index, "{}", form.name);
        }
    }
}
