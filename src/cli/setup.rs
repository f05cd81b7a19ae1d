//! From the options to what an evaluation depends on.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Failure, ServerArguments, facts};
use crate::evaluate::{Inputs, Standing, paths};
use crate::facts::{Environment, Fact, Facts, Origin, envvars};
use crate::httpd::Table;
use crate::shell::{
    Commit, CommitWorld, DiskWorld, Files as _, LARGEST_REVIEWED, MainFile, Mapping, Visible,
    main_file,
};
use crate::world::{MemoryWorld, Overlay, World};

/// All that the options decide.
pub(super) struct Setup {
    world: Files,
    table: Option<Table>,
    main: String,
    servers: Vec<Server>,
    /// The names of the hosts, sorted; none where there is one server.
    pub(super) hosts: Vec<String>,
    defines: Vec<String>,
    standing: Option<Standing>,
    usual_standing: Option<Standing>,
    /// The folder of this machine that holds the configuration.
    pub(super) tree: Option<PathBuf>,
    // The working directory.
    here: PathBuf,
    // Whether the user said that this is a server, not a part of one.
    whole: bool,
    /// What could not be asked, one line each.
    pub(super) gaps: Vec<String>,
}

/// A server, or several that are alike.
struct Server {
    facts: Facts,
    server_root: String,
    program: String,
    // The positions of the hosts.
    hosts: Vec<usize>,
}

enum Files {
    Disk(DiskWorld),
    // The main file comes from standard input, everything else from the disk.
    Named(Overlay<DiskWorld, BTreeMap<String, Vec<u8>>>),
    Memory(MemoryWorld),
    Commit(CommitWorld),
}

impl Files {
    fn disk(&self) -> Option<&DiskWorld> {
        match self {
            Files::Disk(world) => Some(world),
            Files::Named(world) => Some(&world.below),
            Files::Commit(world) => Some(world.disk()),
            Files::Memory(_) => None,
        }
    }
}

impl Setup {
    pub(super) fn new(arguments: &ServerArguments) -> Result<Self, Failure> {
        let is_input = arguments.path == Path::new("-");
        let (main, input) = match &arguments.stdin_filename {
            None if is_input => return Self::of_text(arguments, standard_input()?),
            None => match main_file::pipe(&arguments.path)? {
                Some(bytes) => return Self::of_text(arguments, bytes),
                None => (main_file::find(&arguments.path)?, None),
            },
            Some(_) if !is_input => {
                let message = "`--stdin-filename` is the name of standard input: give `-`, too";
                return Err(Failure(message.to_owned()));
            }
            Some(name) => {
                let bytes = standard_input()?;
                (main_file::of_text(name, &bytes)?, Some(bytes))
            }
        };
        Self::of_file(arguments, main, input, None)
    }

    /// With the files as a commit has them.
    pub(super) fn at(arguments: &ServerArguments, commit: &Arc<Commit>) -> Result<Self, Failure> {
        let main = main_file::find_among(&**commit, &arguments.path)?;
        Self::of_file(arguments, main, None, Some(commit))
    }

    /// For a `.htaccess` file below a folder without a server.
    pub(super) fn below(arguments: &ServerArguments, first: &Path) -> Result<Self, Failure> {
        let mut main = main_file::find(first)?;
        main.mappings = vec![Mapping::identity(&absolute(&arguments.path))];
        main.path = main.local.display().to_string();
        Self::of_file(arguments, main, None, None)
    }

