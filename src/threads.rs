//! Work in several threads, whose result does not depend on how many there are.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// More threads than this hardly make a check faster.
const MOST_THREADS: usize = 8;

/// How many threads are worth it for work that falls into so many parts: no more than this machine
/// runs at once.
pub(crate) fn useful_for(parts: usize) -> usize {
    // Asking the machine takes longer than a little work.
    match parts.min(MOST_THREADS) {
        0 | 1 => 1,
        useful => thread::available_parallelism().map_or(1, |it| it.get().min(useful)),
    }
}

/// What a function makes of each part of a list, in the order of the list.
///
/// A part has at most `length` items. Whichever thread is free takes the next part; `state` makes
/// what a thread keeps from one part to the next.
pub(crate) fn map_parts<T: Sync, S, R: Send>(
    items: &[T],
    length: usize,
    state: impl Fn() -> S + Sync,
    make: impl Fn(&mut S, &[T]) -> R + Sync,
) -> Vec<R> {
    let count = items.len().div_ceil(length.max(1));
    let next = AtomicUsize::new(0);
    let work = || {
        let mut state = state();
        let mut made = Vec::new();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some(part) = items.chunks(length.max(1)).nth(number) else {
                return made;
            };
            made.push((number, make(&mut state, part)));
        }
    };
    let mut made = thread::scope(|scope| {
        let others: Vec<_> = (1..useful_for(count)).map(|_| scope.spawn(work)).collect();
        let mut made = work();
        for thread in others {
            match thread.join() {
                Ok(more) => made.extend(more),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        made
    });
    made.sort_unstable_by_key(|it| it.0);
    made.into_iter().map(|it| it.1).collect()
}

/// What two functions make, the first of them in a thread of its own if that is worth it.
pub(crate) fn both<A: Send, B>(
    is_worth_it: bool,
    one: impl FnOnce() -> A + Send,
    other: impl FnOnce() -> B,
) -> (A, B) {
    if !is_worth_it {
        return (one(), other());
    }
    thread::scope(|scope| {
        let one = scope.spawn(one);
        let other = other();
        match one.join() {
            Ok(one) => (one, other),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_is_that_of_the_list() {
        let numbers: Vec<usize> = (0..1000).collect();
        let parts = map_parts(&numbers, 7, || (), |(), part| part.to_vec());
        assert_eq!(parts.concat(), numbers);
        assert!(map_parts(&numbers[..0], 7, || (), |(), part| part.len()).is_empty());
    }
}
