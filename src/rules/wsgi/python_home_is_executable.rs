use std::ops::Range;

use crate::argument::wsgi::daemon_process::{DaemonOptionName, DaemonProcess};
use crate::argument::wsgi::python::home_of_program;
use crate::diagnostic::{Edit, Level, Promise};
use crate::evaluate::{Line, Placed};
use crate::rule::{Check, Context, Need, Report, Which};
use crate::world::Kind;

crate::rule! {
    /// `WSGIPythonHome` or `python-home` names the Python program instead of the folder around it.
    ///
    /// ## What httpd does
    ///
    /// It starts: nobody looks at the path before Python does. Python then takes the program for
    /// a folder and looks for its library below it, finds nothing, and gives up with
    /// `No module named 'encodings'`.
    ///
    /// ## Why it matters
    ///
    /// A daemon process starts again and again, and every request to it ends with 504. In
    /// embedded mode all processes of httpd die with mod_wsgi 4, and not even a static file is
    /// answered.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIPythonHome /srv/shop/venv/bin/python
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIPythonHome /srv/shop/venv
    /// ```
    ///
    /// ## How sure
    ///
    /// Judged by the path: its last part is a name of Python's program, in a folder `bin` or
    /// `Scripts`. Where the disk is visible and there is a folder of that name, nothing is said.
    pub static RULE = {
        id: "python-home-is-executable",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[Need::Disk],
        fix: Promise::Unsafe,
        check: Check::Directive(Which::Named(&["WSGIPythonHome", "WSGIDaemonProcess"]), check),
    }
}

fn check(context: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let line = placed.line();
    let is_daemon = line.name().eq_ignore_ascii_case("WSGIDaemonProcess");
    let value = if is_daemon {
        option(&line)
    } else {
        argument(&line)
    };
    let Some((path, range)) = value else { return };
    let Some(home) = home_of_program(&path) else {
        return;
    };
    if context.inputs.world.kind(&path) == Kind::Directory {
        return;
    }
    let span = line.argument_span(range.clone());
    let message = format!("`{path}` is Python's program, not its home");
    let finding = report.at(placed.at(span), message);
    finding.label("Python looks for its library below this path");
    let title = format!("write `{home}`");
    // Only a value that stands there as it is can be replaced.
    if line.arguments().get(range) == Some(&path)
        && placed.occurrence.unit.used(placed.node).is_none()
    {
        let text = home.to_owned();
        finding.fix(Promise::Unsafe, title, vec![Edit { span, text }]);
    } else {
        finding.help(title);
    }
}

fn argument(line: &Line<'_>) -> Option<(String, Range<usize>)> {
    let words = line.words();
    let word = words.first()?;
    Some((word.text.clone().into_owned(), word.value_range()))
}

fn option(line: &Line<'_>) -> Option<(String, Range<usize>)> {
    let daemon = DaemonProcess::kept(line.arguments());
    let home = daemon.value(DaemonOptionName::PythonHome)?;
    Some((home.value.clone(), home.range.clone()))
}
