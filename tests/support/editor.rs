//! An editor without a window: it starts the language server and speaks with it.
#![allow(dead_code, reason = "each test uses its part")]

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write, pipe};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use httpd_lint::lsp::{Open, serve};
use serde_json::{Value, json};

/// Nothing takes the server longer, however busy the machine is.
const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) struct Editor {
    server: Server,
    input: Option<Box<dyn Write>>,
    output: Receiver<Value>,
    // What came while something else was waited for.
    waiting: VecDeque<Value>,
    next: i64,
    /// What the server said in the beginning.
    pub(crate) offered: Value,
}

/// Who is spoken to.
enum Server {
    Process(Child),
    /// A thread, which says at its end whether the goodbye was right.
    Thread(Option<JoinHandle<bool>>),
}

impl Editor {
    /// Starts a server without a word to it.
    pub(crate) fn silent() -> Self {
        let mut server = Command::new(env!("CARGO_BIN_EXE_httpd-lint"))
            .arg("lsp")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the server starts");
        let output = server.stdout.take().expect("its output is a pipe");
        let input = server.stdin.take().expect("its input is a pipe");
        Self::speaking(Server::Process(server), output, Box::new(input))
    }

    /// Starts a server in a thread, which sets up trees as somebody else does.
    pub(crate) fn within(open: Arc<dyn Open>) -> Self {
        let (said, input) = pipe().expect("there are pipes");
        let (output, answers) = pipe().expect("there are pipes");
        let server = std::thread::spawn(move || serve(BufReader::new(said), answers, open));
        Self::speaking(Server::Thread(Some(server)), output, Box::new(input))
    }

    fn speaking(server: Server, output: impl Read + Send + 'static, input: Box<dyn Write>) -> Self {
        let mut output = BufReader::new(output);
        let (sender, receiver) = channel();
        std::thread::spawn(move || {
            while let Some(message) = read(&mut output) {
                if sender.send(message).is_err() {
                    break;
                }
            }
        });
        Self {
            input: Some(input),
            server,
            output: receiver,
            waiting: VecDeque::new(),
            next: 0,
            offered: Value::Null,
        }
    }

    /// Starts a server for a folder. `parameters` are put over what `initialize` says else.
    pub(crate) fn of(folder: &Path, parameters: &Value) -> Self {
        let mut editor = Self::silent();
        editor.begin(folder, parameters);
        editor
    }

    /// Says who it is, and for which folder it works.
    pub(crate) fn begin(&mut self, folder: &Path, parameters: &Value) {
        let mut all = json!({
            "processId": null,
            "capabilities": {},
            "workspaceFolders": [{"uri": uri(folder), "name": "folder"}],
        });
        merge(&mut all, parameters);
        self.offered = self.ask("initialize", all)["result"].clone();
        self.tell("initialized", json!({}));
    }

    /// Writes bytes as they are.
    pub(crate) fn write(&mut self, bytes: &[u8]) {
        let input = self.input.as_mut().expect("the input is open");
        // A server that is gone is found out when it is asked.
        let _ = input.write_all(bytes).and_then(|()| input.flush());
    }

    pub(crate) fn send(&mut self, message: &Value) {
        let text = message.to_string();
        self.write(format!("Content-Length: {}\r\n\r\n{text}", text.len()).as_bytes());
    }

    pub(crate) fn tell(&mut self, method: &str, parameters: Value) {
        self.send(&json!({"jsonrpc": "2.0", "method": method, "params": parameters}));
    }

