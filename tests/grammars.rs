//! What the grammars must have, so that no text overflows the stack: pest is built without its guard
//! against deep recursion.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a test reads the source tree, and fails by panicking"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use pest_meta::ast::Expr;
use pest_meta::parser;

/// The grammars with rules that lead to themselves. What bounds their depth stands where they are
/// used.
const RECURSIVE: [&str; 1] = ["envvars.pest"];

/// The rules that each rule names.
fn names_in_rules(grammar: &str) -> BTreeMap<String, BTreeSet<String>> {
    let pairs = parser::parse(parser::Rule::grammar_rules, grammar).unwrap();
    let rules = parser::consume_rules(pairs).unwrap();
    let named = |expression: &Expr| {
        let parts = expression.clone().iter_top_down();
        let names = parts.filter_map(|it| match it {
            Expr::Ident(name) => Some(name),
            _ => None,
        });
        names.collect()
    };
    rules
        .iter()
        .map(|it| (it.name.clone(), named(&it.expr)))
        .collect()
}

/// Whether a rule leads to itself.
fn is_recursive(rule: &str, names: &BTreeMap<String, BTreeSet<String>>) -> bool {
    let mut seen = BTreeSet::new();
    let mut left: Vec<&String> = names[rule].iter().collect();
    while let Some(name) = left.pop() {
        if seen.insert(name) {
            left.extend(names.get(name).into_iter().flatten());
        }
    }
    seen.iter().any(|it| *it == rule)
}

#[test]
fn only_grammars_with_a_bound_are_recursive() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("grammar");
    let mut recursive = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let names = names_in_rules(&fs::read_to_string(&path).unwrap());
        assert!(!names.is_empty());
        if names.keys().any(|it| is_recursive(it, &names)) {
            recursive.push(path.file_name().unwrap().to_str().unwrap().to_owned());
        }
    }
    recursive.sort_unstable();
    assert_eq!(recursive, RECURSIVE);
}
