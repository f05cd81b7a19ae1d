//! The few lines of a text that a finding points at, as a terminal may show them.
//!
//! codespan prints whole lines as they are. A line of httpd's may have 16 MiB, and may hold
//! anything; so codespan is not given the texts but excerpts: copies of the lines that labels
//! touch, cut around the label and with hidden characters written out. Nothing else of a text is
//! looked at, except that its table of lines is made.

use std::ops::Range;

use codespan_reporting::diagnostic::{Label as ShownLabel, LabelStyle};
use codespan_reporting::files::{Error, Files};

use super::Style;
use super::visible::{self, visible};
use crate::diagnostic::{Diagnostic, Label};
use crate::lint::Outcome;
use crate::source::{FileId, Source, Sources, Span};

/// More characters of a line are not shown.
const LONGEST_LINE: usize = 160;
/// So many characters before a label are shown of a line that is cut.
const BEFORE_LABEL: usize = 40;
/// A label that covers more lines underlines only its first.
const MOST_LINES: usize = 8;
/// More labels of one finding are not shown.
const MOST_LABELS: usize = 8;

/// What stands for the part of a line that is not shown.
const CUT: char = '…';

/// All that is shown of the texts for one finding.
pub(super) struct Excerpts {
    all: Vec<Excerpt>,
    /// The labels as places in the excerpts.
    pub(super) labels: Vec<ShownLabel<usize>>,
    /// The number of labels for which there was no room.
    pub(super) left_out: usize,
}

impl Excerpts {
    /// The lines that `diagnostic` points at.
    pub(super) fn new(outcome: &Outcome, diagnostic: &Diagnostic, style: &Style<'_>) -> Self {
        let sources = &outcome.sources;
        let labels = std::iter::once(&diagnostic.primary)
            .chain(&diagnostic.secondary)
            .take(MOST_LABELS)
            .map(|it| Pointer::new(sources, it))
            .collect::<Vec<_>>();

        let mut all: Vec<Excerpt> = Vec::with_capacity(1);
        for label in &labels {
            if all.iter().all(|it| it.file != label.file) {
                all.push(Excerpt::new(sources, label.file, &labels, style));
            }
        }
        let mut shown = Vec::with_capacity(labels.len());
        for (position, label) in labels.iter().enumerate() {
            let rank = match position {
                0 => LabelStyle::Primary,
                _ => LabelStyle::Secondary,
            };
            let file = all.iter().position(|it| it.file == label.file);
            let file = file.unwrap_or_default();
            let range = all[file].point(sources.get(label.file), label);
            shown.push(ShownLabel::new(rank, file, range).with_message(label.message()));
        }
        Self {
            all,
            labels: shown,
            left_out: (diagnostic.secondary.len() + 1).saturating_sub(MOST_LABELS),
        }
    }

    fn get(&self, file: usize) -> Result<&Excerpt, Error> {
        self.all.get(file).ok_or(Error::FileMissing)
    }
}

impl<'a> Files<'a> for Excerpts {
    type FileId = usize;
    type Name = &'a str;
    type Source = &'a str;

    fn name(&'a self, file: usize) -> Result<&'a str, Error> {
        Ok(&self.get(file)?.name)
    }

    fn source(&'a self, file: usize) -> Result<&'a str, Error> {
        Ok(&self.get(file)?.text)
    }

    // Lines keep the index that they have in their text, so that codespan numbers them as the
    // text does and sees where lines are left out.
    fn line_index(&'a self, file: usize, offset: usize) -> Result<usize, Error> {
        let lines = &self.get(file)?.lines;
        let after = lines.partition_point(|it| it.range.start <= offset);
        let line = lines.get(after.saturating_sub(1));
        line.map(|it| it.index).ok_or(Error::FileMissing)
    }

    fn line_range(&'a self, file: usize, index: usize) -> Result<Range<usize>, Error> {
        let lines = &self.get(file)?.lines;
        match lines.binary_search_by_key(&index, |it| it.index) {
            Ok(position) => Ok(lines[position].range.clone()),
            Err(_) => Err(Error::LineTooLarge {
                given: index,
                max: lines.last().map_or(0, |it| it.index),
            }),
        }
    }

    // codespan asks only where a label starts.
    fn column_number(&'a self, file: usize, _line: usize, offset: usize) -> Result<usize, Error> {
        let columns = &self.get(file)?.columns;
        let found = columns.iter().find(|&&(it, _)| it == offset);
        Ok(found.map_or(1, |&(_, column)| column))
    }
}

/// A label as a range of bytes and of lines in its text.
struct Pointer<'a> {
    file: FileId,
    range: Range<usize>,
    lines: Range<usize>,
    message: &'a str,
}

impl<'a> Pointer<'a> {
    fn new(sources: &Sources, label: &'a Label) -> Self {
        let Span { file, start, end } = label.span;
        let text = sources.get(file).text();
        let lines = sources.get(file).lines();
        let start = boundary(text, start as usize);
        let end = boundary(text, end as usize).max(start);
        // A label that ends with the end of its line does not reach the next one.
        let covered = &text[start..end];
        let covered = covered.strip_suffix('\n').unwrap_or(covered);
        let mut end = start + covered.len();

        let first = lines.line(offset(start));
        let mut last = lines.line(offset(end));
        if last - first >= MOST_LINES {
            last = first;
            end = shown_part(sources.get(file), first).end.max(start);
        }
        Self {
            file,
            range: start..end,
            lines: first..last + 1,
            message: &label.message,
        }
    }

