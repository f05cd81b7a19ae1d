//! The dynamic section of an ELF file, as `readelf -d` prints it.

/// What a shared object asks of the loader.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Dynamic {
    /// `NEEDED`, in their order.
    pub(super) needed: Vec<String>,
    /// `RUNPATH`, or else `RPATH`.
    pub(super) run_path: Option<String>,
}

// `p_type`, and `d_tag` of the entries.
const PT_LOAD: u64 = 1;
const PT_DYNAMIC: u64 = 2;
const DT_NEEDED: u64 = 1;
const DT_STRTAB: u64 = 5;
const DT_RPATH: u64 = 15;
const DT_RUNPATH: u64 = 29;

// A file with more is none that a linker made.
const MOST_ENTRIES: usize = 4096;

/// Reads the dynamic section; `None` where the bytes are no ELF file with one.
pub(super) fn dynamic(bytes: &[u8]) -> Option<Dynamic> {
    let file = File::new(bytes)?;
    let segments = file.segments()?;
    let place = segments.iter().find(|it| it.kind == PT_DYNAMIC)?;
    let entries = file.entries(place)?;
    let first = |tag| entries.iter().find(|it| it.0 == tag).map(|it| it.1);
    let strings = first(DT_STRTAB)?;
    let load = segments
        .iter()
        .find(|it| it.kind == PT_LOAD && (it.address..it.end()).contains(&strings))?;
    let strings = strings - load.address + load.offset;
    let text = |at: u64| file.text(strings.checked_add(at)?);
    Some(Dynamic {
        needed: entries
            .iter()
            .filter(|it| it.0 == DT_NEEDED)
            .map(|it| text(it.1))
            .collect::<Option<_>>()?,
        run_path: first(DT_RUNPATH).or_else(|| first(DT_RPATH)).and_then(text),
    })
}

struct File<'b> {
    bytes: &'b [u8],
    // 8 in files of 64 bits, 4 in those of 32.
    word: usize,
    little: bool,
}

struct Segment {
    kind: u64,
    offset: u64,
    address: u64,
    size: u64,
}

impl Segment {
    fn end(&self) -> u64 {
        self.address.saturating_add(self.size)
    }
}

impl<'b> File<'b> {
    fn new(bytes: &'b [u8]) -> Option<Self> {
        let rest = bytes.strip_prefix(b"\x7fELF")?;
        let word = match rest.first()? {
            1 => 4,
            2 => 8,
            _ => return None,
        };
        let little = match rest.get(1)? {
            1 => true,
            2 => false,
            _ => return None,
        };
        Some(Self {
            bytes,
            word,
            little,
        })
    }

    fn number(&self, at: usize, size: usize) -> Option<u64> {
        let bytes = self.bytes.get(at..at.checked_add(size)?)?;
        let join = |number: u64, byte: &u8| number << 8 | u64::from(*byte);
        Some(match self.little {
            true => bytes.iter().rev().fold(0, join),
            false => bytes.iter().fold(0, join),
        })
    }

    // `e_phoff`, `e_phentsize` and `e_phnum` of the header, and the program headers.
    fn segments(&self) -> Option<Vec<Segment>> {
        let wide = self.word == 8;
        let (table, size, count) = if wide { (32, 54, 56) } else { (28, 42, 44) };
        let table = usize::try_from(self.number(table, self.word)?).ok()?;
        let size = usize::try_from(self.number(size, 2)?).ok()?;
        let count = usize::try_from(self.number(count, 2)?).ok()?;
        // `p_offset`, `p_vaddr` and `p_filesz`.
        let fields = if wide { [8, 16, 32] } else { [4, 8, 16] };
        let segment = |index: usize| {
            let at = table.checked_add(index.checked_mul(size)?)?;
            let field = |it: usize| self.number(at.checked_add(it)?, self.word);
            Some(Segment {
                kind: self.number(at, 4)?,
                offset: field(fields[0])?,
                address: field(fields[1])?,
                size: field(fields[2])?,
            })
        };
        (0..count).map(segment).collect()
    }

    // Tags and values.
    fn entries(&self, place: &Segment) -> Option<Vec<(u64, u64)>> {
        let begin = usize::try_from(place.offset).ok()?;
        let count = usize::try_from(place.size).ok()? / (2 * self.word);
        let entry = |index: usize| {
            let at = begin.checked_add(index * 2 * self.word)?;
            let value = self.number(at.checked_add(self.word)?, self.word)?;
            Some((self.number(at, self.word)?, value))
        };
        (0..count.min(MOST_ENTRIES)).map(entry).collect()
    }

    fn text(&self, at: u64) -> Option<String> {
        let bytes = self.bytes.get(usize::try_from(at).ok()?..)?;
        let end = memchr::memchr(0, bytes)?;
        Some(std::str::from_utf8(&bytes[..end]).ok()?.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_elf_file_has_no_libraries() {
        for bytes in [
            &b""[..],
            b"\x7fELF",
            b"\x7fELF\x02\x01\x01",
            b"#!/bin/sh\nexit\n",
            &[0xff; 200],
        ] {
            assert_eq!(dynamic(bytes), None);
        }
    }

    #[test]
    fn a_file_that_is_cut_anywhere_is_no_reason_to_stop() {
        let Ok(whole) = std::fs::read("/proc/self/exe") else {
            return;
        };
        let all = dynamic(&whole).unwrap();
        assert!(
            all.needed.iter().any(|it| it.starts_with("libc.")),
            "{all:?}"
        );
        for end in (0..4096).chain((4096..whole.len()).step_by(whole.len() / 512)) {
            let _ = dynamic(&whole[..end]);
        }
    }
}
