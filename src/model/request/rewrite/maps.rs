//! `RewriteMap`: texts that a file or a function of httpd gives for a key.

use crate::httpd::NameId;
use crate::model::layers::words_of;
use crate::model::request::pass::Pass;
use crate::model::request::{location, unseen};
use crate::model::{Doubt, Known};

const MAP: NameId = NameId::of("RewriteMap");

impl Pass<'_> {
    /// What stands for a key; `None` where nothing does. A map that the server does not have gives
    /// nothing.
    pub(super) fn mapped(&self, map: &str, key: &str) -> Known<Option<String>> {
        let Some(source) = self.source_of(map) else {
            return Ok(None);
        };
        let (kind, place) = source.split_once(':').unwrap_or(("txt", source.as_str()));
        match kind.to_ascii_lowercase().as_str() {
            "txt" => self.in_file(place, key),
            "int" => Ok(match place.to_ascii_lowercase().as_str() {
                "tolower" => Some(key.to_ascii_lowercase()),
                "toupper" => Some(key.to_ascii_uppercase()),
                "escape" => Some(location::escaped(key)),
                _ => return Err(Doubt::new(format!("`{source}` gives the value"))),
            }),
            _ => Err(Doubt::new(format!("`{source}` gives the value"))),
        }
    }

    // The maps of the main server are those of a virtual host only with its rules.
    fn source_of(&self, map: &str) -> Option<String> {
        self.server_rewriting().bodies.into_iter().find_map(|body| {
            let mut maps = body.named(self.httpd.config, MAP);
            maps.find_map(|it| {
                let words = words_of(&it);
                let is_meant = words.first().is_some_and(|it| it == map);
                is_meant.then(|| words.get(1).cloned())?
            })
        })
    }

    fn in_file(&self, path: &str, key: &str) -> Known<Option<String>> {
        let path = self.httpd.resolve(path);
        let bytes = self.httpd.world().read(&path);
        let bytes = bytes.map_err(|_| unseen(&path))?;
        let text = String::from_utf8_lossy(&bytes);
        let found = text.lines().find_map(|line| {
            let mut words = line.split_whitespace();
            let is_meant = words.next() == Some(key) && !line.starts_with('#');
            is_meant.then(|| words.next().unwrap_or_default().to_owned())
        });
        Ok(found.filter(|it| !it.is_empty()))
    }
}
