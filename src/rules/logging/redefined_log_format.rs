use rustc_hash::FxHashMap;

use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::model::layers::words_of;
use crate::model::servers::ServerId;
use crate::model::survey::Survey;
use crate::rule::{Check, Context, Report, Which};

crate::rule! {
    /// A format of a log is declared twice, in different ways.
    ///
    /// ## What httpd does
    ///
    /// For all logs of the server it takes the last one, also for those in front of it.
    ///
    /// ## Why it matters
    ///
    /// The log has another format than the lines before it say, and programs that read it fail.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LogFormat "%h %t" short
    /// CustomLog logs/access.log short
    /// LogFormat "%h %t %r" short
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LogFormat "%h %t" short
    /// LogFormat "%h %t %r" long
    /// CustomLog logs/access.log short
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain for the lines of one server.
    pub static RULE = {
        id: "redefined-log-format",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Survey(Which::Named(&["LogFormat"]), check),
    }
}

fn check(_: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    let mut declared: FxHashMap<(ServerId, String), (Placed<'_>, String)> = FxHashMap::default();
    for line in survey.possible(&["LogFormat"]) {
        let words = words_of(&line);
        let ([format, name], false) = (words.as_slice(), line.node.uncertain) else {
            continue;
        };
        let key = (survey.server_of(&line), name.clone());
        let other = declared.insert(key, (line, format.clone()));
        if let Some((other, _)) = other.filter(|it| it.1 != *format) {
            let message = format!("`{name}` is declared before, in another way");
            let finding = report.at(line.site(), message);
            finding.label("this one counts for all logs");
            finding.secondary(other.line().span(), "declared here");
        }
    }
}
