//! What the measured lines of the shared cases need around them.
#![allow(dead_code, reason = "each test uses its part")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use super::linter::Answer;
use super::server::{MODULES, third_party};

/// One measured line.
pub(crate) struct Case {
    pub(crate) id: u64,
    pub(crate) directive: String,
    pub(crate) text: String,
    /// Of a line in `.htaccess`: the words of `AllowOverride`.
    pub(crate) allow_override: String,
    accepted: bool,
    line: Option<u64>,
    message: String,
    needs_third_party: bool,
}

impl Case {
    fn read(line: &str) -> Self {
        let value: Value = serde_json::from_str(line).expect("a case is JSON");
        let text = |it: &Value| it.as_str().unwrap_or_default().to_owned();
        Self {
            id: value["id"].as_u64().expect("a case has a number"),
            directive: text(&value["directive"]),
            text: text(&value["config"]),
            allow_override: text(&value["allow_override"]),
            accepted: value["exit"] == 0,
            line: value["line"].as_u64(),
            message: text(&value["message"]),
            needs_third_party: !value["prelude"].is_null(),
        }
    }

    /// Why an answer about the case, which stands in a file, is wrong.
    pub(crate) fn mistake(&self, at: &Fixtures, file: &Path, answer: Answer) -> Option<String> {
        let message = at.specific(&self.message);
        let message = message.replace("@DIR@", &file.display().to_string());
        match (self.accepted, answer.refusal) {
            (true, None) => None,
            (true, Some(ours)) => Some(format!("httpd accepts it\n  ours  {ours}")),
            (false, None) => Some(format!("httpd refuses it: {message}")),
            (false, Some(ours)) => {
                // Ours may leave out the help sentence. The log shows a newline as `\n`.
                let shown = |it: &str| it.trim().replace('\n', "\\n");
                let (message, said) = (shown(&message), shown(&ours.message));
                let is_same = message == said || message.starts_with(&format!("{said}, "));
                let is_there = self.line.is_none() || self.line == ours.line;
                (!is_same || !is_there)
                    .then(|| format!("httpd {:?} {message}\n  ours  {ours}", self.line))
            }
        }
    }
}

/// The unpacked fixtures, with the preludes.
pub(crate) struct Fixtures {
    folder: TempDir,
    prelude: String,
    // Where modules that do not come with httpd are unpacked.
    third_party: Option<String>,
}

impl Fixtures {
    /// The fixtures, and the cases of a file that they are for; a message on stderr and nothing
    /// where they are not there, or cannot be judged.
    pub(crate) fn find(cases: &str) -> Option<(Self, Vec<Case>)> {
        let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/cases");
        let Ok(text) = fs::read_to_string(shared.join(cases)) else {
            eprintln!("skipped: there are no shared cases");
            return None;
        };
        if !Path::new(MODULES).join("mod_wsgi.so").exists() {
            eprintln!("skipped: the modules of the prelude are not installed");
            return None;
        }
        let fixtures = Self::unpack(&shared);
        let cases: Vec<Case> = text.lines().map(Case::read).collect();
        if fixtures.third_party.is_none() && cases.iter().any(|it| it.needs_third_party) {
            eprintln!("skipped: the cases of modules that `tests/setup` unpacks");
        }
        Some((fixtures, cases))
    }

    fn unpack(shared: &Path) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let status = Command::new("tar")
            .arg("-xzf")
            .arg(shared.join("arguments-fixtures.tgz"))
            .arg("-C")
            .arg(folder.path())
            .status()
            .expect("tar starts");
        assert!(status.success(), "the fixtures are an archive");
        let prelude = fs::read_to_string(shared.join("arguments-prelude.conf")).unwrap();
        let mut fixtures = Self {
            folder,
            prelude: String::new(),
            third_party: None,
        };
        fixtures.prelude = fixtures.specific(&prelude);
        if Path::new(third_party::MODULES).exists() {
            let prelude = shared.join("arguments-prelude-prefork-all.conf");
            let prelude = fs::read_to_string(prelude).unwrap();
            fixtures.third_party = Some(unpacked(&fixtures.specific(&prelude)));
        }
        fixtures
    }

    /// A configuration that loads every module; the line of a case follows it. Nothing where the
    /// modules of the case are not there.
    pub(crate) fn prelude(&self, case: &Case) -> Option<&str> {
        match case.needs_third_party {
            true => self.third_party.as_deref(),
            false => Some(&self.prelude),
        }
    }

    /// A folder for the files of cases.
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn root(&self) -> PathBuf {
        self.path().join("sr")
    }

    /// A text with the name of the server's root put in.
    pub(crate) fn specific(&self, text: &str) -> String {
        text.replace("@SR@", &self.root().display().to_string())
    }
}

// A prelude that loads modules from where they are.
fn unpacked(prelude: &str) -> String {
    let mut text = prelude.to_owned();
    for line in prelude.lines().filter(|it| it.starts_with("LoadModule ")) {
        let Some((_, object)) = line.rsplit_once('/') else {
            continue;
        };
        if !Path::new(MODULES).join(object).exists() {
            let (installed, unpacked) = (MODULES, third_party::MODULES);
            text = text.replace(
                &format!("{installed}/{object}"),
                &format!("{unpacked}/{object}"),
            );
        }
    }
    text
}
