//! One JSON object, for programs. `schema.json`, beside this file, is the contract.

use std::io::{self, Write};

use serde::Serialize;

use super::Reviewed;
use crate::diagnostic::Diagnostic;
use crate::lint::Outcome;
use crate::render::json::write_object;
use crate::review::{Change, Side};

pub(super) fn write(reviewed: &Reviewed<'_>, out: &mut dyn Write) -> io::Result<()> {
    let display = reviewed.style.display;
    let report = ReportJson {
        version: 1,
        changes: reviewed
            .review
            .changes
            .iter()
            .map(|it| change(reviewed, it))
            .collect(),
        gaps: &reviewed.review.gaps,
        new: findings(reviewed.new, display),
        fixed: findings(reviewed.fixed, reviewed.before),
        unchanged: reviewed.unchanged,
    };
    write_object(&report, out)
}

#[derive(Serialize)]
struct ReportJson<'a> {
    version: u32,
    changes: Vec<ChangeJson<'a>>,
    gaps: &'a [String],
    new: Vec<FindingJson<'a>>,
    fixed: Vec<FindingJson<'a>>,
    unchanged: usize,
}

#[derive(Serialize)]
struct ChangeJson<'a> {
    kind: &'static str,
    server: &'a str,
    subject: &'a str,
    opens: bool,
    before: Option<SideJson<'a>>,
    after: Option<SideJson<'a>>,
    also: Vec<OtherJson<'a>>,
}

#[derive(Serialize)]
struct OtherJson<'a> {
    server: &'a str,
    subject: &'a str,
}

#[derive(Serialize)]
struct SideJson<'a> {
    value: &'a str,
    because: Vec<LineJson<'a>>,
}

#[derive(Serialize)]
struct LineJson<'a> {
    file: String,
    line: u32,
    text: &'a str,
}

#[derive(Serialize)]
struct FindingJson<'a> {
    rule: &'a str,
    level: &'static str,
    message: &'a str,
    file: String,
    line: u32,
    column: u32,
}

fn change<'a>(reviewed: &Reviewed<'_>, change: &'a Change) -> ChangeJson<'a> {
    let others = change.also.iter();
    let others = others.map(|(server, subject)| OtherJson { server, subject });
    ChangeJson {
        kind: change.kind.name(),
        server: &change.server,
        subject: &change.subject,
        opens: change.opens,
        before: change.before.as_ref().map(|it| side(it, reviewed.before)),
        after: change
            .after
            .as_ref()
            .map(|it| side(it, reviewed.style.display)),
        also: others.collect(),
    }
}

fn side<'a>(side: &'a Side, display: &dyn Fn(&str) -> String) -> SideJson<'a> {
    let because = side.because.iter().map(|it| LineJson {
        file: display(&it.file),
        line: it.line,
        text: &it.text,
    });
    SideJson {
        value: &side.value,
        because: because.collect(),
    }
}

fn findings<'a>(outcome: &'a Outcome, display: &dyn Fn(&str) -> String) -> Vec<FindingJson<'a>> {
    let finding = |it: &'a Diagnostic| {
        let start = outcome.sources.start(it.primary.span);
        FindingJson {
            rule: it.rule,
            level: it.level.name(),
            message: &it.message,
            file: display(outcome.sources.get(it.primary.span.file).name()),
            line: start.line,
            column: start.column,
        }
    };
    outcome.diagnostics.iter().map(finding).collect()
}
