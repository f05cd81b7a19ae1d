//! A server that runs, what it answers, and what is predicted for that.

use std::fmt::Write as _;
use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use crate::asked::{Asked, predictions};
use crate::support::folder;
use crate::support::request::{Place, Request};
use crate::support::running::{Running, free_port};

/// How long a server may take to log an answer.
const PATIENCE: Duration = Duration::from_secs(3);

/// A folder for a server, with its ports.
pub(crate) struct Site {
    pub(crate) root: PathBuf,
    place: Place,
    _held: TempDir,
}

impl Site {
    /// A folder of its own, which the server's user may read.
    pub(crate) fn new() -> Self {
        let (held, root) = folder::temporary();
        fs::set_permissions(&root, PermissionsExt::from_mode(0o755)).unwrap();
        fs::write(root.join("mime.types"), "text/html html\ntext/plain txt\n").unwrap();
        let place = Place {
            root: root.clone(),
            ports: [free_port(), free_port()],
        };
        Self {
            root,
            place,
            _held: held,
        }
    }

    /// Writes a file, with the folders above it.
    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.root.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Puts the ports into all files.
    pub(crate) fn put_ports(&self) {
        self.place.rewrite(|it| self.place.place(it));
    }

    /// Asks the server and the linter: the answers as a document shows them, and where they were
    /// not predicted.
    pub(crate) fn ask(&self, main: &Path, lines: &[&str]) -> (String, Vec<String>) {
        let (shown, score) = self.compare(main, lines);
        (shown, [score.wrong, score.unknown].concat())
    }

    /// Asks the server and the linter: the answers as a document shows them, and how they compare.
    pub(crate) fn compare(&self, main: &Path, lines: &[&str]) -> (String, Score) {
        let options = ["-DFOREGROUND".to_owned()];
        let running = Running::start_with(&self.root, main, self.place.ports[0], &options, &[]);
        let requests: Vec<Request> = lines
            .iter()
            .map(|it| Request::parse(&self.place.place(it), self.place.ports))
            .collect();
        let asked: Vec<Asked> = requests.iter().map(asked).collect();
        let root = format!("--server-root={}", self.root.display());
        let predicted = predictions(main, &asked, &[root], &[]);
        let (mut shown, mut score) = (String::new(), Score::default());
        for ((line, request), predicted) in lines.iter().zip(&requests).zip(&predicted) {
            let measured = self.measure(&running, request);
            writeln!(shown, "{}", self.place.unplace(&measured.shown())).unwrap();
            for fact in measured.facts(predicted) {
                score.facts += 1;
                let list = match (fact.measured == fact.predicted, fact.is_unknown) {
                    (true, _) => continue,
                    (false, true) => &mut score.unknown,
                    (false, false) => &mut score.wrong,
                };
                let Fact {
                    name,
                    measured: theirs,
                    predicted: ours,
                    ..
                } = fact;
                list.push(format!(
                    "{line}\n{}\n{name} is {theirs} and not {ours}\n{}",
                    measured.shown(),
                    predicted["unknown"]
                ));
            }
        }
        (shown, score)
    }

    fn measure(&self, running: &Running, request: &Request) -> Measured {
        let log = self.root.join("probe.log");
        let logged = || fs::read_to_string(&log).unwrap_or_default();
        let before = logged().len();
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, request.port));
        let answer = running.ask(address, &request.text());
        let begun = Instant::now();
        let mut line = String::new();
        while line.is_empty() && begun.elapsed() < PATIENCE {
            line = logged()[before..]
                .lines()
                .next()
                .unwrap_or_default()
                .to_owned();
            std::thread::sleep(Duration::from_millis(2));
        }
        Measured::read(&answer, &line)
    }
}

/// How predictions compare with what was measured.
#[derive(Default)]
pub(crate) struct Score {
    /// How much was compared.
    pub(crate) facts: usize,
    /// What was not predicted.
    pub(crate) unknown: Vec<String>,
    /// What was predicted otherwise.
    pub(crate) wrong: Vec<String>,
}

/// Something about an answer.
struct Fact {
    name: String,
    measured: Value,
    predicted: Value,
    is_unknown: bool,
}

/// The request as `trace` is asked for it.
fn asked(request: &Request) -> Asked {
    let mut options = vec![
        format!("--connect=127.0.0.1:{}", request.port),
        "--from=127.0.0.1".to_owned(),
        format!("--method={}", request.method),
    ];
    options.extend(request.headers.iter().map(|it| format!("--header={it}")));
    Asked {
        url: request.url.clone(),
        options,
    }
}

