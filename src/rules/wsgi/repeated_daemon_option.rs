use crate::argument::wsgi::daemon_process::DaemonOption;
use crate::diagnostic::Level;
use crate::model::wsgi::DaemonGroup;
use crate::rule::{Check, Report};

crate::rule! {
    /// An option of a daemon process group is written twice.
    ///
    /// ## What httpd does
    ///
    /// The last one counts, without a word about the first.
    ///
    /// ## Why it matters
    ///
    /// Whoever changes the first one changes nothing.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIDaemonProcess shop threads=5 home=/srv/shop threads=15
    /// WSGIScriptAlias / /srv/shop/wsgi.py process-group=shop
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIDaemonProcess shop home=/srv/shop threads=15
    /// WSGIScriptAlias / /srv/shop/wsgi.py process-group=shop
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain.
    pub static RULE = {
        id: "repeated-daemon-option",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::DaemonGroup(check),
    }
}

fn check(group: &DaemonGroup<'_>, report: &mut Report) {
    let options = &group.directive.options;
    for (index, option) in options.iter().enumerate() {
        let is_same = |it: &&DaemonOption| it.key.is_some() && it.key == option.key;
        let Some(last) = options[index + 1..].iter().rfind(is_same) else {
            continue;
        };
        let message = format!("this `{}` does not count", option.text.name.value);
        let finding = report.at(group.place_of_option(option), message);
        finding.secondary(group.place_of_option(last).span, "this one does");
        finding.help("remove one of the two");
    }
}
