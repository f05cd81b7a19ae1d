//! httpd-lint: a static linter for Apache httpd configuration.
//!
//! It reads `httpd.conf` and everything that it includes without running anything, predicts what
//! `httpd -t` would refuse, and finds what httpd accepts and does not do right.
//!
//! # The way of the data
//!
//! ```text
//! bytes ─ syntax ─ evaluate ─ model ─ configtest ─ rules ─ lint ─ render
//!         lines    Config                                  Outcome
//! ```
//!
//! - [`syntax`] splits one text into logical lines, and a line into words. It knows no directive.
//! - [`evaluate`] does phase 1 of httpd: it walks the lines, runs what runs while files are read
//!   (`LoadModule`, `Define`, `Include`, `<IfModule>`, `<Macro>`), and asks the [`world`] for files.
//!   The result is a [`evaluate::Config`]: directives in order, each with its place and the way
//!   there.
//! - [`model`] says what the configuration means: things with names, and who mentions them; servers,
//!   and what a request to them meets (`request`, `trace`), mod_wsgi's applications among it (`wsgi`).
//! - [`configtest`] does phase 2 and the checks behind it: exactly what httpd would refuse, with its
//!   message.
//! - [`rules`] look at units of the configuration and ask the model. A [`rule`](mod@rule) is a static value
//!   whose doc comment is its page.
//! - [`lint`] runs it all, once or again where a file changed, and puts the findings in order.
//! - [`review`] asks two configurations the same questions, and says what they answer differently.
//! - [`render`] writes an [`lint::Outcome`] or a [`review::Review`] for a person or a program.
//! - [`lsp`] keeps a [`lint::Session`] warm while somebody edits, and answers an editor.
//!
//! Beside the way stand what httpd *is* ([`httpd`]: the table of directives, compiled from one TOML
//! file per module), what *this* httpd is ([`facts`]: read from the output of `httpd -V`, `-l`, `-M`),
//! and the languages of arguments ([`argument`]; [`form`] are the shapes that many share). [`object`]
//! reads what a module's file says of itself. [`mod@format`] lays texts out and proves that httpd reads
//! the same then. What is long may be done in several threads
//! (`threads`); no result depends on how many.
//!
//! # Layers
//!
//! Dependencies point one way; `tests/layers.rs` has the table.
//!
//! ```text
//! source ← diagnostic ← { syntax, form, httpd, facts, argument, object } ← evaluate ← model ← configtest
//!        ← rule ← rules ← lint ← review ← render ← shell ← lsp ← cli        world ← evaluate
//! ```
//!
//! Only [`shell`], [`lsp`] and [`cli`] touch the machine: files, environment, processes, time, printing.
//! `.clippy.toml` forbids it elsewhere.
//!
//! # Words
//!
//! | word | what it is |
//! |---|---|
//! | logical line | physical lines that backslashes join; the unit in which httpd reads |
//! | [`source::Span`] | a place in a text |
//! | [`source::Site`] | a span, and how evaluation came to it: a file can be included twice |
//! | [`source::Frame`] | one step of the way there: an `Include`, a `Use` |
//! | [`evaluate::Unit`] | one file evaluated in one environment: a value, with what it asked and did |
//! | occurrence | a unit at its place in the tree of includes |
//! | [`evaluate::Node`] | one directive or section in a unit; [`evaluate::Placed`] is one in an occurrence |
//! | phase 1, phase 2 | httpd reads everything first, then runs the handlers of what it read |
//! | layer of a request | what one section, server or `.htaccess` file says; those that apply to a request are merged |
//! | journey, pass | the way of a request; an internal redirect begins another pass |
//! | doubt | why a value cannot be known from here |
//! | soak | to pass over the body of a false conditional, as httpd does |
//! | [`evaluate::Truth`] | true, false, or unknown |
//! | fragment | a part of a configuration, without its server |
//!
//! # What always holds
//!
//! - An `error` is a refusal of httpd and carries its message; nothing else is an error.
//! - Parsing, evaluating, checking and linting never fail and never panic: what is wrong with a
//!   configuration is a [`diagnostic::Diagnostic`].
//! - What depends on an unknown is never an error. Unknowns are listed once, with the fact that would
//!   decide them. What stands in a conditional that is not decided has one level less, and says so.
//! - Nothing that a configuration names is ever run.
//! - Replacing a file in a [`lint::Session`] ends where a cold run ends; `tests/incremental.rs`
//!   compares them.

// The parsers that pest makes name it, because pest is built without its guard against deep
// recursion: asking the system for the size of the stack takes longer than any small parse.
// `tests/grammars.rs` knows which grammars are recursive.
extern crate alloc;

// A module `grammar` with the parser that pest makes of a file, and its `Rule`.
macro_rules! grammar {
    ($parser:ident, $file:tt) => {
        #[allow(
            missing_docs,
            unreachable_pub,
            reason = "pest generates the rules' names without docs"
        )]
        mod grammar {
            #[derive(pest_derive::Parser)]
            #[grammar = $file]
            pub(super) struct $parser;
        }
    };
}

pub mod argument;
pub mod cli;
pub mod configtest;
pub mod diagnostic;
pub mod evaluate;
pub mod facts;
pub mod form;
pub mod format;
pub mod httpd;
pub mod lint;
pub mod lsp;
pub mod model;
pub mod object;
pub mod render;
pub mod review;
pub mod rule;
pub mod rules;
pub mod shell;
pub mod source;
pub mod syntax;
mod threads;
pub mod world;
