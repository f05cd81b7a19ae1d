//! The examples of rules' pages, each linted as a file of a small server.

use super::{Options, Outcome, Session};
use crate::evaluate::Inputs;
use crate::facts::{self, Fact, Facts, Origin, envvars};
use crate::httpd::Table;
use crate::rule::Rule;
use crate::world::MemoryWorld;

/// Where the server lies.
const ROOT: &str = "/etc/httpd";
/// The name of an example's file.
const FILE: &str = "example.conf";

/// How much longer the last line of a block called `long` is than it looks.
const LONG: usize = 16 << 20;

/// An example of what a rule finds.
struct Example {
    text: String,
    facts: Option<String>,
    envvars: Option<String>,
    // Other files of the server, by their whole paths.
    files: Vec<(String, String)>,
}

/// What a rule finds in the examples that its page calls wrong, each in the order of the page.
pub fn found_in_examples(rule: &'static Rule) -> Vec<Outcome> {
    let outcomes = Example::wrong(&rule.page()).into_iter();
    let outcomes = outcomes.filter_map(|it| {
        let mut outcome = it.lint(rule)?;
        outcome.keep(|it| it.rule == rule.id);
        Some(outcome)
    });
    outcomes.collect()
}

impl Example {
    // The blocks below the heading `Wrong`, with what is known of the server.
    fn wrong(page: &str) -> Vec<Self> {
        let (mut examples, mut heading) = (Vec::new(), "");
        let (mut facts, mut envvars, mut files) = (None, None, Vec::new());
        let mut lines = page.lines();
        while let Some(line) = lines.next() {
            heading = line.strip_prefix("## ").unwrap_or(heading);
            let Some(kind) = line.strip_prefix("```") else {
                continue;
            };
            let block = lines.by_ref().take_while(|it| *it != "```");
            let mut text: String = block.map(|it| format!("{it}\n")).collect();
            let mut words = kind.split(' ');
            let kind = words.next().unwrap_or_default();
            let detail = words.next();
            match detail {
                Some("no-newline") => text.truncate(text.len().saturating_sub(1)),
                Some("long") => text.insert_str(text.trim_end().len(), &"a".repeat(LONG)),
                _ => {}
            }
            match kind {
                "facts" => facts = Some(text),
                "envvars" => envvars = Some(text),
                "file" => files.push((detail.unwrap_or_default().to_owned(), text)),
                "conf" if heading == "Wrong" => examples.push(Self {
                    text,
                    facts: facts.clone(),
                    envvars: envvars.clone(),
                    files: files.clone(),
                }),
                _ => {}
            }
        }
        examples
    }

    fn lint(&self, rule: &'static Rule) -> Option<Outcome> {
        let world = self.world();
        let facts = self.facts();
        let inputs = Inputs {
            world: &world,
            facts: (&facts).into(),
            table: Table::builtin(),
            main: &format!("{ROOT}/httpd.conf"),
            server_root: ROOT,
            program: "httpd",
            defines: &[],
            fragment: Some(false),
            standing: None,
            usual_standing: None,
        };
        let session = Session::new(inputs, &Options::default().asking_for(rule)).ok()?;
        Some(session.outcome())
    }

    fn world(&self) -> MemoryWorld {
        let mut world = MemoryWorld::new();
        for (_, module) in Table::builtin().modules() {
            let (object, identifier) = (&module.object, &module.identifier);
            // What is looked at in the file of a module: that it is one, and its name.
            let bytes = format!("\x7fELF{}\0{identifier}\0", "\0".repeat(64));
            if !object.is_empty() {
                world.put(&format!("{ROOT}/modules/{object}"), bytes);
            }
        }
        for folder in [
            "/dev",
            "/etc",
            "/srv",
            "/etc/httpd/logs",
            "/etc/httpd/conf.d",
        ] {
            world.add_directory(folder);
        }
        for folder in ["/elsewhere", "/srv", "/usr/lib/apache2"] {
            world.hide(folder);
        }
        for (path, text) in &self.files {
            world.put(path, text.as_str());
        }
        world.put(&format!("{ROOT}/httpd.conf"), self.main());
        world.put(&format!("{ROOT}/{FILE}"), self.text.as_str());
        world
    }

    fn main(&self) -> String {
        let own = ["alias", "authz_core", "dir"].into_iter();
        let mpm = (!self.text.contains("LoadModule mpm_")).then_some("mpm_event");
        let load = own.chain(mpm);
        let load: String = load
            .map(|it| format!("LoadModule {it}_module modules/mod_{it}.so\n"))
            .collect();
        // Who says where a server listens says its name, too.
        let name = match self.text.contains("Listen ") {
            true => "",
            false => "ServerName www.example.com\n",
        };
        format!("{name}{load}Include {FILE}\n")
    }

    fn facts(&self) -> Facts {
        let mut facts = facts::builtin("debian-12").unwrap_or_default();
        facts.version = None;
        if let Some(text) = &self.facts {
            facts = facts.merge(Facts::read("facts.txt", text).0).0;
        }
        if let Some(text) = &self.envvars {
            let exported = text.lines().map(|it| format!("export {it}\n"));
            let value = envvars::read(&exported.collect::<String>(), &Default::default());
            let origin = Origin {
                text: "envvars".into(),
                line: 1,
            };
            facts.environment = Some(Fact { value, origin });
        }
        facts
    }
}
