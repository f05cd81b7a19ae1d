//! What `AllowOverride` and `AllowOverrideList` permit in the `.htaccess` file of a directory.

use rustc_hash::FxHashMap;

use super::context::section_name;
use crate::argument::allow_override::AllowOverride;
use crate::argument::section::Section;
use crate::argument::words;
use crate::evaluate::{
    Config, Inputs, Overrides, Placed, PlacedId, Standing, Step, arguments_of, fnmatch, paths,
};
use crate::httpd::{Allow, Directive, Table};
use crate::model::Modules;

/// What is permitted in the `.htaccess` file of a directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Permission {
    /// httpd does not read the file.
    Unread,
    /// httpd reads it and permits this.
    Read(Overrides),
    /// It depends on a condition that is not decided, or on lines that cannot be seen from here.
    Unknown,
}

/// What is permitted in the `.htaccess` file of a directory, an absolute path of the server. Where
/// several servers have the directory, it is what any of those permits that read the file.
pub fn overrides(
    config: &Config,
    inputs: &Inputs<'_>,
    modules: &Modules,
    directory: &str,
) -> Permission {
    let settings = Settings::of(config, inputs, modules, directory);
    if settings.unknown || !is_whole(config) {
        return Permission::Unknown;
    }
    let servers = settings.servers_of(directory);
    let read = servers.into_iter().filter_map(|it| settings.on(it));
    match read.reduce(|one, other| one.or(&other)) {
        Some(overrides) => Permission::Read(overrides),
        None => Permission::Unread,
    }
}

/// The names of the files that stand in for `.htaccess`, a list for each server that has its own.
/// Of a list the first file that is there counts (`AccessFileName`).
pub fn access_file_names(config: &Config, table: &Table) -> Vec<Vec<String>> {
    let name = table.name("AccessFileName");
    let mut lists: FxHashMap<Server, Vec<String>> = FxHashMap::default();
    lists.insert(None, vec![".htaccess".to_owned()]);
    config.walk(&mut |step| {
        if let Step::Enter(placed) = step
            && placed.node.name.is_some_and(|it| Some(it) == name)
        {
            let line = placed.line();
            let words = line.words().into_iter();
            let list = words.map(|it| it.text.into_owned()).collect();
            lists.insert(server_of(&placed, table), list);
        }
    });
    let mut lists: Vec<_> = lists.into_iter().collect();
    lists.sort_unstable();
    lists.into_iter().map(|it| it.1).collect()
}

// Whether no line that might set something is missing.
fn is_whole(config: &Config) -> bool {
    let is_read = |id| config.occurrence(id).unit.unread.is_empty();
    !config.fragment
        && config.standings == [Standing::Server]
        && config.living().into_iter().all(is_read)
}

// The main server, or the `<VirtualHost>` that is another.
type Server = Option<PlacedId>;

// What a configuration says about one directory.
#[derive(Default)]
struct Settings {
    sections: Vec<Directory>,
    servers: Vec<Server>,
    document_roots: FxHashMap<Server, Option<String>>,
    unknown: bool,
}

// A `<Directory>` that covers the directory.
struct Directory {
    section: PlacedId,
    server: Server,
    // The number of names in its path: httpd merges in this order.
    depth: usize,
    // Of a section without `AllowOverride`, only the list counts.
    own: Overrides,
    list: Option<Vec<String>>,
}

impl Settings {
    fn of(config: &Config, inputs: &Inputs<'_>, modules: &Modules, directory: &str) -> Self {
        let table = inputs.table;
        let name = |it: &str| table.name(it);
        let [allow, list] = ["AllowOverride", "AllowOverrideList"].map(name);
        let [host, root] = ["<VirtualHost", "DocumentRoot"].map(name);
        let mut settings = Self {
            servers: vec![None],
            ..Self::default()
        };
        config.walk(&mut |step| {
            let Step::Enter(placed) = step else { return };
            let Some(name) = placed.node.name else { return };
            if Some(name) == host {
                settings.servers.push(Some(placed.id));
            } else if Some(name) == root {
                let argument = placed.line().words().first().map(|it| it.text.to_string());
                let path = argument.zip(modules.server_root());
                let path = path.map(|(path, root)| paths::resolve(root, &path));
                let server = server_of(&placed, table);
                settings.document_roots.insert(server, path);
            } else if Some(name) == allow || Some(name) == list {
                let Some(covering) = settings.covering(&placed, table, directory) else {
                    return;
                };
                let text = placed.occurrence.unit.text(placed.node);
                match Some(name) == list {
                    true => covering.take_list(arguments_of(&text), table, modules),
                    false => {
                        let directive = AllowOverride::parse(arguments_of(&text));
                        covering.own.set(&directive, placed.site().span);
                    }
                }
            }
        });
        // `<Directory>` sections of a virtual host come behind those of the main server.
        settings
            .sections
            .sort_by_key(|it| (it.depth, it.server.is_some()));
        settings
    }

