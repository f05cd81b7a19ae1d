//! The settings of the main server that `-D DUMP_RUN_CFG` shows, mutexes apart.

use std::collections::BTreeMap;

use super::accounts::Register;
use crate::argument::{Lookup, account};
use crate::evaluate::{Config, Inputs, NodeKind, Placed, Step, paths};
use crate::httpd::NameId;

const DOCUMENT_ROOT: NameId = NameId::of("DocumentRoot");
const ERROR_LOG: NameId = NameId::of("ErrorLog");
const SCOREBOARD: NameId = NameId::of("ScoreBoardFile");
const PID_FILE: NameId = NameId::of("PidFile");
const USER: NameId = NameId::of("User");
const GROUP: NameId = NameId::of("Group");
const CHROOT: NameId = NameId::of("ChrootDir");
const DEFINE: NameId = NameId::of("Define");
const UNDEFINE: NameId = NameId::of("UnDefine");

/// A setting.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Setting {
    /// Nothing sets it, and it has no default.
    #[default]
    Unset,
    /// This.
    Value(String),
    /// It depends on something that is not known.
    Unknown,
}

/// A user or a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The name as written, or `#` and a number.
    pub name: Setting,
    /// The number; `None` where only the server knows it.
    pub id: Option<u32>,
}

/// A name that `Define` or `-D` defines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Define {
    /// The name.
    pub name: String,
    /// Its value.
    pub value: Option<String>,
    /// Whether it is certain that it is defined.
    pub certain: bool,
}

/// The settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunSettings {
    /// `ServerRoot`.
    pub server_root: Setting,
    /// `DocumentRoot` of the main server.
    pub document_root: Setting,
    /// `ErrorLog` of the main server.
    pub error_log: Setting,
    /// `ScoreBoardFile`.
    pub scoreboard: Setting,
    /// `PidFile`.
    pub pid_file: Setting,
    /// The names defined, as httpd keeps them.
    pub defines: Vec<Define>,
    /// `User`.
    pub user: Account,
    /// `Group`.
    pub group: Account,
    /// `ChrootDir`.
    pub chroot: Setting,
}

impl RunSettings {
    /// The settings of a configuration. `server_root` is the last one, by which handlers take
    /// paths.
    pub fn of(config: &Config, inputs: &Inputs<'_>, server_root: Option<&str>) -> Self {
        let reading = Reading::of(config, inputs);
        let relative = |setting: Setting| match (setting, server_root) {
            (Setting::Value(path), Some(root)) => Setting::Value(paths::resolve(root, &path)),
            (Setting::Value(path), None) if path.starts_with('/') => {
                Setting::Value(paths::resolve("/", &path))
            }
            (Setting::Value(_), None) => Setting::Unknown,
            (setting, _) => setting,
        };
        let compiled_in = |define: &str| {
            let defines = inputs.facts.defines.as_ref();
            let text = defines.and_then(|it| it.text(define));
            text.map(|it| it.value.to_owned())
        };
        let or = |setting: Setting, default: Option<String>| match setting {
            Setting::Unset if config.fragment => Setting::Unknown,
            Setting::Unset => default.map_or(Setting::Unknown, Setting::Value),
            setting => setting,
        };
        let error_log = or(reading.get(ERROR_LOG), compiled_in("DEFAULT_ERRORLOG"));
        let is_file = match &error_log {
            Setting::Value(name) => is_file(name),
            Setting::Unset | Setting::Unknown => true,
        };
        let pid_file = or(reading.get(PID_FILE), compiled_in("DEFAULT_PIDLOG"));
        let document_root = or(reading.get(DOCUMENT_ROOT), default_document_root(inputs));
        let nobody = || Some("#-1".to_owned());
        let users = || Register::read(inputs.world, "/etc/passwd", "passwd");
        let groups = || Register::read(inputs.world, "/etc/group", "group");
        Self {
            server_root: server_root.map_or(Setting::Unknown, |it| Setting::Value(it.to_owned())),
            document_root: relative(document_root),
            error_log: if is_file {
                relative(error_log)
            } else {
                error_log
            },
            scoreboard: relative(reading.get(SCOREBOARD)),
            pid_file: relative(pid_file),
            user: Account::of(or(reading.get(USER), nobody()), users),
            group: Account::of(or(reading.get(GROUP), nobody()), groups),
            chroot: reading.get(CHROOT),
            defines: reading.defines.all,
        }
    }
}

impl Account {
    fn of(name: Setting, register: impl Fn() -> Option<Register>) -> Self {
        let id = match &name {
            Setting::Value(name) => account::number(name).or_else(|| match register()?.get(name) {
                Lookup::Found(id) => Some(id),
                _ => None,
            }),
            Setting::Unset | Setting::Unknown => None,
        };
        Self { name, id }
    }
}

