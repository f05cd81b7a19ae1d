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
}

impl Doubt {
    /// A doubt without candidates.
    pub fn new(why: impl Into<String>) -> Self {
        Self {
            why: why.into(),
            candidates: Vec::new(),
        }
    }

    /// The same doubt between some values.
    #[must_use]
    pub fn between<T: Into<String>>(mut self, candidates: impl IntoIterator<Item = T>) -> Self {
        self.candidates = candidates.into_iter().map(Into::into).collect();
        self
    }
}
