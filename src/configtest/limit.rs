//! Which methods `<Limit>` sections leave over (core's `ap_limit_section`).

use std::collections::BTreeSet;

use crate::argument::section::Section;
use crate::evaluate::Placed;
use crate::httpd::Table;

use super::context::section_name;

/// A set of methods, unknown ones too.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Methods {
    Only(BTreeSet<String>),
    AllBut(BTreeSet<String>),
}

impl Methods {
    fn and(&self, other: &Methods) -> Methods {
        match (self, other) {
            (Methods::Only(one), Methods::Only(two)) => Methods::Only(one & two),
            (Methods::Only(one), Methods::AllBut(two))
            | (Methods::AllBut(two), Methods::Only(one)) => Methods::Only(one - two),
            (Methods::AllBut(one), Methods::AllBut(two)) => Methods::AllBut(one | two),
        }
    }
}

/// Why a `<Limit>` or `<LimitExcept>` inside others is refused: httpd's message.
pub(super) fn refusal(placed: &Placed<'_>, table: &Table) -> Option<String> {
    let name = section_name(placed, table);
    let own = methods(placed, &name)?;
    let mut around = Methods::AllBut(BTreeSet::new());
    let mut at = placed.parent();
    while let Some(section) = at {
        if let Some(outer) = methods(&section, &section_name(&section, table)) {
            around = around.and(&outer);
        }
        at = section.parent();
    }
    let left = around.and(&own);
    if left == Methods::Only(BTreeSet::new()) {
        Some(format!("{name}> directive excludes all methods"))
    } else if left == around {
        Some(format!(
            "{name}> directive specifies methods already excluded"
        ))
    } else {
        None
    }
}

fn methods(section: &Placed<'_>, name: &str) -> Option<Methods> {
    let line = section.line();
    let words = Section::parse(line.arguments()).words();
    // HEAD goes with GET.
    let names = words.into_iter().map(|it| match it.value.as_str() {
        "HEAD" => "GET".to_owned(),
        _ => it.value,
    });
    match name {
        "<Limit" => Some(Methods::Only(names.collect())),
        "<LimitExcept" => Some(Methods::AllBut(names.collect())),
        _ => None,
    }
}
