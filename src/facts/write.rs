//! Facts as a capture: what [`Facts::read`] reads again.

use std::fmt::Write;

use super::{
    DefineValue, Defines, Fact, Facts, Libraries, LibraryVersion, Linkage, Mpm, MutexSetting, Pool,
    RunConfiguration, RunValue, secrets,
};

impl Facts {
    /// The text of a capture. It says what is in the facts and nothing else, so that no secret
    /// of a text that they come from is in it.
    pub fn capture(&self) -> String {
        let mut text = "=== httpd-lint capture 1 ===\n\
                        Names without a value have one that may be a secret.\n"
            .to_owned();
        for (title, body) in self.sections().iter().chain([&("end", String::new())]) {
            let _ = write!(text, "\n=== {title} ===\n{body}");
        }
        text
    }

    /// The sections of [`Facts::capture`] that are not empty: what was asked, and the answer, the
    /// outputs of httpd as httpd prints them.
    pub fn sections(&self) -> Vec<(&'static str, String)> {
        let mut sections = vec![
            ("date", line(self.captured.as_ref())),
            ("uname", self.uname()),
            ("os-release", self.os_release()),
            ("program", line(self.program.as_ref())),
            ("environment", self.environment_lines()),
            ("httpd -V", self.version_lines()),
            ("httpd -l", self.static_list()),
            ("httpd -M", self.loaded_list()),
            (
                "httpd -t -D DUMP_RUN_CFG",
                self.run.as_ref().map_or(String::new(), run),
            ),
            (
                "apxs -q",
                settings(self.apxs.iter().map(|it| (it.0.as_str(), Some(&it.1)))),
            ),
            ("config.nice", self.config_nice()),
            ("httpd -t", self.mutex_messages()),
            ("modules", self.module_files()),
            ("mod_wsgi", self.wsgi_lines()),
            ("python", self.python_lines()),
            (
                "gaps",
                self.gaps
                    .iter()
                    .chain(&self.asides)
                    .map(|it| format!("{}\n", it.value))
                    .collect(),
            ),
        ];
        sections.retain(|it| !it.1.is_empty());
        sections
    }

    fn uname(&self) -> String {
        let system = &self.system;
        settings([
            ("sysname", system.kernel.as_ref()),
            ("nodename", system.host.as_ref()),
            ("release", system.release.as_ref()),
            ("machine", system.machine.as_ref()),
        ])
    }

    fn os_release(&self) -> String {
        settings([
            ("ID", self.system.distribution.as_ref()),
            ("VERSION_ID", self.system.distribution_version.as_ref()),
        ])
    }

    fn environment_lines(&self) -> String {
        let Some(environment) = &self.environment else {
            return String::new();
        };
        let environment = &environment.value;
        let told = environment.values.iter().map(|(name, value)| {
            let is_told = secrets::is_harmless(name, value);
            (name, is_told.then_some(value))
        });
        let unknown = environment.unknown.iter().map(|it| (it, None));
        let mut lines: Vec<String> = told
            .chain(unknown)
            .map(|(name, value)| match value {
                Some(value) => format!("{name}={value}\n"),
                None => format!("{name}\n"),
            })
            .collect();
        lines.sort();
        lines.concat()
    }

    fn version_lines(&self) -> String {
        let mut text = String::new();
        let mut say = |name: &str, value: Option<String>| {
            if let Some(value) = value {
                let _ = writeln!(text, "{name:<15} {}", secrets::cut(&value));
            }
        };
        say(
            "Server version:",
            self.version
                .as_ref()
                .map(|it| format!("Apache/{}", it.value)),
        );
        say("Server built:  ", printed(self.built.as_ref()));
        say(
            "Server's Module Magic Number:",
            printed(self.module_magic.as_ref()),
        );
        say("Server loaded: ", libraries(&self.loaded));
        say("Compiled using:", libraries(&self.compiled));
        let bits = self.architecture.as_ref();
        say(
            "Architecture:  ",
            bits.map(|it| format!("{}-bit", it.value)),
        );
        if let Some(mpm) = &self.mpm {
            text += &mpm_lines(&mpm.value);
        }
        if let Some(defines) = &self.defines {
            text += &define_lines(defines);
        }
        if let Some(banner) = self.banner() {
            let _ = writeln!(text, "{banner}");
        }
        text
    }

