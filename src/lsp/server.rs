//! The server: what comes in, in its order.

use std::collections::HashMap;
use std::io::{BufRead, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};

use lsp_server::{ErrorCode, Message, Notification, Request, RequestId, Response};
use lsp_types::{
    DidChangeTextDocumentParams, DidChangeWatchedFilesParams, DidCloseTextDocumentParams,
    DidOpenTextDocumentParams, FileChangeType, Uri,
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::client::{Abilities, Outbox};
use super::documents::{Document, Documents};
use super::handle::{Common, Handle, Job};
use super::settings::{SECTION, Settings};
use super::transport::{self, Received, failure};
use super::view::Failed;
use super::{Open, abilities, commands, requests, uri};
use crate::shell::main_file;

/// A main file is looked for in so many folders above a file, where no workspace folder bounds the
/// search.
const MOST_FOLDERS: usize = 6;

/// Serves until the client says goodbye, or its input ends. Whether it said goodbye as it should.
pub(super) fn run<W: Write + Send + 'static>(
    mut input: impl BufRead + Send + 'static,
    mut output: W,
    open: Arc<dyn Open>,
) -> bool {
    let (out, written) = channel::<Value>();
    let writer = std::thread::spawn(move || {
        for value in written {
            if value.is_null() || transport::write(&mut output, &value).is_err() {
                break;
            }
        }
    });
    let outbox = Outbox::new(out);
    let (received, messages) = channel();
    let (reader_outbox, events) = (outbox.clone(), received.clone());
    // It waits for input that may never come, so nobody waits for it.
    std::thread::spawn(move || {
        while let Ok(Some(it)) = transport::read(&mut input) {
            match it {
                Received::Refused(answer) => reader_outbox.send(answer),
                Received::Message(message) => {
                    // What is being answered would hold it up.
                    if let Some(id) = cancelled(&message) {
                        reader_outbox.cancel(id);
                    } else if received.send(Event::Message(message)).is_err() {
                        break;
                    }
                }
            }
        }
        let _ = received.send(Event::End);
    });
    let said_goodbye = Server::new(outbox.clone(), open, events).serve(&messages);
    // The reader still holds an outbox, so the end is a message, too.
    outbox.send(Value::Null);
    let _ = writer.join();
    said_goodbye
}

/// What the server waits for.
pub(super) enum Event {
    /// The client says something.
    Message(Message),
    /// The files of a tree are others now.
    Files,
    /// A question about a document came to a tree that does not have it any more.
    Misled(Request),
    /// The client says nothing any more.
    End,
}

fn cancelled(message: &Message) -> Option<RequestId> {
    match message {
        Message::Notification(it) if it.method == "$/cancelRequest" => {
            serde_json::from_value(it.params.get("id")?.clone()).ok()
        }
        _ => None,
    }
}

/// How far the client is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// It has not said who it is.
    Silent,
    /// It works.
    Working,
    /// It has said that it will ask no more.
    Leaving,
}

struct Server {
    stage: Stage,
    common: Common,
    folders: Vec<PathBuf>,
    documents: Documents,
    trees: Vec<Handle>,
    // The sum of the generations of all trees when documents were given to them.
    generation: usize,
    // What was asked of the client.
    asked: HashMap<RequestId, Asked>,
}

/// What is asked of the client and waited for.
#[derive(Debug, Clone, Copy)]
enum Asked {
    /// Its settings.
    Settings,
}

impl Server {
    fn new(outbox: Outbox, open: Arc<dyn Open>, events: Sender<Event>) -> Self {
        Self {
            stage: Stage::Silent,
            common: Common {
                open,
                outbox,
                events,
                abilities: Abilities::default(),
                settings: Settings::default(),
            },
            folders: Vec::new(),
            documents: Documents::default(),
            trees: Vec::new(),
            generation: 0,
            asked: HashMap::new(),
        }
    }

