//! `LoadModule` and `LoadFile`.

use super::Reader;
use super::execute::Running;
use crate::evaluate::environment::{Space, Value};
use crate::evaluate::module;
use crate::source::Span;
use crate::world::Kind;

impl Reader<'_, '_, '_> {
    pub(super) fn load_module(&mut self, running: &Running<'_>) {
        let name = running.word(0).unwrap_or_default();
        let file = running.word(1).unwrap_or_default();
        if running.unsure {
            return;
        }
        // A name that was loaded before is passed over, and the file is not even looked at.
        if self.evaluation.environment.get(Space::Module, &name) == Value::Present {
            return;
        }
        if let Some(path) = self.resolve(&file) {
            self.refuse_module(running, &name, &file, &path);
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

    fn refuse_module(&mut self, running: &Running<'_>, name: &str, file: &str, path: &str) {
        let (rule, span, message, httpd) = if self.evaluation.is_built_in(name) {
            let message = format!("`{name}` is compiled into this httpd");
            let httpd = format!("module {name} is built-in and can't be loaded");
            ("built-in-module", running.word_span(0), message, httpd)
        } else if let Some(httpd) = module::load_error(&self.evaluation.inputs, name, file, path) {
            let message = format!("`{file}` cannot be loaded as `{name}`");
            ("unloadable-module", running.word_span(1), message, httpd)
        } else {
            return self.refuse_missing_module(running, name, file, path);
        };
        self.refuse(running.refusal(rule, span, message, httpd));
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
                let symbol = &table.module(id).missing_symbol;
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

    pub(super) fn load_files(&mut self, running: &Running<'_>) {
        if running.unsure {
            return;
        }
        let files: Vec<(String, Span)> = running
            .line
            .words()
            .iter()
            .map(|it| (it.text.clone().into_owned(), running.line.word_span(it)))
            .take_while(|it| !it.0.is_empty())
            .collect();
        for (file, span) in files {
            let Some(path) = self.resolve(&file) else {
                continue;
            };
            if self.resource(&path) == Kind::Missing {
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
}
