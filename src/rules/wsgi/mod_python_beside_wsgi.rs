use crate::diagnostic::Level;
use crate::model::survey::Survey;
use crate::rule::{Check, Context, Report, Which};

crate::rule! {
    /// mod_python is loaded together with mod_wsgi.
    ///
    /// ## What httpd does
    ///
    /// `httpd -t` says `Syntax OK`. When the server starts, mod_wsgi finds that mod_python prepares
    /// its own Python in the same processes, writes that both cannot be used together, and httpd ends
    /// with `AH00016: Configuration Failed`. Since version 6 mod_wsgi does not look any more; both
    /// then share one Python, for which neither is made.
    ///
    /// ## Why it matters
    ///
    /// A server that runs on for weeks, because the module came with a package, does not come back
    /// after its next restart.
    ///
    /// ## Wrong
    ///
    /// ```facts
    /// Server version: Apache/2.4.57 (Debian)
    /// ```
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// LoadModule python_module /usr/lib/apache2/modules/mod_python.so
    /// ```
    ///
    /// ## Right
    ///
    /// ```facts
    /// Server version: Apache/2.4.57 (Debian)
    /// ```
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain where both lines count and mod_wsgi is not known to be of version 6 or above. The
    /// module is known by its identifier.
    pub static RULE = {
        id: "mod-python-beside-wsgi",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Survey(Which::Named(&["LoadModule"]), check),
    }
}

const PYTHON: &str = "python_module";

fn check(context: &Context<'_>, _: &Survey<'_>, report: &mut Report) {
    let (config, model) = (context.config, context.model);
    let version = context
        .inputs
        .facts
        .of_applications()
        .mod_wsgi_version
        .as_ref();
    if version.is_some_and(|it| it.value.number.major >= 6) {
        return;
    }
    let [python, wsgi] = [PYTHON, "wsgi_module"].map(|it| model.loaded_by(config, it));
    let Some((python, wsgi)) = python.zip(wsgi) else {
        return;
    };
    let finding = report.at(
        config.placed(python.place).at(python.span),
        "httpd does not start with mod_python beside mod_wsgi",
    );
    finding.label("`httpd -t` does not see it");
    finding.secondary(wsgi.span, "mod_wsgi is loaded here");
    finding.help("remove mod_python");
}
