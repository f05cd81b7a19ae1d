//! The states of httpd's parser, derived from its grammar as Bison derives them.
//!
//! Every state either shifts or reduces by one production, whatever the token (Bison's default
//! reduction). So states need no lookahead sets: an LR(0) automaton in which precedence takes away
//! some shifts is the whole LALR(1) parser, and says which tokens it expects.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::grammar::{Nonterminal, PRODUCTIONS, Symbol, precedence};
use super::token::{KINDS, Kind};

/// The number of a state.
pub(super) type StateId = usize;

/// Where the parser begins.
pub(super) const START: StateId = 0;

/// The most candidates that a message names.
const MOST_EXPECTED: usize = 4;

/// One state.
#[derive(Debug)]
pub(super) struct State {
    shifts: [Option<StateId>; KINDS.len()],
    /// The states behind what a production makes.
    pub(super) behind: BTreeMap<Nonterminal, StateId>,
    /// The production to reduce by where nothing is shifted.
    pub(super) reduction: Option<usize>,
}

impl State {
    /// Whether the parser reduces without looking at the next token.
    pub(super) fn is_consistent(&self) -> bool {
        self.reduction.is_some() && self.shifts.iter().all(Option::is_none)
    }

    /// The state behind a token.
    pub(super) fn shift(&self, kind: Kind) -> Option<StateId> {
        self.shifts[kind as usize]
    }

    /// Whether only this token fits.
    pub(super) fn expects_only(&self, kind: Kind) -> bool {
        let fits = |it: &(Kind, &str)| self.shift(it.0).is_some() == (it.0 == kind);
        self.reduction.is_none() && KINDS.iter().all(fits)
    }

    /// Bison's message about a token that does not fit.
    pub(super) fn message(&self, unexpected: Kind) -> String {
        let expected: Vec<_> = KINDS
            .iter()
            .filter(|it| self.shift(it.0).is_some())
            .map(|it| it.1)
            .collect();
        let message = format!("syntax error, unexpected {}", unexpected.name());
        if expected.is_empty() || expected.len() > MOST_EXPECTED {
            return message;
        }
        format!("{message}, expecting {}", expected.join(" or "))
    }
}

/// The state of a number.
pub(super) fn state(id: StateId) -> &'static State {
    static STATES: LazyLock<Vec<State>> = LazyLock::new(states);
    &STATES[id]
}

/// How far a production has been read: its number, and the symbols before the mark.
type Item = (usize, usize);

// The state behind all of the text accepts it. It is no production of ours.
const WHOLE: Item = (usize::MAX, 0);

fn states() -> Vec<State> {
    let mut kernels = vec![vec![WHOLE]];
    let mut states = Vec::new();
    while let Some(kernel) = kernels.get(states.len()) {
        let items = closure(kernel);
        let mut state = State {
            shifts: [None; KINDS.len()],
            behind: BTreeMap::new(),
            reduction: None,
        };
        let mut successors: Vec<(Symbol, Vec<Item>)> = Vec::new();
        for item in items {
            let Some(symbol) = next(item) else {
                state.reduction = Some(item.0).filter(|it| *it != WHOLE.0);
                continue;
            };
            let advanced = (item.0, item.1 + 1);
            match successors.iter_mut().find(|it| it.0 == symbol) {
                Some((_, kernel)) => kernel.push(advanced),
                None => successors.push((symbol, vec![advanced])),
            }
        }
        let binding = state.reduction.and_then(|it| PRODUCTIONS[it].precedence());
        for (symbol, mut kernel) in successors {
            if is_reduced_before(binding, symbol) {
                continue;
            }
            kernel.sort_unstable();
            let id = kernels.iter().position(|it| *it == kernel);
            let id = id.unwrap_or_else(|| {
                kernels.push(kernel);
                kernels.len() - 1
            });
            match symbol {
                Symbol::Token(kind) => state.shifts[kind as usize] = Some(id),
                Symbol::Nonterminal(nonterminal) => {
                    state.behind.insert(nonterminal, id);
                }
            }
        }
        states.push(state);
    }
    states
}

// Whether a production that is complete binds tighter than the token behind it.
fn is_reduced_before(binding: Option<u8>, symbol: Symbol) -> bool {
    let Symbol::Token(kind) = symbol else {
        return false;
    };
    precedence(kind)
        .zip(binding)
        .is_some_and(|(token, production)| token < production)
}

fn next((production, read): Item) -> Option<Symbol> {
    if production == WHOLE.0 {
        let whole = [
            Symbol::Nonterminal(Nonterminal::Root),
            Symbol::Token(Kind::End),
        ];
        return whole.get(read).copied();
    }
    PRODUCTIONS[production].right.get(read).copied()
}

fn closure(kernel: &[Item]) -> Vec<Item> {
    let mut items = kernel.to_vec();
    let mut at = 0;
    while let Some(item) = items.get(at).copied() {
        at += 1;
        let Some(Symbol::Nonterminal(nonterminal)) = next(item) else {
            continue;
        };
        for (production, it) in PRODUCTIONS.iter().enumerate() {
            if it.left == nonterminal && !items.contains(&(production, 0)) {
                items.push((production, 0));
            }
        }
    }
    items
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_state_has_two_productions_to_reduce_by() {
        let mut seen = vec![vec![WHOLE]];
        let mut at = 0;
        while let Some(kernel) = seen.get(at).cloned() {
            at += 1;
            let items = closure(&kernel);
            let complete = items
                .iter()
                .filter(|it| next(**it).is_none() && it.0 != WHOLE.0);
            assert!(complete.count() <= 1, "{kernel:?}");
            for symbol in items.iter().filter_map(|it| next(*it)) {
                let behind = items.iter().filter(|it| next(**it) == Some(symbol));
                let behind: Vec<_> = behind.map(|it| (it.0, it.1 + 1)).collect();
                if !seen.contains(&behind) {
                    seen.push(behind);
                }
            }
        }
    }
}
