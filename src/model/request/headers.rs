//! mod_headers: the headers that the configuration gives an answer.
//!
//! httpd keeps two tables. One (`always`) is for all answers; the other one is not for those that
//! httpd makes itself about an error or a redirect. Both are sent, so that a header may be there
//! twice.

use super::pass::Pass;
use super::pattern;
use crate::argument::header::{Action, Header, Part, parts};
use crate::evaluate::{Placed, arguments_of};
use crate::httpd::NameId;
use crate::model::layers::words_of;
use crate::model::request::condition;
use crate::model::{Doubt, Known};

const HEADER: NameId = NameId::of("Header");
const REQUEST_HEADER: NameId = NameId::of("RequestHeader");

/// Headers of an answer, in their order; a header may be there more than once.
#[derive(Debug, Clone, Default)]
pub struct Headers {
    /// Names as they are written, with values.
    pub list: Vec<(String, Known<String>)>,
    /// Why there may be others.
    pub doubt: Option<Doubt>,
}

/// Which of the tables an answer has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tables {
    /// It is an error or a redirect that httpd answers itself: `always` alone.
    Always,
    /// Both.
    Both,
}

impl Headers {
    /// The values of a header.
    pub fn values<'h>(&'h self, name: &str) -> impl Iterator<Item = &'h Known<String>> {
        let found = self
            .list
            .iter()
            .filter(move |it| it.0.eq_ignore_ascii_case(name));
        found.map(|it| &it.1)
    }

    fn has(&self, name: &str) -> bool {
        self.values(name).next().is_some()
    }

    fn unset(&mut self, name: &str) {
        self.list.retain(|it| !it.0.eq_ignore_ascii_case(name));
    }

    fn set(&mut self, name: &str, value: Known<String>) {
        // The place of the first one stays.
        let at = self
            .list
            .iter()
            .position(|it| it.0.eq_ignore_ascii_case(name));
        let Some(at) = at else {
            self.list.push((name.to_owned(), value));
            return;
        };
        let first = &mut self.list[at];
        *first = (name.to_owned(), value);
        let mut index = 0;
        self.list.retain(|it| {
            index += 1;
            index - 1 <= at || !it.0.eq_ignore_ascii_case(name)
        });
    }

    // `a` becomes `a, b`.
    fn append(&mut self, name: &str, value: Known<String>) {
        let found = self
            .list
            .iter_mut()
            .find(|it| it.0.eq_ignore_ascii_case(name));
        match found {
            Some(header) => {
                let before = header.1.clone();
                header.1 = before.and_then(|before| Ok(format!("{before}, {}", value?)));
            }
            None => self.list.push((name.to_owned(), value)),
        }
    }

    fn put_in_doubt(&mut self, name: &str, doubt: &Doubt) {
        self.set(name, Err(doubt.clone()));
    }
}

impl<'a> Pass<'a> {
    /// The headers that the configuration gives the answer, beside those that it has `already`.
    pub fn response_headers(&self, tables: Tables, already: Headers) -> Headers {
        match self.httpd.has("headers_module") {
            Ok(true) => {}
            Ok(false) => return already,
            Err(doubt) => {
                return Headers {
                    doubt: Some(doubt),
                    ..already
                };
            }
        }
        let mut always = Headers::default();
        let mut others = already;
        let lines = self.header_lines();
        // What was said early counts for the server alone, and comes before all others.
        for is_early in [true, false] {
            for (line, doubt) in &lines {
                let text = line.occurrence.unit.text(line.node);
                let header = Header::parse("Header", arguments_of(&text));
                let own = header.condition().unwrap_or_default();
                if own.eq_ignore_ascii_case("early") != is_early
                    || (!header.is_always && tables == Tables::Always)
                {
                    continue;
                }
                let table = if header.is_always {
                    &mut always
                } else {
                    &mut others
                };
                self.apply_header(&header, doubt.as_ref(), table);
            }
        }
        always.list.append(&mut others.list);
        // A file that cannot be seen may say more.
        always.doubt = self.layers.lines("Header").err();
        let has_own_doubt = lines.iter().any(|it| it.1.is_some());
        if has_own_doubt {
            always.doubt = None;
        }
        always
    }

    // In the order in which they are merged, each with what it depends on.
    fn header_lines(&self) -> Vec<(Placed<'a>, Option<Doubt>)> {
        let mut found = Vec::new();
        for layer in &self.layers.list {
            for line in layer.body.named(self.httpd.config, HEADER) {
                let own = line
                    .node
                    .uncertain
                    .then(|| Doubt::new("`Header` depends on a condition that is not decided"));
                found.push((line, layer.doubt.clone().or(own)));
            }
        }
        found
    }

