//! `httpd-lint review`.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::io::{BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};
use rustc_hash::FxHashSet;

use super::revisions::Revisions;
use super::say;
use super::settings::Project;
use super::setup::Setup;
use super::{Colour, FailOn, Failure, ServerArguments, written};
use crate::lint::{Fingerprint, Options, Outcome, Session, Unknown};
use crate::render::{Format, Reviewed, Style, review as render};
use crate::review::{Kind, Pair, Review, review};
use crate::shell::Differences;
use crate::world::ReadError;

const WAYS: &str = "\
Ways to ask:
  httpd-lint review origin/main etc/apache2 --facts debian-12
      what is checked out, since the last commit that it has in common with the branch
  httpd-lint review v1..v2 etc/apache2
      two revisions; nothing is checked out, and a bare repository is enough
  httpd-lint review origin/main --fail-on-change access,tls
      for CI: the exit code is 1 also where access or TLS changes

Both sides are taken for the same server: the facts are the same. What a change opens comes first.
A change of the text that changes nothing is `no effective change`.";

/// Which change, and how it is written.
#[derive(Debug, Args)]
#[command(
    override_usage = "httpd-lint review [OPTIONS] BASE[..HEAD] [PATH]",
    mut_arg("path", |it| it.index(2)),
    after_long_help = WAYS,
)]
pub(super) struct ReviewArguments {
    /// A revision, from which what is checked out is reviewed, or two of them as git writes them:
    /// `BASE..HEAD`, or `BASE...HEAD` from their last common history. Asks git.
    #[arg(index = 1, value_name = "BASE[..HEAD]")]
    revisions: String,
    #[command(flatten)]
    server: ServerArguments,
    /// How to write what is found; in GitHub Actions `github` if nothing else is said, otherwise
    /// `full`.
    #[arg(long, value_enum)]
    format: Option<ReviewFormat>,
    /// The lowest level of a new finding at which the exit code is 1.
    #[arg(long, value_enum, default_value_t = FailOn::Warning, value_name = "LEVEL")]
    fail_on: FailOn,
    /// Also 1 where something of these kinds changes.
    #[arg(long, value_name = "KIND", value_delimiter = ',', value_parser = kinds())]
    fail_on_change: Vec<Kind>,
    /// Only findings of these rules; what httpd refuses is always shown.
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    select: Vec<String>,
    /// No findings of these rules; what httpd refuses is always shown.
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    ignore: Vec<String>,
    /// When to use colours.
    #[arg(long, value_enum, default_value_t = Colour::Auto)]
    color: Colour,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ReviewFormat {
    /// For people.
    Full,
    /// A comment on a pull request.
    Markdown,
    /// One JSON object.
    Json,
    /// Annotations of GitHub Actions; also writes the summary of the job.
    Github,
}

impl From<ReviewFormat> for Format {
    fn from(format: ReviewFormat) -> Self {
        match format {
            ReviewFormat::Full => Format::Full,
            ReviewFormat::Markdown => Format::Markdown,
            ReviewFormat::Json => Format::Json,
            ReviewFormat::Github => Format::Github,
        }
    }
}

// The kinds of changes, by their names.
fn kinds() -> impl TypedValueParser<Value = Kind> {
    let names = Kind::ALL.into_iter().map(Kind::name);
    PossibleValuesParser::new(names).map(|name| {
        let named = Kind::ALL.into_iter().find(|it| it.name() == name);
        named.unwrap_or(Kind::Settings)
    })
}

pub(super) fn run(arguments: &ReviewArguments) -> Result<ExitCode, Failure> {
    let project = Project::find(&arguments.server)?;
    let server = project.server(&arguments.server)?;
    let options = Options::new(&arguments.select, &arguments.ignore).map_err(Failure)?;
    let options = options.without(&project.settings.levels);
    let revisions = Revisions::of(&server.path, &arguments.revisions)?;
    let setups = [revisions.before(&server)?, revisions.after(&server)?];
    let [before, after] = &setups;
    if !after.hosts.is_empty() {
        let message = "a review needs the facts of one server";
        return Err(Failure(message.to_owned()));
    }
    for gap in &after.gaps {
        say(gap)?;
    }
    let differences = revisions.differences();
    let (mut review, outcomes) = look(&server, [before, after], &options, differences)?;
    let gaps = before.unread().into_iter().chain(after.unread());
    for gap in gaps.collect::<BTreeSet<String>>() {
        say(&gap)?;
    }
    let [old, new] = outcomes;
    let is_old = |it: &Unknown| old.unknowns.iter().any(|old| old.what == it.what);
    let unknowns = new.unknowns.iter().filter(|it| !is_old(it));
    let unknowns = unknowns.map(|it| format!("{}; {} would tell", it.all(), it.decided_by));
    review.gaps.extend(unknowns);
    let [old, new] = [(before, old), (after, new)].map(|(setup, mut outcome)| {
        project.level(&mut outcome, &options, &|it| setup.local(it));
        outcome
    });
    let name_then = |file: &str| {
        let path = before.target(file).or_else(|| before.local(file));
        let path = path.map(|it| differences.renames.get(&it).cloned().unwrap_or(it));
        named(path, file)
    };
    let name_now = |file: &str| named(after.target(file).or_else(|| after.local(file)), file);
    let (new, fixed, unchanged) = sorted([old, new], &name_then, &name_now);
    let format = arguments.format();
    let reviewed = Reviewed {
        review: &review,
        new: &new,
        fixed: &fixed,
        unchanged,
        before: &|it| before.display(it),
        style: Style {
            colours: format == Format::Full && arguments.color.is_wanted(),
            display: &|it| after.display(it),
            ..Style::default()
        },
    };
    let mut out = BufWriter::new(std::io::stdout().lock());
    let result = render(&reviewed, format, &mut out);
    written(result.and_then(|()| out.flush()))?;
    if format == Format::Github {
        write_summary(&reviewed)?;
    }
    let is_asked_for = |it: Kind| arguments.fail_on_change.contains(&it);
    match review.changes.iter().any(|it| is_asked_for(it.kind)) {
        true => Ok(ExitCode::from(1)),
        false => Ok(arguments.fail_on.exit_code(&new)),
    }
}

impl ReviewArguments {
    fn format(&self) -> Format {
        let in_github = std::env::var_os("GITHUB_ACTIONS").is_some_and(|it| it == "true");
        match self.format {
            Some(format) => format.into(),
            None if in_github => Format::Github,
            None => Format::Full,
        }
    }
}

// What httpd does otherwise, and what is found of both.
fn look<'s>(
    server: &ServerArguments,
    setups: [&'s Setup; 2],
    options: &Options,
    differences: &Differences,
) -> Result<(Review, [Outcome; 2]), Failure> {
    let opened = |session: Result<Session<'s>, ReadError>| {
        session.map_err(|it| {
            let path = server.path.display();
            Failure(format!("{path}: {}", it.text().to_lowercase()))
        })
    };
    let mut before = opened(Session::to_compare(setups[0].inputs(), options))?;
    let mut after = opened(before.beside(setups[1].inputs()))?;
    let outcomes = [before.outcome(), after.outcome()];
    let names = after.access_file_names();
    let is_access_file = |it: &&PathBuf| {
        let name = it.file_name().unwrap_or_default().to_string_lossy();
        names.iter().flatten().any(|it| *it == name)
    };
    let access_files = differences.paths.iter().filter(is_access_file);
    let access_files = access_files.filter_map(|it| setups[1].disk()?.server(it));
    let access_files: Vec<String> = access_files.collect();
    let changed = RefCell::new(&mut after);
    let review = before.ask(|before| {
        changed.borrow_mut().ask(|after| {
            let (review, wanted) = review(Pair {
                before,
                after,
                access_files: &access_files,
            });
            ((review, wanted.before), wanted.after)
        })
    });
    // What was read is not needed any more, and giving it back piece by piece takes time.
    std::mem::forget((before, after));
    Ok((review, outcomes))
}

