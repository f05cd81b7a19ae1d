//! A tree, as the server holds it: what it is given to do, and what is known of it.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, PoisonError};

use lsp_server::Request;
use rustc_hash::FxHashSet;
use serde_json::Value;

use super::Open;
use super::client::{Abilities, Outbox};
use super::server::Event;
use super::settings::Settings;
use super::tree::Thread;
use super::view::{Failed, Opened};

/// What a tree has to do.
pub(super) enum Job {
    /// A document is open, and has this text.
    Put(PathBuf, Given),
    /// A document is not open any more.
    Close(PathBuf),
    /// Files have other texts on the disk.
    Changed(Vec<PathBuf>),
    /// The tree is to be set up anew: files came or went, or what is settled is something else.
    Reload(Settings),
    /// A question about the file at a path.
    Ask(PathBuf, Request),
    /// A question about the tree as a whole; the answer is part of a larger one.
    AskWhole(Request, Sender<Result<Value, Failed>>),
}

/// A document that is open, as a tree is given it.
#[derive(Clone)]
pub(super) struct Given {
    /// What the client calls it, and which of its states this is.
    pub(super) opened: Opened,
    /// What the editor shows.
    pub(super) text: Arc<str>,
    /// Whether it belongs to this tree: then the tree says what is found in it. Any other tree may
    /// read it, too.
    pub(super) is_own: bool,
}

/// The end of a tree that the server holds.
pub(super) struct Handle {
    /// The main file or folder that it was set up for.
    pub(super) main: PathBuf,
    /// Whether it was set up for a file of which nothing else is known.
    pub(super) is_fragment: bool,
    jobs: Sender<Job>,
    shared: Arc<Shared>,
}

/// What others want to know of a tree without waiting for it.
#[derive(Default)]
pub(super) struct Shared {
    // Its files, links followed.
    files: Mutex<FxHashSet<PathBuf>>,
    // How often these became others.
    generation: AtomicUsize,
}

impl Handle {
    /// Sets up the tree that begins with a main file, and waits until it is read.
    ///
    /// # Errors
    /// One line that says why it cannot be.
    pub(super) fn start(
        main: &Path,
        is_fragment: bool,
        common: Common,
        documents: Vec<(PathBuf, Given)>,
    ) -> Result<Self, String> {
        let (jobs, waiting) = std::sync::mpsc::channel();
        let (say_ready, ready) = std::sync::mpsc::channel();
        let shared = Arc::new(Shared::default());
        let known = Arc::clone(&shared);
        let mut thread = Thread::of(main, is_fragment, common, known, documents);
        std::thread::Builder::new()
            .name("tree".to_owned())
            .spawn(move || thread.run(&waiting, &say_ready))
            .map_err(|it| it.to_string())?;
        ready
            .recv()
            .unwrap_or_else(|_| Err("it cannot be read".to_owned()))?;
        Ok(Self {
            main: main.to_owned(),
            is_fragment,
            jobs,
            shared,
        })
    }

    /// Gives it something to do.
    pub(super) fn send(&self, job: Job) {
        // A tree whose thread is gone has nothing to say.
        let _ = self.jobs.send(job);
    }

    /// Whether a file is part of it.
    pub(super) fn has(&self, path: &Path) -> bool {
        let files = self.shared.files.lock();
        files.unwrap_or_else(PoisonError::into_inner).contains(path)
    }

    /// How often its files became others.
    pub(super) fn generation(&self) -> usize {
        self.shared.generation.load(Ordering::Acquire)
    }
}

impl Shared {
    /// Keeps which files the tree has; whether they are others now.
    pub(super) fn keep(&self, files: FxHashSet<PathBuf>) -> bool {
        let mut kept = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        let is_other = *kept != files;
        if is_other {
            *kept = files;
            self.generation.fetch_add(1, Ordering::Release);
        }
        is_other
    }
}

impl Common {
    /// Asks a client that asks for findings itself to do so again.
    pub(super) fn refresh(&self) {
        if self.abilities.pulls && self.abilities.refreshes {
            self.outbox.ask("workspace/diagnostic/refresh", Value::Null);
        }
    }
}

/// What all trees have in common.
#[derive(Clone)]
pub(super) struct Common {
    /// How a tree is set up.
    pub(super) open: Arc<dyn Open>,
    /// Where answers go.
    pub(super) outbox: Outbox,
    /// Who wants to know of other files.
    pub(super) events: Sender<Event>,
    /// What the client can do.
    pub(super) abilities: Abilities,
    /// What it has settled.
    pub(super) settings: Settings,
}
