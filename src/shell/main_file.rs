//! From a path on the command line to a server's main file.

use std::path::{Component, Path, PathBuf};
use std::{fmt, fs, io};

use crate::syntax::words;
use crate::world::Kind;

use super::mapping::{self, Mapping};

// Where a main file lies below a `ServerRoot`, on Debian, FreeBSD, Red Hat and elsewhere.
const MAIN_FILES: [&str; 4] = [
    "apache2.conf",
    "httpd.conf",
    "conf/httpd.conf",
    "conf/apache2.conf",
];

// Any of these beside `apache2.conf` makes a directory one of Debian's.
const DEBIAN_DIRECTORIES: [&str; 6] = [
    "mods-enabled",
    "sites-enabled",
    "conf-enabled",
    "mods-available",
    "sites-available",
    "conf-available",
];

/// Where a server's configuration begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MainFile {
    /// The main file, as the server knows it.
    pub path: String,
    /// The main file on this machine, absolute.
    pub local: PathBuf,
    /// The `ServerRoot`, as the server knows it, by the layout of the files or the first
    /// `ServerRoot` of the main file; `None` where nothing tells. What is compiled into httpd
    /// (`HTTPD_ROOT`) is better where that is known.
    pub server_root: Option<String>,
    /// The folders that the server's paths mean, for [`super::DiskWorld::new`].
    pub mappings: Vec<Mapping>,
    /// The file `envvars` that belongs to the main file, on this machine.
    pub envvars: Option<PathBuf>,
}

/// Why there is no main file at a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MainFileError {
    /// Nothing is there.
    Missing(PathBuf),
    /// It cannot be read; with the system's text.
    Unreadable(PathBuf, String),
    /// A directory in which no file is called like a main file.
    NoMainFile(PathBuf),
}

impl MainFileError {
    fn new(path: &Path, error: &io::Error) -> Self {
        if error.kind() == io::ErrorKind::NotFound {
            return Self::Missing(path.to_owned());
        }
        Self::Unreadable(path.to_owned(), super::system_text(error))
    }
}

impl fmt::Display for MainFileError {
    /// One line: `web01: a directory without a main file (looked for apache2.conf, …)`
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(path) => write!(formatter, "{}: no such file", path.display()),
            Self::Unreadable(path, text) => write!(formatter, "{}: {text}", path.display()),
            Self::NoMainFile(path) => write!(
                formatter,
                "{}: a directory without a main file (looked for {})",
                path.display(),
                MAIN_FILES.join(", ")
            ),
        }
    }
}

impl std::error::Error for MainFileError {}

/// Where a main file is looked for, by paths of this machine.
pub trait Files {
    /// What is at a path, links followed.
    ///
    /// # Errors
    /// Nothing is there, or it cannot be seen.
    fn kind(&self, path: &Path) -> io::Result<Kind>;

    /// The bytes of a file.
    ///
    /// # Errors
    /// It cannot be read.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;

    /// The absolute path for a path.
    ///
    /// # Errors
    /// There is none.
    fn absolute(&self, path: &Path) -> io::Result<PathBuf>;

    /// Whether a folder is at a path.
    fn is_folder(&self, path: &Path) -> bool {
        self.kind(path).is_ok_and(|it| it == Kind::Directory)
    }

    /// Whether a file is at a path.
    fn is_file(&self, path: &Path) -> bool {
        self.kind(path).is_ok_and(|it| it == Kind::File)
    }
}

/// The files of this machine.
pub struct Disk;

impl Files for Disk {
    fn kind(&self, path: &Path) -> io::Result<Kind> {
        let metadata = fs::metadata(path)?;
        Ok(match (metadata.is_file(), metadata.is_dir()) {
            (true, _) => Kind::File,
            (_, true) => Kind::Directory,
            _ => Kind::Other,
        })
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        fs::read(path)
    }

    fn absolute(&self, path: &Path) -> io::Result<PathBuf> {
        absolute(path)
    }
}

/// Finds the main file for a path: a file, or a `ServerRoot` directory.
///
/// A copy of a server's configuration is recognised by its shape, and gets a mapping from where
/// the server has it: Debian's `/etc/apache2` by `apache2.conf` and the directories beside it, any
/// other by an absolute `ServerRoot` in the main file.
///
/// # Errors
/// Why there is none.
pub fn find(path: &Path) -> Result<MainFile, MainFileError> {
    if path.is_dir() {
        let readable = fs::read_dir(path);
        readable.map_err(|error| MainFileError::new(path, &error))?;
    }
    find_among(&Disk, path)
}

