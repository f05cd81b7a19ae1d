//! Which characters that mean something stand in a text.

/// A set of characters, found in one pass over a text: what looks for one of them can pass over
/// most texts without reading them again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Marks(u8);

// LF or NUL: of a logical line, that its bytes are not yet what httpd reads.
const BREAK: u8 = 1;
const QUOTE: u8 = 2;
const HASH: u8 = 4;
const DOLLAR: u8 = 8;

const OF_BYTE: [u8; 256] = {
    let mut table = [0; 256];
    table[b'\n' as usize] = BREAK;
    table[b'\0' as usize] = BREAK;
    table[b'"' as usize] = QUOTE;
    table[b'\'' as usize] = QUOTE;
    table[b'#' as usize] = HASH;
    table[b'$' as usize] = DOLLAR;
    table
};

impl Marks {
    /// The marks of a text.
    pub fn of(text: &str) -> Self {
        let marks = text.bytes().map(|it| OF_BYTE[usize::from(it)]);
        Self(marks.fold(0, |all, it| all | it))
    }

    /// Whether there is an LF or a NUL.
    pub fn has_break(self) -> bool {
        self.0 & BREAK != 0
    }

    /// Whether there is a `"` or a `'`.
    pub fn has_quote(self) -> bool {
        self.0 & QUOTE != 0
    }

    /// Whether there is a `#`.
    pub fn has_hash(self) -> bool {
        self.0 & HASH != 0
    }

    /// Whether there is a `$`.
    pub fn has_dollar(self) -> bool {
        self.0 & DOLLAR != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_character_has_its_mark() {
        let all = |text| {
            let marks = Marks::of(text);
            [
                marks.has_break(),
                marks.has_quote(),
                marks.has_hash(),
                marks.has_dollar(),
            ]
        };
        assert_eq!(all("ServerName a\\b"), [false; 4]);
        assert_eq!(all("a\nb"), [true, false, false, false]);
        assert_eq!(all("a\0b"), [true, false, false, false]);
        assert_eq!(all("'a"), [false, true, false, false]);
        assert_eq!(all("\"a"), [false, true, false, false]);
        assert_eq!(all("é#"), [false, false, true, false]);
        assert_eq!(all("${X}"), [false, false, false, true]);
    }
}
