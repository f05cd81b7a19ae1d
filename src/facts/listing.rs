//! Facts as a list: names, values and places.

use std::fmt::Display;

use super::{
    DefineValue, Environment, Fact, Facts, Libraries, Linkage, MutexSetting, Origin, Pool,
    RunConfiguration, RunValue, secrets,
};

/// One fact in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What it is about: `mpm`, `defines.HTTPD_ROOT`.
    pub name: String,
    /// What is said of it.
    pub value: Value,
    /// Where it was read.
    pub origin: Origin,
}

/// What an entry says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// One text.
    Text(String),
    /// A list, in its order.
    List(Vec<String>),
}

impl Entry {
    /// Whether the value is told: it is known, and no secret.
    pub fn is_told(&self) -> bool {
        self.value != Value::Text(secrets::CUT.to_owned())
    }
}

impl Facts {
    /// All facts, in the order in which captures have them, and what follows from them: the
    /// default mechanism of mutexes, the main file. Nothing in it is secret.
    pub fn entries(&self) -> Vec<Entry> {
        let mut list = Listing(Vec::new());
        list.text("captured", self.captured.as_ref());
        list.system(self);
        list.text("program", self.program.as_ref());
        list.build(self);
        list.modules(self);
        if let Some(run) = &self.run {
            list.run(run);
        }
        list.environment(self);
        for (name, fact) in &self.apxs {
            list.text(&format!("apxs.{name}"), Some(fact));
        }
        list.list("configure", self.configure.as_ref());
        list.wsgi(self);
        for gap in self.gaps.iter().chain(&self.asides) {
            list.text("gap", Some(gap));
        }
        list.0
    }
}

struct Listing(Vec<Entry>);

impl Listing {
    fn text<T: Display>(&mut self, name: &str, fact: Option<&Fact<T>>) {
        let Some(fact) = fact else { return };
        let text = fact.value.to_string();
        self.0.push(Entry {
            name: name.to_owned(),
            value: Value::Text(secrets::cut(&text).into_owned()),
            origin: fact.origin.clone(),
        });
    }

    fn list<T: Display>(&mut self, name: &str, fact: Option<&Fact<Vec<T>>>) {
        let Some(fact) = fact else { return };
        let all = fact.value.iter().map(ToString::to_string);
        self.0.push(Entry {
            name: name.to_owned(),
            value: Value::List(all.map(|it| secrets::cut(&it).into_owned()).collect()),
            origin: fact.origin.clone(),
        });
    }

    fn system(&mut self, facts: &Facts) {
        let system = &facts.system;
        self.text("system.kernel", system.kernel.as_ref());
        self.text("system.host", system.host.as_ref());
        self.text("system.release", system.release.as_ref());
        self.text("system.machine", system.machine.as_ref());
        self.text("system.distribution", system.distribution.as_ref());
        self.text(
            "system.distribution_version",
            system.distribution_version.as_ref(),
        );
    }

    fn build(&mut self, facts: &Facts) {
        self.text("version", facts.version.as_ref());
        self.text("built", facts.built.as_ref());
        self.text("module_magic", facts.module_magic.as_ref());
        self.libraries("loaded", &facts.loaded);
        self.libraries("compiled", &facts.compiled);
        self.text("architecture", facts.architecture.as_ref());
        self.text("mpm", facts.mpm_name().as_ref());
        if let Some(mpm) = &facts.mpm {
            let pool = |it| mpm.map(|_| pool(it));
            self.text("threaded", mpm.value.threaded.map(pool).as_ref());
            self.text("forked", mpm.value.forked.map(pool).as_ref());
        }
        for (name, fact) in facts.defines.iter().flat_map(|it| &it.entries) {
            let value = fact.map(|it| match it {
                DefineValue::Flag(None) => "yes".to_owned(),
                DefineValue::Flag(Some(remark)) => format!("yes ({remark})"),
                DefineValue::Number(number) => number.to_string(),
                DefineValue::Text(text) => text.clone(),
            });
            self.text(&format!("defines.{name}"), Some(&value));
        }
        self.text("main_file", facts.server_config_file().as_ref());
        self.text("default_mutex", facts.default_mutex().as_ref());
        self.list("mutex_mechanisms", facts.mutex_mechanisms.as_ref());
        self.list(
            "accept_mutex_mechanisms",
            facts.accept_mutex_mechanisms.as_ref(),
        );
    }

