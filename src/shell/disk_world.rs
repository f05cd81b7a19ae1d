//! The world as it lies on this machine's disk.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::{self, File, FileType};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustc_hash::FxHashMap;

use crate::world::{Entry, Kind, Permissions, ReadError, World};

use super::mapping::{self, Mapping, Visible};

// Linux follows no more links than this in one path (`ELOOP`).
const MOST_LINKS: usize = 40;
// Larger than nearly every file of a configuration.
const BUFFER: usize = 1 << 13;
// The most paths of which is remembered what is there.
const MOST_FOUND: usize = 1024;
// `PATH_MAX` of Linux.
const LONGEST_PATH: usize = 4096;
// httpd takes it for an empty file, but only under this very name.
const NULL_DEVICE: &str = "/dev/null";

/// The files of this machine under the server's paths.
///
/// Symbolic links are followed in the server's terms: the target of a link is a path of the
/// server, so it goes through the mappings again, and a link to something that is not visible is
/// [`Kind::Unknown`]. Names compare byte for byte, as on the usual server, even where this
/// machine's disk ignores case.
///
/// A name that is not UTF-8 is shown with each byte as the character of the same number, the same
/// way as a text that is not UTF-8 is decoded; such an entry is found again under that name.
/// It may then sort otherwise than on the server, among other names with such bytes.
///
/// Each directory is read once, and its listing is kept for the life of the value.
#[derive(Debug)]
pub struct DiskWorld {
    mappings: Vec<Mapping>,
    // Every path means the same here and on the server, so the system may follow links itself.
    direct: bool,
    // Whether it is known where the files lie on the server.
    is_placed: bool,
    directories: Mutex<FxHashMap<String, Result<Arc<Place>, ReadError>>>,
    listings: Mutex<FxHashMap<PathBuf, Result<Arc<Listing>, ReadError>>>,
    found: Mutex<FxHashMap<Box<str>, Found>>,
    // The most bytes of a file that is read, and the files that have more.
    most: u64,
    larger: Mutex<BTreeMap<PathBuf, u64>>,
}

/// What the system finds at a path.
#[derive(Debug, Clone)]
struct Found {
    /// Whether it is a link; `None` where nothing is there.
    is_link: Option<bool>,
    /// What it leads to.
    target: Result<(Kind, Option<Permissions>), ReadError>,
}

/// Something that is there, all links followed.
#[derive(Debug, Clone)]
struct Place {
    /// The server's path; the root is empty.
    server: String,
    /// The path on this machine; `None` for a directory that is known only because a visible one
    /// lies below it.
    local: Option<PathBuf>,
    kind: Kind,
}

type Listing = FxHashMap<String, Item>;

/// An entry of a directory, links not followed.
#[derive(Debug, Clone)]
struct Item {
    kind: ItemKind,
    /// The name on the disk, where it is not UTF-8.
    name: Option<OsString>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ItemKind {
    File,
    Directory,
    Link,
    Other,
}

impl DiskWorld {
    /// A world of some mappings. The longest `from` that covers a path decides; of two equal ones
    /// the first.
    pub fn new(mut mappings: Vec<Mapping>, visible: Visible) -> Self {
        for mapping in &mut mappings {
            mapping
                .from
                .truncate(mapping.from.trim_end_matches('/').len());
        }
        let direct = visible == Visible::Everything
            && mappings.iter().all(|it| Path::new(&it.from) == it.to);
        if visible == Visible::Everything {
            mappings.push(Mapping {
                from: String::new(),
                to: PathBuf::from("/"),
            });
        }
        mappings.sort_by_key(|it| std::cmp::Reverse(it.from.len()));
        Self {
            mappings,
            direct,
            is_placed: true,
            directories: Mutex::default(),
            listings: Mutex::default(),
            found: Mutex::default(),
            most: u64::MAX,
            larger: Mutex::default(),
        }
    }

    /// The same files, but for those of more bytes.
    #[must_use]
    pub fn at_most(self, most: u64) -> Self {
        Self { most, ..self }
    }

    /// The files of this machine that were not read because they are too large, with their lengths.
    pub fn larger(&self) -> BTreeMap<PathBuf, u64> {
        lock(&self.larger).clone()
    }

    // Whether a file is too large to be read, which is noted then.
    fn is_larger(&self, local: &Path) -> bool {
        let length = match self.most {
            u64::MAX => return false,
            _ => fs::metadata(local).map_or(0, |it| it.len()),
        };
        if length > self.most {
            lock(&self.larger).insert(local.to_owned(), length);
        }
        length > self.most
    }

    /// The same files where only their places here are known: they may be a copy.
    #[must_use]
    pub fn somewhere(self) -> Self {
        Self {
            is_placed: false,
            ..self
        }
    }

