//! The directives that run while the files are read.

use super::operation::Operation;
use super::{Incoming, Position, Reader, Refusal};
use crate::argument::lua;
use crate::evaluate::arity;
use crate::evaluate::config::{NodeIndex, NodeKind, Unknown};
use crate::evaluate::environment::{Space, Value};
use crate::evaluate::line::Line;
use crate::evaluate::paths;
use crate::evaluate::truth::Truth;
use crate::httpd::{Allow, NameId};
use crate::source::Span;
use crate::syntax::words;
use crate::world::Kind;

/// A directive while it runs.
pub(super) struct Running<'a> {
    pub(super) name: NameId,
    /// The name as its module spells it; a section's with its `<`.
    pub(super) spelling: &'a str,
    pub(super) line: Line<'static>,
    pub(super) position: Position,
    pub(super) node: NodeIndex,
    pub(super) unsure: bool,
}

// What `AllowOverride` says of a directive.
enum Permission {
    Given,
    // httpd warns and passes over the line.
    Forgiven,
    Refused,
}

impl Running<'_> {
    pub(super) fn refusal(
        &self,
        rule: &'static str,
        span: Span,
        message: String,
        httpd: String,
    ) -> Refusal {
        Refusal {
            rule,
            span,
            position: Some(self.position),
            httpd,
            message,
        }
    }

    pub(super) fn word(&self, index: usize) -> Option<String> {
        let mut rest = self.line.arguments();
        for _ in 0..index {
            rest = words::first(rest).1;
        }
        (!rest.is_empty()).then(|| words::first(rest).0.text.into_owned())
    }

    pub(super) fn word_span(&self, index: usize) -> Span {
        match self.line.words().get(index) {
            Some(word) => self.line.word_span(word),
            None => self.line.span(),
        }
    }
}

impl<'t> Reader<'_, '_, 't> {
    /// Runs a directive where it stands.
    pub(super) fn execute(
        &mut self,
        operation: Operation,
        name: NameId,
        incoming: Incoming<'t>,
        unsure: bool,
    ) {
        let position = incoming.position;
        self.begin_execution(position);
        let line = Line::new(incoming.logical.clone().into_owned());
        let kind = match operation {
            Operation::Macro => NodeKind::Definition,
            _ => NodeKind::Executed,
        };
        let node = self.add_node(incoming, Some(name), kind, unsure);
        let spelling = self.evaluation.inputs.table.spelling(name);
        let running = Running {
            name,
            spelling,
            line,
            position,
            node,
            unsure,
        };
        match self.permission(&running) {
            Permission::Given => {}
            // The lines of a section's body are read as if it were not there.
            Permission::Forgiven => return,
            Permission::Refused => {
                if spelling.starts_with("<If") {
                    self.conditional(&running, Truth::Unknown);
                }
                return;
            }
        }
        if !unsure && operation != Operation::ForeignSection {
            let mut definitions = self.evaluation.inputs.table.definitions(name);
            let definition = definitions.find(|it| it.exec_on_read);
            let arguments = running.line.arguments();
            let wrong = definition.and_then(|it| Some((it, arity::check(it, arguments)?)));
            if let Some((definition, wrong)) = wrong {
                let notes = wrong.notes(definition, arguments);
                let span = running.line.argument_span(wrong.range.clone());
                let refusal = running.refusal(wrong.rule, span, wrong.message(), wrong.httpd);
                self.refuse(refusal).notes.extend(notes);
                if operation == Operation::IfVersion {
                    self.conditional(&running, Truth::Unknown);
                }
                return;
            }
        }
        match operation {
            Operation::IfVersion => self.if_version(&running),
            Operation::IfModule
            | Operation::IfDefine
            | Operation::IfFile
            | Operation::IfDirective
            | Operation::IfSection => self.if_something(operation, &running),
            Operation::Define => self.define(&running),
            Operation::UnDefine => self.undefine(&running),
            Operation::Include { optional } => self.include_directive(&running, optional),
            Operation::ServerRoot => self.set_server_root(&running),
            Operation::DefaultRuntimeDir => self.check_runtime_directory(&running),
            Operation::LoadModule => self.load_module(&running),
            Operation::LoadFile => self.load_files(&running),
            Operation::Macro => self.define_macro(&running),
            Operation::Use => self.use_macro(&running),
            Operation::UndefMacro => self.undefine_macro(&running),
            Operation::ForeignSection => {
                if spelling.starts_with("<Lua") && !unsure {
                    self.check_lua_section(&running);
                }
                let end = format!("</{}>", &spelling[1..]);
                // Where the close never comes, what its module says of that is not known here.
                let _ = self.body(spelling, &end);
            }
            Operation::Foreign => {}
        }
    }

