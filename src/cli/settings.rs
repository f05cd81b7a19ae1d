//! `httpd-lint.toml`: finding it, taking it for options, and `httpd-lint settings`.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Subcommand;

use super::setup::{absolute, read_text};
use super::{CheckArguments, Failure, ServerArguments, written};
use crate::diagnostic::{Diagnostic, Level};
use crate::facts;
use crate::lint::{Options, Outcome, Settings, schema, template};

/// The name of the file.
const NAME: &str = "httpd-lint.toml";

#[derive(Debug, Subcommand)]
pub(super) enum SettingsCommand {
    /// Print the JSON schema of `httpd-lint.toml`.
    Schema,
    /// Write a `httpd-lint.toml` with all keys as comments.
    Init,
}

pub(super) fn run(command: &SettingsCommand) -> Result<ExitCode, Failure> {
    let text = match command {
        SettingsCommand::Schema => format!("{:#}\n", schema()),
        SettingsCommand::Init => {
            let mut file =
                std::fs::File::create_new(NAME).map_err(|it| Failure(format!("{NAME}: {it}")))?;
            file.write_all(template().as_bytes())?;
            return Ok(ExitCode::SUCCESS);
        }
    };
    written(std::io::stdout().write_all(text.as_bytes()))?;
    Ok(ExitCode::SUCCESS)
}

/// The settings, and the folder that they are for.
#[derive(Default)]
pub(super) struct Project {
    pub(super) settings: Settings,
    folder: PathBuf,
}

impl Project {
    /// Reads the file that is named, or the first that is found from what is linted upwards.
    pub(super) fn find(arguments: &ServerArguments) -> Result<Self, Failure> {
        match arguments.config.clone().or_else(|| found_above(arguments)) {
            Some(file) => Self::read(&file),
            None => Ok(Self::default()),
        }
    }

    /// Reads the first file that is found from another one upwards.
    pub(super) fn above(path: &Path) -> Result<Self, Failure> {
        first_above(path).map_or_else(|| Ok(Self::default()), |it| Self::read(&it))
    }

    fn read(file: &Path) -> Result<Self, Failure> {
        let text = read_text(file)?;
        let settings = Settings::parse(&text).map_err(|problems| {
            let file = file.display();
            let lines = problems
                .iter()
                .map(|it| format!("{file}:{}: {}", it.line, it.message));
            Failure(lines.collect::<Vec<_>>().join("\nhttpd-lint: "))
        })?;
        let folder = absolute(file).parent().map(Path::to_owned);
        Ok(Self {
            settings,
            folder: folder.unwrap_or_default(),
        })
    }

    /// The main file that the settings name.
    pub(super) fn main(&self) -> Option<PathBuf> {
        self.settings.main.as_deref().map(|it| self.folder.join(it))
    }

    /// The options, and what the settings say where they say nothing.
    pub(super) fn server(&self, given: &ServerArguments) -> Result<ServerArguments, Failure> {
        let settings = &self.settings;
        let mut server = given.clone();
        let path = |it: &Option<String>| it.as_deref().map(|it| self.path(it));
        if server.path.as_os_str().is_empty() {
            let main = path(&settings.main).ok_or_else(|| {
                Failure(format!("nothing to lint: give a PATH, or `main` in {NAME}"))
            })?;
            server.path = main;
        }
        if server.facts.is_empty() {
            server.facts = settings.facts.iter().map(|it| self.facts(it)).collect();
        }
        if server.modules.is_empty() {
            server.modules = settings.modules.iter().map(|it| self.path(it)).collect();
        }
        let named = server.stdin_filename.as_ref().unwrap_or(&server.path);
        server.usual_context = settings.contexts.of(&self.name(&absolute(named)));
        server.envvars = server.envvars.or_else(|| path(&settings.envvars));
        server.server_root = server
            .server_root
            .or_else(|| settings.server_root.as_ref().map(PathBuf::from));
        server.define.extend(settings.define.iter().cloned());
        let map = settings.map.iter();
        let map = map.map(|(from, to)| format!("{from}={}", self.path(to).display()));
        server.map.extend(map);
        Ok(server)
    }

    /// All options of a check, and what the settings say where they say nothing.
    pub(super) fn check(&self, given: &CheckArguments) -> Result<CheckArguments, Failure> {
        let settings = &self.settings;
        let mut arguments = given.clone();
        arguments.server = self.server(&given.server)?;
        if arguments.htaccess.is_empty() {
            arguments.htaccess = settings.htaccess.iter().map(|it| self.path(it)).collect();
        }
        arguments.exclude.extend(settings.exclude.iter().cloned());
        let baseline = settings.baseline.as_deref().map(|it| self.path(it));
        arguments.baseline = arguments.baseline.or(baseline);
        Ok(arguments)
    }

    /// Gives findings the levels that the settings say, and leaves out those that they turn off.
    /// `local` is where a file of the server lies on this machine.
    pub(super) fn level(
        &self,
        outcome: &mut Outcome,
        options: &Options,
        local: &dyn Fn(&str) -> Option<PathBuf>,
    ) {
        if self.settings.levels.is_plain() {
            return;
        }
        let names = outcome.sources.ids().map(|it| {
            let local = local(outcome.sources.get(it).name());
            local.map(|it| self.name(&it))
        });
        let names: Vec<Option<String>> = names.collect();
        outcome.keep(|it| {
            let name = names.get(it.primary.span.file.index());
            let name = name.and_then(Option::as_deref);
            let level = self.level_of(it, options, name);
            it.level = level.unwrap_or(it.level);
            level.is_some()
        });
    }

    /// The level of a finding in a file of a name below the settings; `None` where it is not shown.
    pub(super) fn level_of(
        &self,
        finding: &Diagnostic,
        options: &Options,
        name: Option<&str>,
    ) -> Option<Level> {
        match options.selects(finding.rule) {
            true => Some(finding.level),
            false => {
                let levels = &self.settings.levels;
                levels.level(finding.rule, finding.level, name)
            }
        }
    }

    /// The path of a file as patterns of the settings know it.
    pub(super) fn name(&self, path: &Path) -> String {
        let below = path.strip_prefix(&self.folder).unwrap_or(path);
        below.to_string_lossy().into_owned()
    }

    fn path(&self, written: &str) -> PathBuf {
        let path = self.folder.join(written);
        let here = std::env::current_dir().unwrap_or_default();
        path.strip_prefix(here).map(Path::to_owned).unwrap_or(path)
    }

    // The name of a common build is no path.
    fn facts(&self, written: &str) -> PathBuf {
        let path = self.path(written);
        match facts::builtin(written).is_some() && !path.exists() {
            true => PathBuf::from(written),
            false => path,
        }
    }
}

fn found_above(arguments: &ServerArguments) -> Option<PathBuf> {
    let named = match (
        &*arguments.path.to_string_lossy(),
        &arguments.stdin_filename,
    ) {
        ("-", Some(name)) => name.clone(),
        ("" | "-", _) => PathBuf::from("."),
        _ => arguments.path.clone(),
    };
    first_above(&absolute(&named))
}

fn first_above(start: &Path) -> Option<PathBuf> {
    start
        .ancestors()
        .map(|it| it.join(NAME))
        .find(|it| it.is_file())
}
