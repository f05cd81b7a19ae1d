use crate::diagnostic::Level;
use crate::evaluate::{Placed, paths};
use crate::model::Thing;
use crate::model::survey::Survey;
use crate::rule::{Check, Context, Need, Report, Which};
use crate::world::Kind;

/// `sun_path` of Linux holds so many bytes.
const LONGEST: usize = 107;

/// What the names of sockets have behind their prefix, with the shortest process id.
const SHORTEST_NAME: &str = ".1.0.1.sock";

crate::rule! {
    /// mod_wsgi cannot make its sockets where `WSGISocketPrefix` says.
    ///
    /// ## What httpd does
    ///
    /// Each daemon process group has a socket, whose path is the prefix with a few numbers behind it.
    /// A prefix that does not begin with `/` counts from `ServerRoot`. httpd starts even if the folder
    /// is not there or the path is longer than the 107 bytes that a socket may have, and logs an alert.
    ///
    /// ## Why it matters
    ///
    /// Every request to a daemon process group is answered with 503.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGISocketPrefix /opt/wsgi-sockets/wsgi
    /// WSGIDaemonProcess shop
    /// WSGIScriptAlias / /srv/shop/wsgi.py process-group=shop
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGISocketPrefix logs/wsgi
    /// WSGIDaemonProcess shop
    /// WSGIScriptAlias / /srv/shop/wsgi.py process-group=shop
    /// ```
    ///
    /// ## How sure
    ///
    /// The length is certain; that the folder is not there, where the disk of the server is visible.
    /// Folders below `/run` and `/var/run` are made when the machine starts, so nothing is said of them.
    pub static RULE = {
        id: "unusable-socket-prefix",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[Need::Disk],
        check: Check::Survey(Which::Named(&["WSGISocketPrefix"]), check),
    }
}

fn check(context: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    if context.model.names(Thing::DaemonGroup).next().is_none() {
        return;
    }
    for placed in survey.lines("WSGISocketPrefix") {
        check_one(context, &placed, report);
    }
}

fn check_one(context: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let line = placed.line();
    let words = line.words();
    let [word] = words.as_slice() else {
        return;
    };
    if word.text.contains("${") {
        return;
    }
    let is_whole = word.text.starts_with('/');
    let root = context.modules.server_root().unwrap_or_default();
    if !is_whole && root.is_empty() {
        return;
    }
    let prefix = paths::resolve(root, &word.text);
    let folder = paths::directory(&prefix);
    let site = placed.at(line.word_span(word));
    let longest = prefix.len() + SHORTEST_NAME.len();
    if longest > LONGEST {
        let message =
            format!("a path of a socket has at most {LONGEST} bytes, this at least {longest}");
        let finding = report.at(site, message);
        finding.label("every request is answered with 503");
        return;
    }
    let is_made = ["/run/", "/var/run/"]
        .iter()
        .any(|it| prefix.starts_with(it));
    if !is_made && context.inputs.world.resource(folder) == Kind::Missing {
        let finding = report.at(site, format!("the folder `{folder}` is not there"));
        finding.label("every request is answered with 503");
    }
}
