use crate::diagnostic::Level;
use crate::evaluate::{Placed, fnmatch, paths};
use crate::model::survey::Survey;
use crate::rule::{Check, Context, Report, Which};

const INCLUDES: &[&str] = &["Include", "IncludeOptional"];

// How the names of files end that are put aside.
const ASIDE: &[&str] = &[
    "bak",
    "backup",
    "dist",
    "disabled",
    "dpkg-dist",
    "dpkg-new",
    "dpkg-old",
    "htm",
    "html",
    "in",
    "inactive",
    "j2",
    "md",
    "new",
    "off",
    "old",
    "orig",
    "rpmnew",
    "rpmsave",
    "sample",
    "save",
    "swp",
    "template",
    "tmpl",
    "tmp",
    "tpl",
    "txt",
    "ucf-dist",
    "ucf-new",
    "ucf-old",
];

crate::rule! {
    /// A file with virtual hosts lies among those that are read, and its name does not fit the pattern.
    ///
    /// ## What httpd does
    ///
    /// `IncludeOptional sites-enabled/*.conf` reads the files whose names end in `.conf`, and passes over all others.
    ///
    /// ## Why it matters
    ///
    /// The virtual hosts in the file do not exist: requests for them get pages of another one. Names without `.conf`
    /// were read by Debian's httpd 2.2.
    ///
    /// ## Wrong
    ///
    /// ```file /etc/httpd/sites-enabled/shop.example
    /// <VirtualHost *:80>
    ///     ServerName shop.example
    /// </VirtualHost>
    /// ```
    ///
    /// ```conf
    /// IncludeOptional sites-enabled/*.conf
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// IncludeOptional sites-enabled/*
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain that nothing reads the file. Names that say that a file is put aside, such as `shop.bak` or `shop~`,
    /// are not looked at, nor is a file without `<VirtualHost>`.
    pub static RULE = {
        id: "unread-site",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Survey(Which::Named(INCLUDES), check),
    }
}

fn check(context: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    for include in survey.lines_of(INCLUDES) {
        check_include(context, &include, report);
    }
}

fn check_include(context: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let line = placed.line();
    let words = line.words();
    let ([word], Some(root)) = (words.as_slice(), context.modules.server_root()) else {
        return;
    };
    let Some((folder, suffix)) = word.text.rsplit_once("/*.") else {
        return;
    };
    if fnmatch::is_pattern(folder) || fnmatch::is_pattern(suffix) {
        return;
    }
    let world = context.inputs.world;
    let folder = paths::resolve(root, folder);
    let entries = world.list(&folder).unwrap_or_default().into_iter();
    let candidates = entries.filter(|it| !it.is_directory && may_be_meant(&it.name, suffix));
    let mut paths: Vec<String> = candidates
        .map(|it| paths::join(&folder, &it.name))
        .collect();
    paths.sort();
    paths.retain(|it| has_virtual_host(context, it) && !is_read(context, it));
    if let Some(first) = paths.first() {
        let message = format!(
            "`{}` has virtual hosts and is not read",
            paths::file_name(first)
        );
        let finding = report.at(placed.at(line.word_span(word)), message);
        finding.label("no name of another form fits this");
        finding.help(format!("let its name end in `.{suffix}`"));
        for other in &paths[1..] {
            finding.note(format!("nor is `{other}` read"));
        }
    }
}

fn may_be_meant(name: &str, suffix: &str) -> bool {
    let end = name.rsplit('.').next().unwrap_or_default();
    let is_aside = ASIDE.iter().any(|it| end.eq_ignore_ascii_case(it));
    let is_odd = name.starts_with(['.', '_', '#']) || name.ends_with(['~', '#']);
    end != suffix && !is_aside && !is_odd && !name.contains("bak")
}

fn has_virtual_host(context: &Context<'_>, path: &str) -> bool {
    let text = context.inputs.world.head(path, 1 << 16).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let begins = |it: &str| {
        let start = it.trim_start().get(..12);
        start.is_some_and(|it| it.eq_ignore_ascii_case("<VirtualHost"))
    };
    text.lines().any(begins)
}

fn is_read(context: &Context<'_>, path: &str) -> bool {
    let config = context.config;
    let files = config.living().into_iter();
    let mut names = files.map(|it| config.occurrence(it).unit.source.name());
    names.any(|it| it == path)
}
