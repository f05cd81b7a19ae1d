//! What every format writes for small outcomes made by hand.
//!
//! Each scene is a file in `tests/render/` that shows it in all formats. `UPDATE=1 cargo test`
//! writes them anew; read the difference before committing it.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "the tests keep their expected output in files"
)]

mod schema;

use std::path::Path;

use httpd_lint::diagnostic::{Diagnostic, Edit, HttpdMessage, Level, Promise, Step};
use httpd_lint::lint::{Outcome, Summary, Unknown};
use httpd_lint::render::{Format, Style, render};
use httpd_lint::source::{Cause, FileId, Frame, FrameId, Site, Source, Sources, Span};
use proptest::prelude::*;

const SCHEMA: &str = include_str!("../../src/render/json_schema.json");

#[test]
fn a_refused_directive_shows_what_httpd_says_and_the_place_in_another_file() {
    let mut scene = Scene::new();
    let main = scene.text(
        "/etc/apache2/apache2.conf",
        "ServerRoot /etc/apache2\nWSGIDaemonProcess shop\n\nInclude sites/*.conf\n",
    );
    let shop = scene.text(
        "/etc/apache2/sites/shop.conf",
        "<VirtualHost *:80>\n    ServerName shop.example\n    WSGIProcessGroup shpo\n</VirtualHost>\n",
    );
    let included = scene.frame(
        FrameId::ENTRY,
        Cause::Include(scene.span(main, "Include sites/*.conf")),
    );
    let span = scene.span(shop, "shpo");
    let mut diagnostic = Diagnostic::new(
        "undeclared-daemon-process",
        Level::Error,
        span,
        "no `WSGIDaemonProcess` declares a group called `shpo`",
    );
    diagnostic
        .label("no such group")
        .secondary(scene.span(main, "shop"), "did you mean this one?")
        .note("groups are declared before they are used")
        .fix(Promise::Unsafe, "write `shop`", vec![edit(span, "shop")]);
    diagnostic.httpd = Some(HttpdMessage {
        step: Step::Handle,
        message: "WSGI process group not yet configured.".to_owned(),
        file: Some("/etc/apache2/sites/shop.conf".to_owned()),
        line: Some(3),
    });
    diagnostic.frame = Some(included);
    scene.first(diagnostic);
    scene.check("refused-directive");
}

#[test]
fn a_second_error_is_not_where_httpd_stops() {
    let mut scene = Scene::new();
    let file = scene.text("httpd.conf", "Lisen 80\nListne 81\n");
    let refused = |name: &str, span| {
        let message = format!("nothing provides `{name}`");
        let mut diagnostic = Diagnostic::new("unknown-directive", Level::Error, span, message);
        diagnostic.httpd = Some(HttpdMessage {
            step: Step::Read,
            message: format!("Invalid command '{name}', perhaps misspelled"),
            file: Some("httpd.conf".to_owned()),
            line: None,
        });
        diagnostic
    };
    scene.first(refused("Lisen", scene.span(file, "Lisen")));
    scene.add(refused("Listne", scene.span(file, "Listne")));
    scene.check("second-error");
}

#[test]
fn the_way_to_a_finding_goes_through_includes_and_macros() {
    let mut scene = Scene::new();
    let main = scene.text("httpd.conf", "Include hosts.conf\n");
    let hosts = scene.text("hosts.conf", "# hosts\nUse Host a.example\n");
    let hosts_frame = scene.frame(
        FrameId::ENTRY,
        Cause::Include(scene.span(main, "Include hosts.conf")),
    );
    let macro_frame = scene.frame(
        hosts_frame,
        Cause::Use(scene.span(hosts, "Use Host a.example")),
    );
    let macros = scene.text(
        "macros.conf",
        "<Macro Host $name>\nServerNam $name\n</Macro>\n",
    );
    let mut diagnostic = Diagnostic::new(
        "unknown-directive",
        Level::Warning,
        scene.span(macros, "ServerNam"),
        "nothing provides `ServerNam`",
    );
    diagnostic.frame = Some(macro_frame);
    scene.add(diagnostic);
    scene.check("include-chain");
}

