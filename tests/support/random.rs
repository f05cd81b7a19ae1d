//! Numbers that look random and are the same in every run.
#![allow(dead_code, reason = "each test uses its part")]

/// A sequence of numbers that looks random (SplitMix64).
pub(crate) struct Random(u64);

impl Random {
    /// The sequence of one mutant out of many.
    pub(crate) fn of(seed: u64, number: u64) -> Self {
        let mut random = Self(seed ^ number.wrapping_mul(0xd134_2543_de82_ef95));
        random.next();
        random
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 up to, but without, `end`; 0 where there is none.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end.max(1)).expect("a length is a number of 64 bits");
        usize::try_from(self.next() % end).expect("it is smaller than a length")
    }

    pub(crate) fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }
}

/// A number that the environment may say: how many configurations, which seed.
pub(crate) fn wanted(name: &str, usual: u64) -> u64 {
    let wanted = std::env::var(name).ok();
    wanted.and_then(|it| it.parse().ok()).unwrap_or(usual)
}
