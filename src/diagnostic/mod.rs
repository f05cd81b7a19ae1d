//! What we say of a configuration.

use crate::source::{Encoding, FrameId, Span};

/// How bad it is, decided by what httpd does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    /// It works; advice.
    Note,
    /// httpd accepts it, and it fails, leaks, surprises or does nothing.
    Warning,
    /// httpd refuses to start, or `-t` fails, with this configuration.
    Error,
}

impl Level {
    /// `error`, `warning` or `note`.
    pub fn name(self) -> &'static str {
        match self {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Note => "note",
        }
    }
}

/// A place with a short text beside it; an empty text only underlines.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What is there.
    pub message: String,
}

/// Whether a fix may be applied without anybody looking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Promise {
    /// The meaning provably stays, or is provably restored.
    Safe,
    /// It is a guess at what was meant.
    Unsafe,
}

/// The replacement of one range of text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Edit {
    /// What is replaced; an empty range inserts.
    pub span: Span,
    /// The new text.
    pub text: String,
}

/// One way to mend a finding.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Fix {
    /// What it does, as an imperative.
    pub title: String,
    /// Whether it may be applied unseen.
    pub promise: Promise,
    /// The edits, all or none; in one file or several, never overlapping. Empty where only a
    /// human can do what the title says.
    pub edits: Vec<Edit>,
}

/// In which step of `httpd -t` a configuration is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Phase {
    /// While the files are read: one line that begins `Syntax error on line`.
    Read = 1,
    /// While the directives' handlers run: `AH00526` and the message on the next line.
    Handle = 2,
    /// In the checks after all directives.
    Check = 3,
}

/// The steps of `httpd -t`, in its order: a mistake of an earlier one hides all of the later ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Step {
    /// The files are read.
    Read,
    /// When everything is read, the MPMs are counted; that mistake has no place.
    CountMpms,
    /// Every module is asked whether it can begin.
    Begin,
    /// The directives' handlers run.
    Handle,
    /// The first check behind them is that of the error logs, from one server to the next.
    CheckErrorLogs {
        /// The server: 0 for the main one, and then the virtual hosts, of which httpd takes the last
        /// one first.
        server: u32,
    },
    /// The other logs are those of mod_log_config, which the usual builds have compiled in: its check
    /// is registered before that of any module that is loaded.
    CheckLogs {
        /// The server, as for error logs.
        server: u32,
    },
    /// All other checks.
    Check,
}

impl Step {
    /// The phase that the step belongs to.
    pub fn phase(self) -> Phase {
        match self {
            Step::Read | Step::CountMpms | Step::Begin => Phase::Read,
            Step::Handle => Phase::Handle,
            Step::CheckErrorLogs { .. } | Step::CheckLogs { .. } | Step::Check => Phase::Check,
        }
    }
}

/// What `httpd -t` prints when this is the first thing it refuses.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct HttpdMessage {
    /// The step that refuses.
    pub step: Step,
    /// The text without its position, escaped as httpd's error log escapes it.
    pub message: String,
    /// The file that httpd names; `None` where it names none. For a line of a macro the phrase
    /// that httpd puts in a file's place.
    pub file: Option<String>,
    /// The line that httpd names: the last physical line of a continued directive.
    pub line: Option<u32>,
}

impl HttpdMessage {
    /// A text as httpd's error log prints it (`ap_escape_errorlog_item`): backslashes doubled,
    /// control bytes and all from 0x80 on as escapes.
    pub fn escape(text: &str, encoding: Encoding) -> String {
        let mut escaped = String::with_capacity(text.len());
        for byte in bytes_of(text, encoding) {
            match byte {
                b'\\' => escaped.push_str("\\\\"),
                0x08 => escaped.push_str("\\b"),
                b'\n' => escaped.push_str("\\n"),
                b'\r' => escaped.push_str("\\r"),
                b'\t' => escaped.push_str("\\t"),
                0x0b => escaped.push_str("\\v"),
                0x20..=0x7e => escaped.push(char::from(byte)),
                byte => escaped.push_str(&format!("\\x{byte:02x}")),
            }
        }
        escaped
    }
}

/// In a message of httpd's: of the character behind this one, only the first byte. httpd's `%c`
/// prints bytes, and a byte alone is no text.
pub const FIRST_BYTE: char = '\u{fdd0}';

/// In a message of httpd's: of the character behind this one, all bytes but the last, which httpd
/// cuts off where it takes it for a `>`.
pub const WITHOUT_LAST_BYTE: char = '\u{fdd1}';

fn bytes_of(text: &str, encoding: Encoding) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find([FIRST_BYTE, WITHOUT_LAST_BYTE]) {
        bytes.extend(encoding.bytes(&rest[..at]));
        let mut characters = rest[at..].chars();
        let mark = characters.next();
        let cut = characters.next().map_or(String::new(), String::from);
        let cut = encoding.bytes(&cut);
        let kept = match mark {
            Some(FIRST_BYTE) => cut.len().min(1),
            _ => cut.len().saturating_sub(1),
        };
        bytes.extend(&cut[..kept]);
        rest = characters.as_str();
    }
    bytes.extend(encoding.bytes(rest));
    bytes
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The rule's id, in kebab case; reads after "allow".
    pub rule: &'static str,
    /// How bad it is.
    pub level: Level,
    /// One lower-case line that stands alone and says what is.
    pub message: String,
    /// Where it is.
    pub primary: Label,
    /// Places that explain it, in any file.
    pub secondary: Vec<Label>,
    /// The facts relied on, with their source.
    pub notes: Vec<String>,
    /// Ways to mend it; alternatives.
    pub fixes: Vec<Fix>,
    /// What httpd prints; there exactly for [`Level::Error`].
    pub httpd: Option<HttpdMessage>,
    /// How evaluation came to the place; `None` where that does not matter.
    pub frame: Option<FrameId>,
}

impl Diagnostic {
    /// A finding with nothing but its place and message.
    pub fn new(rule: &'static str, level: Level, span: Span, message: impl Into<String>) -> Self {
        Self {
            rule,
            level,
            message: message.into(),
            primary: Label {
                span,
                message: String::new(),
            },
            secondary: Vec::new(),
            notes: Vec::new(),
            fixes: Vec::new(),
            httpd: None,
            frame: None,
        }
    }

    /// Puts a text beside the underlined place.
    pub fn label(&mut self, message: impl Into<String>) -> &mut Self {
        self.primary.message = message.into();
        self
    }

    /// Points at another place.
    pub fn secondary(&mut self, span: Span, message: impl Into<String>) -> &mut Self {
        self.secondary.push(Label {
            span,
            message: message.into(),
        });
        self
    }

    /// Adds a fact.
    pub fn note(&mut self, note: impl Into<String>) -> &mut Self {
        self.notes.push(note.into());
        self
    }

    /// Offers a way to mend it by edits.
    pub fn fix(
        &mut self,
        promise: Promise,
        title: impl Into<String>,
        edits: Vec<Edit>,
    ) -> &mut Self {
        self.fixes.push(Fix {
            title: title.into(),
            promise,
            edits,
        });
        self
    }

    /// Says what a human should do where no edit can be offered.
    pub fn help(&mut self, title: impl Into<String>) -> &mut Self {
        self.fix(Promise::Unsafe, title, Vec::new())
    }
}
