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
use super::handle::{Common, Given, Job, Shared};
use super::server::Event;
use super::transport::failure;
use super::uri;
use super::view::{Failed, Opened, Whole};
use super::{Tree, requests};
use crate::evaluate::OccurrenceId;
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

// How long nobody may have typed, where a look at the server as a whole takes so long.
fn pause_for(look: Duration) -> Duration {
    (look * PAUSES).clamp(PAUSE, LONGEST_PAUSE)
}

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
    documents: FxHashMap<PathBuf, Given>,
    // The files of which the client shows findings that we told it.
    published: FxHashSet<PathBuf>,
    was_read: bool,
}

impl Thread {
    /// The thread of the tree of a main file, with the documents that are open.
    pub(super) fn of(
        main: &Path,
        is_fragment: bool,
        common: Common,
        shared: Arc<Shared>,
        documents: Vec<(PathBuf, Given)>,
    ) -> Self {
        Self {
            main: main.to_owned(),
            is_fragment,
            common,
            shared,
            documents: documents.into_iter().collect(),
            published: FxHashSet::default(),
            was_read: false,
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
                Ok(Job::Put(path, given)) => {
                    self.documents.insert(path, given);
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
        let buffers = Buffers::over(&*tree);
        for (path, given) in &self.documents {
            buffers.put(path, Some(&given.text));
        }
        let begun = now();
        let session = tree.lint(&buffers)?;
        // Reading the files takes about as long as looking at the server as a whole.
        let pause = pause_for(begun.elapsed() / 2);
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
            is_old: false,
            changes: 0,
            changed: now(),
            pause,
        };
        warm.begin();
        // There was hardly anything left to look at.
        warm.pause = pause;
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
            let uri = opened.map_or_else(|| uri::of_path(&path), |it| it.opened.uri.clone());
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
    // Whether something beside its files is something else than when it was looked at.
    is_old: bool,
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
        for (path, given) in self.thread.documents.clone() {
            files.extend(self.put(path, given));
        }
        files.extend(self.complete());
        files.sort_unstable();
        files.dedup();
        self.publish(&files);
        // What was said of files that are not part of it any more.
        let now: FxHashSet<PathBuf> = self.paths.values().cloned().collect();
        self.thread.withdraw(&now);
        // Nor does a client know that the tree was read again.
        if std::mem::replace(&mut self.thread.was_read, true) {
            self.thread.common.refresh();
        }
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
            if let Some(path) = self.buffers.place(name) {
                let names = self.names.entry(path.clone()).or_default();
                names.push(name.to_owned());
                self.paths.insert(file, path);
            }
        }
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
                    self.thread.common.refresh();
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
                Job::Put(path, given) => {
                    self.thread.documents.insert(path.clone(), given.clone());
                    let files = self.put(path, given);
                    self.publish(&files);
                }
                Job::Close(path) => {
                    let Ok(files) = self.close(&path) else {
                        return Stop::Again;
                    };
                    self.publish(&files);
                }
                Job::Changed(paths) => {
                    let documents = &self.thread.documents;
                    let closed = paths.into_iter().filter(|it| !documents.contains_key(it));
                    let mut files = FxHashSet::default();
                    for path in closed.collect::<Vec<_>>() {
                        let Ok(changed) = self.read_again(&path) else {
                            return Stop::Again;
                        };
                        files.extend(changed);
                    }
                    let files: Vec<FileId> = files.into_iter().collect();
                    self.publish(&files);
                    self.thread.common.refresh();
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
    fn put(&mut self, path: PathBuf, given: Given) -> Vec<FileId> {
        let names = self.names.get(&path).cloned().unwrap_or_default();
        let is_new = match given.is_own {
            true => self.opened.insert(path.clone(), given.opened).is_none(),
            false => self.opened.remove(&path).is_some(),
        };
        let mut files = match names.is_empty() {
            true => self.change_beside(&path, Some(&given.text)),
            false => {
                self.buffers.put(&path, Some(&given.text));
                self.replace(&names, given.text.as_bytes())
            }
        };
        // Also where nothing is found: the client waits to hear of this very version.
        let own = self.whole().files_at(&path);
        let own: Vec<FileId> = own.filter(|it| !files.contains(it)).collect();
        files.extend(own);
        // What concerns the server as a whole is kept apart only of documents that are open.
        self.findings.is_complete &= !is_new;
        files
    }

    // Gives a document a text, or that of the disk again, that is no file of the tree. Somebody may
    // have looked at it all the same: as a file that could be included, or that is not and should be.
    fn change_beside(&mut self, path: &Path, text: Option<&Arc<str>>) -> Vec<FileId> {
        let before = self.buffers.put(path, text);
        let Some(name) = self.buffers.looked_at(path) else {
            return Vec::new();
        };
        let disk = self.tree.world().read(&name).ok();
        let bytes = |it: Option<&Arc<str>>| it.map(|it| it.as_bytes().to_vec());
        let [before, now] = [before.as_ref(), text].map(|it| bytes(it).or_else(|| disk.clone()));
        match before == now {
            true => Vec::new(),
            false => self.look_around(),
        }
    }

    // Looks at everything again; in a large tree, when nobody types.
    fn look_around(&mut self) -> Vec<FileId> {
        self.is_old = true;
        self.findings.is_complete = false;
        match self.paths.len() <= SMALL {
            true => self.complete(),
            false => Vec::new(),
        }
    }

    fn close(&mut self, path: &Path) -> Result<Vec<FileId>, ReadError> {
        self.thread.documents.remove(path);
        self.opened.remove(path);
        let mut files = match self.names.contains_key(path) {
            true => self.read_again(path)?,
            false => self.change_beside(path, None),
        };
        let of_path = self.paths.iter().filter(|it| it.1 == path);
        files.extend(of_path.map(|it| *it.0));
        Ok(files)
    }

    // Takes in the text that a file has on the disk.
    fn read_again(&mut self, path: &Path) -> Result<Vec<FileId>, ReadError> {
        self.buffers.put(path, None);
        let names = self.names.get(path).cloned().unwrap_or_default();
        if let Some(first) = names.first() {
            let bytes = self.tree.world().read(first)?;
            return Ok(self.replace(&names, &bytes));
        }
        Ok(match self.buffers.looked_at(path) {
            Some(_) => self.look_around(),
            None => Vec::new(),
        })
    }

    // Gives a file, by all its names, a new text.
    fn replace(&mut self, names: &[String], bytes: &[u8]) -> Vec<FileId> {
        let mut changes = Vec::new();
        let mut concerned = Vec::new();
        let mut reads_others = false;
        for name in names {
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
        // Where everything was evaluated again, so was the main file.
        if reads_others || concerned.contains(&OccurrenceId::MAIN) {
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
        if std::mem::take(&mut self.is_old) {
            self.session.look_around();
            self.find_paths();
        }
        self.session.finish();
        let mut findings = std::mem::take(&mut self.findings);
        let files = findings.complete(self.whole());
        self.findings = findings;
        self.pause = pause_for(begun.elapsed());
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
            if opened.is_none() && self.thread.documents.contains_key(path) {
                // Another tree says what is found in it.
                continue;
            }
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
