//! What may be written at the cursor.

mod instructions;

use lsp_types::{
    CompletionItem, CompletionItemKind, CompletionItemTag, CompletionList, CompletionResponse,
    InsertTextFormat, MarkupContent, MarkupKind, Position, TextEdit,
};

use super::names::Thing;
use super::view::{Failed, View};
use crate::argument::items::{Format, Offer};
use crate::argument::offered;
use crate::configtest::Context;
use crate::evaluate::{NodeKind, Placed, Standing, Truth};
use crate::form::Form;
use crate::httpd::{Arity, Directive, Module};
use crate::syntax::words::{self, is_blank};
use crate::world::Kind;

/// What stands before the cursor, on its line.
struct Before<'v> {
    view: &'v View<'v>,
    offset: usize,
    // From the beginning of the logical line to the cursor.
    text: &'v str,
}

/// The things to choose from; the client leaves out those that do not fit what is typed.
pub(super) fn completion(
    view: &View<'_>,
    position: Position,
) -> Result<Option<CompletionResponse>, Failed> {
    let offset = view.offset(position)?;
    let line = view.line_at(offset);
    let start = line.map_or(offset, |it| view.document.lines[it].start as usize);
    let before = Before {
        view,
        offset,
        text: &view.text()[start.min(offset)..offset],
    };
    let is_comment = before.text.starts_with('#');
    let is_value = !is_comment && before.text.contains(is_blank);
    let of_format = is_value.then(|| before.of_format()).flatten();
    // What is typed in braces is part of the items themselves.
    let is_incomplete = of_format.is_some();
    let items = match of_format {
        Some(items) => items,
        None if is_comment => before.instructions(),
        None if is_value => before.values(),
        None => before.directives(),
    };
    let list = CompletionList {
        is_incomplete,
        items,
        ..CompletionList::default()
    };
    Ok(Some(list.into()))
}

/// A thing to choose.
struct Choice {
    label: String,
    kind: CompletionItemKind,
    detail: Option<String>,
    // The better ones come first.
    rank: u8,
}

impl Choice {
    fn value(label: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            kind: CompletionItemKind::Value,
            detail: None,
            rank: 0,
        }
    }

    fn of(kind: CompletionItemKind, label: impl Into<String>, detail: &str) -> Self {
        Self {
            kind,
            detail: Some(detail.to_owned()),
            ..Self::value(label)
        }
    }
}

impl<'v> Before<'v> {
    // An item that takes the place of the last bytes before the cursor.
    fn item(&self, choice: Choice, typed: usize, new: Option<String>) -> CompletionItem {
        let edit = TextEdit {
            range: self.view.range(self.offset - typed..self.offset),
            new_text: new.unwrap_or_else(|| choice.label.clone()),
        };
        CompletionItem {
            sort_text: Some(format!("{}{}", choice.rank, choice.label.to_lowercase())),
            label: choice.label,
            kind: Some(choice.kind),
            detail: choice.detail,
            text_edit: Some(edit.into()),
            ..CompletionItem::default()
        }
    }

    fn directives(&self) -> Vec<CompletionItem> {
        if self.text.starts_with("</") {
            return self.closing_tag();
        }
        let is_section = self.text.starts_with('<');
        let session = self.view.whole.session;
        let table = session.inputs().table;
        let context = self.context();
        let definitions = table.directives().filter(|it| {
            it.section == is_section
                && it.compiled_if.is_none()
                && context.is_none_or(|context| context.permits(it))
        });
        let mut items: Vec<CompletionItem> = Vec::new();
        for definition in definitions {
            let has = session.modules().has(definition.module);
            let item = self.directive(definition, has);
            // Of several modules with such a directive the one that is there.
            match items.iter_mut().find(|it| it.label == item.label) {
                Some(other) if has.is_true() => *other = item,
                Some(_) => {}
                None => items.push(item),
            }
        }
        if self.text.is_empty() {
            items.extend(self.closing_tag());
        }
        items
    }

