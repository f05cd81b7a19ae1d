//! A tree of files, kept warm in a thread of its own.
//!
//! The thread owns what the session borrows, so a tree that changes in a way that only reading it
//! again can follow is dropped as a whole and set up anew; so is one in which something panicked.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use lsp_server::{ErrorCode, Request};
use lsp_types::PublishDiagnosticsParams;
use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::Value;

use super::buffers::Buffers;
use super::client::Progress;
use super::findings::{Change, Findings, SMALL, shown};
use super::handle::{Common, Job, Shared};
use super::server::Event;
use super::transport::failure;
use super::uri;
use super::view::{Failed, Opened, Whole};
use super::{Tree, requests};
use crate::lint::Session;
use crate::source::FileId;
use crate::world::ReadError;

/// Nobody types any more when nothing came for so long,
const PAUSE: Duration = Duration::from_millis(120);
/// or for so many times as long as it takes to look at the server as a whole, since who types then
/// waits for it,
const PAUSES: u32 = 4;
/// but not for longer than this.
const LONGEST_PAUSE: Duration = Duration::from_secs(3);
/// Every change leaves what was read before behind; at the next pause after so many the tree is
/// read again.
const MOST_CHANGES: usize = 2000;

/// Why a tree stopped answering.
enum Stop {
    /// It is not wanted any more.
    End,
    /// It is to be set up anew.
    Again,
}

/// The thread of a tree.
pub(super) struct Thread {
    main: PathBuf,
    is_fragment: bool,
    common: Common,
    shared: Arc<Shared>,
    documents: FxHashMap<PathBuf, (Opened, String)>,
    // The files of which the client shows findings that we told it.
    published: FxHashSet<PathBuf>,
}

impl Thread {
    /// The thread of the tree of a main file, with the documents that are open.
    pub(super) fn of(
        main: &Path,
        is_fragment: bool,
        common: Common,
        shared: Arc<Shared>,
        documents: Vec<(PathBuf, Opened, String)>,
    ) -> Self {
        let documents = documents.into_iter();
        Self {
            main: main.to_owned(),
            is_fragment,
            common,
            shared,
            documents: documents.map(|it| (it.0, (it.1, it.2))).collect(),
            published: FxHashSet::default(),
        }
    }

    /// Sets the tree up, again and again, and answers. Says when it can.
    pub(super) fn run(&mut self, jobs: &Receiver<Job>, ready: &Sender<Result<(), String>>) {
        loop {
            let stopped = catch_unwind(AssertUnwindSafe(|| self.live(jobs, ready)));
            match stopped {
                Ok(Ok(Stop::Again)) => {}
                Ok(Ok(Stop::End)) => break,
                Ok(Err(message)) => {
                    let _ = ready.send(Err(message));
                    self.keep(FxHashSet::default());
                    if !self.wait(jobs, &|| Ok(Value::Null)) {
                        break;
                    }
                }
                Err(_) => {
                    let main = self.main.display();
                    let outbox = &self.common.outbox;
                    outbox.log(&format!("{main}: httpd-lint failed; it is read again"));
                    let _ = ready.send(Ok(()));
                    if !self.wait(jobs, &|| Err(Failed::Broken)) {
                        break;
                    }
                }
            }
        }
        self.withdraw(&FxHashSet::default());
    }

    // What cannot be read, or cannot be looked at, can be only when something has changed. Until
    // then every question has the same answer.
    fn wait(&mut self, jobs: &Receiver<Job>, answer: &dyn Fn() -> Result<Value, Failed>) -> bool {
        loop {
            match jobs.recv() {
                Err(_) => return false,
                Ok(Job::Put { path, opened, text }) => {
                    self.documents.insert(path, (opened, text));
                    return true;
                }
                Ok(Job::Close(path)) => {
                    self.documents.remove(&path);
                    return true;
                }
                Ok(Job::Reload(settings)) => {
                    self.common.settings = settings;
                    return true;
                }
                Ok(Job::Changed(_)) => return true,
                Ok(Job::Ask(_, Request { id, method, .. })) => match answer() {
                    Ok(value) => self.common.outbox.result(id, value),
                    Err(failed) => {
                        let failed = requests::failed(id, &method, failed);
                        self.common.outbox.answer(failed);
                    }
                },
                Ok(Job::AskWhole(_, reply)) => {
                    let _ = reply.send(answer());
                }
            }
        }
    }

