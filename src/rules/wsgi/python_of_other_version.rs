use crate::diagnostic::Level;
use crate::model::python::{self, Minor};
use crate::model::wsgi::{PythonPart, PythonSetting};
use crate::rule::{Check, Context, Need, Report};

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
        check: Check::PythonSetting(check),
    }
}

fn check(context: &Context<'_>, setting: &PythonSetting<'_>, report: &mut Report) {
    let Some(own) = python::of_mod_wsgi(context.inputs.facts.of_applications()) else {
        return;
    };
    let text = &setting.text.value;
    let versions: Vec<Minor> = match setting.part {
        PythonPart::Home => {
            let home = python::of_home(context.inputs.world, text, own.value);
            home.into_iter().collect()
        }
        PythonPart::Modules => text.split(':').filter_map(python::of_packages).collect(),
    };
    let Some(other) = versions.iter().find(|it| **it != own.value) else {
        return;
    };
    let message = format!(
        "this is of Python {other}, and mod_wsgi runs Python {}",
        own.value
    );
    let finding = report.at(setting.place(), message);
    finding.note(format!("Python {} is at {}", own.value, own.origin));
}