/// The same among other files.
///
/// # Errors
/// Why there is none.
pub fn find_among(files: &dyn Files, path: &Path) -> Result<MainFile, MainFileError> {
    let of = |error: io::Error| MainFileError::new(path, &error);
    let given = files.absolute(path).map_err(of)?;
    let kind = files.kind(&given).map_err(of)?;
    if kind != Kind::Directory {
        // A pipe can be read only once, and not here.
        let text = match kind {
            Kind::File => files.read(&given).map_err(of)?,
            _ => Vec::new(),
        };
        return Ok(main_file(files, given, None, &text));
    }
    let local = MAIN_FILES
        .iter()
        .map(|it| given.join(it))
        .find(|it| files.is_file(it))
        .ok_or_else(|| MainFileError::NoMainFile(path.to_owned()))?;
    let text = files.read(&local);
    let text = text.map_err(|error| MainFileError::new(&local, &error))?;
    Ok(main_file(files, local, Some(given), &text))
}

/// The same for a file with this text, wherever it came from; nothing needs to be at the path.
///
/// # Errors
/// The path is none, or cannot be made absolute.
pub fn of_text(path: &Path, text: &[u8]) -> Result<MainFile, MainFileError> {
    let given = absolute(path).map_err(|error| MainFileError::new(path, &error))?;
    Ok(main_file(&Disk, given, None, text))
}

/// The bytes that come out of a pipe: a text without a place, as the shell makes one of
/// `<(program)`. `None` where something else is at the path, or nothing.
///
/// # Errors
/// It cannot be read.
pub fn pipe(path: &Path) -> Result<Option<Vec<u8>>, MainFileError> {
    if !fs::metadata(path).is_ok_and(|it| is_pipe(it.file_type())) {
        return Ok(None);
    }
    let bytes = fs::read(path);
    bytes
        .map(Some)
        .map_err(|error| MainFileError::new(path, &error))
}

#[cfg(unix)]
fn is_pipe(kind: fs::FileType) -> bool {
    std::os::unix::fs::FileTypeExt::is_fifo(&kind)
}

#[cfg(not(unix))]
fn is_pipe(_: fs::FileType) -> bool {
    false
}

/// An absolute path for a local one. A path of the server has no `..`, so a local one that may
/// become one has none either.
///
/// # Errors
/// The path has a `..`, and leads to nothing.
pub fn absolute(path: &Path) -> io::Result<PathBuf> {
    if path.components().any(|it| it == Component::ParentDir) {
        return fs::canonicalize(path);
    }
    Ok(std::path::absolute(path)?.components().collect())
}

// `given` is the directory that the user called a `ServerRoot`.
fn main_file(files: &dyn Files, local: PathBuf, given: Option<PathBuf>, text: &[u8]) -> MainFile {
    let text = String::from_utf8_lossy(text);
    // httpd joins continued lines before it looks at them.
    let text = text.replace("\\\r\n", "").replace("\\\n", "");
    let directory = local.parent().unwrap_or(Path::new("/")).to_owned();
    let declared = server_root(&text);
    let debian = debian_root(files, &local, &directory);
    // `conf/httpd.conf` lies below its `ServerRoot`, any other main file directly in it.
    let above = directory.parent().filter(|_| directory.ends_with("conf"));
    let trees = [given.as_deref(), above, Some(directory.as_path())];
    let mut trees = trees.into_iter().flatten();
    let mapped = match (&debian, &declared) {
        (Some(root), _) => Some((root, directory.as_path())),
        (None, Some(root)) => trees
            .clone()
            .find(|it| has_shape(files, it, &text))
            .map(|tree| (root, tree)),
        (None, None) => None,
    };
    let tree = mapped.map(|it| it.1).or(trees.next()).unwrap_or(&directory);
    let mapping = match mapped {
        Some((root, tree)) => Mapping {
            from: root.trim_end_matches('/').to_owned(),
            to: tree.to_owned(),
        },
        None => Mapping::identity(tree),
    };
    let mut mappings = vec![mapping];
    // The server's own tree, on the server. A `ServerRoot /` says nothing of where one is.
    let own = declared.as_deref().map(Path::new);
    if let Some(root) = own.filter(|it| it.parent().is_some() && it.is_dir())
        && local.starts_with(root)
    {
        mappings = vec![Mapping::identity(root)];
    }
    let envvars = [directory.join("envvars"), tree.join("bin/envvars")];
    MainFile {
        path: mapping::server(&mappings, &local)
            .unwrap_or_else(|| local.to_string_lossy().into_owned()),
        server_root: debian
            .or(declared)
            .or_else(|| mapping::server(&mappings, given.as_deref()?)),
        local,
        mappings,
        envvars: envvars.into_iter().find(|it| files.is_file(it)),
    }
}