    fn message(&self) -> String {
        visible::message(self.message).into_owned()
    }
}

/// The lines shown of one text.
struct Excerpt {
    file: FileId,
    name: String,
    text: String,
    lines: Vec<Line>,
    /// Where labels start in `text`, and the columns of these places in the file.
    columns: Vec<(usize, usize)>,
}

/// One line of an [`Excerpt`].
struct Line {
    /// Its index in the file.
    index: usize,
    /// The part of the file that is shown.
    original: Range<usize>,
    /// Where it stands in the excerpt, with the marks of what was cut.
    range: Range<usize>,
    /// The length of the mark at its start.
    mark: usize,
}

impl Excerpt {
    fn new(sources: &Sources, file: FileId, labels: &[Pointer<'_>], style: &Style<'_>) -> Self {
        let source = sources.get(file);
        let mut excerpt = Self {
            file,
            name: visible(&(style.display)(source.name())).into_owned(),
            text: String::new(),
            lines: Vec::new(),
            columns: Vec::new(),
        };
        for (index, around) in lines_to_show(source, file, labels) {
            excerpt.push(source, index, around);
        }
        excerpt
    }

    /// Appends a line, cut so that the offset `around` is in sight.
    fn push(&mut self, source: &Source, index: usize, around: usize) {
        let text = source.text();
        let whole = shown_part(source, index);
        let original = window(text, whole.clone(), around);
        let start = self.text.len();
        if original.start > whole.start {
            self.text.push(CUT);
        }
        let mark = self.text.len() - start;
        visible::push(&mut self.text, &text[original.clone()]);
        if original.end < whole.end {
            self.text.push(CUT);
        }
        self.lines.push(Line {
            index,
            original,
            range: start..self.text.len(),
            mark,
        });
        self.text.push('\n');
    }

    /// The place of a label in the excerpt; remembers its column.
    fn point(&mut self, source: &Source, label: &Pointer<'_>) -> Range<usize> {
        let text = source.text();
        let start = self.find(text, label.lines.start, label.range.start);
        let end = self.find(text, label.lines.end - 1, label.range.end);
        let place = source.lines().position(text, offset(label.range.start));
        self.columns.push((start, place.column as usize));
        start..end.max(start)
    }

    /// The place in the excerpt of an offset in the file; the mark where it was cut off.
    fn find(&self, text: &str, index: usize, offset: usize) -> usize {
        let Ok(position) = self.lines.binary_search_by_key(&index, |it| it.index) else {
            return 0;
        };
        let line = &self.lines[position];
        match &text[line.original.clone()] {
            _ if offset < line.original.start => line.range.start,
            _ if offset > line.original.end => line.range.end,
            shown => {
                let before = &shown[..offset - line.original.start];
                line.range.start + line.mark + visible(before).len()
            }
        }
    }
}

/// The lines that labels in `file` touch, in order, each with the offset that must be in sight.
/// A single line between two of them is one too: codespan shows it rather than leave it out.
fn lines_to_show(source: &Source, file: FileId, labels: &[Pointer<'_>]) -> Vec<(usize, usize)> {
    let begin = |line: usize| source.lines().start(line) as usize;
    let mut lines = Vec::new();
    for label in labels.iter().filter(|it| it.file == file) {
        lines.push((label.lines.start, label.range.start));
        lines.extend(label.lines.clone().skip(1).map(|it| (it, begin(it))));
    }
    // The sort is stable: where several labels touch a line, the first of them stays in sight.
    lines.sort_by_key(|&(index, _)| index);
    lines.dedup_by_key(|&mut (index, _)| index);
    let between = lines
        .windows(2)
        .filter(|it| it[1].0 - it[0].0 == 2)
        .map(|it| (it[0].0 + 1, begin(it[0].0 + 1)))
        .collect::<Vec<_>>();
    lines.extend(between);
    lines.sort_by_key(|&(index, _)| index);
    lines
}

/// The bytes of a line without its end.
fn shown_part(source: &Source, index: usize) -> Range<usize> {
    let (text, lines) = (source.text(), source.lines());
    let start = lines.start(index) as usize;
    let end = if index + 1 < lines.len() {
        lines.start(index + 1) as usize
    } else {
        text.len()
    };
    let line = &text[start..end];
    let line = line.strip_suffix('\n').unwrap_or(line);
    let line = line.strip_suffix('\r').unwrap_or(line);
    start..start + line.len()
}

/// The part of the range `whole` that is shown: all of it, or what is around the offset `around`.
fn window(text: &str, whole: Range<usize>, around: usize) -> Range<usize> {
    let after = |from: usize, characters: usize| {
        let mut rest = text[from..whole.end].char_indices();
        rest.nth(characters).map_or(whole.end, |(it, _)| from + it)
    };
    if after(whole.start, LONGEST_LINE) == whole.end {
        return whole;
    }
    let around = around.clamp(whole.start, whole.end);
    let before = text[whole.start..around].char_indices().rev();
    let start = before.take(BEFORE_LABEL).last();
    let start = start.map_or(whole.start, |(it, _)| whole.start + it);
    start..after(start, LONGEST_LINE)
}

/// The last character boundary at or before `offset`.
fn boundary(text: &str, offset: usize) -> usize {
    let offset = offset.min(text.len());
    (0..=offset)
        .rev()
        .find(|&it| text.is_char_boundary(it))
        .unwrap_or_default()
}

/// An offset as spans count it; a text has less than 4 GiB.
fn offset(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}
