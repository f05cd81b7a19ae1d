//! The mutexes by which httpd and its modules keep their processes apart, and how each is made.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::argument::mutex::{Mechanism, Mutex as Directive};
use crate::argument::wsgi::accept_mutex::AcceptMutex as AcceptDirective;
use crate::argument::wsgi::daemon_process::DaemonProcess;
use crate::evaluate::{Config, Inputs, Node, NodeKind, Placed, PlacedId, Step, Truth, paths};
use crate::facts::{Fact, Facts, Origin};
use crate::httpd::{ModuleId, MutexType, NameId};

/// The type of httpd itself: no mutex of its own, it decides for those that no directive names.
pub const DEFAULT: &str = "default";

/// All mutexes of a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mutexes {
    /// Those that modules register with httpd, sorted by name.
    pub registered: Vec<Mutex>,
    /// The one by which mod_wsgi's daemon processes take turns; `None` where mod_wsgi is not there.
    pub of_wsgi: Option<AcceptMutex>,
    /// What `default` stands for in this build: the first of `APR_USE_…_SERIALIZE` in APR's order,
    /// without that of threads.
    pub default: Option<Fact<Mechanism>>,
    /// What `Mutex` takes in this build.
    pub mechanisms: Mechanisms,
}

/// The words that `Mutex` takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mechanisms {
    /// The words, as httpd lists them.
    pub names: Vec<String>,
    /// Whether there are no others.
    pub are_all: bool,
    /// Where they are known from, but for those that every httpd has.
    pub origin: Option<Origin>,
}

impl Mechanisms {
    // What the word of a directive stands for. A list that is not whole tells that a mechanism is
    // there, not that one is missing.
    fn meant_by(&self, directive: &Directive) -> Option<Mechanism> {
        let all = self.are_all.then_some(self.names.as_slice());
        directive.mechanism(all).or_else(|| {
            let first = directive.mechanism(Some(&self.names))?;
            matches!(first, Mechanism::Fcntl | Mechanism::Posixsem).then_some(first)
        })
    }

    // The list of httpd, or what its own default tells: that must be there, and with it the word
    // that stands for it.
    fn of(inputs: &Inputs<'_>, default: Option<&Fact<Mechanism>>) -> Self {
        if let Some(list) = &inputs.facts.but_version().mutex_mechanisms {
            return Self {
                names: list.value.clone(),
                are_all: true,
                origin: Some(list.origin.clone()),
            };
        }
        let also = match default.map(|it| it.value) {
            Some(Mechanism::Flock) => &["flock", "file"][..],
            Some(Mechanism::Fcntl) => &["fcntl", "file"],
            Some(Mechanism::Pthread) => &["pthread"],
            Some(Mechanism::Sysvsem) => &["sysvsem", "sem"],
            Some(Mechanism::Posixsem) => &["posixsem", "sem"],
            Some(Mechanism::Default) | None => &[],
        };
        let names = ["none", "default"].iter().chain(also);
        Self {
            names: names.map(|it| (*it).to_owned()).collect(),
            are_all: false,
            origin: default.map(|it| it.origin.clone()),
        }
    }
}

/// A mutex that a module registers with httpd under a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mutex {
    /// The name, which `Mutex` takes: `ssl-cache`.
    pub name: String,
    /// The module that registers it.
    pub module: ModuleId,
    /// Whether the module is there.
    pub is_registered: Truth,
    /// What decides about it.
    pub decision: Decision,
    /// The mechanism as httpd reports it, `default` being one; `None` where it is not known.
    pub mechanism: Option<Mechanism>,
    /// Where its file is, or would be.
    pub directory: Directory,
    /// Whether the name of its file goes without the number of httpd's process; `None` where it is
    /// not known.
    pub omits_pid: Option<bool>,
    /// Whether the module makes it when httpd starts.
    pub is_made: Truth,
}

/// What decides about a mutex.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// A `Mutex` that names it.
    Own(PlacedId),
    /// A `Mutex` for all that no other one names.
    Default(PlacedId),
    /// Nothing but the build.
    Build,
}

/// A directory for the files of mutexes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Directory {
    /// None is given, and none is needed.
    None,
    /// An absolute path.
    At(String),
    /// It is not known.
    Unknown,
}

/// The mutex of mod_wsgi's daemon processes, of which httpd knows nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AcceptMutex {
    /// Whether mod_wsgi is there.
    pub is_there: Truth,
    /// The `WSGIAcceptMutex`.
    pub decided_by: Option<PlacedId>,
    /// The mechanism, `default` being APR's; `None` where it is not known.
    pub mechanism: Option<Mechanism>,
    /// Whether there is a group of several processes, which need to take turns.
    pub is_made: Truth,
}

