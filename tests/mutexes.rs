//! What becomes of each mutex is what the real httpd reports, and what it makes.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::expect_used,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "a test starts programs, and fails by panicking"
)]

#[path = "render/schema.rs"]
mod schema;
mod support {
    pub(crate) mod folder;
    pub(crate) mod random;
    pub(crate) mod server;
    pub(crate) mod workers;
}

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use httpd_lint::evaluate::{Evaluation, Inputs, Truth};
use httpd_lint::facts::{Facts, builtin};
use httpd_lint::httpd::Table;
use httpd_lint::model::Modules;
use httpd_lint::model::mutexes::{Decision, Directory, Mutexes};
use httpd_lint::world::MemoryWorld;
use support::random::Random;
use support::server::{HTTPD, MODULES, Server, bare_environment};
use support::{folder, workers};

const SEED: u64 = 41;
const TREES: u64 = 120;

/// The directory for what runs in Debian's build.
const RUNTIME_DIRECTORY: &str = "/var/run/apache2/";

const MPMS: &[&str] = &["mpm_event", "mpm_prefork", "mpm_worker"];

/// Modules that register mutexes, each behind what it needs.
const REGISTERING: &[&[&str]] = &[
    &["rewrite"],
    &["ssl"],
    &["proxy"],
    &["proxy", "slotmem_shm", "proxy_balancer"],
    &["auth_digest"],
    &["authn_socache"],
    &["cache", "cache_socache"],
    &["ldap"],
    &["lua"],
];

const MECHANISMS: &[&str] = &[
    "default",
    "yes",
    "flock",
    "FCNTL",
    "file",
    "pthread",
    "SysVSem",
    "posixsem",
    "sem",
    "flock:locks",
    "fcntl:/tmp",
    "file:run/../locks/",
    "default:/tmp/.",
    "sysvsem:locks//",
    "posixsem:/tmp",
    "sem:/",
    "flock:",
    "pthread:run/..",
];

const TYPES: &[&str] = &[
    "default",
    "watchdog-callback",
    "mpm-accept",
    "rewrite-map",
    "ssl-cache",
];

/// A server with mutexes: `random` decides which, and what is said of them.
fn tree(random: &mut Random, root: &Path) -> String {
    let mpm = random.pick(MPMS);
    let mut text = load(&[*mpm]);
    let mut loaded = Vec::new();
    for _ in 0..random.below(4) {
        let modules = random.pick(REGISTERING);
        let new: Vec<&str> = modules
            .iter()
            .copied()
            .filter(|it| !loaded.contains(it))
            .collect();
        text += &load(&new);
        loaded.extend(new);
    }
    let runtimes = [
        "",
        "DefaultRuntimeDir run\n",
        "DefaultRuntimeDir /tmp\nDefaultRuntimeDir run/\n",
    ];
    text += *random.pick(&runtimes);
    for _ in 0..random.below(5) {
        let mut types = Vec::new();
        for _ in 0..random.below(3) {
            let kind = *random.pick(TYPES);
            let is_there = match kind {
                "mpm-accept" => *mpm != "mpm_event",
                "rewrite-map" => loaded.contains(&"rewrite"),
                "ssl-cache" => loaded.contains(&"ssl"),
                _ => true,
            };
            types.extend(is_there.then_some(kind));
        }
        let omits = ["", "", " OmitPID", " omitpid"];
        let types = types.join(" ");
        text += &format!(
            "Mutex {} {types}{}\n",
            random.pick(MECHANISMS),
            random.pick(&omits)
        );
    }
    server(root) + &text
}

fn server(root: &Path) -> String {
    let root = root.display();
    format!(
        "ServerName localhost\nUser www-data\nGroup www-data\nErrorLog {root}/error.log\n\
         PidFile {root}/httpd.pid\nDocumentRoot {root}\nListen 127.0.0.1:1\n"
    )
}

fn load(modules: &[&str]) -> String {
    let line = |it: &&str| format!("LoadModule {it}_module {MODULES}/mod_{it}.so\n");
    modules.iter().map(line).collect()
}

