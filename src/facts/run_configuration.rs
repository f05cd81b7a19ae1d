//! The output of `httpd -t -D DUMP_RUN_CFG`.

use pest::Parser;
use pest::iterators::Pair;

use super::passage::Passage;
use super::{Fact, secrets};

grammar!(RunConfigurationParser, "grammar/run_configuration.pest");

use grammar::{Rule, RunConfigurationParser};

/// What httpd made of its configuration. It belongs to the one that was active then.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct RunConfiguration {
    /// `ServerRoot:`
    pub server_root: Option<Fact<String>>,
    /// `Main DocumentRoot:`
    pub document_root: Option<Fact<String>>,
    /// `Main ErrorLog:`; of a program only the `|`.
    pub error_log: Option<Fact<String>>,
    /// `ScoreBoardFile:`
    pub scoreboard: Option<Fact<String>>,
    /// `PidFile:`
    pub pid_file: Option<Fact<String>>,
    /// `ChrootDir:`
    pub chroot: Option<Fact<String>>,
    /// `User:`
    pub user: Option<Fact<Account>>,
    /// `Group:`
    pub group: Option<Fact<Account>>,
    /// `Mutex …:`, in the order printed, which is random.
    pub mutexes: Vec<Fact<RunMutex>>,
    /// `Define:`, without the names `DUMP_…` that made httpd print this.
    pub defines: Vec<Fact<RunDefine>>,
}

/// A user or group.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Account {
    /// `www-data`; `#-1` where none is set.
    pub name: String,
    /// The number.
    pub id: u64,
    /// Whether httpd stays who it is: it was not started by root.
    pub unused: bool,
}

/// A mutex that a loaded module registered.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RunMutex {
    /// `default`, `rewrite-map`, …
    pub name: String,
    /// What the configuration says of it.
    pub setting: MutexSetting,
}

/// What a configuration says of a mutex.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum MutexSetting {
    /// `using_defaults`
    Defaults,
    /// `none`
    None,
    /// `dir="…" mechanism=…`
    Mechanism {
        /// The directory for its file.
        directory: String,
        /// The word that `Mutex` takes.
        mechanism: String,
        /// `[OmitPid]`
        omits_pid: bool,
    },
}

/// A name that `-D` or `Define` set.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RunDefine {
    /// The name.
    pub name: String,
    /// Its value.
    pub value: RunValue,
}

/// The value of a defined name.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum RunValue {
    /// None, or an empty one.
    Nothing,
    /// One that cannot be a secret.
    Told(String),
    /// One that may be a secret; it is nowhere in [`super::Facts`].
    Withheld,
}

/// What a passage says, in its order; `None` where it says nothing.
pub(super) fn read(passage: Passage<'_>) -> Option<RunConfiguration> {
    let mut run = RunConfiguration::default();
    let mut places = passage.places();
    let text = RunConfigurationParser::parse(Rule::text, passage.text).ok()?;
    for entry in text.flat_map(Pair::into_inner) {
        let origin = places.origin(&entry);
        let rule = entry.as_rule();
        let mut parts = entry.into_inner();
        match rule {
            Rule::path => run.set_path(parts, |it| origin.fact(it)),
            Rule::account => {
                let is_user = parts.next().is_some_and(|it| it.as_rule() == Rule::user);
                let account = account(parts).map(|it| origin.fact(it));
                let slot = if is_user {
                    &mut run.user
                } else {
                    &mut run.group
                };
                *slot = account.or(slot.take());
            }
            Rule::mutex => {
                let name = parts.next().map_or("", |it| it.as_str()).to_owned();
                let setting = parts.next().map_or(MutexSetting::None, setting);
                run.mutexes.push(origin.fact(RunMutex { name, setting }));
            }
            Rule::define => {
                let name = parts.next().map_or("", |it| it.as_str()).to_owned();
                let value = value(&name, parts.next());
                if !name.starts_with("DUMP_") {
                    run.defines.push(origin.fact(RunDefine { name, value }));
                }
            }
            _ => {}
        }
    }
    (run != RunConfiguration::default()).then_some(run)
}

impl RunConfiguration {
    fn set_path<'i>(
        &mut self,
        mut parts: impl Iterator<Item = Pair<'i, Rule>>,
        fact: impl FnOnce(String) -> Fact<String>,
    ) {
        let (Some(key), Some(text)) = (parts.next(), parts.next()) else {
            return;
        };
        let slot = match key.as_str() {
            "ServerRoot" => &mut self.server_root,
            "Main DocumentRoot" => &mut self.document_root,
            "Main ErrorLog" => &mut self.error_log,
            "ScoreBoardFile" => &mut self.scoreboard,
            "PidFile" => &mut self.pid_file,
            _ => &mut self.chroot,
        };
        *slot = Some(fact(secrets::cut(text.as_str()).into_owned()));
    }
}

fn account<'i>(mut parts: impl Iterator<Item = Pair<'i, Rule>>) -> Option<Account> {
    Some(Account {
        name: parts.next()?.as_str().to_owned(),
        id: parts.next()?.as_str().parse().ok()?,
        unused: parts.next().is_some(),
    })
}

fn setting(setting: Pair<'_, Rule>) -> MutexSetting {
    match setting.as_rule() {
        Rule::using_defaults => MutexSetting::Defaults,
        Rule::mechanism => {
            let mut parts = setting.into_inner();
            let mut text = || parts.next().map_or("", |it| it.as_str()).to_owned();
            MutexSetting::Mechanism {
                directory: text(),
                mechanism: text(),
                omits_pid: parts.next().is_some(),
            }
        }
        _ => MutexSetting::None,
    }
}

fn value(name: &str, value: Option<Pair<'_, Rule>>) -> RunValue {
    match value {
        None => RunValue::Nothing,
        Some(value) if value.as_rule() == Rule::withheld => RunValue::Withheld,
        Some(value) if value.as_str().is_empty() => RunValue::Nothing,
        Some(value) if secrets::is_harmless(name, value.as_str()) => {
            RunValue::Told(value.as_str().to_owned())
        }
        Some(_) => RunValue::Withheld,
    }
}
