use crate::diagnostic::Level;
use crate::evaluate::{Placed, paths};
use crate::rule::{Check, Context, Need, Report, Which};
use crate::world::Kind;

crate::rule! {
    /// The directory of `PidFile` does not exist.
    ///
    /// ## What httpd does
    ///
    /// `httpd -t` says `Syntax OK`. When it starts, it cannot write the number of its process, and
    /// gives up: `could not create …`, `could not log pid to file …`.
    ///
    /// ## Why it matters
    ///
    /// The server does not come up again, although its configuration was tested.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// PidFile missing/httpd.pid
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// PidFile logs/httpd.pid
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain where the disk of the server is visible. Below `/run` and `/var/run` directories are
    /// made when the machine or the service starts, so nothing is said of those.
    pub static RULE = {
        id: "missing-pid-directory",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[Need::Disk],
        check: Check::Directive(Which::Named(&["PidFile"]), check),
    }
}

fn check(context: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let line = placed.line();
    let words = line.words();
    let (Some(word), Some(root)) = (words.first(), context.modules.server_root()) else {
        return;
    };
    let Some(directory) = missing_directory(context, root, &word.text) else {
        return;
    };
    let message = format!("there is no directory `{directory}`");
    let finding = report.at(placed.at(line.word_span(word)), message);
    finding.label("httpd cannot write its process number there, and gives up");
}

/// The directory of a file for httpd's process number, if it is certain that it is not there.
pub(super) fn missing_directory(context: &Context<'_>, root: &str, file: &str) -> Option<String> {
    let path = paths::resolve(root, file);
    let is_made_at_start = ["/run/", "/var/run/"].iter().any(|it| path.starts_with(it));
    let directory = paths::directory(&path);
    let is_missing = context.inputs.world.resource(directory) == Kind::Missing;
    (is_missing && !is_made_at_start).then(|| directory.to_owned())
}
