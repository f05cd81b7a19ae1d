//! What is known of the thing under the cursor.

use lsp_types::{Hover, MarkupContent, MarkupKind, Position};

use super::effect::effect;
use super::names::{Mention, Thing};
use super::parts;
use super::view::{Failed, View};
use crate::evaluate::{NodeKind, Placed, Truth};
use crate::httpd::{Allow, Checks, Directive, ModuleId};
use crate::model::servers::Servers;
use crate::source::Span;
use crate::syntax::LineKind;
use crate::syntax::words;

/// Of a long list only so many are shown.
const MOST: usize = 8;

/// The page about what is at a place.
pub(super) fn hover(view: &View<'_>, position: Position) -> Result<Option<Hover>, Failed> {
    let offset = view.offset(position)?;
    let page = match view.name_at(offset) {
        Some(name) => Some((name.span, of_name(view, &name))),
        None => of_line(view, offset).or_else(|| parts::hover(view, offset)),
    };
    Ok(page.map(|(span, value)| Hover {
        contents: MarkupContent {
            kind: MarkupKind::Markdown,
            value,
        }
        .into(),
        range: Some(view.range(span.range())),
    }))
}

fn of_name(view: &View<'_>, name: &Mention) -> String {
    let mut page = format!("{} `{}`\n", name.thing.title(), name.name);
    if name.thing == Thing::Module {
        page.push_str(&of_module(view, &name.name));
        return page;
    }
    if name.thing == Thing::Variable
        && let Some(value) = value_here(view, name.span)
    {
        page.push_str(&format!("\nIts value here: `{value}`\n"));
    }
    let mentions = view.whole.mentions(name.thing, &name.name);
    let (declared, used): (Vec<&Mention>, Vec<&Mention>) =
        mentions.iter().partition(|it| it.declares);
    for it in declared.iter().take(MOST) {
        let text = declaration(view, it);
        page.push_str(&format!(
            "\n```apacheconf\n{text}\n```\n{}\n",
            view.whole.place(it.span)
        ));
    }
    let environment = view.whole.session.inputs().facts.environment.as_ref();
    let inherited = environment.filter(|it| {
        name.thing == Thing::Variable && it.value.values.contains_key(name.name.as_str())
    });
    match inherited {
        Some(environment) if declared.is_empty() => page.push_str(&format!(
            "\nFrom the environment that httpd starts with ({}).\n",
            environment.origin.text
        )),
        _ if declared.is_empty() => {
            page.push_str("\nNothing that is read here gives this name.\n");
        }
        _ => {}
    }
    match used.len() {
        0 => page.push_str("\nNothing uses it.\n"),
        1 => page.push_str("\nUsed once.\n"),
        times => page.push_str(&format!("\nUsed {times} times.\n")),
    }
    page
}

// The line that gives a name, or all lines of a short macro.
fn declaration(view: &View<'_>, mention: &Mention) -> String {
    let Some(other) = view.whole.view(mention.span.file) else {
        return String::new();
    };
    let Some(line) = other.line_at(mention.span.start as usize) else {
        return String::new();
    };
    let lines = &other.document.lines;
    let closing = other.document.closing_line(other.text(), line);
    let last = closing.filter(|it| it - line <= MOST).unwrap_or(line);
    let bytes = lines[line].start as usize..lines[last].end as usize;
    other.text()[bytes].trim_end().to_owned()
}

// What stands in the place of a `${NAME}` in the first evaluation of its line.
fn value_here(view: &View<'_>, name: Span) -> Option<String> {
    let line = view.line_at(name.start as usize)?;
    let node = view
        .nodes_at(view.document.lines[line].start as usize)
        .into_iter()
        .next()?;
    let logical = node.occurrence.unit.logical(node.node);
    let crate::syntax::Origin::Pieces(pieces) = &logical.origin else {
        return None;
    };
    let covers = |it: &crate::syntax::Piece| {
        !it.verbatim && it.source.start <= name.start && name.end <= it.source.end
    };
    let at = pieces.iter().position(covers)?;
    let start = pieces[at].at as usize;
    let end = pieces
        .get(at + 1)
        .map_or(logical.text.len(), |it| it.at as usize);
    logical.text.get(start..end).map(str::to_owned)
}

fn of_module(view: &View<'_>, name: &str) -> String {
    let table = view.whole.session.inputs().table;
    let Some(id) = table.module_named(name) else {
        return "\nA module that is not in the table.\n".to_owned();
    };
    let all = table.directives().filter(|it| it.module == id);
    let names: Vec<&str> = all.map(|it| it.spelling.trim_start_matches('<')).collect();
    let mut page = format!("\n{}\n", presence(view, id));
    if !names.is_empty() {
        let shown = names[..names.len().min(MOST)].join("`, `");
        let more = names.len().saturating_sub(MOST);
        let more = if more > 0 {
            format!(" and {more} more")
        } else {
            String::new()
        };
        page.push_str(&format!("\nIts directives: `{shown}`{more}\n"));
    }
    page
}

fn presence(view: &View<'_>, id: ModuleId) -> String {
    let session = view.whole.session;
    let source = &session.inputs().table.module(id).source;
    let there = match session.modules().has(id) {
        Truth::True => "is there",
        Truth::False => "is not loaded",
        Truth::Unknown => "may be there or not",
    };
    format!("`{source}` {there}.")
}