    fn apply_header(&self, header: &Header, doubt: Option<&Doubt>, table: &mut Headers) {
        let name = header.name.value.trim_end_matches(':');
        if let Some(doubt) = doubt {
            return table.put_in_doubt(name, doubt);
        }
        match self.is_for(header.condition()) {
            Ok(true) => {}
            Ok(false) => return,
            Err(doubt) => return table.put_in_doubt(name, &doubt),
        }
        let value = || self.header_value(header.rest.first().map_or("", |it| it.value.as_str()));
        match (
            header.action,
            header.word.value.to_ascii_lowercase().as_str(),
        ) {
            (Some(Action::Unset), _) => table.unset(name),
            (Some(Action::Echo), _) => {
                let changed = self.layers.possible(&[REQUEST_HEADER]).into_iter();
                for name in changed.filter_map(|it| words_of(&it).into_iter().nth(1)) {
                    let is_sent = self.request.header(&name).is_some();
                    if let (false, Err(doubt)) = (is_sent, self.unchanged(&name))
                        && pattern::matches(&header.name.value, true, &name)
                    {
                        table.put_in_doubt(&name, &doubt);
                    }
                }
                for (sent, value) in self.request.all_headers() {
                    if pattern::matches(name, true, &sent) {
                        let value = self.unchanged(&sent).map(|()| value);
                        table.list.push((sent, value));
                    }
                }
            }
            (Some(Action::Edit), verb) => self.edit(header, verb == "edit*", name, table),
            (_, "set") => table.set(name, value()),
            (_, "setifempty") if !table.has(name) => table.set(name, value()),
            (_, "append") => table.append(name, value()),
            (_, "add") => table.list.push((name.to_owned(), value())),
            (_, "merge") => {
                let new = value();
                let has_item = |old: &Known<String>| match (old, &new) {
                    (Ok(old), Ok(new)) => old.split(',').any(|it| it.trim() == new),
                    _ => false,
                };
                if !table.values(name).any(has_item) {
                    table.append(name, new);
                }
            }
            _ => {}
        }
    }

    // A header of the request that no `RequestHeader` may change.
    fn unchanged(&self, name: &str) -> Known<()> {
        let lines = self.layers.possible(&[REQUEST_HEADER]);
        let is_named = |it: &Placed<'a>| {
            let named = words_of(it).into_iter().nth(1).unwrap_or_default();
            named.trim_end_matches(':').eq_ignore_ascii_case(name)
        };
        match lines.iter().any(is_named) {
            true => Err(Doubt::new(format!("`RequestHeader` changes `{name}`"))),
            false => Ok(()),
        }
    }

    // Whether a condition of a line holds (`early` was looked at before).
    fn is_for(&self, condition: Option<&str>) -> Known<bool> {
        let Some(text) = condition else {
            return Ok(true);
        };
        let behind = |prefix: &str| {
            let head = text.get(..prefix.len())?;
            head.eq_ignore_ascii_case(prefix)
                .then(|| &text[prefix.len()..])
        };
        if let Some(variable) = behind("env=") {
            return Ok(match variable.strip_prefix('!') {
                Some(variable) => self.environment.get(variable)?.is_none(),
                None => self.environment.get(variable)?.is_some(),
            });
        }
        behind("expr=").map_or(Ok(true), |it| self.condition(it))
    }

    fn header_value(&self, format: &str) -> Known<String> {
        if let Some(asked) = format.strip_prefix("expr=") {
            return condition::text(self, asked);
        }
        let mut value = String::new();
        for part in parts(format) {
            match part {
                Part::Text(text) => value.push_str(&text),
                Part::Item { argument, letter } => match letter.as_str() {
                    "e" => {
                        let found = self.environment.get(&argument)?;
                        value.push_str(found.as_deref().unwrap_or("(null)"));
                    }
                    "s" => value.push_str(&self.tls_variable(&argument)?),
                    _ => {
                        let why = format!("`%{letter}` is known only when the request is answered");
                        return Err(Doubt::new(why));
                    }
                },
            }
        }
        Ok(value)
    }

    fn edit(&self, header: &Header, all: bool, name: &str, table: &mut Headers) {
        let text = |at: usize| header.rest.get(at).map_or("", |it| it.value.as_str());
        let replacement = self.header_value(text(1));
        for (_, value) in table
            .list
            .iter_mut()
            .filter(|it| it.0.eq_ignore_ascii_case(name))
        {
            let edited = value.clone().and_then(|before| {
                let replacement = replacement.clone()?;
                Ok(pattern::replaced(text(0), &before, &replacement, all))
            });
            *value = edited;
        }
    }

    // `%{NAME}s`, which asks mod_ssl.
    fn tls_variable(&self, name: &str) -> Known<String> {
        match (self.httpd.has("ssl_module")?, self.request.is_tls) {
            (false, _) | (_, false) => Ok("(null)".to_owned()),
            _ if name.eq_ignore_ascii_case("SSL_TLS_SNI") => Ok(self
                .request
                .sni
                .clone()
                .unwrap_or_else(|| "(null)".to_owned())),
            _ => Err(Doubt::new(format!("`{name}` is agreed when TLS begins"))),
        }
    }
}
