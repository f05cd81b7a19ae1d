//! The table of directives against the real httpd of this machine.
//!
//! Where there is no httpd with `apxs`, these tests say so and pass.

#![allow(
    clippy::disallowed_methods,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "the tests build a module and start httpd"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use httpd_lint::httpd::{
    Allow, Arity, Checks, Directive, Module, ModuleId, Place, Refusal, Table, Version,
};
use tempfile::TempDir;

/// The httpd of this machine, with a folder for what it is asked.
struct Httpd {
    program: PathBuf,
    objects: PathBuf,
    version: Version,
    folder: TempDir,
}

/// What `httpd -t` said.
struct Answer {
    accepted: bool,
    output: String,
    errors: String,
}

impl Httpd {
    /// `None`, and a sentence on the terminal, where the machine has none.
    fn find() -> Option<Self> {
        let found = Self::ask_apxs();
        if found.is_none() {
            eprintln!("skipped: this machine has no httpd with apxs");
        }
        found
    }

    fn ask_apxs() -> Option<Self> {
        let query = |name| Some(PathBuf::from(output("apxs", &["-q", name])?.trim()));
        let program = query("SBINDIR")?.join(query("PROGNAME")?);
        let banner = output(&program, &["-v"])?;
        let version = banner.split("Apache/").nth(1)?.split_whitespace().next()?;
        Some(Self {
            version: version.parse().ok()?,
            program,
            objects: query("LIBEXECDIR")?,
            folder: tempfile::tempdir().ok()?,
        })
    }

    /// Whether the machine has the module's shared object.
    fn has(&self, module: &Module) -> bool {
        !module.object.is_empty() && self.objects.join(&*module.object).is_file()
    }

    fn load(&self, module: &Module) -> String {
        let object = self.objects.join(&*module.object);
        format!("LoadModule {} {}\n", module.identifier, object.display())
    }

    fn test(&self, name: &str, configuration: &str, arguments: &[&str]) -> Answer {
        let folder = self.folder.path();
        let file = folder.join(name);
        let start = format!(
            "ServerRoot {0}\nServerName localhost\nErrorLog /dev/null\nPidFile {0}/pid\n",
            folder.display()
        );
        fs::write(&file, start + configuration).unwrap();
        let answer = Command::new(&self.program)
            .args(["-t", "-f"])
            .arg(&file)
            .args(arguments)
            .output()
            .unwrap();
        Answer {
            accepted: answer.status.success(),
            output: String::from_utf8_lossy(&answer.stdout).into_owned(),
            errors: String::from_utf8_lossy(&answer.stderr).into_owned(),
        }
    }

    /// The object of the module that prints command tables.
    fn build_dump(&self) -> PathBuf {
        let source =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/support/mod_dump_commands.c");
        let here = self.folder.path().join("mod_dump_commands.c");
        fs::copy(source, &here).unwrap();
        let built = Command::new("apxs")
            .arg("-c")
            .arg(&here)
            .current_dir(self.folder.path())
            .output()
            .unwrap();
        assert!(built.status.success(), "{built:?}");
        self.folder.path().join(".libs/mod_dump_commands.so")
    }
}

fn output(program: impl AsRef<std::ffi::OsStr>, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    (!text.is_empty()).then_some(text)
}

/// The modules that the machine has, each after those that it needs.
fn in_order<'a>(
    httpd: &Httpd,
    table: &'a Table,
    mut wanted: impl FnMut(&Module) -> bool,
) -> Vec<&'a Module> {
    let mut order = Vec::new();
    for (id, module) in table.modules() {
        if httpd.has(module) && wanted(module) {
            add_with_needs(table, id, &mut order);
        }
    }
    order.into_iter().map(|it| table.module(it)).collect()
}

fn add_with_needs(table: &Table, id: ModuleId, order: &mut Vec<ModuleId>) {
    for &needed in &*table.module(id).needs {
        add_with_needs(table, needed, order);
    }
    if !order.contains(&id) {
        order.push(id);
    }
}

fn loads<'a>(httpd: &Httpd, modules: impl IntoIterator<Item = &'a Module>) -> String {
    modules.into_iter().map(|it| httpd.load(it)).collect()
}

/// A command as a line of a dump: name, arity, permissions, help.
type Row = (String, Arity, Allow, Option<String>);

/// The command tables of all modules that the machine has, by source file.
fn command_tables(httpd: &Httpd, table: &Table) -> BTreeMap<String, Vec<Row>> {
    let dump = httpd.build_dump();
    let mut tables = BTreeMap::new();
    for mpm in in_order(httpd, table, |it| it.mpm) {
        let configuration = format!(
            "LoadModule dump_commands_module {}\n{}{}",
            dump.display(),
            httpd.load(mpm),
            loads(httpd, in_order(httpd, table, |it| !it.mpm)),
        );
        let answer = httpd.test("dump.conf", &configuration, &[]);
        assert!(answer.accepted, "{}", answer.errors);
        tables.extend(read_dump(&answer.output));
    }
    tables
}

