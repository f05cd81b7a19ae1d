use crate::argument::wsgi::daemon_process::DaemonOptionName;
use crate::diagnostic::Level;
use crate::model::wsgi::Applications;
use crate::rule::{Check, Context, Need, Report};

crate::rule! {
    /// httpd is started with `PYTHONHOME` or `PYTHONPATH` in its environment.
    ///
    /// ## What httpd does
    ///
    /// Every Python that mod_wsgi starts inherits the environment that httpd is started with.
    /// `PYTHONHOME` is the home of all that are given none, and `PYTHONPATH` is added to the path of
    /// all.
    ///
    /// ## Why it matters
    ///
    /// A `PYTHONHOME` of another Python stops all applications at once, and in versions before 6 all
    /// of httpd. Packages on a `PYTHONPATH` come before those of the virtual environments, in all of
    /// them. Nothing in the configuration shows either.
    ///
    /// ## Wrong
    ///
    /// ```envvars
    /// PYTHONPATH=/opt/common/lib
    /// ```
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIDaemonProcess shop
    /// WSGIScriptAlias / /srv/shop/wsgi.py process-group=shop
    /// ```
    ///
    /// ## Right
    ///
    /// ```envvars
    /// LANG=C.UTF-8
    /// ```
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIDaemonProcess shop python-path=/opt/common/lib
    /// WSGIScriptAlias / /srv/shop/wsgi.py process-group=shop
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain where the environment of httpd is known and something is mounted. `PYTHONHOME` is not
    /// told where `WSGIPythonHome` or the option `python-home` of every group is there instead of it.
    pub static RULE = {
        id: "python-variable-of-server",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[Need::Environment],
        check: Check::Applications(check),
    }
}

fn check(context: &Context<'_>, applications: &Applications<'_>, report: &mut Report) {
    let Some(environment) = &context.inputs.facts.of_applications().environment else {
        return;
    };
    if applications.mounted.is_empty() {
        return;
    }
    let has = |name: &str| {
        let value = environment.value.values.get(name);
        value.is_some_and(|it| !it.is_empty())
    };
    let told = [
        ("PYTHONHOME", "python-home", !has_other_home(applications)),
        ("PYTHONPATH", "python-path", true),
    ];
    for (name, option, counts) in told {
        if !has(name) || !counts {
            continue;
        }
        let message = format!("every Python of httpd inherits `{name}`");
        let finding = report.at(context.beginning(), message);
        finding.note(format!(
            "the environment is known from {}",
            environment.origin
        ));
        finding.help(format!("use `{option}` of the groups that need it"));
    }
}

fn has_other_home(applications: &Applications<'_>) -> bool {
    let has_own = |option| {
        let mut groups = applications.groups.iter();
        !applications.groups.is_empty() && groups.all(|it| it.directive.value(option).is_some())
    };
    !applications.lines("WSGIPythonHome").is_empty() || has_own(DaemonOptionName::PythonHome)
}
