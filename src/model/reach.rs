//! For which requests a line may count, and who is let in by one.

use rustc_hash::{FxHashMap, FxHashSet};

use super::layers::first_word;
use super::scope::{About, components};
use super::servers::{AddressSet, Host, Port, ServerId};
use super::survey::Survey;
use crate::argument::listen::Listen;
use crate::evaluate::{Placed, PlacedId, fnmatch};

/// Where a line counts, as far as it is plain. What is unknown may be anywhere.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Reach {
    server: ServerId,
    directory: Option<String>,
    location: Option<String>,
}

impl Reach {
    fn of(survey: &Survey<'_>, line: &Placed<'_>) -> Self {
        let mut reach = Self {
            server: survey.server_of(line),
            directory: None,
            location: None,
        };
        let is_plain = |it: &String| !fnmatch::is_pattern(it);
        for section in line.sections() {
            match survey.about(&section) {
                About::Directory(path) => reach.directory = Some(path).filter(is_plain),
                About::Location(path) => reach.location = Some(path).filter(is_plain),
                _ => {}
            }
        }
        reach
    }

    fn may_meet(&self, other: &Self) -> bool {
        let of_one_server =
            self.server == other.server || [self.server, other.server].contains(&ServerId::MAIN);
        of_one_server
            && may_be_one(&self.directory, &other.directory)
            && may_be_one(&self.location, &other.location)
    }
}

/// Lines by where they count, so that a line is compared only with those of its own server and of the
/// main server.
#[derive(Debug, Clone, Default)]
pub struct Reaches<'a> {
    by_server: FxHashMap<ServerId, Vec<(Reach, Placed<'a>)>>,
    sections: FxHashSet<PlacedId>,
}

impl<'a> Reaches<'a> {
    /// Those of some lines.
    pub fn of(survey: &Survey<'a>, lines: impl IntoIterator<Item = Placed<'a>>) -> Self {
        let mut reaches = Self::default();
        for line in lines {
            reaches.add(survey, line);
        }
        reaches
    }

    /// Adds a line.
    pub fn add(&mut self, survey: &Survey<'a>, line: Placed<'a>) {
        let reach = Reach::of(survey, &line);
        self.sections.extend(line.parent().map(|it| it.id));
        let of_server = self.by_server.entry(reach.server).or_default();
        of_server.push((reach, line));
    }

    /// The lines for which there may be a request for which another line counts, too.
    pub fn meeting(
        &self,
        survey: &Survey<'_>,
        line: &Placed<'_>,
    ) -> impl Iterator<Item = Placed<'a>> {
        let reach = Reach::of(survey, line);
        let is_main = reach.server == ServerId::MAIN;
        let servers: Vec<ServerId> = match is_main {
            true => self.by_server.keys().copied().collect(),
            false => vec![ServerId::MAIN, reach.server],
        };
        let lines = servers.into_iter().filter_map(|it| self.by_server.get(&it));
        let lines = lines.flatten();
        lines.filter_map(move |(other, line)| other.may_meet(&reach).then_some(*line))
    }

    /// Whether there is one.
    pub fn may_meet(&self, survey: &Survey<'_>, line: &Placed<'_>) -> bool {
        // Mostly they stand side by side.
        let is_beside = line
            .parent()
            .is_some_and(|it| self.sections.contains(&it.id));
        is_beside || self.meeting(survey, line).next().is_some()
    }
}

// Whether something may lie below both.
fn may_be_one(one: &Option<String>, other: &Option<String>) -> bool {
    let (Some(one), Some(other)) = (one, other) else {
        return true;
    };
    let mut pairs = components(one).into_iter().zip(components(other));
    pairs.all(|(one, other)| one == other)
}

/// Whether a `Require` lets everybody in.
pub fn grants_everybody(require: &Placed<'_>) -> bool {
    says(require, "all granted")
}

/// Whether a `Require` lets nobody in.
pub fn denies_everybody(require: &Placed<'_>) -> bool {
    says(require, "all denied")
}

/// Whether a directive says exactly these words, in whatever case; between them stands one blank.
pub fn says(placed: &Placed<'_>, words: &str) -> bool {
    let line = placed.line();
    let mut words = words.split(' ');
    let own = line.words();
    let is_next = |it: &str| {
        words
            .next()
            .is_some_and(|word| word.eq_ignore_ascii_case(it))
    };
    own.iter().map(|it| &*it.text).all(is_next) && words.next().is_none()
}

impl<'a> Survey<'a> {
    /// The lines of directives, certain or not, by where they count.
    pub fn reaches(&self, names: &[&str]) -> Reaches<'a> {
        Reaches::of(self, self.possible(names))
    }

    /// Whether a `.htaccess` file may say anything.
    pub fn may_be_overridden(&self) -> bool {
        let allows =
            |it: &Placed<'_>| !first_word(it).is_some_and(|it| it.eq_ignore_ascii_case("none"));
        let lines = self.possible(&["AllowOverride", "AllowOverrideList"]);
        lines.iter().any(allows)
    }

    /// Whether every connection is one for a virtual host: on each port that httpd listens on there is
    /// one for any address.
    pub fn virtual_hosts_take_everything(&self) -> bool {
        let servers = self.httpd.servers;
        let is_any = |it: &&AddressSet| {
            let mut members = it.members.iter();
            it.host == Host::Any && members.any(|it| servers.get(*it).certain)
        };
        let taken: Vec<Port> = servers
            .address_sets()
            .iter()
            .filter(is_any)
            .map(|it| it.port)
            .collect();
        let is_taken = |it: &Placed<'_>| {
            let port = Listen::parse(it.line().arguments()).map(|it| Port::Number(it.port));
            port.is_ok_and(|it| taken.contains(&it) || taken.contains(&Port::Any))
        };
        let listens = self.possible(&["Listen"]);
        !listens.is_empty() && listens.iter().all(is_taken)
    }

    /// The line by which a section lets everybody in: its only `Require`, at any depth.
    pub fn opening(&self, section: &Placed<'a>) -> Option<Placed<'a>> {
        let lines = self.everything_in(section);
        let requires = self.only(&lines, "Require");
        let [require] = requires.as_slice() else {
            return None;
        };
        (grants_everybody(require) && !require.node.uncertain).then_some(*require)
    }
}
