//! Every rule says what its documents show, and nothing else is said of them.
//!
//! The documents are `tests/rules/AREA/RULE.md`; how they are written is told in
//! `tests/support/fixture.rs`. `UPDATE=1 cargo test --test rules` writes down what is said now:
//! read the difference before committing it.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test reads files, and fails by panicking"
)]

#[path = "support"]
mod support {
    pub(crate) mod fixture;
    pub(crate) mod house;
}

use std::collections::BTreeMap;
use std::path::Path;

use httpd_lint::diagnostic::{Diagnostic, Edit, Promise};
use httpd_lint::lint::Outcome;
use httpd_lint::render::{Format, Style, render};
use httpd_lint::rules;
use httpd_lint::source::{Source, Span};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use support::fixture::{Block, Case, Fixture};
use support::house::House;

const ROOT: &str = "/etc/httpd";

#[test]
fn every_document_shows_what_is_said() {
    let mut wrong = Vec::new();
    for fixture in fixtures() {
        let mut texts = Vec::new();
        for case in &fixture.cases {
            let said = said(&fixture.rule, case);
            for (block, text) in case.blocks.iter().zip(&said) {
                if block.text != *text {
                    let (id, sentence, shown) = (&fixture.rule, &case.sentence, &block.text);
                    wrong.push(format!(
                        "{id}: {sentence}\n--- shown\n{shown}--- said\n{text}"
                    ));
                }
            }
            texts.extend(said);
        }
        if updating() {
            fixture.update(&texts);
        }
    }
    assert!(updating() || wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_document_shows_its_rule_and_a_near_miss() {
    for fixture in fixtures() {
        let findings = |case: &Case| {
            let outcome = lint(&fixture.rule, case);
            let of_rule = |it: &&Diagnostic| it.rule == fixture.rule;
            outcome.diagnostics.iter().filter(of_rule).count()
        };
        let counts: Vec<usize> = fixture.cases.iter().map(findings).collect();
        let id = &fixture.rule;
        assert!(counts.iter().any(|it| *it > 0), "{id} is never shown");
        assert!(counts.contains(&0), "{id} has no case where it is silent");
    }
}

#[test]
fn a_rule_offers_the_fixes_that_it_declares() {
    let mut offered: BTreeMap<&str, Promise> = BTreeMap::new();
    let fixtures = fixtures();
    let cases = fixtures
        .iter()
        .flat_map(|it| it.cases.iter().map(move |case| (&it.rule, case)));
    for (rule, case) in cases {
        for finding in lint(rule, case).diagnostics {
            let fixes = finding.fixes.iter().filter(|it| !it.edits.is_empty());
            for promise in fixes.map(|it| it.promise) {
                let best = offered.entry(finding.rule).or_insert(promise);
                if promise == Promise::Safe {
                    *best = promise;
                }
            }
        }
    }
    let declared = rules::all().filter_map(|it| Some((it.id, it.fix?)));
    assert_eq!(offered, declared.collect());
}

proptest! {
    #![proptest_config(ProptestConfig {
        rng_seed: RngSeed::Fixed(1),
        ..ProptestConfig::default()
    })]

    #[test]
    fn whatever_is_read_findings_and_fixes_lie_in_their_text(
        pieces in proptest::collection::vec(proptest::sample::select(PIECES), 0..24)
    ) {
        let text = pieces.concat();
        let mut house = House::new(ROOT);
        house.compile_modules(&text);
        house.start_with("A=b");
        house.put("httpd.conf", text);
        let outcome = house.lint("httpd.conf", false);
        for finding in &outcome.diagnostics {
            let edits = finding.fixes.iter().flat_map(|it| &it.edits).map(|it| it.span);
            let labels = finding.secondary.iter().map(|it| it.span);
            for span in labels.chain(edits).chain([finding.primary.span]) {
                let source = outcome.sources.get(span.file).text();
                prop_assert!(source.get(span.range()).is_some(), "{:?}", finding);
            }
        }
        changes(&outcome);
        output(&outcome);
    }
}

