use crate::argument::wsgi::script::ScriptOption;
use crate::diagnostic::Level;
use crate::model::wsgi::{Application, Applications};
use crate::rule::{Check, Context, Report};

crate::rule! {
    /// An application looks at the header `Authorization`, which httpd keeps from it.
    ///
    /// ## What httpd does
    ///
    /// It takes the header for its own, and leaves it out of what an application gets, unless
    /// `WSGIPassAuthorization On`, `pass-authorization=On` or `CGIPassAuth On` says otherwise.
    ///
    /// ## Why it matters
    ///
    /// `HTTP_AUTHORIZATION` is not in the dictionary of the request: every client with a token is
    /// answered as one without.
    ///
    /// ## Wrong
    ///
    /// ```file /srv/api/wsgi.py
    /// def application(environ, start_response):
    ///     token = environ.get("HTTP_AUTHORIZATION", "")
    /// ```
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIDaemonProcess api
    /// WSGIScriptAlias / /srv/api/wsgi.py process-group=api
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIDaemonProcess api
    /// WSGIPassAuthorization On
    /// WSGIScriptAlias / /srv/api/wsgi.py process-group=api
    /// ```
    ///
    /// ## How sure
    ///
    /// The script is read where it is visible, and names `HTTP_AUTHORIZATION`; the modules that it
    /// imports are not read. Where `RewriteRule` or `SetEnvIf` sets the variable, nothing is said: that
    /// works, too.
    pub static RULE = {
        id: "authorization-not-passed",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Applications(check),
    }
}

const VARIABLE: &str = "HTTP_AUTHORIZATION";

fn check(context: &Context<'_>, applications: &Applications<'_>, report: &mut Report) {
    if !context.is_whole() {
        return;
    }
    let names_it = |it: &crate::evaluate::Placed<'_>| it.line().arguments().contains(VARIABLE);
    const SETTING: [&str; 4] = ["RewriteRule", "SetEnvIf", "SetEnvIfNoCase", "SetEnvIfExpr"];
    if SETTING
        .iter()
        .any(|it| applications.lines(it).iter().any(names_it))
    {
        return;
    }
    for application in &applications.mounted {
        if application.values.is_none() || may_pass(application) {
            continue;
        }
        let script = &application.directive.file.value;
        let text = context.inputs.world.read(script);
        let looks_at =
            text.is_ok_and(|it| memchr::memmem::find(&it, VARIABLE.as_bytes()).is_some());
        if !looks_at {
            continue;
        }
        let message = "this application never sees the header `Authorization`";
        let finding = report.at(application.line.site(), message);
        finding.label(format!("its script looks at `{VARIABLE}`"));
        finding.help("add `WSGIPassAuthorization On`");
    }
}

fn may_pass(application: &Application<'_>) -> bool {
    let own = application.directive.value(ScriptOption::PassAuthorization);
    let is_on = own.map(|it| it.value.eq_ignore_ascii_case("on"));
    let pass = application.pass.as_ref();
    let said = |name: &str| pass.is_none_or(|it| it.layers.is_on(name) != Ok(false));
    is_on.unwrap_or_else(|| said("WSGIPassAuthorization")) || said("CGIPassAuth")
}