// The directory on the server of a main file of Debian's: /etc/apache2, or /etc/apache2-NAME for
// one of several instances.
fn debian_root(files: &dyn Files, local: &Path, directory: &Path) -> Option<String> {
    let is_debian = local.ends_with("apache2.conf")
        && DEBIAN_DIRECTORIES
            .iter()
            .any(|it| files.is_folder(&directory.join(it)));
    if !is_debian {
        return None;
    }
    let name = directory.file_name().and_then(|it| it.to_str());
    let below_etc = directory.parent().is_some_and(|it| it.ends_with("etc"));
    Some(match name {
        Some(name) if below_etc && name.starts_with("apache2-") => format!("/etc/{name}"),
        _ => "/etc/apache2".to_owned(),
    })
}

// The first `ServerRoot` that is an absolute path.
fn server_root(text: &str) -> Option<String> {
    arguments(text, "ServerRoot").find(|it| it.starts_with('/'))
}

// Whether a tree looks like the `ServerRoot` of a main file: what the file includes by relative
// paths is there.
fn has_shape(files: &dyn Files, tree: &Path, text: &str) -> bool {
    let includes = arguments(text, "Include").chain(arguments(text, "IncludeOptional"));
    let mut relative = includes.filter(|it| !it.starts_with('/')).peekable();
    if relative.peek().is_none() {
        return files.is_folder(&tree.join("conf"));
    }
    relative.any(|it| {
        let first = it.split('/').next().unwrap_or_default();
        !first.contains(['*', '?', '[']) && files.kind(&tree.join(first)).is_ok()
    })
}

