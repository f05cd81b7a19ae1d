//! Values that go with the names of a table.

use std::sync::OnceLock;

use super::directive::NameId;
use super::table::Table;

/// A value for each directive name of a table, made when it is first asked for: a configuration
/// uses a tenth of the names, and going through all of them takes as long as checking a site.
#[derive(Debug, Clone)]
pub struct ByName<T> {
    values: Vec<OnceLock<T>>,
}

impl<T: Clone> ByName<T> {
    /// No values yet.
    pub fn new(table: &Table) -> Self {
        Self {
            values: vec![OnceLock::new(); table.names().count()],
        }
    }

    /// The value of a name; `make` makes it the first time.
    ///
    /// # Panics
    ///
    /// Never for a name of the table.
    pub fn get(&self, name: NameId, make: impl FnOnce() -> T) -> &T {
        self.values[name.index()].get_or_init(make)
    }
}
