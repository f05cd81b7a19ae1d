//! Which directives run while the files are read.

use crate::httpd::{NameId, Table};

/// What a directive does while the files are read (`EXEC_ON_READ`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::evaluate) enum Operation {
    IfModule,
    IfDefine,
    IfFile,
    IfDirective,
    IfSection,
    IfVersion,
    Define,
    UnDefine,
    Include {
        optional: bool,
    },
    ServerRoot,
    DefaultRuntimeDir,
    LoadModule,
    LoadFile,
    Macro,
    Use,
    UndefMacro,
    /// A section of another module that reads its body itself, up to its closing line.
    ForeignSection,
    /// A directive of another module, with effects that are not ours to know.
    Foreign,
}

impl Operation {
    /// What a directive does while the files are read; `None` for one that waits for phase 2.
    pub(in crate::evaluate) fn of(table: &Table, name: NameId) -> Option<Operation> {
        let runs = table.definitions(name).any(|it| it.exec_on_read);
        runs.then(|| Self::named(table.spelling(name)))
    }

    fn named(spelling: &str) -> Operation {
        match spelling {
            "<IfModule" => Operation::IfModule,
            "<IfDefine" => Operation::IfDefine,
            "<IfFile" => Operation::IfFile,
            "<IfDirective" => Operation::IfDirective,
            "<IfSection" => Operation::IfSection,
            "<IfVersion" => Operation::IfVersion,
            "Define" => Operation::Define,
            "UnDefine" => Operation::UnDefine,
            "Include" => Operation::Include { optional: false },
            "IncludeOptional" => Operation::Include { optional: true },
            "ServerRoot" => Operation::ServerRoot,
            "DefaultRuntimeDir" => Operation::DefaultRuntimeDir,
            "LoadModule" => Operation::LoadModule,
            "LoadFile" => Operation::LoadFile,
            "<Macro" => Operation::Macro,
            "Use" => Operation::Use,
            "UndefMacro" => Operation::UndefMacro,
            section if section.starts_with('<') => Operation::ForeignSection,
            _ => Operation::Foreign,
        }
    }
}