/// What the model says of a configuration.
fn modelled(text: &str, root: &Path, facts: &Facts) -> Mutexes {
    let root = root.display().to_string();
    let main = format!("{root}/httpd.conf");
    let mut world = MemoryWorld::default();
    world.put(&main, text.as_bytes().to_vec());
    let inputs = Inputs {
        world: &world,
        facts: facts.into(),
        table: Table::builtin(),
        main: &main,
        server_root: &root,
        program: "apache2",
        defines: &[],
        fragment: Some(false),
        standing: None,
        usual_standing: None,
    };
    let mut evaluation = Evaluation::new(inputs).expect("the main file is there");
    let modules = Modules::of(&mut evaluation);
    modules.mutexes(evaluation.config(), &inputs)
}

fn reported(text: &str, root: &Path) -> Result<BTreeSet<String>, String> {
    let main = root.join("httpd.conf");
    fs::write(&main, text).expect("the folder is writable");
    let output = Command::new(HTTPD)
        .args(["-t", "-D", "DUMP_RUN_CFG", "-d"])
        .arg(root)
        .arg("-f")
        .arg(&main)
        .env_clear()
        .envs(bare_environment())
        .output()
        .expect("the server starts");
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let lines = text.lines().filter(|it| it.starts_with("Mutex "));
    Ok(lines.map(str::to_owned).collect())
}

fn folders(root: &Path) {
    for name in ["locks", "run"] {
        fs::create_dir(root.join(name)).expect("the folder is writable");
    }
}

#[test]
fn what_is_shown_as_json_obeys_its_schema() {
    const SCHEMA: &str = include_str!("../src/render/report/mutexes_schema.json");
    let texts = [
        "",
        "Mutex sysvsem default\nMutex flock:locks rewrite-map\nMutex file:/tmp mpm-accept OmitPID\n",
        "Mutex none ssl-cache\n<IfDefine A>\nMutex sem default\n</IfDefine>\n",
        "LoadModule wsgi_module modules/mod_wsgi.so\nWSGIAcceptMutex flock\n\
         WSGIDaemonProcess shop processes=2\nWSGISocketPrefix run/wsgi\n",
        "LoadModule rewrite_module modules/mod_rewrite.so\nLoadModule ssl_module modules/mod_ssl.so\n",
    ];
    let (_held, root) = folder::temporary();
    let main = root.join("httpd.conf");
    for text in texts {
        fs::write(&main, text).unwrap();
        for facts in [&[][..], &["--facts", "debian-12"]] {
            let output = Command::new(env!("CARGO_BIN_EXE_httpd-lint"))
                .args([
                    "show",
                    "mutexes",
                    "--format",
                    "json",
                    "--server-root",
                    "/etc/httpd",
                ])
                .arg(&main)
                .args(facts)
                .env_clear()
                .envs(bare_environment())
                .output()
                .unwrap();
            let shown = serde_json::from_slice(&output.stdout);
            let shown = shown.unwrap_or_else(|error| panic!("{text}: {error}: {output:?}"));
            schema::assert_obeys(SCHEMA, &shown);
        }
    }
}

