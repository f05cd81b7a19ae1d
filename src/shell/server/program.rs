//! Running a program that may hang.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

// An output longer than this is not one of those that we ask for.
const LONGEST_OUTPUT: u64 = 1 << 20;
const PAUSE: Duration = Duration::from_millis(5);

/// What a server finds as its `PATH` when the machine starts it.
pub(super) const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// A program, and what it runs in.
pub(super) struct Program {
    /// Its path, absolute: it runs in another directory.
    pub(super) path: PathBuf,
    /// What it finds in its environment besides `PATH`.
    pub(super) environment: BTreeMap<String, String>,
    /// It is killed after so long.
    pub(super) limit: Duration,
}

/// How a program ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// By itself.
    Own,
    /// It was killed because it took too long.
    Late,
    /// It was killed because it wrote too much.
    Noisy,
}

impl Program {
    /// Runs it in a directory: how it ended, and what it wrote. Its output goes to a file, so that
    /// neither a full pipe nor a child that keeps it open can hold us up.
    pub(super) fn run(
        &self,
        arguments: &[&str],
        directory: &Path,
    ) -> std::io::Result<(End, String)> {
        let path = directory.join("output");
        let output = File::create(&path)?;
        let mut command = Command::new(&self.path);
        command
            .args(arguments)
            .current_dir(directory)
            .env_clear()
            .env("PATH", PATH)
            .env("LANG", "C")
            .envs(&self.environment)
            .stdin(Stdio::null())
            .stdout(output.try_clone()?)
            .stderr(output);
        lead_a_group(&mut command);
        let end = wait(command.spawn()?, &path, self.limit)?;
        let mut bytes = Vec::new();
        File::open(&path)?
            .take(LONGEST_OUTPUT)
            .read_to_end(&mut bytes)?;
        Ok((end, String::from_utf8_lossy(&bytes).into_owned()))
    }
}

fn wait(mut child: Child, output: &Path, limit: Duration) -> std::io::Result<End> {
    let begin = Instant::now();
    loop {
        if child.try_wait()?.is_some() {
            return Ok(End::Own);
        }
        let is_noisy = std::fs::metadata(output).is_ok_and(|it| it.len() > LONGEST_OUTPUT);
        if is_noisy || begin.elapsed() >= limit {
            kill(&mut child)?;
            child.wait()?;
            return Ok(if is_noisy { End::Noisy } else { End::Late });
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
