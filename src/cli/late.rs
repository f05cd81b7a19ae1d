//! Parts of the command line that are described only when they are used.

use std::cell::Cell;
use std::ops::Deref;

use clap::builder::Resettable;
use clap::{ArgMatches, Args, Command, Error, FromArgMatches, Subcommand};

/// The arguments of a command. clap would otherwise describe those of all commands before it looks
/// at the first word, which takes as long as checking a site.
#[derive(Debug, Clone)]
pub(super) struct Late<T>(T);

thread_local! {
    static IS_LATE: Cell<bool> = const { Cell::new(true) };
}

/// Makes a command whose parts are all described: what writes about commands, and does not run
/// them, reads them before clap describes what was put off.
pub(super) fn at_once(make: impl FnOnce() -> Command) -> Command {
    let before = IS_LATE.replace(false);
    let command = make();
    IS_LATE.set(before);
    command
}

fn later(command: Command, describe: fn(Command) -> Command) -> Command {
    match IS_LATE.get() {
        true => command.defer(describe),
        false => describe(command),
    }
}

// What describes a group of arguments does not describe the command that takes it.
fn described(command: Command, describe: fn(Command) -> Command) -> Command {
    let (about, long_about) = (command.get_about(), command.get_long_about());
    let (about, long_about) = (about.cloned(), long_about.cloned());
    let command = describe(command);
    let command = command.about(Resettable::from(about));
    command.long_about(Resettable::from(long_about))
}

impl<T> Deref for Late<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: FromArgMatches> FromArgMatches for Late<T> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        T::from_arg_matches(matches).map(Self)
    }

    fn from_arg_matches_mut(matches: &mut ArgMatches) -> Result<Self, Error> {
        T::from_arg_matches_mut(matches).map(Self)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        self.0.update_from_arg_matches(matches)
    }

    fn update_from_arg_matches_mut(&mut self, matches: &mut ArgMatches) -> Result<(), Error> {
        self.0.update_from_arg_matches_mut(matches)
    }
}

impl<T: Args> Args for Late<T> {
    fn augment_args(command: Command) -> Command {
        later(command, |it| described(it, T::augment_args))
    }

    fn augment_args_for_update(command: Command) -> Command {
        later(command, |it| described(it, T::augment_args_for_update))
    }
}

impl<T: Subcommand> Subcommand for Late<T> {
    fn augment_subcommands(command: Command) -> Command {
        later(command, |it| described(it, T::augment_subcommands))
    }

    fn augment_subcommands_for_update(command: Command) -> Command {
        later(command, |it| {
            described(it, T::augment_subcommands_for_update)
        })
    }

    fn has_subcommand(name: &str) -> bool {
        T::has_subcommand(name)
    }
}
