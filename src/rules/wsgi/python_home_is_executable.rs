use crate::argument::wsgi::python::home_of_program;
use crate::diagnostic::{Level, Promise};
use crate::model::wsgi::{PythonPart, PythonSetting};
use crate::rule::{Check, Context, Report};
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
        needs: &[],
        fix: Promise::Unsafe,
        check: Check::PythonSetting(check),
    }
}

fn check(context: &Context<'_>, setting: &PythonSetting<'_>, report: &mut Report) {
    let path = &setting.text.value;
    let home = home_of_program(path).filter(|_| setting.part == PythonPart::Home);
    let Some(home) = home else { return };
    if context.inputs.world.kind(path) == Kind::Directory {
        return;
    }
    let message = format!("`{path}` is Python's program, not its home");
    super::say_other_home(setting, message, home, report);
}
