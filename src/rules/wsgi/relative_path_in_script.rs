use crate::argument::wsgi::daemon_process::DaemonOptionName;
use crate::diagnostic::Level;
use crate::model::wsgi::{Applications, relative_path};
use crate::rule::{Check, Context, Report};

crate::rule! {
    /// A script opens a file by a relative path, and its process begins nowhere in particular.
    ///
    /// ## What httpd does
    ///
    /// Without the option `home` a process runs where httpd was started from, which is `/` for a
    /// service, or in the home of its user. The folder of the script does not matter.
    ///
    /// ## Why it matters
    ///
    /// What worked with the development server, which runs in the folder of the project, fails with
    /// `FileNotFoundError`, or makes a new and empty database in another place.
    ///
    /// ## Wrong
    ///
    /// ```file /srv/shop/wsgi.py
    /// import json
    ///
    /// settings = json.load(open("settings.json"))
    ///
    ///
    /// def application(environ, start_response):
    ///     pass
    /// ```
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIDaemonProcess shop
    /// WSGIScriptAlias / /srv/shop/wsgi.py process-group=shop
    /// ```
    ///
    /// ## Right
    ///
    /// ```file /srv/shop/wsgi.py
    /// import json
    ///
    /// settings = json.load(open("settings.json"))
    ///
    ///
    /// def application(environ, start_response):
    ///     pass
    /// ```
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIDaemonProcess shop home=/srv/shop
    /// WSGIScriptAlias / /srv/shop/wsgi.py process-group=shop
    /// ```
    ///
    /// ## How sure
    ///
    /// Concluded from the text of the script, where it is visible: a call of `open` or `connect` of
    /// sqlite3 with a text that begins with no `/`. A script that goes to another folder itself is
    /// left alone.
    pub static RULE = {
        id: "relative-path-in-script",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Applications(check),
    }
}

fn check(context: &Context<'_>, applications: &Applications<'_>, report: &mut Report) {
    for (application, values) in applications.answering() {
        let Ok(name) = &values.process_group else {
            continue;
        };
        let group = applications.group(name);
        let has_home = group.is_some_and(|it| {
            let option = |name| it.directive.value(name).is_some();
            option(DaemonOptionName::Home) || option(DaemonOptionName::Chroot)
        });
        // A group that nobody declares runs nothing.
        if has_home || (group.is_none() && !name.is_empty()) {
            continue;
        }
        let text = application.script_text(context.inputs.world);
        let Some(path) = text.and_then(relative_path) else {
            continue;
        };
        let message = format!("this script looks for `{path}` where its process begins");
        let finding = report.at(application.line.site(), message);
        match group {
            Some(group) => {
                finding.secondary(group.line.line().span(), "this says nothing of a folder");
                finding.help("add `home`, or write the whole path in the script");
            }
            None => drop(finding.help("write the whole path in the script")),
        }
    }
}
