//! What a client can have done: every command answers with a text.

use serde_json::Value;

use super::view::{Failed, Whole};
use crate::model::request::Request;
use crate::model::trace::Tracer;
use crate::render::report::Style;
use crate::render::report::trace::{Looks, Report};
use crate::rules;

/// The page of a rule, as Markdown; the argument is its id.
pub(super) const EXPLAIN: &str = "httpd-lint.explain";
/// The files that the configuration of a document reads, as a tree; the argument is the document.
pub(super) const INCLUDES: &str = "httpd-lint.includes";

/// What a request meets; the arguments are the document and a URL.
pub(super) const REQUEST: &str = "httpd-lint.request";

/// All commands.
pub(super) const COMMANDS: [&str; 3] = [EXPLAIN, INCLUDES, REQUEST];

/// The page of a rule.
///
/// # Errors
/// There is no such rule.
pub(super) fn explain(arguments: &Value) -> Result<Value, Failed> {
    let id = arguments[0].as_str().unwrap_or_default();
    let rule = rules::find(id).ok_or(Failed::Parameters("there is no such rule"))?;
    Ok(format!("# {}\n\n{}", rule.id, rule.page()).into())
}

/// The files of a configuration, each below the one that reads it.
pub(super) fn includes(whole: Whole<'_>) -> Value {
    let config = whole.config();
    let mut text = String::new();
    for id in config.living() {
        let parent =
            |it: &crate::evaluate::OccurrenceId| config.occurrence(*it).parent.map(|it| it.0);
        let depth = std::iter::successors(Some(id), parent).count() - 1;
        let name = config.occurrence(id).unit.source.name();
        text.push_str(&format!("{:width$}{name}\n", "", width = depth * 2));
    }
    text.into()
}

/// What a request for a URL meets. It is asked in a session of its own: requests read `.htaccess` files,
/// and what these hold belongs to no document.
///
/// # Errors
/// The URL is none, or the files cannot be read any more.
pub(super) fn request(whole: Whole<'_>, url: &str) -> Result<Value, Failed> {
    let asked = Request::of_url("GET", url).ok_or(Failed::Parameters("this is no URL"))?;
    let world = whole.session.inputs().world;
    let session = whole.tree.lint(world);
    let mut session = session.map_err(|_| Failed::Refused("the configuration cannot be read"))?;
    let style = Style {
        json: false,
        display: &<str as ToOwned>::to_owned,
    };
    let report = session.ask(|httpd| {
        let mut trace = Tracer::new(httpd, 1).follow(&asked);
        let mut report = Report::default();
        let wanted = std::mem::take(&mut trace.wanted);
        report.add(url, &asked, httpd, &trace, style.display);
        (report, wanted)
    });
    let mut text = Vec::new();
    let looks = Looks {
        verbose: true,
        colour: false,
    };
    let written = report.write(&style, looks, &mut text);
    written.map_err(|_| Failed::Refused("the answer cannot be written"))?;
    Ok(String::from_utf8_lossy(&text).into())
}
