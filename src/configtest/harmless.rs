//! Arguments in which nothing was found.
//!
//! The virtual hosts of a server repeat each other: the same `Header`, the same `RewriteRule`, the
//! same `Options`, ten thousand times. Whether a handler accepts a text depends on nothing else
//! than the text, unless the handler asks for its place; so one answer serves all. The same holds
//! for many rules.

use std::cell::RefCell;

use rustc_hash::FxHashMap;

use crate::httpd::NameId;
use crate::model::Dependence;

/// The texts kept for one directive. What a server repeats comes again soon, so a text that comes
/// late is most likely one of a kind, and not worth the memory.
const MOST_TEXTS: usize = 256;

/// The argument texts in which nothing is found wherever they stand, by directive.
#[derive(Debug, Default)]
pub struct Harmless {
    texts: RefCell<FxHashMap<NameId, FxHashMap<Box<str>, Dependence>>>,
}

impl Harmless {
    /// What it depends on that nothing is found in a text; `None` where nobody has looked.
    pub fn get(&self, name: NameId, text: &str) -> Option<Dependence> {
        let texts = self.texts.borrow();
        texts.get(&name)?.get(text).copied()
    }

    /// Remembers a text.
    pub fn add(&self, name: NameId, text: &str, dependence: Dependence) {
        let mut texts = self.texts.borrow_mut();
        let texts = texts.entry(name).or_default();
        if texts.len() < MOST_TEXTS {
            texts.insert(text.into(), dependence);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::httpd::Table;

    #[test]
    fn only_so_many_texts_are_kept() {
        let name = Table::builtin().name("Header").unwrap();
        let harmless = Harmless::default();
        for number in 0..2 * MOST_TEXTS {
            harmless.add(name, &number.to_string(), Dependence::default());
        }
        assert!(harmless.get(name, "0").is_some());
        let late = (2 * MOST_TEXTS - 1).to_string();
        assert_eq!(harmless.get(name, &late), None);
    }
}
