use super::missing_pid_directory::missing_directory;
use crate::diagnostic::Level;
use crate::rule::{Check, Context, Report};

crate::rule! {
    /// No `PidFile` is there, and the directory does not exist that this httpd was built to use.
    ///
    /// ## What httpd does
    ///
    /// Without `PidFile` it writes the number of its process to `DEFAULT_PIDLOG` of `httpd -V`,
    /// below `ServerRoot` where that is relative. `httpd -t` says `Syntax OK`; when httpd starts, it
    /// gives up: `could not log pid to file …`.
    ///
    /// ## Why it matters
    ///
    /// The server does not come up, although its configuration was tested. A new `ServerRoot` in
    /// which nobody made the folder `logs` is the usual case.
    ///
    /// ## Wrong
    ///
    /// ```facts
    ///  -D DEFAULT_PIDLOG="missing/httpd.pid"
    /// ```
    ///
    /// ```conf
    /// ServerTokens Prod
    /// ```
    ///
    /// ## Right
    ///
    /// ```facts
    ///  -D DEFAULT_PIDLOG="missing/httpd.pid"
    /// ```
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
        id: "missing-default-pid-directory",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Server(check),
    }
}

fn check(context: &Context<'_>, report: &mut Report) {
    let defines = context.inputs.facts.but_version().defines.as_ref();
    let (Some(default), Some(root)) = (
        defines.and_then(|it| it.text("DEFAULT_PIDLOG")),
        context.modules.server_root().filter(|_| context.is_whole()),
    ) else {
        return;
    };
    let Some(directory) = missing_directory(context, root, default.value) else {
        return;
    };
    let config = context.config;
    let pid_file = context.inputs.table.name("PidFile");
    let mut nodes = config.living().into_iter().flat_map(|it| config.nodes(it));
    if nodes.any(|it| it.node.name == pid_file) {
        return;
    }
    let message = format!("there is no `PidFile`, and no directory `{directory}`");
    let finding = report.at(context.beginning(), message);
    finding.note(format!("`DEFAULT_PIDLOG` is at {}", default.origin));
}
