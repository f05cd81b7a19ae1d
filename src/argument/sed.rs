//! The scripts of `InputSed` and `OutputSed`. They are one line, so that what sed reads up to the
//! end of a line takes the rest.

use super::Refusal;
use super::words::first;

/// The commands that take nothing more.
const PLAIN: &str = "=dDgGhHlnNpPqx";
/// Those that take one address at most.
const WITH_ONE_ADDRESS: &str = "=qr";
/// The longest label.
const LABEL: usize = 7;
/// What the number of a substitution, and a number between `\{` and `\}`, must stay below.
const SUFFIXES: usize = 513;
const REPETITIONS: usize = 255;
/// How many groups a pattern may have.
const GROUPS: usize = 9;

const UNBALANCED_BRACKET: &str = "[ ] imbalance";
const UNBALANCED_GROUP: &str = "\\( \\) imbalance";
const NO_PATTERN: &str = "first RE may not be null";
const TOO_MANY_ENDS: &str = "too many }'s";
const GARBLED: &str = "command garbled";
const UNKNOWN: &str = "unrecognized command";

/// What httpd refuses in a script; whether files can be opened is not looked at.
pub fn refusal(text: &str) -> Option<Refusal> {
    let word = first(text);
    let text = word.value.as_str();
    let mistake = Script::new(text).mistake()?;
    let message = match mistake {
        NO_PATTERN | TOO_MANY_ENDS => mistake.to_owned(),
        _ => format!("{mistake}: {text}"),
    };
    let message = format!("Failed to compile sed expression. {message}");
    Some(Refusal::new(word.range, message))
}

// A script, and what was read of it (`sed_compile_string`).
struct Script<'a> {
    rest: &'a str,
    // The groups of the last substitution's pattern. Any address is a pattern before, but one
    // without groups (`sed_compile`).
    groups: Option<usize>,
    open: usize,
}

type Read<T> = Result<T, &'static str>;