#[test]
fn every_command_table_is_the_same_as_in_httpd() {
    let Some(httpd) = Httpd::find() else { return };
    let table = Table::builtin();
    let tables = command_tables(&httpd, table);

    for (source, rows) in &tables {
        let id = table.module_by_source(source);
        let id = id.unwrap_or_else(|| panic!("the table has no {source}"));
        compare(&httpd, table, id, rows);
    }
    for (id, module) in table.modules().filter(|(_, it)| httpd.has(it)) {
        let empty = table.directives().all(|it| it.module != id);
        let listed = tables.contains_key(&*module.source);
        assert!(listed || empty, "httpd has no {}", module.source);
    }
    eprintln!("compared {} modules", tables.len());
}

fn read_dump(text: &str) -> BTreeMap<String, Vec<Row>> {
    const ARITIES: [Arity; 13] = [
        Arity::RawArgs,
        Arity::Take1,
        Arity::Take2,
        Arity::Iterate,
        Arity::Iterate2,
        Arity::Flag,
        Arity::NoArgs,
        Arity::Take12,
        Arity::Take3,
        Arity::Take23,
        Arity::Take123,
        Arity::Take13,
        Arity::TakeArgv,
    ];
    let mut modules: BTreeMap<String, Vec<Row>> = BTreeMap::new();
    for line in text.lines() {
        let fields: Vec<_> = line.split('\t').collect();
        let arity: usize = fields[2].parse().unwrap();
        let allow = Allow::from_bits(fields[3].parse().unwrap());
        let help = fields.get(4).map(|it| unescape(it));
        let row = (fields[1].to_owned(), ARITIES[arity], allow, help);
        modules.entry(fields[0].to_owned()).or_default().push(row);
    }
    modules
}

fn unescape(text: &str) -> String {
    let backslash = "\u{0}";
    text.replace("\\\\", backslash)
        .replace("\\t", "\t")
        .replace("\\n", "\n")
        .replace(backslash, "\\")
}

fn compare(httpd: &Httpd, table: &Table, id: ModuleId, rows: &[Row]) {
    let module = table.module(id);
    let ours = || table.directives().filter(|it| it.module == id);
    let mut real: Vec<_> = rows.iter().map(|it| it.0.to_ascii_lowercase()).collect();
    real.sort();
    let names_at = |version: Version| {
        let there = ours().filter(|it| is_there(it, version));
        let mut names: Vec<_> = there.map(|it| it.spelling.to_ascii_lowercase()).collect();
        names.sort();
        names
    };

    if module.own_versions {
        // Which version it is cannot be asked: its names must be those of one that we know.
        let known = ours().flat_map(|it| [it.since, it.removed]).flatten();
        let newest = Version::new(u8::MAX, 0, 0);
        let mut versions = known.chain([newest]);
        assert!(
            versions.any(|it| names_at(it) == real),
            "no version of {} has just {real:?}",
            module.source
        );
    } else {
        assert_eq!(names_at(httpd.version), real, "{}", module.source);
    }

    for (name, arity, allow, help) in rows {
        let id = table.name(name).unwrap();
        let ours = table.definition(id, table.module_by_source(&module.source).unwrap());
        let ours = ours.unwrap();
        assert_eq!(ours.spelling, *name);
        assert_eq!(ours.help.as_deref(), help.as_deref(), "{name}");
        assert_eq!(ours.allow, *allow, "{name}");
        assert_eq!(
            ours.exec_on_read,
            allow.contains(Allow::EXEC_ON_READ),
            "{name}"
        );
        // The server was built by a C99 compiler, for which NO_ARGS is RAW_ARGS.
        let as_registered = match ours.arity {
            Arity::NoArgs => Arity::RawArgs,
            arity => arity,
        };
        assert_eq!(as_registered, *arity, "{name}");
    }
}

fn is_there(directive: &Directive, version: Version) -> bool {
    directive.compiled_if.is_none()
        && directive.since.is_none_or(|it| it <= version)
        && directive.removed.is_none_or(|it| version < it)
}