#[test]
fn a_long_way_is_only_counted() {
    let mut scene = Scene::new();
    let file = scene.text("loop.conf", "Include loop.conf\nOptions All\n");
    let include = Cause::Include(scene.span(file, "Include loop.conf"));
    let mut frame = FrameId::ENTRY;
    for _ in 0..100 {
        frame = scene.frame(frame, include);
    }
    let mut diagnostic =
        Diagnostic::new("a-rule", Level::Note, scene.span(file, "All"), "everything");
    diagnostic.frame = Some(frame);
    scene.add(diagnostic);
    let full = scene.render(Format::Full, &Style::default());
    assert_eq!(full.matches("included from loop.conf:1").count(), 4);
    assert!(full.contains("= and 96 steps before\n"), "{full}");
}

#[test]
fn columns_of_a_latin1_file_are_characters() {
    let mut scene = Scene::new();
    let file = scene.bytes("latin1.conf", b"ServerAdmin \"caf\xe9 \xfc\" extra\n");
    scene.add(Diagnostic::new(
        "surplus-argument",
        Level::Note,
        scene.span(file, "extra"),
        "`ServerAdmin` takes one argument",
    ));
    scene.check("latin1");
}

#[test]
fn tabs_are_one_column_and_carets_stand_under_their_word() {
    let mut scene = Scene::new();
    let file = scene.text("tabs.conf", "\t\tOptions\tAll\r\n");
    let mut diagnostic = Diagnostic::new(
        "options-all",
        Level::Note,
        scene.span(file, "All"),
        "`All` means everything but `MultiViews`",
    );
    diagnostic.label("here");
    scene.add(diagnostic);
    scene.check("tabs");
}

#[test]
fn a_continued_directive_is_marked_over_its_lines() {
    let mut scene = Scene::new();
    let file = scene.text(
        "continued.conf",
        "Listen 80\nRewriteRule \\\n  ^/old \\\n  /new\nListen 81\n",
    );
    let mut diagnostic = Diagnostic::new(
        "rewrite-without-engine",
        Level::Warning,
        scene.span(file, "RewriteRule \\\n  ^/old \\\n  /new\n"),
        "`RewriteEngine` is off here",
    );
    diagnostic
        .label("this never applies")
        .secondary(scene.span(file, "Listen 81"), "the next directive");
    scene.add(diagnostic);
    scene.check("continued");
}

#[test]
fn of_a_section_with_many_lines_only_the_first_is_underlined() {
    let mut scene = Scene::new();
    let text = format!("<Directory />\n{}</Directory>\n", "  # text\n".repeat(200));
    let file = scene.text("long.conf", &text);
    scene.add(Diagnostic::new(
        "empty-section",
        Level::Note,
        scene.span(file, &text),
        "nothing in this section is a directive",
    ));
    let full = scene.render(Format::Full, &Style::default());
    assert!(
        full.contains("1 │ <Directory />\n  │ ^^^^^^^^^^^^^\n"),
        "{full}"
    );
    assert!(full.lines().count() < 10, "{full}");
}

#[test]
fn no_findings_are_said_in_one_line() {
    let mut scene = Scene::new();
    scene.text("httpd.conf", "Listen 80\n");
    scene.directives = 1_312;
    scene.check("no-findings");
}

#[test]
fn what_is_unknown_is_said_once() {
    let mut scene = Scene::new();
    let file = scene.text("httpd.conf", "<IfModule mod_ssl.c>\n</IfModule>\n");
    scene.unknowns = vec![Unknown {
        what: "the modules compiled into httpd".to_owned(),
        others: 0,
        decided_by: "`httpd -l`".to_owned(),
        site: Some(Site {
            span: scene.span(file, "mod_ssl.c"),
            frame: FrameId::ENTRY,
        }),
        places: 12,
    }];
    scene.check("unknown");
    let verbose = scene.render(
        Format::Full,
        &Style {
            verbose: true,
            ..Style::default()
        },
    );
    assert!(
        verbose.contains("would tell); it matters at 12 places, first at httpd.conf:1\n"),
        "{verbose}"
    );
}

