//! A hash of names that does not see their case.

/// The hash of a name; the same for every spelling of it.
///
/// Setting bit 5 of every byte makes ASCII letters lower case. It also confuses a few other
/// characters, which no directive's name has and which the comparison after the look-up tells
/// apart. Eight bytes at a time, because a directive's name is looked up for every line.
pub(super) fn folded_hash(name: &str) -> u32 {
    let mut chunks = name.as_bytes().chunks_exact(8);
    let mut hash = name.len() as u64;
    for chunk in &mut chunks {
        let word = chunk.try_into().map_or(0, u64::from_le_bytes);
        hash = mix(hash, word);
    }
    let mut last = [0; 8];
    for (to, from) in last.iter_mut().zip(chunks.remainder()) {
        *to = *from;
    }
    let hash = mix(hash, u64::from_le_bytes(last));
    (hash >> 32) as u32
}

fn mix(hash: u64, word: u64) -> u64 {
    const LOWER_CASE: u64 = 0x2020_2020_2020_2020;
    const GOLDEN_RATIO: u64 = 0x9e37_79b9_7f4a_7c15;
    let mixed = (hash.rotate_left(29) ^ (word | LOWER_CASE)).wrapping_mul(GOLDEN_RATIO);
    mixed ^ (mixed >> 31)
}