    // `input` is the text of the main file, where it does not come from the disk.
    fn of_file(
        arguments: &ServerArguments,
        mut main: MainFile,
        input: Option<Vec<u8>>,
        commit: Option<&Arc<Commit>>,
    ) -> Result<Self, Failure> {
        let tree = main.mappings.first().map(|it| it.to.clone());
        if arguments.host {
            // On the server itself every path means what it says.
            main.path = main.local.display().to_string();
            main.mappings.clear();
        }
        let mut gaps = Vec::new();
        let environment = environment(arguments, &main, commit)?;
        let linted = Some(main.local.as_path());
        let known = facts::read(arguments, environment.as_ref(), linted, &mut gaps)?;
        let mut world = DiskWorld::new(mappings(arguments, &main)?, visible(arguments));
        if !arguments.host && !is_root_known(arguments, &main, &known.groups) {
            world = world.somewhere();
        }
        let name = main.path.rsplit('/').next().unwrap_or_default();
        let servers = known.groups.into_iter().map(|(mut facts, hosts)| {
            facts.environment = environment.clone().or(facts.environment.take());
            Server {
                server_root: server_root(arguments, &world, &main, &facts),
                program: program(arguments, &facts, name),
                facts,
                hosts,
            }
        });
        Ok(Self {
            servers: servers.collect(),
            hosts: known.hosts,
            standing: standing(arguments, &main.local),
            usual_standing: arguments.usual_context,
            world: match (input, commit) {
                (_, Some(commit)) => Files::Commit(CommitWorld::new(Arc::clone(commit), world)),
                (Some(bytes), _) => Files::Named(Overlay {
                    below: world,
                    texts: BTreeMap::from([(main.path.clone(), bytes)]),
                }),
                (None, None) => Files::Disk(world),
            },
            main: main.path,
            tree,
            table: table(arguments)?,
            defines: arguments.define.clone(),
            here: std::env::current_dir().unwrap_or_default(),
            whole: arguments.host || arguments.server_root.is_some() || arguments.httpd.is_some(),
            gaps,
        })
    }

    // A text without a place, of standard input or of a pipe: nothing around it is visible.
    fn of_text(arguments: &ServerArguments, bytes: Vec<u8>) -> Result<Self, Failure> {
        const NAME: &str = "/-";
        let mut gaps = Vec::new();
        let known = facts::read(arguments, None, None, &mut gaps)?;
        let mut world = MemoryWorld::default();
        world.put(NAME, bytes);
        let servers = known.groups.into_iter().map(|(facts, hosts)| {
            let root = facts.defines.as_ref().and_then(|it| it.text("HTTPD_ROOT"));
            Server {
                server_root: root.map_or("/etc/httpd", |it| it.value).to_owned(),
                program: program(arguments, &facts, ""),
                facts,
                hosts,
            }
        });
        Ok(Self {
            servers: servers.collect(),
            hosts: known.hosts,
            main: NAME.to_owned(),
            tree: None,
            world: Files::Memory(world),
            table: table(arguments)?,
            defines: arguments.define.clone(),
            standing: standing(arguments, &arguments.path),
            usual_standing: arguments.usual_context,
            here: std::env::current_dir().unwrap_or_default(),
            whole: arguments.server_root.is_some(),
            gaps,
        })
    }

    /// The path by which the server knows a file of this machine.
    pub(super) fn server_path(&self, local: &Path) -> Result<String, Failure> {
        let path = main_file::absolute(local)
            .map_err(|it| Failure(format!("{}: {}", local.display(), it.kind())))?;
        let known = self.world.disk().and_then(|it| it.server(&path));
        known.ok_or_else(|| {
            Failure(format!(
                "{}: is not a file of the server; `--map` says where it is there",
                local.display()
            ))
        })
    }

    /// What could not be asked and no check asks for, one line each.
    pub(super) fn asides(&self) -> impl Iterator<Item = &String> {
        let asides = self.servers.iter().flat_map(|it| &it.facts.asides);
        asides.map(|it| &it.value)
    }

    /// The same for who compares it with a commit: files that are too large for that are not read.
    pub(super) fn compared(self) -> Self {
        let world = match self.world {
            Files::Disk(world) => Files::Disk(world.at_most(LARGEST_REVIEWED)),
            other => other,
        };
        Self { world, ..self }
    }