    // What the log says when a server with mod_wsgi starts.
    fn banner(&self) -> Option<String> {
        let wsgi = self.mod_wsgi_version.as_ref()?;
        let httpd = match &self.version {
            Some(version) => version.value.to_string(),
            None => String::new(),
        };
        let python = self.python_version.as_ref();
        let python = python.map(|it| format!(" Python/{}", it.value));
        let python = python.unwrap_or_default();
        Some(format!("Apache/{httpd} mod_wsgi/{}{python}", wsgi.value))
    }

    fn static_list(&self) -> String {
        let Some(list) = &self.static_modules else {
            return String::new();
        };
        let files = list.value.iter().map(|it| format!("  {it}\n"));
        format!("Compiled in modules:\n{}", files.collect::<String>())
    }

    fn loaded_list(&self) -> String {
        let Some(list) = &self.loaded_modules else {
            return String::new();
        };
        let modules = list.value.iter().map(|it| {
            let linkage = match it.linkage {
                Linkage::Static => "static",
                Linkage::Shared => "shared",
            };
            format!(" {} ({linkage})\n", it.identifier)
        });
        format!("Loaded Modules:\n{}", modules.collect::<String>())
    }

    fn config_nice(&self) -> String {
        let Some(words) = &self.configure else {
            return String::new();
        };
        let words = words.value.iter().map(|it| {
            if it.starts_with(['.', '-', '/']) {
                format!("\"{it}\" \\\n")
            } else {
                format!("{it}\n")
            }
        });
        format!("{}\"$@\"\n", words.collect::<String>())
    }

    fn mutex_messages(&self) -> String {
        let mut text = String::new();
        if let Some(list) = &self.mutex_mechanisms {
            let words: Vec<String> = list.value.iter().map(|it| quoted_mechanism(it)).collect();
            let words = words.join(", ");
            let _ = writeln!(
                text,
                "Invalid Mutex argument xxx (Mutex mechanisms are: {words})"
            );
        }
        if let Some(list) = &self.accept_mutex_mechanisms {
            let _ = writeln!(
                text,
                "Accept mutex lock mechanism 'xxx' is invalid. Valid accept mutex mechanisms for \
                 this platform are: {}.",
                list.value.join(", ")
            );
        }
        text
    }

    fn module_files(&self) -> String {
        let mut text = String::new();
        for directory in &self.module_directories {
            let _ = writeln!(text, "{}:", directory.value.path);
            for file in &directory.value.files {
                let _ = match &file.target {
                    Some(target) => writeln!(text, "{} -> {target}", file.name),
                    None => writeln!(text, "{}", file.name),
                };
            }
        }
        text
    }

    fn wsgi_lines(&self) -> String {
        let module = &self.wsgi_module;
        let mut text = settings([("file", module.file.as_ref())]);
        for library in module.libraries.iter().flat_map(|it| &it.value) {
            let _ = writeln!(text, "needed={library}");
        }
        text + &settings([("libpython", module.libpython.as_ref())])
    }

    fn python_lines(&self) -> String {
        settings([
            ("executable", self.python.executable.as_ref()),
            ("version", self.python.version.as_ref()),
            ("prefix", self.python.prefix.as_ref()),
        ])
    }
}

fn printed<T: ToString>(fact: Option<&Fact<T>>) -> Option<String> {
    fact.map(|it| it.value.to_string())
}

fn line<T: ToString>(fact: Option<&Fact<T>>) -> String {
    printed(fact).map_or(String::new(), |it| it + "\n")
}

fn settings<'a>(all: impl IntoIterator<Item = (&'a str, Option<&'a Fact<String>>)>) -> String {
    let told = all
        .into_iter()
        .filter_map(|(name, fact)| Some((name, fact?)));
    told.map(|(name, fact)| format!("{name}={}\n", fact.value))
        .collect()
}

