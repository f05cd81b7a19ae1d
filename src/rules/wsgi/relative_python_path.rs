use crate::argument::wsgi::daemon_process::{DaemonOptionName, DaemonProcess};
use crate::diagnostic::Level;
use crate::model::wsgi::{PythonPart, PythonSetting};
use crate::rule::{Check, Context, Report};

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
        check: Check::PythonSetting(check),
    }
}

fn check(_: &Context<'_>, setting: &PythonSetting<'_>, report: &mut Report) {
    let path = setting.text.value.as_str();
    let is_of_windows =
        path.contains(":\\") || path.contains(":/") && path.as_bytes().get(1) == Some(&b':');
    // What an option without a value swallowed is told elsewhere.
    let swallowed = path
        .split_once('=')
        .map(|it| it.0)
        .filter(|_| setting.group.is_some());
    let is_option = swallowed.is_some_and(|it| DaemonOptionName::of(it).is_some());
    if setting.part == PythonPart::Home || path.contains("${") || is_of_windows || is_option {
        return;
    }
    let separator = [";/", ",/"].into_iter().find(|it| path.contains(it));
    if let Some(separator) = separator {
        let message = format!("`{}` separates no folders", &separator[..1]);
        let finding = report.at(setting.place(), message);
        finding.label("Python takes this for one folder");
        finding.help("write `:`");
        return;
    }
    let begins_at = |it: &DaemonProcess| it.value(DaemonOptionName::Home).is_some();
    let mut folders = path.split(':').filter(|it| !it.is_empty());
    let relative = folders.find(|it| !it.starts_with('/'));
    if let Some(relative) = relative.filter(|_| !setting.group.is_some_and(begins_at)) {
        let message = format!("`{relative}` does not begin with `/`");
        let finding = report.at(setting.place(), message);
        finding.label("it counts from where the process runs");
    }
}