    // Whether the client said goodbye as it should.
    fn serve(mut self, events: &Receiver<Event>) -> bool {
        loop {
            match events.recv() {
                Err(_) | Ok(Event::End) => return false,
                Ok(Event::Message(Message::Notification(it))) if it.method == "exit" => {
                    return self.stage == Stage::Leaving;
                }
                Ok(Event::Message(message)) => self.said(message),
                Ok(Event::Files) => {}
                Ok(Event::Misled(request)) => self.lead(request),
            }
            if catch_unwind(AssertUnwindSafe(|| self.give_documents_to_their_trees())).is_err() {
                let problem = "httpd-lint failed to find out where a document belongs";
                self.common.outbox.log(problem);
            }
        }
    }

    // What fails ends neither the server nor what else was asked.
    fn said(&mut self, message: Message) {
        let asked = match &message {
            Message::Request(it) => Some((it.id.clone(), it.method.clone())),
            _ => None,
        };
        let outbox = self.common.outbox.clone();
        if catch_unwind(AssertUnwindSafe(|| self.hear(message))).is_err() {
            match asked {
                Some((id, method)) => outbox.answer(requests::failed(id, &method, Failed::Broken)),
                None => outbox.log("httpd-lint failed; what was said counts as far as it came"),
            }
        }
    }

    fn hear(&mut self, message: Message) {
        match message {
            Message::Notification(it) => {
                let method = it.method.clone();
                if let Err(problem) = self.notified(it) {
                    self.common.outbox.log(&format!("{method}: {problem}"));
                }
            }
            Message::Request(it) => self.asked(it),
            Message::Response(it) => self.answered(it),
        }
    }

    fn asked(&mut self, request: Request) {
        let outbox = self.common.outbox.clone();
        let Request { id, method, .. } = &request;
        let refuse = |code, message: &str| outbox.answer(failure(id.clone(), code, message));
        match (self.stage, method.as_str()) {
            (Stage::Silent, "initialize") => {
                let result = self.initialize(&request.params);
                outbox.result(request.id, result);
            }
            (Stage::Silent, _) => {
                refuse(ErrorCode::ServerNotInitialized, "`initialize` comes first");
            }
            (Stage::Leaving, _) => {
                refuse(ErrorCode::InvalidRequest, "`shutdown` was the last request");
            }
            (_, "initialize") => refuse(ErrorCode::InvalidRequest, "`initialize` comes once"),
            (_, "shutdown") => {
                self.stage = Stage::Leaving;
                outbox.result(request.id, Value::Null);
            }
            (_, "workspace/diagnostic") => {
                let items = self.of_all_trees(&request);
                outbox.result(request.id, json!({"items": items}));
            }
            (_, "workspace/symbol") => {
                let symbols = self.of_all_trees(&request);
                outbox.result(request.id, symbols);
            }
            (_, "workspace/executeCommand") => match self.command(&request.params) {
                Ok(result) => outbox.result(request.id, result),
                Err(failed) => {
                    outbox.answer(requests::failed(request.id, &request.method, failed));
                }
            },
            _ => self.ask_tree(request),
        }
    }

    fn command(&self, parameters: &Value) -> Result<Value, Failed> {
        let arguments = &parameters["arguments"];
        match parameters["command"].as_str() {
            Some(commands::EXPLAIN) => commands::explain(arguments),
            Some(command @ (commands::INCLUDES | commands::REQUEST)) => {
                let uri = arguments[0].as_str().map(Uri::from);
                let document = uri.and_then(|it| self.documents.get(&it));
                let tree = document.and_then(|it| self.trees.get(it.tree?));
                let tree = tree.ok_or(Failed::Parameters("no document of this name is open"))?;
                let (reply, answer) = channel();
                let request = Request::new(0.into(), command.to_owned(), parameters);
                tree.send(Job::AskWhole(request, reply));
                answer.recv().unwrap_or(Ok(Value::Null))
            }
            _ => Err(Failed::Parameters("there is no such command")),
        }
    }

    // A list that all trees contribute to.
    fn of_all_trees(&self, request: &Request) -> Vec<Value> {
        let mut all = Vec::new();
        for tree in &self.trees {
            let (reply, answer) = channel();
            tree.send(Job::AskWhole(request.clone(), reply));
            if let Ok(Ok(Value::Array(items))) = answer.recv() {
                all.extend(items);
            }
        }
        all
    }

