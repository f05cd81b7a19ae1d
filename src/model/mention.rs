//! Things with names, and the places that mention them.

use std::sync::Arc;

use crate::argument::Declared;
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
    /// Lines that would be read here and cannot be seen. The name is empty.
    Unread,
    /// An `<IfModule>` that asks for a module in vain, by the module's identifier.
    FalseModuleTest,
    /// A variable that `Define` gives a value, in lower case.
    Variable,
    /// A variable that has no value where it is used, in lower case.
    UndefinedVariable,
    /// A path that `Alias` or `ScriptAlias` maps, by its server and the first part of the path.
    UrlAlias,
    /// A number of processes or threads for the MPM. The name is empty.
    ProcessNumber,
    /// A macro that is defined, in lower case.
    Macro,
    /// A macro that is removed, in lower case.
    MacroRemoval,
    /// `MacroIgnoreBadNesting`. The name is empty.
    NestingLicence,
    /// What handlers look up by name.
    Declared(Declared),
}

/// The things that rules about others ask for whether there is any: a first or a last one concerns
/// everybody.
pub(super) const GLOBAL: [Thing; 6] = [
    Thing::NestingLicence,
    Thing::Unread,
    Thing::DynamicGroupUse,
    Thing::SharedDaemonGroup,
    Thing::WsgiMount,
    Thing::WsgiAcceptMutex,
];

impl Thing {
    /// The things of which a rule speaks where a thing of the same name comes, goes or moves.
    pub fn family(self) -> &'static [Thing] {
        match self {
            Thing::DaemonGroup | Thing::DaemonGroupUse => {
                &[Thing::DaemonGroup, Thing::DaemonGroupUse]
            }
            Thing::LoadedModule => &[Thing::LoadedModule, Thing::FalseModuleTest],
            Thing::FalseModuleTest
            | Thing::UndefinedVariable
            | Thing::Unread
            | Thing::NestingLicence
            | Thing::Declared(_) => &[],
            Thing::DynamicGroupUse => &[Thing::DynamicGroupUse],
            Thing::SharedDaemonGroup => &[Thing::SharedDaemonGroup],
            Thing::Variable => &[Thing::Variable, Thing::UndefinedVariable],
            Thing::WsgiMount => &[Thing::WsgiMount],
            Thing::UrlAlias => &[Thing::UrlAlias],
            Thing::ProcessNumber => &[Thing::ProcessNumber],
            Thing::Macro | Thing::MacroRemoval => &[Thing::Macro],
            Thing::WsgiAcceptMutex => &[Thing::WsgiAcceptMutex],
        }
    }

    /// The things of which a rule speaks where a thing of another name comes or goes: of a similar
    /// name, or of any.
    pub fn lookalikes(self) -> &'static [Thing] {
        match self {
            Thing::DaemonGroup => &[Thing::DaemonGroup, Thing::DaemonGroupUse],
            Thing::DaemonGroupUse => &[Thing::DaemonGroup],
            Thing::Variable => &[Thing::UndefinedVariable],
            _ => &[],
        }
    }
}

/// One mention.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// What is mentioned.
    pub thing: Thing,
    /// Its name.
    pub name: Arc<str>,
    /// The directive.
    pub place: PlacedId,
    /// The name in it.
    pub span: Span,
    /// Whether it counts: not in a conditional that is not decided.
    pub certain: bool,
}