    /// What could not be read of a commit, or was not compared with one, one line each.
    pub(super) fn unread(&self) -> Vec<String> {
        match &self.world {
            Files::Commit(world) => world.commit().gaps(),
            Files::Disk(world) => {
                let larger = world.larger().into_iter();
                let gaps = larger.map(|(path, length)| {
                    let path = path.strip_prefix(&self.here).unwrap_or(&path).display();
                    format!("{path}: {length} bytes are no configuration")
                });
                gaps.collect()
            }
            _ => Vec::new(),
        }
    }

    /// The files of this machine, where any are looked at.
    pub(super) fn disk(&self) -> Option<&DiskWorld> {
        self.world.disk()
    }

    /// Where a file of the server lies on this machine.
    pub(super) fn local(&self, server: &str) -> Option<PathBuf> {
        self.world.disk()?.local(server)
    }

    /// The folder of the main file on this machine. Of the `.htaccess` files of a folder none is.
    pub(super) fn main_folder(&self) -> Option<PathBuf> {
        let is_main = self.standing != Some(Standing::Htaccess);
        let main = self.local(&self.main).filter(|_| is_main)?;
        Some(main.parent()?.to_owned())
    }

    /// Where a file of the server lies on this machine, links followed.
    pub(super) fn target(&self, server: &str) -> Option<PathBuf> {
        match &self.world {
            Files::Commit(world) => world.target(server),
            world => world.disk()?.target(server),
        }
    }

    /// Whether any text comes from standard input, or from a pipe.
    pub(super) fn reads_standard_input(&self) -> bool {
        matches!(self.world, Files::Named(_) | Files::Memory(_))
    }

    /// Whether this is the file that comes from there.
    pub(super) fn is_standard_input(&self, server: &str) -> bool {
        self.reads_standard_input() && server == self.main
    }

    /// What is linted, on the first server.
    pub(super) fn inputs(&self) -> Inputs<'_> {
        self.inputs_of(0)
    }

    /// What is linted on each server, with the positions of its hosts.
    pub(super) fn all_inputs(&self) -> impl Iterator<Item = (Inputs<'_>, &[usize])> {
        let servers = self.servers.iter().enumerate();
        servers.map(|(server, it)| (self.inputs_of(server), it.hosts.as_slice()))
    }

    // There is always one server.
    fn inputs_of(&self, server: usize) -> Inputs<'_> {
        let server = &self.servers[server];
        let world: &dyn World = match &self.world {
            Files::Disk(world) => world,
            Files::Named(world) => world,
            Files::Memory(world) => world,
            Files::Commit(world) => world,
        };
        Inputs {
            world,
            facts: (&server.facts).into(),
            table: self.table.as_ref().unwrap_or(Table::builtin()),
            main: &self.main,
            server_root: &server.server_root,
            program: &server.program,
            defines: &self.defines,
            fragment: self.whole.then_some(false),
            standing: self.standing,
            usual_standing: self.usual_standing,
        }
    }

    /// The path by which the user knows a file of the server: relative to the working directory
    /// where it lies below it.
    pub(super) fn display(&self, server: &str) -> String {
        self.display_from(&self.here, server)
    }

    /// The same relative to another folder.
    pub(super) fn display_from(&self, folder: &Path, server: &str) -> String {
        let Some(world) = self.world.disk() else {
            return "<stdin>".to_owned();
        };
        let Some(local) = world.local(server) else {
            return server.to_owned();
        };
        let below = local.strip_prefix(folder).unwrap_or(&local);
        below.display().to_string()
    }
}

fn standard_input() -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    std::io::stdin()
        .read_to_end(&mut bytes)
        .map_err(|it| Failure(format!("standard input: {it}")))?;
    Ok(bytes)
}

fn standing(arguments: &ServerArguments, main: &Path) -> Option<Standing> {
    let is_htaccess = main.file_name().is_some_and(|it| it == ".htaccess");
    let by_name = is_htaccess.then_some(Standing::Htaccess);
    arguments.context.or(by_name)
}

fn visible(arguments: &ServerArguments) -> Visible {
    if arguments.host {
        Visible::Everything
    } else {
        Visible::Mapped
    }
}

