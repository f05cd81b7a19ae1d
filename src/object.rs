//! Shared objects in the form of ELF: what the dynamic linker and `LoadModule` read of one, found
//! without loading it.

/// What a shared object asks of the loader, as `readelf -d` prints it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dynamic {
    /// `NEEDED`, in their order.
    pub needed: Vec<String>,
    /// `RUNPATH`, or else `RPATH`.
    pub run_path: Option<String>,
}

/// The beginning of the structure `module` of `http_config.h` that `LoadModule` looks for, as
/// `STANDARD20_MODULE_STUFF` fills it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Structure {
    /// `MODULE_MAGIC_NUMBER_MAJOR` of the httpd that it was built for.
    pub version: u32,
    /// The name of its source file: `mod_wsgi.c`; `None` where only a loader could tell.
    pub name: Option<String>,
    /// `MODULE_MAGIC_COOKIE` of the httpd that it was built for; a word of the machine.
    pub magic: u64,
}

// `p_type`, and `d_tag` of the entries.
const PT_LOAD: u64 = 1;
const PT_DYNAMIC: u64 = 2;
const DT_NEEDED: u64 = 1;
const DT_STRTAB: u64 = 5;
const DT_RELA: u64 = 7;
const DT_RELASZ: u64 = 8;
const DT_RPATH: u64 = 15;
const DT_RUNPATH: u64 = 29;
// `sh_type` of the symbols that a loader may ask for.
const SHT_DYNSYM: u64 = 11;

// A file with more is none that a linker made.
const MOST_ENTRIES: usize = 4096;
const MOST_SYMBOLS: usize = 1 << 20;

