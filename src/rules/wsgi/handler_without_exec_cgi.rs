use crate::argument::options::{DirectoryOption, OptionSet, Options, Sign};
use crate::diagnostic::Level;
use crate::evaluate::{Placed, fnmatch};
use crate::model::layers::words_of;
use crate::model::scope::{About, components};
use crate::model::wsgi::Applications;
use crate::rule::{Check, Context, Report};

const HANDLERS: [&str; 4] = ["SetHandler", "AddHandler", "AddType", "ForceType"];

crate::rule! {
    /// Scripts get the handler `wsgi-script` where no program may be run.
    ///
    /// ## What httpd does
    ///
    /// A mount may run its script anywhere. A script that gets its handler from `SetHandler`,
    /// `AddHandler`, `AddType` or `ForceType` runs only where `Options ExecCGI` is on, which it is
    /// not by itself.
    ///
    /// ## Why it matters
    ///
    /// Every request for such a script is answered with 403, and the error log says `Options ExecCGI
    /// is off in this directory`.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIDaemonProcess shop
    /// WSGIProcessGroup shop
    /// <Directory /srv/www/apps>
    ///     SetHandler wsgi-script
    /// </Directory>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIDaemonProcess shop
    /// WSGIProcessGroup shop
    /// <Directory /srv/www/apps>
    ///     Options +ExecCGI
    ///     SetHandler wsgi-script
    /// </Directory>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain in a whole configuration: no `Options` that may count for the folder turns `ExecCGI`
    /// on, and no `.htaccess` file may do it. Where a mounted script lies in the folder, the handler
    /// may be meant for nothing else, and nothing is said.
    pub static RULE = {
        id: "handler-without-exec-cgi",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Applications(check),
    }
}

fn check(context: &Context<'_>, applications: &Applications<'_>, report: &mut Report) {
    let handlers = HANDLERS.iter().flat_map(|it| applications.lines(it));
    let handlers: Vec<_> = handlers.filter(|it| is_for_wsgi(it)).collect();
    if handlers.is_empty() || !context.is_whole() {
        return;
    }
    let permitting = permitting(context);
    for line in handlers {
        let folder = folder(context, &line);
        let is_permitted = permitting.iter().any(|it| may_meet(it, &folder));
        let is_mounted = |it: &str| {
            folder
                .as_deref()
                .is_none_or(|folder| it.starts_with(folder))
        };
        let mut mounted = applications.mounted.iter();
        if is_permitted || mounted.any(|it| is_mounted(&it.directive.file.value)) {
            continue;
        }
        let finding = report.at(line.site(), "no script may be run here");
        finding.label("every request for one is answered with 403");
        finding.help("add `Options +ExecCGI`");
    }
}

fn is_for_wsgi(line: &Placed<'_>) -> bool {
    let words = words_of(line);
    words
        .first()
        .is_some_and(|it| it == "wsgi-script" || it == "application/x-httpd-wsgi")
}

// The folders, if they are known, for which a line may turn `ExecCGI` on, decided or not.
fn permitting(context: &Context<'_>) -> Vec<Option<String>> {
    let config = context.config;
    let table = context.inputs.table;
    let options = table.name("Options");
    let overrides = ["AllowOverride", "AllowOverrideList"].map(|it| table.name(it));
    let mut found = Vec::new();
    for line in config.living().into_iter().flat_map(|it| config.nodes(it)) {
        let name = line.node.name;
        let arguments = line.line().arguments().to_owned();
        let permits = match name {
            None => false,
            it if it == options => turns_on(&arguments),
            it if overrides.contains(&it) => may_turn_on(&arguments),
            _ => false,
        };
        if permits {
            found.push(folder(context, &line));
        }
    }
    found
}

fn turns_on(arguments: &str) -> bool {
    let options = Options::parse(arguments);
    options.words.iter().any(|word| {
        let covers = |it| OptionSet::of(it).has(DirectoryOption::ExecCgi);
        word.sign != Some(Sign::Remove) && word.option.is_none_or(covers)
    })
}

fn may_turn_on(arguments: &str) -> bool {
    let arguments = arguments.to_ascii_lowercase();
    let mut words = arguments.split_whitespace();
    words.any(|it| it == "all" || it.starts_with("options"))
}

// The folder that a line is about; none where that is a pattern, or not a folder at all.
fn folder(context: &Context<'_>, line: &Placed<'_>) -> Option<String> {
    let mut at = line.container();
    while let Some(section) = at {
        match About::of(&section, context.inputs.table) {
            About::Directory(path) => return Some(path).filter(|it| !fnmatch::is_pattern(it)),
            _ => at = section.container(),
        }
    }
    None
}

fn may_meet(one: &Option<String>, other: &Option<String>) -> bool {
    let (Some(one), Some(other)) = (one, other) else {
        return true;
    };
    let mut pairs = components(one).into_iter().zip(components(other));
    pairs.all(|(one, other)| one == other)
}