/// Whether an error log is a file: not a program, and not the log of the system, whose name counts
/// by its case.
pub fn is_file(error_log: &str) -> bool {
    let name = error_log.split(':').next();
    !error_log.starts_with('|') && name != Some("syslog")
}

// Debian compiles it in (`DOCUMENT_LOCATION`); `-V` does not tell what others do.
fn default_document_root(inputs: &Inputs<'_>) -> Option<String> {
    let version = inputs.facts.version.as_ref()?;
    let platform = version.value.platform.as_deref();
    let is_debian = matches!(platform, Some("Debian" | "Ubuntu"));
    is_debian.then(|| "/var/www/html".to_owned())
}

// What the directives of the main server say.
#[derive(Default)]
struct Reading {
    last: BTreeMap<NameId, Setting>,
    defines: Defines,
}

impl Reading {
    fn of(config: &Config, inputs: &Inputs<'_>) -> Self {
        let mut reading = Self::default();
        for name in inputs.defines {
            reading.defines.add(name, None, true);
        }
        // Inside a virtual host, or a section that httpd passes over.
        let mut elsewhere = 0_usize;
        let leads_elsewhere = |placed: &Placed<'_>| {
            placed.node.name == Some(NameId::VIRTUAL_HOST) || placed.is_late(inputs.table)
        };
        config.walk(&mut |step| match step {
            Step::Enter(placed) if placed.node.kind == NodeKind::Executed => {
                reading.defines.run(&placed);
            }
            Step::Enter(placed) if leads_elsewhere(&placed) => elsewhere += 1,
            Step::Leave(placed) if leads_elsewhere(&placed) => elsewhere -= 1,
            Step::Enter(placed) if elsewhere == 0 => reading.set(&placed),
            _ => {}
        });
        reading
    }

    fn set(&mut self, placed: &Placed<'_>) {
        const WANTED: [NameId; 7] = [
            DOCUMENT_ROOT,
            ERROR_LOG,
            SCOREBOARD,
            PID_FILE,
            USER,
            GROUP,
            CHROOT,
        ];
        let Some(name) = placed.node.name.filter(|it| WANTED.contains(it)) else {
            return;
        };
        let line = placed.line();
        let word = line.words().first().map(|it| it.text.clone().into_owned());
        let setting = match word {
            Some(text) if !placed.node.uncertain => Setting::Value(text),
            _ => Setting::Unknown,
        };
        self.last.insert(name, setting);
    }

    fn get(&self, name: NameId) -> Setting {
        self.last.get(&name).cloned().unwrap_or_default()
    }
}

// The names in httpd's order, and the values: names differ by case, values do not.
#[derive(Default)]
struct Defines {
    all: Vec<Define>,
}

impl Defines {
    fn run(&mut self, placed: &Placed<'_>) {
        let line = placed.line();
        let words = line.words();
        let Some(name) = words.first() else { return };
        let certain = !placed.node.uncertain;
        match placed.node.name {
            Some(DEFINE) => {
                let value = words.get(1).map(|it| it.text.clone().into_owned());
                self.add(&name.text, value, certain);
            }
            Some(UNDEFINE) => self.remove(&name.text, certain),
            _ => {}
        }
    }

    fn add(&mut self, name: &str, value: Option<String>, certain: bool) {
        let alike = |it: &&mut Define| it.name.eq_ignore_ascii_case(name);
        let known = self
            .all
            .iter()
            .find(|it| it.name.eq_ignore_ascii_case(name));
        let inherited = known.and_then(|it| it.value.clone());
        let value = value.or(inherited);
        for other in self.all.iter_mut().filter(alike) {
            other.value.clone_from(&value);
        }
        match self.all.iter_mut().find(|it| it.name == name) {
            Some(known) => known.certain |= certain,
            None => self.all.push(Define {
                name: name.to_owned(),
                value,
                certain,
            }),
        }
    }

    // The last one takes the place of the one that goes.
    fn remove(&mut self, name: &str, certain: bool) {
        let at = self.all.iter().position(|it| it.name == name);
        if !certain {
            let kept = at.map(|it| &mut self.all[it]);
            kept.into_iter().for_each(|it| it.certain = false);
            return;
        }
        if let Some(at) = at {
            self.all.swap_remove(at);
        }
        let alike = self.all.iter_mut();
        for other in alike.filter(|it| it.name.eq_ignore_ascii_case(name)) {
            other.value = None;
        }
    }
}
