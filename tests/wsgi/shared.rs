//! The cases that were measured elsewhere, where they are on this machine.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::asked::{Measured, Predicted, make_virtual_environment};
use crate::support::request::Request;
use crate::support::server::MODULES;
use crate::support::{folder, workers};

const ARCHIVE: &str = "../shared/cases/wsgi/cases.tar.gz";

/// The most unknown of all values of answered requests.
const MOST_UNKNOWN: f64 = 0.02;

/// The least of the failing requests with the right status.
const LEAST_FORESEEN: f64 = 0.95;

/// Where the measured servers looked for Python.
const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// How the predictions of a case compare with what was measured.
#[derive(Default)]
struct Score {
    answered: usize,
    unknown: usize,
    failing: usize,
    foreseen: usize,
    wrong: Vec<String>,
}

#[test]
fn measured_servers_answer_what_is_predicted() {
    let archive = Path::new(env!("CARGO_MANIFEST_DIR")).join(ARCHIVE);
    if !archive.exists() {
        eprintln!("skipped: the measured servers are not on this machine");
        return;
    }
    let (_held, root) = folder::temporary();
    fs::set_permissions(&root, PermissionsExt::from_mode(0o755)).unwrap();
    let unpacked = Command::new("tar")
        .arg("-xzf")
        .arg(&archive)
        .arg("-C")
        .arg(&root)
        .status();
    assert!(
        unpacked.is_ok_and(|it| it.success()),
        "the archive can be unpacked"
    );
    let mut cases: Vec<PathBuf> = walkdir::WalkDir::new(&root)
        .into_iter()
        .filter_map(|it| it.ok().map(walkdir::DirEntry::into_path))
        .filter(|it| it.ends_with("case.json"))
        .filter_map(|it| it.parent().map(Path::to_path_buf))
        .collect();
    cases.sort();
    let indexes: Vec<usize> = (0..cases.len()).collect();
    let scores = workers::map(&indexes, |it| score(&cases[*it], *it));
    let sum = |of: fn(&Score) -> usize| scores.iter().map(of).sum::<usize>() as f64;
    let (answered, unknown) = (sum(|it| it.answered), sum(|it| it.unknown));
    let (failing, foreseen) = (sum(|it| it.failing), sum(|it| it.foreseen));
    let wrong: Vec<String> = scores.into_iter().flat_map(|it| it.wrong).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(
        unknown <= MOST_UNKNOWN * answered,
        "{unknown} of {answered} are not known"
    );
    assert!(
        foreseen >= LEAST_FORESEEN * failing,
        "{foreseen} of {failing} are foreseen"
    );
}

// Places are put into all files, as when the case was measured.
fn prepare(case: &Path, places: &[(&str, String)]) {
    for entry in walkdir::WalkDir::new(case) {
        let path = entry.unwrap().into_path();
        if let Ok(text) = fs::read_to_string(&path) {
            fs::write(path, place(&text, places)).unwrap();
        }
    }
    for folder in ["logs", "run", "htdocs"] {
        fs::create_dir_all(case.join(folder)).unwrap();
    }
}

fn place(text: &str, places: &[(&str, String)]) -> String {
    let put = |text: String, (name, value): &(&str, String)| text.replace(name, value);
    places.iter().fold(text.to_owned(), put)
}

fn set_up(case: &Path, step: &str) {
    let (kind, argument) = step.split_once(':').unwrap();
    match (kind, argument.split_once(' ')) {
        ("venv", _) => make_virtual_environment(&case.join(argument)),
        ("mkdir", _) => fs::create_dir_all(case.join(argument)).unwrap(),
        ("chmod", Some((mode, name))) => {
            let mode = u32::from_str_radix(mode, 8).unwrap();
            fs::set_permissions(case.join(name), PermissionsExt::from_mode(mode)).unwrap();
        }
        ("chown", Some((owner, name))) => {
            let owner = owner.replace('.', ":");
            let path = case.join(name);
            let changed = Command::new("chown").arg(owner).arg(path).status();
            assert!(changed.is_ok_and(|it| it.success()), "{step}");
        }
        _ => panic!("`{step}` is no step"),
    }
}

