//! The sections that apply to a request, merged.

use super::scope::Body;
use super::{Doubt, Known};
use crate::argument::Located;
use crate::argument::section::Section;
use crate::evaluate::{Config, Placed, arguments_of};
use crate::httpd::{Allow, Directive, Merge, NameId, Table};
use crate::source::Span;
use crate::syntax::words;

/// One thing that is merged: what a server says outside of sections, a section, a `.htaccess` file.
#[derive(Debug, Clone)]
pub struct Layer<'a> {
    /// What it says.
    pub body: &'a Body,
    /// Why it is not known whether it applies.
    pub doubt: Option<Doubt>,
}

/// What applies to a request, what counts last at the end.
#[derive(Debug, Clone)]
pub struct Layers<'a> {
    config: &'a Config,
    table: &'a Table,
    /// The layers.
    pub list: Vec<Layer<'a>>,
    // Files that cannot be seen from here: before which layer, what they may say, and why.
    hidden: Vec<(usize, Allow, Doubt)>,
}

impl<'a> Layers<'a> {
    /// No layers yet.
    pub fn new(config: &'a Config, table: &'a Table) -> Self {
        Self {
            config,
            table,
            list: Vec::new(),
            hidden: Vec::new(),
        }
    }

    /// Puts a layer on top.
    pub fn push(&mut self, body: &'a Body, doubt: Option<Doubt>) {
        self.list.push(Layer { body, doubt });
    }

    /// Puts a `.htaccess` file on top that cannot be seen from here and may hold what is allowed.
    pub fn push_hidden(&mut self, allow: Allow, doubt: Doubt) {
        self.hidden.push((self.list.len(), allow, doubt));
    }

    /// The lines of a directive that count, in the order in which httpd looks at them.
    ///
    /// # Errors
    /// It is not known which do.
    pub fn lines(&self, name: &str) -> Known<Vec<Placed<'a>>> {
        let Some(id) = self.table.name(name) else {
            return Ok(Vec::new());
        };
        let definition = self.table.definitions(id).next();
        let merge = definition.map_or(Merge::Replace, |it| it.merge);
        match merge {
            Merge::Replace => self.last_with(id, |it| it == id),
            Merge::Anew | Merge::Inherit => {
                let module = definition.map(|it| it.module);
                let of_module = |it: &Directive| Some(it.module) == module;
                self.last_with(id, |it| self.table.definitions(it).any(of_module))
            }
            Merge::Append | Merge::Adjust => self.all(id, self.list.iter()),
            Merge::Prepend => self.all(id, self.list.iter().rev()),
        }
    }

    /// All lines of directives that are merged alike, in the order in which httpd looks at them,
    /// those that may count among them.
    pub fn possible(&self, names: &[NameId]) -> Vec<Placed<'a>> {
        let first = names.first();
        let definition = first.and_then(|it| self.table.definitions(*it).next());
        let lines = |it: &Layer<'a>| it.body.named_any(self.config, names);
        match definition.map(|it| it.merge) {
            Some(Merge::Prepend) => self.list.iter().rev().flat_map(lines).collect(),
            _ => self.list.iter().flat_map(lines).collect(),
        }
    }

    /// The place of a line among those of all layers.
    pub fn rank(&self, line: &Placed<'_>) -> (usize, usize) {
        let mut layers = self.list.iter().enumerate();
        let found = layers.find_map(|(layer, it)| Some((layer, it.body.position(line)?)));
        found.unwrap_or((self.list.len(), 0))
    }

    /// The line of a directive that counts alone: the last.
    ///
    /// # Errors
    /// It is not known which does.
    pub fn last(&self, name: &str) -> Known<Option<Placed<'a>>> {
        Ok(self.lines(name)?.last().copied())
    }

    /// The first word of the line that counts.
    ///
    /// # Errors
    /// It is not known which does.
    pub fn word(&self, name: &str) -> Known<Option<String>> {
        Ok(self.last(name)?.and_then(|it| first_word(&it)))
    }

    /// Whether a directive of On and Off is on.
    ///
    /// # Errors
    /// It is not known which line counts.
    pub fn is_on(&self, name: &str) -> Known<bool> {
        let word = self.word(name)?;
        Ok(word.is_some_and(|it| it.eq_ignore_ascii_case("on")))
    }

    // The lines in the last layer that has any directive that `marks` it.
    fn last_with(&self, id: NameId, marks: impl Fn(NameId) -> bool) -> Known<Vec<Placed<'a>>> {
        for (index, layer) in self.list.iter().enumerate().rev() {
            self.see_hidden(index + 1, id)?;
            if !layer.body.has_any(&marks) {
                continue;
            }
            let is_marked = |it: &Placed<'a>| it.node.name.is_some_and(&marks);
            sure(layer, layer.body.directives(self.config).filter(is_marked))?;
            return Ok(layer.body.named(self.config, id).collect());
        }
        self.see_hidden(0, id)?;
        Ok(Vec::new())
    }

    fn all<'l>(
        &self,
        id: NameId,
        layers: impl Iterator<Item = &'l Layer<'a>>,
    ) -> Known<Vec<Placed<'a>>>
    where
        'a: 'l,
    {
        if !self.hidden.is_empty() {
            for index in 0..=self.list.len() {
                self.see_hidden(index, id)?;
            }
        }
        let mut found = Vec::new();
        for layer in layers {
            let before = found.len();
            found.extend(layer.body.named(self.config, id));
            if found.len() > before {
                sure(layer, found[before..].iter().copied())?;
            }
        }
        Ok(found)
    }

    // Whether a file that cannot be seen may say it, of those that stand at a height.
    fn see_hidden(&self, height: usize, id: NameId) -> Known<()> {
        let may = |allow: Allow| {
            let mut definitions = self.table.definitions(id);
            definitions.any(|it| it.allow.intersects(allow))
        };
        let mut hidden = self.hidden.iter();
        let found = hidden.find(|it| it.0 == height && may(it.1));
        found.map_or(Ok(()), |it| Err(it.2.clone()))
    }
}