    // A question about one document.
    fn ask_tree(&mut self, request: Request) {
        let outbox = &self.common.outbox;
        let uri = request.params.pointer("/textDocument/uri");
        let uri = uri.and_then(Value::as_str).map(Uri::from);
        if !request.method.starts_with("textDocument/") {
            let failed = requests::failed(request.id, &request.method, Failed::Unknown);
            outbox.answer(failed);
            return;
        }
        let Some(document) = uri.and_then(|it| self.documents.get(&it)) else {
            let message = "no document of this name is open";
            outbox.answer(failure(request.id, ErrorCode::InvalidParams, message));
            return;
        };
        let tree = document.tree.and_then(|it| self.trees.get(it));
        match document.path.clone().zip(tree) {
            Some((path, tree)) => tree.send(Job::Ask(path, request)),
            None => outbox.result(request.id, Value::Null),
        }
    }

    // Asks the tree to which a document belongs now.
    fn lead(&mut self, request: Request) {
        self.generation = usize::MAX;
        self.give_documents_to_their_trees();
        let uri = request.params.pointer("/textDocument/uri");
        let uri = uri.and_then(Value::as_str).map(Uri::from);
        let document = uri.and_then(|it| self.documents.get(&it));
        let tree = document.and_then(|it| self.trees.get(it.tree?));
        let path = document.and_then(|it| it.path.clone());
        match path.zip(tree) {
            Some((path, tree)) if tree.has(&path) => tree.send(Job::Ask(path, request)),
            _ => self.common.outbox.result(request.id, Value::Null),
        }
    }

    fn answered(&mut self, response: Response) {
        let Some(Asked::Settings) = self.asked.remove(&response.id) else {
            return;
        };
        if let Ok(values) = response.response_result {
            self.settle(&values[0]);
        }
    }

    fn initialize(&mut self, parameters: &Value) -> Value {
        self.stage = Stage::Working;
        self.common.abilities = Abilities::of(&parameters["capabilities"]);
        self.common.settings = Settings::of(&parameters["initializationOptions"]);
        let folders = parameters["workspaceFolders"].as_array();
        let folders = folders.into_iter().flatten().map(|it| &it["uri"]);
        let root = (parameters["workspaceFolders"].is_null()).then_some(&parameters["rootUri"]);
        for folder in folders.chain(root) {
            self.folders.extend(folder_of(folder));
        }
        json!({
            "capabilities": abilities::offered(&self.common.abilities),
            "serverInfo": {"name": "httpd-lint", "version": env!("CARGO_PKG_VERSION")},
        })
    }

    fn notified(&mut self, notification: Notification) -> Result<(), String> {
        let Notification { method, params } = notification;
        if self.stage != Stage::Working {
            return Ok(());
        }
        match method.as_str() {
            "initialized" => {
                self.watch();
                self.ask_settings();
            }
            "textDocument/didOpen" => self.open(read(params)?),
            "textDocument/didChange" => return self.change(read(params)?),
            "textDocument/didClose" => return self.close(&read(params)?),
            "workspace/didChangeConfiguration" => match self.common.abilities.configuration {
                true => self.ask_settings(),
                false => self.settle(&params["settings"][SECTION]),
            },
            "workspace/didChangeWorkspaceFolders" => {
                let event = &params["event"];
                let named = |key: &str| event[key].as_array().cloned().unwrap_or_default();
                let of = |it: Value| folder_of(&it["uri"]);
                let removed: Vec<PathBuf> = named("removed").into_iter().filter_map(of).collect();
                self.folders.retain(|it| !removed.contains(it));
                self.folders
                    .extend(named("added").into_iter().filter_map(of));
                self.generation = usize::MAX;
            }
            "workspace/didChangeWatchedFiles" => self.files_changed(read(params)?),
            _ => {}
        }
        Ok(())
    }