    // Sets the tree up, and answers until it is to be set up anew.
    fn live(
        &mut self,
        jobs: &Receiver<Job>,
        ready: &Sender<Result<(), String>>,
    ) -> Result<Stop, String> {
        let title = format!("Reading {}", self.main.display());
        let common = self.common.clone();
        let progress =
            (!self.is_fragment).then(|| Progress::begin(&common.outbox, &common.abilities, &title));
        let tree = common.open.open(&self.main, &common.settings.options)?;
        let buffers = Buffers::over(tree.world());
        for (path, (_, text)) in &self.documents {
            if let Some(name) = tree.server(path) {
                buffers.put(&name, text.as_bytes());
            }
        }
        let session = tree.lint(&buffers)?;
        drop(progress);
        let mut warm = Warm {
            thread: self,
            tree: &*tree,
            buffers: &buffers,
            session,
            seen: 0,
            paths: FxHashMap::default(),
            names: FxHashMap::default(),
            opened: FxHashMap::default(),
            findings: Findings::default(),
            changes: 0,
            changed: now(),
            pause: PAUSE,
        };
        warm.begin();
        let _ = ready.send(Ok(()));
        Ok(warm.answer(jobs))
    }

    // Tells others which files the tree has.
    fn keep(&mut self, files: FxHashSet<PathBuf>) {
        if self.shared.keep(files) {
            // A server that is gone wants to know nothing.
            let _ = self.common.events.send(Event::Files);
        }
    }

    // Says that nothing is found any more in files of which something was, but for some.
    fn withdraw(&mut self, but: &FxHashSet<PathBuf>) {
        let gone: Vec<PathBuf> = self.published.difference(but).cloned().collect();
        for path in gone {
            self.published.remove(&path);
            let opened = self.documents.get(&path);
            let uri = opened.map_or_else(|| uri::of_path(&path), |it| it.0.uri.clone());
            self.common.outbox.notify(
                "textDocument/publishDiagnostics",
                PublishDiagnosticsParams {
                    uri,
                    version: None,
                    diagnostics: Vec::new(),
                },
            );
        }
    }
}

/// A tree that was read.
struct Warm<'t> {
    thread: &'t mut Thread,
    tree: &'t dyn Tree,
    buffers: &'t Buffers<'t>,
    session: Session<'t>,
    // How many files were looked for on this machine.
    seen: usize,
    // Where they lie, links followed.
    paths: FxHashMap<FileId, PathBuf>,
    // Their names on the server; a file may have several.
    names: FxHashMap<PathBuf, Vec<String>>,
    opened: FxHashMap<PathBuf, Opened>,
    findings: Findings,
    // Since the tree was read.
    changes: usize,
    // When something came that was no question.
    changed: Instant,
    // How long nothing of that kind must come before the server as a whole is looked at.
    pause: Duration,
}

#[allow(
    clippy::disallowed_methods,
    reason = "whether somebody types is a question of time"
)]
fn now() -> Instant {
    Instant::now()
}