fn named(path: Option<PathBuf>, file: &str) -> String {
    match path {
        Some(path) => path.to_string_lossy().into_owned(),
        None => file.to_owned(),
    }
}

// What is found now alone, what was found before alone, and how much of both there is.
fn sorted(
    [mut before, mut after]: [Outcome; 2],
    name_then: &dyn Fn(&str) -> String,
    name_now: &dyn Fn(&str) -> String,
) -> (Outcome, Outcome, usize) {
    let old = Fingerprint::all(&before, name_then);
    let new = Fingerprint::all(&after, name_now);
    let known: FxHashSet<&Fingerprint> = old.iter().collect();
    let found: FxHashSet<&Fingerprint> = new.iter().collect();
    let unchanged = new.iter().filter(|it| known.contains(it)).count();
    let mut each = new.iter();
    after.keep(|_| each.next().is_none_or(|it| !known.contains(it)));
    let mut each = old.iter();
    before.keep(|_| each.next().is_none_or(|it| !found.contains(it)));
    (after, before, unchanged)
}

// The summary of a job of GitHub Actions, to which several steps add.
fn write_summary(reviewed: &Reviewed<'_>) -> Result<(), Failure> {
    let path = std::env::var_os("GITHUB_STEP_SUMMARY").filter(|it| !it.is_empty());
    let Some(path) = path.map(PathBuf::from) else {
        return Ok(());
    };
    let failed = |it: std::io::Error| Failure(format!("{}: {it}", path.display()));
    let options = std::fs::OpenOptions::new()
        .append(true)
        .create(true)
        .open(&path);
    let mut out = BufWriter::new(options.map_err(failed)?);
    let result = render(reviewed, Format::Markdown, &mut out);
    result.and_then(|()| out.flush()).map_err(failed)
}
