//! The applications that requests get to.

use super::{Application, Applications, Values};

impl<'a> Applications<'a> {
    /// The mounts that a plain request gets to, each with what its script sees.
    pub fn answering(&self) -> impl Iterator<Item = (&Application<'a>, &Values<'a>)> {
        let mounted = self.mounted.iter();
        mounted.filter_map(|it| Some((it, it.values.as_ref()?)))
    }
}
