//! Modules that somebody adds to the table: a company's own, or ones that the program lacks.

use std::borrow::Cow;
use std::fmt;

use super::description::{
    DirectiveDescription, ModuleDescription, MutexDescription, Status, Versions,
};
use super::directive::{Allow, Directive, ModuleId, NameId, Refusal};
use super::folded_hash::folded_hash;
use super::module::{Module, MutexType};
use super::table::{MODULES, NAMES, PrivateName, Table};

impl Table {
    /// The table with one more module, described in the same way as those in
    /// `src/httpd/modules`.
    ///
    /// # Errors
    ///
    /// The text is not such a description, or the module is in the table already.
    pub fn with_module(mut self, description: &str) -> Result<Table, DescriptionError> {
        let module: ModuleDescription = toml::from_str(description)
            .map_err(|it| DescriptionError::from_toml(&it, description))?;
        if self.module_by_identifier(&module.identifier).is_some() {
            let message = format!("there is a module `{}` already", module.identifier);
            return Err(DescriptionError::new(message));
        }
        let id = ModuleId(id(MODULES + self.private_modules.len())?);
        let needs: Result<Vec<_>, _> = module.needs.iter().map(|it| self.needed(it)).collect();
        self.private_modules.push(Module {
            source: Cow::Owned(module.source),
            identifier: Cow::Owned(module.identifier),
            object: Cow::Owned(module.object),
            standard: module.status != Status::ThirdParty,
            mpm: module.status == Status::Mpm,
            own_versions: module.versions == Versions::Module,
            needs: Cow::Owned(needs?),
            missing_symbol: Cow::Owned(module.missing_symbol),
            since: module.since,
            removed: module.removed,
            per_directory: module.per_directory,
            asks_again: module.asks_again,
            mutexes: module.mutexes.iter().map(mutex_type).collect(),
        });
        for directive in module.directives {
            self.add(id, directive)?;
        }
        Ok(self)
    }

    fn needed(&self, identifier: &str) -> Result<ModuleId, DescriptionError> {
        self.module_by_identifier(identifier).ok_or_else(|| {
            let message = format!("it needs `{identifier}`, which is not a known module");
            DescriptionError::new(message)
        })
    }

    fn add(
        &mut self,
        module: ModuleId,
        directive: DirectiveDescription,
    ) -> Result<(), DescriptionError> {
        let name = match self.name(&directive.name) {
            Some(name) => name,
            None => self.add_name(&directive.name)?,
        };
        self.private_directives.push(Directive {
            name,
            forms: directive.forms(),
            section: directive.name.starts_with('<'),
            spelling: Cow::Owned(directive.name),
            module,
            arity: directive.arity,
            allow: directive.allow,
            checks: directive.checks,
            checks_of_two: directive.checks_of_two,
            refused_in: directive
                .refused_in
                .into_iter()
                .map(|it| Refusal {
                    place: it.place,
                    unless_inside: it.unless_inside.into_iter().map(Cow::Owned).collect(),
                    behind_arguments: it.behind_arguments,
                    message: Cow::Owned(it.message),
                })
                .collect(),
            exec_on_read: directive.allow.contains(Allow::EXEC_ON_READ),
            help: directive.help.map(Cow::Owned),
            since: directive.since,
            removed: directive.removed,
            deprecated: directive.deprecated.map(Cow::Owned),
            compiled_if: directive.compiled_if.map(Cow::Owned),
            merge: directive.merge,
            syntax: Cow::Owned(directive.syntax),
            default: directive.default.map(Cow::Owned),
            summary: directive.summary.map(Cow::Owned),
        });
        Ok(())
    }

    fn add_name(&mut self, spelling: &str) -> Result<NameId, DescriptionError> {
        let name = NameId(id(NAMES + self.private_names.len())?);
        self.private_names.push(PrivateName {
            hash: folded_hash(spelling),
            spelling: spelling.to_owned(),
        });
        Ok(name)
    }
}