/// What rules look at, to be put together in any order.
const PIECES: &[&str] = &[
    "\n",
    "\n",
    "\n",
    " ",
    "\\\n",
    "\\\r\n",
    "\r",
    "\0",
    "é",
    "\"",
    "'",
    "# ",
    ">",
    "RewriteRule ^/(a|b)$ ",
    "RewriteCond %{HTTP_X_É} ",
    "AliasMatch ^/(.) ",
    "/$1$2\\$3%{REQ:é}%{",
    " [R=é;L,CO=a:b,L=1]",
    "Redirect 301 é ",
    "ErrorDocument 404 é.html",
    "AddType .é a,é",
    "${X}",
    "${",
    "<IfModule mod_rewrit.c>",
    "<IfModule headers_module>",
    "</IfModule>",
    "<VirtualHost *:80>",
    "</VirtualHost>",
    "<Macro m $a>",
    "</Macro>",
    "Use m b",
    "Define X y",
    "ServerAlias a # b c",
    "ServerAlias 'a b",
    "LoadModule headers_module modules/mod_headers.so",
    "Mutex sysvsem default",
    "WSGIDaemonProcess a processes=2 ",
    "python-home=/a/bin/python",
    "WSGIProcessGroup A",
    "$a",
    "Alias /a",
    "/b /c",
    "Timeout 5min",
    "KeepAlive On ",
    "ServerLimit 0",
    "MaxRequestWorkers 60",
    "<Limit get>",
    "<Location a",
    "AllowOverride Nonfatal=x",
    "AllowOverrideList Redirct",
    "DocumentRoot x",
    "DefaultType y",
];

