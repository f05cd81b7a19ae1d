//! A file of a large server changes: what is found then is what a cold run finds.

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test fails by panicking, and the generator can also write to disk"
)]

#[path = "../benches/support/tree.rs"]
#[allow(dead_code, reason = "the benches use more of it")]
mod tree;

#[path = "support"]
mod support {
    pub(crate) mod debian_server;
    pub(crate) mod random;
    pub(crate) mod seen;
}
#[path = "incremental/typed.rs"]
mod typed;

use std::sync::Arc;

use httpd_lint::facts::Facts;
use httpd_lint::lint::{Options, Session};
use httpd_lint::world::{MemoryWorld, World};
use support::debian_server::{ROOT, facts, inputs};
use support::seen::seen;

const SITES: usize = 200;

fn world() -> MemoryWorld {
    let mut world = MemoryWorld::default();
    for (path, text) in tree::files(ROOT, SITES) {
        world.put(&format!("{ROOT}/{path}"), text);
    }
    world
}

fn session<'a>(world: &'a MemoryWorld, facts: &'a Facts) -> Session<'a> {
    Session::new(inputs(world, facts), &Options::default()).expect("there is a main file")
}

// Replaces a site in a warm session and compares with a cold run over the changed world.
fn agrees(number: usize, change: impl Fn(&str) -> String) -> usize {
    let world = world();
    let facts = facts();
    let (name, text) = tree::site(number);
    let path = format!("{ROOT}/{name}");
    let new = change(&text);
    assert_ne!(new, text, "the change changes nothing");

    let mut warm = session(&world, &facts);
    let touched = warm.replace(&path, new.clone().into_bytes()).len();
    let mut changed = world.clone();
    changed.put(&path, new);
    let cold = session(&changed, &facts);
    assert_eq!(seen(&warm.outcome()), seen(&cold.outcome()));
    agrees_beside(&world, &changed);
    touched
}

// Lints two worlds side by side and compares with a cold run over the second. Returns how many files
// of that were parsed, and how many evaluated.
fn agrees_beside(before: &MemoryWorld, after: &MemoryWorld) -> (usize, usize) {
    let facts = facts();
    let first = Session::to_compare(inputs(before, &facts), &Options::default());
    let first = first.expect("there is a main file");
    let second = first
        .beside(inputs(after, &facts))
        .expect("there is a main file");
    let cold = session(after, &facts);
    assert_eq!(seen(&second.outcome()), seen(&cold.outcome()));
    let known: Vec<_> = first
        .config()
        .occurrences
        .iter()
        .map(|it| &it.unit)
        .collect();
    let new = second.config().occurrences.iter().map(|it| &it.unit);
    let evaluated: Vec<_> = new
        .filter(|it| !known.iter().any(|one| Arc::ptr_eq(one, it)))
        .collect();
    let parsed = evaluated.iter().filter(|it| {
        let document = &it.document;
        !known.iter().any(|one| Arc::ptr_eq(&one.document, document))
    });
    (parsed.count(), evaluated.len())
}

// In each world: the main file, and the files that load modules, into which httpd looks.
fn evaluated_always() -> usize {
    let names = tree::files(ROOT, SITES).map(|it| it.0);
    1 + names.filter(|it| it.ends_with(".load")).count()
}

// The same with sites of their own texts, of which the last gets another one. How many files were
// linted again.
fn agrees_among(sites: &[(usize, &str)], new: &str) -> usize {
    let path = |number: usize| format!("{ROOT}/{}", tree::site(number).0);
    let mut world = world();
    for (number, text) in sites {
        world.put(&path(*number), *text);
    }
    let last = path(sites.last().map_or(0, |it| it.0));
    let facts = facts();
    let mut warm = session(&world, &facts);
    let before = seen(&warm.outcome());
    let touched = warm.replace(&last, new.as_bytes().to_vec()).len();
    assert_ne!(seen(&warm.outcome()), before, "the change shows nowhere");
    let mut changed = world.clone();
    changed.put(&last, new);
    let cold = session(&changed, &facts);
    assert_eq!(seen(&warm.outcome()), seen(&cold.outcome()));
    touched
}

#[test]
fn an_edit_that_concerns_nobody_else_touches_one_file() {
    let touched = agrees(17, |text| text.replacen("ServerName", "ServerNmae", 1));
    assert_eq!(touched, 1);
}

#[test]
fn a_comment_moves_every_finding_below_it() {
    agrees(17, |text| {
        format!(
            "# one\n# two\n{}",
            text.replacen("ServerName", "ServerNmae", 1)
        )
    });
}

#[test]
fn a_definition_that_goes_is_missed_elsewhere() {
    agrees(1, |text| text.replacen("Define ", "# Define ", 1));
}

