//! Asking an httpd that the user named.
//!
//! Nothing is started without its explicit path. The program is asked for what it is (`-V`, `-l`)
//! and, with a configuration of our own that it must refuse, for its mutex mechanisms. No server
//! is started.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::facts::Facts;

// An output longer than this is not one of those that we ask for.
const LONGEST_OUTPUT: u64 = 1 << 20;
const PAUSE: Duration = Duration::from_millis(5);
const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

// What stands for the temporary directory in a text, as in the manuals.
const PRIVATE: &str = "/path/to";

// Where packages put the modules, below what is compiled in or below the program's prefix. Those
// of another httpd must never be tried: they may crash this one.
const MODULES: [&str; 8] = [
    "modules",
    "lib/httpd/modules",
    "lib64/httpd/modules",
    "lib/apache2/modules",
    "lib/apache2",
    "lib64/apache2",
    "libexec/apache2",
    "libexec/apache24",
];

/// The answers of an httpd.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answers {
    /// Everything it printed, as a transcript for [`Facts::read`].
    pub text: String,
    /// What could not be asked, and why; one line each.
    pub gaps: Vec<String>,
}

/// Asks the program `httpd` what it is: `-V`, `-l`, and which mutex mechanisms it has.
///
/// `environment` is passed besides a plain `PATH`, and nothing else: Debian's `-V` names the MPM
/// only with the variables of `envvars`. Each command is killed after `limit`.
pub fn ask(httpd: &Path, environment: &BTreeMap<String, String>, limit: Duration) -> Answers {
    let mut conversation = match Conversation::new(httpd, environment, limit) {
        Ok(conversation) => conversation,
        Err(error) => {
            return Answers {
                text: String::new(),
                gaps: vec![format!(
                    "no temporary directory: {}",
                    super::system_text(&error)
                )],
            };
        }
    };
    if conversation.say(&["-V"]).is_some() {
        conversation.say(&["-l"]);
        conversation.ask_mutex_mechanisms();
    }
    conversation.answers
}

struct Conversation<'a> {
    httpd: PathBuf,
    environment: &'a BTreeMap<String, String>,
    limit: Duration,
    directory: TempDir,
    answers: Answers,
}

impl<'a> Conversation<'a> {
    fn new(
        httpd: &Path,
        environment: &'a BTreeMap<String, String>,
        limit: Duration,
    ) -> std::io::Result<Self> {
        Ok(Self {
            // The program runs in another directory.
            httpd: std::path::absolute(httpd)?,
            environment,
            limit,
            directory: tempfile::Builder::new().prefix("httpd-lint-").tempdir()?,
            answers: Answers::default(),
        })
    }

    fn gap(&mut self, text: impl Into<String>) {
        self.answers.gaps.push(text.into());
    }

