//! The pages of all rules, as a person and a program get them.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test reads files, and fails by panicking"
)]

mod support {
    pub(crate) mod folder;
    pub(crate) mod tree;
}

use httpd_lint::rules;
use serde_json::Value;
use support::tree::Tree;

#[test]
fn every_rule_has_a_chapter_with_what_is_said_of_its_example() {
    let tree = Tree::new(&[]);
    let said = tree.run(&["explain", "--all", "--output", "book"]);
    assert_eq!((said.code, &*said.err), (Some(0), ""));
    assert!(tree.text("book/book.toml").contains("src = \"src\""));
    let summary = tree.text("book/src/SUMMARY.md");
    let links = summary
        .split("](")
        .skip(1)
        .map(|it| it.split_once(')').unwrap().0);
    let chapters: Vec<String> = links
        .map(|it| tree.text(&format!("book/src/{it}")))
        .collect();
    assert_eq!(chapters.len(), rules::all().count() + 1);
    let index = tree.text("book/src/index.md");
    for rule in rules::all() {
        let title = format!("# {}\n", rule.id);
        let chapter = chapters.iter().find(|it| it.starts_with(&title));
        let chapter = chapter.unwrap_or_else(|| panic!("{} has no chapter", rule.id));
        let output = chapter.split("```text\n").nth(1).unwrap_or_default();
        let found = format!("{}[{}]: ", rule.level.name(), rule.id);
        assert!(output.starts_with(&found), "{}: {output}", rule.id);
        assert!(index.contains(&format!("| [`{}`](", rule.id)));
    }
}

#[test]
fn a_page_is_markdown_with_what_is_said_of_its_example() {
    let tree = Tree::new(&[]);
    let said = tree.run(&["explain", "comment-swallows-line", "--format", "markdown"]);
    let wrong = said.out.split("## Wrong\n").nth(1).unwrap();
    let wrong = wrong.split("## Right\n").next().unwrap();
    assert!(
        wrong.contains("```conf\n") && wrong.contains("```text\nwarning[comment-swallows-line]")
    );
    let misspelt = tree.run(&["explain", "missing-final-newlin"]);
    assert_eq!(misspelt.code, Some(2));
    assert!(misspelt.err.contains("is it `missing-final-newline`?"));
}

#[test]
fn programs_get_the_list_of_rules() {
    let tree = Tree::new(&[]);
    let list: Value = serde_json::from_str(&tree.run(&["rules", "--format", "json"]).out).unwrap();
    let all = list["rules"].as_array().unwrap();
    assert_eq!(all.len(), rules::all().count());
    let of = |id: &str| all.iter().find(|it| it["id"] == id).unwrap();
    let quote = of("unterminated-quote");
    assert_eq!(quote["area"], "lines");
    assert_eq!(quote["level"], "warning");
    assert_eq!(quote["fix"], "safe");
    assert_eq!(of("unknown-allowance")["fix"], "unsafe");
    assert_eq!(of("misplaced-directive")["fix"], Value::Null);
    assert_eq!(of("module-not-in-loaded-list")["needs"][0], "`httpd -M`");
    let lines = tree.run(&["rules"]).out;
    assert_eq!(lines.lines().count(), all.len());
}