fn libraries(libraries: &Libraries) -> Option<String> {
    let named = |name: &str, it: &Option<Fact<LibraryVersion>>| {
        it.as_ref().map(|it| format!("{name} {}", it.value))
    };
    let all = [
        named("APR", &libraries.apr),
        named("APR-UTIL", &libraries.apr_util),
        named("PCRE", &libraries.pcre),
    ];
    let all: Vec<String> = all.into_iter().flatten().collect();
    (!all.is_empty()).then(|| all.join(", "))
}

fn mpm_lines(mpm: &Mpm) -> String {
    let pool = |pool: Pool, what: &str| match pool {
        Pool::None => "no".to_owned(),
        Pool::Fixed => format!("yes (fixed {what} count)"),
        Pool::Variable => format!("yes (variable {what} count)"),
    };
    let mut text = format!("Server MPM:     {}\n", mpm.name);
    if let Some(threaded) = mpm.threaded {
        let _ = writeln!(text, "  threaded:     {}", pool(threaded, "thread"));
    }
    if let Some(forked) = mpm.forked {
        let _ = writeln!(text, "    forked:     {}", pool(forked, "process"));
    }
    text
}

fn define_lines(defines: &Defines) -> String {
    let heading = "Server compiled with....\n";
    let mut text = if defines.complete { heading } else { "" }.to_owned();
    for (name, fact) in &defines.entries {
        let _ = match &fact.value {
            DefineValue::Flag(None) => writeln!(text, " -D {name}"),
            DefineValue::Flag(Some(remark)) => writeln!(text, " -D {name} ({remark})"),
            DefineValue::Number(number) => writeln!(text, " -D {name}={number}"),
            DefineValue::Text(value) => writeln!(text, " -D {name}=\"{}\"", secrets::cut(value)),
        };
    }
    text
}

fn quoted_mechanism(word: &str) -> String {
    match word {
        "flock" | "fcntl" | "file" => format!("'{word}:/path/to/file'"),
        _ => format!("'{word}'"),
    }
}

fn run(run: &RunConfiguration) -> String {
    let mut text = String::new();
    let paths = [
        ("ServerRoot", &run.server_root),
        ("Main DocumentRoot", &run.document_root),
        ("Main ErrorLog", &run.error_log),
        ("ScoreBoardFile", &run.scoreboard),
        ("PidFile", &run.pid_file),
        ("ChrootDir", &run.chroot),
    ];
    for (name, fact) in paths {
        if let Some(fact) = fact {
            let _ = writeln!(text, "{name}: \"{}\"", fact.value);
        }
    }
    for mutex in &run.mutexes {
        let _ = match &mutex.value.setting {
            MutexSetting::Defaults => writeln!(text, "Mutex {}: using_defaults", mutex.value.name),
            MutexSetting::None => writeln!(text, "Mutex {}: none", mutex.value.name),
            MutexSetting::Mechanism {
                directory,
                mechanism,
                omits_pid,
            } => {
                let omits_pid = if *omits_pid { "[OmitPid]" } else { "" };
                let name = &mutex.value.name;
                writeln!(
                    text,
                    "Mutex {name}: dir=\"{directory}\" mechanism={mechanism} {omits_pid}"
                )
            }
        };
    }
    for define in &run.defines {
        let name = &define.value.name;
        let _ = match &define.value.value {
            RunValue::Nothing => writeln!(text, "Define: {name}"),
            RunValue::Told(value) => writeln!(text, "Define: {name}={value}"),
            RunValue::Withheld => writeln!(text, "Define: {name} (value withheld)"),
        };
    }
    for (kind, account) in [("User", &run.user), ("Group", &run.group)] {
        if let Some(account) = account {
            let account = &account.value;
            let unused = if account.unused { " not_used" } else { "" };
            let (name, id) = (&account.name, account.id);
            let _ = writeln!(text, "{kind}: name=\"{name}\" id={id}{unused}");
        }
    }
    text
}
