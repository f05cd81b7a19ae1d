use crate::diagnostic::{Edit, Level, Promise};
use crate::model::wsgi::{Application, Applications, defined_callable, may_define};
use crate::rule::{Check, Context, Report};
use crate::source::Span;

crate::rule! {
    /// A script defines no object of the name that mod_wsgi calls.
    ///
    /// ## What httpd does
    ///
    /// mod_wsgi loads the script and takes the object called `application`, or what
    /// `WSGICallableObject` or `callable-object` say instead. It does not look for another one.
    ///
    /// ## Why it matters
    ///
    /// Every request is answered with 500, in httpd's own processes with 404, and the error log says
    /// that the script `does not contain WSGI application 'application'`. Flask and most tutorials
    /// for it call the object `app`.
    ///
    /// ## Wrong
    ///
    /// ```file /srv/shop/shop.py
    /// from flask import Flask
    ///
    /// app = Flask(__name__)
    /// ```
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIDaemonProcess shop
    /// WSGIScriptAlias / /srv/shop/shop.py process-group=shop
    /// ```
    ///
    /// ## Right
    ///
    /// ```file /srv/shop/shop.py
    /// from flask import Flask
    ///
    /// app = Flask(__name__)
    /// ```
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIDaemonProcess shop
    /// WSGIScriptAlias / /srv/shop/shop.py process-group=shop callable-object=app
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain where the text of the script is visible and the name stands nowhere in it. A script
    /// that takes in everything of another module, or makes names at run time, may have it.
    pub static RULE = {
        id: "missing-callable",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        fix: Promise::Unsafe,
        check: Check::Applications(check),
    }
}

fn check(context: &Context<'_>, applications: &Applications<'_>, report: &mut Report) {
    for (application, values) in applications.answering() {
        let Ok(name) = &values.callable else {
            continue;
        };
        let Some(text) = application.script_text(context.inputs.world) else {
            continue;
        };
        // What no variable stands for is told as a literal name.
        if name.starts_with("%{") || may_define(text, name) {
            continue;
        }
        let message = format!("`{}` defines no `{name}`", values.script);
        let finding = report.at(application.line.site(), message);
        let is_embedded = values.process_group.as_deref() == Ok("");
        finding.label(match is_embedded {
            true => "every request is answered with 404",
            false => "every request is answered with 500",
        });
        let Some(other) = defined_callable(text) else {
            continue;
        };
        let title = format!("add `callable-object={other}`");
        match behind(application) {
            Some(span) => {
                let text = format!(" callable-object={other}");
                finding.fix(Promise::Unsafe, title, vec![Edit { span, text }]);
            }
            None => drop(finding.help(format!("call the object `{name}`, or name `{other}`"))),
        }
    }
}

// Where the line of a mount may be continued, if the mount names no object itself.
fn behind(application: &Application<'_>) -> Option<Span> {
    let line = &application.line;
    let mut options = application.directive.options.list.iter();
    let names_one = options.any(|it| it.name.value == "callable-object");
    let span = line.line().span();
    (line.is_verbatim() && !names_one).then_some(Span {
        start: span.end,
        ..span
    })
}
