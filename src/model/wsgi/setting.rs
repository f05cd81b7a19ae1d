//! What directives tell a Python about where it is.

use super::group::DaemonGroup;
use crate::argument::Located;
use crate::argument::wsgi::daemon_process::{DaemonOptionName, DaemonProcess};
use crate::evaluate::Placed;
use crate::source::{Site, Span};

/// What a path is to Python.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PythonPart {
    /// The installation or virtual environment that it runs from.
    Home,
    /// Folders in which it looks for modules besides.
    Modules,
}

/// One path, or several in one text, that a directive tells Python.
#[derive(Debug, Clone)]
pub struct PythonSetting<'a> {
    /// The directive.
    pub line: Placed<'a>,
    /// What it is about.
    pub part: PythonPart,
    /// The text.
    pub text: Located<String>,
    /// What else the directive says, where it declares a group.
    pub group: Option<&'a DaemonProcess>,
}

impl<'a> PythonSetting<'a> {
    /// The directives that may hold some.
    pub const DIRECTIVES: &'static [&'static str] =
        &["WSGIPythonHome", "WSGIPythonPath", "WSGIDaemonProcess"];

    /// Those of a group.
    pub fn of_group(group: &'a DaemonGroup<'a>) -> impl Iterator<Item = Self> {
        const OPTIONS: [(DaemonOptionName, PythonPart); 2] = [
            (DaemonOptionName::PythonHome, PythonPart::Home),
            (DaemonOptionName::PythonPath, PythonPart::Modules),
        ];
        OPTIONS.into_iter().filter_map(|(option, part)| {
            Some(Self {
                line: group.line,
                part,
                text: group.directive.value(option)?.clone(),
                group: Some(&group.directive),
            })
        })
    }

    /// That of a `WSGIPythonHome` or `WSGIPythonPath`.
    pub fn of_directive(placed: Placed<'a>) -> Option<Self> {
        let line = placed.line();
        let words = line.words();
        let word = words.first()?;
        let is_home = line.name().eq_ignore_ascii_case("WSGIPythonHome");
        Some(Self {
            line: placed,
            part: match is_home {
                true => PythonPart::Home,
                false => PythonPart::Modules,
            },
            text: Located::new(word.text.clone().into_owned(), word.value_range()),
            group: None,
        })
    }

    /// Its place.
    pub fn place(&self) -> Site {
        let line = self.line.line();
        self.line.at(line.argument_span(self.text.range.clone()))
    }

    /// Its place, if another text can be written in its stead.
    pub fn editable(&self) -> Option<Span> {
        self.line
            .editable(&self.text.value, self.text.range.clone())
    }
}