fn mutex_type(description: &MutexDescription) -> MutexType {
    let described = description.described();
    let owned = |list: Vec<String>| list.into_iter().map(Cow::Owned).collect();
    MutexType {
        name: Cow::Owned(described.name),
        removed: described.removed,
        made_with: described.made_with.into_iter().map(owned).collect(),
        made_for_others: described.made_for_others,
        spared_by: described.spared_by.map(Cow::Owned),
    }
}

fn id(index: usize) -> Result<u16, DescriptionError> {
    u16::try_from(index).map_err(|_| DescriptionError::new("there are too many of them"))
}

/// Why a description of a private module was not accepted, in one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DescriptionError {
    /// The line of the text, from 1, where one can be named.
    pub line: Option<usize>,
    /// What is wrong.
    pub message: String,
}

impl DescriptionError {
    fn new(message: impl Into<String>) -> Self {
        Self {
            line: None,
            message: message.into(),
        }
    }

    fn from_toml(error: &toml::de::Error, text: &str) -> Self {
        let before = error.span().and_then(|it| text.get(..it.start));
        Self {
            line: before.map(|it| it.matches('\n').count() + 1),
            message: error.message().lines().collect::<Vec<_>>().join(", "),
        }
    }
}

impl fmt::Display for DescriptionError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(formatter, "line {line}: {}", self.message),
            None => formatter.write_str(&self.message),
        }
    }
}

impl std::error::Error for DescriptionError {}

#[cfg(test)]
mod tests {
    use super::*;

    const PRIVATE: &str = r#"
        source = "mod_shop.c"
        identifier = "shop_module"
        object = "mod_shop.so"
        needs = ["proxy_module"]
        mutexes = ["shop-basket"]

        [[directive]]
        name = "ShopCurrency"
        arity = "TAKE1"
        allow = ["OR_FILEINFO"]

        [[directive]]
        name = "ProxyPass"
        arity = "TAKE2"
        allow = ["RSRC_CONF"]
        checks = ["GLOBAL_ONLY"]
    "#;

    #[test]
    fn a_private_module_adds_to_the_table_and_changes_no_id() {
        let table = Table::default().with_module(PRIVATE).unwrap();
        let shop = table.module_by_identifier("shop_module").unwrap();
        let proxy = table.module_by_identifier("proxy_module").unwrap();
        assert_eq!(*table.module(shop).needs, [proxy]);
        assert!(!table.module(shop).standard);

        let currency = table.name("SHOPCURRENCY").unwrap();
        assert_eq!(table.spelling(currency), "ShopCurrency");
        assert_eq!(Table::builtin().name("ShopCurrency"), None);

        let pass = table.name("ProxyPass").unwrap();
        assert_eq!(Table::builtin().name("ProxyPass"), Some(pass));
        let modules: Vec<_> = table.definitions(pass).map(|it| it.module).collect();
        assert_eq!(modules, [proxy, shop]);
        assert_eq!(table.names().count(), Table::builtin().names().count() + 1);
        assert_eq!(table.names().last(), Some(currency));
    }

    #[test]
    fn what_is_wrong_with_a_description_is_one_line() {
        let wrong = |text: &str| Table::default().with_module(text).unwrap_err().to_string();
        let arity = PRIVATE.replace("TAKE1\"", "TAKE9\"");
        assert_eq!(wrong(&arity), "line 10: no arity is called `TAKE9`");
        let needs = PRIVATE.replace("proxy_module", "till_module");
        assert_eq!(
            wrong(&needs),
            "it needs `till_module`, which is not a known module"
        );
        let section = PRIVATE.replace("ShopCurrency", "<Shop>");
        assert!(wrong(&section).starts_with("line 9: `<Shop>` is no name"));
        let taken = PRIVATE.replace("shop_module", "alias_module");
        assert_eq!(wrong(&taken), "there is a module `alias_module` already");
        assert!(!wrong("source = 1").contains('\n'));
    }
}