fn of_line(view: &View<'_>, offset: usize) -> Option<(Span, String)> {
    let line = &view.document.lines[view.line_at(offset)?];
    if line.kind == LineKind::Comment {
        return None;
    }
    let logical = view.document.logical(line, view.text());
    let (first, _) = words::first(&logical.text);
    let span = logical.word(&first);
    if !(span.range().start <= offset && offset <= span.range().end) {
        return None;
    }
    let word = first.text.replacen("</", "<", 1);
    let word = word.trim_end_matches('>');
    let table = view.whole.session.inputs().table;
    let name = table.name(word)?;
    let nodes = view.nodes_at(line.start as usize);
    let pages = table.definitions(name).map(|it| of_directive(view, it));
    let mut page = pages.collect::<Vec<_>>().join("\n---\n");
    for node in nodes.iter().take(1) {
        page.push_str(&effect(view, node));
        if name == crate::httpd::NameId::VIRTUAL_HOST {
            page.push_str(&of_virtual_host(view, node));
        }
        if let NodeKind::Conditional(truth) = node.node.kind {
            let truth = match truth {
                Truth::True => "true",
                Truth::False => "false: what is inside is not read",
                Truth::Unknown => "not known",
            };
            page.push_str(&format!("\nThe condition is {truth}.\n"));
        }
    }
    Some((span, page))
}

fn of_directive(view: &View<'_>, directive: &Directive) -> String {
    let mut page = String::new();
    let syntax = match directive.syntax.is_empty() {
        true => &directive.spelling,
        false => &directive.syntax,
    };
    page.push_str(&format!("```apacheconf\n{syntax}\n```\n"));
    let sentence = directive.summary.as_ref().or(directive.help.as_ref());
    page.extend(sentence.map(|it| format!("\n{it}\n")));
    page.push_str(&format!("\nIn: {}\n", places(directive)));
    page.push_str(&format!("\n{}\n", presence(view, directive.module)));
    page.extend(
        directive
            .default
            .as_ref()
            .map(|it| format!("\nDefault: `{it}`\n")),
    );
    page.extend(directive.since.map(|it| format!("\nSince {it}\n")));
    page.extend(directive.removed.map(|it| format!("\nGone in {it}\n")));
    page.extend(
        directive
            .deprecated
            .as_ref()
            .map(|it| format!("\nDeprecated: {it}\n")),
    );
    page
}

// Where a directive may stand, as the manual calls it.
fn places(directive: &Directive) -> String {
    let (allow, checks) = (directive.allow, directive.checks);
    let mut places = Vec::new();
    if allow.contains(Allow::RSRC_CONF) || allow.intersects(OUTSIDE) {
        places.push("server".to_owned());
        if !checks.intersects(Checks::VIRTUALHOST) {
            places.push("virtual host".to_owned());
        }
    }
    if allow.intersects(Allow::IN_DIRECTORY) && !checks.contains(Checks::DIR_CONTEXT) {
        places.push("directory".to_owned());
    }
    let classes: Vec<&str> = match checks.intersects(Checks::HTACCESS) {
        true => Vec::new(),
        false => allow.classes().collect(),
    };
    match classes[..] {
        [] => {}
        _ if allow.contains(Allow::OR_ALL) => places.push(".htaccess".to_owned()),
        _ => places.push(format!(
            ".htaccess (`AllowOverride {}`)",
            classes.join(" or ")
        )),
    }
    places.join(", ")
}

// What may stand outside of sections although it is about directories.
const OUTSIDE: Allow = Allow::from_bits(
    Allow::OR_OPTIONS.bits() | Allow::OR_FILEINFO.bits() | Allow::OR_INDEXES.bits(),
);

// What a virtual host answers to.
fn of_virtual_host(view: &View<'_>, node: &Placed<'_>) -> String {
    let config = view.whole.config();
    let servers = Servers::of(config, view.whole.session.inputs().table);
    let found = servers
        .virtual_hosts()
        .find(|it| it.1.section == Some(node.id));
    let Some((id, server)) = found else {
        return String::new();
    };
    let names = server.name.iter().chain(&server.aliases);
    let names: Vec<&str> = names
        .chain(&server.wild_aliases)
        .map(String::as_str)
        .collect();
    let mut page = match names[..] {
        [] => "\nAnswers to no name that is known.\n".to_owned(),
        _ => format!("\nAnswers to `{}`.\n", names.join("`, `")),
    };
    let sets = servers.address_sets().iter();
    for set in sets.filter(|it| it.members.contains(&id)) {
        let default = set.members.first().map(|it| servers.get(*it));
        let line = match default.filter(|_| set.members.first() != Some(&id)) {
            None if set.is_name_based() => {
                "The first on its address: it also answers to names that nobody has.".to_owned()
            }
            None => "Alone on its address: it answers to every name.".to_owned(),
            Some(first) => {
                let name = first.file.rsplit('/').next().unwrap_or(&first.file);
                let line = first.line;
                format!("Names that nobody has go to the host at {name}:{line}.")
            }
        };
        page.push_str(&format!("\n{line}\n"));
    }
    page
}
