use crate::argument::wsgi::daemon_process::{DaemonOptionName, DaemonProcess};
use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::rule::{Check, Context, Report, Which};

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
        check: Check::Arguments(Which::Named(&["WSGIDaemonProcess"]), check),
    }
}

fn check(context: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let line = placed.line();
    if context.refused.touches(line.span()) {
        return;
    }
    for option in &DaemonProcess::kept(line.arguments()).options {
        let (name, value) = (&option.text.name, &option.text.value);
        let swallowed = value.value.split_once('=').map(|it| it.0);
        let swallowed = swallowed.and_then(DaemonOptionName::of);
        let is_apart = value.range.start > name.range.end + 1;
        let Some(swallowed) = swallowed.filter(|_| is_apart) else {
            continue;
        };
        let message = format!("`{}=` takes `{}` for its value", name.value, value.value);
        let span = line.argument_span(name.range.start..value.range.end);
        let finding = report.at(placed.at(span), message);
        finding.label(format!("so `{}` is not set", swallowed.name()));
        finding.help(format!("give `{}` a value, or remove it", name.value));
    }
}