#[test]
fn a_section_left_open_is_found() {
    agrees(5, |text| text.replacen("</VirtualHost>", "", 1));
}

#[test]
fn a_group_that_is_declared_twice_points_at_the_other_file() {
    let touched = agrees(9, |text| {
        format!("WSGIDaemonProcess app2\nWSGIDaemonProcess app2\n{text}")
    });
    assert!(
        touched < SITES,
        "{touched} of {SITES} files were linted again"
    );
}

#[test]
fn a_group_with_a_similar_name_is_offered_elsewhere() {
    let sites = [(8, "WSGIProcessGroup harbour\n"), (9, "# nothing yet\n")];
    agrees_among(&sites, "WSGIDaemonProcess harbor\n");
}

#[test]
fn a_label_in_another_file_moves_with_what_it_points_at() {
    let load = "LoadModule info_module modules/mod_info.so\n";
    let condition = "<IfModule info_module>\n</IfModule>\n";
    let sites = [(8, condition), (10, load), (9, load)];
    agrees_among(&sites, &format!("# moved\n{load}"));
}

#[test]
fn an_alias_of_the_main_server_comes_before_those_of_later_files() {
    let later = "Alias /static/b /b\nAlias /other /c\n";
    let sites = [(9, later), (7, later), (8, "# nothing yet\n")];
    agrees_among(&sites, "# moved\nAlias /static /a\n");
}

#[test]
fn a_limit_of_processes_concerns_the_numbers_of_other_files() {
    let sites = [(9, "MaxRequestWorkers 800\n"), (8, "StartServers 0\n")];
    agrees_among(&sites, "ServerLimit 32\n");
}

#[test]
fn a_method_that_a_file_registers_is_one_elsewhere() {
    // httpd knows it from its line on.
    let asks = "<Directory /a>\nRequire method SHOUT\n</Directory>\n";
    let sites = [(10, asks), (9, "# nothing yet\n")];
    agrees_among(&sites, "RegisterHttpMethod SHOUT\n");
    let sites = [(10, asks), (9, "RegisterHttpMethod SHOUT\n")];
    agrees_among(&sites, "RegisterHttpMethod WHISPER\n");
}

#[test]
fn a_provider_that_a_file_declares_is_there_elsewhere() {
    let asks = "<Directory /a>\nRequire neighbours\n</Directory>\n";
    let sites = [(8, asks), (9, "# nothing yet\n")];
    let alias = "<AuthzProviderAlias ip neighbours 10.0.0.1>\n</AuthzProviderAlias>\n";
    agrees_among(&sites, alias);
}

#[test]
fn a_declaration_touches_only_who_asks_for_it() {
    let asks = "<Directory /a>\nRequire method SHOUT\n</Directory>\n";
    let touched = agrees_among(
        &[(8, asks), (9, "# nothing yet\n")],
        "RegisterHttpMethod SHOUT\n",
    );
    assert_eq!(touched, 2);
}

#[test]
fn a_macro_is_defined_again_until_one_is_removed_elsewhere() {
    let load = "LoadModule macro_module modules/mod_macro.so\n";
    let one = "<Macro M>\nTimeout 5\n</Macro>\n";
    let sites = [(6, load), (7, one), (9, one), (8, "# nothing yet\n")];
    agrees_among(&sites, "UndefMacro m\n");
    agrees_among(&sites, one);
}

#[test]
fn a_licence_for_bad_nesting_concerns_every_macro() {
    let load = "LoadModule macro_module modules/mod_macro.so\n";
    let end = "<Macro End>\n</VirtualHost>\n</Macro>\n";
    let sites = [(6, load), (9, end), (8, "# nothing yet\n")];
    agrees_among(&sites, "MacroIgnoreBadNesting\n");
}

#[test]
fn a_module_loaded_in_a_site_concerns_everybody() {
    agrees(3, |text| {
        format!("LoadModule info_module modules/mod_info.so\n{text}")
    });
}

#[test]
fn the_main_file_can_change_too() {
    let world = world();
    let facts = facts();
    let path = format!("{ROOT}/apache2.conf");
    let (_, text) = tree::files(ROOT, SITES)
        .find(|(name, _)| name == "apache2.conf")
        .expect("there is a main file");
    let new = format!("{text}\nBogus\n");
    let mut warm = session(&world, &facts);
    warm.replace(&path, new.clone().into_bytes());
    let mut changed = world.clone();
    changed.put(&path, new);
    let cold = session(&changed, &facts);
    assert_eq!(seen(&warm.outcome()), seen(&cold.outcome()));
}

