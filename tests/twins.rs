//! `httpd-lint show` prints what the real httpd prints: of the examples, of Debian's own tree with
//! each MPM, and of trees that are made up, the same in every run.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::expect_used,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "a test starts programs, and fails by panicking"
)]

#[path = "render/schema.rs"]
mod schema;

mod support {
    pub(crate) mod debian;
    pub(crate) mod example;
    pub(crate) mod folder;
    pub(crate) mod random;
    pub(crate) mod refusal;
    pub(crate) mod server;
    pub(crate) mod server_tree;
    pub(crate) mod workers;
}

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use support::debian::StockTree;
use support::example::{Example, Mended};
use support::random::Random;
use support::server::{HTTPD, MODULES, Server, bare_environment};
use support::{folder, server_tree, workers};

const SEED: u64 = 17;
const TREES: u64 = 120;

/// A report, and what is asked of httpd for it.
struct Twin {
    name: &'static str,
    question: &'static [&'static str],
    schema: &'static str,
}

const TWINS: &[Twin] = &[
    Twin {
        name: "vhosts",
        question: &["-t", "-D", "DUMP_VHOSTS"],
        schema: include_str!("../src/render/report/vhosts_schema.json"),
    },
    Twin {
        name: "runtime",
        question: &["-t", "-D", "DUMP_RUN_CFG"],
        schema: include_str!("../src/render/report/runtime_schema.json"),
    },
    Twin {
        name: "modules",
        question: &["-M"],
        schema: include_str!("../src/render/report/modules_schema.json"),
    },
    Twin {
        name: "includes",
        question: &["-t", "-D", "DUMP_INCLUDES"],
        schema: include_str!("../src/render/report/includes_schema.json"),
    },
    Twin {
        name: "config",
        question: &["-t", "-D", "DUMP_CONFIG"],
        schema: include_str!("../src/render/report/config_schema.json"),
    },
    Twin {
        name: "directives",
        question: &["-L"],
        schema: include_str!("../src/render/report/directives_schema.json"),
    },
];

/// A configuration that httpd accepts.
struct Tree<'a> {
    root: &'a Path,
    main: PathBuf,
    environment: &'a [(String, String)],
    /// The outputs of `-V` and `-l`.
    facts: PathBuf,
}

impl<'a> Tree<'a> {
    /// A tree, with what its server says of itself in a folder beside it.
    fn of(
        server: &Server,
        root: &'a Path,
        main: PathBuf,
        environment: &'a [(String, String)],
        beside: &Path,
    ) -> Self {
        let answers = ["-V", "-l"].map(|it| server.report(&main, root, &[it], environment));
        let facts = beside.join("facts.txt");
        fs::write(&facts, answers.map(|it| it.expect("it answers")).concat()).unwrap();
        Self {
            root,
            main,
            environment,
            facts,
        }
    }

    fn show(&self, twin: &Twin, format: &str) -> String {
        let output = Command::new(env!("CARGO_BIN_EXE_httpd-lint"))
            .args(["show", twin.name, "--host", "--format", format])
            .arg("--facts")
            .arg(&self.facts)
            .arg("--server-root")
            .arg(self.root)
            .arg(&self.main)
            .env_clear()
            .envs(bare_environment())
            .stdin(Stdio::null())
            .output()
            .expect("it starts");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "show {}: {stderr}", twin.name);
        String::from_utf8(output.stdout).expect("what is shown is UTF-8")
    }

    /// How the two differ, if they do.
    fn difference(&self, server: &Server, twin: &Twin) -> Option<String> {
        let real = server.report(&self.main, self.root, twin.question, self.environment);
        let real = settled(twin.name, &real.expect("httpd accepts it"));
        let ours = match twin.name {
            "directives" => settled(twin.name, &self.show(twin, "text")),
            _ => self.show(twin, "text"),
        };
        if real == ours {
            return None;
        }
        let (theirs, ours) = first_difference(&real, &ours);
        let (name, main) = (twin.name, self.main.display());
        Some(format!(
            "{name} of {main}\n--- httpd\n{theirs}\n--- ours\n{ours}"
        ))
    }

    #[track_caller]
    fn check(&self, server: &Server, wanted: fn(&str) -> bool) {
        for twin in TWINS.iter().filter(|it| wanted(it.name)) {
            let difference = self.difference(server, twin);
            assert!(difference.is_none(), "{}", difference.unwrap());
            let json = self.show(twin, "json");
            schema::assert_obeys(twin.schema, &serde_json::from_str(&json).unwrap());
        }
    }
}

