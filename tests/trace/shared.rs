//! The servers that were measured elsewhere, where they are on this machine.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::asked::{Asked, changed, predictions, reviewed};
use crate::support::server::MODULES;
use crate::support::{folder, repository, workers};

const ARCHIVE: &str = "../shared/cases/requests/requests.tar.xz";

/// The least of all facts that is predicted right.
const LEAST_RIGHT: f64 = 0.97;

/// The most of all facts that is wrong.
const MOST_WRONG: f64 = 0.003;

/// How the predictions of a case compare with what was measured.
#[derive(Default)]
struct Score {
    right: usize,
    unknown: Vec<String>,
    wrong: Vec<String>,
}

#[test]
fn measured_servers_answer_what_is_predicted() {
    let Some((_held, root)) = unpacked() else {
        return;
    };
    let cases = folders(&root, "expected.json");
    let indexes: Vec<usize> = (0..cases.len()).collect();
    let scores = workers::map(&indexes, |it| score(&cases[*it], *it));
    let right = scores.iter().map(|it| it.right).sum::<usize>();
    let list = |of: fn(&Score) -> &Vec<String>| -> Vec<String> {
        scores.iter().flat_map(|it| of(it).clone()).collect()
    };
    let (unknown, wrong) = (list(|it| &it.unknown), list(|it| &it.wrong));
    let all = right + unknown.len() + wrong.len();
    let summary = format!(
        "of {all} facts {right} are right, {} unknown, {} wrong\n{}\n{}",
        unknown.len(),
        wrong.len(),
        unknown.join("\n"),
        wrong.join("\n"),
    );
    let share = |count: usize| count as f64 / all as f64;
    assert!(share(right) >= LEAST_RIGHT, "{summary}");
    assert!(share(wrong.len()) <= MOST_WRONG, "{summary}");
}

