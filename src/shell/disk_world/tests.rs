use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;

use super::*;

// A folder with a copy of a server's /etc/apache2 and something beside it.
struct Disk(tempfile::TempDir);

impl Disk {
    fn new() -> Self {
        let disk = Self(tempfile::tempdir().unwrap());
        disk.put("repo/apache2.conf", "main");
        disk.put("repo/sites-available/shop.conf", "shop");
        disk.put("repo/sites-enabled/.keep", "");
        disk.put("beside/secret.conf", "secret");
        disk
    }

    fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    fn put(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn link(&self, path: &str, target: &str) {
        symlink(target, self.path(path)).unwrap();
    }

    // The folder `repo` is the server's /etc/apache2, and nothing else is visible.
    fn mapped(&self) -> DiskWorld {
        let mapping = Mapping {
            from: "/etc/apache2".to_owned(),
            to: self.path("repo"),
        };
        DiskWorld::new(vec![mapping], Visible::Mapped)
    }
}

fn text(world: &DiskWorld, path: &str) -> Result<String, ReadError> {
    world.read(path).map(|it| String::from_utf8(it).unwrap())
}

fn names(world: &DiskWorld, path: &str) -> Vec<(String, bool)> {
    let mut entries = world.list(path).unwrap();
    entries.sort();
    entries
        .into_iter()
        .map(|it| (it.name, it.is_directory))
        .collect()
}

#[test]
fn a_mapped_folder_has_the_servers_paths() {
    let disk = Disk::new();
    let world = disk.mapped();
    assert_eq!(text(&world, "/etc/apache2/apache2.conf"), Ok("main".into()));
    assert_eq!(world.kind("/etc/apache2"), Kind::Directory);
    assert_eq!(world.kind("/etc/apache2/sites-available/"), Kind::Directory);
    assert_eq!(world.kind("/etc/apache2/apache2.conf"), Kind::File);
    assert_eq!(world.kind("/etc/apache2/nothing"), Kind::Missing);
    assert_eq!(world.kind("/etc/apache2/nothing/x"), Kind::Missing);
    assert_eq!(
        world.kind("/etc/apache2/apache2.conf/x"),
        Kind::NotADirectory
    );
    assert_eq!(
        world.kind("/etc/apache2/apache2.conf/"),
        Kind::NotADirectory
    );
    assert_eq!(
        text(&world, "/etc/apache2/sites-available"),
        Err(ReadError::NotAFile)
    );
    assert_eq!(
        names(&world, "/etc/apache2"),
        [
            ("apache2.conf".to_owned(), false),
            ("sites-available".to_owned(), true),
            ("sites-enabled".to_owned(), true)
        ]
    );
    assert_eq!(
        world.list("/etc/apache2/apache2.conf"),
        Err(ReadError::NotADirectory)
    );
    assert_eq!(world.list("/etc/apache2/nothing"), Err(ReadError::Missing));
}

#[test]
fn what_no_mapping_covers_is_unknown() {
    let disk = Disk::new();
    let world = disk.mapped();
    assert_eq!(world.kind("/etc/passwd"), Kind::Unknown);
    assert_eq!(text(&world, "/etc/passwd"), Err(ReadError::Unknown));
    assert_eq!(world.kind("/etc/apache2-shop/x"), Kind::Unknown);
    assert_eq!(
        world.kind("/etc"),
        Kind::Directory,
        "something known lies below it"
    );
    assert_eq!(world.list("/etc"), Err(ReadError::Unknown));
    let beside = disk.path("beside/secret.conf");
    assert_eq!(world.kind(&beside.to_string_lossy()), Kind::Unknown);
}

#[test]
fn two_dots_lead_through_the_servers_directories() {
    let disk = Disk::new();
    let world = disk.mapped();
    let path = "/etc/apache2/sites-enabled/../sites-available/./shop.conf";
    assert_eq!(text(&world, path), Ok("shop".into()));
    assert_eq!(
        world.kind("/etc/apache2/../../etc/apache2/apache2.conf"),
        Kind::File
    );
    assert_eq!(world.kind("/etc/apache2/../passwd"), Kind::Unknown);
    assert_eq!(
        world.kind("/etc/apache2/nothing/../apache2.conf"),
        Kind::Missing
    );
    assert_eq!(world.kind("/../../etc/apache2"), Kind::Directory);
}

#[test]
fn a_link_means_a_path_of_the_server() {
    let disk = Disk::new();
    disk.link(
        "repo/sites-enabled/a.conf",
        "/etc/apache2/sites-available/shop.conf",
    );
    disk.link("repo/sites-enabled/b.conf", "../sites-available/shop.conf");
    disk.link("repo/sites-enabled/c.conf", "../../ssl/shop.conf");
    disk.link(
        "repo/sites-enabled/d.conf",
        "/etc/apache2/sites-available/gone.conf",
    );
    disk.link(
        "repo/sites-enabled/e.conf",
        &disk.path("beside/secret.conf").to_string_lossy(),
    );
    disk.link("repo/sites-enabled/f.conf", "../../beside/secret.conf");
    disk.link("repo/sites-enabled/g", "/etc/apache2/sites-available");
    disk.link("repo/sites-enabled/h.conf", "h.conf");
    disk.link("repo/sites-enabled/i.conf", "/dev/null");
    let world = disk.mapped();
    let of = |name: &str| text(&world, &format!("/etc/apache2/sites-enabled/{name}"));
    assert_eq!(of("a.conf"), Ok("shop".into()));
    assert_eq!(of("b.conf"), Ok("shop".into()));
    assert_eq!(
        of("c.conf"),
        Err(ReadError::Unknown),
        "outside of what is visible"
    );
    assert_eq!(of("d.conf"), Err(ReadError::Missing), "dangling inside");
    assert_eq!(of("e.conf"), Err(ReadError::Unknown), "this machine's path");
    assert_eq!(of("f.conf"), Err(ReadError::Unknown), "out of the folder");
    assert_eq!(of("g/shop.conf"), Ok("shop".into()));
    assert_eq!(
        of("h.conf").map_err(|it| it.text().to_owned()),
        Err("Too many levels of symbolic links".to_owned())
    );
    assert_eq!(of("i.conf"), Err(ReadError::NotAFile));
    assert_eq!(
        names(&world, "/etc/apache2/sites-enabled/g"),
        [("shop.conf".to_owned(), false)]
    );
    let listed = names(&world, "/etc/apache2/sites-enabled");
    assert!(
        listed.contains(&("g".to_owned(), false)),
        "a link is not a directory"
    );
    assert_eq!(
        world.target("/etc/apache2/sites-enabled/a.conf"),
        Some(disk.path("repo/sites-available/shop.conf"))
    );
    assert_eq!(
        world.kind("/etc/apache2/sites-enabled/g/../sites-available"),
        Kind::Directory
    );
}

#[test]
fn the_longest_mapping_decides() {
    let disk = Disk::new();
    disk.put("other/shop.conf", "other");
    let mappings = ["/etc/apache2=repo", "/etc/apache2/sites-available/=other"].map(|it| {
        let (from, to) = it.split_once('=').unwrap();
        Mapping {
            from: from.to_owned(),
            to: disk.path(to),
        }
    });
    let world = DiskWorld::new(mappings.into(), Visible::Mapped);
    assert_eq!(
        text(&world, "/etc/apache2/sites-available/shop.conf"),
        Ok("other".into())
    );
    assert_eq!(text(&world, "/etc/apache2/apache2.conf"), Ok("main".into()));
}

#[test]
fn a_folder_that_is_not_there_is_missing() {
    let disk = Disk::new();
    let mapping = Mapping {
        from: "/srv/gone".to_owned(),
        to: disk.path("gone"),
    };
    let world = DiskWorld::new(vec![mapping], Visible::Mapped);
    assert_eq!(world.kind("/srv/gone/x"), Kind::Missing);
    assert_eq!(world.list("/srv/gone"), Err(ReadError::Missing));
}

#[test]
fn the_null_device_is_an_empty_file_under_its_own_name() {
    let disk = Disk::new();
    for world in [
        disk.mapped(),
        DiskWorld::new(Vec::new(), Visible::Everything),
    ] {
        assert_eq!(text(&world, "/dev/null"), Ok(String::new()));
        assert_eq!(world.kind("/dev/null"), Kind::Other);
    }
}

#[test]
fn a_name_that_is_not_utf8_is_found_again_under_the_name_that_is_shown() {
    let disk = Disk::new();
    let name = std::ffi::OsStr::from_bytes(b"caf\xe9.conf");
    if fs::write(disk.path("repo").join(name), "latin").is_err() {
        // Some disks refuse such names.
        return;
    }
    disk.put("repo/caf\u{e9}.conf", "utf8");
    let everything = DiskWorld::new(Vec::new(), Visible::Everything);
    let local = disk.path("repo").to_string_lossy().into_owned();
    for (world, root) in [
        (disk.mapped(), "/etc/apache2"),
        (everything, local.as_str()),
    ] {
        let shown: Vec<_> = names(&world, root).into_iter().map(|it| it.0).collect();
        assert!(shown.contains(&"caf\u{e9}.conf".to_owned()));
        assert!(shown.contains(&"caf\u{e9}.conf\u{fffd}".to_owned()));
        assert_eq!(
            text(&world, &format!("{root}/caf\u{e9}.conf")),
            Ok("utf8".into())
        );
        assert_eq!(
            text(&world, &format!("{root}/caf\u{e9}.conf\u{fffd}")),
            Ok("latin".into())
        );
    }
}

#[test]
fn everything_is_visible_on_the_server_itself() {
    let disk = Disk::new();
    disk.link("repo/sites-enabled/a.conf", "../sites-available/shop.conf");
    let root = disk.path("repo").to_string_lossy().into_owned();
    let world = DiskWorld::new(
        vec![Mapping::identity(&disk.path("repo"))],
        Visible::Everything,
    );
    assert_eq!(
        text(&world, &format!("{root}/sites-enabled/a.conf")),
        Ok("shop".into())
    );
    assert_eq!(
        text(&world, &format!("{root}/../beside/secret.conf")),
        Ok("secret".into())
    );
    assert_eq!(text(&world, &root), Err(ReadError::NotAFile));
    assert_eq!(
        world.kind(&format!("{root}/apache2.conf/x")),
        Kind::NotADirectory
    );
    assert_eq!(world.kind(&format!("{root}/x")), Kind::Missing);
    assert_eq!(world.kind("/"), Kind::Directory);
    assert_eq!(
        world.list(&format!("{root}/apache2.conf")),
        Err(ReadError::NotADirectory)
    );
}

#[test]
fn a_pipe_is_not_opened() {
    let disk = Disk::new();
    let pipe = disk.path("repo/pipe.conf");
    if !std::process::Command::new("mkfifo")
        .arg(&pipe)
        .status()
        .is_ok_and(|it| it.success())
    {
        return;
    }
    let everything = DiskWorld::new(Vec::new(), Visible::Everything);
    assert_eq!(
        everything.read(&pipe.to_string_lossy()),
        Err(ReadError::NotAFile)
    );
    assert_eq!(
        disk.mapped().read("/etc/apache2/pipe.conf"),
        Err(ReadError::NotAFile)
    );
    assert_eq!(disk.mapped().kind("/etc/apache2/pipe.conf"), Kind::Other);
}

#[test]
fn both_ways_of_following_a_path_agree_with_the_system() {
    let disk = Disk::new();
    disk.link("repo/sites-enabled/a.conf", "../sites-available/shop.conf");
    disk.link("repo/link", "sites-available");
    let root = disk
        .path("")
        .to_string_lossy()
        .trim_end_matches('/')
        .to_owned();
    let direct = DiskWorld::new(Vec::new(), Visible::Everything);
    let walked = DiskWorld::new(vec![Mapping::identity(Path::new("/"))], Visible::Mapped);
    for path in [
        "",
        "/",
        "/repo",
        "/repo/link",
        "/repo/link/",
        "/repo/link/..",
        "/repo/link/shop.conf",
        "/repo/link/shop.conf/",
        "/repo/link/shop.conf/x",
        "/repo//sites-enabled/a.conf",
        "/repo/sites-enabled/a.conf/..",
        "/repo/link/../link/./shop.conf",
        "/gone/..",
    ] {
        let path = format!("{root}{path}");
        assert_eq!(direct.kind(&path), walked.kind(&path), "{path}");
        assert_eq!(direct.read(&path), walked.read(&path), "{path}");
        let sorted = |world: &DiskWorld| {
            world.list(&path).map(|mut it| {
                it.sort();
                it
            })
        };
        assert_eq!(sorted(&direct), sorted(&walked), "{path}");
    }
}
