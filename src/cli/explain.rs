//! `httpd-lint explain` and `httpd-lint rules`.

use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::ExitCode;

use clap::{Args, ValueEnum};

use super::{Colour, Failure, written};
use crate::render::{Entry, book, markdown, page};
use crate::rule::Rule;
use crate::rules;

#[derive(Debug, Args)]
pub(super) struct ExplainArguments {
    /// The rule's id, as findings show it in brackets.
    #[arg(required_unless_present = "all", conflicts_with = "all")]
    rule: Option<String>,
    /// The pages of all rules.
    #[arg(long)]
    all: bool,
    /// Write all pages as a book (for mdBook) into this folder.
    #[arg(long, value_name = "DIR", requires = "all")]
    output: Option<std::path::PathBuf>,
    /// How to write a page.
    #[arg(long, value_enum, default_value_t = PageFormat::Text)]
    format: PageFormat,
    /// When to use colours.
    #[arg(long, value_enum, default_value_t = Colour::Auto)]
    color: Colour,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum PageFormat {
    /// As a manual page.
    Text,
    /// As Markdown, with what is said of the wrong examples.
    Markdown,
}

#[derive(Debug, Args)]
pub(super) struct RulesArguments {
    /// How to write the list.
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    format: ListFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ListFormat {
    /// One line for each rule: level, area, id, fix, what it finds and needs.
    Text,
    /// One JSON object.
    Json,
}

/// Prints the page of a rule, or all.
pub(super) fn explain(arguments: &ExplainArguments) -> Result<ExitCode, Failure> {
    if let Some(folder) = &arguments.output {
        return write_book(folder);
    }
    let rules: Vec<&Rule> = match &arguments.rule {
        Some(id) => vec![find(id)?],
        None => rules::all().collect(),
    };
    let mut out = BufWriter::new(std::io::stdout().lock());
    let colours = arguments.color.is_wanted();
    let result = rules.into_iter().enumerate().try_for_each(|(at, rule)| {
        let gap = if at == 0 { "" } else { "\n" };
        write!(out, "{gap}")?;
        match arguments.format {
            PageFormat::Text => {
                let text = format!("# {}\n\n{}", rule.id, rule.page());
                page(&text, colours, &mut out)
            }
            PageFormat::Markdown => out.write_all(markdown(rule).as_bytes()),
        }
    });
    written(result.and_then(|()| out.flush()))?;
    Ok(ExitCode::SUCCESS)
}

fn find(id: &str) -> Result<&'static Rule, Failure> {
    rules::find(id).ok_or_else(|| {
        let similar = rules::similar(id)
            .map(|it| format!("; is it `{it}`?"))
            .unwrap_or_default();
        Failure(format!("there is no rule `{id}`{similar}"))
    })
}

fn write_book(folder: &Path) -> Result<ExitCode, Failure> {
    for (path, text) in book() {
        let path = folder.join(path);
        let made = path.parent().map_or(Ok(()), std::fs::create_dir_all);
        made.and_then(|()| std::fs::write(&path, text))
            .map_err(|it| Failure(format!("{}: {it}", path.display())))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Lists the rules.
pub(super) fn list(arguments: &RulesArguments) -> Result<ExitCode, Failure> {
    let mut out = BufWriter::new(std::io::stdout().lock());
    let result = match arguments.format {
        ListFormat::Text => Entry::all().try_for_each(|it| {
            let fix = it.fix.map(|it| format!("{it} fix")).unwrap_or_default();
            let needs = match it.needs.is_empty() {
                true => String::new(),
                false => format!(" (needs {})", it.needs.join(", ")),
            };
            let profile = it
                .profile
                .map(|it| format!(" (only with `profile = \"{it}\"`)"));
            let profile = profile.unwrap_or_default();
            let (level, area, id, summary) = (it.level, it.area, it.id, it.summary);
            writeln!(
                out,
                "{level:<8}{area:<14}{id:<36}{fix:<12}{summary}{needs}{profile}"
            )
        }),
        ListFormat::Json => {
            let rules: Vec<Entry> = Entry::all().collect();
            let list = serde_json::json!({ "version": 1, "rules": rules });
            writeln!(out, "{list:#}")
        }
    };
    written(result.and_then(|()| out.flush()))?;
    Ok(ExitCode::SUCCESS)
}
