//! What a section says of access as httpd 2.2 did.

use super::survey::Survey;
use crate::evaluate::Placed;

/// The lines of mod_access_compat in a section, all of them certain to be there.
#[derive(Debug, Clone)]
pub struct OldAccess<'a> {
    /// The section.
    pub section: Placed<'a>,
    /// The `Order` that counts: the last.
    pub order: Placed<'a>,
    lines: Vec<Placed<'a>>,
}

impl<'a> OldAccess<'a> {
    /// Those of all sections with an `Order`; `lines_of` says what stands in one.
    pub fn all(
        survey: &Survey<'a>,
        lines_of: impl Fn(&Placed<'a>) -> Vec<Placed<'a>>,
    ) -> Vec<Self> {
        let orders = survey.lines("Order");
        let accesses = orders.filter_map(|order| {
            let section = order.parent()?;
            let lines = lines_of(&section);
            let is_last = survey.only(&lines, "Order").last().map(|it| it.id) == Some(order.id);
            let is_certain = lines.iter().all(|it| !it.node.uncertain);
            (is_last && is_certain).then_some(Self {
                section,
                order,
                lines,
            })
        });
        accesses.collect()
    }

    /// The lines of a directive in the section.
    pub fn only(&self, survey: &Survey<'a>, name: &str) -> Vec<Placed<'a>> {
        survey.only(&self.lines, name)
    }
}