    /// Where a path of the server lies here, symbolic links not followed; `None` where it is not
    /// visible.
    pub fn local(&self, path: &str) -> Option<PathBuf> {
        mapping::local(&self.mappings, path)
    }

    /// The server's path of an absolute local path; `None` where no mapping covers it and not
    /// everything is visible.
    pub fn server(&self, local: &Path) -> Option<String> {
        mapping::server(&self.mappings, local)
    }

    /// Where the thing at a path of the server lies here, symbolic links followed; `None` where it
    /// is not visible or not there. This is the file that a fix must be written to.
    pub fn target(&self, path: &str) -> Option<PathBuf> {
        self.resolve(path, 0).ok()?.local
    }

    // Follows a path of the server to what is there.
    fn resolve(&self, path: &str, links: usize) -> Result<Place, ReadError> {
        if path.len() > LONGEST_PATH {
            return Err(ReadError::Other("File name too long".to_owned()));
        }
        let trimmed = path.trim_end_matches('/');
        let Some((parent, name)) = trimmed.rsplit_once('/') else {
            return Ok(self.root());
        };
        let parent = self.directory(parent, links)?;
        let place = match name {
            "" | "." => Ok(Place::clone(&parent)),
            ".." => {
                let above = parent.server.rsplit_once('/').map_or("", |it| it.0);
                self.resolve(above, links)
            }
            _ => self.step(&parent, name, links),
        }?;
        if trimmed.len() < path.len() && place.kind != Kind::Directory {
            return Err(ReadError::NotADirectory);
        }
        Ok(place)
    }

    fn root(&self) -> Place {
        Place {
            server: String::new(),
            local: self.local("/"),
            kind: Kind::Directory,
        }
    }

    fn directory(&self, path: &str, links: usize) -> Result<Arc<Place>, ReadError> {
        if let Some(known) = lock(&self.directories).get(path) {
            return known.clone();
        }
        let found = match self.resolve(path, links) {
            Ok(place) if place.kind == Kind::Directory => Ok(Arc::new(place)),
            Ok(_) => Err(ReadError::NotADirectory),
            Err(error) => Err(error),
        };
        lock(&self.directories).insert(path.to_owned(), found.clone());
        found
    }

    fn step(&self, parent: &Place, name: &str, links: usize) -> Result<Place, ReadError> {
        let server = format!("{}/{name}", parent.server);
        if server == NULL_DEVICE {
            return Ok(Place {
                server,
                local: None,
                kind: Kind::Other,
            });
        }
        if let Some(mapping) = self.mappings.iter().find(|it| it.from == server) {
            let kind = fs::metadata(&mapping.to).map_err(read_error)?.file_type();
            return Ok(Place {
                server,
                local: Some(mapping.to.clone()),
                kind: followed(kind),
            });
        }
        let item = match &parent.local {
            Some(directory) => self.item(directory, name)?,
            None => Err(ReadError::Unknown),
        };
        let (local, kind) = match item {
            Ok((local, ItemKind::Link)) => return self.follow(parent, &local, links),
            Ok((local, ItemKind::File)) => (Some(local), Kind::File),
            Ok((local, ItemKind::Directory)) => (Some(local), Kind::Directory),
            Ok((local, ItemKind::Other)) => (Some(local), Kind::Other),
            // A directory above something visible is there, whatever is known of it otherwise.
            Err(_) if self.leads_to_something_known(&server) => (None, Kind::Directory),
            Err(error) => return Err(error),
        };
        Ok(Place {
            server,
            local,
            kind,
        })
    }

    // The outer error is about the directory, the inner one about the entry.
    fn item(
        &self,
        directory: &Path,
        name: &str,
    ) -> Result<Result<(PathBuf, ItemKind), ReadError>, ReadError> {
        match self.listing(directory) {
            Ok(listing) => Ok(match listing.get(name) {
                Some(item) => Ok((item.local(directory, name), item.kind)),
                None => Err(ReadError::Missing),
            }),
            // The right to pass through a directory is not the right to list it.
            Err(ReadError::Denied) => {
                let local = directory.join(name);
                let kind = fs::symlink_metadata(&local).map(|it| unfollowed(it.file_type()));
                Ok(kind.map(|it| (local, it)).map_err(read_error))
            }
            Err(error) => Err(error),
        }
    }

    fn leads_to_something_known(&self, server: &str) -> bool {
        let mapped = self.mappings.iter().map(|it| it.from.as_str());
        mapped
            .chain([NULL_DEVICE])
            .any(|it| mapping::below(server, it).is_some())
    }

