//! What one file adds to the model.

use super::mention::{Mention, Thing};
use super::module_test::ModuleTest;
use super::url_alias::UrlAlias;
use crate::argument::declared;
use crate::argument::wsgi::GLOBAL;
use crate::argument::wsgi::daemon_process::DaemonProcess;
use crate::argument::wsgi::script::{Role, Script, ScriptOption};
use crate::evaluate::{Config, NodeIndex, NodeKind, OccurrenceId, Placed, PlacedId, Truth};
use crate::httpd::{ByName, NameId, Table};
use crate::source::Span;

/// The directives that say something of things with names.
#[derive(Debug, Clone)]
pub struct Names<'t> {
    table: &'t Table,
    readers: ByName<Option<Reader>>,
}

#[derive(Debug, Clone, Copy)]
enum Reader {
    LoadModule,
    IfModule,
    Define,
    DaemonProcess,
    ProcessGroup,
    Script(Role),
    DispatchScript,
    AcceptMutex,
    Alias,
    ProcessNumber,
    Macro,
    UndefMacro,
    MacroIgnoreBadNesting,
    Declaring,
}

impl<'t> Names<'t> {
    /// The names in a table.
    pub fn of(table: &'t Table) -> Self {
        Self {
            table,
            readers: ByName::new(table),
        }
    }

    fn reader(&self, name: NameId) -> Option<Reader> {
        let reader = || Reader::named(self.table.spelling(name));
        *self.readers.get(name, reader)
    }
}

impl Reader {
    fn named(spelling: &str) -> Option<Self> {
        Some(match spelling {
            "LoadModule" => Reader::LoadModule,
            "<IfModule" => Reader::IfModule,
            "Define" => Reader::Define,
            "WSGIDaemonProcess" => Reader::DaemonProcess,
            "WSGIProcessGroup" => Reader::ProcessGroup,
            "WSGIDispatchScript" => Reader::DispatchScript,
            "WSGIAcceptMutex" => Reader::AcceptMutex,
            "Alias" | "ScriptAlias" => Reader::Alias,
            "ServerLimit" | "ThreadLimit" | "ThreadsPerChild" | "MaxRequestWorkers"
            | "MaxClients" | "StartServers" | "MinSpareThreads" | "MinSpareServers" => {
                Reader::ProcessNumber
            }
            "<Macro" => Reader::Macro,
            "UndefMacro" => Reader::UndefMacro,
            "MacroIgnoreBadNesting" => Reader::MacroIgnoreBadNesting,
            _ if declared::declares(spelling) => Reader::Declaring,
            _ => Reader::Script(Role::of(spelling)?),
        })
    }
}

/// The mentions in one evaluation of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contribution {
    /// The mentions, in order.
    pub mentions: Vec<Mention>,
}

impl Contribution {
    /// What an evaluation of a file contributes.
    pub fn of(config: &Config, id: OccurrenceId, names: &Names<'_>) -> Self {
        let mut contribution = Self::default();
        let nodes = config.occurrence(id).unit.nodes.iter().enumerate();
        for (index, node) in nodes {
            if let Some(reader) = node.name.and_then(|it| names.reader(it)) {
                let node = NodeIndex::new(index);
                let placed = config.placed(PlacedId {
                    occurrence: id,
                    node,
                });
                contribution.read(reader, &placed, names);
            }
        }
        contribution.add_findings_of_file(config, id);
        contribution.mentions.shrink_to_fit();
        contribution
    }

    /// The things mentioned.
    pub fn topics(&self) -> impl Iterator<Item = super::Topic> {
        self.mentions.iter().map(|it| (it.thing, it.name.clone()))
    }

    // They belong to no directive that could be asked for: so they stand behind all of them.
    fn add_findings_of_file(&mut self, config: &Config, id: OccurrenceId) {
        let unit = &config.occurrence(id).unit;
        let place = PlacedId {
            occurrence: id,
            node: NodeIndex::new(unit.nodes.len()),
        };
        self.mentions.extend(unit.unread.iter().map(|it| Mention {
            thing: Thing::Unread,
            name: "".into(),
            place,
            span: *it,
            certain: true,
        }));
        for undefined in &unit.undefined {
            let written = unit.source.text().get(undefined.span.range());
            let name = written.and_then(|it| it.strip_prefix("${")?.strip_suffix('}'));
            self.mentions.extend(name.map(|it| Mention {
                thing: Thing::UndefinedVariable,
                name: it.to_ascii_lowercase().into(),
                place,
                span: undefined.span,
                certain: true,
            }));
        }
    }

