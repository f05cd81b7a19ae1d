//! Things with names, and the places that mention them.

use crate::evaluate::PlacedId;
use crate::source::Span;

/// A kind of thing that directives of different files speak of by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Thing {
    /// A mod_wsgi daemon process group, declared by `WSGIDaemonProcess`. One namespace for the
    /// whole server, exact in case.
    DaemonGroup,
    /// A place that sends an application to a daemon process group.
    DaemonGroupUse,
    /// A place that sends an application to a group whose name is only known at request time.
    /// The name is empty.
    DynamicGroupUse,
    /// A daemon process group of several processes, which take turns at accepting requests under a
    /// lock. The name is empty.
    SharedDaemonGroup,
    /// An application mounted by mod_wsgi. The name is empty.
    WsgiMount,
    /// `WSGIAcceptMutex`. The name is empty.
    WsgiAcceptMutex,
    /// A `LoadModule`, by the module's identifier.
    LoadedModule,
    /// A variable that `Define` gives a value, in lower case.
    Variable,
}

/// The things that rules about others ask for whether there is any: a first or a last one concerns
/// everybody.
pub(super) const GLOBAL: [Thing; 4] = [
    Thing::DynamicGroupUse,
    Thing::SharedDaemonGroup,
    Thing::WsgiMount,
    Thing::WsgiAcceptMutex,
];

impl Thing {
    /// The things that rules compare with each other by name.
    pub fn family(self) -> &'static [Thing] {
        match self {
            Thing::DaemonGroup | Thing::DaemonGroupUse => {
                &[Thing::DaemonGroup, Thing::DaemonGroupUse]
            }
            Thing::LoadedModule => &[Thing::LoadedModule],
            Thing::DynamicGroupUse => &[Thing::DynamicGroupUse],
            Thing::SharedDaemonGroup => &[Thing::SharedDaemonGroup],
            Thing::Variable => &[Thing::Variable],
            Thing::WsgiMount => &[Thing::WsgiMount],
            Thing::WsgiAcceptMutex => &[Thing::WsgiAcceptMutex],
        }
    }
}

/// One mention.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// What is mentioned.
    pub thing: Thing,
    /// Its name.
    pub name: Box<str>,
    /// The directive.
    pub place: PlacedId,
    /// The name in it.
    pub span: Span,
    /// Whether it counts: not in a conditional that is not decided.
    pub certain: bool,
}
