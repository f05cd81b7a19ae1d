//! The answers to what handlers ask beyond their own text.

use super::Checker;
use super::accounts::Register;
use crate::argument::{Lookup, Surroundings};
use crate::evaluate::{OccurrenceId, paths};
use crate::world::Kind;

/// Answers from the world, the facts and the configuration.
pub(super) struct Machine<'a> {
    checker: &'a Checker<'a>,
    server_root: Option<&'a str>,
    is_htaccess: bool,
}

impl<'a> Machine<'a> {
    /// For a directive of one evaluation of a file.
    pub(super) fn new(checker: &'a Checker<'a>, id: OccurrenceId) -> Self {
        Self {
            checker,
            server_root: checker.modules.server_root(),
            is_htaccess: checker.config.is_htaccess(id),
        }
    }
}

impl Machine<'_> {
    // Few directives name an account, so the registers are read when one does.
    fn users(&self) -> Option<Register> {
        Register::read(self.checker.inputs.world, "/etc/passwd", "passwd")
    }

    fn groups(&self) -> Option<Register> {
        Register::read(self.checker.inputs.world, "/etc/group", "group")
    }
}

impl Surroundings for Machine<'_> {
    fn kind(&self, path: &str) -> Kind {
        match self.server_root {
            Some(root) => self.checker.inputs.world.kind(&paths::resolve(root, path)),
            None if path.starts_with('/') => self.checker.inputs.world.kind(path),
            None => Kind::Unknown,
        }
    }

    fn user(&self, name: &str) -> Lookup<u32> {
        self.users().map_or(Lookup::Unknown, |it| it.get(name))
    }

    fn group(&self, name: &str) -> Lookup<u32> {
        self.groups().map_or(Lookup::Unknown, |it| it.get(name))
    }

    fn has_user_id(&self, id: u32) -> Option<bool> {
        self.users()?.has_id(id)
    }

    fn has_group_id(&self, id: u32) -> Option<bool> {
        self.groups()?.has_id(id)
    }

    fn has_module(&self, name: &str) -> Option<bool> {
        let table = self.checker.inputs.table;
        let id = table
            .module_by_identifier(name)
            .or_else(|| table.module_by_source(name))?;
        match self.checker.modules.has(id) {
            crate::evaluate::Truth::True => Some(true),
            crate::evaluate::Truth::False => Some(false),
            crate::evaluate::Truth::Unknown => None,
        }
    }

    fn has_foreign_module(&self) -> Option<bool> {
        // The modules of a fragment's server may be any.
        (!self.checker.config.fragment).then_some(!self.checker.modules.foreign.is_empty())
    }

    fn is_htaccess(&self) -> Option<bool> {
        Some(self.is_htaccess)
    }

    fn mutex_mechanisms(&self) -> Option<&[String]> {
        self.checker
            .inputs
            .facts
            .mutex_mechanisms
            .as_ref()
            .map(|it| it.value.as_slice())
    }

    fn mutex_types(&self) -> Option<&[String]> {
        self.checker.modules.mutex_types()
    }

    fn accept_mutex_mechanisms(&self) -> Option<&[String]> {
        self.checker
            .inputs
            .facts
            .accept_mutex_mechanisms
            .as_ref()
            .map(|it| it.value.as_slice())
    }

    fn mod_wsgi_version(&self) -> Option<crate::argument::Version> {
        let number = self
            .checker
            .inputs
            .facts
            .mod_wsgi_version
            .as_ref()?
            .value
            .number;
        let small = |it: u32| u8::try_from(it).unwrap_or(u8::MAX);
        Some((
            small(number.major),
            small(number.minor),
            small(number.patch),
        ))
    }
}
