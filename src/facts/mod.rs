//! What *this* httpd is, as far as somebody asked it.
//!
//! A fact comes from a text that a human or a script captured: the output of `httpd -V`, `-l`, `-M`
//! and `-D DUMP_RUN_CFG`, the two messages that list the mutex mechanisms, or a capture, which has
//! these and more below headings (`grammar/capture.pest`). Every field is optional. What no text
//! says is `None`; nothing is guessed from a platform's name, because packages differ.
//!
//! What may be secret is never read into a fact, whatever the text says.
//!
//! This layer knows no configuration and no disk: texts come in, values go out.

mod builds;
mod capture;
mod defines;
pub mod envvars;
mod listing;
mod machine;
mod merge;
mod moment;
mod mutex_mechanisms;
mod noted;
mod passage;
mod run_configuration;
mod secrets;
mod server_info;
#[cfg(test)]
mod tests;
mod version;
mod write;

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use memchr::memmem;
use passage::Passage;

pub use builds::{builtin, builtin_names};
pub use defines::{DefineValue, Defines};
pub use envvars::{Environment, Variable};
pub use listing::{Entry, Value};
pub use machine::{ModuleDirectory, ModuleFile, Python, System, WsgiModule};
pub use merge::Contradiction;
pub use moment::Moment;
pub use noted::{AskedFacts, FactsNote, NotedFacts};
pub use run_configuration::{
    Account, MutexSetting, RunConfiguration, RunDefine, RunMutex, RunValue,
};
pub use secrets::cut as without_secrets;
pub use version::{HttpdVersion, Libraries, LibraryVersion, ModuleMagic, Version};

/// Where a fact was read.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Origin {
    /// The name of the text, as the user gave it.
    pub text: Arc<str>,
    /// The line, from 1; for a list the line of its heading.
    pub line: u32,
}

impl Origin {
    fn new(text: &Arc<str>, line: usize) -> Self {
        Self {
            text: Arc::clone(text),
            line: u32::try_from(line).unwrap_or(u32::MAX),
        }
    }

    fn fact<T>(&self, value: T) -> Fact<T> {
        Fact {
            value,
            origin: self.clone(),
        }
    }

    fn problem(&self, message: impl Into<String>) -> Problem {
        Problem {
            origin: self.clone(),
            message: message.into(),
        }
    }
}

impl fmt::Display for Origin {
    /// `facts/web01.txt:7`
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.text, self.line)
    }
}

/// A value, and where it was read. Facts are equal that say the same, wherever they were read.
#[derive(Debug, Clone)]
pub struct Fact<T> {
    /// The value.
    pub value: T,
    /// Where it was read.
    pub origin: Origin,
}

impl<T: PartialEq> PartialEq for Fact<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<T: Eq> Eq for Fact<T> {}

impl<T: Hash> Hash for Fact<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.value.hash(state);
    }
}

impl<T> Fact<T> {
    /// The same place with something made of the value.
    pub fn map<'a, U>(&'a self, make: impl FnOnce(&'a T) -> U) -> Fact<U> {
        Fact {
            value: make(&self.value),
            origin: self.origin.clone(),
        }
    }
}

/// Something wrong with a text of facts.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Problem {
    /// Where.
    pub origin: Origin,
    /// One lower-case line that stands alone.
    pub message: String,
}

impl fmt::Display for Problem {
    /// `facts/web01.txt:7: message`
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.origin, self.message)
    }
}

/// Whether an MPM uses threads, or processes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Pool {
    /// `no`
    None,
    /// `yes (fixed … count)`
    Fixed,
    /// `yes (variable … count)`
    Variable,
}

/// The multi-processing module, from `-V`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Mpm {
    /// `prefork`, `worker`, `event`, `WinNT`, …
    pub name: String,
    /// The line `threaded:`.
    pub threaded: Option<Pool>,
    /// The line `forked:`.
    pub forked: Option<Pool>,
}

/// How a module came into the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Linkage {
    /// Compiled in.
    Static,
    /// `LoadModule`.
    Shared,
}

/// One line of `-M`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct LoadedModule {
    /// The word that `LoadModule` takes: `wsgi_module`.
    pub identifier: String,
    /// How it came into the server.
    pub linkage: Linkage,
}