#[test]
fn every_mutex_is_what_the_real_server_reports() {
    let Some(_) = Server::find() else { return };
    let facts = builtin("debian-12").expect("it is built in");
    let numbers: Vec<u64> = (0..TREES).collect();
    let wrong = workers::map(&numbers, |number| {
        let (_guard, root) = folder::temporary();
        folders(&root);
        let text = tree(&mut Random::of(SEED, *number), &root);
        let theirs = match reported(&text, &root) {
            Ok(lines) => lines,
            Err(refusal) => return Some(format!("{text}{refusal}")),
        };
        let mut mutexes = modelled(&text, &root, &facts).registered;
        // Where no directive says it, only the package does.
        for mutex in &mut mutexes {
            if mutex.directory == Directory::Unknown {
                mutex.directory = Directory::At(RUNTIME_DIRECTORY.to_owned());
            }
        }
        let ours: BTreeSet<String> = mutexes.iter().filter_map(|it| it.report()).collect();
        let same = theirs == ours;
        (!same).then(|| format!("{text}httpd: {theirs:#?}\nlint: {ours:#?}"))
    });
    let wrong: Vec<String> = wrong.into_iter().flatten().collect();
    assert!(
        wrong.is_empty(),
        "{} of {TREES}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// Servers with everything that makes a mutex, and with what nearly does.
const MAKING: &[&str] = &[
    "mpm_prefork\nListen 127.0.0.1:@PORT@",
    "mpm_prefork\nListen 127.0.0.1:@PORT@\nListen 127.0.0.2:@PORT@",
    "mpm_worker\nListen 127.0.0.1:@PORT@\nListen 127.0.0.2:@PORT@",
    "mpm_event rewrite\nRewriteMap map txt:@ROOT@/program",
    "mpm_event rewrite\n<VirtualHost *>\nRewriteMap map prg:@ROOT@/program\n</VirtualHost>",
    "mpm_event socache_shmcb ssl\nSSLSessionCache shmcb:@ROOT@/cache",
    "mpm_event socache_memcache ssl\nSSLSessionCache memcache:127.0.0.1:1",
    "mpm_event socache_shmcb ssl\nSSLStaplingCache shmcb:@ROOT@/cache",
    "mpm_event auth_digest",
    "mpm_event ldap lua fcgid",
    "mpm_event socache_shmcb authn_socache",
    "mpm_event socache_shmcb authn_socache\nAuthnCacheEnable",
    "mpm_event socache_shmcb cache cache_socache",
    "mpm_event socache_shmcb cache cache_socache\nCacheSocache shmcb:@ROOT@/cache",
    "mpm_event socache_memcache cache cache_socache\nCacheSocache memcache:127.0.0.1:1",
    "mpm_event proxy slotmem_shm proxy_balancer lbmethod_byrequests",
    "mpm_event proxy slotmem_shm proxy_balancer lbmethod_byrequests\nProxyPass /a balancer://a",
    "mpm_event proxy slotmem_shm proxy_balancer lbmethod_byrequests\n<Proxy balancer://a>\nBalancerMember http://127.0.0.1:1\n</Proxy>",
    "mpm_event proxy slotmem_shm proxy_balancer proxy_hcheck",
];

#[test]
fn the_mutexes_that_are_made_are_the_files_of_the_running_server() {
    let Some(_) = Server::find() else { return };
    let facts = builtin("debian-12").expect("it is built in");
    let wrong = workers::map(MAKING, |it| {
        let (_guard, root) = folder::temporary();
        folders(&root);
        let (text, main) = running_server(it, &root);
        let theirs = files_of_running_server(&main, &root);
        let known = modelled(&text, &root, &facts).registered;
        let of = |truth| {
            let all = known.iter().filter(move |it| it.is_made == truth);
            let all = all.map(|it| it.name.clone());
            all.collect::<BTreeSet<String>>()
        };
        let must: BTreeSet<String> = of(Truth::True);
        let may: BTreeSet<String> = must.union(&of(Truth::Unknown)).cloned().collect();
        let right = must.is_subset(&theirs) && theirs.is_subset(&may);
        (!right).then(|| format!("{it}\nhttpd: {theirs:?}\nlint: {must:?}, and perhaps {may:?}"))
    });
    let wrong: Vec<String> = wrong.into_iter().flatten().collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// A server whose mutexes are all files, and its main file.
fn running_server(what: &str, root: &Path) -> (String, std::path::PathBuf) {
    let (modules, lines) = what.split_once('\n').unwrap_or((what, ""));
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = free.local_addr().unwrap().port().to_string();
    drop(free);
    let place = |it: &str| {
        it.replace("@PORT@", &port)
            .replace("@ROOT@", &root.display().to_string())
    };
    let common = server(root).replace("Listen 127.0.0.1:1\n", "");
    let listen = if lines.contains("Listen") {
        ""
    } else {
        "Listen 127.0.0.1:@PORT@\n"
    };
    let modules: Vec<&str> = modules
        .split(' ')
        .chain(["authn_core", "authz_core"])
        .collect();
    let text = format!(
        "{common}{}DefaultRuntimeDir run\nMutex flock:locks\n{}{}\n",
        load(&modules),
        place(listen),
        place(lines)
    );
    let program = root.join("program");
    fs::write(&program, "#!/bin/sh\ncat\n").unwrap();
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    fs::set_permissions(&program, mode).unwrap();
    let main = root.join("httpd.conf");
    fs::write(&main, &text).unwrap();
    (text, main)
}

/// The names of the mutexes that a server makes before it is ready.
fn files_of_running_server(main: &Path, root: &Path) -> BTreeSet<String> {
    let start = |action: &[&str]| {
        let mut command = Command::new(HTTPD);
        // When it stops, httpd sends a signal to its whole process group.
        command.process_group(0);
        command.args(action).arg("-d").arg(root).arg("-f").arg(main);
        command
            .env_clear()
            .envs(bare_environment())
            .stdin(Stdio::null());
        command
            .stdout(Stdio::null())
            .stderr(fs::File::create(root.join("stderr")).unwrap());
        command
    };
    let mut process = start(&["-D", "FOREGROUND"])
        .spawn()
        .expect("the server starts");
    let begun = Instant::now();
    let log = || fs::read_to_string(root.join("error.log")).unwrap_or_default();
    while !log().contains("resuming normal operations") {
        let ended = process.try_wait().unwrap();
        assert!(
            ended.is_none() && begun.elapsed() < Duration::from_secs(20),
            "the server does not start: {}{}",
            fs::read_to_string(root.join("stderr")).unwrap_or_default(),
            log()
        );
        std::thread::sleep(Duration::from_millis(20));
    }
    let files = fs::read_dir(root.join("locks")).unwrap();
    let files: Vec<String> = files
        .map(|it| it.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    assert!(start(&["-k", "stop"]).status().unwrap().success());
    process.wait().unwrap();
    // `TYPE[-INSTANCE].PID`
    let types: BTreeSet<&str> = Table::builtin()
        .modules()
        .flat_map(|(_, module)| module.mutexes.iter().map(|it| &*it.name))
        .collect();
    let type_of = |file: &String| {
        let stem = file.rsplit_once('.').unwrap().0.to_owned();
        let known = |it: &&&str| {
            stem.strip_prefix(**it)
                .is_some_and(|it| it.is_empty() || it.starts_with('-'))
        };
        types
            .iter()
            .filter(known)
            .max_by_key(|it| it.len())
            .map_or(stem.clone(), |it| (*it).to_owned())
    };
    files.iter().map(type_of).collect()
}

#[test]
fn the_mutex_of_mod_wsgi_obeys_its_own_directive_only() {
    let facts = builtin("debian-12").expect("it is built in");
    let root = Path::new("/srv");
    let wsgi = load(&["mpm_event", "wsgi"]);
    let of = |lines: &str| {
        let text = format!("{}{wsgi}Mutex sysvsem default\n{lines}", server(root));
        modelled(&text, root, &facts)
            .of_wsgi
            .expect("mod_wsgi is loaded")
    };
    let name = |lines: &str| of(lines).mechanism.map(|it| it.name());
    assert_eq!(name(""), Some("fcntl"));
    assert_eq!(name("WSGIAcceptMutex default\n"), Some("default"));
    assert_eq!(name("WSGIAcceptMutex PosixSem\n"), Some("posixsem"));
    assert_eq!(
        name("WSGIAcceptMutex flock\nWSGIAcceptMutex sysvsem\n"),
        Some("sysvsem")
    );
    assert_eq!(
        name("<IfFile /srv/a>\nWSGIAcceptMutex flock\n</IfFile>\n"),
        None
    );
    assert_eq!(
        of("WSGIDaemonProcess a processes=1\n").is_made,
        Truth::False
    );
    assert_eq!(of("WSGIDaemonProcess a processes=2\n").is_made, Truth::True);
    let without = modelled(&server(root), root, &facts);
    assert_eq!(without.of_wsgi, None);
}

#[test]
fn what_nobody_knows_is_not_said() {
    let root = Path::new("/srv");
    let known = |facts: &Facts, lines: &str, name: &str| {
        let text = format!("{}{}{lines}", server(root), load(&["mpm_prefork"]));
        let mutexes = modelled(&text, root, facts).registered;
        mutexes
            .into_iter()
            .find(|it| it.name == name)
            .expect("it is registered")
    };
    // What `file` and `sem` stand for, a server without facts does not tell; nor where its files go.
    let nothing = Facts::default();
    let mutex = known(&nothing, "Mutex sem\n", "default");
    assert_eq!(
        (mutex.mechanism, mutex.directory),
        (None, Directory::Unknown)
    );
    // Whether processes take turns at a single socket was decided when httpd was compiled.
    let turns = |facts: &Facts| known(facts, "", "mpm-accept").is_made;
    let always =
        "Server compiled with....\n -D HTTPD_ROOT=\"/srv\"\n -D SERVER_CONFIG_FILE=\"a\"\n";
    assert_eq!(turns(&nothing), Truth::Unknown);
    assert_eq!(turns(&Facts::read("build", always).0), Truth::True);
    // A line that may count or not decides, and nobody knows how.
    let debian = builtin("debian-12").expect("it is built in");
    let lines = "DefaultRuntimeDir /run/a\n<IfFile /srv/a>\nMutex flock:/a mpm-accept\n</IfFile>\n";
    let mutex = known(&debian, lines, "mpm-accept");
    assert!(matches!(mutex.decision, Decision::Own(_)));
    assert_eq!((mutex.mechanism, mutex.omits_pid), (None, None));
    assert_eq!(mutex.directory, Directory::Unknown);
    assert_eq!(mutex.report(), None);
}

const SERVER: &str = "\
LoadModule mpm_prefork_module modules/mod_mpm_prefork.so
LoadModule wsgi_module modules/mod_wsgi.so
LoadModule rewrite_module modules/mod_rewrite.so
LoadModule lua_module modules/mod_lua.so
Listen 127.0.0.1:80
Listen 127.0.0.1:443
DefaultRuntimeDir /run
Mutex sysvsem mpm-accept
Mutex file lua-ivm-shm
WSGIDaemonProcess shop processes=2
WSGIAcceptMutex default
";

/// What only `-V` knows: the mechanism that decides, among those that do not.
const BUILD: &str = "\
Server version: Apache/2.4.66 (Unix)
Server compiled with....
 -D APR_USE_POSIXSEM_SERIALIZE
 -D APR_USE_FCNTL_SERIALIZE
 -D APR_USE_PTHREAD_SERIALIZE
";

fn shown(arguments: &[&str]) -> String {
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write("httpd.conf", SERVER);
    write("build.txt", BUILD);
    let output = Command::new(env!("CARGO_BIN_EXE_httpd-lint"))
        .args(["show", "mutexes", "httpd.conf"])
        .args(arguments)
        .current_dir(folder.path())
        .output()
        .expect("the program starts");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn the_table_says_why() {
    assert_eq!(
        shown(&[]),
        "\
Mutex              Mechanism       Directory  Made     Decided by
default            default of APR  /run/      -        the build, of which nothing is known
lua-ivm-shm        unknown         unknown    yes      `Mutex file lua-ivm-shm` (httpd.conf:9)
mpm-accept         sysvsem         -          yes      `Mutex sysvsem mpm-accept` (httpd.conf:8)
rewrite-map        default of APR  /run/      no       the build, of which nothing is known
watchdog-callback  default of APR  /run/      unknown  the build, of which nothing is known, if mod_watchdog.c is there
WSGIAcceptMutex    default of APR  -          yes      `WSGIAcceptMutex default` (httpd.conf:11)

Nobody said which mechanisms this httpd has.
"
    );
    assert_eq!(
        shown(&["--facts", "build.txt"]),
        "\
Mutex              Mechanism  Directory  Made     Decided by
default            fcntl      /run/      -        the build (build.txt:4)
lua-ivm-shm        fcntl      /run/      yes      `Mutex file lua-ivm-shm` (httpd.conf:9)
mpm-accept         sysvsem    -          yes      `Mutex sysvsem mpm-accept` (httpd.conf:8)
rewrite-map        fcntl      /run/      no       the build (build.txt:4)
watchdog-callback  fcntl      /run/      unknown  the build (build.txt:4), if mod_watchdog.c is there
WSGIAcceptMutex    fcntl      -          yes      `WSGIAcceptMutex default` (httpd.conf:11), the build (build.txt:4)

This httpd has at least none, default, fcntl, file (build.txt:4).
"
    );
    assert_eq!(
        shown(&["--facts", "debian-12"]),
        "\
Mutex              Mechanism  Directory  Made     Decided by
default            pthread    -          -        the build (debian-12:16)
lua-ivm-shm        fcntl      /run/      yes      `Mutex file lua-ivm-shm` (httpd.conf:9)
mpm-accept         sysvsem    -          yes      `Mutex sysvsem mpm-accept` (httpd.conf:8)
rewrite-map        pthread    -          no       the build (debian-12:16)
watchdog-callback  pthread    -          unknown  the build (debian-12:16)
WSGIAcceptMutex    pthread    -          yes      `WSGIAcceptMutex default` (httpd.conf:11), the build (debian-12:16)

This httpd has none, default, flock, fcntl, file, pthread, sysvsem, posixsem, sem (debian-12:42).
"
    );
}
