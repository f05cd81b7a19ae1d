//! What a rule is, and what it gets and gives.
//!
//! A rule is a static value whose doc comment is its page: what httpd does, why it matters, a
//! wrong and a right example. The page is what `explain` prints, and its examples are run as
//! tests, also on the real httpd.

use crate::configtest::Refused;
use crate::diagnostic::{Diagnostic, Level, Promise};
use crate::evaluate::{Config, Inputs, OccurrenceId, Placed};
use crate::facts::{Fact, Facts, LoadedModule};
use crate::httpd::{Directive, NameId, Table};
use crate::model::survey::Survey;
use crate::model::wsgi::{Applications, DaemonGroup, PythonSetting};
use crate::model::{Model, Modules, Notes};
use crate::source::{FrameId, Site, Span};
use crate::syntax::{Argument, Document, Instruction};

/// A fact without which a rule cannot say anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Need {
    /// The output of `httpd -M`.
    LoadedModules,
    /// `Server version` of `httpd -V`.
    Version,
    /// `Server MPM` of `httpd -V`.
    Mpm,
    /// `Server compiled with` of `httpd -V`.
    Defines,
    /// The list of mutex mechanisms.
    MutexMechanisms,
    /// The environment that httpd is started with.
    Environment,
    /// What lies on the server's disk beside its configuration.
    Disk,
}

impl Need {
    /// The fact's name, as the user knows it.
    pub fn name(self) -> &'static str {
        match self {
            Need::LoadedModules => "`httpd -M`",
            Need::Version => "`Server version` of `httpd -V`",
            Need::Mpm => "`Server MPM` of `httpd -V`",
            Need::Defines => "`Server compiled with` of `httpd -V`",
            Need::MutexMechanisms => "the list of mutex mechanisms",
            Need::Environment => "the environment of httpd (`--envvars`)",
            Need::Disk => "the server's disk (`--host`, `--map`)",
        }
    }

    /// Whether it is certain that the fact is known. Of a disk only some of it may be.
    pub fn is_met(self, facts: &Facts) -> bool {
        match self {
            Need::LoadedModules => facts.loaded_modules.is_some(),
            Need::Version => facts.version.is_some(),
            Need::Mpm => facts.mpm.is_some(),
            Need::Defines => facts.defines.is_some(),
            Need::MutexMechanisms => facts.mutex_mechanisms.is_some(),
            Need::Environment => facts.environment.is_some(),
            Need::Disk => false,
        }
    }
}

/// What a rule is for that is silent unless somebody asks for it: it speaks of what many good
/// configurations say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Concern {
    /// A server that gives nothing away and lets nobody in.
    Security,
    /// What httpd 2.2 said otherwise.
    Migration,
    /// What costs time.
    Performance,
    /// What is clearer otherwise.
    Clarity,
}

