//! The last line: how much was read and found.

use crate::evaluate::Standing;
use crate::lint::{Fragment, Outcome, Summary};

/// `1 error, 2 warnings in 41 files, 1,312 directives on 300 hosts in 18 ms`.
pub(super) fn sentence(outcome: &Outcome, elapsed: Option<&str>) -> String {
    let hosts = outcome.hosts.as_ref().map(|it| it.names.len());
    let counts = counts(&outcome.summary, hosts, elapsed);
    match outcome.left_out {
        0 => counts,
        1 => format!("{counts}; 1 of them is not shown"),
        more => format!("{counts}; {} of them are not shown", grouped(more)),
    }
}

/// `1 error, 2 warnings`, or `no findings`.
pub(super) fn found(summary: &Summary) -> String {
    let found = [
        (summary.errors, "error"),
        (summary.warnings, "warning"),
        (summary.notes, "note"),
    ]
    .into_iter()
    .filter(|&(number, _)| number > 0)
    .map(|(number, noun)| counted(number, noun))
    .collect::<Vec<_>>();
    match found.is_empty() {
        true => "no findings".to_owned(),
        false => found.join(", "),
    }
}

fn counts(summary: &Summary, hosts: Option<usize>, elapsed: Option<&str>) -> String {
    let found = found(summary);
    let files = counted(summary.files, "file");
    let directives = counted(summary.directives, "directive");
    let elapsed = elapsed.map(|it| format!(" in {it}")).unwrap_or_default();
    let fragment = summary.fragment.map(linted_as).unwrap_or_default();
    let hosts = hosts.map(|it| format!(" on {}", counted(it, "host")));
    let hosts = hosts.unwrap_or_default();
    format!("{found} in {files}, {directives}{hosts}{elapsed}{fragment}")
}

fn linted_as(fragment: Fragment) -> String {
    match fragment {
        Fragment::At(Standing::Server) => ", linted as a part of a server".to_owned(),
        Fragment::At(Standing::Inside(section)) => {
            format!(", linted as a part of a `{section}>`")
        }
        Fragment::At(Standing::Htaccess) => ", linted as a `.htaccess` file".to_owned(),
        Fragment::Anywhere => {
            ", linted as a part that may stand anywhere (`--context` says where)".to_owned()
        }
    }
}

/// `1 file`, `2 files`.
pub fn counted(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", grouped(number))
}

/// A number with a comma before each three digits.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_are_not_counted_out() {
        let summary = Summary {
            files: 1,
            directives: 1_234_567,
            warnings: 2,
            ..Summary::default()
        };
        assert_eq!(
            counts(&summary, Some(300), Some("18 ms")),
            "2 warnings in 1 file, 1,234,567 directives on 300 hosts in 18 ms"
        );
        assert_eq!(
            counts(&Summary::default(), None, None),
            "no findings in 0 files, 0 directives"
        );
    }

    #[test]
    fn a_part_of_a_configuration_is_called_one() {
        let of = |fragment| {
            let summary = Summary {
                fragment: Some(fragment),
                ..Summary::default()
            };
            counts(&summary, None, Some("1 ms"))
        };
        assert_eq!(
            of(Fragment::At(Standing::Inside("<VirtualHost"))),
            "no findings in 0 files, 0 directives in 1 ms, linted as a part of a `<VirtualHost>`"
        );
        assert!(of(Fragment::Anywhere).ends_with("anywhere (`--context` says where)"));
    }
}
