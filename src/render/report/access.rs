//! Who is let in where.

use std::io::{self, Write};

use serde::Serialize;

use super::super::visible::visible;
use super::trace::Line;
use super::{Style, UNKNOWN, VERSION, json};
use crate::model::request::{Decision, Httpd, Request};
use crate::model::trace::Trace;

/// All parts of the URLs of all servers.
#[derive(Serialize)]
pub struct Report {
    version: u32,
    spaces: Vec<Space>,
}

/// A part of the URLs.
#[derive(Serialize)]
struct Space {
    url: String,
    virtual_host: Option<String>,
    decision: &'static str,
    status: Option<u16>,
    because: Vec<Line>,
    /// Why it is not known.
    unknown: Option<String>,
    #[serde(skip)]
    openness: usize,
}

impl Default for Report {
    fn default() -> Self {
        Self {
            version: VERSION,
            spaces: Vec::new(),
        }
    }
}

impl Report {
    /// Adds a part, by a plain request for it.
    pub fn add(
        &mut self,
        request: &Request,
        httpd: &Httpd<'_>,
        trace: &Trace<'_>,
        display: &dyn Fn(&str) -> String,
    ) {
        let (openness, decision) = match trace.access.decision {
            Ok(Decision::Granted) => (0, "granted"),
            Err(_) => (1, UNKNOWN),
            Ok(Decision::NeedsAuthentication) => (2, "needs-authentication"),
            Ok(Decision::Denied) => (3, "denied"),
        };
        let scheme = if request.is_tls { "https" } else { "http" };
        let host = request.host.as_deref().unwrap_or_default();
        let server = trace.server.clone().ok().flatten();
        self.spaces.push(Space {
            url: format!("{scheme}://{host}{}", request.path),
            virtual_host: server.and_then(|it| httpd.hostname(it).ok()),
            decision,
            status: trace.status.clone().ok().flatten(),
            because: trace
                .access
                .because
                .iter()
                .map(|it| Line::of(it, display))
                .collect(),
            unknown: trace.access.decision.clone().err().map(|it| it.why),
            openness,
        });
    }

    /// Writes it, the most open parts first.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn write(mut self, style: &Style<'_>, out: &mut dyn Write) -> io::Result<()> {
        self.spaces.sort_by_key(|it| it.openness);
        if style.json {
            return json(&self, out);
        }
        let width = self.spaces.iter().map(|it| it.url.chars().count()).max();
        let width = width.unwrap_or_default();
        for space in &self.spaces {
            let because = match (&space.unknown, space.because.last()) {
                (Some(why), _) => why.clone(),
                (None, Some(line)) => line.with_place(),
                (None, None) => "nothing restricts it".to_owned(),
            };
            let line = format!("{:20}  {:width$}  {because}", space.decision, space.url);
            writeln!(out, "{}", visible(&line))?;
        }
        Ok(())
    }
}
