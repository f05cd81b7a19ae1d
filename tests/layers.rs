//! The layers of the house: who may know whom, who may touch the machine, and how long a file is.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test reads files, and fails by panicking"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Each top-level module with the modules that it uses directly; what those use, it may use too.
/// Nothing else is allowed.
const LAYERS: &[(&str, &[&str])] = &[
    ("source", &[]),
    ("threads", &[]),
    ("world", &[]),
    ("diagnostic", &["source"]),
    ("syntax", &["diagnostic"]),
    ("form", &[]),
    ("object", &[]),
    ("httpd", &["diagnostic", "form"]),
    ("facts", &["diagnostic"]),
    ("argument", &["diagnostic", "form", "syntax", "world"]),
    (
        "evaluate",
        &[
            "syntax", "httpd", "facts", "argument", "object", "threads", "world",
        ],
    ),
    ("model", &["evaluate"]),
    ("configtest", &["model"]),
    ("rule", &["configtest"]),
    ("rules", &["rule"]),
    ("lint", &["rules"]),
    ("review", &["lint"]),
    ("render", &["review"]),
    ("shell", &["render"]),
    ("format", &["evaluate"]),
    ("lsp", &["shell", "format"]),
    ("cli", &["lsp"]),
];

/// What may touch the machine: files, environment, processes, time, printing.
const TOUCHES_THE_MACHINE: &[&str] = &["shell", "cli", "lsp", "main"];

/// A file that is longer, its tests not counted, wants to be two.
const LINES: usize = 600;

#[test]
fn no_layer_knows_a_higher_one() {
    let mut wrong = Vec::new();
    for file in files() {
        let Some(allowed) = file.allowed() else {
            continue;
        };
        for used in used_modules(&file.code) {
            if used != file.layer && !allowed.contains(used.as_str()) {
                wrong.push(format!("{}: {} may not use {used}", file.path, file.layer));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_layer_has_a_row() {
    let known: BTreeSet<&str> = LAYERS.iter().map(|(layer, _)| *layer).collect();
    for file in files() {
        let has_row = known.contains(file.layer.as_str());
        assert!(
            has_row || ["lib", "main"].contains(&file.layer.as_str()),
            "{}: `{}` has no row in the table of layers",
            file.path,
            file.layer
        );
    }
    for (layer, used) in LAYERS {
        for it in *used {
            assert!(
                known.contains(it),
                "`{layer}` uses `{it}`, which has no row"
            );
        }
    }
}

#[test]
fn only_the_shell_and_the_front_ends_touch_the_machine() {
    for file in files() {
        let touches = ["#![allow(", "#[allow(", "#![expect(", "#[expect("]
            .iter()
            .flat_map(|it| file.code.split(it).skip(1))
            .filter_map(|it| it.split(")]").next())
            .any(|it| it.contains("clippy::disallowed_methods") || it.contains("clippy::print_"));
        assert!(
            !touches || TOUCHES_THE_MACHINE.contains(&file.layer.as_str()),
            "{}: `{}` asks the World instead",
            file.path,
            file.layer
        );
    }
}

#[test]
fn no_file_is_too_long() {
    for file in files() {
        let lines = file.code.lines().count();
        assert!(
            lines <= LINES,
            "{}: {lines} lines are more than {LINES}",
            file.path
        );
    }
}

struct File {
    path: String,
    /// The top-level module, `lib` or `main`.
    layer: String,
    /// The text without its tests: these may know everything.
    code: String,
}

impl File {
    /// Every layer below this one; `None` for the two files above all layers.
    fn allowed(&self) -> Option<BTreeSet<&'static str>> {
        let mut allowed = BTreeSet::new();
        let mut waiting = vec![row(&self.layer)?];
        while let Some(used) = waiting.pop() {
            waiting.extend(
                used.iter()
                    .filter(|it| allowed.insert(**it))
                    .filter_map(|it| row(it)),
            );
        }
        Some(allowed)
    }
}

fn row(layer: &str) -> Option<&'static [&'static str]> {
    LAYERS
        .iter()
        .find(|(it, _)| *it == layer)
        .map(|(_, used)| *used)
}

fn files() -> Vec<File> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    walkdir::WalkDir::new(&source)
        .sort_by_file_name()
        .into_iter()
        .map(|it| it.expect("the source is readable").into_path())
        .filter(|it| it.extension().is_some_and(|it| it == "rs") && !it.ends_with("tests.rs"))
        .map(|path| {
            let inside = path.strip_prefix(&source).expect("it was found there");
            let layer = inside
                .iter()
                .next()
                .expect("a file has a name")
                .to_string_lossy();
            File {
                path: format!("src/{}", inside.display()),
                layer: layer.trim_end_matches(".rs").to_owned(),
                code: without_tests(&fs::read_to_string(&path).expect("Rust is UTF-8")),
            }
        })
        .collect()
}

/// What stands above the module of tests, which is always the last.
fn without_tests(text: &str) -> String {
    let code = text.split("#[cfg(test)]\nmod tests {").next();
    code.unwrap_or_default().to_owned()
}

/// The top-level modules that follow `crate::`, alone or in braces, outside of comments.
fn used_modules(text: &str) -> BTreeSet<String> {
    let code: String = text
        .lines()
        .filter(|it| !it.trim_start().starts_with("//"))
        .flat_map(|it| [it, "\n"])
        .collect();
    let mut used = BTreeSet::new();
    for path in code.split("crate::").skip(1) {
        match path.strip_prefix('{') {
            Some(list) => used.extend(first_names(list)),
            None => used.extend(name(path)),
        }
    }
    used
}

/// `a` and `b` of `a::{x, y}, b::z}`.
fn first_names(list: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut depth = 0;
    let mut at_start = true;
    for (at, it) in list.char_indices() {
        match it {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => at_start = true,
            _ if at_start && !it.is_whitespace() => {
                names.extend(name(&list[at..]));
                at_start = false;
            }
            _ => {}
        }
    }
    names
}

/// The lower-case name that a path begins with: modules, not the macros and types at the root.
fn name(path: &str) -> Option<String> {
    let end = path
        .find(|it: char| !it.is_alphanumeric() && it != '_')
        .unwrap_or(path.len());
    let is_macro = path[end..].starts_with('!');
    let is_module = path.starts_with(|it: char| it.is_lowercase()) && !is_macro;
    is_module.then(|| path[..end].to_owned())
}

#[test]
fn the_modules_that_a_file_uses_are_found() {
    let text = "use crate::{diagnostic::{Level, Span}, facts};\n\
                use crate::source::FileId;\n\
                // use crate::render::Full;\n\
                /// See [`crate::lint`].\n\
                crate::rule! { x }\n\
                fn f() -> crate::world::Kind { crate::Thing }\n";
    let used: Vec<String> = used_modules(text).into_iter().collect();
    assert_eq!(used, ["diagnostic", "facts", "source", "world"]);
}