/// A line that differs and those behind it, of both.
fn first_difference(one: &str, other: &str) -> (String, String) {
    let same = one.lines().zip(other.lines());
    let same = same.take_while(|(one, other)| one == other).count();
    let rest = |it: &str| it.lines().skip(same).take(6).collect::<Vec<_>>().join("\n");
    (rest(one), rest(other))
}

/// What httpd prints, without what is not of the configuration: the order of mutexes, which is
/// another one every time, who asks, and the order of a module's command table.
fn settled(name: &str, text: &str) -> String {
    match name {
        "runtime" => {
            let text = text.replace(" not_used\n", "\n");
            let is_mutex = |it: &&str| it.starts_with("Mutex ");
            let mut mutexes: Vec<&str> = text.lines().filter(is_mutex).collect();
            mutexes.sort_by_key(|it| it.split(": ").next());
            let mut mutexes = mutexes.into_iter();
            let lines = text.lines().map(|it| match is_mutex(&it) {
                true => mutexes.next().unwrap(),
                false => it,
            });
            lines.map(|it| format!("{it}\n")).collect()
        }
        "directives" => {
            let mut entries: Vec<String> = Vec::new();
            for line in text.lines() {
                // The help of one directive has several lines.
                let is_first = line.ends_with(".c)") && !line.starts_with('\t');
                match entries.last_mut().filter(|_| !is_first) {
                    Some(entry) => entry.push_str(line),
                    None => entries.push(line.to_owned()),
                }
                entries.last_mut().unwrap().push('\n');
            }
            let module = |it: &String| {
                let line = it.lines().next().unwrap_or_default();
                line.rsplit(' ').next().unwrap_or_default().to_owned()
            };
            // The modules stay in their order.
            for of_module in entries.chunk_by_mut(|one, other| module(one) == module(other)) {
                of_module.sort();
            }
            entries.concat()
        }
        _ => text.to_owned(),
    }
}

#[test]
fn the_stock_tree_is_reported_alike_with_the_event_mpm() {
    the_stock_tree_is_reported_alike_with("mpm_event");
}

#[test]
fn the_stock_tree_is_reported_alike_with_the_worker_mpm() {
    the_stock_tree_is_reported_alike_with("mpm_worker");
}

#[test]
fn the_stock_tree_is_reported_alike_with_the_prefork_mpm() {
    the_stock_tree_is_reported_alike_with("mpm_prefork");
}

fn the_stock_tree_is_reported_alike_with(mpm: &str) {
    let Some(server) = Server::find() else { return };
    let Some(tree) = StockTree::with(mpm) else {
        return;
    };
    // The name of the machine is not in the tree.
    let main = tree.main();
    let text = fs::read_to_string(&main).unwrap();
    fs::write(&main, format!("ServerName stock.example\n{text}")).unwrap();
    let root = tree.folder.path().canonicalize().unwrap();
    let main = root.join("apache2.conf");
    let (_guard, beside) = folder::temporary();
    Tree::of(&server, &root, main, &tree.environment, &beside).check(&server, |_| true);
}