#[test]
fn exactly_the_changes_of_pairs_are_told() {
    let Some((_held, root)) = unpacked() else {
        return;
    };
    let pairs = folders(&root, "change.json");
    let indexes: Vec<usize> = (0..pairs.len()).collect();
    let wrong = workers::map(&indexes, |it| mistaken_pair(&pairs[*it], *it));
    let wrong: Vec<String> = wrong.into_iter().flatten().collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn mistaken_pair(pair: &Path, index: usize) -> Option<String> {
    let before = Site::prepare(&pair.join("before"), index);
    let after = Site::prepare(&pair.join("after"), index);
    let asked: Vec<Asked> = after.requests.iter().map(|it| after.asked(it)).collect();
    let main = |it: &Site| it.root.join("httpd.conf");
    let told = changed(&main(&before), &main(&after), &asked);
    let told: Vec<String> = told
        .into_iter()
        .filter(|it| is_expressible(&after.requests[*it]))
        .map(|it| text(&after.requests[it]["id"]))
        .collect();
    let measured: Vec<String> = list(&read(&pair.join("change.json"))["changed"])
        .iter()
        .map(|it| text(&it["id"]))
        .filter(|id| {
            let request = after.requests.iter().find(|it| it["id"] == **id);
            request.is_some_and(is_expressible)
        })
        .collect();
    (told != measured).then(|| format!("{}: {measured:?} and not {told:?}", pair.display()))
}

#[test]
fn reviews_tell_of_the_pairs_that_change() {
    let Some((_held, root)) = unpacked() else {
        return;
    };
    if !repository::is_there() {
        return;
    }
    let pairs = folders(&root, "change.json");
    let indexes: Vec<usize> = (0..pairs.len()).collect();
    let wrong = workers::map(&indexes, |it| mistaken_review(&pairs[*it], *it));
    let wrong: Vec<String> = wrong.into_iter().flatten().collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

// Both sides at one place, as two commits.
fn mistaken_review(pair: &Path, index: usize) -> Option<String> {
    let folder = pair.join("reviewed");
    let git = |arguments: &[&str]| repository::git_in(&folder, arguments);
    for side in ["before", "after"] {
        if folder.exists() {
            git(&["rm", "-r", "--quiet", "."]);
        }
        let files = pair.join(side).join(".");
        let copied = Command::new("cp")
            .arg("-r")
            .arg(files)
            .arg(&folder)
            .status();
        assert!(copied.is_ok_and(|it| it.success()));
        Site::prepare(&folder, index);
        if side == "before" {
            git(&["init", "--quiet", "--initial-branch=main"]);
        }
        git(&["add", "--all"]);
        git(&["commit", "--quiet", "--allow-empty", "--message", side]);
    }
    let told = reviewed(&folder);
    let is_told = !list(&told["changes"]).is_empty();
    let change = read(&pair.join("change.json"));
    let is_changed = change["kind"] != "none";
    (is_told != is_changed).then(|| {
        let (title, changes) = (&change["title"], &told["changes"]);
        format!("{}: {title} {}: {changes}", pair.display(), change["kind"])
    })
}

fn unpacked() -> Option<(tempfile::TempDir, PathBuf)> {
    let archive = Path::new(env!("CARGO_MANIFEST_DIR")).join(ARCHIVE);
    if !archive.exists() {
        eprintln!("skipped: the measured servers are not on this machine");
        return None;
    }
    let (held, root) = folder::temporary();
    fs::set_permissions(&root, PermissionsExt::from_mode(0o755)).unwrap();
    let unpacked = Command::new("tar")
        .arg("-xJf")
        .arg(&archive)
        .arg("-C")
        .arg(&root)
        .status();
    assert!(
        unpacked.is_ok_and(|it| it.success()),
        "the archive can be unpacked"
    );
    Some((held, root))
}

// The folders that hold a file of that name.
fn folders(root: &Path, name: &str) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = walkdir::WalkDir::new(root)
        .into_iter()
        .filter_map(|it| it.ok().map(walkdir::DirEntry::into_path))
        .filter(|it| it.ends_with(name))
        .filter_map(|it| it.parent().map(Path::to_path_buf))
        .collect();
    found.sort();
    found
}

/// A measured server, put in its place.
struct Site {
    root: PathBuf,
    requests: Vec<Value>,
    arguments: Vec<String>,
    environment: Vec<(String, String)>,
    places: Vec<(&'static str, String)>,
}

impl Site {
    fn prepare(case: &Path, index: usize) -> Self {
        let number = u16::try_from(index).unwrap();
        let port = |offset: u16| (24_000 + 8 * number + offset).to_string();
        let address = |offset: u16| format!("127.0.0.1:{}", port(offset));
        let places = vec![
            ("@DIR@", case.display().to_string()),
            ("@PORT@", port(0)),
            ("@PORT2@", port(1)),
            ("@BACKEND@", address(2)),
            ("@BACKEND2@", address(3)),
            ("@FCGI@", address(4)),
            ("@DEAD@", address(5)),
            ("@MODULES@", MODULES.to_owned()),
        ];
        let beside = case.join("case.json");
        let meta = match beside.exists() {
            true => read(&beside),
            false => read(&case.parent().unwrap().join("case.json")),
        };
        let site = Self {
            root: case.to_owned(),
            requests: list(&meta["requests"]),
            arguments: list(&meta["args"]).iter().map(text).collect(),
            environment: meta["env"]
                .as_object()
                .into_iter()
                .flatten()
                .map(|(name, value)| (name.clone(), text(value)))
                .collect(),
            places,
        };
        site.put_places();
        for step in list(&meta["setup"]) {
            site.set_up(&text(&step));
        }
        for name in list(&meta["certs"]) {
            let name = text(&name);
            let name = name.split('+').next().unwrap();
            for end in ["crt", "key"] {
                let path = case.join("certs").join(format!("{name}.{end}"));
                fs::write(path, "").unwrap();
            }
        }
        site
    }

    fn put_places(&self) {
        for entry in walkdir::WalkDir::new(&self.root) {
            let path = entry.unwrap().into_path();
            let is_record = path.ends_with("expected.json");
            let Ok(text) = fs::read_to_string(&path) else {
                continue;
            };
            if is_record {
                continue;
            }
            fs::write(&path, self.place(&text)).unwrap();
            if text.starts_with("#!") {
                fs::set_permissions(&path, PermissionsExt::from_mode(0o755)).unwrap();
            }
        }
        for folder in ["logs", "run", "htdocs", "certs"] {
            fs::create_dir_all(self.root.join(folder)).unwrap();
        }
    }

    fn place(&self, text: &str) -> String {
        let put = |text: String, (name, value): &(&str, String)| text.replace(name, value);
        self.places.iter().fold(text.to_owned(), put)
    }

    fn set_up(&self, step: &str) {
        let (kind, argument) = step.split_once(':').unwrap();
        let (first, second) = argument.split_once(' ').unwrap_or((argument, ""));
        let target = self.root.join(second);
        match kind {
            "mkdir" => fs::create_dir_all(self.root.join(first)).unwrap(),
            "chmod" => {
                let mode = u32::from_str_radix(first, 8).unwrap();
                fs::set_permissions(target, PermissionsExt::from_mode(mode)).unwrap();
            }
            "symlink" => {
                fs::create_dir_all(target.parent().unwrap()).unwrap();
                symlink(first, target).unwrap();
            }
            "bigfile" => fs::write(target, "x".repeat(first.parse().unwrap())).unwrap(),
            _ => panic!("`{step}` is no step"),
        }
    }

    fn asked(&self, request: &Value) -> Asked {
        let port = &self.places[if request["port"] == 2 { 2 } else { 1 }].1;
        let path = self.place(&text(&request["path"]));
        let scheme = match request["tls"].is_string() {
            true => "https",
            false => "http",
        };
        let mut options = Vec::new();
        let mut option = |name: &str, value: &str| {
            options.push(format!("{name}={value}"));
        };
        let dst = request["dst"].as_str().unwrap_or("127.0.0.1");
        let address = if dst.contains(':') {
            format!("[{dst}]")
        } else {
            dst.to_owned()
        };
        option("--connect", &format!("{address}:{port}"));
        option("--from", request["src"].as_str().unwrap_or(dst));
        option("--method", request["method"].as_str().unwrap_or("GET"));
        option("--sni", request["sni"].as_str().unwrap_or_default());
        if let Some(version) = request["tls"].as_str() {
            option("--tls", version);
        }
        let is_plain = |it: &str| {
            it.bytes()
                .all(|it| it.is_ascii_alphanumeric() || b".-_:".contains(&it))
        };
        let host = request["host"].as_str().map(|it| self.place(it));
        let url = match &host {
            _ if path.contains("://") => path,
            Some(host) if is_plain(host) && !host.is_empty() => format!("{scheme}://{host}{path}"),
            _ => format!("{scheme}://{address}:{port}{path}"),
        };
        match &host {
            Some(host) if !is_plain(host) || host.is_empty() => {
                option("--header", &format!("Host: {host}"));
            }
            Some(_) => {}
            None => option("--header", "Host:"),
        }
        for header in list(&request["headers"]) {
            let (name, value) = (text(&header[0]), text(&header[1]));
            if name != "X-Req" {
                option("--header", &format!("{name}: {}", self.place(&value)));
            }
        }
        if let Some(body) = request["body"].as_str() {
            option("--header", &format!("Content-Length: {}", body.len()));
        }
        Asked { url, options }
    }

    fn predictions(&self) -> Vec<Value> {
        let asked: Vec<Asked> = self.requests.iter().map(|it| self.asked(it)).collect();
        let main = self.root.join("httpd.conf");
        let arguments: Vec<String> = self.arguments.iter().map(|it| self.place(it)).collect();
        predictions(&main, &asked, &arguments, &self.environment)
    }
}

fn read(path: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

fn list(value: &Value) -> Vec<Value> {
    value.as_array().cloned().unwrap_or_default()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn score(case: &Path, index: usize) -> Score {
    let site = Site::prepare(case, index);
    let expected = read(&case.join("expected.json"));
    let mut score = Score::default();
    for (request, predicted) in site.requests.iter().zip(site.predictions()) {
        let measured = list(&expected["responses"])
            .into_iter()
            .find(|it| it["id"] == request["id"]);
        let Some(measured) = measured else { continue };
        if !is_expressible(request) {
            continue;
        }
        let name = case.strip_prefix(case.ancestors().nth(2).unwrap()).unwrap();
        for fact in facts(&site, &measured, &predicted) {
            let line = format!(
                "{} {}: {} {} is {} and not {}",
                name.display(),
                text(&request["id"]),
                text(&request["path"]),
                fact.name,
                fact.measured,
                fact.predicted
            );
            if fact.measured == fact.predicted {
                score.right += 1;
            } else if fact.is_unknown {
                score.unknown.push(line);
            } else {
                score.wrong.push(line);
            }
        }
    }
    score
}

// Whether options say it: which number HTTP has is none of them, nor whether a URL is meant for a
// proxy.
fn is_expressible(request: &Value) -> bool {
    let version = request["version"].as_str().unwrap_or("1.1");
    let is_usual = version
        == if request["host"].is_null() {
            "1.0"
        } else {
            "1.1"
        };
    is_usual && text(&request["path"]).starts_with('/')
}

struct Fact {
    name: String,
    measured: Value,
    predicted: Value,
    is_unknown: bool,
}

fn facts(site: &Site, measured: &Value, predicted: &Value) -> Vec<Fact> {
    let unknown: Vec<String> = list(&predicted["unknown"])
        .iter()
        .map(|it| text(&it["what"]))
        .collect();
    let mut facts = Vec::new();
    let mut add = |name: &str, field: &str, measured: &Value, predicted: &Value| {
        let placed = match measured {
            // As a log writes it.
            Value::String(it) => Value::String(site.place(it).replace(r"\\", r"\")),
            other => other.clone(),
        };
        facts.push(Fact {
            name: name.to_owned(),
            measured: placed,
            predicted: predicted.clone(),
            is_unknown: unknown.iter().any(|it| it == field),
        });
    };
    add(
        "status",
        "status",
        &measured["status"],
        &predicted["status"],
    );
    if measured["server_name"].is_string() {
        let ours = &predicted["virtual_host"]["name"];
        add(
            "virtual host",
            "virtual_host",
            &measured["server_name"],
            ours,
        );
    }
    let location = &measured["headers"]["location"];
    add("location", "location", location, &predicted["location"]);
    if measured["file"].is_string() && location.is_null() {
        let target = &predicted["target"];
        let value = text(&target["value"]);
        let ours = match target["kind"].as_str() {
            Some("proxy") => format!("proxy:{value}"),
            Some("none") => "-".to_owned(),
            _ => value,
        };
        add("target", "target", &measured["file"], &Value::String(ours));
    }
    if measured["handler"].is_string() {
        let theirs = match measured["handler"].as_str() {
            Some("-") => Value::from("default-handler"),
            _ => measured["handler"].clone(),
        };
        add("handler", "handler", &theirs, &predicted["handler"]);
    }
    let own = predicted["response_headers"].as_object();
    let own = own.cloned().unwrap_or_default();
    let mut names: Vec<String> = own.keys().map(|it| it.to_lowercase()).collect();
    names.extend(measured["headers"].as_object().unwrap().keys().cloned());
    names.retain(|it| it.starts_with("x-"));
    names.sort();
    names.dedup();
    for name in names {
        let ours = own.iter().find(|it| it.0.eq_ignore_ascii_case(&name));
        let ours = ours.map_or(Value::Null, |it| it.1.clone());
        let theirs = &measured["headers"][&name];
        let field = unknown
            .iter()
            .find(|it| it.eq_ignore_ascii_case(&format!("response_headers.{name}")));
        let field = field.map_or("response_headers", String::as_str);
        add(&name, field, theirs, &ours);
    }
    facts
}
