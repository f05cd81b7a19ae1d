//! When httpd comes to what is wrong.

/// The turn of a finding in its file: httpd reports the earliest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Turn {
    position: u32,
    // What is found behind a body comes before the node that follows the body. Of sections that end
    // together the inner one, which begins later, comes first.
    order: u32,
}

impl Turn {
    /// At a node, by its position in the file.
    pub fn at(position: u32) -> Self {
        Self {
            position,
            order: u32::MAX,
        }
    }

    /// Behind the body of a section that begins at one position and ends before another.
    pub fn behind(begin: u32, end: u32) -> Self {
        Self {
            position: end,
            order: u32::MAX - 1 - begin.min(u32::MAX - 1),
        }
    }

    /// Whether it comes before the files are read that the node at a position includes.
    pub fn is_reached_at(self, position: u32) -> bool {
        self.position <= position
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_inner_section_ends_first_and_both_before_what_follows() {
        let mut turns = [
            Turn::at(5),
            Turn::behind(1, 5),
            Turn::behind(3, 5),
            Turn::at(4),
        ];
        turns.sort_unstable();
        let expected = [
            Turn::at(4),
            Turn::behind(3, 5),
            Turn::behind(1, 5),
            Turn::at(5),
        ];
        assert_eq!(turns, expected);
    }
}
