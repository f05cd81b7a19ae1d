use rustc_hash::FxHashMap;

use crate::diagnostic::Level;
use crate::evaluate::{Placed, PlacedId};
use crate::model::layers::words_of;
use crate::model::survey::Survey;
use crate::rule::{Check, Context, Report, Which};
use crate::source::FileId;

// Directives of which each one counts for itself.
const ADDING: &[&str] = &["CustomLog", "TransferLog", "Header", "RequestHeader"];

crate::rule! {
    /// A file is read twice for one server or section, and what it adds is added twice.
    ///
    /// ## What httpd does
    ///
    /// It reads a file wherever `Include` names it. A second `CustomLog` for the same file writes each line again, and a second
    /// `Header add` sends the header again.
    ///
    /// ## Why it matters
    ///
    /// Each request is counted twice in the log, and a browser may refuse a header that is there twice.
    ///
    /// ## Wrong
    ///
    /// ```file /etc/httpd/headers/link.conf
    /// Header add Link "</style.css>; rel=preload"
    /// ```
    ///
    /// ```conf
    /// LoadModule headers_module modules/mod_headers.so
    /// IncludeOptional headers/lin?.conf
    /// IncludeOptional headers/*.conf
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule headers_module modules/mod_headers.so
    /// IncludeOptional headers/*.conf
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain: the same file is read again for the same server or section, and has lines that add something.
    pub static RULE = {
        id: "repeated-include",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Survey(Which::Named(&["Include", "IncludeOptional"]), check),
    }
}

fn check(context: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    let config = context.config;
    let mut times: FxHashMap<FileId, usize> = FxHashMap::default();
    for id in config.living() {
        *times
            .entry(config.occurrence(id).unit.document.file)
            .or_default() += 1;
    }
    let is_again = |it: &Placed<'_>| times[&it.occurrence.unit.document.file] > 1;
    let mut read: FxHashMap<(&str, Option<PlacedId>), Placed<'_>> = FxHashMap::default();
    for adding in survey.lines_of(ADDING).filter(is_again).filter(adds) {
        let Some((parent, node)) = adding.occurrence.parent else {
            continue;
        };
        let include = config.placed(PlacedId {
            occurrence: parent,
            node,
        });
        let file = adding.occurrence.unit.source.name();
        let is_include = survey.name(&include).starts_with("Include");
        let key = (file, include.parent().map(|it| it.id));
        match read.get(&key) {
            Some(first) if first.id != include.id && is_include => {
                let name = crate::evaluate::paths::file_name(file);
                let message = format!("`{name}` is read again, and adds everything again");
                let finding = report.at(include.site(), message);
                finding.secondary(first.line().span(), "read here already");
                finding.secondary(adding.line().span(), "this adds something");
            }
            Some(_) => {}
            None => drop(read.insert(key, include)),
        }
    }
}

fn adds(line: &Placed<'_>) -> bool {
    let is_header = line.line().name().to_ascii_lowercase().ends_with("header");
    let words = words_of(line);
    let mut adding = words.iter().take(2).filter(|it| {
        ["add", "append"]
            .iter()
            .any(|add| it.eq_ignore_ascii_case(add))
    });
    !is_header || adding.next().is_some()
}
