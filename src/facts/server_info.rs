//! The outputs of `httpd -V`, `-l` and `-M`.

use std::sync::Arc;

use pest::Parser;
use pest::iterators::Pair;

use super::{
    DefineValue, Defines, Fact, Facts, HttpdVersion, Libraries, LibraryVersion, Linkage,
    LoadedModule, ModuleMagic, Mpm, Origin, Pool, Problem, Version,
};

grammar!(ServerInfoParser, "grammar/server_info.pest");

use grammar::{Rule, ServerInfoParser};

// The last line of the block, which every build prints.
const LAST_DEFINE: &str = "SERVER_CONFIG_FILE";

/// What a text says of the server, and what is wrong with it.
pub(super) fn read(name: &Arc<str>, text: &str) -> (Facts, Vec<Problem>) {
    let mut facts = Facts::default();
    let mut problems = Vec::new();
    let mut nameless_mpm = None;
    for report in ServerInfoParser::parse(Rule::text, text)
        .into_iter()
        .flatten()
        .flat_map(Pair::into_inner)
        .filter(|it| !matches!(it.as_rule(), Rule::rest | Rule::EOI))
    {
        let origin = Origin::new(name, report.line_col().0);
        let is_mpm = report.as_rule() == Rule::mpm;
        match read_report(name, report) {
            Ok(found) if is_mpm && found.mpm.is_none() => nameless_mpm = Some(origin),
            Ok(found) => problems.extend(facts.take(found)),
            Err(problem) => problems.push(problem),
        }
    }
    if let Some(origin) = nameless_mpm.filter(|_| facts.mpm_name().is_none()) {
        problems.push(origin.problem(
            "httpd names no MPM, because it could not read its configuration: \
             run it as it is started, on Debian `apache2ctl -V`",
        ));
    }
    (facts, problems)
}

fn read_report(name: &Arc<str>, report: Pair<'_, Rule>) -> Result<Facts, Problem> {
    let origin = Origin::new(name, report.line_col().0);
    let mut facts = Facts::default();
    let rule = report.as_rule();
    match rule {
        Rule::version => facts.version = httpd_version(report).map(|it| origin.fact(it)),
        Rule::built => facts.built = texts(report).next().map(|it| origin.fact(it.to_owned())),
        Rule::magic => facts.module_magic = module_magic(report).map(|it| origin.fact(it)),
        Rule::loaded => facts.loaded = libraries(&origin, report),
        Rule::compiled => facts.compiled = libraries(&origin, report),
        Rule::architecture => {
            facts.architecture = texts(report)
                .next()
                .and_then(parse)
                .map(|it| origin.fact(it));
        }
        Rule::mpm => facts.mpm = mpm(report).map(|it| origin.fact(it)),
        Rule::defines => facts.defines = Some(defines(name, report)),
        Rule::static_list => {
            whole(&origin, "-l", &report)?;
            facts.static_modules = Some(origin.fact(texts(report).map(str::to_owned).collect()));
        }
        Rule::loaded_list => {
            whole(&origin, "-M", &report)?;
            facts.loaded_modules = Some(origin.fact(report.into_inner().map(module).collect()));
        }
        Rule::banner => {
            for part in report.into_inner() {
                let version = library_version(&part).map(|it| origin.fact(it));
                match part.as_rule() {
                    Rule::mod_wsgi => facts.mod_wsgi_version = version,
                    _ => facts.python_version = version,
                }
            }
        }
        _ => {}
    }
    Ok(facts)
}

// httpd lists its core first, so a list that begins with something else lost its beginning. A
// part of a list would make modules look absent that are there.
fn whole(origin: &Origin, option: &str, list: &Pair<'_, Rule>) -> Result<(), Problem> {
    let mut entries = list.clone().into_inner();
    let begins = entries
        .next()
        .is_some_and(|it| it.as_str() == "core.c" || it.as_str().starts_with("core_module"));
    if begins && !entries.any(|it| it.as_rule() == Rule::cut) {
        return Ok(());
    }
    Err(origin.problem(format!(
        "the list of `{option}` is only a part, and is not used"
    )))
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
    let text = version.as_str();
    let mut digits = text
        .split(|it: char| it != '.' && !it.is_ascii_digit())
        .next()?
        .split('.')
        .map(parse);
    Some(LibraryVersion {
        number: Version {
            major: digits.next()??,
            minor: digits.next().flatten().unwrap_or(0),
            patch: digits.next().flatten().unwrap_or(0),
        },
        text: text.to_owned(),
    })
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

fn defines(name: &Arc<str>, report: Pair<'_, Rule>) -> Defines {
    let mut defines = Defines::default();
    let mut heading = false;
    for part in report.into_inner() {
        if part.as_rule() == Rule::heading {
            heading = true;
        } else {
            defines.entries.extend(define(name, part));
        }
    }
    defines.complete = heading && defines.get(LAST_DEFINE).is_some();
    defines
}

fn define(name: &Arc<str>, define: Pair<'_, Rule>) -> Option<(String, Fact<DefineValue>)> {
    let origin = Origin::new(name, define.line_col().0);
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