#[test]
fn a_module_needs_just_the_modules_that_the_table_says() {
    let Some(httpd) = Httpd::find() else { return };
    let table = Table::builtin();
    let Some(&mpm) = in_order(&httpd, table, |it| it.mpm).first() else {
        return;
    };

    for module in in_order(&httpd, table, |it| !it.mpm) {
        let alone = httpd.load(mpm) + &httpd.load(module);
        let answer = httpd.test("alone.conf", &alone, &[]);
        assert_eq!(
            answer.accepted,
            module.needs.is_empty(),
            "{}: {}",
            module.identifier,
            answer.errors
        );
        let together = in_order(&httpd, table, |it| it == module);
        let together = httpd.load(mpm) + &loads(&httpd, together);
        let answer = httpd.test("together.conf", &together, &[]);
        assert!(answer.accepted, "{}", answer.errors);
    }
}

#[test]
fn every_mutex_type_is_registered_by_the_module_that_the_table_says() {
    let Some(httpd) = Httpd::find() else { return };
    let table = Table::builtin();
    let mpms = in_order(&httpd, table, |it| it.mpm);
    let Some(event) = mpms.iter().find(|it| it.mutexes.is_empty()) else {
        return;
    };

    let types = |modules: &[&Module]| -> BTreeSet<String> {
        let configuration = loads(&httpd, modules.iter().copied());
        let answer = httpd.test("mutex.conf", &configuration, &["-D", "DUMP_RUN_CFG"]);
        let lines = answer.output.lines();
        lines
            .filter_map(|it| it.strip_prefix("Mutex ")?.split(':').next())
            .map(str::to_owned)
            .collect()
    };
    let always = types(&[event]);
    for mpm in &mpms {
        let added = types(&[mpm]).difference(&always).cloned().collect();
        assert_eq!(mutexes(&httpd, mpm), added, "{}", mpm.source);
    }
    for module in in_order(&httpd, table, |it| !it.mpm && it.needs.is_empty()) {
        let added = types(&[event, module])
            .difference(&always)
            .cloned()
            .collect();
        assert_eq!(mutexes(&httpd, module), added, "{}", module.source);
    }
    let fixed = table.modules().map(|(_, it)| it);
    let fixed = fixed.filter(|it| !httpd.has(it));
    let fixed: BTreeSet<_> = fixed.flat_map(|it| mutexes(&httpd, it)).collect();
    assert!(always.is_subset(&fixed), "{always:?} {fixed:?}");
}

/// The types that the table says a module registers in the version of this machine.
fn mutexes(httpd: &Httpd, module: &Module) -> BTreeSet<String> {
    let there = module.mutexes.iter();
    let there = there.filter(|it| it.removed.is_none_or(|it| httpd.version < it));
    there.map(|it| it.name.to_string()).collect()
}

/// A place in a configuration, and what httpd says of it to a directive.
struct Spot {
    before: &'static str,
    after: &'static str,
    /// How `NAME not allowed` goes on.
    refusal: &'static str,
    permissions: u16,
    place: Place,
    /// What each check says here, in the order in which httpd tries them.
    checks: &'static [(Checks, &'static str)],
}

const MAIN: u16 = 128 + 2 + 4 + 16;
const SECTION: u16 = 64 + 31;

const IN_HOST: &str = "<VirtualHost *>";
const IN_LIMIT: &str = "<Directory />\n<Limit GET>";

static SPOTS: [Spot; 7] = [
    Spot {
        before: "",
        after: "",
        refusal: "here",
        permissions: MAIN,
        place: Place::Server,
        checks: &[],
    },
    Spot {
        before: IN_HOST,
        after: "</VirtualHost>",
        refusal: "in <VirtualHost> context",
        permissions: MAIN,
        place: Place::VirtualHost,
        checks: &[(Checks::VIRTUALHOST, "<VirtualHost> section")],
    },
    Spot {
        before: "<Directory />",
        after: "</Directory>",
        refusal: "in <Directory> context",
        permissions: SECTION,
        place: Place::Directory,
        checks: &[(Checks::DIRECTORY, "<Directory> section")],
    },
    Spot {
        before: "<Location /a>",
        after: "</Location>",
        refusal: "in <Location> context",
        permissions: SECTION,
        place: Place::Directory,
        checks: &[(Checks::LOCATION, "<Location> section")],
    },
    Spot {
        before: "<Files a>",
        after: "</Files>",
        refusal: "in <Files> context",
        permissions: SECTION,
        place: Place::Directory,
        checks: &[(Checks::FILES, "<Files> section")],
    },
    Spot {
        before: "<If true>",
        after: "</If>",
        refusal: "in <If> context",
        permissions: SECTION,
        place: Place::Directory,
        checks: &[(Checks::FILES, "<If> section")],
    },
    Spot {
        before: IN_LIMIT,
        after: "</Limit>\n</Directory>",
        refusal: "in <Limit> context",
        permissions: SECTION,
        place: Place::Directory,
        checks: &[
            (Checks::DIR_CONTEXT, "<Limit> or <LimitExcept> section"),
            (Checks::DIRECTORY, "<Directory> section"),
        ],
    },
];