    fn follow(&self, parent: &Place, link: &Path, links: usize) -> Result<Place, ReadError> {
        if links >= MOST_LINKS {
            return Err(ReadError::Other(
                "Too many levels of symbolic links".to_owned(),
            ));
        }
        let target = shown(fs::read_link(link).map_err(read_error)?.into_os_string());
        let target = match target {
            Ok(target) | Err((target, _)) => target,
        };
        if target.starts_with('/') {
            self.resolve(&target, links + 1)
        } else {
            self.resolve(&format!("{}/{target}", parent.server), links + 1)
        }
    }

    fn listing(&self, directory: &Path) -> Result<Arc<Listing>, ReadError> {
        if let Some(known) = lock(&self.listings).get(directory) {
            return known.clone();
        }
        let found = list(directory).map(Arc::new).map_err(read_error);
        lock(&self.listings).insert(directory.to_owned(), found.clone());
        found
    }

    // What a listing that was made already says of a file, so that nobody asks the system again.
    fn is_listed_file(&self, path: &Path) -> bool {
        let (Some(directory), Some(name)) = (path.parent(), path.file_name()) else {
            return false;
        };
        let listings = lock(&self.listings);
        let listing = listings.get(directory).and_then(|it| it.as_ref().ok());
        listing
            .zip(name.to_str())
            .and_then(|(listing, name)| listing.get(name))
            .is_some_and(|it| it.kind == ItemKind::File)
    }

    // A path that the system itself may follow. Others are not ASCII: their names may be shown
    // otherwise than they are.
    fn straight<'a>(&self, path: &'a str) -> Option<&'a Path> {
        (self.direct && path.is_ascii()).then(|| Path::new(path))
    }

    // What the system finds at a path. Checks and rules ask for the same path soon after each
    // other, and requests for the directories above it.
    fn found(&self, path: &str, local: &Path) -> Found {
        if let Some(known) = lock(&self.found).get(path) {
            return known.clone();
        }
        let own = fs::symlink_metadata(local);
        let is_link = own.as_ref().ok().map(fs::Metadata::is_symlink);
        let metadata = match is_link {
            Some(true) => fs::metadata(local),
            _ => own,
        };
        let target = metadata.map(|it| (followed(it.file_type()), permissions(&it)));
        let found = Found {
            is_link,
            target: target.map_err(read_error),
        };
        let mut known = lock(&self.found);
        if known.len() >= MOST_FOUND {
            known.clear();
        }
        known.insert(path.into(), found.clone());
        found
    }

    fn found_kind(&self, path: &str, local: &Path) -> Result<Kind, ReadError> {
        self.found(path, local).target.map(|it| it.0)
    }

    // Nobody knows what else lies beside files of which only the places here are known.
    fn seen_from(&self, error: ReadError) -> ReadError {
        match error {
            ReadError::Missing | ReadError::NotADirectory if !self.is_placed => ReadError::Unknown,
            error => error,
        }
    }

    // Where the regular file of a path lies on this machine.
    fn regular_file<'a>(&self, path: &'a str) -> Result<Cow<'a, Path>, ReadError> {
        if let Some(local) = self.straight(path) {
            // Opening a pipe would wait for its writer.
            if !self.is_listed_file(local) && self.found_kind(path, local)? != Kind::File {
                return Err(ReadError::NotAFile);
            }
            return Ok(Cow::Borrowed(local));
        }
        let place = self.resolve(path, 0)?;
        match (place.kind, place.local) {
            (Kind::File, Some(local)) => Ok(Cow::Owned(local)),
            _ => Err(ReadError::NotAFile),
        }
    }
}