    fn watch(&mut self) {
        const PATTERNS: [&str; 7] = [
            "**/*.conf",
            "**/*.load",
            "**/.htaccess",
            "**/{sites,conf,mods}-{available,enabled}/*",
            "**/envvars",
            "**/httpd-lint.toml",
            "**/*facts*",
        ];
        if self.common.abilities.watches {
            let watchers = PATTERNS.map(|it| json!({"globPattern": it}));
            let registration = json!({
                "id": "files",
                "method": "workspace/didChangeWatchedFiles",
                "registerOptions": {"watchers": watchers},
            });
            let parameters = json!({"registrations": [registration]});
            self.common
                .outbox
                .ask("client/registerCapability", parameters);
        }
    }

    fn ask_settings(&mut self) {
        if self.common.abilities.configuration {
            let parameters = json!({"items": [{"section": SECTION}]});
            let outbox = &self.common.outbox;
            let id = outbox.ask("workspace/configuration", parameters);
            self.asked.insert(id, Asked::Settings);
        }
    }

    // What the client does not settle stays as it was said in the beginning.
    fn settle(&mut self, section: &Value) {
        if section.is_null() {
            return;
        }
        let settings = Settings::of(section);
        if settings == self.common.settings {
            return;
        }
        self.common.settings = settings;
        for tree in &self.trees {
            tree.send(Job::Reload(self.common.settings.clone()));
        }
        // Another main file may be named now.
        self.generation = usize::MAX;
    }

    fn open(&mut self, parameters: DidOpenTextDocumentParams) {
        let item = parameters.text_document;
        let path = uri::path(&item.uri);
        let document = Document {
            path: path.map(|it| it.canonicalize().unwrap_or(it)),
            uri: item.uri,
            version: item.version,
            text: item.text.into(),
            tree: None,
        };
        self.documents.open(document.clone());
        let tree = self.tree_of(&document);
        self.give(&document.uri, tree);
    }

    fn change(&mut self, parameters: DidChangeTextDocumentParams) -> Result<(), String> {
        let item = parameters.text_document;
        let uri = item.text_document_identifier.uri;
        let columns = self.common.abilities.columns;
        let document = self.documents.get_mut(&uri);
        let document = document.ok_or_else(|| format!("{} is not open", uri.as_ref()))?;
        document.change(item.version, parameters.content_changes, columns)?;
        let tree = document.tree;
        self.give(&uri, tree);
        Ok(())
    }

    fn close(&mut self, parameters: &DidCloseTextDocumentParams) -> Result<(), String> {
        let uri = &parameters.text_document.uri;
        let document = self.documents.close(uri);
        let document = document.ok_or_else(|| format!("{} is not open", uri.as_ref()))?;
        for (at, tree) in self.trees.iter().enumerate() {
            let path = document.path.clone();
            if let Some(path) = path.filter(|_| document.tree == Some(at) || !tree.is_fragment) {
                tree.send(Job::Close(path));
            }
        }
        Ok(())
    }

    // Tells a tree the text of a document, and all those that may look at the document.
    fn give(&mut self, uri: &Uri, tree: Option<usize>) {
        let Some(document) = self.documents.get_mut(uri) else {
            return;
        };
        document.tree = tree;
        let Some(path) = document.path.clone() else {
            return;
        };
        for (at, it) in self.trees.iter().enumerate() {
            let is_own = tree == Some(at);
            if is_own || !it.is_fragment {
                it.send(Job::Put(path.clone(), document.given(is_own)));
            }
        }
    }

    // The files of a tree may be others after a change, so documents may belong elsewhere.
    fn give_documents_to_their_trees(&mut self) {
        // What changes meanwhile is another event.
        let generation = self.trees.iter().map(Handle::generation).sum::<usize>();
        if generation == self.generation {
            return;
        }
        self.generation = generation;
        let all: Vec<Document> = self.documents.all().into_iter().cloned().collect();
        let mut any_moved = false;
        for document in all {
            let tree = self.tree_of(&document);
            if tree != document.tree {
                let before = document.tree.and_then(|it| self.trees.get(it));
                let before = before.filter(|it| it.is_fragment);
                if let Some((path, before)) = document.path.zip(before) {
                    before.send(Job::Close(path));
                }
                self.give(&document.uri, tree);
                any_moved |= document.tree.is_some();
            }
        }
        if any_moved {
            self.common.refresh();
        }
    }

