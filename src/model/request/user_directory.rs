//! `/~NAME`: mod_userdir.

use super::mapping::Mapped;
use super::pass::{End, Pass};
use crate::evaluate::Placed;
use crate::httpd::NameId;
use crate::model::accounts::Account;
use crate::model::layers::words_of;
use crate::model::{Doubt, Known};
use crate::world::Kind;

const USER_DIRECTORY: NameId = NameId::of("UserDir");

/// What the `UserDir` of a server says.
#[derive(Default)]
struct Directories<'a> {
    // Where to look, in order, and the line that says so.
    places: Vec<String>,
    line: Option<Placed<'a>>,
    is_disabled: Option<bool>,
    disabled: Vec<String>,
    enabled: Vec<String>,
}

impl<'a> Directories<'a> {
    fn of(lines: Vec<Placed<'a>>) -> Self {
        let mut read = Self::default();
        for line in lines {
            let words = words_of(&line);
            let Some((first, rest)) = words.split_first() else {
                continue;
            };
            match first.to_ascii_lowercase().as_str() {
                "disable" | "disabled" if rest.is_empty() => read.is_disabled = Some(true),
                "disable" | "disabled" => read.disabled.extend(rest.iter().cloned()),
                "enable" | "enabled" => read.enabled.extend(rest.iter().cloned()),
                _ => {
                    read.places = words;
                    read.line = Some(line);
                }
            }
        }
        read
    }
}

impl<'a> Pass<'a> {
    /// Maps a URL that begins with the name of a user (`translate_userdir`).
    pub(super) fn map_to_user(&mut self) -> Known<Option<End>> {
        let Some(behind) = self.uri.strip_prefix("/~") else {
            return Ok(None);
        };
        let end = behind.find('/').unwrap_or(behind.len());
        let (name, rest) = (behind[..end].to_owned(), behind[end..].to_owned());
        if name.is_empty() || name == "." || name == ".." {
            return Ok(None);
        }
        let Some(directories) = self.user_directories()? else {
            return Ok(None);
        };
        let is_disabled = directories.is_disabled == Some(true);
        if directories.disabled.contains(&name)
            || (is_disabled && !directories.enabled.contains(&name))
        {
            return Ok(None);
        }
        let last = directories.places.len().saturating_sub(1);
        for (index, place) in directories.places.iter().enumerate() {
            let (before, after) = match place.split_once('*') {
                Some((before, after)) => (Some(before), after),
                None => (None, place.as_str()),
            };
            let path = match before {
                _ if place.starts_with('/') => match before {
                    Some(before) => Some(format!("{before}{name}{after}")),
                    None => Some(format!("{place}/{name}")),
                },
                Some(before) if before.contains(':') => {
                    let url = format!("{before}{name}{after}{rest}");
                    self.explain("redirected".to_owned(), directories.line);
                    return Ok(Some(End::redirected(302, url)));
                }
                _ => self.home_of(&name)?.map(|home| format!("{home}/{after}")),
            };
            let Some(path) = path else { continue };
            if index == last || self.httpd.kind(&path)? != Kind::Missing {
                self.filename = format!("{path}{rest}");
                self.explain(format!("mapped to `{}`", self.filename), directories.line);
                self.mapped = Mapped::Alias;
                return Ok(None);
            }
        }
        Ok(None)
    }

    // What a virtual host says counts for it; its lists of users are its own.
    fn user_directories(&self) -> Known<Option<Directories<'a>>> {
        if !self.httpd.has("userdir_module")? {
            return Ok(None);
        }
        let lines = self.server_layers().possible(&[USER_DIRECTORY]);
        if lines.iter().any(|it| it.node.uncertain) {
            let why = "`UserDir` depends on a condition that is not decided";
            return Err(Doubt::new(why));
        }
        let is_own = |it: &Placed<'a>| {
            let around = it.parent().map(|it| it.id);
            around == self.httpd.servers.get(self.server.server).section
        };
        let (own, main): (Vec<_>, Vec<_>) = lines.into_iter().partition(is_own);
        let mut merged = Directories::of(own);
        if self.server.is_virtual_host() {
            let main = Directories::of(main);
            merged.is_disabled = merged.is_disabled.or(main.is_disabled);
            if merged.places.is_empty() {
                merged.places = main.places;
                merged.line = main.line;
            }
        }
        Ok((!merged.places.is_empty()).then_some(merged))
    }

    // The home of an account of the server.
    fn home_of(&self, name: &str) -> Known<Option<String>> {
        // The accounts are visible where that of the server is.
        self.httpd.account()?;
        let account = Account::of(self.httpd.world(), name, None);
        Ok(account.map(|it| it.home))
    }
}
