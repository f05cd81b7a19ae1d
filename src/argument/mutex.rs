//! `Mutex MECHANISM[:DIRECTORY] [TYPE]… [OmitPID]`.

use pest::Parser;

use super::words::Words;
use super::{Located, Refusal, Surroundings};
use crate::world::Kind;

grammar!(MutexParser, "grammar/mutex.pest");

use grammar::{MutexParser, Rule};

/// The names of the mechanisms that some build of httpd has, beside the four that all have.
pub const MECHANISMS: &[&str] = &[
    "flock", "fcntl", "file", "pthread", "sysvsem", "posixsem", "sem",
];

/// How httpd can keep processes apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mechanism {
    /// APR's own choice, made when it was compiled.
    Default,
    /// A file and `flock`.
    Flock,
    /// A file and `fcntl`.
    Fcntl,
    /// A mutex of POSIX threads in shared memory.
    Pthread,
    /// A semaphore of System V.
    Sysvsem,
    /// A POSIX semaphore.
    Posixsem,
}

impl Mechanism {
    const ALL: [Mechanism; 6] = [
        Mechanism::Default,
        Mechanism::Flock,
        Mechanism::Fcntl,
        Mechanism::Pthread,
        Mechanism::Sysvsem,
        Mechanism::Posixsem,
    ];

    /// Its name in the lists that httpd prints.
    pub fn name(self) -> &'static str {
        match self {
            Mechanism::Default => "default",
            Mechanism::Flock => "flock",
            Mechanism::Fcntl => "fcntl",
            Mechanism::Pthread => "pthread",
            Mechanism::Sysvsem => "sysvsem",
            Mechanism::Posixsem => "posixsem",
        }
    }

    /// The one of a name, in whatever letter case.
    pub fn named(name: &str) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        all.find(|it| it.name().eq_ignore_ascii_case(name))
    }

    /// Whether it needs a file; of the default that is not known.
    pub fn needs_file(self) -> Option<bool> {
        match self {
            Mechanism::Default => None,
            Mechanism::Flock | Mechanism::Fcntl => Some(true),
            Mechanism::Pthread | Mechanism::Sysvsem | Mechanism::Posixsem => Some(false),
        }
    }
}

/// A `Mutex` directive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mutex {
    /// The first word as it stands, directory included; empty where there is none.
    pub argument: Located<String>,
    /// The mechanism as written; httpd ignores its letter case.
    pub mechanism: Located<String>,
    /// The directory for lock files; an empty one is none.
    pub directory: Option<Located<String>>,
    /// The types as written, in the order of the text; none means `default`.
    pub types: Vec<Located<String>>,
    /// Whether `OmitPID` stands anywhere among the types.
    pub omit_pid: bool,
}

impl Mutex {
    /// Reads the argument text of `Mutex`.
    pub fn parse(text: &str) -> Self {
        let mut words = Words::new(text);
        let argument = words.take();
        let (mechanism, directory) = split_directory(text, &argument);
        let (mut types, mut omit_pid) = (Vec::new(), false);
        while !words.is_at_end() {
            let word = words.take();
            if word.value.eq_ignore_ascii_case("omitpid") {
                omit_pid = true;
            } else {
                types.push(word);
            }
        }
        Self {
            argument,
            mechanism,
            directory,
            types,
            omit_pid,
        }
    }

    /// Whether it asks for no mutex at all.
    pub fn is_none(&self) -> bool {
        is_any_of(&self.mechanism.value, &["none", "no"])
    }

    /// Whether it asks for APR's own choice.
    pub fn is_default(&self) -> bool {
        is_any_of(&self.mechanism.value, &["default", "yes"])
    }

    /// What the word for the mechanism stands for (`ap_parse_mutex`). Two of them depend on what
    /// the server has, as its list of mechanisms says.
    pub fn mechanism(&self, available: Option<&[String]>) -> Option<Mechanism> {
        if self.is_default() {
            return Some(Mechanism::Default);
        }
        let has = |name| available.map(|it| it.iter().any(|it| it == name));
        match self.mechanism.value.to_ascii_lowercase().as_str() {
            "file" if has("fcntl")? => Some(Mechanism::Fcntl),
            "file" => Some(Mechanism::Flock),
            "sem" if has("posixsem")? => Some(Mechanism::Posixsem),
            "sem" => Some(Mechanism::Sysvsem),
            name => Mechanism::named(name),
        }
    }

    /// What httpd refuses, the message that it prints first.
    pub fn refusals(&self, surroundings: &dyn Surroundings) -> Vec<Refusal> {
        let mut refusals = Vec::new();
        refusals.extend(self.refused_mechanism(surroundings));
        // httpd takes the types from the end of the list.
        for kind in self.types.iter().rev() {
            refusals.extend(self.refused_type(kind, surroundings));
        }
        if self.types.is_empty() && self.is_none() {
            refusals.push(none_refused("default", self.argument.range.clone()));
        }
        refusals
    }