impl Warm<'_> {
    fn begin(&mut self) {
        self.find_paths();
        let mut files = Vec::new();
        for (path, (opened, text)) in self.thread.documents.clone() {
            files.extend(self.put(path, opened, &text));
        }
        files.extend(self.complete());
        files.sort_unstable();
        files.dedup();
        self.publish(&files);
        // What was said of files that are not part of it any more.
        let now: FxHashSet<PathBuf> = self.paths.values().cloned().collect();
        self.thread.withdraw(&now);
    }

    fn whole(&self) -> Whole<'_> {
        Whole {
            session: &self.session,
            tree: self.tree,
            paths: &self.paths,
            names: &self.names,
            opened: &self.opened,
            abilities: &self.thread.common.abilities,
            settings: &self.thread.common.settings,
        }
    }

    // Finds the files of the configuration on this machine.
    fn find_paths(&mut self) {
        let sources = &self.session.config().sources;
        for file in sources.ids().skip(self.seen) {
            self.seen += 1;
            let name = sources.get(file).name();
            if let Some(path) = self.tree.local(name) {
                let names = self.names.entry(path.clone()).or_default();
                names.push(name.to_owned());
                self.paths.insert(file, path);
            }
        }
        let is_part = self.session.config().fragment;
        self.thread.shared.keep_part(is_part);
        let is_read = |it: &(&FileId, &PathBuf)| !self.session.places_of(*it.0).is_empty();
        let files = self.paths.iter().filter(is_read);
        let files = files.map(|it| it.1.clone()).collect();
        self.thread.keep(files);
    }

    fn answer(mut self, jobs: &Receiver<Job>) -> Stop {
        loop {
            let pause = if self.findings.is_complete {
                jobs.recv().map_err(|_| RecvTimeoutError::Disconnected)
            } else {
                // Questions are no reason to wait longer.
                jobs.recv_timeout(self.pause.saturating_sub(self.changed.elapsed()))
            };
            let job = match pause {
                Ok(job) => job,
                Err(RecvTimeoutError::Disconnected) => return Stop::End,
                Err(RecvTimeoutError::Timeout) => {
                    let files = self.complete();
                    self.publish(&files);
                    self.refresh();
                    if self.changes > MOST_CHANGES {
                        return Stop::Again;
                    }
                    continue;
                }
            };
            if !matches!(job, Job::Ask(..) | Job::AskWhole(..)) {
                self.changed = now();
            }
            match job {
                Job::Put { path, opened, text } => {
                    self.thread
                        .documents
                        .insert(path.clone(), (opened.clone(), text.clone()));
                    let files = self.put(path, opened, &text);
                    self.publish(&files);
                }
                Job::Close(path) => {
                    let files = self.close(&path);
                    self.publish(&files);
                }
                Job::Changed(paths) => {
                    let closed = paths.into_iter().filter(|it| !self.opened.contains_key(it));
                    let mut files = FxHashSet::default();
                    for path in closed.collect::<Vec<_>>() {
                        let Ok(changed) = self.read_again(&path) else {
                            return Stop::Again;
                        };
                        files.extend(changed);
                    }
                    let files: Vec<FileId> = files.into_iter().collect();
                    self.publish(&files);
                    self.refresh();
                }
                Job::Reload(settings) => {
                    self.thread.common.settings = settings;
                    return Stop::Again;
                }
                Job::Ask(path, request) => self.ask(&path, request),
                Job::AskWhole(request, reply) => {
                    let answered = catch_unwind(AssertUnwindSafe(|| {
                        requests::of_tree(self.whole(), &self.findings, &request)
                    }));
                    let _ = reply.send(answered.unwrap_or(Err(Failed::Broken)));
                }
            }
            if self.changes > MOST_CHANGES && self.findings.is_complete {
                return Stop::Again;
            }
        }
    }

    // Gives a document its text. Returns the files whose findings may be others now.
    fn put(&mut self, path: PathBuf, opened: Opened, text: &str) -> Vec<FileId> {
        let names = self.names.get(&path).cloned().unwrap_or_default();
        let is_new = self.opened.insert(path.clone(), opened).is_none();
        let mut files = match names.is_empty() {
            true => self.put_beside(&path, text.as_bytes()),
            false => self.replace(&names, text.as_bytes()),
        };
        // Also where nothing is found: the client waits to hear of this very version.
        let own = self.whole().files_at(&path);
        let own: Vec<FileId> = own.filter(|it| !files.contains(it)).collect();
        files.extend(own);
        // What concerns the server as a whole is kept apart only of documents that are open.
        self.findings.is_complete &= !is_new;
        files
    }

    // Gives a document its text that is not part of the tree. Whether a main file makes a server is
    // also said by what it would read then.
    fn put_beside(&mut self, path: &Path, bytes: &[u8]) -> Vec<FileId> {
        let Some(name) = self.tree.server(path) else {
            return Vec::new();
        };
        self.buffers.put(&name, bytes);
        let config = self.session.config();
        if self.thread.is_fragment || !config.fragment {
            return Vec::new();
        }
        let main = config
            .sources
            .shared(config.occurrences[0].unit.document.file);
        let bytes = main.encoding().bytes(main.text()).to_vec();
        self.session.replace(main.name(), bytes);
        self.find_paths();
        self.complete()
    }

    fn close(&mut self, path: &PathBuf) -> Vec<FileId> {
        self.thread.documents.remove(path);
        self.opened.remove(path);
        let names = self.names.get(path).cloned().unwrap_or_default();
        for name in names.iter().cloned().chain(self.tree.server(path)) {
            self.buffers.remove(&name);
        }
        let mut files = self.read_again(path).unwrap_or_default();
        let of_path = self.paths.iter().filter(|it| it.1 == path);
        files.extend(of_path.map(|it| *it.0));
        files
    }

    fn read_again(&mut self, path: &PathBuf) -> Result<Vec<FileId>, ReadError> {
        let names = self.names.get(path).cloned().unwrap_or_default();
        let Some(first) = names.first() else {
            return Ok(Vec::new());
        };
        let bytes = self.tree.world().read(first)?;
        let changed = self.replace(&names, &bytes);
        for name in &names {
            self.buffers.put(name, &bytes);
        }
        Ok(changed)
    }

    // Gives a file, by all its names, a new text.
    fn replace(&mut self, names: &[String], bytes: &[u8]) -> Vec<FileId> {
        let mut changes = Vec::new();
        let mut concerned = Vec::new();
        let mut reads_others = false;
        let was_part = self.session.config().fragment;
        for name in names {
            self.buffers.put(name, bytes);
            reads_others |= self.reads_others(name);
            let sources = &self.session.config().sources;
            let Some(before) = sources.find(name).map(|it| sources.shared(it)) else {
                continue;
            };
            if before.encoding().bytes(before.text()) == bytes {
                continue;
            }
            // What is open comes first, the rest in a pause.
            let (paths, opened) = (&self.paths, &self.opened);
            let is_open = |it| paths.get(&it).is_some_and(|it| opened.contains_key(it));
            let replaced = self.session.replace_first(name, bytes.to_vec(), &is_open);
            concerned.extend(replaced);
            let sources = &self.session.config().sources;
            if let Some(file) = sources.find(name) {
                let new = sources.get(file).text();
                changes.push(Change::between(file, before.text(), new));
            }
            self.changes += 1;
            reads_others |= self.reads_others(name);
        }
        if changes.is_empty() {
            return Vec::new();
        }
        // The main file is never evaluated alone, so what it reads may be others in any case; so it may
        // where it makes a server now, or none.
        let is_part = self.session.config().fragment;
        if is_part != was_part || reads_others || concerned.len() > self.paths.len() / 2 {
            self.find_paths();
        }
        if self.paths.len() <= SMALL {
            return self.complete();
        }
        if self.tree.knows_findings() {
            // Nothing is shown that the next pause would take back.
            self.findings.is_complete = false;
            return Vec::new();
        }
        let mut findings = std::mem::take(&mut self.findings);
        let files = findings.change(self.whole(), &changes, &concerned);
        self.findings = findings;
        files
    }

    // Whether a file reads others, wherever it is read.
    fn reads_others(&self, name: &str) -> bool {
        let config = self.session.config();
        let file = config.sources.find(name).into_iter();
        let mut places = file.flat_map(|it| self.session.places_of(it));
        places.any(|it| !config.occurrence(it).children.is_empty())
    }

    fn complete(&mut self) -> Vec<FileId> {
        let begun = now();
        self.session.finish();
        let mut findings = std::mem::take(&mut self.findings);
        let files = findings.complete(self.whole());
        self.findings = findings;
        self.pause = (begun.elapsed() * PAUSES).clamp(PAUSE, LONGEST_PAUSE);
        files
    }

    // Tells the client what is found in files now, those that it shows first. A client that asks
    // itself is told only of files that it does not show.
    fn publish(&mut self, files: &[FileId]) {
        let pulls = self.thread.common.abilities.pulls;
        let is_open = |it: &&FileId| self.whole().opened(**it).is_some();
        let (open, rest): (Vec<&FileId>, Vec<&FileId>) = files.iter().partition(is_open);
        for file in open.into_iter().chain(rest) {
            let Some(path) = self.paths.get(file) else {
                continue;
            };
            let opened = self.opened.get(path);
            let is_asked_for = pulls && opened.is_some();
            let diagnostics = match is_asked_for {
                true => Vec::new(),
                false => self.shown(path),
            };
            let was_published = self.thread.published.contains(path);
            if diagnostics.is_empty() && !was_published && (opened.is_none() || is_asked_for) {
                continue;
            }
            let parameters = PublishDiagnosticsParams {
                uri: opened.map_or_else(|| uri::of_path(path), |it| it.uri.clone()),
                version: opened.map(|it| it.version),
                diagnostics,
            };
            match parameters.diagnostics.is_empty() {
                true => self.thread.published.remove(path),
                false => self.thread.published.insert(path.clone()),
            };
            let outbox = &self.thread.common.outbox;
            outbox.notify("textDocument/publishDiagnostics", parameters);
        }
    }

    // What is found in a file under all its names.
    fn shown(&self, path: &Path) -> Vec<lsp_types::Diagnostic> {
        requests::shown_at(self.whole(), &self.findings, path, shown)
    }

    fn refresh(&self) {
        let common = &self.thread.common;
        if common.abilities.pulls && common.abilities.refreshes {
            common
                .outbox
                .ask("workspace/diagnostic/refresh", Value::Null);
        }
    }

    fn ask(&mut self, path: &Path, request: Request) {
        let outbox = self.thread.common.outbox.clone();
        let id = request.id.clone();
        if outbox.is_cancelled(&id) {
            let message = "nobody waits for it any more";
            outbox.answer(failure(id, ErrorCode::RequestCanceled, message));
            return;
        }
        if self.whole().files_at(path).next().is_none() {
            self.find_paths();
            let _ = self.thread.common.events.send(Event::Misled(request));
            return;
        }
        let answered = catch_unwind(AssertUnwindSafe(|| {
            requests::of_file(self.whole(), &self.findings, path, &request)
        }));
        match answered.unwrap_or(Err(Failed::Broken)) {
            Ok(result) => outbox.result(id, result),
            Err(failed) => outbox.answer(requests::failed(id, &request.method, failed)),
        }
    }
}