    fn check_lua_section(&mut self, running: &Running<'_>) {
        let arguments = running.line.arguments();
        if let Some(refused) = lua::opening(running.spelling, arguments) {
            let section = running.spelling;
            let (rule, message) = match arguments.contains('>') {
                true => (
                    "invalid-argument",
                    format!("`{section}>` is for `early` or `late`"),
                ),
                false => ("missing-angle-bracket", format!("`{section}` has no `>`")),
            };
            let span = running.line.argument_span(refused.range);
            self.refuse(running.refusal(rule, span, message, refused.message));
        }
    }

    /// What is at the path of something that is no text of the configuration.
    pub(super) fn resource(&mut self, path: &str) -> Kind {
        let kind = self.evaluation.inputs.world.resource(path);
        self.note_kind(path, kind)
    }

    pub(super) fn kind(&mut self, path: &str) -> Kind {
        let kind = self.evaluation.inputs.world.kind(path);
        self.note_kind(path, kind)
    }

    fn note_kind(&mut self, path: &str, kind: Kind) -> Kind {
        let value = Value::Text(format!("{kind:?}").into());
        self.evaluation.environment.note(Space::Kind, path, value);
        kind
    }

    // In a server's files everything that runs while they are read may stand everywhere. In
    // `.htaccess` that depends.
    fn permission(&mut self, running: &Running<'_>) -> Permission {
        let Some(overrides) = self.evaluation.overrides.clone() else {
            return Permission::Given;
        };
        let mut definitions = self.evaluation.inputs.table.definitions(running.name);
        let Some(definition) = definitions.find(|it| it.exec_on_read) else {
            return Permission::Given;
        };
        let name = running.spelling;
        if overrides.permits(definition.allow, overrides.allow, name) {
            return Permission::Given;
        }
        if overrides.allow.intersects(Allow::NONFATAL_OVERRIDE) {
            return Permission::Forgiven;
        }
        let bracket = if name.starts_with('<') { ">" } else { "" };
        let is_withheld = overrides.withholds(definition.allow);
        let finding = self.refuse(running.refusal(
            "misplaced-directive",
            running.line.name_span(),
            match is_withheld {
                true => format!("`AllowOverride` does not permit `{name}{bracket}` here"),
                false => format!("`{name}{bracket}` is not allowed in `.htaccess`"),
            },
            format!("{name} not allowed here"),
        ));
        if is_withheld {
            overrides.explain(definition.allow, finding);
        }
        Permission::Refused
    }

    fn define(&mut self, running: &Running<'_>) {
        let name = running.word(0).unwrap_or_default();
        if self.refuse_colon(running, &name) {
            return;
        }
        let value = running.word(1).filter(|it| !it.is_empty());
        self.set(Space::Define, &name, Value::Present);
        if let Some(value) = value {
            let value = if running.unsure {
                Value::Unknown
            } else {
                Value::Text(value.into())
            };
            self.set(Space::Variable, &name.to_ascii_lowercase(), value);
        }
    }

    fn undefine(&mut self, running: &Running<'_>) {
        let name = running.word(0).unwrap_or_default();
        if self.refuse_colon(running, &name) {
            return;
        }
        self.set(Space::Define, &name, Value::Absent);
        self.set(Space::Variable, &name.to_ascii_lowercase(), Value::Absent);
    }

    fn refuse_colon(&mut self, running: &Running<'_>, name: &str) -> bool {
        let refused = name.contains(':') && !running.unsure;
        if refused {
            self.refuse(running.refusal(
                "invalid-variable-name",
                running.word_span(0),
                format!("the variable name `{name}` contains a `:`"),
                "Variable name must not contain ':'".to_owned(),
            ));
        }
        refused
    }

    fn set_server_root(&mut self, running: &Running<'_>) {
        let path = running.word(0).unwrap_or_default();
        if running.unsure || !path.starts_with('/') {
            // A relative one is taken below the working directory of httpd.
            return self.set(Space::ServerRoot, "", Value::Unknown);
        }
        let path = paths::resolve("/", &path);
        let is_directory = match self.resource(&path) {
            Kind::Directory => true,
            Kind::Unknown => {
                self.unknown(Unknown::Path(path.clone()), running.word_span(0));
                true
            }
            _ => false,
        };
        if is_directory {
            return self.set(Space::ServerRoot, "", Value::Text(path.into()));
        }
        self.refuse(running.refusal(
            "missing-directory",
            running.word_span(0),
            format!("there is no directory `{path}`"),
            "ServerRoot must be a valid directory".to_owned(),
        ));
    }

    fn check_runtime_directory(&mut self, running: &Running<'_>) {
        let path = self.resolve(&running.word(0).unwrap_or_default());
        let Some(path) = path.filter(|_| !running.unsure) else {
            return;
        };
        match self.resource(&path) {
            Kind::Directory => {}
            Kind::Unknown => self.unknown(Unknown::Path(path), running.word_span(0)),
            _ => {
                self.refuse(
                    running.refusal(
                        "missing-directory",
                        running.word_span(0),
                        format!("there is no directory `{path}`"),
                        "DefaultRuntimeDir must be a valid directory, absolute or relative to \
                     ServerRoot"
                            .to_owned(),
                    ),
                );
            }
        }
    }
}