    /// Asks, and waits for the whole answer.
    pub(crate) fn ask(&mut self, method: &str, parameters: Value) -> Value {
        self.next += 1;
        let id = self.next;
        self.send(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": parameters}));
        self.wait(|it| it.get("method").is_none() && it["id"] == id)
            .unwrap_or_else(|| panic!("{method} has no answer"))
    }

    /// The first message that is wanted; what comes before it is kept for later. `None` where the
    /// server goes away.
    pub(crate) fn wait(&mut self, is_wanted: impl Fn(&Value) -> bool) -> Option<Value> {
        if let Some(at) = self.waiting.iter().position(&is_wanted) {
            return self.waiting.remove(at);
        }
        loop {
            match self.output.recv_timeout(PATIENCE) {
                Ok(message) if is_wanted(&message) => return Some(message),
                Ok(message) => self.waiting.push_back(message),
                Err(RecvTimeoutError::Disconnected) => return None,
                Err(RecvTimeoutError::Timeout) => panic!("the server says nothing"),
            }
        }
    }

    /// The first wanted message of those that came and were not waited for.
    pub(crate) fn come(&mut self, is_wanted: impl Fn(&Value) -> bool) -> Option<Value> {
        self.waiting.extend(self.output.try_iter());
        let at = self.waiting.iter().position(is_wanted)?;
        self.waiting.remove(at)
    }

    /// What the server says is found in a file, for a version of it.
    pub(crate) fn published(&mut self, file: &Path, version: i64) -> Value {
        let uri = uri(file);
        let published = self.wait(|it| {
            it["method"] == "textDocument/publishDiagnostics"
                && it["params"]["uri"] == uri
                && it["params"]["version"] == version
        });
        published.expect("the server is there")["params"]["diagnostics"].clone()
    }

    pub(crate) fn open(&mut self, file: &Path, text: &str) {
        let document =
            json!({"uri": uri(file), "languageId": "apacheconf", "version": 1, "text": text});
        self.tell("textDocument/didOpen", json!({"textDocument": document}));
    }

    /// Puts a text in the place of a whole document.
    pub(crate) fn change(&mut self, file: &Path, version: i64, text: &str) {
        self.tell(
            "textDocument/didChange",
            json!({
                "textDocument": {"uri": uri(file), "version": version},
                "contentChanges": [{"text": text}],
            }),
        );
    }

    /// Says goodbye; what the server answers to that, and how it ends.
    pub(crate) fn leave(mut self) -> Option<i32> {
        self.ask("shutdown", Value::Null);
        self.tell("exit", Value::Null);
        self.end()
    }

    /// Closes the input, and waits for the end of the server.
    pub(crate) fn end(mut self) -> Option<i32> {
        self.input = None;
        match &mut self.server {
            Server::Process(it) => it.wait().expect("the server ends").code(),
            Server::Thread(it) => {
                let ended = it.take().map(|it| it.join().expect("the server ends"));
                ended.map(|it| i32::from(!it))
            }
        }
    }

    /// How many KiB of memory the process of the server has.
    pub(crate) fn memory(&self) -> Option<u64> {
        let Server::Process(server) = &self.server else {
            return None;
        };
        let status = std::fs::read_to_string(format!("/proc/{}/status", server.id())).ok()?;
        let line = status.lines().find_map(|it| it.strip_prefix("VmRSS:"))?;
        line.trim().trim_end_matches(" kB").parse().ok()
    }
}

impl Drop for Editor {
    fn drop(&mut self) {
        // A test that failed leaves no server behind.
        self.input = None;
        if let Server::Process(server) = &mut self.server
            && matches!(server.try_wait(), Ok(None))
        {
            let _ = server.kill();
            let _ = server.wait();
        }
    }
}

/// What an editor calls a file.
pub(crate) fn uri(file: &Path) -> String {
    format!("file://{}", file.display())
}

fn read(output: &mut impl BufRead) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if output.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim().split_once(": ") {
            Some((_, value)) => length = value.parse().ok()?,
            None => break,
        }
    }
    let mut body = vec![0; length];
    output.read_exact(&mut body).ok()?;
    serde_json::from_slice(&body).ok()
}

/// Puts the members of one object over those of another.
pub(crate) fn merge(into: &mut Value, over: &Value) {
    match (into, over) {
        (Value::Object(into), Value::Object(over)) => {
            for (key, value) in over {
                merge(into.entry(key.clone()).or_insert(Value::Null), value);
            }
        }
        (into, over) => *into = over.clone(),
    }
}
