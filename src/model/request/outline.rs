//! What is found out once of a configuration, however much is asked of it then.

use std::sync::OnceLock;

use super::{AccessFiles, Httpd};
use crate::evaluate::{Config, Inputs};
use crate::httpd::Table;
use crate::model::accounts::Account;
use crate::model::lines::Lines;
use crate::model::scope::Scopes;
use crate::model::servers::Servers;
use crate::model::{Dependence, Known, Model, Modules};

/// The servers of a configuration, what each of them says, and all lines by their names; each found
/// when somebody asks for it.
pub struct Outline<'a> {
    config: &'a Config,
    table: &'a Table,
    servers: OnceLock<Servers>,
    scopes: OnceLock<Scopes<'a>>,
    access_files: AccessFiles,
    own_account: OnceLock<(Dependence, Known<Account>)>,
    lines: OnceLock<Lines>,
}

impl<'a> Outline<'a> {
    /// That of a configuration without `.htaccess` files: what one of them may say is not known.
    pub fn of(config: &'a Config, table: &'a Table) -> Self {
        Self::with(config, table, AccessFiles::default())
    }

    /// That of a configuration with the `.htaccess` files that were read.
    pub fn with(config: &'a Config, table: &'a Table, access_files: AccessFiles) -> Self {
        Self {
            config,
            table,
            servers: OnceLock::new(),
            scopes: OnceLock::new(),
            access_files,
            own_account: OnceLock::new(),
            lines: OnceLock::new(),
        }
    }

    /// All lines by their names.
    pub fn lines(&self) -> &Lines {
        self.lines
            .get_or_init(|| Lines::of(self.config, self.table))
    }

    /// The httpd that has this configuration.
    pub fn httpd<'h>(
        &'h self,
        inputs: &'h Inputs<'h>,
        model: &'h Model,
        modules: &'h Modules,
    ) -> Httpd<'h> {
        let (config, table) = (self.config, self.table);
        let servers = self.servers.get_or_init(|| Servers::of(config, table));
        let scopes = || Scopes::of(config, table, servers);
        Httpd {
            inputs,
            config,
            model,
            modules,
            servers,
            scopes: self.scopes.get_or_init(scopes),
            access_files: &self.access_files,
            own_account: &self.own_account,
            every_line: &self.lines,
        }
    }
}
