//! A server in memory, for texts that show one thing.
//!
//! Every module that comes with httpd is compiled in, except those that the text itself loads; the
//! files of all modules are there; nobody asked the server for anything else. So a text needs no
//! line that its point does not need.
#![allow(dead_code, reason = "each test uses its part")]

use std::collections::BTreeMap;

use httpd_lint::evaluate::Inputs;
use httpd_lint::facts::{Fact, Facts, Origin, envvars};
use httpd_lint::httpd::{Module, Table};
use httpd_lint::lint::{Options, Outcome, Session};
use httpd_lint::rule::Rule;
use httpd_lint::world::MemoryWorld;

/// A server in memory.
pub(crate) struct House {
    pub(crate) root: String,
    pub(crate) world: MemoryWorld,
    pub(crate) facts: Facts,
}

impl House {
    /// A server whose folders lie below `root`: the files of all modules, and folders for logs.
    pub(crate) fn new(root: &str) -> Self {
        let mut world = MemoryWorld::new();
        for (_, module) in Table::builtin().modules() {
            if !module.object.is_empty() {
                let path = format!("{root}/modules/{}", module.object);
                world.put(&path, shared_object(&module.identifier));
            }
        }
        for folder in [
            "/dev",
            "/etc",
            "/srv",
            &format!("{root}/logs"),
            &format!("{root}/conf.d"),
        ] {
            world.add_directory(folder);
        }
        for folder in ["/elsewhere", "/srv", "/usr/lib/apache2"] {
            world.hide(folder);
        }
        Self {
            root: root.to_owned(),
            world,
            facts: Facts::default(),
        }
    }

    /// Compiles in what the texts do not load, with the event MPM unless they load another.
    pub(crate) fn compile_modules(&mut self, texts: &str) {
        self.compile_some_modules(texts, |_| true);
        self.read("house.txt", "Server version: Apache/2.4.62 (Unix)\n");
    }

    /// The same without modules that are not wanted, and without a version.
    pub(crate) fn compile_some_modules(
        &mut self,
        texts: &str,
        is_wanted: impl Fn(&Module) -> bool,
    ) {
        let is_loaded = |module: &Module| {
            let mut lines = texts.lines().map(|it| it.split_whitespace());
            lines.any(|mut it| {
                it.next() == Some("LoadModule") && it.next() == Some(&module.identifier)
            })
        };
        let loads_mpm = texts.contains("LoadModule mpm_");
        let modules = Table::builtin().modules().map(|it| it.1);
        let list: Vec<String> = modules
            .filter(|it| match &*it.source {
                "core.c" | "http_core.c" | "mod_so.c" => true,
                "event.c" => !loads_mpm,
                "mod_wsgi.c" => !is_loaded(it),
                _ if !is_wanted(it) => false,
                _ => it.standard && !it.mpm && it.removed.is_none() && !is_loaded(it),
            })
            .map(|it| format!("  {}\n", it.source))
            .collect();
        self.read(
            "house.txt",
            &format!("Compiled in modules:\n{}", list.concat()),
        );
    }

    /// Takes in a text of facts.
    pub(crate) fn know(&mut self, text: &str) {
        self.read("facts.txt", text);
    }

    fn read(&mut self, name: &str, text: &str) {
        let (facts, problems) = Facts::read(name, text);
        assert!(facts != Facts::default(), "{}", problems[0]);
        self.facts = std::mem::take(&mut self.facts).merge(facts).0;
    }

    /// Takes in the environment that httpd is started with.
    pub(crate) fn start_with(&mut self, envvars: &str) {
        let exported: Vec<String> = envvars.lines().map(|it| format!("export {it}\n")).collect();
        let value = envvars::read(&exported.concat(), &BTreeMap::new());
        let origin = Origin {
            text: "envvars".into(),
            line: 1,
        };
        self.facts.environment = Some(Fact { value, origin });
    }

    /// Puts a file below the root.
    pub(crate) fn put(&mut self, name: &str, bytes: impl Into<Vec<u8>>) {
        self.world.put(&format!("{}/{name}", self.root), bytes);
    }

    /// Puts the file of a module that nobody knows below the root.
    pub(crate) fn put_module(&mut self, name: &str, identifier: &str) {
        self.put(name, shared_object(identifier));
    }

    /// Lints the configuration that begins with a file.
    pub(crate) fn lint(&self, main: &str, fragment: bool) -> Outcome {
        self.lint_with(&Options::default(), main, fragment)
    }

    /// The same with a rule that may have to be asked for.
    pub(crate) fn lint_for(&self, rule: &'static Rule, main: &str, fragment: bool) -> Outcome {
        let options = Options::default().asking_for(rule);
        self.lint_with(&options, main, fragment)
    }

    fn lint_with(&self, options: &Options, main: &str, fragment: bool) -> Outcome {
        let main = format!("{}/{main}", self.root);
        let inputs = self.inputs(&self.facts, &main, fragment);
        let session = Session::new(inputs, options).expect("the main file is there");
        session.outcome()
    }

    /// All that an evaluation of a main file depends on, with facts that may be another server's.
    pub(crate) fn inputs<'a>(
        &'a self,
        facts: &'a Facts,
        main: &'a str,
        fragment: bool,
    ) -> Inputs<'a> {
        Inputs {
            world: &self.world,
            facts: facts.into(),
            table: Table::builtin(),
            main,
            server_root: &self.root,
            program: "httpd",
            defines: &[],
            fragment: Some(fragment),
            standing: Default::default(),
            usual_standing: None,
        }
    }
}

/// What is looked at in the file of a module: that it is one, and the name of its structure.
fn shared_object(identifier: &str) -> Vec<u8> {
    format!("\x7fELF{}\0{identifier}\0", "\0".repeat(64)).into_bytes()
}