impl<'a> Script<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            rest: text,
            groups: None,
            open: 0,
        }
    }

    fn mistake(mut self) -> Option<&'static str> {
        loop {
            self.rest = self.rest.trim_start_matches([' ', '\t', ';']);
            if self.rest.is_empty() || self.rest.starts_with('#') {
                return None;
            }
            if let Err(mistake) = self.line() {
                return Some(mistake);
            }
        }
    }

    // Addresses, a command and its end.
    fn line(&mut self) -> Read<()> {
        let addresses = self.addresses()?;
        self.rest = self.rest.trim_start_matches([' ', '\t']);
        self.rest = self.rest.trim_start_matches('!');
        let command = self.next().ok_or(UNKNOWN)?;
        match command {
            '}' | ':' if addresses > 0 => return Err("no addresses allowed"),
            _ if WITH_ONE_ADDRESS.contains(command) && addresses > 1 => {
                return Err("only one address allowed");
            }
            '{' => {
                self.open += 1;
                return Ok(());
            }
            '}' => {
                self.open = self.open.checked_sub(1).ok_or(TOO_MANY_ENDS)?;
                // It goes on with the next line of the script, and there is none.
                self.rest = "";
                return Ok(());
            }
            ':' | 'b' | 't' => return self.label(command),
            'a' | 'c' | 'i' if self.rest == "\\" => self.rest = "",
            'r' if self.rest.starts_with(' ') => self.rest = "",
            'w' => self.file()?,
            's' => self.substitution()?,
            'y' => self.transformation()?,
            'a' | 'c' | 'i' | 'r' => return Err(GARBLED),
            _ if PLAIN.contains(command) => {}
            _ => return Err(UNKNOWN),
        }
        match self.next() {
            None | Some(';') => Ok(()),
            Some(_) => Err(GARBLED),
        }
    }

    // How many there are.
    fn addresses(&mut self) -> Read<usize> {
        match self.address() {
            Ok(true) => {}
            Ok(false) => return Ok(0),
            Err(UNBALANCED_BRACKET | UNBALANCED_GROUP) => return Err(UNKNOWN),
            Err(mistake @ (UNKNOWN | NO_PATTERN)) => return Err(mistake),
            Err(_) => return Err(GARBLED),
        }
        if !self.rest.starts_with([',', ';']) {
            return Ok(1);
        }
        self.rest = &self.rest[1..];
        if let Some(rest) = self.rest.strip_prefix("//") {
            self.rest = rest;
            return Ok(2);
        }
        match self.address() {
            Ok(true) => Ok(2),
            Err(UNKNOWN) => Err(UNKNOWN),
            _ => Err(GARBLED),
        }
    }

    fn address(&mut self) -> Read<bool> {
        let (before, groups) = (self.rest, self.groups);
        match before.chars().next() {
            Some('$') => self.rest = &before[1..],
            Some('/' | '\\') => {
                self.rest = before.strip_prefix('\\').unwrap_or(before);
                let Some(delimiter) = self.next() else {
                    return Err(UNKNOWN);
                };
                if !self.pattern(delimiter)? {
                    return Err(UNKNOWN);
                }
            }
            _ => self.rest = before.trim_start_matches(|it: char| it.is_ascii_digit()),
        }
        let is_there = self.rest.len() < before.len();
        if is_there {
            self.groups = groups.or(Some(0));
        }
        Ok(is_there)
    }

    fn label(&mut self, command: char) -> Read<()> {
        let label = self.rest.trim_start_matches(' ');
        self.rest = "";
        if label.len() > LABEL {
            return Err("label too long");
        }
        match command == ':' && label.is_empty() {
            true => Err("duplicate labels"),
            false => Ok(()),
        }
    }

    fn file(&mut self) -> Read<()> {
        if !self.rest.starts_with(' ') {
            return Err("Space missing before filename");
        }
        self.rest = "";
        Ok(())
    }

    fn substitution(&mut self) -> Read<()> {
        // At the end of the script, its NUL delimits an empty pattern and an empty replacement.
        let Some(delimiter) = self.next() else {
            return self.groups.map(drop).ok_or(NO_PATTERN);
        };
        let has_end = self.pattern(delimiter)?;
        self.replacement(delimiter, has_end)?;
        self.take('g');
        if self.rest.starts_with(|it: char| matches!(it, '1'..='9')) {
            let count = self.number().unwrap_or(SUFFIXES);
            if count >= SUFFIXES {
                return Err("suffix too large");
            }
        }
        self.take('p');
        self.take('P');
        match self.take('w') {
            true => self.file(),
            false => Ok(()),
        }
    }

    fn replacement(&mut self, delimiter: char, has_pattern: bool) -> Read<()> {
        const NO_END: &str = "ending delimiter missing on substitution";
        if !has_pattern {
            return Err(NO_END);
        }
        loop {
            match self.next().ok_or(NO_END)? {
                it if it == delimiter => return Ok(()),
                '\\' => {
                    let group = self.next().ok_or(NO_END)?.to_digit(10).unwrap_or(0);
                    if group as usize > self.groups.unwrap_or(0) {
                        return Err("``\\digit'' out of range");
                    }
                }
                _ => {}
            }
        }
    }

    fn transformation(&mut self) -> Read<()> {
        const NO_END: &str = "ending delimiter missing on string";
        let Some(delimiter) = self.next() else {
            return Ok(());
        };
        // How httpd counts an escaped delimiter is not known.
        let mut is_plain = true;
        let mut part = || -> Read<usize> {
            let mut length = 0;
            loop {
                match self.next().ok_or(NO_END)? {
                    it if it == delimiter => return Ok(length),
                    '\\' => is_plain &= self.next().ok_or(NO_END)? != delimiter,
                    _ => {}
                }
                length += 1;
            }
        };
        let (from, to) = (part()?, part()?);
        match is_plain && from != to {
            true => Err("transform strings not the same size"),
            false => Ok(()),
        }
    }

    // A pattern; whether the delimiter ends it.
    fn pattern(&mut self, delimiter: char) -> Read<bool> {
        if self.rest.starts_with(delimiter) {
            self.next();
            return self.groups.map(|_| true).ok_or(NO_PATTERN);
        }
        self.take('^');
        let (mut open, mut begun, mut closed) = (0_usize, 0, 0);
        let mut may_repeat = false;
        let has_end = loop {
            let Some(character) = self.next() else {
                break false;
            };
            if character == delimiter {
                break true;
            }
            match (character, self.rest.chars().next()) {
                ('\\', Some('{')) if may_repeat => {
                    self.next();
                    self.repetition()?;
                }
                ('\\', Some('(')) => {
                    self.next();
                    begun += 1;
                    open += 1;
                    if begun > GROUPS {
                        return Err("Too many \\(");
                    }
                }
                ('\\', Some(')')) => {
                    self.next();
                    open = open.checked_sub(1).ok_or(UNBALANCED_GROUP)?;
                    closed += 1;
                }
                ('\\', Some(digit @ '1'..='9')) => {
                    self.next();
                    if digit.to_digit(10) > Some(closed) {
                        return Err("``\\digit'' out of range");
                    }
                }
                ('\\', _) => drop(self.next()),
                ('[', _) => self.bracket()?,
                _ => {}
            }
            may_repeat |= character != '*';
        };
        if open > 0 {
            return Err(UNBALANCED_GROUP);
        }
        self.groups = Some(closed as usize);
        Ok(has_end)
    }

    // Behind `[`. A `]` that stands first is one of the characters.
    fn bracket(&mut self) -> Read<()> {
        self.take('^');
        self.take(']');
        let end = self.rest.find(']').ok_or(UNBALANCED_BRACKET)?;
        self.rest = &self.rest[end + 1..];
        Ok(())
    }

    // Behind `\{`.
    fn repetition(&mut self) -> Read<()> {
        let least = self.repetitions()?;
        if self.take(',') && !self.rest.starts_with('\\') {
            let most = self.repetitions()?;
            if self.take(',') {
                return Err("More than 2 numbers given in \\{ \\}");
            }
            self.take('\\');
            if !self.take('}') {
                return Err("} expected after \\");
            }
            return match most < least {
                true => Err("First number exceeds second in \\{ \\}"),
                false => Ok(()),
            };
        }
        self.take('\\');
        self.take('}').then_some(()).ok_or("} expected after \\")
    }

    fn repetitions(&mut self) -> Read<usize> {
        let is_number = self.rest.starts_with(|it: char| it.is_ascii_digit());
        let number = self.number().unwrap_or(REPETITIONS);
        if !is_number || !self.rest.starts_with(['\\', ',']) {
            return Err("Bad number");
        }
        match number >= REPETITIONS {
            true => Err("Range endpoint too large"),
            false => Ok(number),
        }
    }

    fn number(&mut self) -> Option<usize> {
        let digits = self.rest.trim_start_matches(|it: char| it.is_ascii_digit());
        let (number, rest) = self.rest.split_at(self.rest.len() - digits.len());
        self.rest = rest;
        number.parse().ok()
    }

    fn next(&mut self) -> Option<char> {
        let mut characters = self.rest.chars();
        let next = characters.next();
        self.rest = characters.as_str();
        next
    }

    fn take(&mut self, character: char) -> bool {
        let rest = self.rest.strip_prefix(character);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }
}
