//! The pages of rules as Markdown, and a book of all of them.

use super::{Format, Style, render};
use crate::diagnostic::Promise;
use crate::lint::{Outcome, Profile, found_in_examples};
use crate::rule::Rule;
use crate::rules;

/// What is known of a rule beside its page.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Entry {
    /// The rule's id.
    pub id: &'static str,
    /// Its area.
    pub area: &'static str,
    /// How bad its findings are at worst.
    pub level: &'static str,
    /// The facts without which it says nothing.
    pub needs: Vec<&'static str>,
    /// The profile that asks for it, if it is silent otherwise.
    pub profile: Option<&'static str>,
    /// `safe` or `unsafe`, if it offers a fix.
    pub fix: Option<&'static str>,
    /// The version that brought it.
    pub since: &'static str,
    /// What it finds, in a sentence.
    pub summary: String,
}

impl Entry {
    /// Every rule, by areas.
    pub fn all() -> impl Iterator<Item = Self> {
        let rules = rules::areas().flat_map(|(area, rules)| rules.iter().map(move |it| (area, it)));
        rules.map(|(area, rule)| Self::of(area, rule))
    }

    fn of(area: &'static str, rule: &Rule) -> Self {
        Self {
            id: rule.id,
            area,
            level: rule.level.name(),
            needs: rule.needs.iter().map(|it| it.name()).collect(),
            profile: rule.concern.map(|it| Profile::of(it).name()),
            fix: rule.fix.map(|it| match it {
                Promise::Safe => "safe",
                Promise::Unsafe => "unsafe",
            }),
            since: rule.since,
            summary: rule.summary(),
        }
    }
}

/// The page of a rule, with what is said of its wrong examples.
pub fn markdown(rule: &'static Rule) -> String {
    let mut page = format!("# {}\n\n", rule.id);
    let mut said = found_in_examples(rule).into_iter();
    let (mut is_wrong, mut is_example) = (false, false);
    for line in rule.page().lines() {
        page.push_str(&format!("{line}\n"));
        if let Some(heading) = line.strip_prefix("## ") {
            is_wrong = heading == "Wrong";
        }
        match line.strip_prefix("```") {
            Some("") if std::mem::take(&mut is_example) => {
                let said = said.next().map(|it| output(&it)).unwrap_or_default();
                page.push_str(&format!("\n```text\n{}\n```\n", said.trim_end()));
            }
            Some(kind) => is_example = is_wrong && kind.split(' ').next() == Some("conf"),
            None => {}
        }
    }
    page
}

fn output(outcome: &Outcome) -> String {
    let display = |name: &str| name.rsplit('/').next().unwrap_or_default().to_owned();
    let style = Style {
        display: &display,
        quiet: true,
        ..Style::default()
    };
    let mut out = Vec::new();
    // Memory takes everything.
    let _ = render(outcome, Format::Full, &style, &mut out);
    String::from_utf8_lossy(&out).into_owned()
}

/// All pages as a book for mdBook: the paths of its files, and their texts.
pub fn book() -> Vec<(String, String)> {
    let title = "[book]\ntitle = \"The rules of httpd-lint\"\nsrc = \"src\"\n";
    let mut files = vec![("book.toml".to_owned(), title.to_owned())];
    let mut summary = "# Summary\n\n[Rules](index.md)\n".to_owned();
    let mut index =
        "# Rules\n\n| rule | level | profile | fix | needs | |\n|---|---|---|---|---|---|\n"
            .to_owned();
    let mut area = "";
    for entry in Entry::all() {
        if area != entry.area {
            area = entry.area;
            summary.push_str(&format!("\n# {area}\n\n"));
        }
        let path = format!("{area}/{}.md", entry.id);
        summary.push_str(&format!("- [{}]({path})\n", entry.id));
        index.push_str(&format!(
            "| [`{}`]({path}) | {} | {} | {} | {} | {} |\n",
            entry.id,
            entry.level,
            entry.profile.unwrap_or_default(),
            entry.fix.unwrap_or_default(),
            entry.needs.join(", "),
            entry.summary.replace('|', "\\|"),
        ));
        if let Some(rule) = rules::find(entry.id) {
            files.push((format!("src/{path}"), markdown(rule)));
        }
    }
    files.push(("src/SUMMARY.md".to_owned(), summary));
    files.push(("src/index.md".to_owned(), index));
    files
}
