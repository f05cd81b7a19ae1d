//! The directives that run while the files are read.

use std::borrow::Cow;
use std::sync::Arc;

use super::arity;
use super::conditional::{Refused, VersionTest};
use super::config::{Line, MacroUse, NodeIndex, NodeKind, Unknown};
use super::environment::{Space, Value};
use super::include::{self, Step};
use super::macros::Macro;
use super::module;
use super::paths;
use super::reader::{Incoming, Operation, Position, Reader, Refusal};
use super::truth::Truth;
use crate::httpd::NameId;
use crate::source::Span;
use crate::syntax::words;
use crate::world::Kind;

/// A directive while it runs.
struct Running<'a> {
    name: NameId,
    /// The name as its module spells it; a section's with its `<`.
    spelling: &'a str,
    line: Line<'static>,
    position: Position,
    node: NodeIndex,
    unsure: bool,
}

impl Running<'_> {
    fn refusal(&self, rule: &'static str, span: Span, message: String, httpd: String) -> Refusal {
        Refusal {
            rule,
            span,
            position: Some(self.position),
            httpd,
            message,
        }
    }

    fn word(&self, index: usize) -> Option<String> {
        let (line, mut rest) = (&self.line, self.line.arguments());
        let _ = line;
        for _ in 0..index {
            rest = words::first(rest).1;
        }
        (!rest.is_empty()).then(|| words::first(rest).0.text.into_owned())
    }

    fn word_span(&self, index: usize) -> Span {
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
        let table = self.evaluation.inputs.table;
        let definition = table.definitions(name).find(|it| it.exec_on_read);
        let is_counted = match operation {
            // Without its module, nobody counts.
            Operation::Foreign => definition.is_some_and(|it| {
                let module = table.module(it.module);
                self.evaluation.has_module(&module.source).is_true()
            }),
            Operation::ForeignSection => false,
            _ => true,
        };
        if !unsure && is_counted {
            let wrong = definition.and_then(|it| arity::check(it, running.line.arguments()));
            if let Some(wrong) = wrong {
                let span = running.line.argument_span(wrong.range);
                let (message, _) = wrong
                    .message
                    .split_once(", ")
                    .unwrap_or((&wrong.message, ""));
                let message = crate::evaluate::arity::in_our_words(message);
                self.refuse(running.refusal("wrong-arity", span, message, wrong.message.clone()));
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
                let end = format!("</{}>", &spelling[1..]);
                // Where the close never comes, what its module says of that is not known here.
                let _ = self.body(spelling, &end);
            }
            Operation::Foreign => {}
        }
    }

    // Lets the body be read, or passes over it.
    fn conditional(&mut self, running: &Running<'_>, truth: Truth) {
        self.unit.nodes[running.node.index()].kind = NodeKind::Conditional(truth);
        let (span, position) = (running.line.span(), running.position);
        if truth.is_false() {
            self.soak(running.spelling, span, position);
        } else {
            self.open_conditional(running.node, running.name, span, position, truth);
        }
    }

    fn if_something(&mut self, operation: Operation, running: &Running<'_>) {
        let arguments = running.line.arguments();
        let spelling = running.spelling;
        let Some(end) = arguments.rfind('>') else {
            self.refuse(running.refusal(
                "missing-angle-bracket",
                running.line.span(),
                format!("`{spelling}` has no closing `>`"),
                format!("{spelling}> directive missing closing '>'"),
            ));
            return self.conditional(running, Truth::Unknown);
        };
        let negated = arguments.starts_with('!');
        let text = &arguments[usize::from(negated).min(end)..end];
        let (word, _) = words::first(text);
        if word.text.is_empty() {
            self.refuse(running.refusal(
                "missing-section-argument",
                running.line.span(),
                format!("`{spelling}>` asks for nothing"),
                format!("{spelling}> directive requires additional arguments"),
            ));
            return self.conditional(running, Truth::Unknown);
        }
        let asked = word.text.into_owned();
        let mut truth = if running.unsure {
            Truth::Unknown
        } else {
            self.test(operation, &asked, running.line.span())
        };
        if negated {
            truth = !truth;
        }
        self.conditional(running, truth);
    }

    fn test(&mut self, operation: Operation, asked: &str, span: Span) -> Truth {
        let table = self.evaluation.inputs.table;
        match operation {
            Operation::IfModule => {
                let truth = self.has_module(asked);
                if truth == Truth::Unknown {
                    self.unknown(Unknown::Module(asked.to_owned()), span);
                }
                truth
            }
            Operation::IfDefine => match self.evaluation.environment.get(Space::Define, asked) {
                Value::Present => Truth::True,
                Value::Unknown => Truth::Unknown,
                _ => Truth::False,
            },
            Operation::IfFile => {
                let Some(root) = self.server_root() else {
                    return Truth::Unknown;
                };
                let path = paths::resolve(&root, asked);
                match self.kind(&path) {
                    Kind::Unknown => {
                        self.unknown(Unknown::Path(path), span);
                        Truth::Unknown
                    }
                    Kind::Missing | Kind::NotADirectory | Kind::Denied => Truth::False,
                    _ => Truth::True,
                }
            }
            Operation::IfDirective => table
                .name(asked)
                .map_or(Truth::False, |it| self.is_there(it)),
            _ => table
                .name(&format!("<{asked}"))
                .map_or(Truth::False, |it| self.is_there(it)),
        }
    }

    // Whether a name is known to httpd at this point.
    fn is_there(&mut self, name: NameId) -> Truth {
        let table = self.evaluation.inputs.table;
        let mut result = Truth::False;
        for definition in table.definitions(name) {
            match self.has_module(&table.module(definition.module).source) {
                Truth::True => return Truth::True,
                Truth::Unknown => result = Truth::Unknown,
                Truth::False => {}
            }
        }
        result
    }

    fn kind(&mut self, path: &str) -> Kind {
        let kind = self.evaluation.inputs.world.kind(path);
        let value = Value::Text(format!("{kind:?}").into());
        self.evaluation.environment.note(Space::Kind, path, value);
        kind
    }

    fn if_version(&mut self, running: &Running<'_>) {
        let words: Vec<String> = running
            .line
            .words()
            .into_iter()
            .map(|it| it.text.into_owned())
            .collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let test = match VersionTest::parse(&words) {
            Ok(test) => test,
            Err(Refused(httpd)) => {
                if !running.unsure {
                    let rule = if httpd.contains("missing closing") {
                        "missing-angle-bracket"
                    } else {
                        "invalid-version-test"
                    };
                    let message = "this is no comparison of versions".to_owned();
                    let span = running
                        .line
                        .argument_span(0..running.line.arguments().len());
                    self.refuse(running.refusal(rule, span, message, httpd));
                }
                return self.conditional(running, Truth::Unknown);
            }
        };
        let version = self
            .evaluation
            .inputs
            .facts
            .version
            .as_ref()
            .map(|it| it.value.number);
        let truth = match version {
            _ if running.unsure => Truth::Unknown,
            Some(version) => test.holds(version).map_or(Truth::Unknown, Truth::from),
            None => {
                self.unknown(Unknown::Version, running.line.span());
                Truth::Unknown
            }
        };
        self.conditional(running, truth);
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
        let is_directory = match self.kind(&path) {
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
        let Some(root) = self.server_root().filter(|_| !running.unsure) else {
            return;
        };
        let path = paths::resolve(&root, &running.word(0).unwrap_or_default());
        match self.kind(&path) {
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

    fn include_directive(&mut self, running: &Running<'_>, optional: bool) {
        let span = running.word_span(0);
        let argument = running.word(0).unwrap_or_default();
        let root = self.server_root();
        let Some(root) = root.filter(|_| !running.unsure && !self.is_uncertain()) else {
            return self.unknown(Unknown::Path(argument), span);
        };
        let path = paths::resolve(&root, &argument);
        let steps = include::expand(self.evaluation.inputs.world, &path, optional);
        let listing: Vec<&str> = steps
            .iter()
            .map(|it| match it {
                Step::File(path) | Step::Refused(path) | Step::Unknown(path) => path.as_str(),
            })
            .collect();
        let listing = Value::Text(listing.join("\0").into());
        self.evaluation
            .environment
            .note(Space::Listing, &path, listing);
        for step in steps {
            match step {
                Step::File(path) => self.include(running.node, &path, span, running.position),
                Step::Unknown(path) => self.unknown(Unknown::Path(path), span),
                Step::Refused(httpd) => {
                    let message = match fnmatch_message(&httpd) {
                        Some(message) => message,
                        None => format!("`{path}` cannot be read"),
                    };
                    self.refuse(running.refusal("unreadable-include", span, message, httpd));
                }
            }
        }
    }

    fn load_module(&mut self, running: &Running<'_>) {
        let name = running.word(0).unwrap_or_default();
        let file = running.word(1).unwrap_or_default();
        if running.unsure {
            return;
        }
        // A name that was loaded before is passed over, and the file is not even looked at.
        if self.evaluation.environment.get(Space::Module, &name) == Value::Present {
            return;
        }
        if let Some(root) = self.server_root() {
            let path = paths::resolve(&root, &file);
            if let Some(httpd) = module::load_error(&self.evaluation.inputs, &name, &file, &path) {
                let built_in = httpd.ends_with("built-in and can't be loaded");
                let (rule, span, message) = if built_in {
                    let message = format!("`{name}` is compiled into this httpd");
                    ("built-in-module", running.word_span(0), message)
                } else {
                    let message = format!("`{file}` cannot be loaded as `{name}`");
                    ("unloadable-module", running.word_span(1), message)
                };
                self.refuse(running.refusal(rule, span, message, httpd));
            } else {
                self.refuse_missing_module(running, &name, &file, &path);
            }
        }
        // Whatever is wrong with the file, the lines that follow are meant for the module.
        let source = module::source_of(&self.evaluation.inputs, &name);
        let known = self
            .evaluation
            .inputs
            .table
            .module_by_identifier(&name)
            .is_some();
        self.set(Space::Module, &name, Value::Present);
        self.set(
            Space::Module,
            &source,
            if known {
                Value::Present
            } else {
                Value::Unknown
            },
        );
    }

    // A shared object can need symbols of another module, which must then be loaded before it.
    fn refuse_missing_module(&mut self, running: &Running<'_>, name: &str, file: &str, path: &str) {
        let table = self.evaluation.inputs.table;
        let Some(id) = table.module_by_identifier(name) else {
            return;
        };
        if !matches!(self.evaluation.inputs.world.kind(path), Kind::File) {
            return;
        }
        for need in table.module(id).needs.iter() {
            let needed = table.module(*need);
            if self.has_module(&needed.source).is_false() {
                let symbol = module::missing_symbol(table, id, *need);
                let httpd =
                    format!("Cannot load {file} into server: {path}: undefined symbol: {symbol}");
                let message = format!(
                    "`{name}` needs `{}`, which is not loaded yet",
                    needed.identifier
                );
                self.refuse(running.refusal(
                    "unloadable-module",
                    running.word_span(1),
                    message,
                    httpd,
                ));
                return;
            }
        }
    }

    fn load_files(&mut self, running: &Running<'_>) {
        let Some(root) = self.server_root().filter(|_| !running.unsure) else {
            return;
        };
        let files: Vec<(String, Span)> = running
            .line
            .words()
            .iter()
            .map(|it| (it.text.clone().into_owned(), running.line.word_span(it)))
            .take_while(|it| !it.0.is_empty())
            .collect();
        for (file, span) in files {
            let path = paths::resolve(&root, &file);
            if self.kind(&path) == Kind::Missing {
                let tried = if file.contains('/') { &path } else { &file };
                let httpd = format!(
                    "Cannot load {file} into server: {tried}: cannot open shared object file: No \
                     such file or directory"
                );
                let message = format!("there is no `{path}`");
                self.refuse(running.refusal("unloadable-module", span, message, httpd));
            }
        }
    }

    fn define_macro(&mut self, running: &Running<'_>) {
        let arguments = running.line.arguments();
        let body = |reader: &mut Self| reader.body("<Macro", "</Macro>");
        let (rule, span) = ("invalid-macro", running.line.span());
        let refused = match arguments.rfind('>') {
            None => Some("<Macro> directive missing closing '>'"),
            Some(0) => Some("<Macro macro definition: empty name"),
            Some(end) if words::first(&arguments[..end]).0.text.is_empty() => {
                Some("<Macro macro definition: name not found")
            }
            Some(_) => None,
        };
        if let Some(httpd) = refused {
            let message = "this macro has no name".to_owned();
            self.refuse(running.refusal(rule, span, message, httpd.to_owned()));
            body(self);
            return;
        }
        let end = arguments.rfind('>').unwrap_or(arguments.len());
        let mut texts = words::split(&arguments[..end]).into_iter();
        let Some(first) = texts.next() else { return };
        let name = first.text.to_ascii_lowercase();
        let name_span = running.line.word_span(&first);
        let parameters: Vec<String> = texts
            .map(|it| it.text.into_owned())
            .take_while(|it| !it.is_empty())
            .collect();
        let location = format!(
            "defined on line {} of \"{}\"",
            running.position.number,
            self.file_name(running.position)
        );
        let mut definition = Macro {
            name,
            location,
            span: name_span,
            parameters,
            lines: Vec::new(),
        };
        if let Some((one, two)) = definition.conflict() {
            let httpd = format!(
                "argument name conflict in {}: argument '{}': #{} and #{}, change argument names!",
                definition.phrase(),
                definition.parameters[one],
                one + 1,
                two + 1
            );
            let message = format!(
                "the parameter `{}` is named twice",
                definition.parameters[one]
            );
            self.refuse(running.refusal(rule, span, message, httpd));
            body(self);
            return;
        }
        match body(self) {
            Some(lines) => {
                definition.lines = lines;
                let name = definition.name.clone();
                let value = if running.unsure {
                    Value::Unknown
                } else {
                    Value::Macro(Arc::new(definition))
                };
                self.set(Space::Macro, &name, value);
                self.set(Space::Macro, "", Value::Present);
            }
            None => {
                let httpd = format!(
                    "{}\n\tcontents error: expected token not found: </Macro>",
                    definition.phrase()
                );
                let message = "this macro is never closed".to_owned();
                self.refuse(running.refusal("unclosed-section", span, message, httpd));
            }
        }
    }

    fn use_macro(&mut self, running: &Running<'_>) {
        if running.unsure {
            return;
        }
        let arguments: Vec<String> = running
            .line
            .words()
            .into_iter()
            .map(|it| it.text.into_owned())
            .collect();
        let name = arguments.first().cloned().unwrap_or_default();
        let span = running.word_span(0);
        let definition =
            match self.find_macro(running, &name, "Use", "no macro name specified with Use") {
                Some(definition) => definition,
                None => return,
            };
        let file = self.file_name(running.position);
        if file.contains(&format!("macro '{}'", definition.name)) {
            let httpd = format!("recursive use of macro '{}' is invalid", definition.name);
            let message = format!("the macro `{name}` uses itself");
            self.refuse(running.refusal("invalid-macro-use", span, message, httpd));
            return;
        }
        let given: Vec<String> = arguments
            .into_iter()
            .skip(1)
            .take_while(|it| !it.is_empty())
            .collect();
        let (count, expected) = (given.len(), definition.parameters.len());
        if count != expected {
            let httpd = format!(
                "{} used with {count} arguments instead of {expected}",
                definition.phrase()
            );
            let message = format!("the macro `{name}` takes {expected} arguments and gets {count}");
            self.refuse(running.refusal("invalid-macro-use", running.line.span(), message, httpd))
                .secondary(definition.span, "defined here");
            return;
        }
        let number = running.position.number;
        let phrase = format!(
            "{} used on line {number} of \"{file}\"",
            definition.phrase()
        );
        let parent = running.position.used;
        let used = MacroUse {
            span: running.line.span(),
            parent,
            phrase,
            definition,
        };
        self.replay(used, given);
    }

    fn undefine_macro(&mut self, running: &Running<'_>) {
        let name = running.word(0).unwrap_or_default();
        let missing = "no macro name specified with UndefMacro";
        if self
            .find_macro(running, &name, "UndefMacro", missing)
            .is_some()
        {
            self.set(Space::Macro, &name.to_ascii_lowercase(), Value::Absent);
        }
    }

    fn find_macro(
        &mut self,
        running: &Running<'_>,
        name: &str,
        directive: &str,
        missing: &str,
    ) -> Option<Arc<Macro>> {
        let lower = name.to_ascii_lowercase();
        let (httpd, message): (Cow<'_, str>, String) =
            match self.evaluation.environment.get(Space::Macro, &lower) {
                Value::Macro(definition) => return Some(definition),
                Value::Unknown => return None,
                _ if self.evaluation.environment.get(Space::Macro, "") == Value::Absent => (
                    format!("no macro defined before {directive}").into(),
                    "no macro is defined above".to_owned(),
                ),
                _ if name.is_empty() => (missing.into(), "no macro is named".to_owned()),
                _ if directive == "Use" => (
                    format!("macro '{lower}' undefined").into(),
                    format!("no macro `{name}` is defined above"),
                ),
                _ => (
                    format!("cannot remove undefined macro '{lower}'").into(),
                    format!("no macro `{name}` is defined above"),
                ),
            };
        let span = running.word_span(0);
        self.refuse(running.refusal("invalid-macro-use", span, message, httpd.into_owned()));
        None
    }
}

// What is behind the two messages about wildcards, in our words.
fn fnmatch_message(httpd: &str) -> Option<String> {
    let rest = httpd.strip_prefix("Include/IncludeOptional: ")?;
    if let Some(rest) = rest.strip_prefix("No matches for the wildcard '") {
        let (pattern, rest) = rest.split_once("' in '")?;
        let directory = rest.strip_suffix("', failing")?;
        return Some(format!("nothing in `{directory}` matches `{pattern}`"));
    }
    let rest = rest.strip_prefix("Could not open directory ")?;
    let (directory, text) = rest.rsplit_once(": ")?;
    Some(format!(
        "the directory `{directory}` cannot be read: {}",
        text.to_lowercase()
    ))
}
