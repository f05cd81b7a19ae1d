//! What cannot be known from here.

/// A value, or why nobody can say from here what it is.
pub type Known<T> = Result<T, Doubt>;

/// Why a value is not known.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Doubt {
    /// The reason, in a lower-case sentence.
    pub why: String,
    /// The values that it may have, where there are not too many to name.
    pub candidates: Vec<String>,
    /// What of the request would decide it, where that can be said.
    pub missing: Option<Missing>,
}

/// Something about a request that nobody said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Missing {
    /// The address that the client connects to.
    Address,
    /// The address of the client.
    Client,
}

impl Doubt {
    /// A doubt without candidates.
    pub fn new(why: impl Into<String>) -> Self {
        Self {
            why: why.into(),
            candidates: Vec::new(),
            missing: None,
        }
    }

    /// A doubt because something about the request is not said.
    pub fn without(missing: Missing) -> Self {
        let why = match missing {
            Missing::Address => "the address that the client connects to is not known",
            Missing::Client => "it depends on the address of the client",
        };
        Self {
            missing: Some(missing),
            ..Self::new(why)
        }
    }

    /// The same doubt between some values.
    #[must_use]
    pub fn between<T: Into<String>>(mut self, candidates: impl IntoIterator<Item = T>) -> Self {
        self.candidates = candidates.into_iter().map(Into::into).collect();
        self
    }
}