    fn refused_mechanism(&self, surroundings: &dyn Surroundings) -> Option<Refusal> {
        let available = surroundings.mutex_mechanisms();
        let list = available.map_or_else(String::new, |it| format!(" ({})", list(it)));
        let word = &self.argument;
        if word.value.is_empty() {
            let message = format!("Mutex requires at least a mechanism argument{list}");
            return Some(Refusal::new(word.range.clone(), message));
        }
        if self.is_none() {
            return None;
        }
        if !self.is_default() && !self.is_available(available) {
            let message = format!("Invalid Mutex argument {}{list}", word.value);
            return Some(Refusal::new(self.mechanism.range.clone(), message));
        }
        let directory = self.directory.as_ref()?;
        if self.may_be_posix(available) && !directory.value.starts_with('/') {
            return None;
        }
        match surroundings.kind(&directory.value) {
            Kind::Directory | Kind::Unknown => None,
            Kind::File | Kind::Other | Kind::Missing | Kind::NotADirectory | Kind::Denied => {
                let message = format!("Invalid Mutex directory in argument {}", word.value);
                Some(Refusal::new(directory.range.clone(), message))
            }
        }
    }

    fn is_available(&self, available: Option<&[String]>) -> bool {
        let name = &self.mechanism.value;
        match available {
            Some(available) => available.iter().any(|it| it.eq_ignore_ascii_case(name)),
            None => is_any_of(name, MECHANISMS),
        }
    }

    // httpd does not take the path of a POSIX semaphore below `ServerRoot`: a relative one begins
    // where httpd was started. `sem` is a POSIX semaphore where there are any.
    fn may_be_posix(&self, available: Option<&[String]>) -> bool {
        let has_posix = available.is_none_or(|it| it.iter().any(|it| it == "posixsem"));
        let name = &self.mechanism.value;
        name.eq_ignore_ascii_case("posixsem") || (name.eq_ignore_ascii_case("sem") && has_posix)
    }

    fn refused_type(
        &self,
        kind: &Located<String>,
        surroundings: &dyn Surroundings,
    ) -> Option<Refusal> {
        let is_registered = match surroundings.mutex_types() {
            Some(registered) => Some(registered.contains(&kind.value)),
            None if kind.value == "default" => Some(true),
            None if kind.value.is_empty() => Some(false),
            None => None,
        };
        match is_registered {
            Some(false) => {
                let message = format!("Mutex type {} is not valid", kind.value);
                Some(Refusal::new(kind.range.clone(), message))
            }
            // No module of httpd registers a type that may go without a mutex.
            Some(true) if self.is_none() => Some(none_refused(&kind.value, kind.range.clone())),
            _ => None,
        }
    }
}

fn none_refused(kind: &str, range: std::ops::Range<usize>) -> Refusal {
    Refusal::new(range, format!("None is not allowed for mutex type {kind}"))
}

// The ranges are those of the whole word where quotes or escapes keep its bytes from being the
// value's bytes.
fn split_directory(
    text: &str,
    argument: &Located<String>,
) -> (Located<String>, Option<Located<String>>) {
    let is_plain = text[argument.range.clone()] == argument.value;
    let located = |part: &pest::iterators::Pair<'_, Rule>| {
        let start = argument.range.start + part.as_span().start();
        let range = start..start + part.as_str().len();
        Located::new(
            part.as_str().to_owned(),
            if is_plain {
                range
            } else {
                argument.range.clone()
            },
        )
    };
    let (mut mechanism, mut directory) = (argument.clone(), None);
    let pairs = MutexParser::parse(Rule::argument, &argument.value);
    for part in pairs.into_iter().flatten().flat_map(|it| it.into_inner()) {
        match part.as_rule() {
            Rule::mechanism => mechanism = located(&part),
            Rule::directory if !part.as_str().is_empty() => directory = Some(located(&part)),
            _ => {}
        }
    }
    (mechanism, directory)
}

fn is_any_of(name: &str, names: &[&str]) -> bool {
    names.iter().any(|it| it.eq_ignore_ascii_case(name))
}

/// httpd's own list of what `Mutex` takes, from the names of the mechanisms.
fn list(available: &[String]) -> String {
    let shown = available.iter().map(|it| match it.as_str() {
        "flock" | "fcntl" | "file" => format!("'{it}:/path/to/file'"),
        _ => format!("'{it}'"),
    });
    format!(
        "Mutex mechanisms are: {}",
        shown.collect::<Vec<_>>().join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::Mutex;
    use crate::argument::{NothingKnown, Surroundings};
    use crate::world::Kind;

    struct Empty;

    impl Surroundings for Empty {
        fn kind(&self, _: &str) -> Kind {
            Kind::Missing
        }
    }

    #[test]
    fn what_depends_on_an_unknown_server_is_not_refused() {
        for text in ["sysvsem ssl-cache", "file:/srv/locks", "flock mpm-accept"] {
            assert_eq!(Mutex::parse(text).refusals(&NothingKnown), [], "{text}");
        }
        let messages: Vec<_> = ["futex", "none default", "none"]
            .iter()
            .flat_map(|it| Mutex::parse(it).refusals(&NothingKnown))
            .map(|it| it.message)
            .collect();
        assert_eq!(
            messages,
            [
                "Invalid Mutex argument futex",
                "None is not allowed for mutex type default",
                "None is not allowed for mutex type default",
            ]
        );
    }

    #[test]
    fn a_relative_path_of_a_posix_semaphore_begins_nobody_knows_where() {
        assert_eq!(Mutex::parse("posixsem:locks").refusals(&Empty), []);
        assert_eq!(Mutex::parse("sysvsem:locks").refusals(&Empty).len(), 1);
        assert_eq!(Mutex::parse("posixsem:/locks").refusals(&Empty).len(), 1);
    }
}
