//! `WSGIDaemonProcess NAME [OPTION=VALUE]…`.

use super::options::{self, NameValue};
use crate::argument::number::atoi;
use crate::argument::words::Words;
use crate::argument::{Located, Refusal, Surroundings, account};

pub use names::DaemonOptionName;

mod names;
pub(super) mod value;

const INVALID_OPTION: &str = "Invalid option to WSGI daemon process definition.";

/// One option of a daemon process group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DaemonOption {
    /// Which option it is; `None` where no mod_wsgi knows the name, whose letter case counts.
    pub key: Option<DaemonOptionName>,
    /// The text.
    pub text: NameValue,
}

/// A `WSGIDaemonProcess` directive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DaemonProcess {
    /// The group's name; empty where there is none.
    pub name: Located<String>,
    /// The options in their order, up to the first thing that is none.
    pub options: Vec<DaemonOption>,
    /// The first thing that is no option; httpd reads no further.
    pub stray: Option<Located<String>>,
}

/// What a daemon process group is configured to be, the last of repeated options counting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effective<'a> {
    /// The number of processes.
    pub processes: i32,
    /// Whether `processes` is written at all: this, and not the number, makes
    /// `wsgi.multiprocess` true.
    pub is_multiprocess: bool,
    /// The number of threads of each process; with 0 the group never answers.
    pub threads: i32,
    /// `user`.
    pub user: Option<&'a Located<String>>,
    /// `group`.
    pub group: Option<&'a Located<String>>,
    /// `home`.
    pub home: Option<&'a Located<String>>,
    /// `chroot`.
    pub chroot: Option<&'a Located<String>>,
    /// `python-home`.
    pub python_home: Option<&'a Located<String>>,
    /// `python-path`.
    pub python_path: Option<&'a Located<String>>,
    /// `python-eggs`.
    pub python_eggs: Option<&'a Located<String>>,
    /// `display-name`.
    pub display_name: Option<&'a Located<String>>,
    /// `lang`.
    pub lang: Option<&'a Located<String>>,
    /// `locale`.
    pub locale: Option<&'a Located<String>>,
}

impl DaemonProcess {
    /// Reads the argument text of `WSGIDaemonProcess`.
    pub fn parse(text: &str) -> Self {
        let mut words = Words::new(text);
        let name = words.take();
        let options = options::parse(text, words.offset());
        Self {
            name,
            options: options
                .list
                .into_iter()
                .map(|text| DaemonOption {
                    key: DaemonOptionName::of(&text.name.value),
                    text,
                })
                .collect(),
            stray: options.stray,
        }
    }

    /// The value that counts for an option: the last one.
    pub fn value(&self, name: DaemonOptionName) -> Option<&Located<String>> {
        self.options
            .iter()
            .rfind(|it| it.key == Some(name))
            .map(|it| &it.text.value)
    }

    /// The number that counts for an option, as `atoi` reads it.
    pub fn number(&self, name: DaemonOptionName) -> Option<i32> {
        self.value(name).map(|it| atoi(&it.value))
    }

