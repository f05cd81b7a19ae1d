use crate::argument::wsgi::python::home_of_program;
use crate::diagnostic::{Level, Promise};
use crate::model::python;
use crate::model::wsgi::{PythonPart, PythonSetting};
use crate::rule::{Check, Context, Need, Report};
use crate::world::{Kind, World};

crate::rule! {
    /// `WSGIPythonHome` or `python-home` names no Python installation and no virtual environment.
    ///
    /// ## What httpd does
    ///
    /// It starts: nobody looks at the path before Python does. Python wants a virtual environment, with
    /// its `pyvenv.cfg`, or an installation, with its library in `lib/pythonX.Y`. The path must begin
    /// with `/`: it is not completed by `ServerRoot`.
    ///
    /// ## Why it matters
    ///
    /// Python gives up with `No module named 'encodings'`. A daemon process starts again and again, and
    /// every request to it ends with 504. In embedded mode all processes of httpd die with mod_wsgi 4,
    /// and not even a static file is answered.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIDaemonProcess shop python-home=/srv/venv/lib/python3.11/site-packages
    /// WSGIScriptAlias / /srv/shop/wsgi.py process-group=shop
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIDaemonProcess shop python-home=/srv/venv
    /// WSGIScriptAlias / /srv/shop/wsgi.py process-group=shop
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain of a path that does not begin with `/`, and where the disk of the server is visible. A
    /// path below `lib/pythonX.Y` is judged by its name, unless it is seen to be a home. That of
    /// Python's program is told by `python-home-is-executable`.
    pub static RULE = {
        id: "unusable-python-home",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[Need::Disk],
        fix: Promise::Unsafe,
        check: Check::PythonSetting(check),
    }
}

fn check(context: &Context<'_>, setting: &PythonSetting<'_>, report: &mut Report) {
    // `PREFIX:EXEC_PREFIX`
    let prefix = setting.text.value.split(':').next().unwrap_or_default();
    let world = context.inputs.world;
    let is_home = setting.part == PythonPart::Home;
    if !is_home || prefix.is_empty() || prefix.contains("${") || home_of_program(prefix).is_some() {
        return;
    }
    if !prefix.starts_with('/') {
        let message = format!("`{prefix}` does not begin with `/`");
        let finding = report.at(setting.place(), message);
        finding.label("Python does not start");
        return;
    }
    if let Some(environment) = around_library(prefix)
        && !holds_python(world, prefix)
    {
        let message = format!("`{prefix}` is a part of Python's home");
        return super::say_other_home(setting, message, environment, report);
    }
    let what = match world.resource(prefix.trim_end_matches('/')) {
        Kind::Missing | Kind::NotADirectory => "is not there",
        Kind::File => "is no folder",
        Kind::Directory if !holds_python(world, prefix) && is_visible(world, prefix) => {
            "has neither `pyvenv.cfg` nor `lib/pythonX.Y`"
        }
        _ => return,
    };
    let finding = report.at(setting.place(), format!("`{prefix}` {what}"));
    finding.label("Python does not start");
}

// The folder that holds the `lib` of a path in it.
fn around_library(path: &str) -> Option<&str> {
    python::of_packages(path)?;
    let at = path
        .find("/lib/python")
        .or_else(|| path.find("/lib64/python"))?;
    path.get(..at).filter(|it| !it.is_empty())
}

fn holds_python(world: &dyn World, path: &str) -> bool {
    let path = path.trim_end_matches('/');
    if world.kind(&format!("{path}/pyvenv.cfg")) == Kind::File {
        return true;
    }
    let libraries = ["lib", "lib64"].map(|it| world.list(&format!("{path}/{it}")));
    let mut entries = libraries.iter().flatten().flatten();
    entries.any(|it| it.name.starts_with("python"))
}

// A folder that may hold what is not visible from here says nothing.
fn is_visible(world: &dyn World, path: &str) -> bool {
    let path = path.trim_end_matches('/');
    let inside = ["pyvenv.cfg", "lib"].map(|it| world.resource(&format!("{path}/{it}")));
    inside.iter().all(|it| *it != Kind::Unknown)
}