#[test]
fn an_insertion_shows_what_it_inserts() {
    let mut scene = Scene::new();
    let file = scene.text("wsgi.conf", "WSGIScriptAlias / /srv/app.wsgi\n");
    let mut diagnostic = Diagnostic::new(
        "unused-daemon-process",
        Level::Warning,
        scene.span(file, "WSGIScriptAlias"),
        "this application runs in no daemon process",
    );
    diagnostic
        .fix(
            Promise::Safe,
            "name the group",
            vec![edit(scene.after(file, "app.wsgi"), " process-group=app")],
        )
        .help("or remove the unused group");
    scene.add(diagnostic);
    scene.check("insertion");
    let verbose = scene.render(
        Format::Full,
        &Style {
            verbose: true,
            ..Style::default()
        },
    );
    assert!(verbose.contains("`process-group=app` (`--fix` does it)\n"));
    assert!(verbose.contains("= help: or remove the unused group\n"));
}

#[test]
fn an_empty_file_can_have_a_finding() {
    let mut scene = Scene::new();
    let file = scene.text("empty.conf", "");
    scene.add(Diagnostic::new(
        "no-listen",
        Level::Warning,
        Span::new(file, 0..0),
        "httpd listens on no port",
    ));
    scene.check("empty-file");
}

#[test]
fn a_finding_can_point_at_the_end_of_a_file() {
    let mut scene = Scene::new();
    let file = scene.text(
        "open.conf",
        "<VirtualHost *:80>\n    ServerName a.example\n",
    );
    let mut diagnostic = Diagnostic::new(
        "unclosed-section",
        Level::Warning,
        scene.span(file, "<VirtualHost *:80>"),
        "`<VirtualHost>` is never closed",
    );
    diagnostic
        .label("opened here")
        .secondary(scene.after(file, "a.example\n"), "the file ends here");
    scene.add(diagnostic);
    scene.check("end-of-file");
}

#[test]
fn a_long_line_is_cut_around_the_finding() {
    let mut scene = Scene::new();
    let text = format!(
        "Header set X \"{}HERE{}\"\n",
        "a".repeat(5_000),
        "b".repeat(5_000)
    );
    let file = scene.text("long-line.conf", &text);
    let mut diagnostic = Diagnostic::new(
        "odd-header",
        Level::Note,
        scene.span(file, "HERE"),
        "this is odd",
    );
    diagnostic
        .label("here")
        .secondary(scene.span(file, "Header"), "of this directive");
    scene.add(diagnostic);
    scene.check("long-line");
}