fn fixtures() -> Vec<Fixture> {
    Fixture::all(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules"))
}

fn updating() -> bool {
    std::env::var_os("UPDATE").is_some()
}

fn lint(rule: &str, case: &Case) -> Outcome {
    let mut house = House::new(ROOT);
    let files: Vec<&Block> = case.blocks.iter().filter(|it| it.kind == "conf").collect();
    let texts: Vec<String> = files.iter().map(|it| it.file()).collect();
    house.compile_modules(&texts.join("\n"));
    for block in &case.blocks {
        match &*block.kind {
            "facts" => house.know(&block.text),
            "envvars" => house.start_with(&block.text),
            "module" => house.put_module(&block.name, block.text.trim()),
            "conf" => house.put(&block.name, block.file()),
            "file" => house.world.put(&block.name, block.text.as_str()),
            "diff" | "output" | "answers" => {}
            other => panic!("{}: there is no block `{other}`", case.sentence),
        }
    }
    let main = files.first().expect("a case has a `conf` block");
    let rule = rules::find(rule).expect("a document is about a rule");
    house.lint_for(rule, &main.name, main.has("fragment"))
}

/// What each block of a case should hold.
fn said(rule: &str, case: &Case) -> Vec<String> {
    let outcome = lint(rule, case);
    let details = case.blocks.iter().any(Block::has_details);
    let each = case.blocks.iter().map(|block| match &*block.kind {
        "conf" => annotated(&outcome, block, rule, details),
        "diff" => changes(&outcome),
        "output" => output(&outcome),
        _ => block.text.clone(),
    });
    each.collect()
}

fn output(outcome: &Outcome) -> String {
    let display = |name: &str| {
        name.trim_start_matches(ROOT)
            .trim_start_matches('/')
            .to_owned()
    };
    let style = Style {
        display: &display,
        quiet: true,
        ..Style::default()
    };
    let mut out = Vec::new();
    render(outcome, Format::Full, &style, &mut out).expect("memory is writable");
    String::from_utf8(out).expect("the output is UTF-8")
}

/// A file with what is said under its lines.
fn annotated(outcome: &Outcome, block: &Block, rule: &str, details: bool) -> String {
    let file = outcome.sources.find(&format!("{ROOT}/{}", block.name));
    let mut notes: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    let mut note = |span: Span, mark: char, text: &str| {
        if Some(span.file) == file {
            let source = outcome.sources.get(span.file);
            let line = source.text()[..span.start as usize].matches('\n').count();
            let marked = marked(source, span, mark, text);
            notes.entry(line).or_default().push(marked);
        }
    };
    for finding in &outcome.diagnostics {
        let id = match finding.rule == rule {
            true => String::new(),
            false => format!("[{}]", finding.rule),
        };
        let (place, level) = (finding.primary.span, finding.level.name());
        note(place, '^', &format!("{level}{id}: {}", finding.message));
        if !details {
            continue;
        }
        if !finding.primary.message.is_empty() {
            note(place, '^', &finding.primary.message);
        }
        for detail in detail_lines(finding) {
            note(place, '=', &detail);
        }
        for label in &finding.secondary {
            note(label.span, '-', &label.message);
        }
    }
    let mut shown = String::new();
    for (number, line) in block.lines().enumerate() {
        shown.push_str(&format!("{line}\n"));
        for note in notes.remove(&number).unwrap_or_default() {
            shown.push_str(&format!("{note}\n"));
        }
    }
    shown
}

fn detail_lines(finding: &Diagnostic) -> Vec<String> {
    let httpd = finding
        .httpd
        .iter()
        .map(|it| format!("httpd: {}", it.message));
    let notes = finding.notes.iter().map(|it| format!("note: {it}"));
    let fixes = finding.fixes.iter().map(|it| format!("help: {}", it.title));
    httpd.chain(notes).chain(fixes).collect()
}

/// A text under the place that it speaks of.
fn marked(source: &Source, span: Span, mark: char, text: &str) -> String {
    let whole = source.text();
    let start = span.start as usize;
    let line_start = whole[..start].rfind('\n').map_or(0, |it| it + 1);
    let indent: String = whole[line_start..start]
        .chars()
        .map(|it| if it == '\t' { '\t' } else { ' ' })
        .collect();
    if mark == '=' {
        return format!("{indent}= {text}");
    }
    let covered = whole[span.range()].split('\n').next().unwrap_or_default();
    let least = if mark == '-' { 3 } else { 1 };
    let width = covered.trim_end().chars().count().max(least);
    format!("{indent}{} {text}", mark.to_string().repeat(width))
}

/// The lines that the first fix of every finding takes away and brings.
fn changes(outcome: &Outcome) -> String {
    let fixes = outcome.diagnostics.iter().filter_map(|it| it.fixes.first());
    let mut edits: Vec<&Edit> = fixes.flat_map(|it| &it.edits).collect();
    edits.sort_by_key(|it| (it.span.file, it.span.start));
    let mut shown = String::new();
    for file in outcome.sources.ids() {
        let old = outcome.sources.get(file).text();
        let mut new = old.to_owned();
        for edit in edits.iter().rev().filter(|it| it.span.file == file) {
            new.replace_range(edit.span.range(), &edit.text);
        }
        shown.push_str(&difference(old, &new));
    }
    shown
}

// What is left between the lines that are the same at both ends.
fn difference(old: &str, new: &str) -> String {
    let (old, new): (Vec<_>, Vec<_>) = (
        old.split_inclusive('\n').collect(),
        new.split_inclusive('\n').collect(),
    );
    let same = |pairs: &mut dyn Iterator<Item = (&&str, &&str)>| {
        pairs.take_while(|(one, other)| one == other).count()
    };
    let before = same(&mut old.iter().zip(&new));
    let after = same(&mut old[before..].iter().rev().zip(new[before..].iter().rev()));
    let shown = |sign: char, lines: &[&str]| -> String {
        let each = lines.iter().map(|it| match it.strip_suffix('\n') {
            Some(line) => format!("{sign}{line}\n"),
            None => format!("{sign}{it}\n\\ no newline\n"),
        });
        each.collect()
    };
    shown('-', &old[before..old.len() - after]) + &shown('+', &new[before..new.len() - after])
}