/// What is known of one httpd.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Facts {
    /// `Server version:`
    pub version: Option<Fact<HttpdVersion>>,
    /// `Server built:`, as printed: its form is the packager's.
    pub built: Option<Fact<String>>,
    /// `Server's Module Magic Number:`
    pub module_magic: Option<Fact<ModuleMagic>>,
    /// `Server loaded:`
    pub loaded: Libraries,
    /// `Compiled using:`
    pub compiled: Libraries,
    /// `Architecture:`, the number of bits.
    pub architecture: Option<Fact<u32>>,
    /// `Server MPM:`; `None` also where httpd printed an empty name because it could not read its
    /// configuration. See [`Facts::mpm_name`].
    pub mpm: Option<Fact<Mpm>>,
    /// `Server compiled with....`
    pub defines: Option<Defines>,
    /// `-l`: source files, `core.c` first.
    pub static_modules: Option<Fact<Vec<String>>>,
    /// `-M`, in the order printed. It belongs to the configuration that was active then.
    pub loaded_modules: Option<Fact<Vec<LoadedModule>>>,
    /// What `Mutex` takes, in the order printed and without `:/path/to/file`: `none`, `default`,
    /// and some of `flock`, `fcntl`, `file`, `pthread`, `sysvsem`, `posixsem`, `sem`. The words
    /// `no` and `yes` are always accepted for the first two and never printed.
    pub mutex_mechanisms: Option<Fact<Vec<String>>>,
    /// What `WSGIAcceptMutex` takes, in the order printed.
    pub accept_mutex_mechanisms: Option<Fact<Vec<String>>>,
    /// `mod_wsgi/4.9.4` of a server's banner.
    pub mod_wsgi_version: Option<Fact<LibraryVersion>>,
    /// `Python/3.11` of a server's banner: the Python that mod_wsgi was built with.
    pub python_version: Option<Fact<LibraryVersion>>,
    /// The environment that httpd is started with: from a capture, or see [`envvars::read`].
    pub environment: Option<Fact<Environment>>,
    /// When a capture was made; of several the oldest.
    pub captured: Option<Fact<Moment>>,
    /// The program that was asked: `/usr/sbin/httpd`.
    pub program: Option<Fact<String>>,
    /// The machine.
    pub system: System,
    /// `-D DUMP_RUN_CFG`. It belongs to the configuration that was active then.
    pub run: Option<RunConfiguration>,
    /// What `apxs -q` says, without what is empty: `exp_installbuilddir`, `HTTPD_MMN`, …
    pub apxs: Vec<(String, Fact<String>)>,
    /// `config.nice`: how `configure` was called, one word each, before it the variables that were
    /// set for it (`CFLAGS=…`).
    pub configure: Option<Fact<Vec<String>>>,
    /// The directories of this httpd's modules.
    pub module_directories: Vec<Fact<ModuleDirectory>>,
    /// The mod_wsgi in one of these directories.
    pub wsgi_module: WsgiModule,
    /// The Python that mod_wsgi finds if no directive names one.
    pub python: Python,
    /// What a capture could not find out, and why.
    pub gaps: Vec<Fact<String>>,
    /// The same of what no check asks for.
    pub asides: Vec<Fact<String>>,
    /// Where the texts contradict each other or themselves.
    pub contradictions: Vec<Contradiction>,
}

// APR tries the process locks in this order for APR_LOCK_DEFAULT; `-V` prints them in another.
// APR_USE_PTHREAD_SERIALIZE is about thread mutexes inside one process and is no candidate.
const DEFAULT_MUTEX: [(&str, &str); 5] = [
    ("APR_USE_FLOCK_SERIALIZE", "flock"),
    ("APR_USE_SYSVSEM_SERIALIZE", "sysvsem"),
    ("APR_USE_FCNTL_SERIALIZE", "fcntl"),
    ("APR_USE_PROC_PTHREAD_SERIALIZE", "pthread"),
    ("APR_USE_POSIXSEM_SERIALIZE", "posixsem"),
];

// Where the packages of Debian and Ubuntu put modules.
const DEBIAN_MODULES: &str = "/usr/lib/apache2/modules";

impl Facts {
    /// Reads a text that holds any of the outputs of `httpd -V`, `-l`, `-M`, `-D DUMP_RUN_CFG` and
    /// of the mutex messages, in any order and with anything around them, or a capture. `name` is how notes call the text.
    ///
    /// A contradiction inside the text is a problem, and what comes later counts. A text that
    /// holds nothing of the kind gives empty facts and one problem that says so.
    pub fn read(name: &str, text: &str) -> (Facts, Vec<Problem>) {
        let name: Arc<str> = name.into();
        let passage = Passage {
            name: &name,
            text,
            line: 1,
        };
        let (mut facts, mut problems) = if capture::is_in(text) {
            capture::read(passage)
        } else {
            Self::read_outputs(passage)
        };
        problems.extend(facts.note_mpm(false));
        if facts == Facts::default() && problems.is_empty() {
            problems.push(
                Origin::new(&name, 1)
                    .problem("holds no output of `httpd -V`, `-l`, `-M` or of the mutex messages"),
            );
        }
        problems.sort_by_key(|it| it.origin.line);
        (facts, problems)
    }

