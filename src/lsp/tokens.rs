//! The colours that only the table of directives and the configuration know.

use std::ops::Range;

use lsp_types::{SemanticToken, SemanticTokens, SemanticTokensLegend};

use super::findings::inactive_bodies;
use super::view::View;
use crate::argument::passages;
use crate::form::Form;
use crate::httpd::NameId;
use crate::syntax::words::{self, Quote};
use crate::syntax::{Line, LineKind};

/// The kinds of tokens, by their numbers.
const TYPES: [&str; 9] = [
    "comment",
    "keyword",
    "class",
    "string",
    "number",
    "variable",
    "regexp",
    "enumMember",
    "parameter",
];
/// The bits that a token may have besides.
const MODIFIERS: [&str; 3] = ["unknown", "inactive", "deprecated"];

const COMMENT: u32 = 0;
const KEYWORD: u32 = 1;
const CLASS: u32 = 2;
const STRING: u32 = 3;
const NUMBER: u32 = 4;
const VARIABLE: u32 = 5;
const REGEXP: u32 = 6;
const ENUM_MEMBER: u32 = 7;
const PARAMETER: u32 = 8;

const UNKNOWN: u32 = 1;
const INACTIVE: u32 = 2;
const DEPRECATED: u32 = 4;

/// What the numbers mean.
pub(super) fn legend() -> SemanticTokensLegend {
    SemanticTokensLegend {
        token_types: TYPES.map(str::to_owned).to_vec(),
        token_modifiers: MODIFIERS.map(str::to_owned).to_vec(),
    }
}

struct Token {
    bytes: Range<usize>,
    kind: u32,
    modifiers: u32,
}

/// The tokens of the lines that touch a range.
pub(super) fn tokens(view: &View<'_>, wanted: Range<usize>) -> SemanticTokens {
    let dead = inactive_bodies(view);
    let lines = view.document.lines.iter();
    let lines =
        lines.filter(|it| (it.start as usize) < wanted.end && wanted.start < it.end as usize);
    let mut data = Vec::new();
    let (mut last_line, mut last_column) = (0, 0);
    for line in lines {
        let is_dead = dead.iter().any(|it| it.contains(&(line.start as usize)));
        for mut token in of_line(view, line) {
            token.modifiers |= if is_dead { INACTIVE } else { 0 };
            let range = view.range(token.bytes);
            // A token ends on its line.
            if range.start.line != range.end.line || range.start == range.end {
                continue;
            }
            let (line, column) = (range.start.line, range.start.character);
            let delta_start = match line == last_line {
                true => column - last_column,
                false => column,
            };
            data.push(SemanticToken {
                delta_line: line - last_line,
                delta_start,
                length: range.end.character - column,
                token_type: token.kind,
                token_modifiers_bitset: token.modifiers,
            });
            (last_line, last_column) = (line, column);
        }
    }
    SemanticTokens {
        result_id: None,
        data,
    }
}

// In the order of the text, not overlapping.
fn of_line(view: &View<'_>, line: &Line) -> Vec<Token> {
    let span = view.document.span(line, view.text()).range();
    let token = |bytes, kind, modifiers| Token {
        bytes,
        kind,
        modifiers,
    };
    if line.kind == LineKind::Comment {
        return vec![token(span, COMMENT, 0)];
    }
    let logical = view.document.logical(line, view.text());
    let all = words::split(&logical.text);
    let Some((first, arguments)) = all.split_first() else {
        return Vec::new();
    };
    let table = view.whole.session.inputs().table;
    let word = first.text.replacen("</", "<", 1);
    let word = word.trim_end_matches('>');
    let name = table.name(word);
    let is_old = |it: NameId| table.definitions(it).all(|it| it.deprecated.is_some());
    let modifiers = match name {
        Some(name) if is_old(name) => DEPRECATED,
        Some(_) => 0,
        None => UNKNOWN,
    };
    let kind = match line.kind {
        LineKind::Open | LineKind::Close => CLASS,
        _ => KEYWORD,
    };
    let mut tokens = vec![token(logical.word(first).range(), kind, modifiers)];
    for (position, argument) in arguments.iter().enumerate() {
        let is_form = |wanted: fn(&Form) -> bool| {
            let definitions = name.into_iter().flat_map(|it| table.definitions(it));
            let mut forms = definitions.filter_map(|it| it.forms.at(position));
            forms.any(wanted)
        };
        let is_pattern = passages::is_pattern(word, position);
        let text = &argument.text;
        let kind = if is_pattern || is_form(|it| matches!(it, Form::Regex { .. })) {
            REGEXP
        } else if text.starts_with(|it: char| it.is_ascii_digit())
            && text.chars().all(|it| it.is_ascii_digit() || it == '.')
        {
            NUMBER
        } else if is_form(|it| matches!(it, Form::OneOf { .. })) {
            ENUM_MEMBER
        } else if argument.quote == Quote::None {
            PARAMETER
        } else {
            STRING
        };
        let bytes = logical.word(argument).range();
        split_variables(view.text(), bytes, kind, &mut tokens);
    }
    tokens
}

// `${NAME}` is a token of its own in a word.
fn split_variables(text: &str, word: Range<usize>, kind: u32, tokens: &mut Vec<Token>) {
    let mut at = word.start;
    let token = |bytes, kind| Token {
        bytes,
        kind,
        modifiers: 0,
    };
    while let Some(found) = text[at..word.end].find("${") {
        let start = at + found;
        let Some(length) = text[start..word.end].find('}') else {
            break;
        };
        if start > at {
            tokens.push(token(at..start, kind));
        }
        at = start + length + 1;
        tokens.push(token(start..at, VARIABLE));
    }
    if at < word.end {
        tokens.push(token(at..word.end, kind));
    }
}
