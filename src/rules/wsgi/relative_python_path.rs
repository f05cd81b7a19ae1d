use std::ops::Range;

use crate::argument::wsgi::daemon_process::{DaemonOptionName, DaemonProcess};
use crate::diagnostic::Level;
use crate::evaluate::{Line, Placed};
use crate::rule::{Check, Context, Report, Which};

crate::rule! {
    /// A path for Python's modules does not begin with `/`.
    ///
    /// ## What httpd does
    ///
    /// `WSGIPythonPath` and `python-path` are lists of folders with a colon between them. Each of them
    /// is handed to Python as it is. A path that does not begin with `/` counts from the folder in
    /// which the process happens to run, which is `/` for httpd.
    ///
    /// ## Why it matters
    ///
    /// Python finds no module there. With a comma or a semicolon in place of a colon, two folders
    /// become one that does not exist.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIDaemonProcess shop python-path=/srv/shop;/srv/common
    /// WSGIScriptAlias / /srv/shop/wsgi.py process-group=shop
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIDaemonProcess shop python-path=/srv/shop:/srv/common
    /// WSGIScriptAlias / /srv/shop/wsgi.py process-group=shop
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain of a path that does not begin with `/`, unless `home` says from where it counts. Other
    /// separators are recognised by the path that follows them. Nothing is said on Windows.
    pub static RULE = {
        id: "relative-python-path",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Arguments(Which::Named(&["WSGIPythonPath", "WSGIDaemonProcess"]), check),
    }
}

fn check(context: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let line = placed.line();
    if context.refused.touches(line.span()) {
        return;
    }
    let Some((path, range, has_home)) = path(&line) else {
        return;
    };
    let is_of_windows =
        path.contains(":\\") || path.contains(":/") && path.as_bytes().get(1) == Some(&b':');
    if path.is_empty() || path.contains("${") || is_of_windows {
        return;
    }
    let span = line.argument_span(range);
    let separator = [";/", ",/"].into_iter().find(|it| path.contains(it));
    if let Some(separator) = separator {
        let message = format!("`{}` separates no folders", &separator[..1]);
        let finding = report.at(placed.at(span), message);
        finding.label("Python takes this for one folder");
        finding.help("write `:`");
        return;
    }
    let mut folders = path.split(':').filter(|it| !it.is_empty());
    if let Some(relative) = folders
        .find(|it| !it.starts_with('/'))
        .filter(|_| !has_home)
    {
        let message = format!("`{relative}` does not begin with `/`");
        let finding = report.at(placed.at(span), message);
        finding.label("it counts from where the process runs");
    }
}

fn path(line: &Line<'_>) -> Option<(String, Range<usize>, bool)> {
    if line.name().eq_ignore_ascii_case("WSGIDaemonProcess") {
        let daemon = DaemonProcess::kept(line.arguments());
        let path = daemon.value(DaemonOptionName::PythonPath)?;
        let has_home = daemon.value(DaemonOptionName::Home).is_some();
        // What an option without a value swallowed is told elsewhere.
        let is_option = path
            .value
            .split_once('=')
            .is_some_and(|it| DaemonOptionName::of(it.0).is_some());
        return (!is_option).then(|| (path.value.clone(), path.range.clone(), has_home));
    }
    let words = line.words();
    let word = words.first()?;
    Some((word.text.clone().into_owned(), word.value_range(), false))
}
