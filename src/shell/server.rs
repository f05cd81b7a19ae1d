//! Asking an httpd that the user named.
//!
//! Nothing is started without its explicit path, and nothing but it. The program is asked for what
//! it is (`-V`, `-l`), for its configuration (`-M`, `-t -D DUMP_RUN_CFG`) and, with a configuration
//! of our own that it must refuse, for its mutex mechanisms. No server is started. The rest is read
//! from files: what `uname`, `apxs` and `readelf` would print, and where Python is.

mod files;
mod modules;
mod program;
mod python;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use program::{End, Program};
use tempfile::TempDir;

use crate::facts::{Environment, Fact, Facts, Moment, Origin, envvars};

// What stands for the temporary directory in a text, as in the manuals.
const PRIVATE: &str = "/path/to";

/// What to ask, and how.
#[derive(Debug, Clone)]
pub struct Questions<'a> {
    /// The program.
    pub httpd: &'a Path,
    /// The environment that it is started with, besides a plain `PATH`. Where it is not given, it
    /// is read from the file `envvars` that belongs to this httpd: Debian's `-V` names the MPM only
    /// with its variables.
    pub environment: Option<&'a Fact<Environment>>,
    /// Ask for the configuration that is active on this machine only if this is its main file.
    pub only_if_active: Option<&'a Path>,
    /// Each command is killed after so long.
    pub limit: Duration,
    /// When this is asked.
    pub now: Moment,
}

/// Asks a program what it is. [`Facts::gaps`] has what could not be asked, and why, one line each.
pub fn ask(questions: &Questions<'_>) -> Facts {
    match Conversation::new(questions) {
        Ok(mut conversation) => {
            conversation.hold(questions);
            conversation.facts
        }
        Err(error) => Facts {
            gaps: vec![Fact {
                value: format!("no temporary directory: {}", super::system_text(&error)),
                origin: origin(&questions.httpd.display().to_string()),
            }],
            ..Facts::default()
        },
    }
}

fn origin(text: &str) -> Origin {
    Origin {
        text: text.into(),
        line: 1,
    }
}

struct Conversation {
    program: Program,
    directory: TempDir,
    facts: Facts,
}

impl Conversation {
    fn new(questions: &Questions<'_>) -> std::io::Result<Self> {
        let environment = questions.environment.map(|it| it.value.values.clone());
        Ok(Self {
            program: Program {
                path: std::path::absolute(questions.httpd)?,
                environment: environment.unwrap_or_default(),
                limit: questions.limit,
            },
            directory: tempfile::Builder::new().prefix("httpd-lint-").tempdir()?,
            facts: Facts::default(),
        })
    }

    fn hold(&mut self, questions: &Questions<'_>) {
        let Some(version) = self.say(&["-V"]) else {
            return;
        };
        match (questions.environment, self.envvars(&version)) {
            (Some(environment), _) => {
                self.know(version);
                self.facts.environment = Some(environment.clone());
            }
            (None, Some(environment)) => {
                self.program.environment = environment.value.values.clone();
                let again = self.say(&["-V"]);
                self.know(again.unwrap_or(version));
                self.facts.environment = Some(environment);
            }
            (None, None) => self.know(version),
        }
        if self.facts.version.is_none() {
            return;
        }
        let name = self.program.path.display().to_string();
        let here = origin(&name);
        self.facts.program = Some(Fact {
            value: name,
            origin: here.clone(),
        });
        self.facts.captured = Some(Fact {
            value: questions.now,
            origin: here,
        });
        self.ask_for(&["-l"], |it| it.static_modules.is_some());
        if self.is_active(questions.only_if_active) {
            self.ask_for(&["-M"], |it| it.loaded_modules.is_some());
            self.ask_for(&["-t", "-D", "DUMP_RUN_CFG"], |it| it.run.is_some());
        }
        self.look_at_files();
        self.ask_mutex_mechanisms();
    }

    fn gap(&mut self, text: impl Into<String>) {
        let gap = self.said(text);
        self.facts.gaps.push(gap);
    }

    // A gap that no check would close.
    fn aside(&mut self, text: impl Into<String>) {
        let aside = self.said(text);
        self.facts.asides.push(aside);
    }

    fn said(&self, text: impl Into<String>) -> Fact<String> {
        Fact {
            value: text.into(),
            origin: origin(&self.program.path.display().to_string()),
        }
    }

    fn know(&mut self, (facts, _): (Facts, String)) {
        let known = std::mem::take(&mut self.facts);
        self.facts = known.merge(facts).0;
    }

    // Runs one command and reads its output; `None` where it did not run to its end. That it fails
    // is no gap: `-V` fails on Debian without envvars, and tells the rest.
    fn say(&mut self, arguments: &[&str]) -> Option<(Facts, String)> {
        let shown = format!("{} {}", self.program.path.display(), arguments.join(" "));
        let shown = self.without_directory(&shown);
        match self.program.run(arguments, self.directory.path()) {
            Ok((End::Own, output)) => {
                let output = self.without_directory(&output);
                Some((Facts::read(&shown, &output).0, output))
            }
            Ok((End::Noisy, _)) => {
                self.gap(format!("`{shown}` did not stop to write and was killed"));
                None
            }
            Ok((End::Late, _)) => {
                let limit = self.program.limit.as_secs_f32();
                self.gap(format!(
                    "`{shown}` did not end within {limit} seconds and was killed"
                ));
                None
            }
            Err(error) => {
                let text = super::system_text(&error);
                self.gap(format!("`{shown}` could not be run: {text}"));
                None
            }
        }
    }

