//! Where the findings of `httpd-lint check` go, and how they are written there.

use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use clap::builder::{OsStringValueParser, PossibleValue, TypedValueParser};

use super::setup::Setup;
use super::{CheckArguments, Failure, written};
use crate::httpd::most_similar;
use crate::lint::Outcome;
use crate::render::{Format, Style, Supplement, render};

/// A format by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct OutputFormat(Format);

impl ValueEnum for OutputFormat {
    fn value_variants<'a>() -> &'a [Self] {
        const ALL: [OutputFormat; Format::ALL.len()] = {
            let mut all = [OutputFormat(Format::Full); Format::ALL.len()];
            let mut next = 0;
            while next < all.len() {
                all[next] = OutputFormat(Format::ALL[next].0);
                next += 1;
            }
            all
        };
        &ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let (_, name, help) = Format::ALL.iter().find(|it| it.0 == self.0)?;
        Some(PossibleValue::new(*name).help(*help))
    }
}

/// One value of `--output`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Output {
    format: Option<OutputFormat>,
    path: PathBuf,
}

impl Output {
    pub(super) fn parser() -> impl TypedValueParser<Value = Self> {
        OsStringValueParser::new().try_map(Self::read)
    }

    fn read(value: OsString) -> Result<Self, String> {
        let parts = value.to_str().and_then(|it| it.split_once(':'));
        let Some((name, path)) = parts.filter(|it| is_word(it.0)) else {
            return Ok(Self {
                format: None,
                path: value.into(),
            });
        };
        match OutputFormat::from_str(name, false) {
            Ok(format) => Ok(Self {
                format: Some(format),
                path: path.into(),
            }),
            Err(_) => {
                let similar = most_similar(name, Format::ALL.iter().map(|it| it.1));
                let similar = similar.map(|it| format!("; is it `{it}`?"));
                let similar = similar.unwrap_or_default();
                Err(format!(
                    "there is no format `{name}`{similar} (a file of this name is `./{name}:{path}`)"
                ))
            }
        }
    }
}

// Whether what stands before a colon must be a format. A single letter is a drive.
fn is_word(name: &str) -> bool {
    let has_only = |it: u8| it.is_ascii_alphanumeric() || matches!(it, b'-' | b'_');
    name.len() > 1 && name.bytes().all(has_only)
}

/// Everything that is written.
pub(super) struct Outputs {
    all: Vec<(Format, Target)>,
}

/// Where something is written.
#[derive(Clone, PartialEq, Eq)]
enum Target {
    StandardOutput,
    File(PathBuf),
    /// The summary of a job of GitHub Actions, to which several steps add.
    Summary(PathBuf),
}

impl Outputs {
    /// What the options ask for, and what is understood by itself in GitHub Actions.
    pub(super) fn new(arguments: &CheckArguments) -> Result<Self, Failure> {
        let in_github = std::env::var_os("GITHUB_ACTIONS").is_some_and(|it| it == "true");
        let usual = match in_github && arguments.output.is_empty() {
            true => Format::Github,
            false => Format::Full,
        };
        let named = arguments.format.map_or(usual, |it| it.0);
        let mut all: Vec<(Format, Target)> = Vec::new();
        let mut is_named_used = false;
        for output in &arguments.output {
            is_named_used |= output.format.is_none();
            let target = Target::of(&output.path);
            if all.iter().any(|it| it.1 == target) {
                let path = output.path.display();
                return Err(Failure(format!("`{path}` is given twice as an output")));
            }
            all.push((output.format.map_or(named, |it| it.0), target));
        }
        let is_asked_for = arguments.format.is_some() && !is_named_used;
        let is_free = all.iter().all(|it| it.1 != Target::StandardOutput);
        match (all.is_empty() || is_asked_for, is_free) {
            (true, true) => all.push((named, Target::StandardOutput)),
            (true, false) => {
                let message = "two formats cannot be written to standard output";
                return Err(Failure(message.to_owned()));
            }
            (false, _) => {}
        }
        let has_github = all.iter().any(|it| it.0 == Format::Github);
        let summary = std::env::var_os("GITHUB_STEP_SUMMARY").filter(|it| !it.is_empty());
        if let Some(path) = summary.filter(|_| has_github) {
            all.push((Format::Markdown, Target::Summary(path.into())));
        }
        Ok(Self { all })
    }

    /// Whether any of them shows what there is beside the findings.
    pub(super) fn have_supplements(&self) -> bool {
        self.all.iter().any(|it| it.0 == Format::Html)
    }

    /// Writes all of them.
    pub(super) fn write(
        &self,
        outcome: &Outcome,
        setup: &Setup,
        arguments: &CheckArguments,
        elapsed: &str,
        supplements: &[Supplement],
    ) -> Result<(), Failure> {
        let root = repository();
        let in_repository = |name: &str| setup.display_from(&root, name);
        let here = |name: &str| setup.display(name);
        let root = root.to_string_lossy();
        for (format, target) in &self.all {
            let style = Style {
                colours: *target == Target::StandardOutput && arguments.color.is_wanted(),
                display: match format.is_of_repository() {
                    true => &in_repository,
                    false => &here,
                },
                root: Some(&root),
                supplements,
                elapsed: Some(elapsed),
                quiet: arguments.quiet,
                verbose: arguments.verbose,
            };
            let mut out = BufWriter::with_capacity(1 << 16, target.open()?);
            written(render(outcome, *format, &style, &mut out).and_then(|()| out.flush()))?;
        }
        Ok(())
    }
}

impl Target {
    fn of(path: &Path) -> Self {
        match path == Path::new("-") {
            true => Target::StandardOutput,
            false => Target::File(path.to_owned()),
        }
    }

    fn open(&self) -> Result<Box<dyn Write>, Failure> {
        let named = |path: &Path, it: std::io::Error| Failure(format!("{}: {it}", path.display()));
        match self {
            Target::StandardOutput => Ok(Box::new(std::io::stdout().lock())),
            Target::File(path) => {
                let file = File::create(path).map_err(|it| named(path, it))?;
                Ok(Box::new(file))
            }
            Target::Summary(path) => {
                let file = OpenOptions::new().create(true).append(true).open(path);
                Ok(Box::new(file.map_err(|it| named(path, it))?))
            }
        }
    }
}

/// The root of the repository around the working directory; where there is none, what the runner
/// says, or the working directory itself.
fn repository() -> PathBuf {
    let here = std::env::current_dir().unwrap_or_default();
    let root = here.ancestors().find(|it| it.join(".git").exists());
    let named = ["GITHUB_WORKSPACE", "CI_PROJECT_DIR"]
        .into_iter()
        .filter_map(std::env::var_os)
        .map(PathBuf::from)
        .find(|it| here.starts_with(it));
    match root {
        Some(root) => root.to_owned(),
        None => named.unwrap_or(here),
    }
}
