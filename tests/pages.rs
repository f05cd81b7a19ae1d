//! The rules' pages are true: every example does what its page says, also on the real httpd.
//!
//! An example is read as a file of a small server. What a page calls wrong is found by its rule
//! and by no other, and what it calls right by none. The real server refuses what is wrong at the
//! level of an error, with the message that we foretell, and accepts everything else.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "a test starts programs, and fails by panicking"
)]

mod support {
    pub(crate) mod fixture;
    pub(crate) mod folder;
    pub(crate) mod house;
    pub(crate) mod refusal;
    pub(crate) mod server;
    pub(crate) mod workers;
}

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use httpd_lint::diagnostic::{HttpdMessage, Level};
use httpd_lint::facts;
use httpd_lint::lint::Outcome;
use httpd_lint::rule::{Check, Rule};
use httpd_lint::rules;
use support::fixture::{Block, Fixture, Part, parts};
use support::house::House;
use support::refusal::{Refusal, first_refusal};
use support::server::{MODULES, Server};
use support::{folder, workers};

const SECTIONS: [&str; 5] = [
    "What httpd does",
    "Why it matters",
    "Wrong",
    "Right",
    "How sure",
];

#[test]
fn every_page_has_its_sections_and_a_summary_of_one_sentence() {
    for rule in rules::all() {
        let (id, page) = (rule.id, rule.page());
        let headings: Vec<&str> = page
            .lines()
            .filter_map(|it| it.strip_prefix("## "))
            .collect();
        assert_eq!(headings, SECTIONS, "{id}");
        let summary = rule.summary();
        assert!(summary.ends_with('.'), "{id}: {summary}");
        assert_eq!(summary.matches(". ").count(), 0, "{id}: {summary}");
    }
}

#[test]
fn every_rule_has_its_document_beside_those_of_its_area() {
    let documents: BTreeSet<PathBuf> = Fixture::all(&project("tests/rules"))
        .into_iter()
        .map(|it| {
            it.path
                .strip_prefix(project("tests/rules"))
                .unwrap()
                .to_owned()
        })
        .collect();
    let sources = walkdir::WalkDir::new(project("src/rules")).min_depth(2);
    let expected: BTreeSet<PathBuf> = sources
        .into_iter()
        .map(|it| it.unwrap().into_path())
        .filter(|it| it.file_name().is_some_and(|it| it != "mod.rs"))
        .map(|it| {
            let area = it.parent().and_then(Path::file_name).unwrap();
            let id = it.file_stem().unwrap().to_string_lossy().replace('_', "-");
            Path::new(area).join(format!("{id}.md"))
        })
        .collect();
    assert_eq!(documents, expected);
    let ids: BTreeSet<&str> = rules::all().map(|it| it.id).collect();
    let stems: BTreeSet<&str> = expected
        .iter()
        .map(|it| it.file_stem().unwrap().to_str().unwrap())
        .collect();
    assert_eq!(ids, stems);
}

#[test]
fn every_refusal_has_a_page() {
    let mut emitted = BTreeSet::new();
    for layer in ["src/evaluate", "src/configtest"] {
        for file in walkdir::WalkDir::new(project(layer)) {
            let path = file.unwrap().into_path();
            if path.extension().is_some_and(|it| it == "rs") {
                let text = fs::read_to_string(path).unwrap();
                let code = text.split("#[cfg(test)]").next().unwrap_or_default();
                emitted.extend(ids_in(code).map(str::to_owned));
            }
        }
    }
    let refused = rules::all().filter(|it| matches!(it.check, Check::Refused));
    let registered: BTreeSet<String> = refused.map(|it| it.id.to_owned()).collect();
    assert_eq!(emitted, registered);
}

// Texts of words in lower case with hyphens between them: no other text of these layers has them.
fn ids_in(code: &str) -> impl Iterator<Item = &str> {
    let is_id = |it: &&str| {
        let mut words = it.split('-');
        it.contains('-')
            && words.all(|word| !word.is_empty() && word.bytes().all(|it| it.is_ascii_lowercase()))
    };
    code.split('"').filter(is_id)
}

