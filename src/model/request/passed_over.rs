//! What was tried on the way of a request and passed over, for who asks why something does not
//! count.

use super::Mapped;
use super::pass::{Pass, Reason, Stage};
use crate::evaluate::Placed;
use crate::model::scope::{About, Section};

/// More of a kind tell nobody more.
const MOST: usize = 20;

impl<'a> Pass<'a> {
    /// Notes a line that was tried in vain, where somebody wants to know.
    pub(super) fn pass_over(&mut self, line: &Placed<'a>, why: impl FnOnce(&Self) -> String) {
        if !self.request.is_watched {
            return;
        }
        let reason = Reason {
            stage: self.stage,
            what: why(self),
            line: Some(*line),
            is_passed_over: true,
        };
        self.reasons.push(reason);
    }

    /// Notes a line about other URLs.
    pub(super) fn pass_over_path(&mut self, line: &Placed<'a>, path: &str) {
        self.pass_over(line, |pass| {
            format!("`{path}` is not the beginning of `{}`", pass.uri)
        });
    }

    /// Notes a line whose pattern no part of the URL matches.
    pub(super) fn pass_over_pattern(&mut self, line: &Placed<'a>, pattern: &str) {
        self.pass_over(line, |pass| unmatched(pattern, &pass.uri));
    }

    /// Notes the sections that do not apply, of all those that might.
    pub(super) fn pass_over_sections(&mut self) {
        if !self.request.is_watched {
            return;
        }
        let bodies = self.layers.list.iter().map(|it| it.body);
        let all = bodies.flat_map(|it| it.sections());
        let applied = self.sections();
        let is_applied = |it: &&Section| applied.contains(&(&raw const it.body as usize));
        let others = all.filter(|it| !is_applied(it));
        let others = others.filter_map(|it| Some((it.place, self.why_not(&it.about)?)));
        let others: Vec<_> = others.collect();
        let more = others.len().saturating_sub(MOST);
        let stage = std::mem::replace(&mut self.stage, Stage::Sections);
        for (place, why) in others.into_iter().take(MOST) {
            let line = self.httpd.config.placed(place);
            self.pass_over(&line, |_| why);
        }
        if more > 0 {
            self.reasons.push(Reason {
                stage: self.stage,
                what: format!("and {more} more sections about something else"),
                line: None,
                is_passed_over: true,
            });
        }
        self.stage = stage;
    }

    // Why a section is about something else.
    fn why_not(&self, about: &About) -> Option<String> {
        let is_proxied = matches!(self.mapped, Mapped::Proxy(_));
        let name = self.filename.rsplit('/').next().unwrap_or_default();
        let (path, uri) = (&self.filename, &self.uri);
        Some(match about {
            About::Directory(_)
            | About::DirectoryMatch(_)
            | About::Files(_)
            | About::FilesMatch(_)
                if is_proxied =>
            {
                "the request is passed on, so no file is looked for".to_owned()
            }
            About::Proxy(_) | About::ProxyMatch(_) if !is_proxied => {
                "the request is not passed on".to_owned()
            }
            About::Directory(asked) => format!("`{path}` is not below `{asked}`"),
            About::DirectoryMatch(asked) => unmatched(asked, path),
            About::Files(asked) => format!("the file is called `{name}` and not `{asked}`"),
            About::FilesMatch(asked) => unmatched(asked, name),
            About::Location(asked) => format!("`{uri}` is not below `{asked}`"),
            About::LocationMatch(asked) => unmatched(asked, uri),
            About::Proxy(asked) => format!("it is not passed on to `{asked}`"),
            About::ProxyMatch(asked) => {
                format!("`{asked}` matches nothing of where it is passed on")
            }
            About::If(_) | About::ElseIf(_) => "the condition does not hold".to_owned(),
            About::Else => "a condition before it holds".to_owned(),
            About::Limit { .. } | About::Other(_) => return None,
        })
    }
}

fn unmatched(pattern: &str, text: &str) -> String {
    format!("`{pattern}` matches nothing of `{text}`")
}
