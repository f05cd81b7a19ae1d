//! What a comment may tell httpd-lint.

use lsp_types::{CompletionItem, CompletionItemKind};

use super::{Before, Choice};
use crate::diagnostic::Level;
use crate::evaluate::Standing;
use crate::rules;
use crate::syntax::Instruction;
use crate::syntax::words::is_blank;

impl Before<'_> {
    /// The names of instructions, and what stands in their brackets; nothing in a comment that is
    /// meant for people.
    pub(super) fn instructions(&self) -> Vec<CompletionItem> {
        let Some(told) = Instruction::begun(self.text) else {
            return Vec::new();
        };
        let Some((name, list)) = told.split_once('(') else {
            let names = Instruction::NAMES.iter();
            let offered = names.map(|it| {
                let choice = Choice::of(CompletionItemKind::Keyword, *it, "httpd-lint");
                self.item(choice, told.len(), Some(format!("{it}(")))
            });
            return offered.collect();
        };
        if list.contains(')') {
            return Vec::new();
        }
        let typed = list.rsplit(',').next().unwrap_or(list);
        let typed = typed.trim_start_matches(is_blank).len();
        let choices: Vec<Choice> = match name {
            "context" => Standing::names().map(Choice::value).collect(),
            _ => {
                // What httpd refuses, no comment makes acceptable.
                let rules = rules::all().filter(|it| it.level < Level::Error);
                let kind = CompletionItemKind::Value;
                rules
                    .map(|it| Choice::of(kind, it.id, &it.summary()))
                    .collect()
            }
        };
        let choices = choices.into_iter();
        choices.map(|it| self.item(it, typed, None)).collect()
    }
}