#[test]
fn what_is_wrong_is_found_by_its_rule_and_what_is_right_by_none() {
    let mut wrong = Vec::new();
    for example in examples() {
        let outcome = example.lint("/etc/httpd");
        let rules = example.found(&outcome);
        let expected: BTreeSet<&str> = match example.is_wrong {
            true => BTreeSet::from([example.rule.id]),
            false => BTreeSet::new(),
        };
        if rules != expected {
            wrong.push(format!("{}: {rules:?}", example.name()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_real_server_does_what_the_pages_say() {
    let Some(server) = Server::find() else { return };
    let examples = examples();
    let results = workers::map(&examples, |example| {
        if example.text.contains("mod_wsgi.so") && !server.has_wsgi() {
            eprintln!(
                "skipped: without mod_wsgi nothing is known of {}",
                example.name()
            );
            return None;
        }
        example.disagreement(&server)
    });
    let wrong: Vec<String> = results.into_iter().flatten().collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The text under `Wrong` or `Right` of a rule's page.
struct Example {
    rule: &'static Rule,
    is_wrong: bool,
    text: String,
    /// The facts of another server, which the real one is not.
    facts: Option<String>,
    envvars: Option<String>,
    /// Other files of the server, which the real one lacks: it looks at none before it is asked.
    files: Vec<(String, String)>,
}

fn examples() -> Vec<Example> {
    let mut examples = Vec::new();
    for rule in rules::all() {
        let mut section = String::new();
        let (mut facts, mut envvars) = (None, None);
        let mut files = Vec::new();
        for part in parts(&rule.page()) {
            let block: Block = match part {
                Part::Sentence(heading) => {
                    section = heading;
                    continue;
                }
                Part::Block(block) => block,
            };
            match &*block.kind {
                "facts" => facts = Some(block.text),
                "envvars" => envvars = Some(block.text),
                "file" => files.push((block.name, block.text)),
                "conf" if section == "Wrong" || section == "Right" => examples.push(Example {
                    rule,
                    is_wrong: section == "Wrong",
                    text: block.file(),
                    facts: facts.clone(),
                    envvars: envvars.clone(),
                    files: files.clone(),
                }),
                _ => {}
            }
        }
    }
    examples
}

impl Example {
    fn name(&self) -> String {
        let section = if self.is_wrong { "Wrong" } else { "Right" };
        format!("{}, {section}", self.rule.id)
    }

    /// The main file of the server whose part the example is.
    fn main(&self, root: &str) -> String {
        let mut modules = vec!["alias", "authz_core", "dir"];
        if !self.text.contains("LoadModule mpm_") {
            modules.push("mpm_event");
        }
        let load: Vec<String> = modules
            .iter()
            .map(|it| format!("LoadModule {it}_module modules/mod_{it}.so\n"))
            .collect();
        // Who says where a server listens says its name, too.
        let name = match self.text.contains("Listen ") {
            true => "",
            false => "ServerName www.example.com\n",
        };
        format!(
            "{name}ErrorLog {root}/logs/error.log\n{}Include example.conf\n",
            load.concat()
        )
    }

    fn lint(&self, root: &str) -> Outcome {
        let mut house = House::new(root);
        house.facts = facts::builtin("debian-12").expect("it is a known build");
        house.facts.version = None;
        if let Some(text) = &self.facts {
            house.know(text);
        }
        if let Some(text) = &self.envvars {
            house.start_with(text);
        }
        for (path, text) in &self.files {
            house.world.put(path, text.as_str());
        }
        house.put("httpd.conf", self.main(root));
        house.put("example.conf", self.text.as_str());
        house.lint_for(self.rule, "httpd.conf", false)
    }

    /// The rules that find something in the example, or refuse anything at all.
    fn found<'a>(&self, outcome: &'a Outcome) -> BTreeSet<&'a str> {
        let found = outcome.diagnostics.iter().filter(|it| {
            let file = outcome.sources.get(it.primary.span.file).name();
            // What is said of the server as a whole stands where its main file begins.
            let rule = rules::find(it.rule).expect("a finding has a rule");
            let is_of_server = matches!(rule.check, Check::Server(_) | Check::Applications(_));
            it.level == Level::Error || is_of_server || file.ends_with("/example.conf")
        });
        found.map(|it| it.rule).collect()
    }

    /// What the real server says where we say something else.
    fn disagreement(&self, server: &Server) -> Option<String> {
        if self.is_wrong && self.facts.is_some() {
            return None;
        }
        let (_folder, root) = folder::temporary();
        let name = root.to_str().expect("a temporary folder has a plain name");
        let main = root.join("httpd.conf");
        symlink(MODULES, root.join("modules")).unwrap();
        for folder in ["logs", "conf.d"] {
            fs::create_dir(root.join(folder)).unwrap();
        }
        fs::write(&main, self.main(name)).unwrap();
        fs::write(root.join("example.conf"), &self.text).unwrap();
        let environment: Vec<(String, String)> = self
            .envvars
            .iter()
            .flat_map(|it| it.lines())
            .filter_map(|it| it.split_once('='))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        let (accepted, stderr) = server.check(&main, &root, &[], &environment);
        let theirs = Refusal::parse(&first_refusal(accepted, &stderr));
        let outcome = self.lint(name);
        let ours = outcome.first.and_then(|it| {
            let httpd = outcome.diagnostics[it].httpd.as_ref()?;
            Some(foretold(httpd))
        });
        let is_refused = self.is_wrong && self.rule.level == Level::Error;
        let agree = match (&theirs, &ours) {
            (Some(theirs), Some(ours)) => is_refused && theirs.is_foretold_by(ours),
            (None, None) => !is_refused,
            _ => false,
        };
        let said = |it: &Option<Refusal>| {
            it.as_ref()
                .map_or("Syntax OK".to_owned(), Refusal::to_string)
        };
        let both = || format!("  httpd: {}\n  lint:  {}", said(&theirs), said(&ours));
        if !agree {
            return Some(format!("{}\n{}", self.name(), both()));
        }
        let mut promised = self.promised_warnings().into_iter();
        let missing = promised.find(|it| !stderr.contains(it))?;
        Some(format!("{}\n  httpd does not say {missing}", self.name()))
    }

    /// The numbers of the warnings that httpd logs, as the page tells.
    fn promised_warnings(&self) -> Vec<String> {
        if !self.is_wrong || self.rule.level == Level::Error {
            return Vec::new();
        }
        let page = self.rule.page();
        let codes = page.split("`AH").skip(1).filter_map(|it| it.get(..5));
        codes.map(|it| format!("AH{it}")).collect()
    }
}

fn foretold(httpd: &HttpdMessage) -> Refusal {
    Refusal {
        phase: Some(httpd.step.phase() as u64),
        file: httpd.file.clone(),
        line: httpd.line.map(u64::from),
        message: httpd.message.clone(),
    }
}

fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}