    fn directive(&self, definition: &Directive, has: Truth) -> CompletionItem {
        let module = self
            .view
            .whole
            .session
            .inputs()
            .table
            .module(definition.module);
        let name = definition.spelling.trim_start_matches('<').to_owned();
        let detail = match has {
            Truth::False if !module.object.is_empty() => {
                let stem = module.identifier.trim_end_matches("_module");
                format!(
                    "{}, not loaded: LoadModule, or `a2enmod {stem}`",
                    module.source
                )
            }
            _ => module.source.to_string(),
        };
        let kind = match definition.section {
            true => CompletionItemKind::Module,
            false => CompletionItemKind::Keyword,
        };
        let choice = Choice {
            rank: match has {
                Truth::True => 0,
                Truth::Unknown => 1,
                Truth::False => 2,
            },
            ..Choice::of(kind, name.clone(), &detail)
        };
        let snippets = self.view.whole.abilities.snippets;
        let new = match (definition.section, snippets) {
            (true, true) => {
                let blanks = self.indentation();
                Some(format!(
                    "<{name} ${{1}}>\n{blanks}    $0\n{blanks}</{name}>"
                ))
            }
            (true, false) => Some(format!("<{name}")),
            (false, _) => None,
        };
        let mut item = self.item(choice, self.text.len(), new);
        if definition.section {
            item.filter_text = Some(format!("<{name}"));
            item.insert_text_format = snippets.then_some(InsertTextFormat::Snippet);
        }
        if definition.deprecated.is_some() {
            item.tags = Some(vec![CompletionItemTag::Deprecated]);
        }
        let sentence = definition.summary.as_ref().or(definition.help.as_ref());
        let page = sentence.map(|it| format!("`{}`\n\n{it}", definition.syntax));
        item.documentation = page.map(|value| {
            MarkupContent {
                kind: MarkupKind::Markdown,
                value,
            }
            .into()
        });
        if has == Truth::False {
            item.additional_text_edits = self.load_module(&module.identifier, &module.object);
        }
        item
    }

    // What loads a module, if it belongs into this very file: an item changes no other.
    fn load_module(&self, identifier: &str, object: &str) -> Option<Vec<TextEdit>> {
        let edit = self.view.whole.load_module(identifier, object)?;
        (edit.span.file == self.view.file).then(|| {
            vec![TextEdit {
                range: self.view.range(edit.span.range()),
                new_text: edit.text,
            }]
        })
    }