fn arguments<'a>(text: &'a str, directive: &'a str) -> impl Iterator<Item = String> + 'a {
    text.lines().filter_map(move |line| {
        let (name, rest) = words::first(line);
        let argument = words::first(rest).0.text;
        name.text
            .eq_ignore_ascii_case(directive)
            .then(|| argument.into_owned())
    })
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    struct Disk(tempfile::TempDir);

    impl Disk {
        fn new(files: &[(&str, &str)]) -> Self {
            let disk = Self(tempfile::tempdir().unwrap());
            for (path, text) in files {
                let path = disk.path(path);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, text).unwrap();
            }
            disk
        }

        fn path(&self, path: &str) -> PathBuf {
            self.0.path().join(path)
        }

        fn find(&self, path: &str) -> MainFile {
            find(&self.path(path)).unwrap()
        }

        // A path of this machine below the disk, shortened.
        fn show(&self, path: &str) -> String {
            path.replace(&*self.0.path().to_string_lossy(), "DISK")
        }

        fn mappings(&self, main: &MainFile) -> Vec<String> {
            let show = |it: &Mapping| format!("{}={}", it.from, it.to.display());
            main.mappings
                .iter()
                .map(|it| self.show(&show(it)))
                .collect()
        }
    }

    #[test]
    fn a_copy_of_debians_directory_is_mapped() {
        let disk = Disk::new(&[
            (
                "web01/apache2.conf",
                "#ServerRoot \"/etc/apache2\"\nInclude ports.conf\n",
            ),
            ("web01/sites-enabled/a.conf", ""),
            ("web01/envvars", ""),
        ]);
        for path in [
            "web01",
            "web01/",
            "web01/apache2.conf",
            "web01/sites-enabled/../apache2.conf",
        ] {
            let main = disk.find(path);
            assert_eq!(main.path, "/etc/apache2/apache2.conf");
            assert!(main.local.ends_with("web01/apache2.conf"));
            assert_eq!(main.server_root.as_deref(), Some("/etc/apache2"));
            assert_eq!(
                main.envvars.as_deref(),
                main.local.parent().map(|it| it.join("envvars")).as_deref()
            );
            assert_eq!(disk.mappings(&main), ["/etc/apache2=DISK/web01"]);
        }
    }

    #[test]
    fn an_instance_of_debian_keeps_its_name() {
        let disk = Disk::new(&[
            ("etc/apache2-shop/apache2.conf", ""),
            ("etc/apache2-shop/mods-enabled/x.load", ""),
        ]);
        let main = disk.find("etc/apache2-shop");
        assert_eq!(main.path, "/etc/apache2-shop/apache2.conf");
    }

    #[test]
    fn a_copy_of_red_hats_directory_is_mapped() {
        let disk = Disk::new(&[
            (
                "web02/conf/httpd.conf",
                "ServerRoot \"/etc/httpd\"\nInclude conf.modules.d/*.conf\nIncludeOptional conf.d/*.conf\n",
            ),
            ("web02/conf.modules.d/00.conf", ""),
        ]);
        for path in ["web02", "web02/conf", "web02/conf/httpd.conf"] {
            let main = disk.find(path);
            assert_eq!(main.path, "/etc/httpd/conf/httpd.conf");
            assert_eq!(main.server_root.as_deref(), Some("/etc/httpd"));
            assert_eq!(disk.mappings(&main), ["/etc/httpd=DISK/web02"]);
        }
    }

    #[test]
    fn a_tree_of_another_shape_is_not_mapped() {
        let disk = Disk::new(&[(
            "etc/httpd/httpd.conf",
            "ServerRoot \"/opt/homebrew/opt/httpd\"\nLoadModule x lib/x.so\nInclude extra/a.conf\n",
        )]);
        let main = disk.find("etc/httpd/httpd.conf");
        assert_eq!(disk.show(&main.path), "DISK/etc/httpd/httpd.conf");
        assert_eq!(main.server_root.as_deref(), Some("/opt/homebrew/opt/httpd"));
        assert_eq!(disk.mappings(&main), ["DISK/etc/httpd=DISK/etc/httpd"]);
    }

    #[test]
    fn a_file_alone_says_nothing_of_its_server_root() {
        let disk = Disk::new(&[("a/shop.conf", "<VirtualHost *:80>\n</VirtualHost>\n")]);
        let main = disk.find("a/shop.conf");
        assert_eq!(main.server_root, None);
        assert_eq!(disk.mappings(&main), ["DISK/a=DISK/a"]);
        assert_eq!(main.envvars, None);
    }

    #[test]
    fn a_directory_is_the_server_root_that_the_user_calls_it() {
        let disk = Disk::new(&[("root/conf/httpd.conf", ""), ("root/bin/envvars", "")]);
        let main = disk.find("root");
        assert_eq!(
            main.server_root.map(|it| disk.show(&it)),
            Some("DISK/root".to_owned())
        );
        assert_eq!(
            disk.mappings(&Disk::find(&disk, "root")),
            ["DISK/root=DISK/root"]
        );
        assert_eq!(main.envvars, Some(disk.path("root/bin/envvars")));
    }

    #[test]
    fn a_server_root_on_this_machine_is_itself() {
        let disk = Disk::new(&[("root/etc/httpd.conf", ""), ("root/conf.d/a.conf", "")]);
        let text = format!("ServerRoot {}\n", disk.path("root").display());
        fs::write(disk.path("root/etc/httpd.conf"), text).unwrap();
        let main = disk.find("root/etc/httpd.conf");
        assert_eq!(
            main.path,
            disk.path("root/etc/httpd.conf").to_string_lossy()
        );
        assert_eq!(disk.mappings(&main), ["DISK/root=DISK/root"]);
    }

    #[test]
    fn what_is_not_there_is_said_in_one_line() {
        let disk = Disk::new(&[("empty/readme", "")]);
        let error = |path: &str| disk.show(&find(&disk.path(path)).unwrap_err().to_string());
        assert_eq!(error("gone.conf"), "DISK/gone.conf: no such file");
        assert_eq!(
            error("empty/readme/x"),
            "DISK/empty/readme/x: Not a directory"
        );
        assert_eq!(
            error("empty"),
            "DISK/empty: a directory without a main file (looked for apache2.conf, httpd.conf, \
             conf/httpd.conf, conf/apache2.conf)"
        );
    }

    #[test]
    fn this_machines_debian_is_itself() {
        let path = Path::new("/etc/apache2");
        if let Ok(main) = find(path) {
            assert_eq!(main.path, "/etc/apache2/apache2.conf");
            assert_eq!(main.mappings, [Mapping::identity(path)]);
        }
    }
}
