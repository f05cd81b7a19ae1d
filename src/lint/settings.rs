//! What a project settles once for all: the text of `httpd-lint.toml`.

use globset::{Glob, GlobSet, GlobSetBuilder};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::levels::{Levels, Profile};
use crate::evaluate::Standing;
use crate::httpd::most_similar;
use crate::rules;

/// The settings of a project. Paths are as written.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// What is linted if nothing else is named.
    pub main: Option<String>,
    /// `ServerRoot` before any directive sets it.
    pub server_root: Option<String>,
    /// Folders of the server, and where they lie here.
    pub map: Vec<(String, String)>,
    /// What is known of the server.
    pub facts: Vec<String>,
    /// Names that are defined.
    pub define: Vec<String>,
    /// The environment that httpd is started with.
    pub envvars: Option<String>,
    /// Descriptions of private modules.
    pub modules: Vec<String>,
    /// Where parts of a configuration stand.
    pub contexts: Contexts,
    /// `.htaccess` files and folders of them.
    pub htaccess: Vec<String>,
    /// What is left out of folders.
    pub exclude: Vec<String>,
    /// The file of findings that are known.
    pub baseline: Option<String>,
    /// How bad findings are.
    pub levels: Levels,
}

/// Where parts of a configuration stand, by their names.
#[derive(Debug, Clone, Default)]
pub struct Contexts {
    /// Those that nothing else is said of.
    all: Option<Standing>,
    of_files: Vec<(GlobSet, Standing)>,
}

impl Contexts {
    /// Where the file of a path below the settings stands.
    pub fn of(&self, path: &str) -> Option<Standing> {
        let mut of_files = self.of_files.iter().rev();
        let found = of_files.find(|it| it.0.is_match(path));
        found.map(|it| it.1).or(self.all)
    }
}

/// What stands behind a key.
#[derive(Debug, Clone, Copy)]
pub enum Form {
    /// A text, and where it belongs.
    Text(fn(&mut Settings) -> &mut Option<String>),
    /// A list of texts, or one, and where they belong.
    Texts(fn(&mut Settings) -> &mut Vec<String>),
    /// A table of texts.
    Pairs,
    /// The name of a [`Profile`].
    Profile,
    /// The name of a [`Standing`].
    Place,
    /// A table with a level for each rule or area.
    Rules,
    /// A list of tables with `files`, and with `rules`, `context` or both.
    Overrides,
}

/// A key of the settings.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    /// Its name.
    pub name: &'static str,
    /// What stands behind it.
    pub form: Form,
    /// What it says, as a sentence.
    pub help: &'static str,
    /// A value, as it may be written; of a table the lines.
    pub example: &'static str,
}

/// All keys, tables last.
pub const KEYS: &[Key] = &[
    Key {
        name: "main",
        form: Form::Text(|it| &mut it.main),
        help: "What is linted if no PATH is given: a main file or a ServerRoot directory.",
        example: "\"etc/apache2\"",
    },
    Key {
        name: "server-root",
        form: Form::Text(|it| &mut it.server_root),
        help: "The ServerRoot before any directive sets it.",
        example: "\"/etc/apache2\"",
    },
    Key {
        name: "facts",
        form: Form::Texts(|it| &mut it.facts),
        help: "What is known of the server: files, folders, or names of common builds.",
        example: "[\"debian-12\"]",
    },
    Key {
        name: "define",
        form: Form::Texts(|it| &mut it.define),
        help: "Names that are defined, as by `httpd -D`.",
        example: "[\"PRODUCTION\"]",
    },
    Key {
        name: "envvars",
        form: Form::Text(|it| &mut it.envvars),
        help: "The environment that httpd is started with.",
        example: "\"etc/apache2/envvars\"",
    },
    Key {
        name: "modules",
        form: Form::Texts(|it| &mut it.modules),
        help: "Descriptions of private modules.",
        example: "[\"mod_own.toml\"]",
    },
    Key {
        name: "context",
        form: Form::Place,
        help: "Where the linted file stands, if it is a part of a configuration; a comment at its top counts more.",
        example: "\"server\"",
    },
    Key {
        name: "htaccess",
        form: Form::Texts(|it| &mut it.htaccess),
        help: "`.htaccess` files to lint, and folders of them.",
        example: "[\"www\"]",
    },
    Key {
        name: "exclude",
        form: Form::Texts(|it| &mut it.exclude),
        help: "Files and folders to skip where a folder is searched.",
        example: "[\"vendor\", \"*.bak\"]",
    },
    Key {
        name: "baseline",
        form: Form::Text(|it| &mut it.baseline),
        help: "The file of findings that are known and not shown.",
        example: "\"httpd-lint-baseline.json\"",
    },
    Key {
        name: "profile",
        form: Form::Profile,
        help: "`refusals`: only what httpd refuses; `default`; with it what else matters to `security`, `migrate-2.2` or `performance`; `pedantic`: all rules, and advice counts as a warning.",
        example: "\"default\"",
    },
    Key {
        name: "map",
        form: Form::Pairs,
        help: "Folders of the server, and where they lie here.",
        example: "\"/srv/www\" = \"www\"",
    },
    Key {
        name: "rules",
        form: Form::Rules,
        help: "Levels of rules and of whole areas: `off`, `note`, `warning`. What httpd refuses stays an error.",
        example: "trailing-comment = \"note\"",
    },
    Key {
        name: "overrides",
        form: Form::Overrides,
        help: "Other levels for some files, and another context; of several the last one counts.",
        example: "files = [\"etc/apache2/snippets/**\"]\nrules = { lines = \"off\" }\ncontext = \"directory\"",
    },
];