impl Mutexes {
    /// The mutexes of a configuration. `types` are those that modules register, each with whether
    /// its module is there; `server_root` is the last one, by which handlers take paths.
    pub fn of<'t>(
        config: &Config,
        inputs: &Inputs<'_>,
        server_root: Option<&str>,
        types: impl Iterator<Item = (ModuleId, &'t MutexType, Truth)>,
        wsgi: Truth,
    ) -> Self {
        let mut types: Vec<_> = types.filter(|it| !it.2.is_false()).collect();
        // Two modules with one name are MPMs, of which a server has one.
        let is_there = |name: &str, types: &[(ModuleId, &MutexType, Truth)]| {
            types.iter().any(|it| it.1.name == name && it.2.is_true())
        };
        let certain = types.clone();
        types.retain(|it| it.2.is_true() || !is_there(&it.1.name, &certain));
        let mut lines = Lines::new(inputs, types.iter().map(|it| it.1));
        lines.read(config);
        // Without `DefaultRuntimeDir` it is the build's, which `-V` does not name.
        let runtime = lines.runtime_directory.take();
        let runtime = runtime.unwrap_or(Directory::Unknown);
        let default = default_mechanism(inputs);
        let mechanisms = Mechanisms::of(inputs, default.as_ref());
        let mut settings = Settings::new(default.as_ref(), runtime);
        for place in &lines.mutexes {
            settings.read(&config.placed(*place), server_root, &mechanisms);
        }
        let mut registered: Vec<Mutex> = types
            .iter()
            .map(|(module, kind, is_registered)| {
                let made = lines.is_made(kind);
                settings.resolve(*module, &kind.name, *is_registered, made)
            })
            .collect();
        registered.sort_by(|one, other| one.name.cmp(&other.name));
        Self {
            registered,
            of_wsgi: (!wsgi.is_false()).then(|| lines.accept_mutex(config, wsgi)),
            mechanisms,
            default,
        }
    }
}

impl Mutex {
    /// The line of `httpd -t -D DUMP_RUN_CFG`; `None` where not all of it is known.
    pub fn report(&self) -> Option<String> {
        let name = &self.name;
        if name != DEFAULT && !matches!(self.decision, Decision::Own(_)) {
            return Some(format!("Mutex {name}: using_defaults"));
        }
        let directory = match &self.directory {
            Directory::None => "",
            Directory::At(path) => path,
            Directory::Unknown => return None,
        };
        let mechanism = self.mechanism?.name();
        let omits = if self.omits_pid? { "[OmitPid]" } else { "" };
        Some(format!(
            "Mutex {name}: dir=\"{directory}\" mechanism={mechanism} {omits}"
        ))
    }
}

fn default_mechanism(inputs: &Inputs<'_>) -> Option<Fact<Mechanism>> {
    let word = inputs.facts.but_version().default_mutex()?;
    let mechanism = Mechanism::named(word.value)?;
    Some(word.map(|_| mechanism))
}

/// The lines that have a say.
struct Lines<'a> {
    facts: &'a Facts,
    names: Names,
    server_root: String,
    mutexes: Vec<PlacedId>,
    accept_mutex: Option<PlacedId>,
    shares_daemons: Truth,
    // `None` without a `DefaultRuntimeDir`.
    runtime_directory: Option<Directory>,
    // The items of `made_with`, and how many directives there are of each, and may be.
    items: BTreeMap<Cow<'static, str>, Count>,
    is_open: bool,
}

struct Names {
    mutex: Option<NameId>,
    server_root: Option<NameId>,
    runtime_directory: Option<NameId>,
    accept_mutex: Option<NameId>,
    daemon_process: Option<NameId>,
}

#[derive(Default)]
struct Count {
    name: Option<NameId>,
    certain: usize,
    possible: usize,
}

