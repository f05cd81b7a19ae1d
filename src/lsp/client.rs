//! The client: what it can do, and how it is spoken to.

use std::collections::HashSet;
use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, PoisonError};

use lsp_server::{Message, Notification, Request, RequestId, Response};
use serde::Serialize;
use serde_json::{Value, json};

use super::position::Columns;
use super::transport;

/// What the client said that it can do.
#[derive(Debug, Clone, Default)]
pub(super) struct Abilities {
    /// In what it counts columns.
    pub(super) columns: Columns,
    /// It asks for the findings of a document itself.
    pub(super) pulls: bool,
    /// It asks for them again when it is told to.
    pub(super) refreshes: bool,
    /// It shows further places of a finding.
    pub(super) related: bool,
    /// It answers what its settings are.
    pub(super) configuration: bool,
    /// It can be asked to watch files.
    pub(super) watches: bool,
    /// It shows how work goes on.
    pub(super) progress: bool,
    /// It knows places to be filled in, in what is inserted.
    pub(super) snippets: bool,
    /// It checks that a document has the version for which edits were made.
    pub(super) versions: bool,
}

impl Abilities {
    /// Reads what the client says of itself; what it does not say it cannot do.
    pub(super) fn of(capabilities: &Value) -> Self {
        let is = |path: &str| capabilities.pointer(path).and_then(Value::as_bool) == Some(true);
        let encodings = capabilities.pointer("/general/positionEncodings");
        let encodings = encodings.and_then(Value::as_array);
        let knows_utf8 = encodings.is_some_and(|it| it.iter().any(|it| it == "utf-8"));
        Self {
            columns: match knows_utf8 {
                true => Columns::Utf8,
                false => Columns::Utf16,
            },
            pulls: capabilities.pointer("/textDocument/diagnostic").is_some(),
            refreshes: is("/workspace/diagnostics/refreshSupport"),
            related: is("/textDocument/publishDiagnostics/relatedInformation")
                || is("/textDocument/diagnostic/relatedInformation"),
            configuration: is("/workspace/configuration"),
            watches: is("/workspace/didChangeWatchedFiles/dynamicRegistration"),
            progress: is("/window/workDoneProgress"),
            snippets: is("/textDocument/completion/completionItem/snippetSupport"),
            versions: is("/workspace/workspaceEdit/documentChanges"),
        }
    }
}

/// What goes to the client. May be kept by many, and used from any thread.
#[derive(Debug, Clone)]
pub(super) struct Outbox {
    out: Sender<Value>,
    next: Arc<AtomicI32>,
    cancelled: Arc<Mutex<HashSet<RequestId>>>,
}

impl Outbox {
    /// An outbox whose messages somebody writes.
    pub(super) fn new(out: Sender<Value>) -> Self {
        Self {
            out,
            next: Arc::default(),
            cancelled: Arc::default(),
        }
    }

    /// Sends something as it is. Where nobody reads any more, the input ends soon as well.
    pub(super) fn send(&self, value: Value) {
        let _ = self.out.send(value);
    }

    /// Answers a request.
    pub(super) fn answer(&self, response: Message) {
        if let Message::Response(response) = &response {
            self.cancelled().remove(&response.id);
        }
        self.send(transport::envelope(&response));
    }

    /// Answers a request with a result.
    pub(super) fn result(&self, id: RequestId, result: impl Serialize) {
        let result = serde_json::to_value(result).unwrap_or_default();
        self.answer(Response::new_ok(id, result).into());
    }

    /// Tells something.
    pub(super) fn notify(&self, method: &str, parameters: impl Serialize) {
        let message = Notification::new(method.to_owned(), parameters);
        self.send(transport::envelope(&message.into()));
    }

    /// Asks something; the answer has the id.
    pub(super) fn ask(&self, method: &str, parameters: impl Serialize) -> RequestId {
        let id = RequestId::from(self.next.fetch_add(1, Ordering::Relaxed));
        let message = Request::new(id.clone(), method.to_owned(), parameters);
        self.send(transport::envelope(&message.into()));
        id
    }

    /// Writes a line into the client's log.
    pub(super) fn log(&self, line: &str) {
        const WARNING: u8 = 2;
        self.notify(
            "window/logMessage",
            json!({"type": WARNING, "message": line}),
        );
    }

    /// Remembers that nobody waits for an answer any more.
    pub(super) fn cancel(&self, id: RequestId) {
        // A client that cancels what it never asked must not fill the memory.
        const MOST: usize = 1024;
        let mut cancelled = self.cancelled();
        if cancelled.len() < MOST {
            cancelled.insert(id);
        }
    }

    /// Whether nobody waits for an answer any more.
    pub(super) fn is_cancelled(&self, id: &RequestId) -> bool {
        self.cancelled().contains(id)
    }

    fn cancelled(&self) -> std::sync::MutexGuard<'_, HashSet<RequestId>> {
        self.cancelled
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// Work that takes long enough for somebody to wonder: said to be done when it is dropped.
pub(super) struct Progress {
    outbox: Outbox,
    token: Option<String>,
}

impl Progress {
    /// Says that work begins, to a client that shows it.
    pub(super) fn begin(outbox: &Outbox, abilities: &Abilities, title: &str) -> Self {
        let token = abilities.progress.then(|| {
            let token = format!("httpd-lint/{}", outbox.next.fetch_add(1, Ordering::Relaxed));
            outbox.ask("window/workDoneProgress/create", json!({"token": token}));
            token
        });
        let progress = Self {
            outbox: outbox.clone(),
            token,
        };
        progress.say(json!({"kind": "begin", "title": title}));
        progress
    }

    fn say(&self, value: Value) {
        if let Some(token) = &self.token {
            let parameters = json!({"token": token, "value": value});
            self.outbox.notify("$/progress", parameters);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.say(json!({"kind": "end"}));
    }
}