    /// Reads the text of a file `config.nice`, for [`Facts::configure`].
    pub fn read_config_nice(name: &str, text: &str) -> Option<Fact<Vec<String>>> {
        let name: Arc<str> = name.into();
        let passage = Passage {
            name: &name,
            text,
            line: 1,
        };
        capture::configure(passage)
    }

    fn read_outputs(passage: Passage<'_>) -> (Facts, Vec<Problem>) {
        let mut facts = Facts::default();
        let mut problems = server_info::read(passage, &mut facts);
        problems.extend(mutex_mechanisms::read(passage, &mut facts));
        if memmem::find(passage.text.as_bytes(), b"DocumentRoot: \"").is_some() {
            facts.run = run_configuration::read(passage);
        }
        (facts, problems)
    }

    /// Where the file of a module lies, as `LoadModule` may name it: in the directory that has it,
    /// else where this build puts its modules.
    pub fn module_path(&self, object: &str) -> String {
        let has_it =
            |it: &&Fact<ModuleDirectory>| it.value.files.iter().any(|it| it.name == object);
        let listed = self.module_directories.iter().find(has_it);
        let asked = || self.apxs.iter().find(|it| it.0 == "exp_libexecdir");
        let platform = self
            .version
            .as_ref()
            .and_then(|it| it.value.platform.as_deref());
        // Debian's ServerRoot has no link `modules`, as those of others have.
        let packaged = matches!(platform, Some("Debian" | "Ubuntu")).then_some(DEBIAN_MODULES);
        let directory = listed
            .map(|it| &*it.value.path)
            .or_else(|| asked().map(|it| &*it.1.value))
            .or(packaged)
            .unwrap_or("modules");
        format!("{}/{object}", directory.trim_end_matches('/'))
    }

    /// Without what differs from host to host and from capture to capture, and by which nothing is
    /// judged: when it was built and captured, the names of the machine and of the texts.
    #[must_use]
    pub fn judged_by(&self) -> Facts {
        let nowhere = Origin::new(&"".into(), 0);
        let contradictions = self.contradictions.iter().map(|it| Contradiction {
            subject: it.subject.clone(),
            earlier: nowhere.clone(),
            later: nowhere.clone(),
        });
        Facts {
            built: None,
            captured: None,
            system: System::default(),
            gaps: Vec::new(),
            asides: Vec::new(),
            contradictions: contradictions.collect(),
            ..self.clone()
        }
    }

    /// What another server has otherwise: the version, and which of `boundaries` it has reached; and
    /// anything else.
    pub fn differences(&self, other: &Facts, boundaries: &[Version]) -> AskedFacts {
        let mut differences = self.versions_between(other, boundaries);
        let (one, two) = (self.judged_by(), other.judged_by());
        if one.of_applications() != two.of_applications() {
            differences = differences.and(AskedFacts::OF_APPLICATIONS);
        }
        if one.version != two.version {
            differences = differences.and(AskedFacts::EXACT_VERSION);
        }
        let otherwise = Facts {
            version: two.version.clone(),
            mpm: two.mpm.clone(),
            environment: two.environment.clone(),
            mod_wsgi_version: two.mod_wsgi_version.clone(),
            python_version: two.python_version.clone(),
            wsgi_module: two.wsgi_module.clone(),
            python: two.python.clone(),
            ..one
        };
        if otherwise != two {
            differences = differences.and(AskedFacts::OTHERS);
        }
        differences
    }

    fn versions_between(&self, other: &Facts, boundaries: &[Version]) -> AskedFacts {
        let number = |it: &Facts| it.version.as_ref().map(|it| it.value.number);
        let carries_back = |it: &Facts| it.version.as_ref().map(|it| it.value.carries_back());
        if carries_back(self) != carries_back(other) {
            return AskedFacts::VERSION;
        }
        let Some((one, two)) = number(self).zip(number(other)) else {
            return AskedFacts::default();
        };
        let between = boundaries
            .iter()
            .filter(|it| (**it <= one) != (**it <= two));
        let asked = between.map(|it| AskedFacts::since(*it));
        asked.fold(AskedFacts::default(), AskedFacts::and)
    }

