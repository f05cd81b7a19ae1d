//! Which sections apply.

use std::io::{self, Write};

use serde::Serialize;

use super::super::visible::visible;
use super::trace::Section;
use super::{Style, VERSION, json};
use crate::model::trace::Applied;

/// The sections that apply to something, in the order in which they are merged.
#[derive(Serialize)]
pub struct Report {
    version: u32,
    /// The URL or path.
    subject: String,
    sections: Vec<Section>,
}

impl Report {
    /// What is shown of these.
    pub fn of(subject: &str, applied: &[Applied<'_>], display: &dyn Fn(&str) -> String) -> Self {
        Self {
            version: VERSION,
            subject: subject.to_owned(),
            sections: applied.iter().map(|it| Section::of(it, display)).collect(),
        }
    }

    /// Writes it.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn write(&self, style: &Style<'_>, out: &mut dyn Write) -> io::Result<()> {
        if style.json {
            return json(self, out);
        }
        for section in &self.sections {
            writeln!(out, "{}", visible(&section.text()))?;
        }
        Ok(())
    }
}