/// What a server answered.
struct Measured {
    status: Option<u64>,
    virtual_host: String,
    location: Option<String>,
    file: String,
    handler: String,
    /// Those that begin with `X-`, in small letters.
    headers: Vec<(String, String)>,
}

impl Measured {
    fn read(answer: &str, logged: &str) -> Self {
        let head = answer.split("\r\n\r\n").next().unwrap_or_default();
        let headers: Vec<(String, String)> = head
            .lines()
            .skip(1)
            .filter_map(|it| it.split_once(':'))
            .map(|(name, value)| (name.to_lowercase(), value.trim().to_owned()))
            .collect();
        let mut fields = logged.split('\t').map(str::to_owned);
        let mut field = || fields.next().unwrap_or_default();
        let location = headers.iter().find(|it| it.0 == "location");
        Self {
            status: head.split(' ').nth(1).and_then(|it| it.parse().ok()),
            virtual_host: field(),
            file: field(),
            handler: match field().as_str() {
                "-" => "default-handler".to_owned(),
                own => own.to_owned(),
            },
            location: location.map(|it| it.1.clone()),
            headers: headers
                .into_iter()
                .filter(|it| it.0.starts_with("x-"))
                .collect(),
        }
    }

    fn shown(&self) -> String {
        let status = self.status.map_or("none".to_owned(), |it| it.to_string());
        let mut shown = format!("{status} {}", self.virtual_host);
        match &self.location {
            Some(location) => write!(shown, " -> {location}").unwrap(),
            None => write!(shown, " {} {}", self.file, self.handler).unwrap(),
        }
        for (name, value) in &self.headers {
            write!(shown, " {name}={value:?}").unwrap();
        }
        shown
    }

    // All of it, beside what is predicted.
    fn facts(&self, predicted: &Value) -> Vec<Fact> {
        let unknown: Vec<String> = predicted["unknown"].as_array().map_or_else(Vec::new, |it| {
            it.iter()
                .map(|it| text(&it["what"]).to_lowercase())
                .collect()
        });
        let is_unknown = |part: &str| unknown.iter().any(|it| it == part);
        let mut facts = Vec::new();
        let mut add = |name: &str, part: &str, measured: Value, predicted: Value| {
            facts.push(Fact {
                name: name.to_owned(),
                measured,
                predicted,
                is_unknown: is_unknown(part),
            });
        };
        let target = &predicted["target"];
        let file = match target["kind"].as_str() {
            Some("none") => Value::from("-"),
            Some("proxy") => Value::from(format!("proxy:{}", text(&target["value"]))),
            _ => target["value"].clone(),
        };
        let ours = |part: &str| predicted[part].clone();
        let host = predicted["virtual_host"]["name"].clone();
        add("status", "status", self.status.into(), ours("status"));
        add(
            "virtual host",
            "virtual_host",
            self.virtual_host.clone().into(),
            host,
        );
        add(
            "location",
            "location",
            self.location.clone().into(),
            ours("location"),
        );
        if self.location.is_none() {
            add("target", "target", self.file.clone().into(), file);
            add(
                "handler",
                "handler",
                self.handler.clone().into(),
                ours("handler"),
            );
        }
        let own = predicted["response_headers"].as_object();
        let own: Vec<(String, Value)> = own
            .into_iter()
            .flatten()
            .map(|(name, value)| (name.to_lowercase(), value.clone()))
            .filter(|it| it.0.starts_with("x-"))
            .collect();
        let names = self
            .headers
            .iter()
            .map(|it| &it.0)
            .chain(own.iter().map(|it| &it.0));
        let mut names: Vec<String> = names.cloned().collect();
        names.sort();
        names.dedup();
        for name in names {
            let sent: Vec<Value> = self
                .headers
                .iter()
                .filter(|it| it.0 == name)
                .map(|it| Value::from(it.1.clone()))
                .collect();
            let sent = match sent.as_slice() {
                [] => Value::Null,
                [one] => one.clone(),
                _ => Value::Array(sent),
            };
            let ours = own.iter().find(|it| it.0 == name).map(|it| it.1.clone());
            let part = format!("response_headers.{name}");
            let part = match is_unknown(&part) {
                true => part,
                false => "response_headers".to_owned(),
            };
            add(&name, &part, sent, ours.unwrap_or_default());
        }
        facts
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
