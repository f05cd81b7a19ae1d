use crate::diagnostic::Level;
use crate::rule::{Check, Context, Report};
use crate::world::Kind;

crate::rule! {
    /// This is not the file that this server reads by itself.
    ///
    /// ## What httpd does
    ///
    /// Which file it begins with was decided when it was compiled: `httpd -V` shows
    /// `SERVER_CONFIG_FILE`, below `HTTPD_ROOT` where it is relative. Only `-f` and `-d` on its
    /// command line make it begin with another one.
    ///
    /// ## Why it matters
    ///
    /// Nothing that is said of this file needs to be true of the server. Copies beside the real
    /// file are the usual case: somebody edits one and wonders why nothing changes.
    ///
    /// ## Wrong
    ///
    /// ```facts
    ///  -D HTTPD_ROOT="/etc/httpd"
    ///  -D SERVER_CONFIG_FILE="conf/httpd.conf"
    /// ```
    ///
    /// ```conf
    /// ServerTokens Prod
    /// ```
    ///
    /// ## Right
    ///
    /// ```facts
    ///  -D HTTPD_ROOT="/etc/httpd"
    ///  -D SERVER_CONFIG_FILE="httpd.conf"
    /// ```
    ///
    /// ```conf
    /// ServerTokens Prod
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain but for a server that is started with `-f`. It is only said where `HTTPD_ROOT` is the
    /// root of what is looked at, and this file lies below it, or the server's own one is visible
    /// and holds another text.
    pub static RULE = {
        id: "other-main-file",
        level: Level::Note,
        since: "0.1.0",
        needs: &[],
        check: Check::Server(check),
    }
}

fn check(context: &Context<'_>, report: &mut Report) {
    let (inputs, config) = (context.inputs, context.config);
    let Some(own) = inputs.facts.server_config_file() else {
        return;
    };
    if config.fragment || own.value == inputs.main {
        return;
    }
    // Elsewhere it is a server of its own, started with `-d`.
    let root = inputs.server_root.trim_end_matches('/');
    let built = inputs.facts.httpd_root();
    if built.is_none_or(|it| it.value.trim_end_matches('/') != root) {
        return;
    }
    let rest = inputs.main.strip_prefix(root);
    let is_below = rest.is_some_and(|it| it.starts_with('/'));
    let differs = || {
        let main = inputs.world.read(inputs.main).ok();
        let theirs = inputs.world.read(&own.value).ok();
        theirs.is_some() && theirs != main
    };
    let is_there = inputs.world.kind(&own.value) == Kind::File;
    let says_so = if is_there { differs() } else { is_below };
    let is_read = |own: &str| {
        let mut living = config.living().into_iter();
        living.any(|it| config.occurrence(it).unit.source.name() == own)
    };
    if !says_so || is_read(&own.value) {
        return;
    }
    let message = format!("this server reads `{}`, not this file", own.value);
    let finding = report.at(context.beginning(), message);
    finding.note(format!("`SERVER_CONFIG_FILE` is at {}", own.origin));
}
