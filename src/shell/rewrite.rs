//! Putting a new text in the place of a file.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

/// Writes `new` in the place of a file's bytes `old`: at once, so that nobody ever reads half of
/// it, and with the file's mode and owner. A file that is not what it was, or has several names, is
/// left alone.
///
/// # Errors
/// Why the file was left as it was.
pub fn rewrite(path: &Path, old: &[u8], new: &[u8]) -> io::Result<()> {
    let metadata = fs::metadata(path)?;
    if fs::read(path)? != old {
        return Err(io::Error::other("has changed since it was read"));
    }
    let directory = path.parent().unwrap_or(Path::new("/"));
    let mut file = tempfile::NamedTempFile::new_in(directory)?;
    file.write_all(new)?;
    keep_owner(&metadata, file.path())?;
    file.as_file().set_permissions(metadata.permissions())?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

#[cfg(unix)]
fn keep_owner(metadata: &fs::Metadata, new: &Path) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, chown};
    if metadata.nlink() > 1 {
        return Err(io::Error::other("has several names (hard links)"));
    }
    let made = fs::metadata(new)?;
    if (made.uid(), made.gid()) != (metadata.uid(), metadata.gid()) {
        chown(new, Some(metadata.uid()), Some(metadata.gid()))?;
    }
    Ok(())
}

#[cfg(not(unix))]
fn keep_owner(_: &fs::Metadata, _: &Path) -> io::Result<()> {
    Ok(())
}