    // What decides where applications run and what they see: the MPM, the environment, mod_wsgi and
    // its Python.
    fn of_applications(&self) -> impl PartialEq + '_ {
        (
            &self.mpm,
            &self.environment,
            &self.mod_wsgi_version,
            &self.python_version,
            &self.wsgi_module,
            &self.python,
        )
    }

    /// Adds the facts of another text. Where both know something, `later` counts; where they
    /// contradict each other, a problem at the later place says so.
    pub fn merge(mut self, later: Facts) -> (Facts, Vec<Problem>) {
        let known = self.inner_contradiction().is_some();
        let mut problems = self.take(later);
        problems.extend(self.note_mpm(known));
        (self, problems)
    }

    // Keeps and gives the contradiction of `-V` and `-M`, unless it is known.
    fn note_mpm(&mut self, is_known: bool) -> Option<Problem> {
        let (contradiction, problem) = self.inner_contradiction().filter(|_| !is_known)?;
        self.contradictions.push(contradiction);
        Some(problem)
    }

    // `-V` and `-M` read the same configuration, so they name the same MPM.
    fn inner_contradiction(&self) -> Option<(Contradiction, Problem)> {
        let mpm = self.mpm.as_ref()?;
        let loaded = self.loaded_modules.as_ref()?;
        let names = || {
            loaded
                .value
                .iter()
                .filter_map(|it| mpm_of_identifier(&it.identifier))
        };
        let other = names().next()?;
        if names().any(|it| it.eq_ignore_ascii_case(&mpm.value.name)) {
            return None;
        }
        let problem = loaded.origin.problem(format!(
            "`-M` lists `mpm_{other}_module`, but the MPM is `{}` in {}",
            mpm.value.name, mpm.origin
        ));
        let contradiction = Contradiction {
            subject: format!("the MPM `{other}` of `-M`"),
            earlier: mpm.origin.clone(),
            later: loaded.origin.clone(),
        };
        Some((contradiction, problem))
    }

    /// The MPM's name in lower case as modules are called (`winnt`): from `-V`, else from the
    /// module in `-M`, else from the source file in `-l`.
    pub fn mpm_name(&self) -> Option<Fact<String>> {
        if let Some(mpm) = &self.mpm {
            return Some(mpm.map(|it| it.name.to_ascii_lowercase()));
        }
        let shared = self.loaded_modules.as_ref().and_then(|fact| {
            let name = fact
                .value
                .iter()
                .find_map(|it| mpm_of_identifier(&it.identifier))?;
            Some(fact.map(|_| name.to_owned()))
        });
        shared.or_else(|| self.static_mpm())
    }

    /// The MPM that is compiled in, from `-l`.
    pub fn static_mpm(&self) -> Option<Fact<String>> {
        let fact = self.static_modules.as_ref()?;
        let name = fact.value.iter().find_map(|it| mpm_of_source(it))?;
        Some(fact.map(|_| name.to_owned()))
    }

    /// The identifiers of the modules that `-M` marks `(static)`.
    pub fn static_identifiers(&self) -> Option<Fact<Vec<&str>>> {
        let fact = self.loaded_modules.as_ref()?;
        Some(fact.map(|all| {
            all.iter()
                .filter(|it| it.linkage == Linkage::Static)
                .map(|it| it.identifier.as_str())
                .collect()
        }))
    }

    /// The mechanism that `Mutex default` stands for, in the words of `Mutex`.
    pub fn default_mutex(&self) -> Option<Fact<&'static str>> {
        let defines = self.defines.as_ref()?;
        DEFAULT_MUTEX
            .iter()
            .find_map(|(define, word)| Some(defines.get(define)?.map(|_| *word)))
    }

    /// The compiled-in `ServerRoot`.
    pub fn httpd_root(&self) -> Option<Fact<&str>> {
        self.defines.as_ref()?.text("HTTPD_ROOT")
    }

    /// The compiled-in main file, absolute: a relative one lies below [`Facts::httpd_root`].
    pub fn server_config_file(&self) -> Option<Fact<String>> {
        let file = self.defines.as_ref()?.text("SERVER_CONFIG_FILE")?;
        if is_absolute(file.value) {
            return Some(file.map(|it| (*it).to_owned()));
        }
        let root = self.httpd_root()?;
        Some(file.map(|it| format!("{}/{it}", root.value.trim_end_matches('/'))))
    }

    /// How many modules may be loaded.
    pub fn dynamic_module_limit(&self) -> Option<Fact<u64>> {
        self.defines.as_ref()?.number("DYNAMIC_MODULE_LIMIT")
    }
}

fn is_absolute(path: &str) -> bool {
    path.starts_with(['/', '\\']) || path.get(1..3).is_some_and(|it| it == ":/" || it == ":\\")
}

fn mpm_of_identifier(identifier: &str) -> Option<&str> {
    identifier.strip_prefix("mpm_")?.strip_suffix("_module")
}

// The source files of the MPMs that httpd has or had.
fn mpm_of_source(file: &str) -> Option<&'static str> {
    Some(match file {
        "prefork.c" => "prefork",
        "worker.c" => "worker",
        "event.c" => "event",
        "simple_api.c" => "simple",
        "motorz.c" => "motorz",
        "mpm_winnt.c" => "winnt",
        "mpm_netware.c" => "netware",
        "mpmt_os2.c" => "mpmt_os2",
        _ => return None,
    })
}