#[test]
fn the_debian_example_is_reported_alike() {
    let Some(server) = Server::find().filter(Server::has_wsgi) else {
        return;
    };
    let example = Example::copy(Mended::Everything);
    // Only mod_info prints the whole configuration.
    let text = fs::read_to_string(example.main()).unwrap();
    let load = format!("LoadModule info_module {MODULES}/mod_info.so\n");
    fs::write(example.main(), format!("{load}{text}")).unwrap();
    let (_guard, beside) = folder::temporary();
    Tree::of(
        &server,
        &example.root,
        example.main(),
        &example.environment,
        &beside,
    )
    // No capture tells the version of mod_wsgi, on which its directives depend.
    .check(&server, |it| it != "directives");
}

#[test]
fn made_up_trees_are_reported_alike() {
    let Some(server) = Server::find() else { return };
    let numbers: Vec<u64> = (0..TREES).collect();
    let differences = workers::map(&numbers, |number| made_up_tree_differs(&server, *number));
    let differences: Vec<String> = differences.into_iter().flatten().collect();
    assert!(
        differences.is_empty(),
        "{} differ\n{}",
        differences.len(),
        differences[0]
    );
}

fn made_up_tree_differs(server: &Server, number: u64) -> Option<String> {
    let mut random = Random::of(SEED, number);
    let (_guard, root) = folder::temporary();
    server_tree::write(&mut random, &root);
    let (_beside, beside) = folder::temporary();
    let tree = Tree::of(server, &root, root.join("httpd.conf"), &[], &beside);
    // The table of directives does not depend on the tree.
    let twins = TWINS.iter().filter(|it| it.name != "directives");
    let difference = twins.filter_map(|it| tree.difference(server, it)).next()?;
    Some(format!("tree {number}: {difference}"))
}

#[test]
fn of_a_refused_configuration_the_exit_code_says_so() {
    let (_guard, root) = folder::temporary();
    let main = root.join("httpd.conf");
    fs::write(
        &main,
        "<VirtualHost *:80>\nServerName a\n</VirtualHost>\nNonsense\n",
    )
    .unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_httpd-lint"))
        .args(["show", "vhosts", "--facts", "debian-12", "--server-root"])
        .args([&root, &main])
        .env_clear()
        .output()
        .expect("it starts");
    assert_eq!(output.status.code(), Some(1));
    let shown = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(shown.contains("*:80                   a ("), "{shown}");
    let remarks = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        remarks.contains("httpd refuses this configuration"),
        "{remarks}"
    );
    if Server::find().is_some() {
        let real = Command::new(HTTPD)
            .args(["-t", "-D", "DUMP_VHOSTS", "-f"])
            .arg(&main)
            .env_clear()
            .output();
        assert_eq!(real.expect("it starts").status.code(), Some(1));
    }
}

#[test]
fn what_only_the_server_knows_is_unknown() {
    let (_guard, root) = folder::temporary();
    let main = root.join("httpd.conf");
    let text = "<VirtualHost shop.example:80 10.0.0.1>\n</VirtualHost>\n\
                <VirtualHost *:80>\nServerAlias a\n</VirtualHost>\n";
    fs::write(&main, text).unwrap();
    let show = |report: &str| {
        let output = Command::new(env!("CARGO_BIN_EXE_httpd-lint"))
            .args(["show", report, "--server-root"])
            .args([&root, &main])
            .env_clear()
            .output()
            .expect("it starts");
        let shown = String::from_utf8_lossy(&output.stdout).into_owned();
        shown.replace(main.to_str().unwrap(), "F")
    };
    assert_eq!(
        show("vhosts"),
        "VirtualHost configuration:\n\
         10.0.0.1:*             unknown (F:1)\n\
         unknown:80             unknown (F:1), declared for shop.example\n\
         *:80                   unknown (F:3)\n"
    );
    assert_eq!(show("modules"), "Loaded Modules:\n unknown (static)\n");
    let runtime = show("runtime");
    for line in ["Main DocumentRoot: unknown\n", "PidFile: unknown\n"] {
        assert!(runtime.contains(line), "{runtime}");
    }
}