    fn indentation(&self) -> &'v str {
        let start = self.offset - self.text.len();
        let line = self.view.lines.bytes(self.view.lines.line(start)).start;
        &self.view.text()[line..start]
    }

    // The end of the innermost section that is open before the cursor.
    fn closing_tag(&self) -> Vec<CompletionItem> {
        let document = self.view.document;
        let start = self.offset - self.text.len();
        let line = document
            .lines
            .partition_point(|it| (it.start as usize) < start);
        let around = document.lines_around(self.view.text());
        let open = line.checked_sub(1).and_then(|before| {
            let is_open = document.lines[before].kind == crate::syntax::LineKind::Open;
            if is_open {
                Some(before)
            } else {
                around[before]
            }
        });
        let name = open.map(|it| {
            let logical = document.logical(&document.lines[it], self.view.text());
            let (first, _) = words::first(&logical.text);
            let name = first.text.trim_start_matches('<').trim_end_matches('>');
            format!("</{name}>")
        });
        let item = |it| {
            let choice = Choice::of(CompletionItemKind::Module, it, "closes the section");
            self.item(choice, self.text.len(), None)
        };
        name.map(item).into_iter().collect()
    }

    // The section around the cursor, in the first evaluation of the file that reads it.
    fn section(&self) -> Option<Placed<'v>> {
        let document = self.view.document;
        let start = self.offset - self.text.len();
        let before = document
            .lines
            .partition_point(|it| (it.start as usize) < start);
        let around = document.lines_around(self.view.text());
        let mut at = before.checked_sub(1);
        if let Some(line) = at
            && document.lines[line].kind != crate::syntax::LineKind::Open
        {
            at = around[line];
        }
        let line = at?;
        let nodes = self.view.nodes_at(document.lines[line].start as usize);
        nodes.into_iter().next()
    }

    // Where a directive at the cursor would stand; `None` where nobody knows.
    fn context(&self) -> Option<Context> {
        let config = self.view.whole.config();
        let table = self.view.whole.session.inputs().table;
        let inside = |section: &Placed<'_>| match section.node.kind {
            NodeKind::Section => {
                let name = section.node.name.map(|it| table.spelling(it));
                Some(Context::of(section, table).inside(name?))
            }
            _ => Some(Context::of(section, table)),
        };
        if let Some(section) = self.section() {
            return inside(&section).filter(|it| it.certain);
        }
        let place = config.occurrence(*self.view.places.first()?);
        let context = match place.parent {
            Some((occurrence, node)) => {
                let id = crate::evaluate::PlacedId { occurrence, node };
                Context::of(&config.placed(id), table)
            }
            None => {
                let standing = match config.standings[..] {
                    [one] => one,
                    _ if config.fragment => return None,
                    _ => Standing::Server,
                };
                Context::outside(config, *self.view.places.first()?, standing)
            }
        };
        Some(context).filter(|it| it.certain)
    }

    fn values(&self) -> Vec<CompletionItem> {
        let all = words::split(self.text);
        let Some((first, arguments)) = all.split_first() else {
            return Vec::new();
        };
        let directive = first.text.trim_end_matches('>').to_owned();
        // Behind a blank a new word begins, unless a quote is open.
        let begins_word = self.text.ends_with(is_blank) && !self.is_quoted(arguments);
        let word = arguments.last().filter(|_| !begins_word);
        let typed = word.map(|it| it.text.to_string()).unwrap_or_default();
        let position = arguments.len() - usize::from(word.is_some());
        if let Some(start) = typed.rfind("${").filter(|it| !typed[*it..].contains('}')) {
            return self.variables(&typed[start + 2..]);
        }
        if let Some(start) = typed.rfind("%{").filter(|it| !typed[*it..].contains('}')) {
            return self.server_variables(&directive, &typed[start + 2..]);
        }
        if let Some(start) = typed.rfind('[').filter(|_| position >= 2) {
            return self.flags(&directive, &typed[start + 1..]);
        }
        if directive.eq_ignore_ascii_case("LoadModule") && position == 0 {
            return self.modules(&typed);
        }
        let mut choices = self.of_forms(&directive, position);
        let words = offered::words(&directive, position).into_iter();
        choices.extend(words.map(Choice::value));
        choices.extend(self.names(&directive, position, &typed));
        let functions = offered::functions(&directive).iter();
        choices.extend(functions.map(|it| Choice::of(CompletionItemKind::Function, it.0, it.1)));
        let sign = typed.starts_with(['+', '-']) as usize;
        let length = typed.len() - sign;
        let mut seen = Vec::new();
        choices.retain(|it| {
            let is_new = !seen.contains(&it.label);
            seen.push(it.label.clone());
            is_new
        });
        let mut items: Vec<CompletionItem> = choices
            .into_iter()
            .map(|it| self.item(it, length, None))
            .collect();
        items.extend(self.paths(&directive, position, &typed));
        items
    }

    // The items that the format of a log, or the value of a header, may go on with.
    fn of_format(&self) -> Option<Vec<CompletionItem>> {
        let all = words::split(self.text);
        let format = Format::of(&all.first()?.text)?;
        let word = all
            .last()
            .filter(|_| !self.text.ends_with(is_blank) || self.is_quoted(&all))?;
        let offered = format
            .offered(&word.text)
            .filter(|_| !word.text.starts_with("expr="))?;
        let length = word.text.len() - offered.start;
        let snippets = self.view.whole.abilities.snippets;
        let item = |it: Offer| {
            let choice = Choice::of(CompletionItemKind::Value, it.text.clone(), it.meaning);
            let placeholder = it.placeholder.filter(|_| snippets);
            let text = placeholder.clone().map(|range| {
                let (before, behind) = (&it.text[..range.start], &it.text[range.end..]);
                format!("{before}${{1:{}}}{behind}", &it.text[range])
            });
            let mut item = self.item(choice, length, text);
            item.insert_text_format = placeholder.map(|_| InsertTextFormat::Snippet);
            item
        };
        Some(offered.items.into_iter().map(item).collect())
    }

    // Whether the last word is open, so that a blank at the end is part of it.
    fn is_quoted(&self, all: &[words::Word<'_>]) -> bool {
        all.last().is_some_and(|it| it.unterminated)
    }

    // The words that the table knows: of a flag the two, of other forms those that are named.
    fn of_forms(&self, directive: &str, position: usize) -> Vec<Choice> {
        let table = self.view.whole.session.inputs().table;
        let definitions = table.name(directive).into_iter();
        let definitions = definitions.flat_map(|it| table.definitions(it));
        let mut choices = Vec::new();
        for definition in definitions {
            if definition.arity == Arity::Flag && position == 0 {
                choices.extend(["On", "Off"].map(Choice::value));
            }
            let words: &[crate::form::Text] = match definition.forms.at(position) {
                Some(Form::OneOf { values, or, .. }) => {
                    choices.extend(values.iter().map(|it| Choice::value(it.clone())));
                    or
                }
                Some(Form::Number(number)) => &number.or,
                Some(Form::Duration(duration)) => &duration.or,
                _ => &[],
            };
            choices.extend(words.iter().map(|it| Choice::value(it.clone())));
        }
        if directive.eq_ignore_ascii_case("Mutex") && position == 0 {
            let facts = self.view.whole.session.inputs().facts;
            if let Some(mechanisms) = &facts.mutex_mechanisms {
                let mechanisms = mechanisms.value.iter();
                choices.extend(mechanisms.map(|it| Choice {
                    rank: 0,
                    ..Choice::of(CompletionItemKind::Value, it.clone(), "this server has it")
                }));
            }
        }
        choices
    }

    // The names of the tree that may stand here.
    fn names(&self, directive: &str, position: usize, typed: &str) -> Vec<Choice> {
        let thing = match (directive.to_ascii_lowercase().as_str(), position) {
            ("use" | "undefmacro", 0) => Thing::Macro,
            ("wsgiprocessgroup", 0) => Thing::DaemonGroup,
            ("customlog" | "globallog", 1) => Thing::LogNickname,
            ("<ifdefine" | "undefine", 0) => Thing::Variable,
            ("require", 0) | ("authbasicprovider" | "authdigestprovider", _) => {
                Thing::ProviderAlias
            }
            ("<ifmodule", 0) => Thing::Module,
            (_, _) if typed.contains("balancer://") => Thing::Balancer,
            (_, _) if typed.starts_with("process-group=") => Thing::DaemonGroup,
            _ => return Vec::new(),
        };
        let before = match thing {
            Thing::Balancer => "balancer://",
            Thing::DaemonGroup if typed.starts_with("process-group=") => "process-group=",
            _ => "",
        };
        let declared = self.view.whole.declared(thing).into_iter();
        let named = declared.map(|it| {
            let label = format!("{before}{it}");
            Choice::of(CompletionItemKind::Reference, label, thing.title())
        });
        named.collect()
    }

    // Those that a `Define` gives a value, and those of the environment that httpd starts with.
    fn variables(&self, typed: &str) -> Vec<CompletionItem> {
        let declared = self.view.whole.declared(Thing::Variable);
        let environment = self.view.whole.session.inputs().facts.environment.as_ref();
        let inherited = environment
            .into_iter()
            .flat_map(|it| it.value.values.keys());
        let inherited = inherited.filter(|it| !declared.contains(it)).cloned();
        let item = |(name, what): (String, &str)| {
            let new = format!("{name}}}");
            let choice = Choice::of(CompletionItemKind::Variable, name, what);
            self.item(choice, typed.len(), Some(new))
        };
        let inherited: Vec<_> = inherited
            .map(|it| (it, "variable of the environment"))
            .collect();
        let declared = declared.iter().map(|it| (it.clone(), "variable"));
        declared.chain(inherited).map(item).collect()
    }

    // The modules that are not there yet, each with the place of its file.
    fn modules(&self, typed: &str) -> Vec<CompletionItem> {
        let session = self.view.whole.session;
        let (table, facts) = (session.inputs().table, session.inputs().facts);
        let modules = table.modules().filter(|(id, module)| {
            !module.object.is_empty() && !session.modules().has(*id).is_true()
        });
        let item = |module: &Module| {
            let path = facts.module_path(&module.object);
            let name = module.identifier.to_string();
            let new = format!("{name} {path}");
            let choice = Choice::of(CompletionItemKind::Module, name, &path);
            self.item(choice, typed.len(), Some(new))
        };
        modules.map(|it| item(it.1)).collect()
    }

    fn server_variables(&self, directive: &str, typed: &str) -> Vec<CompletionItem> {
        let item = |(name, meaning): (&str, &str)| {
            let choice = Choice::of(CompletionItemKind::Variable, name, meaning);
            self.item(choice, typed.len(), Some(format!("{name}}}")))
        };
        offered::variables(directive)
            .into_iter()
            .map(item)
            .collect()
    }

    fn flags(&self, directive: &str, typed: &str) -> Vec<CompletionItem> {
        let last = typed.rsplit(',').next().unwrap_or(typed);
        let item = |(short, long): (&str, &str)| {
            let detail = Some(long).filter(|it| !it.is_empty());
            let choice = Choice {
                detail: detail.map(str::to_owned),
                kind: CompletionItemKind::EnumMember,
                ..Choice::value(short)
            };
            self.item(choice, last.len(), None)
        };
        let flags = offered::rewrite_flags(directive).into_iter();
        flags.map(item).collect()
    }

    // The files and folders that a path may go on with.
    fn paths(&self, directive: &str, position: usize, typed: &str) -> Vec<CompletionItem> {
        if !self.is_path(directive, position) {
            return Vec::new();
        }
        let (folder, last) = typed.rsplit_once('/').map_or(("", typed), |it| it);
        let folder = match typed.starts_with('/') {
            true => format!("{folder}/"),
            false => match self.view.whole.session.modules().server_root() {
                Some(root) => format!("{}/{folder}", root.trim_end_matches('/')),
                None => return Vec::new(),
            },
        };
        let world = self.view.whole.tree.world();
        let mut entries = world.list(&folder).unwrap_or_default();
        entries.sort();
        let item = |it: &crate::world::Entry| {
            let path = format!("{}/{}", folder.trim_end_matches('/'), it.name);
            let is_folder = world.kind(&path) == Kind::Directory;
            let kind = match is_folder {
                true => CompletionItemKind::Folder,
                false => CompletionItemKind::File,
            };
            let slash = if is_folder { "/" } else { "" };
            let choice = Choice {
                kind,
                rank: 1,
                ..Choice::value(format!("{}{slash}", it.name))
            };
            self.item(choice, last.len(), None)
        };
        entries.iter().map(item).collect()
    }

    fn is_path(&self, directive: &str, position: usize) -> bool {
        let table = self.view.whole.session.inputs().table;
        let definitions = table.name(directive).into_iter();
        let mut definitions = definitions.flat_map(|it| table.definitions(it));
        let by_form = definitions.any(|it| {
            matches!(
                it.forms.at(position),
                Some(Form::File { .. } | Form::Readable { .. } | Form::Directory { .. })
            )
        });
        by_form || super::links::is_path(directive, position)
    }
}