    // The section around a directive, where it covers the directory.
    fn covering(
        &mut self,
        placed: &Placed<'_>,
        table: &Table,
        directory: &str,
    ) -> Option<&mut Directory> {
        // A directive in any other section, and in one for a regular expression, comes too late:
        // httpd looks for the files while it goes through the plain ones.
        let section = placed.parent()?;
        if section_name(&section, table) != "<Directory" {
            return None;
        }
        let around = std::iter::successors(Some(*placed), Placed::container);
        if around.into_iter().any(|it| it.node.uncertain) {
            self.unknown = true;
            return None;
        }
        let text = section.occurrence.unit.text(section.node);
        let depth = depth(arguments_of(&text), directory)?;
        let known = self.sections.iter().position(|it| it.section == section.id);
        let index = known.unwrap_or_else(|| {
            self.sections.push(Directory {
                section: section.id,
                server: server_of(placed, table),
                depth,
                own: Overrides::unset(),
                list: None,
            });
            self.sections.len() - 1
        });
        self.sections.get_mut(index)
    }

    // The servers whose documents lie in or above the directory: virtual hosts, or else the main
    // server. All where there is none, because `Alias` and others lead there, too.
    fn servers_of(&self, directory: &str) -> Vec<Server> {
        let main = self.document_roots.get(&None);
        let has = |server: &Server| match self.document_roots.get(server).or(main) {
            Some(Some(root)) => below(root, directory),
            Some(None) => true,
            None => false,
        };
        let having: Vec<Server> = self.servers.iter().copied().filter(has).collect();
        let hosts: Vec<Server> = having.iter().copied().filter(Option::is_some).collect();
        match (having.is_empty(), hosts.is_empty()) {
            (true, _) => self.servers.clone(),
            (_, true) => having,
            _ => hosts,
        }
    }

    // What one server permits, where it reads the file.
    fn on(&self, server: Server) -> Option<Overrides> {
        let mut permitted = Overrides::unset();
        let counts = |it: &&Directory| it.server.is_none() || it.server == server;
        for section in self.sections.iter().filter(counts) {
            if section.own.place.is_some() {
                permitted.allow = section.own.allow;
                permitted.place = section.own.place;
                permitted.options = section.own.options;
            }
            if let Some(list) = &section.list {
                permitted.names.clone_from(list);
            }
        }
        let is_read = permitted.allow != Allow::NONE || !permitted.names.is_empty();
        is_read.then_some(permitted)
    }
}

impl Directory {
    fn take_list(&mut self, arguments: &str, table: &Table, modules: &Modules) {
        let names = words::argv(arguments).into_iter().map(|it| it.value);
        let is_listed = |it: &String| {
            !it.eq_ignore_ascii_case("none") && Discarded::of(it, table, modules).is_none()
        };
        self.list = Some(names.filter(is_listed).collect());
    }
}

fn server_of(placed: &Placed<'_>, table: &Table) -> Server {
    let mut around = placed.sections();
    let host = around.find(|it| section_name(it, table) == "<VirtualHost");
    host.map(|it| it.id)
}

// How deep the path of a `<Directory>` is that covers a directory. A relative one covers none.
fn depth(arguments: &str, directory: &str) -> Option<usize> {
    let argument = Section::parse(arguments);
    let words = argument.words();
    let path = words.first().filter(|it| it.value.starts_with('/'))?;
    let is_pattern = fnmatch::is_pattern(&path.value);
    let (section, directory) = (
        paths::resolve("/", &path.value),
        paths::resolve("/", directory),
    );
    let (section, directory) = (parts(&section), parts(&directory));
    let is = |(one, two): (&&str, &&str)| match is_pattern {
        true => fnmatch::matches_component(one, two),
        false => one == two,
    };
    let covers = section.len() <= directory.len() && section.iter().zip(&directory).all(is);
    covers.then_some(section.len())
}

fn parts(path: &str) -> Vec<&str> {
    path.split('/').filter(|it| !it.is_empty()).collect()
}

fn below(root: &str, directory: &str) -> bool {
    parts(directory).starts_with(&parts(root))
}

/// Why `AllowOverrideList` leaves a name out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Discarded {
    /// No directive has it.
    Unknown,
    /// No module that is loaded has it.
    NotLoaded,
    /// `.htaccess` files cannot be allowed it.
    NotAllowed,
}

impl Discarded {
    /// Why a name is left out, where that is certain.
    pub fn of(name: &str, table: &Table, modules: &Modules) -> Option<Self> {
        let certain = |it: Self| modules.are_all_known().then_some(it);
        let Some(name) = table.name(name) else {
            return certain(Self::Unknown);
        };
        let is_possible = |it: &&Directive| !modules.has(it.module).is_false();
        let mut possible = table.definitions(name).filter(is_possible).peekable();
        if possible.peek().is_none() {
            return certain(Self::NotLoaded);
        }
        let is_allowed = |it: &Directive| it.allow.intersects(Allow::IN_DIRECTORY);
        (!possible.any(is_allowed)).then_some(Self::NotAllowed)
    }
}