    // Where a document belongs: in the tree that the client or the project names, else in that of
    // the nearest main file that reads it, else it is a part of which nothing more is known.
    fn tree_of(&mut self, document: &Document) -> Option<usize> {
        let path = document.path.clone()?;
        for main in self.main_files(&path) {
            let tree = self.tree_at(&main, false);
            if tree.is_some_and(|it| self.trees[it].has(&path)) {
                return tree;
            }
        }
        let is_read_elsewhere = |it: &Handle| !it.is_fragment && it.has(&path);
        if let Some(tree) = self.trees.iter().position(is_read_elsewhere) {
            return Some(tree);
        }
        self.tree_at(&path, true)
    }

    // The tree of a main file, which is set up when it is first asked for.
    fn tree_at(&mut self, main: &Path, is_fragment: bool) -> Option<usize> {
        let is_same = |it: &Handle| it.main == main && it.is_fragment == is_fragment;
        if let Some(tree) = self.trees.iter().position(is_same) {
            return Some(tree);
        }
        let documents = self.documents.all().into_iter().filter_map(|it| {
            let path = it.path.clone()?;
            let is_meant = !is_fragment || path == main;
            is_meant.then(|| (path, it.given(is_fragment || it.tree.is_none())))
        });
        let documents = documents.collect();
        match Handle::start(main, is_fragment, self.common.clone(), documents) {
            Ok(tree) => {
                self.trees.push(tree);
                Some(self.trees.len() - 1)
            }
            Err(problem) => {
                self.common.outbox.log(&problem);
                None
            }
        }
    }

    // The main files that may read a file, the best first.
    fn main_files(&self, path: &Path) -> Vec<PathBuf> {
        let folder = self.folders.iter().filter(|it| path.starts_with(it));
        let folder = folder.max_by_key(|it| it.components().count());
        let settled = self.common.settings.main.as_ref().map(|it| match folder {
            Some(folder) => folder.join(it),
            None => it.clone(),
        });
        let named = self.common.open.main_of(path);
        let bound = folder.map(|it| it.components().count()).unwrap_or_default();
        let above = path.ancestors().skip(1).take(match folder {
            Some(_) => usize::MAX,
            None => MOST_FOLDERS,
        });
        let above = above.take_while(|it| it.components().count() >= bound);
        let found = above.filter(|it| main_file::find(it).is_ok());
        let found = found.map(Path::to_owned);
        let mut all: Vec<PathBuf> = settled.into_iter().chain(named).chain(found).collect();
        let mut seen = Vec::new();
        all.retain(|it| {
            let is_new = !seen.contains(it);
            seen.push(it.clone());
            is_new
        });
        all
    }

    fn files_changed(&mut self, parameters: DidChangeWatchedFilesParams) {
        let mut changed = Vec::new();
        let mut reloads = false;
        for event in parameters.changes {
            let Some(path) = uri::path(&event.uri) else {
                continue;
            };
            let path = path.canonicalize().unwrap_or(path);
            let is_ours = self.trees.iter().any(|it| it.has(&path));
            match event.kind {
                FileChangeType::Changed if is_ours => changed.push(path),
                // Something that came may be read now, and something that went is missed.
                _ => reloads = true,
            }
        }
        for tree in &self.trees {
            match reloads {
                true => tree.send(Job::Reload(self.common.settings.clone())),
                false => tree.send(Job::Changed(changed.clone())),
            }
        }
        if reloads {
            self.generation = usize::MAX;
        }
    }
}

fn read<T: DeserializeOwned>(parameters: Value) -> Result<T, String> {
    serde_json::from_value(parameters).map_err(|it| it.to_string())
}

fn folder_of(uri: &Value) -> Option<PathBuf> {
    let path = uri::path(&Uri::from(uri.as_str()?))?;
    Some(path.canonicalize().unwrap_or(path))
}