fn mappings(arguments: &ServerArguments, main: &MainFile) -> Result<Vec<Mapping>, Failure> {
    let mut mappings = Vec::new();
    for text in &arguments.map {
        mappings.push(Mapping::parse(text).map_err(Failure)?);
    }
    if let Some(root) = &arguments.server_root
        && root.is_dir()
        && !arguments.host
    {
        mappings.push(Mapping::identity(&absolute(root)));
    }
    mappings.extend(main.mappings.iter().cloned());
    Ok(mappings)
}

pub(super) fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

// Whether anything says where the `ServerRoot` is: otherwise the folder of the main file is as good
// as any other.
fn is_root_known(
    arguments: &ServerArguments,
    main: &MainFile,
    servers: &[(Facts, Vec<usize>)],
) -> bool {
    let is_compiled = |it: &Facts| {
        let defines = it.defines.as_ref();
        defines.is_some_and(|it| it.text("HTTPD_ROOT").is_some())
    };
    arguments.server_root.is_some()
        || main.server_root.is_some()
        || servers.iter().all(|it| is_compiled(&it.0))
}

fn server_root(
    arguments: &ServerArguments,
    world: &DiskWorld,
    main: &MainFile,
    facts: &Facts,
) -> String {
    if let Some(root) = &arguments.server_root {
        let local = absolute(root);
        return world
            .server(&local)
            .unwrap_or_else(|| local.display().to_string());
    }
    if let Some(root) = &main.server_root {
        return root.clone();
    }
    match facts.defines.as_ref().and_then(|it| it.text("HTTPD_ROOT")) {
        Some(root) => root.value.to_owned(),
        None => paths::directory(&main.path).to_owned(),
    }
}

fn program(arguments: &ServerArguments, facts: &Facts, main: &str) -> String {
    if let Some(name) = arguments.httpd.as_ref().and_then(|it| it.file_name()) {
        return name.to_string_lossy().into_owned();
    }
    let platform = facts
        .version
        .as_ref()
        .and_then(|it| it.value.platform.as_deref());
    let debian = matches!(platform, Some("Debian" | "Ubuntu")) || main == "apache2.conf";
    if debian { "apache2" } else { "httpd" }.to_owned()
}

fn table(arguments: &ServerArguments) -> Result<Option<Table>, Failure> {
    if arguments.modules.is_empty() {
        return Ok(None);
    }
    let mut table = Table::default();
    for path in &arguments.modules {
        let text = read_text(path)?;
        table = table
            .with_module(&text)
            .map_err(|it| Failure(format!("{}: {it}", path.display())))?;
    }
    Ok(Some(table))
}

pub(super) fn read_text(path: &Path) -> Result<String, Failure> {
    let bytes = std::fs::read(path).map_err(|it| Failure(format!("{}: {it}", path.display())))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

// On the server itself httpd inherits our environment, and what envvars adds to it.
fn environment(
    arguments: &ServerArguments,
    main: &MainFile,
    commit: Option<&Arc<Commit>>,
) -> Result<Option<Fact<Environment>>, Failure> {
    let inherited: BTreeMap<String, String> = if arguments.host {
        std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect()
    } else {
        BTreeMap::new()
    };
    let Some(path) = arguments.envvars.as_ref().or(main.envvars.as_ref()) else {
        let here = Origin {
            text: "the environment of this process".into(),
            line: 1,
        };
        let values = Environment {
            values: inherited,
            ..Environment::default()
        };
        return Ok(arguments.host.then_some(Fact {
            value: values,
            origin: here,
        }));
    };
    let text = match commit.filter(|it| it.has(path)) {
        Some(commit) => String::from_utf8_lossy(&commit.read(path)?).into_owned(),
        None => read_text(path)?,
    };
    let origin = Origin {
        text: path.display().to_string().into(),
        line: 1,
    };
    Ok(Some(Fact {
        value: envvars::read(&text, &inherited),
        origin,
    }))
}