#[test]
fn httpd_refuses_a_directive_where_the_table_says() {
    let Some(httpd) = Httpd::find() else { return };
    let table = Table::builtin();
    let mpms = in_order(&httpd, table, |it| it.mpm);
    fs::write(httpd.folder.path().join("file"), "text").unwrap();

    let tables = command_tables(&httpd, table);
    let there = |it: &&Directive| {
        let rows = tables.get(&*table.module(it.module).source);
        rows.is_some_and(|rows| rows.iter().any(|(name, ..)| *name == it.spelling))
    };
    let in_sections = table.directives().filter(|it| !it.exec_on_read);
    let directives: Vec<_> = in_sections.filter(there).collect();
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for (number, part) in directives
            .chunks(directives.len().div_ceil(threads))
            .enumerate()
        {
            let (httpd, mpms) = (&httpd, &mpms);
            scope.spawn(move || {
                for directive in part {
                    replay(
                        httpd,
                        table,
                        mpms,
                        directive,
                        &format!("replay{number}.conf"),
                    );
                }
            });
        }
    });
    eprintln!("replayed {} directives", directives.len());
}

/// The places in which a wrong line of the table shows. A directive that refuses some by itself is
/// tried in all. For the others two suffice: in a virtual host the one check for virtual hosts
/// would speak, and in `<Limit>` each of the checks for sections.
fn telling_spots(directive: &Directive) -> impl Iterator<Item = &'static Spot> {
    let choosy = !directive.checks.is_empty() || !directive.refused_in.is_empty();
    SPOTS
        .iter()
        .filter(move |it| choosy || matches!(it.before, IN_HOST | IN_LIMIT))
}

fn replay(httpd: &Httpd, table: &Table, mpms: &[&Module], directive: &Directive, file: &str) {
    let module = table.module(directive.module);
    let mut modules = in_order(httpd, table, |it| it == module);
    if !module.mpm {
        modules.insert(0, mpms[0]);
    }
    let loads = loads(httpd, modules);
    for spot in telling_spots(directive) {
        let expected = expected_refusal(directive, spot);
        let mut answers = samples(directive).into_iter().map(|arguments| {
            let line = line(directive, arguments);
            let text = format!("{loads}{}\n{line}\n{}\n", spot.before, spot.after);
            httpd.test(file, &text, &[]).errors
        });
        match expected {
            Some(message) => assert!(
                answers.any(|it| it.contains(&message)),
                "{} in {}: not `{message}`",
                directive.spelling,
                spot.before,
            ),
            None => {
                let answer = answers.next().unwrap_or_default();
                let name = &directive.spelling;
                assert!(
                    !answer.contains(&format!("{name} not allowed"))
                        && !answer.contains("cannot occur within"),
                    "{name} in {}: {answer}",
                    spot.before
                );
            }
        }
    }
}

fn line(directive: &Directive, arguments: &str) -> String {
    let name = &directive.spelling;
    match name.strip_prefix('<') {
        Some(section) => format!("{name} {arguments}>\n</{section}>"),
        None => format!("{name} {arguments}"),
    }
}

fn expected_refusal(directive: &Directive, spot: &Spot) -> Option<String> {
    let name = &directive.spelling;
    if !directive
        .allow
        .intersects(Allow::from_bits(spot.permissions))
    {
        return Some(format!("{name} not allowed {}", spot.refusal));
    }
    let check = |(checks, place): &(Checks, &str)| {
        let refused = directive.checks.intersects(*checks);
        let end = if directive.section { ">" } else { "" };
        refused.then(|| format!("{name}{end} cannot occur within {place}"))
    };
    let own = |it: &Refusal| (it.place == spot.place).then(|| it.message.to_string());
    let check = spot.checks.iter().find_map(check);
    check.or_else(|| directive.refused_in.iter().find_map(own))
}

/// Arguments of which the handler accepts one at least so far that it looks at the place.
fn samples(directive: &Directive) -> Vec<&'static str> {
    match directive.arity {
        Arity::NoArgs => vec![""],
        Arity::Flag => vec!["on"],
        Arity::Take2 | Arity::Iterate2 | Arity::Take23 => vec!["a b", "1 1"],
        Arity::Take3 => vec!["a b c", "1 1 1"],
        Arity::Take1 | Arity::Take12 | Arity::Take13 | Arity::Take123 | Arity::Iterate => {
            vec!["on", "1", "file", "/"]
        }
        Arity::RawArgs | Arity::TakeArgv => vec!["a b", "a", "1"],
    }
}
