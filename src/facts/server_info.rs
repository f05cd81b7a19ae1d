//! The outputs of `httpd -V`, `-l` and `-M`.

use std::sync::Arc;

use super::{Facts, Problem};

/// What a text says of the server, and what is wrong with it.
pub(super) fn read(_name: &Arc<str>, _text: &str) -> (Facts, Vec<Problem>) {
    (Facts::default(), Vec::new())
}