    /// What the group is configured to be.
    pub fn effective(&self) -> Effective<'_> {
        use DaemonOptionName as Name;
        Effective {
            processes: self.number(Name::Processes).unwrap_or(1),
            is_multiprocess: self.value(Name::Processes).is_some(),
            threads: self.number(Name::Threads).unwrap_or(15),
            user: self.value(Name::User),
            group: self.value(Name::Group),
            home: self.value(Name::Home),
            chroot: self.value(Name::Chroot),
            python_home: self.value(Name::PythonHome),
            python_path: self.value(Name::PythonPath),
            python_eggs: self.value(Name::PythonEggs),
            display_name: self.value(Name::DisplayName),
            lang: self.value(Name::Lang),
            locale: self.value(Name::Locale),
        }
    }

    /// What mod_wsgi refuses, the message that httpd prints first.
    pub fn refusals(&self, surroundings: &dyn Surroundings) -> Vec<Refusal> {
        if self.name.value.is_empty() {
            let message = "Name of WSGI daemon process not supplied.";
            return vec![Refusal::new(self.name.range.clone(), message)];
        }
        let mut refusals: Vec<Refusal> = self
            .options
            .iter()
            .filter_map(|it| refused_option(it, surroundings))
            .collect();
        let stray = self.stray.as_ref();
        refusals.extend(stray.map(|it| Refusal::new(it.range.clone(), INVALID_OPTION)));
        refusals.extend(self.refused_scripts());
        refusals.extend(self.refused_supplementary_groups(surroundings));
        if surroundings.daemon_is_declared(&self.name.value) == Some(true) {
            let message = "Name duplicates previous WSGI daemon definition.";
            refusals.push(Refusal::new(self.name.range.clone(), message));
        }
        refusals
    }

    fn refused_scripts(&self) -> Option<Refusal> {
        self.value(DaemonOptionName::ScriptUser)?;
        let group = self
            .options
            .iter()
            .find(|it| it.key == Some(DaemonOptionName::ScriptGroup))?;
        let message = "Only one of script-user and script-group allowed.";
        Some(Refusal::new(group.text.name.range.clone(), message))
    }

    // Several commas are one (ap_getword), but the list ends at an empty name: at its first comma,
    // where it begins with one.
    fn refused_supplementary_groups(&self, surroundings: &dyn Surroundings) -> Option<Refusal> {
        let list = self.value(DaemonOptionName::SupplementaryGroups)?;
        if list.value.starts_with(',') {
            return None;
        }
        list.value
            .split(',')
            .filter(|it| !it.is_empty())
            .map(|it| Located::new(it.to_owned(), list.range.clone()))
            .find_map(|it| account::group(&it, surroundings).err())
    }
}

fn refused_option(option: &DaemonOption, surroundings: &dyn Surroundings) -> Option<Refusal> {
    let version = surroundings.mod_wsgi_version();
    match option.key {
        Some(key) if version.is_none_or(|it| key.is_in(it)) => {
            key.form().value.refusal(&option.text.value, surroundings)
        }
        _ => Some(Refusal::new(option.text.name.range.clone(), INVALID_OPTION)),
    }
}

#[cfg(test)]
mod tests {
    use super::DaemonProcess;
    use crate::argument::{NothingKnown, Surroundings};

    struct OrdinaryUser;

    impl Surroundings for OrdinaryUser {
        fn started_as_root(&self) -> Option<bool> {
            Some(false)
        }
    }

    #[test]
    fn only_root_may_change_the_root_directory() {
        for text in ["shop chroot=/srv", "shop chroot=", "shop chroot=relative"] {
            let refusals = DaemonProcess::parse(text).refusals(&OrdinaryUser);
            let message = "Cannot chroot WSGI daemon process when not root.";
            assert_eq!(refusals[0].message, message, "{text}");
        }
    }

    #[test]
    fn an_empty_value_swallows_the_option_that_follows() {
        let daemon = DaemonProcess::parse("shop display-name= processes=2 threads=4x");
        let effective = daemon.effective();
        assert!(!effective.is_multiprocess);
        assert_eq!(effective.threads, 4);
        let name = effective.display_name.map(|it| it.value.as_str());
        assert_eq!(name, Some("processes=2"));
        assert!(daemon.options[0].text.swallows_next_word());
        assert!(!daemon.options[1].text.swallows_next_word());
    }

    #[test]
    fn one_process_that_is_written_out_is_multiprocess() {
        let daemon = DaemonProcess::parse("shop processes=1 processes=3");
        assert!(daemon.effective().is_multiprocess);
        assert_eq!(daemon.effective().processes, 3);
        let daemon = DaemonProcess::parse("shop");
        assert!(!daemon.effective().is_multiprocess);
        assert_eq!(daemon.effective().threads, 15);
    }

    #[test]
    fn an_option_of_any_version_may_be_one_of_an_unknown_version() {
        let text = "shop interrupt-timeout=5 newrelic-environment=x user=nobody-knows";
        assert_eq!(DaemonProcess::parse(text).refusals(&NothingKnown), []);
    }
}
