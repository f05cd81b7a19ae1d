//! How many processes and threads there may be, and what the MPM makes of the numbers.

use super::{Mention, Model, Thing};
use crate::argument::number::atoi;
use crate::evaluate::{Config, PlacedId};

/// A multi-processing module, as far as its limits go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mpm {
    /// Processes of one thread.
    Prefork,
    /// Processes of threads.
    Worker,
    /// Processes of threads, with a thread that listens.
    Event,
}

impl Mpm {
    /// The MPM with a source file.
    pub fn of(source: &str) -> Option<Self> {
        Some(match source {
            "prefork.c" => Mpm::Prefork,
            "worker.c" => Mpm::Worker,
            "event.c" => Mpm::Event,
            _ => return None,
        })
    }

    // The compile-time limits of ServerLimit and ThreadLimit.
    fn bounds(self) -> (i32, i32) {
        match self {
            Mpm::Prefork => (200_000, 1),
            Mpm::Worker => (20_000, 20_000),
            Mpm::Event => (20_000, 100_000),
        }
    }
}

/// A number that the MPM does not take as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adjustment {
    /// The directive whose number it is.
    pub name: &'static str,
    /// The directive that is to blame: this one, or where it is not written, one that made its
    /// default impossible.
    pub place: PlacedId,
    /// The number that was asked for.
    pub from: i32,
    /// The number that it becomes.
    pub to: i32,
    /// Why, in a sentence.
    pub reason: String,
}

#[derive(Debug, Clone, Copy)]
struct Setting {
    name: &'static str,
    value: i32,
    place: Option<PlacedId>,
}

impl Setting {
    fn read(config: &Config, model: &Model, name: &'static str, default: i32) -> Self {
        let mentions = model.mentions(Thing::ProcessNumber, "").iter();
        let named = mentions.filter(|it| is_named(config, it, name));
        let last = named.reduce(|last, it| {
            let is_later = config.reads_before(last.place, it.place);
            if is_later { it } else { last }
        });
        let value = last.map_or(default, |it| number(config, it.place));
        Self {
            name,
            value,
            place: last.map(|it| it.place),
        }
    }
}

// `MaxClients` is an old name.
fn is_named(config: &Config, mention: &Mention, name: &str) -> bool {
    let line = config.placed(mention.place).line();
    let written = line.name();
    let is = |it: &str| written.eq_ignore_ascii_case(it);
    is(name) || (name == "MaxRequestWorkers" && is("MaxClients"))
}

fn number(config: &Config, place: PlacedId) -> i32 {
    let line = config.placed(place).line();
    let words = line.words();
    words.first().map_or(0, |it| atoi(&it.text))
}

/// The most that an MPM starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Processes.
    pub processes: i32,
    /// Threads in each; 1 where the MPM has none.
    pub threads: i32,
}

/// What the MPM adjusts when everything is read (`check_config`), in its order.
pub fn adjustments(config: &Config, model: &Model, mpm: Mpm) -> Vec<Adjustment> {
    checked(config, model, mpm).map_or_else(Vec::new, |it| it.0)
}

/// The most that the MPM starts; `None` where a number may count or not.
pub fn limits(config: &Config, model: &Model, mpm: Mpm) -> Option<Limits> {
    Some(checked(config, model, mpm)?.1)
}

fn checked(config: &Config, model: &Model, mpm: Mpm) -> Option<(Vec<Adjustment>, Limits)> {
    let mentions = model.mentions(Thing::ProcessNumber, "");
    // A number that may count or not leaves all of them open.
    if mentions.iter().any(|it| !it.certain) {
        return None;
    }
    let read = |name, default| Setting::read(config, model, name, default);
    let mut checks = Checks::default();
    let (most_servers, most_threads) = mpm.bounds();
    if mpm == Mpm::Prefork {
        let mut servers = read("ServerLimit", 256);
        checks.bound(&mut servers, most_servers);
        let mut workers = read("MaxRequestWorkers", 256);
        if workers.value > servers.value {
            let reason = format!("`ServerLimit` is {}", servers.value);
            checks.set(&mut workers, servers.value, &[servers], reason);
        }
        checks.at_least_one(&mut workers);
        checks.at_least_one(&mut read("StartServers", 5));
        checks.at_least_one(&mut read("MinSpareServers", 5));
        let limits = Limits {
            processes: workers.value,
            threads: 1,
        };
        return Some((checks.found, limits));
    }
    let mut servers = read("ServerLimit", 16);
    checks.bound(&mut servers, most_servers);
    let mut limit = read("ThreadLimit", 64);
    checks.bound(&mut limit, most_threads);
    let mut threads = read("ThreadsPerChild", 25);
    if threads.value > limit.value {
        let reason = format!("`ThreadLimit` is {}", limit.value);
        checks.set(&mut threads, limit.value, &[limit], reason);
    }
    checks.at_least_one(&mut threads);
    let mut workers = read("MaxRequestWorkers", 400);
    let others = [threads, servers, limit];
    let per_child = threads.value;
    if workers.value < per_child {
        let reason = format!("`ThreadsPerChild` is {per_child}");
        checks.set(&mut workers, per_child, &others, reason);
    }
    if workers.value % per_child != 0 {
        let nearest = workers.value / per_child * per_child;
        let reason = format!("it must be a multiple of `ThreadsPerChild`, which is {per_child}");
        checks.set(&mut workers, nearest, &others, reason);
    }
    if workers.value / per_child > servers.value {
        let reason = format!(
            "`ServerLimit` is {}, with {per_child} threads each",
            servers.value
        );
        let others = [servers, threads, limit];
        checks.set(&mut workers, servers.value * per_child, &others, reason);
    }
    checks.at_least_one(&mut read("StartServers", 3));
    checks.at_least_one(&mut read("MinSpareThreads", 75));
    let limits = Limits {
        processes: workers.value / per_child,
        threads: per_child,
    };
    Some((checks.found, limits))
}

#[derive(Default)]
struct Checks {
    found: Vec<Adjustment>,
}

impl Checks {
    fn bound(&mut self, setting: &mut Setting, most: i32) {
        if setting.value > most {
            let reason = "httpd was compiled for no more".to_owned();
            self.set(setting, most, &[], reason);
        }
        self.at_least_one(setting);
    }

    fn at_least_one(&mut self, setting: &mut Setting) {
        if setting.value < 1 {
            self.set(setting, 1, &[], "less is not allowed".to_owned());
        }
    }

    fn set(&mut self, setting: &mut Setting, to: i32, others: &[Setting], reason: String) {
        let mut places = std::iter::once(&*setting).chain(others);
        if let Some(place) = places.find_map(|it| it.place) {
            self.found.push(Adjustment {
                name: setting.name,
                place,
                from: setting.value,
                to,
                reason,
            });
        }
        setting.value = to;
    }
}
