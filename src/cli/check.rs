//! `httpd-lint check`.

use std::process::ExitCode;
use std::time::Instant;

use super::baseline::KnownFindings;
use super::htaccess::{self, Exclusions, Found};
use super::output::Outputs;
use super::progress::Progress;
use super::settings::Project;
use super::setup::Setup;
use super::{CheckArguments, Failure, changed, fix, show};
use crate::diagnostic::{Diagnostic, Level};
use crate::evaluate::Inputs;
use crate::lint::{Fleet, Options, Outcome, Session, Show};
use crate::render::Supplement;
use crate::world::{ReadError, World};

/// What is linted, and how.
pub(super) struct Task {
    arguments: CheckArguments,
    pub(super) project: Project,
    pub(super) known: Option<KnownFindings>,
    options: Options,
    exclusions: Exclusions,
    /// `.htaccess` files without a server.
    alone: Found,
    pub(super) setup: Setup,
    outputs: Outputs,
}

impl Task {
    pub(super) fn new(given: &CheckArguments) -> Result<Self, Failure> {
        let project = Project::find(&given.server)?;
        let arguments = project.check(given)?;
        let options = Options::new(&arguments.select, &arguments.ignore).map_err(Failure)?;
        let options = options.without(&project.settings.levels);
        let exclusions = Exclusions::new(&arguments.exclude)?;
        let alone = Found::without_server(&arguments.server.path, &exclusions)?;
        let setup = match alone.files.first() {
            Some(first) => Setup::below(&arguments.server, first)?,
            None => Setup::new(&arguments.server)?,
        };
        Ok(Self {
            known: KnownFindings::read(&arguments)?,
            project,
            options: match arguments.no_allow {
                true => options.without_allowances(),
                false => options,
            },
            exclusions,
            alone,
            setup,
            outputs: Outputs::new(&arguments)?,
            arguments,
        })
    }

    /// Lints the files of a world; returns what is to be said beside the findings, too.
    pub(super) fn lint<'w>(
        &'w self,
        world: &'w dyn World,
    ) -> Result<(Session<'w>, Vec<String>), Failure> {
        let inputs = Inputs {
            world,
            ..self.setup.inputs()
        };
        let mut session = Session::new(inputs, &self.options).map_err(|it| self.unreadable(&it))?;
        let others = self.alone.files.iter().skip(1);
        let mut remarks = Vec::new();
        for path in others.chain(&self.arguments.htaccess) {
            let more = htaccess::add(&mut session, &self.setup, path, &self.exclusions)?;
            remarks.extend(more);
        }
        Ok((session, remarks))
    }

    /// What of an outcome is shown, and how many known findings are gone.
    pub(super) fn shape(&self, mut outcome: Outcome) -> (Outcome, usize) {
        let local = |it: &str| self.setup.local(it);
        self.project.level(&mut outcome, &self.options, &local);
        let known = self.known.as_ref();
        let gone = known.map_or(0, |it| it.take_out(&mut outcome, &self.setup));
        (outcome, gone)
    }

    /// The level of a finding in a file of a name below the settings; `None` where it is not shown.
    pub(super) fn level_of(&self, finding: &Diagnostic, name: Option<&str>) -> Option<Level> {
        self.project.level_of(finding, &self.options, name)
    }

    fn check(&self) -> Result<(Outcome, Vec<Supplement>), Failure> {
        let (mut session, remarks) = self.lint(self.setup.inputs().world)?;
        for remark in &remarks {
            super::say(remark)?;
        }
        let outcome = self.on_all_hosts(&mut session)?;
        let supplements = match self.outputs.have_supplements() && self.setup.hosts.is_empty() {
            true => show::supplements(&mut session, &|it| self.setup.display(it))?,
            false => Vec::new(),
        };
        // What was read is not needed any more, and giving it back piece by piece takes time.
        std::mem::forget(session);
        let (mut outcome, gone) = self.shape(outcome);
        if let Some(base) = &self.arguments.changed {
            let lint = |world: &dyn World| {
                let (session, _) = self.lint(world)?;
                Ok(self.shape(session.outcome()).0)
            };
            let kept = changed::keep(base, &self.setup, &mut outcome, &lint)?;
            kept.remark(base, self.arguments.quiet)?;
        }
        if let Some(known) = &self.known {
            known.remark(gone)?;
            known.write(&mut outcome, &self.setup)?;
        }
        Ok((outcome, supplements))
    }

    // What is found on all servers, each once.
    fn on_all_hosts<'w>(&'w self, session: &mut Session<'w>) -> Result<Outcome, Failure> {
        let setup = &self.setup;
        if setup.hosts.is_empty() {
            return Ok(session.outcome());
        }
        let mut fleet = Fleet::new(setup.hosts.clone());
        let mut progress = Progress::new(setup.hosts.len());
        self.on_each_server(session, setup.inputs().world, &mut |session, hosts| {
            fleet.add(session.outcome(), hosts);
            progress.add(hosts.len());
        })?;
        Ok(fleet.outcome())
    }

    // Shows the session, which is at the first server, on each of them.
    fn on_each_server<'w>(
        &'w self,
        session: &mut Session<'w>,
        world: &'w dyn World,
        show: &mut Show<'_>,
    ) -> Result<(), Failure> {
        for (server, (inputs, hosts)) in self.setup.all_inputs().enumerate() {
            if server > 0 {
                let inputs = Inputs { world, ..inputs };
                session.move_to(inputs).map_err(|it| self.unreadable(&it))?;
            }
            show(session, hosts);
        }
        Ok(())
    }

    fn unreadable(&self, error: &ReadError) -> Failure {
        let path = self.arguments.server.path.display();
        Failure(format!("{path}: {}", error.text().to_lowercase()))
    }
}

pub(super) fn run(arguments: &CheckArguments) -> Result<ExitCode, Failure> {
    let begun = Instant::now();
    let task = Task::new(arguments)?;
    let arguments = &task.arguments;
    let asides = task.setup.asides().filter(|_| arguments.verbose);
    let gaps = task.setup.gaps.iter().chain(asides);
    for gap in gaps.chain(&task.alone.problems) {
        super::say(gap)?;
    }
    let (mut outcome, supplements) = match arguments.fixes() {
        Some(promise) => {
            let lint = |world: &dyn World, show: &mut Show<'_>| {
                let mut session = task.lint(world)?.0;
                task.on_each_server(&mut session, world, show)
            };
            let outcome = fix::run(arguments, &task.setup, promise, &lint, &|it| {
                task.shape(it).0
            })?;
            (outcome, Vec::new())
        }
        None => task.check()?,
    };
    let elapsed = format!("{} ms", begun.elapsed().as_millis());
    let code = arguments.fail_on.exit_code(&outcome);
    if !arguments.diff {
        if let Some(most) = arguments.max_findings {
            outcome.limit(most);
        }
        let outputs = &task.outputs;
        outputs.write(&outcome, &task.setup, arguments, &elapsed, &supplements)?;
    }
    std::mem::forget((outcome, task));
    Ok(code)
}
