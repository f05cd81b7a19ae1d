use crate::argument::wsgi::daemon_process::{DaemonOptionName, DaemonProcess};
use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::rule::{Check, Context, Report, Which};

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
        check: Check::Arguments(Which::Named(&["WSGIDaemonProcess"]), check),
    }
}

fn check(context: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let line = placed.line();
    if context.refused.touches(line.span()) {
        return;
    }
    let daemon = DaemonProcess::kept(line.arguments());
    for (index, option) in daemon.options.iter().enumerate() {
        let is_same = |key: Option<DaemonOptionName>| key.is_some() && key == option.key;
        let mut later = daemon.options[index + 1..].iter();
        let Some(last) = later.rfind(|it| is_same(it.key)) else {
            continue;
        };
        let range = |text: &crate::argument::wsgi::options::NameValue| {
            line.argument_span(text.name.range.start..text.value.range.end)
        };
        let message = format!("this `{}` does not count", option.text.name.value);
        let finding = report.at(placed.at(range(&option.text)), message);
        finding.secondary(range(&last.text), "this one does");
        finding.help("remove one of the two");
    }
}