fn sure<'a>(layer: &Layer<'_>, mut lines: impl Iterator<Item = Placed<'a>>) -> Known<()> {
    if let Some(doubt) = &layer.doubt {
        return Err(doubt.clone());
    }
    match lines.find(|it| it.node.uncertain) {
        Some(line) => {
            let name = line.line().name().into_owned();
            let why = format!("`{name}` depends on a condition that is not decided");
            Err(Doubt::new(why))
        }
        None => Ok(()),
    }
}

/// The first word of a directive.
pub fn first_word(placed: &Placed<'_>) -> Option<String> {
    let text = placed.text();
    let (first, _) = words::first(arguments_of(&text));
    (!first.range.is_empty()).then(|| first.text.into_owned())
}

/// Whether the first word of a directive is `on`, in whatever case.
pub fn is_on(placed: &Placed<'_>) -> bool {
    let text = placed.text();
    let (first, _) = words::first(arguments_of(&text));
    first.text.eq_ignore_ascii_case("on")
}

/// The place of the first word of a directive that is one of some, in whatever case.
pub fn place_of(placed: &Placed<'_>, wanted: &[&str]) -> Option<Span> {
    let line = placed.line();
    let words = line.words();
    let is_wanted = |it: &str| wanted.iter().any(|one| it.eq_ignore_ascii_case(one));
    let found = words.iter().find(|it| is_wanted(&it.text));
    found.map(|it| line.word_span(it))
}

/// The words of a directive.
pub fn words_of(placed: &Placed<'_>) -> Vec<String> {
    let line = placed.line();
    line.words().iter().map(|it| it.text.to_string()).collect()
}

/// The regular expression of a section that has one, in place.
pub fn pattern_of(section: &Placed<'_>, table: &Table) -> Option<Located<String>> {
    let name = section.node.name.map(|it| table.spelling(it))?;
    let line = section.line();
    Section::parse(line.arguments()).pattern(name)
}