/// Reads the dynamic section; `None` where the bytes are no ELF file with one.
pub fn dynamic(bytes: &[u8]) -> Option<Dynamic> {
    let file = File::new(bytes)?;
    let segments = file.segments()?;
    let entries = file.dynamic(&segments)?;
    let first = |tag| entries.iter().find(|it| it.0 == tag).map(|it| it.1);
    let strings = offset_of(&segments, first(DT_STRTAB)?)?;
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

/// Whether the object has a symbol of this name that a loader finds (`dlsym`); `None` where its
/// symbols cannot be read.
pub fn has_symbol(bytes: &[u8], name: &str) -> Option<bool> {
    Some(File::new(bytes)?.symbol(name)?.is_some())
}

/// The structure of a module that stands under a symbol; `None` where there is none that is
/// large enough, or where it cannot be read.
pub fn structure(bytes: &[u8], name: &str) -> Option<Structure> {
    let file = File::new(bytes)?;
    let symbol = file.symbol(name)??;
    // `version`, `minor_version` and `module_index`, then in words `name`, `dynamic_load_handle`,
    // `next` and `magic`.
    let word = u64::try_from(file.word).ok()?;
    let words = 12_u64.next_multiple_of(word);
    if symbol.size < words + 4 * word {
        return None;
    }
    let segments = file.segments()?;
    let number = |past: u64, size: usize| {
        let at = offset_of(&segments, symbol.address.checked_add(past)?)?;
        file.number(usize::try_from(at).ok()?, size)
    };
    let name = || {
        let place = symbol.address.checked_add(words)?;
        let address = match number(words, file.word)? {
            0 => file.relocated(&segments, place)?,
            address => address,
        };
        file.text(offset_of(&segments, address)?)
    };
    Some(Structure {
        version: u32::try_from(number(0, 4)?).ok()?,
        name: name(),
        magic: number(words + 3 * word, file.word)?,
    })
}

// Where in the file that is which is loaded to an address.
fn offset_of(segments: &[Segment], address: u64) -> Option<u64> {
    let load = segments
        .iter()
        .find(|it| it.kind == PT_LOAD && (it.address..it.end()).contains(&address))?;
    (address - load.address).checked_add(load.offset)
}

struct Symbol {
    address: u64,
    size: u64,
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

struct Section {
    kind: u64,
    offset: u64,
    size: u64,
    link: usize,
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

    fn dynamic(&self, segments: &[Segment]) -> Option<Vec<(u64, u64)>> {
        self.entries(segments.iter().find(|it| it.kind == PT_DYNAMIC)?)
    }

    // What a relative relocation with an addend puts into a place.
    fn relocated(&self, segments: &[Segment], place: u64) -> Option<u64> {
        let entries = self.dynamic(segments)?;
        let first = |tag| entries.iter().find(|it| it.0 == tag).map(|it| it.1);
        let begin = usize::try_from(offset_of(segments, first(DT_RELA)?)?).ok()?;
        // `r_offset`, `r_info` and `r_addend`.
        let count = usize::try_from(first(DT_RELASZ)?).ok()? / (3 * self.word);
        let mut places = (0..count.min(MOST_SYMBOLS)).map(|it| begin + it * 3 * self.word);
        let at = places.find(|at| self.number(*at, self.word) == Some(place))?;
        self.number(at + 2 * self.word, self.word)
    }

    // `e_shoff`, `e_shentsize` and `e_shnum` of the header, and the fields of a section header.
    fn section(&self, index: usize) -> Option<Section> {
        let wide = self.word == 8;
        let (table, size, count) = if wide { (40, 58, 60) } else { (32, 46, 48) };
        let table = usize::try_from(self.number(table, self.word)?).ok()?;
        let size = usize::try_from(self.number(size, 2)?).ok()?;
        if index >= usize::try_from(self.number(count, 2)?).ok()? {
            return None;
        }
        let at = table.checked_add(index.checked_mul(size)?)?;
        let word = |field: usize| self.number(at.checked_add(field)?, self.word);
        let half = |field: usize| self.number(at.checked_add(field)?, 4);
        let (offset, length, link) = if wide { (24, 32, 40) } else { (16, 20, 24) };
        Some(Section {
            kind: half(4)?,
            offset: word(offset)?,
            size: word(length)?,
            link: usize::try_from(half(link)?).ok()?,
        })
    }

    // The defined symbol of a name; the outer `None` where the symbols cannot be read.
    fn symbol(&self, name: &str) -> Option<Option<Symbol>> {
        let mut sections = (0..MOST_ENTRIES).map_while(|it| self.section(it));
        let symbols = sections.find(|it| it.kind == SHT_DYNSYM)?;
        let strings = self.section(symbols.link)?;
        let wide = self.word == 8;
        // `st_value`, `st_size` and `st_shndx`.
        let (size, value, length, section) = if wide { (24, 8, 16, 6) } else { (16, 4, 8, 14) };
        let begin = usize::try_from(symbols.offset).ok()?;
        let count = usize::try_from(symbols.size).ok()? / size;
        for index in 0..count.min(MOST_SYMBOLS) {
            let at = begin.checked_add(index * size)?;
            let text = strings.offset.checked_add(self.number(at, 4)?)?;
            if !self.has_text(text, name) || self.number(at.checked_add(section)?, 2)? == 0 {
                continue;
            }
            return Some(Some(Symbol {
                address: self.number(at + value, self.word)?,
                size: self.number(at + length, self.word)?,
            }));
        }
        Some(None)
    }

    fn has_text(&self, at: u64, text: &str) -> bool {
        let rest = usize::try_from(at).ok().and_then(|at| self.bytes.get(at..));
        let rest = rest.and_then(|it| it.strip_prefix(text.as_bytes()));
        rest.is_some_and(|it| it.first() == Some(&0))
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
            assert_eq!(has_symbol(bytes, "alias_module"), None);
            assert_eq!(structure(bytes, "alias_module"), None);
        }
    }

    // Nothing where the system does not show it; other systems have programs of another form.
    #[allow(
        clippy::disallowed_methods,
        reason = "the program of the test is the only object that is certainly there"
    )]
    fn this_program() -> Vec<u8> {
        std::fs::read("/proc/self/exe").unwrap_or_default()
    }

    #[test]
    fn a_file_that_is_cut_anywhere_is_no_reason_to_stop() {
        let whole = this_program();
        let Some(all) = dynamic(&whole) else { return };
        assert!(
            all.needed.iter().any(|it| it.starts_with("libc.")),
            "{all:?}"
        );
        for end in (0..4096).chain((4096..whole.len()).step_by(whole.len() / 512)) {
            let _ = dynamic(&whole[..end]);
            let _ = structure(&whole[..end], "environ");
        }
    }
}