impl World for DiskWorld {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        if path == NULL_DEVICE {
            return Ok(Vec::new());
        }
        let file = self.regular_file(path).map_err(|it| self.seen_from(it))?;
        if self.is_larger(&file) {
            return Err(ReadError::Unknown);
        }
        read(&file).map_err(read_error)
    }

    // Modules are large, and only how they begin is ever asked.
    fn head(&self, path: &str, length: usize) -> Result<Vec<u8>, ReadError> {
        if path == NULL_DEVICE {
            return Ok(Vec::new());
        }
        head(&self.regular_file(path)?, length).map_err(read_error)
    }

    fn list(&self, path: &str) -> Result<Vec<Entry>, ReadError> {
        let listing = match self.straight(path) {
            Some(local) => self.listing(local),
            None => self.directory(path, 0).and_then(|it| match &it.local {
                Some(local) => self.listing(local),
                None => Err(ReadError::Unknown),
            }),
        };
        let listing = listing.map_err(|it| self.seen_from(it))?;
        let entry = |(name, item): (&String, &Item)| Entry {
            name: name.clone(),
            is_directory: item.kind == ItemKind::Directory,
            is_file: item.kind == ItemKind::File,
            is_utf8: item.name.is_none(),
        };
        Ok(listing.iter().map(entry).collect())
    }

    fn permissions(&self, path: &str) -> Option<Permissions> {
        self.found(path, self.straight(path)?).target.ok()?.1
    }

    fn is_link(&self, path: &str) -> Option<bool> {
        self.found(path, self.straight(path)?).is_link
    }

    fn real_path(&self, path: &str) -> Option<String> {
        let real = std::fs::canonicalize(self.straight(path)?).ok()?;
        real.to_str().map(str::to_owned)
    }

    // What lies at its own place is the thing itself; elsewhere it is a copy.
    fn is_complete(&self, path: &str) -> bool {
        self.is_placed && self.local(path).is_some_and(|it| it == Path::new(path))
    }

    fn kind(&self, path: &str) -> Kind {
        let kind = match self.straight(path) {
            Some(local) => self.found_kind(path, local),
            None => self.resolve(path, 0).map(|it| it.kind),
        };
        kind.unwrap_or_else(|error| match error {
            ReadError::Missing => Kind::Missing,
            ReadError::NotADirectory => Kind::NotADirectory,
            ReadError::Denied => Kind::Denied,
            ReadError::NotAFile => Kind::Other,
            ReadError::Unknown => Kind::Unknown,
            // A loop of links, a name too long: nothing can be there.
            ReadError::Other(_) => Kind::Missing,
        })
    }
}

impl Item {
    fn local(&self, directory: &Path, name: &str) -> PathBuf {
        match &self.name {
            Some(name) => directory.join(name),
            None => directory.join(name),
        }
    }
}

#[cfg(unix)]
fn permissions(found: &fs::Metadata) -> Option<Permissions> {
    use std::os::unix::fs::MetadataExt;
    Some(Permissions {
        mode: found.mode(),
        user: found.uid(),
        group: found.gid(),
    })
}

#[cfg(not(unix))]
fn permissions(_: &fs::Metadata) -> Option<Permissions> {
    None
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // The maps are whole between any two of their operations.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

// Most files fit into one read, and asking for their size first would cost as much as that.
fn read(local: &Path) -> io::Result<Vec<u8>> {
    let mut file = File::open(local)?;
    let mut buffer = [0; BUFFER];
    let length = file.read(&mut buffer)?;
    let mut bytes = buffer[..length].to_vec();
    if length == BUFFER {
        // This one asks for the size.
        file.read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

fn head(local: &Path, length: usize) -> io::Result<Vec<u8>> {
    let mut file = File::open(local)?;
    let mut bytes = vec![0; length];
    let mut filled = 0;
    while filled < length {
        match file.read(&mut bytes[filled..])? {
            0 => break,
            more => filled += more,
        }
    }
    bytes.truncate(filled);
    Ok(bytes)
}

fn list(directory: &Path) -> io::Result<Listing> {
    let mut listing = Listing::default();
    let mut renamed = Vec::new();
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        let kind = unfollowed(entry.file_type()?);
        match shown(entry.file_name()) {
            Ok(name) => {
                listing.insert(name, Item { kind, name: None });
            }
            Err(it) => renamed.push((it, kind)),
        }
    }
    for ((mut name, real), kind) in renamed {
        // Another entry may really be called like this.
        while listing.contains_key(&name) {
            name.push(char::REPLACEMENT_CHARACTER);
        }
        let name_on_disk = Some(real);
        listing.insert(
            name,
            Item {
                kind,
                name: name_on_disk,
            },
        );
    }
    Ok(listing)
}

// A name as it is shown; with the real one, where it is not UTF-8.
fn shown(name: OsString) -> Result<String, (String, OsString)> {
    name.into_string().map_err(|name| {
        let shown = name.as_encoded_bytes().iter().map(|&it| char::from(it));
        (shown.collect(), name)
    })
}

fn followed(kind: FileType) -> Kind {
    if kind.is_file() {
        Kind::File
    } else if kind.is_dir() {
        Kind::Directory
    } else {
        Kind::Other
    }
}

fn unfollowed(kind: FileType) -> ItemKind {
    if kind.is_symlink() {
        return ItemKind::Link;
    }
    match followed(kind) {
        Kind::File => ItemKind::File,
        Kind::Directory => ItemKind::Directory,
        _ => ItemKind::Other,
    }
}

fn read_error(error: io::Error) -> ReadError {
    match error.kind() {
        io::ErrorKind::NotFound => ReadError::Missing,
        io::ErrorKind::NotADirectory => ReadError::NotADirectory,
        io::ErrorKind::PermissionDenied => ReadError::Denied,
        io::ErrorKind::IsADirectory => ReadError::NotAFile,
        _ => ReadError::Other(super::system_text(&error)),
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests;
