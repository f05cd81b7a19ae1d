//! A real httpd that answers requests, on this machine only.
#![allow(dead_code, reason = "each test uses its part")]

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use super::server::{HTTPD, bare_environment};

/// How long a server may take to start or to answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// A server, stopped with the value.
pub(crate) struct Running {
    process: Child,
    port: u16,
    log: PathBuf,
}

impl Running {
    /// Starts a server whose configuration says everything but where it listens.
    pub(crate) fn start(root: &Path, main: &Path) -> Self {
        let port = free_port();
        // One process, which ends when it is told to.
        let listen = format!("Listen 127.0.0.1:{port}");
        let options = ["-X", "-C", &listen].map(str::to_owned);
        let running = Self::start_with(root, main, port, &options, &[]);
        // It listens before it has logged all that it says of its configuration.
        running.get("localhost", "/");
        running
    }

    /// Starts a server with all of its processes; it is known to listen at a port.
    pub(crate) fn start_with(
        root: &Path,
        main: &Path,
        port: u16,
        options: &[String],
        environment: &[(String, String)],
    ) -> Self {
        let log = root.join("error.log");
        File::create(&log).unwrap();
        let process = Command::new(HTTPD)
            .arg("-d")
            .arg(root)
            .arg("-f")
            .arg(main)
            .args(options)
            .env_clear()
            .envs(bare_environment())
            .envs(environment.iter().map(|(name, value)| (name, value)))
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(File::create(root.join("stderr.log")).unwrap())
            .spawn()
            .expect("the server starts");
        let mut running = Self { process, port, log };
        running.wait(root);
        running
    }

    /// What it answers to a request that is sent as it is to one of its addresses.
    pub(crate) fn ask(&self, address: SocketAddr, request: &str) -> String {
        // A busy machine may reset a connection.
        let answer = (0..5).find_map(|_| exchange(address, request).ok());
        String::from_utf8_lossy(&answer.expect("the server answers")).into_owned()
    }

    fn wait(&mut self, root: &Path) {
        let begun = Instant::now();
        while TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_err() {
            let ended = self.process.try_wait().unwrap();
            if ended.is_some() || begun.elapsed() > PATIENCE {
                let read = |it: &Path| fs::read_to_string(it).unwrap_or_default();
                let said = read(&root.join("stderr.log")) + &read(&self.log);
                panic!("the server does not start: {said}");
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn answer(&self, host: &str, path: &str) -> io::Result<Vec<u8>> {
        let address = (Ipv4Addr::LOCALHOST, self.port).into();
        let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        exchange(address, &request)
    }

    /// Sends a request as it is, and returns the answer; an empty one where there is none.
    pub(crate) fn send(&self, port: u16, request: &str) -> String {
        let answer = || -> io::Result<Vec<u8>> {
            let mut connection = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
            connection.set_read_timeout(Some(PATIENCE))?;
            connection.write_all(request.as_bytes())?;
            let mut answer = Vec::new();
            connection.read_to_end(&mut answer)?;
            Ok(answer)
        };
        String::from_utf8_lossy(&answer().unwrap_or_default()).into_owned()
    }

    /// All that is in the error log.
    pub(crate) fn logged(&self) -> String {
        let bytes = fs::read(&self.log).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// Asks for a page: the status of the answer, and what the core of httpd warns of meanwhile.
    pub(crate) fn get(&self, host: &str, path: &str) -> (u16, Vec<String>) {
        let mut before = 0;
        // A busy machine may reset a connection.
        let answer = (0..5).find_map(|_| {
            before = fs::metadata(&self.log).unwrap().len();
            self.answer(host, path).ok()
        });
        let answer = answer.expect("the server answers");
        let answer = String::from_utf8_lossy(&answer);
        let status = answer.split(' ').nth(1).and_then(|it| it.parse().ok());
        let mut log = File::open(&self.log).unwrap();
        log.seek(SeekFrom::Start(before)).unwrap();
        let mut logged = String::new();
        log.read_to_string(&mut logged).unwrap();
        let said = logged.lines().filter_map(said).collect();
        (status.expect("an answer has a status"), said)
    }
}

/// A port of this machine that nobody listens on, and that no other test of this program was given.
/// It is none of those that the system gives to clients.
pub(crate) fn free_port() -> u16 {
    static GIVEN: AtomicU32 = AtomicU32::new(0);
    let is_free = |it: &u16| TcpListener::bind((Ipv4Addr::LOCALHOST, *it)).is_ok();
    let ports = std::iter::repeat_with(|| {
        let number = std::process::id().wrapping_mul(64);
        let number = number.wrapping_add(GIVEN.fetch_add(1, Ordering::Relaxed));
        u16::try_from(10_000 + number % 20_000).unwrap()
    });
    ports.take(20_000).find(is_free).expect("a port is free")
}

fn exchange(address: SocketAddr, request: &str) -> io::Result<Vec<u8>> {
    let mut connection = TcpStream::connect(address)?;
    connection.set_read_timeout(Some(PATIENCE))?;
    connection.write_all(request.as_bytes())?;
    let mut answer = Vec::new();
    connection.read_to_end(&mut answer)?;
    Ok(answer)
}

impl Drop for Running {
    fn drop(&mut self) {
        // First the one that stops its children, then what is left of its own group.
        let id = self.process.id();
        let signal = |signal: &str, whom: String| {
            let mut command = Command::new("kill");
            let _ = command
                .args([signal, "--", &whom])
                .stderr(Stdio::null())
                .status();
        };
        signal("-TERM", id.to_string());
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(2)
            && matches!(self.process.try_wait(), Ok(None))
        {
            std::thread::sleep(Duration::from_millis(10));
        }
        signal("-KILL", format!("-{id}"));
        let _ = self.process.wait();
    }
}

/// The text of `[time] [core:warn] [pid 1:tid 2] [client 127.0.0.1:3] text`.
fn said(line: &str) -> Option<String> {
    let levels = ["[core:warn] ", "[core:alert] ", "[core:crit] "];
    let (_, mut text) = levels.iter().find_map(|it| line.split_once(it))?;
    while text.starts_with("[pid ") || text.starts_with("[client ") {
        text = text.split_once("] ")?.1;
    }
    Some(text.to_owned())
}
