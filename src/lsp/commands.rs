//! What a client can have done: every command answers with a text.

use serde_json::Value;

use super::view::{Failed, Whole};
use crate::rules;

/// The page of a rule, as Markdown; the argument is its id.
pub(super) const EXPLAIN: &str = "httpd-lint.explain";
/// The files that the configuration of a document reads, as a tree; the argument is the document.
pub(super) const INCLUDES: &str = "httpd-lint.includes";

/// All commands.
pub(super) const COMMANDS: [&str; 2] = [EXPLAIN, INCLUDES];

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