/// The unit that a rule looks at. The engine runs it once for each, and again only where a unit,
/// or something that the unit mentions, has changed. So a rule asks the model only for what its
/// own unit names. Of a directive that httpd refuses no rule is asked.
#[derive(Clone, Copy)]
pub enum Check {
    /// Nothing of its own: httpd's own refusals, found while reading or in the configuration test.
    Refused,
    /// Each of some directives.
    Directive(Which, fn(&Context<'_>, &Placed<'_>, &mut Report)),
    /// Nothing of each of some directives but its arguments, besides modules and facts. Where it is
    /// silent about arguments, it is silent about them everywhere: so the engine does not ask again.
    Arguments(Which, fn(&Context<'_>, &Placed<'_>, &mut Report)),
    /// Each daemon process group, for nothing but what its directive says, as for arguments.
    DaemonGroup(fn(&DaemonGroup<'_>, &mut Report)),
    /// Each path that a directive tells Python, wherever it stands.
    PythonSetting(fn(&Context<'_>, &PythonSetting<'_>, &mut Report)),
    /// Each file where it is evaluated.
    File(fn(&Context<'_>, OccurrenceId, &mut Report)),
    /// The server as a whole, once, and again whenever a file changes, or a module or fact that it
    /// asked for. It may ask the model for whatever it likes, so it had better find out first whether
    /// there is something to look for: without the fact that it needs it costs nothing.
    Server(fn(&Context<'_>, &mut Report)),
    /// The server as a whole, as [`Check::Server`], where it has any of some directives.
    Survey(Which, fn(&Context<'_>, &Survey<'_>, &mut Report)),
    /// What mod_wsgi is told to run in the server as a whole; nothing where it is told nothing.
    Applications(fn(&Context<'_>, &Applications<'_>, &mut Report)),
    /// Nothing of its own: what all others found. It is found when their findings are collected.
    Afterwards,
}

/// Directives and sections.
#[derive(Clone, Copy)]
pub enum Which {
    /// Those of these names.
    Named(&'static [&'static str]),
    /// Those that a module of the table describes so.
    Described(fn(&Directive) -> bool),
}

impl Which {
    /// Whether directives of a name are among them.
    pub fn has(self, table: &Table, name: NameId) -> bool {
        match self {
            Which::Named(names) => {
                let spelling = table.spelling(name);
                names.iter().any(|it| it.eq_ignore_ascii_case(spelling))
            }
            Which::Described(is_meant) => table.definitions(name).any(is_meant),
        }
    }
}

/// A rule.
pub struct Rule {
    /// The id in kebab case; reads after "allow".
    pub id: &'static str,
    /// How bad its findings are.
    pub level: Level,
    /// The version of httpd-lint that brought it.
    pub since: &'static str,
    /// The facts without which it is silent.
    pub needs: &'static [Need],
    /// What it is for, if it has to be asked for.
    pub concern: Option<Concern>,
    /// The best promise of the fixes that its findings may offer; `None` where it offers none.
    pub fix: Option<Promise>,
    /// The page, as Markdown, its first paragraph a summary of one sentence.
    pub docs: &'static str,
    /// What it looks at, and how.
    pub check: Check,
}

impl Rule {
    /// The page, as Markdown.
    pub fn page(&self) -> String {
        let lines = self
            .docs
            .lines()
            .map(|it| it.strip_prefix(' ').unwrap_or(it));
        lines.collect::<Vec<_>>().join("\n")
    }

    /// The first sentence of the page.
    pub fn summary(&self) -> String {
        let page = self.page();
        let lines = page.lines().take_while(|it| !it.is_empty());
        lines.collect::<Vec<_>>().join(" ")
    }
}

/// Declares a rule: its page as doc comment, and a static value.
#[macro_export]
macro_rules! rule {
    ($(#[doc = $doc:literal])+ pub static $name:ident = {
        id: $id:literal,
        level: $level:expr,
        since: $since:literal,
        needs: $needs:expr,
        $(concern: $concern:expr,)?
        $(fix: $fix:expr,)?
        check: $check:expr $(,)?
    }) => {
        $(#[doc = $doc])+
        pub(super) static $name: $crate::rule::Rule = $crate::rule::Rule {
            id: $id,
            level: $level,
            since: $since,
            needs: $needs,
            concern: {
                let [concern, ..] = [$(Some($concern),)? None];
                concern
            },
            fix: {
                let [fix, ..] = [$(Some($fix),)? None];
                fix
            },
            docs: concat!($($doc, "\n"),+),
            check: $check,
        };
    };
}

/// What a rule may ask.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The world, the facts, the directive table.
    pub inputs: &'a Inputs<'a>,
    /// The configuration as read.
    pub config: &'a Config,
    /// What it means.
    pub model: &'a Model,
    /// The modules that are there when everything is read.
    pub modules: &'a Modules,
    /// What httpd refuses in the file at hand; of the server as a whole nothing.
    pub refused: &'a Refused,
}

impl<'a> Context<'a> {
    /// Where it is noted what is asked of modules and facts.
    pub fn notes(&self) -> Notes<'a> {
        Notes::of(self.inputs, self.modules)
    }

    /// What the module says of a directive whose handler gets it; `None` where it is not certain
    /// that there is one.
    pub fn definition(&self, placed: &Placed<'_>) -> Option<&'a Directive> {
        let mut definitions = self.inputs.table.definitions(placed.node.name?);
        definitions.find(|it| self.modules.has(it.module).is_true())
    }

    /// The place of what concerns the server and no line of it: where the main file begins.
    pub fn beginning(&self) -> Site {
        let file = self
            .config
            .occurrence(OccurrenceId::MAIN)
            .unit
            .document
            .file;
        Site {
            span: Span::new(file, 0..0),
            frame: FrameId::ENTRY,
        }
    }

    /// The list of `httpd -M`, where the configuration is known as a whole, so that the two can be
    /// compared.
    pub fn loaded_list(&self) -> Option<&'a Fact<Vec<LoadedModule>>> {
        let list = self.inputs.facts.all().loaded_modules.as_ref();
        list.filter(|_| self.is_whole())
    }

    /// Whether the configuration is known as a whole: it is not a part of one, and nothing that it
    /// reads is out of sight. Otherwise what is missed here may stand elsewhere.
    pub fn is_whole(&self) -> bool {
        self.model.is_whole(self.config)
    }
}

/// A comment that allows findings: `# httpd-lint: allow(empty-macro) -- the template needs it`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowance {
    /// The position of the comment among the lines of its document.
    pub line: usize,
    /// The comment.
    pub span: Span,
    /// Whether it counts for all lines of its file.
    pub of_file: bool,
    /// The ids of the rules, as written.
    pub rules: Vec<Argument>,
    /// Whether it says why.
    pub has_reason: bool,
}

impl Allowance {
    /// Those of a document, in order.
    pub fn all<'a>(document: &'a Document, text: &'a str) -> impl Iterator<Item = Self> + 'a {
        Instruction::all(document, text).filter_map(|it| {
            let of_file = it.is("allow-file");
            let rules = it
                .arguments
                .filter(|_| of_file || it.name.text == "allow")?;
            Some(Self {
                line: it.line,
                span: it.span,
                of_file,
                rules,
                has_reason: it.has_reason,
            })
        })
    }
}

/// Where a rule files its findings.
pub struct Report {
    rule: &'static str,
    level: Level,
    findings: Vec<Diagnostic>,
}

impl Report {
    /// An empty report of a rule.
    pub fn new(rule: &Rule) -> Self {
        Self {
            rule: rule.id,
            level: rule.level,
            findings: Vec::new(),
        }
    }

    /// Files a finding; labels, notes and fixes can be added to what comes back.
    pub fn at(&mut self, site: Site, message: impl Into<String>) -> &mut Diagnostic {
        let mut finding = Diagnostic::new(self.rule, self.level, site.span, message);
        finding.frame = Some(site.frame);
        self.findings.push(finding);
        let last = self.findings.len() - 1;
        &mut self.findings[last]
    }

    /// The findings.
    pub fn into_findings(self) -> Vec<Diagnostic> {
        self.findings
    }
}