fn score(case: &Path, index: usize) -> Score {
    let number = u16::try_from(index).unwrap();
    let ports = [23_000 + 2 * number, 23_001 + 2 * number];
    let places = [
        ("@DIR@", case.display().to_string()),
        ("@PORT@", ports[0].to_string()),
        ("@PORT2@", ports[1].to_string()),
        ("@MODULES@", MODULES.to_owned()),
    ];
    prepare(case, &places);
    let read = |name: &str| -> Value {
        serde_json::from_str(&fs::read_to_string(case.join(name)).unwrap()).unwrap()
    };
    let (meta, expected) = (read("case.json"), read("expected.json"));
    let list = |it: &Value| it.as_array().cloned().unwrap_or_default();
    for step in list(&meta["setup"]) {
        set_up(case, step.as_str().unwrap());
    }
    let text = |it: &Value| it.as_str().unwrap_or_default().to_owned();
    let arguments: Vec<String> = list(&meta["args"]).iter().map(text).collect();
    let environment = meta["env"].as_object().cloned().unwrap_or_default();
    let mut environment: Vec<(String, String)> = environment
        .iter()
        .map(|(name, value)| (name.clone(), text(value)))
        .collect();
    let requests: BTreeMap<String, Value> = list(&meta["requests"])
        .into_iter()
        .map(|it| (text(&it["id"]), it))
        .collect();
    environment.insert(0, ("PATH".to_owned(), PATH.to_owned()));
    let mut score = Score::default();
    for (version, record) in expected.as_object().unwrap() {
        for response in list(&record["responses"]) {
            let asked = asked(&requests[&text(&response["id"])], ports);
            let measured = measured(&response);
            let main = case.join("httpd.conf");
            let predicted = Predicted::ask(case, &main, version, &asked, &arguments, &environment);
            let (wrong, unknown) = predicted.compare(&measured);
            if measured.is_answered() {
                score.answered += 1;
                score.unknown += usize::from(!unknown.is_empty());
            } else if measured.status != Some(200) {
                score.failing += 1;
                score.foreseen += usize::from(wrong.is_empty() && unknown.is_empty());
            }
            if !wrong.is_empty() {
                let name = case.file_name().unwrap().to_string_lossy();
                score.wrong.push(format!(
                    "{name} {version} {}: {}",
                    asked.url,
                    wrong.join(", ")
                ));
            }
        }
    }
    score
}

fn asked(request: &Value, ports: [u16; 2]) -> Request {
    let text = |it: &Value| it.as_str().map(str::to_owned);
    let port = ports[usize::from(request["port"] == 2)];
    let path = text(&request["path"]).unwrap();
    let host = text(&request["host"]);
    let mut headers = Vec::new();
    let url = match &host {
        _ if path.starts_with("http://") => path,
        Some(host) if !host.is_empty() => format!("http://{host}{path}"),
        _ => {
            headers.push(host.map_or("Host:", |_| "Host: ").to_owned());
            format!("http://127.0.0.1:{port}{path}")
        }
    };
    let own = request["headers"].as_object().cloned().unwrap_or_default();
    headers.extend(
        own.iter()
            .map(|(name, value)| format!("{name}: {}", value.as_str().unwrap_or_default())),
    );
    Request {
        method: text(&request["method"]).unwrap_or_else(|| "GET".to_owned()),
        url,
        headers,
        port,
    }
}

fn measured(response: &Value) -> Measured {
    let fields = [
        "process_group",
        "application_group",
        "multithread",
        "multiprocess",
        "sys_prefix",
    ];
    let values = fields
        .into_iter()
        .filter_map(|it| Some((it, response.get(it)?.clone())));
    Measured {
        status: response["status"].as_u64(),
        values: values.collect(),
    }
}