impl<'a> Lines<'a> {
    fn new<'t>(inputs: &Inputs<'a>, types: impl Iterator<Item = &'t MutexType>) -> Self {
        let table = inputs.table;
        let items = types.flat_map(|it| it.made_with.iter().flat_map(|it| it.iter()));
        let items = items.map(|it| {
            let directive = it.split(' ').next().unwrap_or_default();
            let count = Count {
                name: table.name(directive),
                ..Count::default()
            };
            (Cow::Owned(it.to_string()), count)
        });
        Self {
            facts: inputs.facts.all(),
            names: Names {
                mutex: table.name("Mutex"),
                server_root: table.name("ServerRoot"),
                runtime_directory: table.name("DefaultRuntimeDir"),
                accept_mutex: table.name("WSGIAcceptMutex"),
                daemon_process: table.name("WSGIDaemonProcess"),
            },
            server_root: inputs.server_root.to_owned(),
            mutexes: Vec::new(),
            accept_mutex: None,
            shares_daemons: Truth::False,
            runtime_directory: None,
            items: items.collect(),
            is_open: false,
        }
    }

    fn read(&mut self, config: &Config) {
        let unread =
            |it: &crate::evaluate::OccurrenceId| !config.occurrence(*it).unit.unread.is_empty();
        self.is_open = config.fragment || config.living().iter().any(unread);
        config.walk(&mut |step| {
            if let Step::Enter(placed) = step
                && placed.node.kind != NodeKind::Definition
            {
                self.line(&placed);
            }
        });
    }

    fn line(&mut self, placed: &Placed<'_>) {
        let Some(name) = placed.node.name else { return };
        let is = |known: Option<NameId>| known == Some(name);
        let is_global = || placed.parent().is_none();
        if is(self.names.mutex) && is_global() {
            self.mutexes.push(placed.id);
        } else if is(self.names.accept_mutex) && is_global() {
            self.accept_mutex = Some(placed.id);
        } else if is(self.names.server_root) {
            if let Some(path) = argument(placed) {
                self.server_root = path;
            }
        } else if is(self.names.runtime_directory) {
            self.runtime_directory = Some(self.runtime_directory(placed));
        } else if is(self.names.daemon_process) {
            let text = placed.occurrence.unit.text(placed.node);
            let daemon = DaemonProcess::parse(crate::evaluate::arguments_of(&text));
            if daemon.effective().processes > 1 && !self.shares_daemons.is_true() {
                self.shares_daemons = certainty(placed.node);
            }
        }
        self.count(name, placed);
    }

    // httpd takes it below the `ServerRoot` of its moment, and adds a slash.
    fn runtime_directory(&self, placed: &Placed<'_>) -> Directory {
        let path = argument(placed).filter(|_| !placed.node.uncertain);
        let path = path.map(|it| paths::resolve(&self.server_root, &it));
        path.filter(|it| it.starts_with('/'))
            .map_or(Directory::Unknown, |it| {
                Directory::At(paths::resolve(&it, ""))
            })
    }

    fn count(&mut self, name: NameId, placed: &Placed<'_>) {
        let items = self.items.iter_mut();
        for (item, count) in items.filter(|it| it.1.name == Some(name)) {
            let line = placed.line();
            let words = line.words();
            let mut beginnings = item.split(' ').skip(1).enumerate();
            let matches = beginnings.all(|(at, beginning)| {
                let word = words.get(at).map(|it| it.text.as_bytes());
                let start = word.and_then(|it| it.get(..beginning.len()));
                beginning == "*"
                    || start.is_some_and(|it| it.eq_ignore_ascii_case(beginning.as_bytes()))
            });
            if matches {
                count.possible += 1;
                count.certain += usize::from(!placed.node.uncertain);
            }
        }
    }

    fn is_made(&self, kind: &MutexType) -> Truth {
        if kind.name == DEFAULT {
            return Truth::False;
        }
        let mut made = Truth::from(kind.made_with.is_empty());
        for together in kind.made_with.iter() {
            let enough = |count: fn(&Count) -> usize| {
                together.iter().all(|item| {
                    let wanted = together.iter().filter(|it| *it == item).count();
                    self.items
                        .get(&**item)
                        .is_some_and(|it| count(it) >= wanted)
                })
            };
            if enough(|it| it.certain) {
                return Truth::True;
            }
            if enough(|it| it.possible) {
                made = Truth::Unknown;
            }
        }
        let spared = kind.spared_by.as_ref().map(|it| self.is_built_with(it));
        match spared {
            Some(Truth::False) => return Truth::True,
            Some(Truth::Unknown) => return Truth::Unknown,
            _ => {}
        }
        let may_be_elsewhere = self.is_open || kind.made_for_others;
        if made.is_false() && may_be_elsewhere {
            return Truth::Unknown;
        }
        made
    }

    fn is_built_with(&self, define: &str) -> Truth {
        let defines = self.facts.defines.as_ref();
        let has = defines.and_then(|it| it.has(define));
        has.map_or(Truth::Unknown, Truth::from)
    }

    fn accept_mutex(&self, config: &Config, is_there: Truth) -> AcceptMutex {
        let placed = self.accept_mutex.map(|it| config.placed(it));
        let mechanism = match placed {
            Some(placed) if placed.node.uncertain => None,
            Some(placed) => {
                let line = placed.line();
                Mechanism::named(&AcceptDirective::parse(line.arguments()).mechanism.value)
            }
            // The field begins with 0, which is APR_LOCK_FCNTL.
            None => Some(Mechanism::Fcntl),
        };
        let is_made = match self.shares_daemons {
            Truth::False if self.is_open => Truth::Unknown,
            known => known,
        };
        AcceptMutex {
            is_there,
            decided_by: self.accept_mutex,
            mechanism,
            is_made,
        }
    }
}