    // Runs one command and adds its output to the transcript; `None` where it did not run to its
    // end. That it fails is no gap: `-V` fails on Debian without envvars, and tells the rest.
    fn say(&mut self, arguments: &[&str]) -> Option<String> {
        let shown = format!("{} {}", self.httpd.display(), arguments.join(" "))
            .replace(&*self.directory.path().to_string_lossy(), PRIVATE);
        match self.run(arguments) {
            Ok((true, output)) => {
                let output = output.replace(&*self.directory.path().to_string_lossy(), PRIVATE);
                self.answers.text += &format!("$ {shown}\n{}\n\n", output.trim_end());
                Some(output)
            }
            Ok((false, _)) => {
                let limit = self.limit.as_secs_f32();
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

    // Whether it ended in time, and what it wrote. Its output goes to a file, so that neither a
    // full pipe nor a child that keeps it open can hold us up.
    fn run(&self, arguments: &[&str]) -> std::io::Result<(bool, String)> {
        let path = self.directory.path().join("output");
        let output = File::create(&path)?;
        let mut command = Command::new(&self.httpd);
        command
            .args(arguments)
            .current_dir(self.directory.path())
            .env_clear()
            .env("PATH", PATH)
            .env("LANG", "C")
            .envs(self.environment)
            .stdin(Stdio::null())
            .stdout(output.try_clone()?)
            .stderr(output);
        lead_a_group(&mut command);
        let ended = wait(command.spawn()?, self.limit)?.is_some();
        let mut bytes = Vec::new();
        File::open(&path)?
            .take(LONGEST_OUTPUT)
            .read_to_end(&mut bytes)?;
        Ok((ended, String::from_utf8_lossy(&bytes).into_owned()))
    }

    // httpd lists its mechanisms when it refuses one. It comes to that only with an MPM.
    fn ask_mutex_mechanisms(&mut self) {
        let (facts, _) = Facts::read("", &self.answers.text);
        let directories = module_directories(&self.httpd, &facts);
        let mpm = match facts.static_mpm() {
            Some(_) => Some(String::new()),
            None => load_mpm(&facts, &directories),
        };
        let Some(mpm) = mpm else {
            return self.gap("the mutex mechanisms: no MPM is compiled in, and none was found");
        };
        let refused = self.refuse(&format!("{mpm}Mutex xxx default\n"));
        if refused.is_some_and(|it| it.mutex_mechanisms.is_none()) {
            self.gap("the mutex mechanisms: httpd refused something else");
        }
        let mut wsgi = directories.iter().map(|it| it.join("mod_wsgi.so"));
        let Some(wsgi) = wsgi.find(|it| it.is_file()) else {
            return;
        };
        let load = format!("LoadModule wsgi_module \"{}\"\n", wsgi.display());
        let refused = self.refuse(&format!("{mpm}{load}WSGIAcceptMutex xxx\n"));
        if refused.is_some_and(|it| it.accept_mutex_mechanisms.is_none()) {
            self.gap("the mechanisms of `WSGIAcceptMutex`: httpd refused something else");
        }
    }

    // Checks a configuration of ours in a ServerRoot of ours; what the output tells.
    fn refuse(&mut self, configuration: &str) -> Option<Facts> {
        let file = self.directory.path().join("httpd.conf");
        if let Err(error) = fs::write(&file, configuration) {
            let text = super::system_text(&error);
            self.gap(format!("{}: {text}", file.display()));
            return None;
        }
        let root = self.directory.path().to_string_lossy().into_owned();
        let file = file.to_string_lossy().into_owned();
        let output = self.say(&["-t", "-d", &root, "-f", &file])?;
        Some(Facts::read("", &output).0)
    }
}

// The directories that may hold the modules of this httpd, the most likely one first.
fn module_directories(httpd: &Path, facts: &Facts) -> Vec<PathBuf> {
    // Debian compiles in no directory of its modules, but that of suexec beside them.
    let suexec = facts.defines.as_ref().and_then(|it| it.text("SUEXEC_BIN"));
    let suexec = suexec.as_ref().and_then(|it| Path::new(it.value).parent());
    // A link such as /usr/local/bin/httpd leads to the package that it belongs to.
    let real = fs::canonicalize(httpd).ok();
    let prefix = |it: &'_ Path| Some(it.parent()?.parent()?.to_owned());
    let bases = [
        facts.httpd_root().map(|it| PathBuf::from(it.value)),
        suexec.map(Path::to_owned),
        prefix(httpd),
        real.as_deref().and_then(prefix),
    ];
    let mut directories: Vec<PathBuf> = bases
        .into_iter()
        .flatten()
        .flat_map(|base| MODULES.map(|it| base.join(it)))
        .collect();
    directories.retain(|it| it.is_dir());
    directories
}

// The line that loads the MPM that this httpd uses, or else any.
fn load_mpm(facts: &Facts, directories: &[PathBuf]) -> Option<String> {
    let used = facts.mpm_name().map(|it| it.value);
    let names = used.as_deref().into_iter();
    names
        .chain(["event", "worker", "prefork"])
        .find_map(|name| {
            let file = directories
                .iter()
                .map(|it| it.join(format!("mod_mpm_{name}.so")))
                .find(|it| it.is_file())?;
            let file = file.display();
            Some(format!("LoadModule mpm_{name}_module \"{file}\"\n"))
        })
}

// `None` where the program had to be killed.
fn wait(mut child: Child, limit: Duration) -> std::io::Result<Option<ExitStatus>> {
    let begin = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if begin.elapsed() >= limit {
            kill(&mut child)?;
            child.wait()?;
            return Ok(None);
        }
        thread::sleep(PAUSE);
    }
}

// A wrapper such as apachectl starts the real program as a child: killed alone it would leave that
// one behind.
#[cfg(unix)]
fn lead_a_group(command: &mut Command) {
    use std::os::unix::process::CommandExt;
    command.process_group(0);
}

#[cfg(not(unix))]
fn lead_a_group(_command: &mut Command) {}

fn kill(child: &mut Child) -> std::io::Result<()> {
    if cfg!(unix) {
        let group = format!("kill -s KILL -- -{}", child.id());
        let mut shell = Command::new("/bin/sh");
        shell.args(["-c", &group]).env_clear().stdin(Stdio::null());
        if shell.status().is_ok_and(|it| it.success()) {
            return Ok(());
        }
    }
    child.kill()
}

#[cfg(test)]
#[cfg(unix)]
mod tests;
