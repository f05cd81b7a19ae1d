use std::ops::Range;

use crate::argument::wsgi::daemon_process::{DaemonOptionName, DaemonProcess};
use crate::diagnostic::Level;
use crate::evaluate::{Line, Placed};
use crate::model::python::{self, Minor};
use crate::rule::{Check, Context, Need, Report, Which};

crate::rule! {
    /// A Python installation is named that mod_wsgi was not built for.
    ///
    /// ## What httpd does
    ///
    /// One Python runs in httpd: the libpython that `mod_wsgi.so` is linked with. A home of another
    /// version does not change that. A virtual environment of another version is taken, and even
    /// `sys.prefix` is what one expects, but its packages lie where this Python does not look. Any
    /// other home lacks the library of this Python, which then gives up.
    ///
    /// ## Why it matters
    ///
    /// httpd starts. Then imports fail, or with the home of an installation every daemon process
    /// ends with `No module named 'encodings'`, and starts again.
    ///
    /// ## Wrong
    ///
    /// ```facts
    /// Apache/2.4.62 (Unix) mod_wsgi/4.9.4 Python/3.11
    /// ```
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIPythonPath /srv/shop/venv/lib/python3.12/site-packages
    /// ```
    ///
    /// ## Right
    ///
    /// ```facts
    /// Apache/2.4.62 (Unix) mod_wsgi/4.9.4 Python/3.11
    /// ```
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIPythonPath /srv/shop/venv/lib/python3.11/site-packages
    /// ```
    ///
    /// ## How sure
    ///
    /// The Python of mod_wsgi is known from its file or from what the server says when it starts. A
    /// home is judged by its `pyvenv.cfg` or its `lib/pythonX.Y`, where the disk is visible; a path of
    /// packages by its name.
    pub static RULE = {
        id: "python-of-other-version",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[Need::Disk],
        check: Check::Directive(Which::Named(&["WSGIPythonHome", "WSGIPythonPath", "WSGIDaemonProcess"]), check),
    }
}

fn check(context: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let Some(own) = python::of_mod_wsgi(context.inputs.facts.of_applications()) else {
        return;
    };
    let line = placed.line();
    let world = context.inputs.world;
    for (value, range, is_home) in named(&line) {
        let versions: Vec<Minor> = if is_home {
            let home = python::of_home(world, &value, own.value);
            home.into_iter().collect()
        } else {
            value.split(':').filter_map(python::of_packages).collect()
        };
        let Some(other) = versions.iter().find(|it| **it != own.value) else {
            continue;
        };
        let message = format!(
            "this is of Python {other}, and mod_wsgi runs Python {}",
            own.value
        );
        let finding = report.at(placed.at(line.argument_span(range)), message);
        finding.note(format!("Python {} is at {}", own.value, own.origin));
    }
}

/// The paths in a directive, and whether each is a home.
fn named(line: &Line<'_>) -> Vec<(String, Range<usize>, bool)> {
    let name = line.name();
    if name.eq_ignore_ascii_case("WSGIDaemonProcess") {
        let daemon = DaemonProcess::kept(line.arguments());
        let options = [
            (DaemonOptionName::PythonHome, true),
            (DaemonOptionName::PythonPath, false),
        ];
        let values = options.iter().filter_map(|(option, is_home)| {
            let value = daemon.value(*option)?;
            Some((value.value.clone(), value.range.clone(), *is_home))
        });
        return values.collect();
    }
    let words = line.words();
    let first = words.first();
    let first = first.map(|it| {
        let is_home = name.eq_ignore_ascii_case("WSGIPythonHome");
        (it.text.clone().into_owned(), it.value_range(), is_home)
    });
    first.into_iter().collect()
}
