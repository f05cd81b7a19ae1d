//! The outputs of `httpd -V`, `-l` and `-M`.

use pest::Parser;
use pest::iterators::Pair;

use super::merge::{Contradictions, LOADED_LIST, STATIC_LIST};
use super::passage::{Passage, Places};
use super::{
    DefineValue, Defines, Fact, Facts, HttpdVersion, Libraries, LibraryVersion, Linkage,
    LoadedModule, ModuleMagic, Mpm, Origin, Pool, Problem, Version,
};

grammar!(ServerInfoParser, "grammar/server_info.pest");

use grammar::{Rule, ServerInfoParser};

// The last line of the block, which every build prints.
const LAST_DEFINE: &str = "SERVER_CONFIG_FILE";

/// What a passage says of the server; gives what is wrong with it.
pub(super) fn read(passage: Passage<'_>, facts: &mut Facts) -> Vec<Problem> {
    let mut reader = Reader {
        places: passage.places(),
        found: Contradictions::default(),
        problems: Vec::new(),
        nameless_mpm: None,
        last_line: last_line(passage.text),
    };
    for report in ServerInfoParser::parse(Rule::text, passage.text)
        .into_iter()
        .flatten()
        .flat_map(Pair::into_inner)
        .filter(|it| !matches!(it.as_rule(), Rule::rest | Rule::EOI))
    {
        reader.read(report, facts);
    }
    let nameless = reader.nameless_mpm.filter(|_| facts.mpm_name().is_none());
    let mut problems = reader.problems;
    problems.extend(nameless.map(|it| {
        it.problem(
            "httpd names no MPM, because it could not read its configuration: \
             run it as it is started, on Debian `apache2ctl -V`",
        )
    }));
    problems.extend(facts.note(reader.found));
    problems
}

struct Reader<'t> {
    places: Places<'t>,
    found: Contradictions,
    problems: Vec<Problem>,
    // The last line `Server MPM:` without a name.
    nameless_mpm: Option<Origin>,
    last_line: usize,
}

// Where the last line begins if its end is missing: then it may have been cut.
fn last_line(text: &str) -> usize {
    if text.ends_with('\n') {
        return usize::MAX;
    }
    text.rfind('\n').map_or(0, |it| it + 1)
}

impl Reader<'_> {
    fn read(&mut self, report: Pair<'_, Rule>, facts: &mut Facts) {
        let origin = self.places.origin(&report);
        let found = &mut self.found;
        let is_last = report.as_span().start() >= self.last_line;
        match report.as_rule() {
            Rule::version if is_last && !report.as_str().ends_with(')') => {}
            Rule::built | Rule::loaded | Rule::compiled if is_last => {}
            Rule::version => {
                let version = httpd_version(report).map(|it| origin.fact(it));
                found.take("`Server version:`", &mut facts.version, version);
            }
            Rule::built => {
                let built = texts(report).next().map(|it| origin.fact(it.to_owned()));
                found.take("`Server built:`", &mut facts.built, built);
            }
            Rule::magic => {
                let magic = module_magic(report).map(|it| origin.fact(it));
                let what = "`Server's Module Magic Number:`";
                found.take(what, &mut facts.module_magic, magic);
            }
            Rule::loaded => {
                let loaded = libraries(&origin, report);
                found.take_libraries("`Server loaded:`", &mut facts.loaded, loaded);
            }
            Rule::compiled => {
                let compiled = libraries(&origin, report);
                found.take_libraries("`Compiled using:`", &mut facts.compiled, compiled);
            }
            Rule::architecture => {
                let bits = texts(report).next().and_then(parse);
                let bits = bits.map(|it| origin.fact(it));
                found.take("`Architecture:`", &mut facts.architecture, bits);
            }
            Rule::mpm => match mpm(report) {
                Some(mpm) => found.take("`Server MPM:`", &mut facts.mpm, Some(origin.fact(mpm))),
                None => self.nameless_mpm = Some(origin),
            },
            Rule::defines => {
                let defines = defines(&mut self.places, report);
                found.take_defines(&mut facts.defines, Some(defines));
            }
            _ => self.read_list(origin, report, facts),
        }
    }

    fn read_list(&mut self, origin: Origin, report: Pair<'_, Rule>, facts: &mut Facts) {
        let rule = report.as_rule();
        let option = if rule == Rule::static_list {
            "-l"
        } else {
            "-M"
        };
        match rule {
            Rule::static_list | Rule::loaded_list if !is_whole(&report) => {
                self.problems.push(origin.problem(format!(
                    "the list of `{option}` is only a part, and is not used"
                )));
            }
            Rule::static_list => {
                let list = origin.fact(texts(report).map(str::to_owned).collect());
                self.found
                    .take(STATIC_LIST, &mut facts.static_modules, Some(list));
            }
            Rule::loaded_list => {
                let list = origin.fact(report.into_inner().map(module).collect());
                self.found
                    .take(LOADED_LIST, &mut facts.loaded_modules, Some(list));
            }
            Rule::banner => {
                for part in report.into_inner() {
                    let version = library_version(&part).map(|it| origin.fact(it));
                    let (what, slot) = match part.as_rule() {
                        Rule::mod_wsgi => ("the version of mod_wsgi", &mut facts.mod_wsgi_version),
                        _ => ("the version of Python", &mut facts.python_version),
                    };
                    self.found.take(what, slot, version);
                }
            }
            _ => {}
        }
    }
}