    fn libraries(&mut self, name: &str, libraries: &Libraries) {
        self.text(&format!("{name}.apr"), libraries.apr.as_ref());
        self.text(&format!("{name}.apr_util"), libraries.apr_util.as_ref());
        self.text(&format!("{name}.pcre"), libraries.pcre.as_ref());
    }

    fn modules(&mut self, facts: &Facts) {
        self.list("static_modules", facts.static_modules.as_ref());
        let loaded = facts.loaded_modules.as_ref().map(|it| {
            it.map(|all| {
                let names = all.iter().map(|it| match it.linkage {
                    Linkage::Static => format!("{} (static)", it.identifier),
                    Linkage::Shared => it.identifier.clone(),
                });
                names.collect::<Vec<String>>()
            })
        });
        self.list("loaded_modules", loaded.as_ref());
        for directory in &facts.module_directories {
            let files = directory.map(|it| {
                let files = it.files.iter().map(|it| match &it.target {
                    Some(target) => format!("{} -> {target}", it.name),
                    None => it.name.clone(),
                });
                files.collect::<Vec<String>>()
            });
            self.list(&format!("modules.{}", directory.value.path), Some(&files));
        }
    }

    fn run(&mut self, run: &RunConfiguration) {
        self.text("run.server_root", run.server_root.as_ref());
        self.text("run.document_root", run.document_root.as_ref());
        self.text("run.error_log", run.error_log.as_ref());
        self.text("run.scoreboard", run.scoreboard.as_ref());
        self.text("run.pid_file", run.pid_file.as_ref());
        self.text("run.chroot", run.chroot.as_ref());
        // httpd prints them in another order each time.
        let mut mutexes: Vec<_> = run.mutexes.iter().collect();
        mutexes.sort_by_key(|it| &it.value.name);
        for mutex in mutexes {
            let setting = mutex.map(|it| setting(&it.setting));
            self.text(&format!("run.mutex.{}", mutex.value.name), Some(&setting));
        }
        for define in &run.defines {
            let value = define.map(|it| match &it.value {
                RunValue::Nothing => "yes",
                RunValue::Told(value) => value,
                RunValue::Withheld => secrets::CUT,
            });
            self.text(&format!("run.define.{}", define.value.name), Some(&value));
        }
        for (name, account) in [("run.user", &run.user), ("run.group", &run.group)] {
            let account = account.as_ref();
            let account = account.map(|it| it.map(|it| format!("{} ({})", it.name, it.id)));
            self.text(name, account.as_ref());
        }
    }

    fn environment(&mut self, facts: &Facts) {
        let Some(environment) = &facts.environment else {
            return;
        };
        let Environment {
            values, unknown, ..
        } = &environment.value;
        for (name, value) in values {
            let is_told = secrets::is_harmless(name, value);
            let value = environment.map(|_| if is_told { value } else { secrets::CUT });
            self.text(&format!("environment.{name}"), Some(&value));
        }
        for name in unknown {
            let value = environment.map(|_| secrets::CUT);
            self.text(&format!("environment.{name}"), Some(&value));
        }
    }

    fn wsgi(&mut self, facts: &Facts) {
        self.text("mod_wsgi.version", facts.mod_wsgi_version.as_ref());
        self.text("mod_wsgi.built_for_python", facts.python_version.as_ref());
        self.text("mod_wsgi.file", facts.wsgi_module.file.as_ref());
        self.list("mod_wsgi.libraries", facts.wsgi_module.libraries.as_ref());
        self.text("mod_wsgi.libpython", facts.wsgi_module.libpython.as_ref());
        self.text("python.executable", facts.python.executable.as_ref());
        self.text("python.version", facts.python.version.as_ref());
        self.text("python.prefix", facts.python.prefix.as_ref());
    }
}

fn pool(pool: Pool) -> &'static str {
    match pool {
        Pool::None => "no",
        Pool::Fixed => "fixed",
        Pool::Variable => "variable",
    }
}

fn setting(setting: &MutexSetting) -> String {
    match setting {
        MutexSetting::Defaults => "using defaults".to_owned(),
        MutexSetting::None => "none".to_owned(),
        MutexSetting::Mechanism {
            directory,
            mechanism,
            omits_pid,
        } => {
            let omits_pid = if *omits_pid {
                " without the process id"
            } else {
                ""
            };
            format!("{mechanism} in {directory}{omits_pid}")
        }
    }
}
