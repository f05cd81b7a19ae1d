//! What holds for every text: nothing panics, every place lies in its text, and the same input gives
//! the same output.
#![allow(clippy::expect_used, reason = "a test fails by panicking")]

use httpd_lint::evaluate::Inputs;
use httpd_lint::facts::{Facts, builtin};
use httpd_lint::httpd::Table;
use httpd_lint::lint::{Options, Outcome, Session};
use httpd_lint::render::{Format, Style, render};
use httpd_lint::source::{Encoding, FileId, Source, Span};
use httpd_lint::syntax::Document;
use httpd_lint::world::MemoryWorld;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

const MAIN: &str = "/etc/httpd/httpd.conf";
const OTHER: &str = "/etc/httpd/other.conf";

/// Pieces that mean something to httpd, so that random texts get far.
const PIECES: &[&str] = &[
    "\n",
    "\n",
    "\n",
    " ",
    "\t",
    "\\\n",
    "\\",
    "\r\n",
    "\0",
    "#",
    "\"",
    "'",
    "<",
    ">",
    "</",
    "!",
    "${",
    "}",
    "$x",
    "\u{e9}",
    "\u{feff}",
    "on",
    "2.4",
    "x y",
    "<IfModule mod_ssl.c>",
    "</IfModule>",
    "<IfDefine X>",
    "</IfDefine>",
    "<IfVersion >= 2.4>",
    "</IfVersion>",
    "<VirtualHost *:80>",
    "</VirtualHost>",
    "<Directory />",
    "</Directory>",
    "<Limit GET>",
    "</Limit>",
    "<If \"true\">",
    "<Else>",
    "</Else>",
    "</If>",
    "Define X",
    "Define Y ${X}",
    "UnDefine X",
    "Include other.conf",
    "IncludeOptional *.conf",
    "ServerRoot /etc/httpd",
    "LoadModule macro_module modules/mod_macro.so",
    "LoadModule wsgi_module modules/mod_wsgi.so",
    "<Macro m $x>",
    "</Macro>",
    "Use m",
    "Use m 1",
    "UndefMacro m",
    "WSGIDaemonProcess g processes=2 threads",
    "WSGIProcessGroup g",
    "Mutex sem default",
    "Options +Indexes",
    "ServerName",
    "ErrorLog logs/x",
    "Error \"stop\"",
    "ServerAdmin a b",
];

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        12 => proptest::sample::select(PIECES).prop_map(|it| it.as_bytes().to_vec()),
        1 => proptest::collection::vec(any::<u8>(), 1..4),
    ];
    proptest::collection::vec(piece, 0..48).prop_map(|it| it.concat())
}

// `fragment` as in [`Inputs`].
fn lint(main: &[u8], other: &[u8], facts: &Facts, fragment: Option<bool>) -> Outcome {
    let mut world = MemoryWorld::new();
    world.put(MAIN, main);
    world.put(OTHER, other);
    let inputs = Inputs {
        world: &world,
        facts: facts.into(),
        table: Table::builtin(),
        main: MAIN,
        server_root: "/etc/httpd",
        program: "httpd",
        defines: &[],
        fragment,
        standing: Default::default(),
        usual_standing: None,
    };
    Session::new(inputs, &Options::default())
        .expect("there is a main file")
        .outcome()
}

fn spans(outcome: &Outcome) -> Vec<Span> {
    let labels = outcome.diagnostics.iter().flat_map(|it| {
        let edits = it
            .fixes
            .iter()
            .flat_map(|it| it.edits.iter().map(|it| it.span));
        let labels = it.secondary.iter().chain([&it.primary]).map(|it| it.span);
        edits.chain(labels).collect::<Vec<_>>()
    });
    labels
        .chain(outcome.unknowns.iter().filter_map(|it| Some(it.site?.span)))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 1_500,
        rng_seed: RngSeed::Fixed(2),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn every_text_is_linted_and_every_place_lies_in_its_text(
        main in bytes(),
        other in bytes(),
        known in any::<bool>(),
        fragment in proptest::option::of(any::<bool>()),
    ) {
        let facts = if known { builtin("debian-12").expect("a build") } else { Facts::default() };
        let outcome = lint(&main, &other, &facts, fragment);
        for span in spans(&outcome) {
            let text = outcome.sources.get(span.file).text();
            prop_assert!(span.start <= span.end, "{span:?}");
            prop_assert!(text.get(span.range()).is_some(), "{span:?} in {text:?}");
        }
        for diagnostic in &outcome.diagnostics {
            let is_error = diagnostic.level == httpd_lint::diagnostic::Level::Error;
            prop_assert_eq!(is_error, diagnostic.httpd.is_some(), "{}", diagnostic.rule);
        }
        let written = |outcome: &Outcome, format| {
            let mut out = Vec::new();
            render(outcome, format, &Style::default(), &mut out).map(|()| out)
        };
        let again = lint(&main, &other, &facts, fragment);
        for format in [Format::Full, Format::Concise, Format::Json] {
            let one = written(&outcome, format).expect("memory takes everything");
            let two = written(&again, format).expect("memory takes everything");
            prop_assert_eq!(one, two);
        }
    }

    #[test]
    fn the_pieces_of_a_document_give_back_its_text(bytes in bytes()) {
        let source = Source::new("x", bytes.clone());
        prop_assert_eq!(source.encoding().bytes(source.text()), bytes);
        let text = source.text();
        let document = Document::parse(FileId::FIRST, text, source.encoding());
        let mut end = 0;
        let mut back = String::new();
        for line in &document.lines {
            back.push_str(&text[end..line.start as usize]);
            back.push_str(&text[line.start as usize..line.end as usize]);
            end = line.end as usize;
        }
        back.push_str(&text[end..]);
        prop_assert_eq!(back, text);
    }
}

#[test]
fn deep_nesting_needs_no_deep_stack() {
    let mut text = String::new();
    for _ in 0..50_000 {
        text.push_str("<Directory />\n");
    }
    let outcome = lint(text.as_bytes(), b"", &Facts::default(), Some(false));
    assert!(outcome.summary.errors > 0);
    let text = "<IfModule x>\n".repeat(50_000);
    lint(text.as_bytes(), b"", &Facts::default(), Some(false));
}

#[test]
fn macros_that_multiply_come_to_an_end() {
    let mut text = String::from("LoadModule macro_module modules/mod_macro.so\n");
    text.push_str("<Macro m0>\nTimeout 1\n</Macro>\n");
    for level in 1..40 {
        let below = level - 1;
        text.push_str(&format!(
            "<Macro m{level}>\nUse m{below}\nUse m{below}\n</Macro>\n"
        ));
    }
    text.push_str("Use m39\n");
    lint(text.as_bytes(), b"", &Facts::default(), Some(false));
}

#[test]
fn files_that_multiply_come_to_an_end() {
    let twice = b"Include other.conf\nInclude other.conf\nInclude httpd.conf\n";
    let outcome = lint(
        b"Include other.conf\nInclude other.conf\nListen 80\n",
        twice,
        &Facts::default(),
        Some(false),
    );
    assert!(
        outcome
            .diagnostics
            .iter()
            .any(|it| it.rule == "include-recursion")
    );
    assert_eq!(Encoding::Utf8.len("x"), 1);
}
