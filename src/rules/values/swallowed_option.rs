use crate::argument::wsgi::daemon_process::DaemonOptionName;
use crate::diagnostic::Level;
use crate::model::wsgi::DaemonGroup;
use crate::rule::{Check, Report};

crate::rule! {
    /// An option without a value takes the next option for its value.
    ///
    /// ## What httpd does
    ///
    /// mod_wsgi skips the blanks behind the `=` and takes the next word for the value, even if
    /// that word is an option itself.
    ///
    /// ## Why it matters
    ///
    /// Both options are wrong: `display-name= processes=2` gives the processes of the group the
    /// name `processes=2`, and starts only one.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIDaemonProcess shop display-name= processes=2
    /// WSGIScriptAlias / /srv/shop/wsgi.py process-group=shop
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIDaemonProcess shop display-name=%{GROUP} processes=2
    /// WSGIScriptAlias / /srv/shop/wsgi.py process-group=shop
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain where the value that was taken begins with the name of an option and `=`.
    pub static RULE = {
        id: "swallowed-option",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::DaemonGroup(check),
    }
}

fn check(group: &DaemonGroup<'_>, report: &mut Report) {
    for option in &group.directive.options {
        let (name, value) = (&option.text.name.value, &option.text.value.value);
        let swallowed = value.split_once('=').map(|it| it.0);
        let swallowed = swallowed.and_then(DaemonOptionName::of);
        let Some(swallowed) = swallowed.filter(|_| option.text.swallows_next_word()) else {
            continue;
        };
        let message = format!("`{name}=` takes `{value}` for its value");
        let finding = report.at(group.place_of_option(option), message);
        finding.label(format!("so `{}` is not set", swallowed.name()));
        finding.help(format!("give `{name}` a value, or remove it"));
    }
}
