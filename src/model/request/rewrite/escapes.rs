//! How a rule escapes what it takes from a match (`escape_backref`).

use super::rules::Rule;

/// What the flags `B`, `BCTLS`, `BNE` and `BNP` of a rule say.
pub(super) struct Escapes {
    // The bytes that are escaped; `None` where all are.
    only: Option<String>,
    // Whether control characters and blanks are.
    controls: bool,
    // The bytes that are not.
    never: String,
    // Whether a blank becomes `%20`, and no `+`.
    has_no_plus: bool,
}

impl Escapes {
    /// The escapes of a rule, if it has any.
    pub(super) fn of(rule: &Rule<'_>) -> Option<Self> {
        let chosen = rule.flag(&["B", "backrefescaping"]);
        let controls = rule.has(&["BCTLS"]);
        if chosen.is_none() && !controls {
            return None;
        }
        Some(Self {
            only: chosen.filter(|it| !it.is_empty()).map(str::to_owned),
            controls,
            never: rule.flag(&["BNE"]).unwrap_or_default().to_owned(),
            has_no_plus: rule.has(&["BNP", "backrefernoplus"]),
        })
    }

    /// A text, escaped.
    pub(super) fn apply(&self, text: &str) -> String {
        let mut result = Vec::with_capacity(text.len());
        for byte in text.bytes() {
            let is_plain = byte.is_ascii_alphanumeric() || byte == b'_';
            match byte {
                _ if is_plain || !self.is_meant(byte) => result.push(byte),
                b' ' if !self.has_no_plus => result.push(b'+'),
                _ => result.extend(format!("%{byte:02x}").bytes()),
            }
        }
        String::from_utf8_lossy(&result).into_owned()
    }

    fn is_meant(&self, byte: u8) -> bool {
        if self.never.as_bytes().contains(&byte) {
            return false;
        }
        let is_control = byte <= b' ' || byte == 0x7f;
        match &self.only {
            Some(only) => only.as_bytes().contains(&byte) || (self.controls && is_control),
            None => !self.controls || is_control,
        }
    }
}