    fn without_directory(&self, text: &str) -> String {
        text.replace(&*self.directory.path().to_string_lossy(), PRIVATE)
    }

    fn ask_for(&mut self, arguments: &[&str], is_answer: fn(&Facts) -> bool) {
        let Some(answer) = self.say(arguments) else {
            return;
        };
        if !is_answer(&answer.0) {
            let question = arguments.join(" ");
            self.gap(match refusal(&answer.1) {
                Some(place) => format!("`httpd {question}`: syntax error on line {place}"),
                None => format!("`httpd {question}`: no answer"),
            });
        }
        self.know(answer);
    }

    // Debian has the file beside its main file, others beside the program.
    fn envvars(&self, (facts, _): &(Facts, String)) -> Option<Fact<Environment>> {
        let root = facts.httpd_root().map(|it| PathBuf::from(it.value));
        let directories = [root, self.program.path.parent().map(Path::to_owned)];
        let mut files = directories
            .into_iter()
            .flatten()
            .map(|it| it.join("envvars"));
        files.find_map(|file| {
            let bytes = fs::read(&file).ok()?;
            let text = String::from_utf8_lossy(&bytes);
            let environment = envvars::read(&text, &BTreeMap::new());
            Some(files::fact(&file, 1, environment))
        })
    }

    // Whether the active configuration is the one that matters.
    fn is_active(&self, main: Option<&Path>) -> bool {
        let Some(main) = main else { return true };
        let compiled = self.facts.server_config_file();
        let compiled = compiled.and_then(|it| fs::canonicalize(it.value).ok());
        compiled.is_some() && compiled == fs::canonicalize(main).ok()
    }

    fn look_at_files(&mut self) {
        let httpd = &self.program.path;
        self.facts.system = files::system();
        self.facts.apxs = files::apxs(httpd, &self.facts);
        match files::config_nice(httpd, &self.facts) {
            Some((file, text)) => {
                let name = file.display().to_string();
                self.facts.configure = Facts::read_config_nice(&name, &text);
            }
            None => self.aside("config.nice: this build has none"),
        }
        let directories = modules::directories(&self.program.path, &self.facts);
        let listings = directories.iter().map(|it| modules::listing(it));
        self.facts.module_directories = listings.collect();
        if let Some(file) = modules::find_wsgi(&directories) {
            let library_path = self.program.environment.get("LD_LIBRARY_PATH");
            let library_path = library_path.map(String::as_str);
            let (module, version) = modules::wsgi_module(&file, library_path);
            self.facts.wsgi_module = module;
            self.facts.mod_wsgi_version = self.facts.mod_wsgi_version.take().or(version);
            self.facts.python = python::find(&self.facts);
            self.aside("the version of Python: only the script of `facts script` asks for it");
        }
    }

    // httpd lists its mechanisms when it refuses one. It comes to that only with an MPM.
    fn ask_mutex_mechanisms(&mut self) {
        let directories: Vec<PathBuf> = self
            .facts
            .module_directories
            .iter()
            .map(|it| PathBuf::from(&it.value.path))
            .collect();
        let mpm = match self.facts.static_mpm() {
            Some(_) => Some(String::new()),
            None => modules::load_mpm(&self.facts, &directories),
        };
        let Some(mpm) = mpm else {
            return self.gap("the mutex mechanisms: no MPM is compiled in, and none was found");
        };
        self.refuse(&format!("{mpm}Mutex xxx default\n"));
        if self.facts.mutex_mechanisms.is_none() {
            self.gap("the mutex mechanisms: httpd refused something else");
        }
        let Some(wsgi) = self.facts.wsgi_module.file.clone() else {
            return;
        };
        let load = format!("LoadModule wsgi_module \"{}\"\n", wsgi.value);
        self.refuse(&format!("{mpm}{load}WSGIAcceptMutex xxx\n"));
        if self.facts.accept_mutex_mechanisms.is_none() {
            self.gap("the mechanisms of `WSGIAcceptMutex`: httpd refused something else");
        }
    }

    // Checks a configuration of ours in a ServerRoot of ours, and takes in what the answer tells.
    fn refuse(&mut self, configuration: &str) {
        let file = self.directory.path().join("httpd.conf");
        if let Err(error) = fs::write(&file, configuration) {
            let text = super::system_text(&error);
            return self.gap(format!("{}: {text}", file.display()));
        }
        let root = self.directory.path().to_string_lossy().into_owned();
        let file = file.to_string_lossy().into_owned();
        if let Some(answer) = self.say(&["-t", "-d", &root, "-f", &file]) {
            self.know(answer);
        }
    }
}

// The place at which httpd refused its configuration. What it says there may quote a secret.
fn refusal(output: &str) -> Option<&str> {
    let (_, place) = output.split_once("Syntax error on line ")?;
    place.split([':', '\n']).next()
}

#[cfg(test)]
#[cfg(unix)]
mod tests;