/// What is wrong with settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The line, from 1.
    pub line: usize,
    /// One line that says what is wrong.
    pub message: String,
}

impl Settings {
    /// Reads the text of a settings file.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn parse(text: &str) -> Result<Self, Vec<Problem>> {
        let mut reader = Reader {
            text,
            problems: Vec::new(),
        };
        let table = match DeTable::parse(text) {
            Ok(table) => table.into_inner(),
            Err(error) => {
                let at = error.span().map_or(0, |it| it.start);
                let message = error.message().lines().next().unwrap_or_default();
                reader.say(at, message);
                return Err(reader.problems);
            }
        };
        let mut settings = Self::default();
        for (key, value) in &table {
            let name = key.get_ref();
            match KEYS.iter().find(|it| it.name == name.as_ref()) {
                Some(key) => reader.read(key, value, &mut settings),
                None => {
                    let names = KEYS.iter().map(|it| it.name);
                    reader.unknown("key", name, key.span().start, names);
                }
            }
        }
        match reader.problems.is_empty() {
            true => Ok(settings),
            false => Err(reader.problems),
        }
    }
}

type Value<'a> = Spanned<DeValue<'a>>;

struct Reader<'a> {
    text: &'a str,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn say(&mut self, at: usize, message: impl Into<String>) {
        let before = self.text.get(..at).unwrap_or(self.text);
        self.problems.push(Problem {
            line: before.matches('\n').count() + 1,
            message: message.into(),
        });
    }

    fn unknown<'n>(
        &mut self,
        what: &str,
        name: &str,
        at: usize,
        known: impl Iterator<Item = &'n str>,
    ) {
        let similar = most_similar(name, known);
        let similar = similar.map(|it| format!("; is it `{it}`?"));
        let similar = similar.unwrap_or_default();
        self.say(at, format!("there is no {what} `{name}`{similar}"));
    }

    fn read(&mut self, key: &Key, value: &Value<'_>, settings: &mut Settings) {
        match key.form {
            Form::Text(place) => *place(settings) = self.one(key.name, value),
            Form::Texts(place) => *place(settings) = self.list(key.name, value),
            Form::Pairs => settings.map = self.pairs(key.name, value),
            Form::Profile => {
                let Some(name) = self.one(key.name, value) else {
                    return;
                };
                match Profile::named(&name) {
                    Some(profile) => settings.levels.profile = profile,
                    None => self.unknown("profile", &name, value.span().start, Profile::names()),
                }
            }
            Form::Place => settings.contexts.all = self.place(key.name, value),
            Form::Rules => {
                for (name, level) in self.levels(key.name, value) {
                    settings.levels.set(&name, level);
                }
            }
            Form::Overrides => self.overrides(value, settings),
        }
    }

    fn one(&mut self, name: &str, value: &Value<'_>) -> Option<String> {
        let text = value.get_ref().as_str().map(str::to_owned);
        if text.is_none() {
            self.say(value.span().start, format!("`{name}` is a text"));
        }
        text
    }

    fn place(&mut self, name: &str, value: &Value<'_>) -> Option<Standing> {
        let place = self.one(name, value)?;
        let standing = Standing::named(&place);
        if standing.is_none() {
            self.unknown("context", &place, value.span().start, Standing::names());
        }
        standing
    }

    fn files(&mut self, name: &str, value: &Value<'_>) -> Option<GlobSet> {
        let mut globs = GlobSetBuilder::new();
        for pattern in self.list(name, value) {
            match Glob::new(pattern.trim_start_matches("./")) {
                Ok(glob) => {
                    globs.add(glob);
                }
                Err(_) => {
                    let message = format!("`{pattern}` is no pattern for files");
                    self.say(value.span().start, message);
                }
            }
        }
        globs.build().ok()
    }

    fn list(&mut self, name: &str, value: &Value<'_>) -> Vec<String> {
        match value.get_ref() {
            DeValue::Array(items) => {
                let items = items.iter().filter_map(|it| self.one(name, it));
                items.collect()
            }
            _ => self.one(name, value).into_iter().collect(),
        }
    }

    fn table<'v, 'd>(&mut self, name: &str, value: &'v Value<'d>) -> Option<&'v DeTable<'d>> {
        let table = value.get_ref().as_table();
        if table.is_none() {
            self.say(value.span().start, format!("`{name}` is a table"));
        }
        table
    }

    fn pairs(&mut self, name: &str, value: &Value<'_>) -> Vec<(String, String)> {
        let mut pairs = Vec::new();
        for (key, value) in self.table(name, value).into_iter().flatten() {
            let value = self.one(key.get_ref(), value);
            pairs.extend(value.map(|it| (key.get_ref().to_string(), it)));
        }
        pairs
    }

    // The levels of rules and areas that there are.
    fn levels(
        &mut self,
        name: &str,
        value: &Value<'_>,
    ) -> Vec<(String, Option<crate::diagnostic::Level>)> {
        let mut levels = Vec::new();
        for (key, value) in self.table(name, value).into_iter().flatten() {
            let id = key.get_ref();
            if rules::find(id).is_none() && rules::areas().all(|it| it.0 != id.as_ref()) {
                let areas = rules::areas().map(|it| it.0);
                let names = rules::all().map(|it| it.id).chain(areas);
                self.unknown("rule or area", id, key.span().start, names);
                continue;
            }
            let Some(text) = self.one(id, value) else {
                continue;
            };
            match Levels::parse(&text) {
                Some(level) => levels.push((id.to_string(), level)),
                None if text == "error" => {
                    let message = "an `error` is what httpd refuses, and nothing else";
                    self.say(value.span().start, message);
                }
                None => {
                    let names = Levels::NAMES.into_iter();
                    self.unknown("level", &text, value.span().start, names);
                }
            }
        }
        levels
    }

    fn overrides(&mut self, value: &Value<'_>, settings: &mut Settings) {
        let Some(all) = value.get_ref().as_array() else {
            self.say(value.span().start, "`overrides` is a list of tables");
            return;
        };
        for item in all {
            let Some(table) = self.table("overrides", item) else {
                continue;
            };
            let (mut files, mut levels, mut context) = (None, Vec::new(), None);
            for (key, value) in table {
                match key.get_ref().as_ref() {
                    "files" => files = self.files("files", value),
                    "rules" => levels = self.levels("rules", value),
                    "context" => context = self.place("context", value),
                    other => {
                        let known = ["files", "rules", "context"].into_iter();
                        self.unknown("key", other, key.span().start, known);
                    }
                }
            }
            let Some(files) = files else { continue };
            if let Some(context) = context {
                settings.contexts.of_files.push((files.clone(), context));
            }
            settings.levels.set_for(files, &levels);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Level;

    fn problems(text: &str) -> Vec<String> {
        let problems = Settings::parse(text).map(|_| ()).unwrap_err();
        let each = problems.iter();
        each.map(|it| format!("{}: {}", it.line, it.message))
            .collect()
    }

    #[test]
    fn every_key_takes_its_example() {
        for key in KEYS {
            let text = key.written();
            let settings = Settings::parse(&text);
            assert!(settings.is_ok(), "{text}: {settings:?}");
        }
    }

    #[test]
    fn what_is_not_known_is_said_with_its_line() {
        assert_eq!(
            problems("\nfact = 'a'\n[rules]\ntrailing-coment = 'off'\nline = 'off'\n"),
            [
                "2: there is no key `fact`; is it `facts`?",
                "5: there is no rule or area `line`; is it `lines`?",
                "4: there is no rule or area `trailing-coment`; is it `trailing-comment`?",
            ]
        );
        assert_eq!(
            problems("profile = 'pedant'\nmain = 1\nfacts = [1]\nmap = 'a'\n"),
            [
                "3: `facts` is a text",
                "2: `main` is a text",
                "4: `map` is a table",
                "1: there is no profile `pedant`; is it `pedantic`?",
            ]
        );
        assert_eq!(
            problems("[[overrides]]\nfile = ['a']\nfiles = ['[']\nrules = { lines = 'of' }\n"),
            [
                "2: there is no key `file`; is it `files`?",
                "3: `[` is no pattern for files",
                "4: there is no level `of`",
            ]
        );
        assert_eq!(problems("a = \n").len(), 1);
    }

    #[test]
    fn a_context_is_that_of_the_last_pattern_or_of_all() {
        let text = "\
context = 'server'
[[overrides]]
files = 'snippets/**'
context = 'directory'
[[overrides]]
files = ['snippets/vhost-*.conf']
context = 'vhost'
";
        let contexts = Settings::parse(text).unwrap().contexts;
        let of = |path| contexts.of(path).and_then(Standing::name);
        assert_eq!(of("sites/shop.conf"), Some("server"));
        assert_eq!(of("snippets/deny.conf"), Some("directory"));
        assert_eq!(of("snippets/vhost-tls.conf"), Some("vhost"));
        assert_eq!(Contexts::default().of("sites/shop.conf"), None);
        assert_eq!(
            problems("context = 'directry'\n[[overrides]]\nfiles = 'a'\ncontext = 1\n"),
            [
                "1: there is no context `directry`; is it `directory`?",
                "4: `context` is a text",
            ]
        );
    }

    #[test]
    fn an_error_is_what_httpd_refuses() {
        assert_eq!(
            problems("rules = { lines = 'error' }\n"),
            ["1: an `error` is what httpd refuses, and nothing else"]
        );
    }

    #[test]
    fn a_rule_counts_before_its_area_and_a_file_before_both() {
        let text = "\
profile = 'pedantic'
[rules]
trailing-comment = 'note'
lines = 'off'
[[overrides]]
files = ['sites/*.conf']
rules = { trailing-comment = 'warning' }
";
        let levels = Settings::parse(text).unwrap().levels;
        let level = |rule, level, path| levels.level(rule, level, Some(path));
        let (error, warning, note) = (Level::Error, Level::Warning, Level::Note);
        assert_eq!(level("trailing-comment", warning, "a.conf"), Some(note));
        assert_eq!(
            level("trailing-comment", warning, "sites/a.conf"),
            Some(warning)
        );
        assert_eq!(level("unterminated-quote", warning, "a.conf"), None);
        assert_eq!(level("unused-allowance", note, "a.conf"), Some(warning));
        assert_eq!(level("invalid-argument", error, "a.conf"), Some(error));
    }

    #[test]
    fn a_rule_with_a_concern_is_shown_where_somebody_asks_for_it() {
        let (rule, note) = ("traceable-requests", Level::Note);
        for (text, expected) in [
            ("", None),
            ("profile = 'performance'", None),
            ("profile = 'security'", Some(note)),
            ("profile = 'pedantic'", Some(Level::Warning)),
            ("rules = { traceable-requests = 'note' }", Some(note)),
        ] {
            let levels = Settings::parse(text).unwrap().levels;
            assert_eq!(levels.level(rule, note, None), expected, "{text}");
            assert_eq!(levels.is_off(rule), expected.is_none(), "{text}");
        }
    }

    #[test]
    fn of_refusals_only_nothing_else_is_left() {
        let levels = Settings::parse("profile = 'refusals'").unwrap().levels;
        assert_eq!(levels.level("trailing-comment", Level::Warning, None), None);
        assert!(levels.is_off("trailing-comment"));
    }
}