#[test]
fn a_file_is_called_what_the_user_calls_it() {
    let mut scene = Scene::new();
    let file = scene.text("/etc/apache2/ports.conf", "Listen 80\n");
    scene.add(Diagnostic::new(
        "a-rule",
        Level::Note,
        scene.span(file, "80"),
        "a port",
    ));
    let style = Style {
        display: &|it| it.replace("/etc/apache2", "deploy"),
        elapsed: Some("18 ms"),
        ..Style::default()
    };
    assert_eq!(
        scene.render(Format::Concise, &style),
        "deploy/ports.conf:1:8: note[a-rule]: a port\n\
         1 note in 1 file, 0 directives in 18 ms\n"
    );
    assert!(
        scene
            .render(Format::Full, &style)
            .contains("┌─ deploy/ports.conf:1:8\n")
    );
    assert!(
        scene
            .render(Format::Json, &style)
            .contains(r#""file":"deploy/ports.conf""#)
    );
}

#[test]
fn quiet_leaves_only_the_findings() {
    let mut scene = Scene::new();
    scene.text("httpd.conf", "Listen 80\n");
    let style = Style {
        quiet: true,
        ..Style::default()
    };
    assert_eq!(scene.render(Format::Full, &style), "");
    assert_eq!(scene.render(Format::Concise, &style), "");
}

#[test]
fn colours_add_escape_sequences_and_nothing_else() {
    let mut scene = Scene::new();
    let file = scene.text("httpd.conf", "Listen 80\n");
    let mut diagnostic =
        Diagnostic::new("a-rule", Level::Warning, scene.span(file, "80"), "a port");
    diagnostic.note("a fact");
    scene.add(diagnostic);
    let plain = scene.render(Format::Full, &Style::default());
    let coloured = scene.render(
        Format::Full,
        &Style {
            colours: true,
            ..Style::default()
        },
    );
    assert!(
        coloured.contains("\u{1b}[38;5;11mwarning[a-rule]"),
        "{coloured:?}"
    );
    assert_eq!(without_colours(&coloured), plain);
}

#[test]
fn no_escape_sequence_of_a_configuration_reaches_a_terminal() {
    let evil = "\u{1b}]0;owned\u{7}\u{9b}2J\r\u{202e}\u{7f}\u{0}";
    let mut scene = Scene::new();
    let file = scene.text(&format!("a{evil}.conf"), &format!("Listen {evil}80 # é\n"));
    let span = scene.span(file, "80");
    let mut diagnostic = Diagnostic::new("a-rule", Level::Error, span, format!("no port `{evil}`"));
    diagnostic
        .label(evil)
        .secondary(scene.span(file, "Listen"), evil)
        .note(evil)
        .fix(
            Promise::Unsafe,
            format!("write {evil}"),
            vec![edit(span, &format!("8{evil}"))],
        );
    diagnostic.httpd = Some(HttpdMessage {
        step: Step::Handle,
        message: evil.to_owned(),
        file: None,
        line: None,
    });
    diagnostic.frame = Some(scene.frame(FrameId::ENTRY, Cause::Include(span)));
    scene.first(diagnostic);
    scene.unknowns = vec![Unknown {
        what: evil.to_owned(),
        others: 0,
        decided_by: evil.to_owned(),
        site: None,
        places: 1,
    }];
    scene.check("terminal-injection");
    for (format, _, _) in Format::ALL {
        assert_harmless(&scene.render(format, &Style::default()));
    }
    let json = scene.render(Format::Json, &Style::default());
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["diagnostics"][0]["notes"][0], evil);
}

#[test]
fn json_has_the_structure_of_version_1() {
    let mut scene = Scene::new();
    let file = scene.text("httpd.conf", "Listen 80\n");
    scene.add(Diagnostic::new(
        "a-rule",
        Level::Note,
        scene.span(file, "80"),
        "a port",
    ));
    let json = scene.render(Format::Json, &Style::default());
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let expected = serde_json::json!({
        "version": 1,
        "diagnostics": [{
            "rule": "a-rule", "level": "note", "message": "a port",
            "file": "httpd.conf", "line": 1, "column": 8, "end_line": 1, "end_column": 10,
            "label": "", "labels": [], "notes": [], "fixes": [], "included_from": [],
            "httpd": null,
        }],
        "unknowns": [],
        "summary": {"fragment": null, "files": 1, "directives": 0, "errors": 0, "warnings": 0, "notes": 1},
    });
    assert_eq!(json, expected);
}

proptest! {
    #[test]
    fn every_span_of_every_text_can_be_rendered(
        text in "(?s)([a\té\u{1b}\u{4e2d}\u{301}\r\n\u{1f600}]{0,30}|é{170}){0,4}",
        places in proptest::collection::vec((0usize..800, 0usize..400), 1..5),
    ) {
        let mut scene = Scene::new();
        let file = scene.text("any.conf", &text);
        let spans = places.iter().map(|&(start, length)| {
            let start = start.min(text.len());
            Span::new(file, start..(start + length).min(text.len()))
        });
        let mut diagnostic = Diagnostic::new("a-rule", Level::Note, Span::new(file, 0..0), "any");
        for (position, span) in spans.enumerate() {
            match position {
                0 => diagnostic.primary.span = span,
                _ => { diagnostic.secondary(span, "also"); }
            }
        }
        scene.add(diagnostic);
        for (format, _, _) in Format::ALL {
            assert_harmless(&scene.render(format, &Style::default()));
        }
    }
}

