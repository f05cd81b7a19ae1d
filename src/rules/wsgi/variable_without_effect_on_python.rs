use crate::diagnostic::Level;
use crate::model::layers::words_of;
use crate::model::wsgi::Applications;
use crate::rule::{Check, Context, Report};

crate::rule! {
    /// `SetEnv` sets a variable that Python or Django look for elsewhere.
    ///
    /// ## What httpd does
    ///
    /// `SetEnv` belongs to a request: an application finds the variable in the dictionary that WSGI
    /// hands it (`environ`). The environment of the process, `os.environ`, does not change.
    ///
    /// ## Why it matters
    ///
    /// Python reads `PYTHONPATH` and its kin once, when it starts, and Django reads
    /// `DJANGO_SETTINGS_MODULE` from `os.environ`. For both the line does nothing.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule env_module modules/mod_env.so
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIDaemonProcess shop
    /// SetEnv PYTHONPATH /srv/shop
    /// WSGIScriptAlias / /srv/shop/shop/wsgi.py process-group=shop
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIDaemonProcess shop python-path=/srv/shop
    /// WSGIScriptAlias / /srv/shop/shop/wsgi.py process-group=shop
    /// ```
    ///
    /// ## How sure
    ///
    /// Only of variables that are read from the process alone, and only where httpd runs no CGI
    /// programs: these do get the variable.
    pub static RULE = {
        id: "variable-without-effect-on-python",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Applications(check),
    }
}

const DJANGO: &str = "DJANGO_SETTINGS_MODULE";

// What Python itself reads when it starts.
const OF_PYTHON: [&str; 8] = [
    "PYTHONDONTWRITEBYTECODE",
    "PYTHONHASHSEED",
    "PYTHONHOME",
    "PYTHONIOENCODING",
    "PYTHONOPTIMIZE",
    "PYTHONPATH",
    "PYTHONUNBUFFERED",
    "PYTHONUTF8",
];

fn check(_: &Context<'_>, applications: &Applications<'_>, report: &mut Report) {
    if applications.mounted.is_empty() || runs_programs(applications) {
        return;
    }
    for line in applications.lines("SetEnv") {
        let words = words_of(&line);
        let Some(name) = words.first().map(String::as_str) else {
            continue;
        };
        if name != DJANGO && !OF_PYTHON.contains(&name) {
            continue;
        }
        let message = format!("`{name}` does not get to `os.environ`");
        let finding = report.at(line.site(), message);
        finding.label("only `environ` of a request has it");
        finding.help(match name {
            "PYTHONHOME" => "use the option `python-home` of the daemon process group",
            "PYTHONPATH" => "use the option `python-path` of the daemon process group",
            DJANGO => "set it in the script, before the application is made",
            _ => "set it in the environment that httpd is started with",
        });
    }
}

fn runs_programs(applications: &Applications<'_>) -> bool {
    const ALIASES: [&str; 2] = ["ScriptAlias", "ScriptAliasMatch"];
    const HANDLERS: [&str; 3] = ["SetHandler", "AddHandler", "Action"];
    let runs = |it: &crate::evaluate::Placed<'_>| it.line().arguments().contains("cgi");
    ALIASES.iter().any(|it| !applications.lines(it).is_empty())
        || HANDLERS
            .iter()
            .any(|it| applications.lines(it).iter().any(runs))
}