    fn read(&mut self, reader: Reader, placed: &Placed<'_>, names: &Names<'_>) {
        let line = placed.line();
        match reader {
            Reader::LoadModule => {
                if let Some(word) = line.words().first() {
                    self.add(
                        Thing::LoadedModule,
                        &word.text,
                        placed,
                        line.word_span(word),
                    );
                }
            }
            Reader::IfModule => {
                if placed.node.kind == NodeKind::Conditional(Truth::False)
                    && let Some(test) = ModuleTest::of(&line)
                {
                    let identifier = test.identifier(names.table);
                    self.add(Thing::FalseModuleTest, identifier, placed, test.span);
                }
            }
            Reader::Define => {
                if let [name, _] = line.words().as_slice() {
                    let span = line.word_span(name);
                    self.add(
                        Thing::Variable,
                        &name.text.to_ascii_lowercase(),
                        placed,
                        span,
                    );
                }
            }
            Reader::DaemonProcess => {
                let daemon = DaemonProcess::parse(line.arguments());
                let span = line.argument_span(daemon.name.range.clone());
                self.add(Thing::DaemonGroup, &daemon.name.value, placed, span);
                if daemon.effective().processes > 1 {
                    self.add(Thing::SharedDaemonGroup, "", placed, span);
                }
            }
            Reader::ProcessGroup => {
                if let Some(word) = line.words().first() {
                    self.add_group(&word.text, placed, line.word_span(word));
                }
            }
            Reader::Script(role) => {
                let script = Script::parse(role, line.arguments());
                if let Some(group) = script.value(ScriptOption::ProcessGroup) {
                    let span = line.argument_span(group.range.clone());
                    self.add_group(&group.value, placed, span);
                }
                if matches!(role, Role::Alias | Role::AliasMatch) {
                    self.add(Thing::WsgiMount, "", placed, line.span());
                }
            }
            Reader::DispatchScript => {
                self.add(Thing::DynamicGroupUse, "", placed, line.span());
            }
            Reader::AcceptMutex => self.add(Thing::WsgiAcceptMutex, "", placed, line.span()),
            Reader::Alias => {
                if let Some(alias) = UrlAlias::of(placed) {
                    let key = alias.key(placed);
                    self.add(Thing::UrlAlias, &key, placed, alias.span);
                }
            }
            Reader::ProcessNumber => self.add(Thing::ProcessNumber, "", placed, line.span()),
            Reader::Macro => {
                let defined = placed.defined_macro();
                if let Some(defined) = defined {
                    self.add(Thing::Macro, &defined.name, placed, defined.span);
                }
            }
            Reader::MacroIgnoreBadNesting => {
                self.add(Thing::NestingLicence, "", placed, line.span());
            }
            Reader::Declaring => {
                let spelling = placed.node.name.map(|it| names.table.spelling(it));
                let directive = spelling.unwrap_or_default();
                for (what, key) in declared::declarations(directive, line.arguments()) {
                    self.add(Thing::Declared(what), &key, placed, line.span());
                }
            }
            Reader::UndefMacro => {
                if let Some(word) = line.words().first() {
                    let name = word.text.to_ascii_lowercase();
                    self.add(Thing::MacroRemoval, &name, placed, line.word_span(word));
                }
            }
        }
    }

    // `%{GLOBAL}` is embedded mode, no group; other `%{…}` are expanded at request time.
    fn add_group(&mut self, name: &str, placed: &Placed<'_>, span: Span) {
        if name == GLOBAL {
            return;
        }
        if name.starts_with("%{") {
            self.add(Thing::DynamicGroupUse, "", placed, span);
        } else {
            self.add(Thing::DaemonGroupUse, name, placed, span);
        }
    }

    fn add(&mut self, thing: Thing, name: &str, placed: &Placed<'_>, span: Span) {
        self.mentions.push(Mention {
            thing,
            name: name.into(),
            place: placed.id,
            span,
            certain: !placed.node.uncertain,
        });
    }
}
