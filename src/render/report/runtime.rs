//! `-D DUMP_RUN_CFG`: the settings with which the server runs.

use std::io::{self, Write};

use serde::Serialize;

use super::super::visible::visible;
use super::{Style, UNKNOWN, VERSION, json};
use crate::model::mutexes::Mutexes;
use crate::model::run_settings::{Account, RunSettings, Setting};

/// The name that makes httpd print it, and that it lists.
const REQUEST: &str = "DUMP_RUN_CFG";

/// Writes the settings as they are printed for root. The mutexes are sorted by name; httpd takes
/// them in another order every time. `has_accounts` is whether mod_unixd is there, which knows of
/// users.
pub fn runtime(
    settings: &RunSettings,
    mutexes: &Mutexes,
    has_accounts: bool,
    style: &Style<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mutexes = mutex_lines(mutexes);
    if style.json {
        return json(&RuntimeJson::of(settings, &mutexes, has_accounts), out);
    }
    path(out, "ServerRoot", &settings.server_root)?;
    path(out, "Main DocumentRoot", &settings.document_root)?;
    path(out, "Main ErrorLog", &settings.error_log)?;
    path(out, "ScoreBoardFile", &settings.scoreboard)?;
    for line in &mutexes {
        writeln!(out, "{}", visible(line))?;
    }
    path(out, "PidFile", &settings.pid_file)?;
    writeln!(out, "Define: {REQUEST}")?;
    for define in &settings.defines {
        let name = visible(&define.name);
        match &define.value {
            Some(value) => writeln!(out, "Define: {name}={}", visible(value))?,
            None => writeln!(out, "Define: {name}")?,
        }
    }
    if has_accounts {
        account(out, "User", &settings.user)?;
        account(out, "Group", &settings.group)?;
        path(out, "ChrootDir", &settings.chroot)?;
    }
    Ok(())
}

fn mutex_lines(mutexes: &Mutexes) -> Vec<String> {
    let registered = mutexes.registered.iter();
    let mut lines: Vec<String> = registered
        .map(|it| {
            let line = it.report().filter(|_| it.is_registered.is_true());
            line.unwrap_or_else(|| format!("Mutex {}: {UNKNOWN}", it.name))
        })
        .collect();
    // Of two modules that register a name, and may be there, one line is enough.
    lines.dedup();
    lines
}

fn path(out: &mut dyn Write, name: &str, setting: &Setting) -> io::Result<()> {
    match setting {
        Setting::Unset => Ok(()),
        Setting::Value(path) => writeln!(out, "{name}: \"{}\"", visible(path)),
        Setting::Unknown => writeln!(out, "{name}: {UNKNOWN}"),
    }
}

fn account(out: &mut dyn Write, what: &str, account: &Account) -> io::Result<()> {
    let name = match &account.name {
        Setting::Value(name) => format!("\"{}\"", visible(name)),
        Setting::Unset | Setting::Unknown => UNKNOWN.to_owned(),
    };
    let id = account.id.map_or(UNKNOWN.to_owned(), |it| it.to_string());
    writeln!(out, "{what}: name={name} id={id}")
}

#[derive(Serialize)]
struct RuntimeJson<'a> {
    version: u32,
    server_root: SettingJson<'a>,
    document_root: SettingJson<'a>,
    error_log: SettingJson<'a>,
    scoreboard: SettingJson<'a>,
    pid_file: SettingJson<'a>,
    mutexes: &'a [String],
    defines: Vec<DefineJson<'a>>,
    user: Option<AccountJson<'a>>,
    group: Option<AccountJson<'a>>,
    chroot: SettingJson<'a>,
}

#[derive(Serialize)]
struct SettingJson<'a> {
    known: bool,
    value: Option<&'a str>,
}

#[derive(Serialize)]
struct DefineJson<'a> {
    name: &'a str,
    value: Option<&'a str>,
    certain: bool,
}

#[derive(Serialize)]
struct AccountJson<'a> {
    name: Option<&'a str>,
    id: Option<u32>,
}

impl<'a> RuntimeJson<'a> {
    fn of(settings: &'a RunSettings, mutexes: &'a [String], has_accounts: bool) -> Self {
        let defines = settings.defines.iter().map(|it| DefineJson {
            name: &it.name,
            value: it.value.as_deref(),
            certain: it.certain,
        });
        let account = |it: &'a Account| {
            let name = setting(&it.name).value;
            has_accounts.then_some(AccountJson { name, id: it.id })
        };
        Self {
            version: VERSION,
            server_root: setting(&settings.server_root),
            document_root: setting(&settings.document_root),
            error_log: setting(&settings.error_log),
            scoreboard: setting(&settings.scoreboard),
            pid_file: setting(&settings.pid_file),
            mutexes,
            defines: defines.collect(),
            user: account(&settings.user),
            group: account(&settings.group),
            chroot: setting(&settings.chroot),
        }
    }
}

fn setting(setting: &Setting) -> SettingJson<'_> {
    SettingJson {
        known: *setting != Setting::Unknown,
        value: match setting {
            Setting::Value(value) => Some(value),
            Setting::Unset | Setting::Unknown => None,
        },
    }
}
