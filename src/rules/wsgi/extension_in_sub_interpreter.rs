use rustc_hash::FxHashMap;

use crate::argument::wsgi::daemon_process::DaemonOptionName;
use crate::diagnostic::Level;
use crate::model::layers::first_word;
use crate::model::wsgi::{Application, Applications};
use crate::rule::{Check, Context, Report};
use crate::world::{Kind, World};

// Packages that say of themselves that they work in the main interpreter only.
const PACKAGES: [&str; 7] = [
    "numpy",
    "scipy",
    "pandas",
    "grpc",
    "cv2",
    "torch",
    "tensorflow",
];

crate::rule! {
    /// An application with packages like NumPy does not run in the main interpreter.
    ///
    /// ## What httpd does
    ///
    /// Without `WSGIApplicationGroup` mod_wsgi makes an interpreter of its own for each application in
    /// a process, a *sub-interpreter*. Packages in C that keep their state in the process, or that
    /// call Python from threads of their own, know the first interpreter only.
    ///
    /// ## Why it matters
    ///
    /// The application hangs at the first import, fails at random, or warns that the package does not
    /// support it, and works everywhere else.
    ///
    /// ## Wrong
    ///
    /// ```file /srv/shop/venv/lib/python3.11/site-packages/numpy/__init__.py
    /// ```
    ///
    /// ```file /srv/shop/venv/pyvenv.cfg
    /// home = /usr/bin
    /// ```
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIDaemonProcess shop python-home=/srv/shop/venv
    /// WSGIScriptAlias / /srv/shop/wsgi.py process-group=shop
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIDaemonProcess shop python-home=/srv/shop/venv
    /// WSGIScriptAlias / /srv/shop/wsgi.py process-group=shop application-group=%{GLOBAL}
    /// ```
    ///
    /// ## How sure
    ///
    /// That the application runs in a sub-interpreter is certain. That it uses the package is concluded
    /// from its virtual environment, where the disk of the server is visible.
    pub static RULE = {
        id: "extension-in-sub-interpreter",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Applications(check),
    }
}

fn check(context: &Context<'_>, applications: &Applications<'_>, report: &mut Report) {
    let mut packages: FxHashMap<String, Option<&str>> = FxHashMap::default();
    for (application, values) in applications.answering() {
        let is_final = values.application_group_line.is_some() || context.is_whole();
        let is_sub = values
            .application_group
            .as_ref()
            .map_or(true, |it| !it.is_empty());
        // A name that is not known may be the empty one, unless it is the default.
        let is_known = values.application_group.is_ok() || values.application_group_line.is_none();
        if !is_final || !is_sub || !is_known {
            continue;
        }
        let Some(home) = home(applications, application) else {
            continue;
        };
        let package = packages.entry(home);
        let world = context.inputs.world;
        let package = package.or_insert_with_key(|home| package_of(world, home));
        let Some(package) = package else { continue };
        let message = "this application does not run in the main interpreter";
        let finding = report.at(application.line.site(), message);
        finding.label(format!(
            "its virtual environment has `{package}`, which needs it"
        ));
        if let Some(line) = values.application_group_line {
            finding.secondary(line.line().span(), "this names another interpreter");
        }
        finding.help("add `application-group=%{GLOBAL}`, in a process group of its own");
    }
}

fn home(applications: &Applications<'_>, application: &Application<'_>) -> Option<String> {
    let group = application.values.as_ref()?.process_group.as_ref().ok()?;
    let own = applications.group(group);
    let own = own.and_then(|it| it.directive.value(DaemonOptionName::PythonHome));
    let common = || {
        applications
            .lines("WSGIPythonHome")
            .last()
            .and_then(first_word)
    };
    own.map(|it| it.value.clone()).or_else(common)
}

fn package_of(world: &dyn World, home: &str) -> Option<&'static str> {
    let home = home.trim_end_matches('/');
    let entries = world.list(&format!("{home}/lib")).ok()?;
    let pythons = entries.iter().filter(|it| it.name.starts_with("python"));
    let folders: Vec<String> = pythons
        .map(|it| format!("{home}/lib/{}/site-packages", it.name))
        .collect();
    let mut packages = PACKAGES.into_iter();
    packages.find(|package| {
        let mut folders = folders.iter();
        folders.any(|it| world.kind(&format!("{it}/{package}")) == Kind::Directory)
    })
}
