//! How far directives reach.

use super::{Checker, context};
use crate::argument::Scope;
use crate::evaluate::{Placed, PlacedId};

/// The section that bounds what reaches as far as a scope; `None` outside of all of them.
pub(super) fn around(checker: &Checker<'_>, placed: &Placed<'_>, scope: Scope) -> Option<PlacedId> {
    let mut around = placed.sections();
    let section = around.find(|it| {
        let name = context::section_name(it, checker.inputs.table);
        match scope {
            Scope::Everywhere => false,
            Scope::Server => name == "<VirtualHost",
            Scope::Section => !matches!(&*name, "<Limit" | "<LimitExcept"),
        }
    });
    section.map(|it| it.id)
}
