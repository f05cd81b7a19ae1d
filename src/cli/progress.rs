//! How far a long run has come, for a person who waits.

use std::io::{IsTerminal, Write, stderr};
use std::time::{Duration, Instant};

/// Nobody wonders about less.
const PATIENCE: Duration = Duration::from_secs(1);

/// A line on standard error that is written over, if that is a terminal and it takes long.
pub(super) struct Progress {
    begun: Instant,
    is_seen: bool,
    done: usize,
    all: usize,
}

impl Progress {
    /// Of so many hosts.
    pub(super) fn new(all: usize) -> Self {
        Self {
            begun: Instant::now(),
            is_seen: false,
            done: 0,
            all,
        }
    }

    /// So many more hosts are done.
    pub(super) fn add(&mut self, hosts: usize) {
        self.done += hosts;
        if self.begun.elapsed() < PATIENCE || !stderr().is_terminal() {
            return;
        }
        self.is_seen = true;
        // Who closed standard error does not want to know.
        let _ = write!(stderr(), "\r{} of {} hosts", self.done, self.all);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.is_seen {
            let _ = write!(stderr(), "\r\x1b[K");
        }
    }
}