// httpd lists its core first, so a list that begins with something else lost its beginning. A
// part of a list would make modules look absent that are there.
fn is_whole(list: &Pair<'_, Rule>) -> bool {
    let is_cut =
        |it: &Pair<'_, Rule>| matches!(it.as_rule(), Rule::cut | Rule::cut_file | Rule::cut_module);
    let mut entries = list.clone().into_inner();
    let begins = list
        .clone()
        .into_inner()
        .next()
        .is_some_and(|it| it.as_str() == "core.c" || it.as_str().starts_with("core_module"));
    begins && !entries.any(|it| is_cut(&it))
}

fn texts<'i>(pair: Pair<'i, Rule>) -> impl Iterator<Item = &'i str> + use<'i> {
    pair.into_inner().map(|it| it.as_str())
}

fn parse<T: std::str::FromStr>(text: &str) -> Option<T> {
    text.parse().ok()
}

fn httpd_version(report: Pair<'_, Rule>) -> Option<HttpdVersion> {
    let mut version = HttpdVersion {
        number: Version::new(0, 0, 0),
        suffix: String::new(),
        platform: None,
    };
    for part in report.into_inner() {
        match part.as_rule() {
            Rule::number => version.number = number(part)?,
            Rule::suffix => version.suffix = part.as_str().to_owned(),
            _ => version.platform = Some(part.as_str().to_owned()),
        }
    }
    Some(version)
}

fn number(number: Pair<'_, Rule>) -> Option<Version> {
    let mut digits = texts(number).map(parse);
    Some(Version {
        major: digits.next()??,
        minor: digits.next().unwrap_or(Some(0))?,
        patch: digits.next().unwrap_or(Some(0))?,
    })
}

fn module_magic(report: Pair<'_, Rule>) -> Option<ModuleMagic> {
    let mut digits = texts(report).map(parse);
    Some(ModuleMagic {
        major: digits.next()??,
        minor: digits.next()??,
    })
}

fn libraries(origin: &Origin, report: Pair<'_, Rule>) -> Libraries {
    let mut libraries = Libraries::default();
    for library in report.into_inner() {
        let mut parts = library.into_inner();
        let (Some(name), Some(version)) = (parts.next(), parts.next()) else {
            continue;
        };
        let slot = match name.as_str() {
            "APR" => &mut libraries.apr,
            "APR-UTIL" => &mut libraries.apr_util,
            "PCRE" => &mut libraries.pcre,
            _ => continue,
        };
        *slot = library_version(&version).map(|it| origin.fact(it));
    }
    libraries
}

// The grammar looks ahead for the number, and then gives the whole text.
fn library_version(version: &Pair<'_, Rule>) -> Option<LibraryVersion> {
    LibraryVersion::parse(version.as_str())
}

fn mpm(report: Pair<'_, Rule>) -> Option<Mpm> {
    let mut parts = report.into_inner().peekable();
    let name = parts.next_if(|it| it.as_rule() == Rule::mpm_name)?;
    let mut mpm = Mpm {
        name: name.as_str().to_owned(),
        threaded: None,
        forked: None,
    };
    for part in parts {
        let threaded = part.as_rule() == Rule::threaded;
        let pool = part.into_inner().next().map(|it| match it.as_rule() {
            Rule::none => Pool::None,
            Rule::variable => Pool::Variable,
            _ => Pool::Fixed,
        });
        if threaded {
            mpm.threaded = pool;
        } else {
            mpm.forked = pool;
        }
    }
    Some(mpm)
}

fn defines(places: &mut Places<'_>, report: Pair<'_, Rule>) -> Defines {
    let mut defines = Defines::default();
    let mut heading = false;
    for part in report.into_inner() {
        if part.as_rule() == Rule::heading {
            heading = true;
        } else {
            defines.entries.extend(define(places, part));
        }
    }
    defines.complete = heading && defines.get(LAST_DEFINE).is_some();
    defines
}

fn define(places: &mut Places<'_>, define: Pair<'_, Rule>) -> Option<(String, Fact<DefineValue>)> {
    let origin = places.origin(&define);
    let mut parts = define.into_inner();
    let key = parts.next()?.as_str().to_owned();
    let value = match parts.next() {
        None => DefineValue::Flag(None),
        Some(value) => match value.as_rule() {
            Rule::string => DefineValue::Text(texts(value).next()?.to_owned()),
            Rule::digits => DefineValue::Number(parse(value.as_str())?),
            _ => DefineValue::Flag(Some(value.as_str().to_owned())),
        },
    };
    Some((key, origin.fact(value)))
}

fn module(module: Pair<'_, Rule>) -> LoadedModule {
    let mut parts = module.into_inner();
    let identifier = parts.next().map_or("", |it| it.as_str()).to_owned();
    let linkage = match parts.next().map(|it| it.as_rule()) {
        Some(Rule::static_word) => Linkage::Static,
        _ => Linkage::Shared,
    };
    LoadedModule {
        identifier,
        linkage,
    }
}