#[test]
fn what_two_worlds_have_in_common_is_parsed_and_evaluated_once() {
    let before = world();
    let site = format!("{ROOT}/{}", tree::site(17).0);
    let text = String::from_utf8(before.read(&site).unwrap()).unwrap();

    let mut edited = before.clone();
    edited.put(&site, text.replacen("ServerName", "ServerNmae", 1));
    assert_eq!(agrees_beside(&before, &before), (0, evaluated_always()));
    assert_eq!(agrees_beside(&before, &edited), (1, evaluated_always() + 1));

    let mut gone = before.clone();
    gone.remove(&site);
    assert_eq!(agrees_beside(&before, &gone), (0, evaluated_always()));
    assert_eq!(agrees_beside(&gone, &before), (1, evaluated_always() + 1));

    let mut renamed = gone.clone();
    renamed.put(&site.replace(".conf", "-2.conf"), text);
    assert_eq!(
        agrees_beside(&before, &renamed),
        (1, evaluated_always() + 1)
    );
}

#[test]
fn what_another_world_answers_otherwise_is_evaluated_again() {
    let including = "Include extra/*.conf\n<IfFile extra/flag>\nBogus\n</IfFile>\n";
    let site = format!("{ROOT}/{}", tree::site(3).0);
    let mut before = world();
    before.put(&site, including);
    before.put(&format!("{ROOT}/extra/a.conf"), "Define COLOUR red\n");
    let after = |change: &dyn Fn(&mut MemoryWorld)| {
        let mut after = before.clone();
        change(&mut after);
        agrees_beside(&before, &after)
    };
    let extra = |name: &str| format!("{ROOT}/extra/{name}");
    assert_eq!(
        after(&|it| it.put(&extra("a.conf"), "Define COLOUR blue\n")),
        (1, evaluated_always() + 2)
    );
    assert_eq!(
        after(&|it| it.put(&extra("b.conf"), "Define SHAPE round\n")),
        (1, evaluated_always() + 2)
    );
    assert_eq!(
        after(&|it| it.put(&extra("flag"), "")),
        (0, evaluated_always() + 1)
    );
    assert_eq!(
        after(&|it| it.remove(&extra("a.conf"))),
        (0, evaluated_always() + 1)
    );
}

#[test]
fn many_edits_in_a_row_end_where_a_cold_run_ends() {
    let world = world();
    let facts = facts();
    let mut warm = session(&world, &facts);
    let mut changed = world.clone();
    for number in (0..SITES).step_by(23) {
        let (name, text) = tree::site(number);
        let path = format!("{ROOT}/{name}");
        let steps = [
            text.replacen("ServerName", "Server Name", 1),
            text.replacen("<VirtualHost", "<VirtualHots", 1),
            format!("{text}WSGIProcessGroup nobody{number}\n"),
        ];
        for step in steps {
            warm.replace(&path, step.clone().into_bytes());
            changed.put(&path, step);
        }
    }
    let cold = session(&changed, &facts);
    assert_eq!(seen(&warm.outcome()), seen(&cold.outcome()));
}

#[test]
fn what_was_put_off_is_found_in_the_end() {
    let world = world();
    let facts = facts();
    let mut warm = session(&world, &facts);
    let mut changed = world.clone();
    let (name, text) = tree::site(17);
    let (site, main) = (format!("{ROOT}/{name}"), format!("{ROOT}/apache2.conf"));
    let (_, reads) = tree::files(ROOT, SITES)
        .find(|(name, _)| name == "apache2.conf")
        .expect("there is a main file");
    let steps = [
        (
            &main,
            format!("LoadModule info_module modules/mod_info.so\n{reads}"),
        ),
        (&site, text.replacen("ServerName", "ServerNmae", 1)),
        (&site, format!("WSGIDaemonProcess app2\n{text}")),
        (&main, format!("Define HARBOUR\n{reads}")),
        (&site, format!("# moved\n{text}Bogus\n")),
    ];
    for (path, new) in steps {
        let file = warm.config().sources.find(&site);
        let own = file.expect("the site is read");
        warm.replace_first(path, new.clone().into_bytes(), &|it| it == own);
        changed.put(path, new);
        // What is wanted first is there at once.
        let cold = session(&changed, &facts);
        let rules = |session: &Session<'_>| {
            let file = session
                .config()
                .sources
                .find(&site)
                .expect("the site is read");
            let found = session.findings_of(&session.places_of(file));
            let found = found.into_iter().filter(|it| it.primary.span.file == file);
            found.map(|it| (it.rule, it.message)).collect::<Vec<_>>()
        };
        assert_eq!(rules(&warm), rules(&cold));
    }
    warm.finish();
    let cold = session(&changed, &facts);
    assert_eq!(seen(&warm.outcome()), seen(&cold.outcome()));
}

#[test]
fn the_same_input_gives_the_same_output() {
    let world = world();
    let facts = facts();
    let one = seen(&session(&world, &facts).outcome());
    let two = seen(&session(&world, &facts).outcome());
    assert_eq!(one, two);
}