/// An outcome in the making.
struct Scene {
    sources: Sources,
    frames: Vec<Frame>,
    diagnostics: Vec<Diagnostic>,
    first: Option<usize>,
    unknowns: Vec<Unknown>,
    directives: usize,
}

impl Scene {
    fn new() -> Self {
        Self {
            sources: Sources::new(),
            frames: vec![Frame {
                parent: None,
                cause: Cause::Entry,
            }],
            diagnostics: Vec::new(),
            first: None,
            unknowns: Vec::new(),
            directives: 0,
        }
    }

    fn text(&mut self, name: &str, text: &str) -> FileId {
        self.bytes(name, text.as_bytes())
    }

    fn bytes(&mut self, name: &str, bytes: &[u8]) -> FileId {
        self.sources.put(Source::new(name, bytes.to_vec()))
    }

    fn frame(&mut self, parent: FrameId, cause: Cause) -> FrameId {
        let id = FrameId(u32::try_from(self.frames.len()).unwrap());
        self.frames.push(Frame {
            parent: Some(parent),
            cause,
        });
        id
    }

    /// The first occurrence of `words`.
    fn span(&self, file: FileId, words: &str) -> Span {
        let start = self.sources.get(file).text().find(words).unwrap();
        Span::new(file, start..start + words.len())
    }

    /// The empty place behind the first occurrence of `words`.
    fn after(&self, file: FileId, words: &str) -> Span {
        let end = self.span(file, words).range().end;
        Span::new(file, end..end)
    }

    fn add(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Adds the finding that httpd would print.
    fn first(&mut self, diagnostic: Diagnostic) {
        self.first = Some(self.diagnostics.len());
        self.add(diagnostic);
    }

    fn outcome(&self) -> Outcome {
        let count = |level| {
            self.diagnostics
                .iter()
                .filter(|it| it.level == level)
                .count()
        };
        Outcome {
            sources: self.sources.clone(),
            frames: self.frames.clone(),
            diagnostics: self.diagnostics.clone(),
            first: self.first,
            unknowns: self.unknowns.clone(),
            summary: Summary {
                fragment: None,
                files: self.sources.len(),
                directives: self.directives,
                errors: count(Level::Error),
                warnings: count(Level::Warning),
                notes: count(Level::Note),
            },
            left_out: 0,
            hosts: None,
        }
    }

    fn render(&self, format: Format, style: &Style<'_>) -> String {
        let mut out = Vec::new();
        render(&self.outcome(), format, style, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    /// Compares the scene in all formats with `tests/render/NAME.txt`.
    fn check(&self, name: &str) {
        let style = Style::default();
        let json = self.render(Format::Json, &style);
        schema::assert_obeys(SCHEMA, &serde_json::from_str(&json).unwrap());
        let shown = format!(
            "=== full\n{}=== concise\n{}=== json\n{json}",
            self.render(Format::Full, &style),
            self.render(Format::Concise, &style),
        );
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/render/{name}.txt"));
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&path, &shown).unwrap();
        }
        let expected = std::fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(shown, expected, "UPDATE=1 rewrites tests/render/{name}.txt");
    }
}

fn edit(span: Span, text: &str) -> Edit {
    Edit {
        span,
        text: text.to_owned(),
    }
}

fn without_colours(text: &str) -> String {
    let mut pieces = text.split("\u{1b}[");
    let mut plain = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        plain.push_str(piece.split_once('m').map_or("", |(_, after)| after));
    }
    plain
}

fn assert_harmless(output: &str) {
    let obeyed =
        |it: char| (it.is_control() && it != '\n') || ('\u{202a}'..='\u{202e}').contains(&it);
    assert!(!output.contains(obeyed), "{output:?}");
}