fn argument(placed: &Placed<'_>) -> Option<String> {
    let line = placed.line();
    let words = line.words();
    words.first().map(|it| it.text.clone().into_owned())
}

fn certainty(node: &Node) -> Truth {
    if node.uncertain {
        Truth::Unknown
    } else {
        Truth::True
    }
}

/// What `Mutex` says of one type.
#[derive(Debug, Clone)]
struct Setting {
    place: Option<PlacedId>,
    mechanism: Option<Mechanism>,
    directory: Directory,
    omits_pid: Option<bool>,
}

/// What all `Mutex` together say.
struct Settings {
    default: Setting,
    own: BTreeMap<String, Setting>,
    default_needs_file: Option<bool>,
}

impl Settings {
    fn new(default: Option<&Fact<Mechanism>>, runtime: Directory) -> Self {
        Self {
            default: Setting {
                place: None,
                mechanism: Some(Mechanism::Default),
                directory: runtime,
                omits_pid: Some(false),
            },
            own: BTreeMap::new(),
            default_needs_file: default.and_then(|it| it.value.needs_file()),
        }
    }

    fn read(&mut self, placed: &Placed<'_>, server_root: Option<&str>, mechanisms: &Mechanisms) {
        let line = placed.line();
        let directive = Directive::parse(line.arguments());
        let directory = match (&directive.directory, server_root) {
            (None, _) => Directory::None,
            (Some(path), _) if path.value.starts_with('/') => {
                Directory::At(paths::resolve("/", &path.value))
            }
            (Some(path), Some(root)) => Directory::At(paths::resolve(root, &path.value)),
            (Some(_), None) => Directory::Unknown,
        };
        let said = Setting {
            place: Some(placed.id),
            mechanism: mechanisms.meant_by(&directive),
            directory,
            omits_pid: Some(directive.omit_pid),
        };
        let types = directive.types.iter().map(|it| it.value.as_str());
        let unnamed = directive.types.is_empty().then_some(DEFAULT);
        for kind in types.chain(unnamed) {
            self.take(kind, &said, !placed.node.uncertain);
        }
    }

    // A directive sets the mechanism anew, and leaves the directory of an earlier one where it
    // names none (`set_mutex`).
    fn take(&mut self, kind: &str, said: &Setting, is_certain: bool) {
        let setting = match kind {
            DEFAULT => &mut self.default,
            _ => self.own.entry(kind.to_owned()).or_insert(Setting {
                directory: Directory::None,
                ..said.clone()
            }),
        };
        setting.place = said.place;
        if is_certain {
            setting.mechanism = said.mechanism;
            setting.omits_pid = said.omits_pid;
        } else {
            setting.mechanism = None;
            setting.omits_pid = None;
        }
        match &said.directory {
            Directory::None => {}
            _ if is_certain => setting.directory = said.directory.clone(),
            _ => setting.directory = Directory::Unknown,
        }
    }

    // `mxcfg_lookup`
    fn resolve(&self, module: ModuleId, name: &str, is_registered: Truth, is_made: Truth) -> Mutex {
        let own = self.own.get(name);
        let setting = own.unwrap_or(&self.default);
        let decision = match (setting.place, own.is_some() || name == DEFAULT) {
            (None, _) => Decision::Build,
            (Some(place), true) => Decision::Own(place),
            (Some(place), false) => Decision::Default(place),
        };
        let needs_file = match setting.mechanism {
            Some(Mechanism::Default) => self.default_needs_file,
            Some(mechanism) => mechanism.needs_file(),
            None => None,
        };
        // Without a directory of its own, the file lies in that of the default.
        let directory = match (&setting.directory, needs_file) {
            (Directory::None, Some(true)) => self.default.directory.clone(),
            (Directory::None, None) => Directory::Unknown,
            (directory, _) => directory.clone(),
        };
        Mutex {
            name: name.to_owned(),
            module,
            is_registered,
            decision,
            mechanism: setting.mechanism,
            directory,
            omits_pid: setting.omits_pid,
            is_made,
        }
    }
}
