use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::model::layers::is_on;
use crate::model::python::{self, Minor};
use crate::rule::{Check, Context, Report, Which};

/// The directives, the first Python that has what they switch on, and what that is.
const OPTIONS: &[(&str, Minor, &str)] = &[
    (
        "WSGIPerInterpreterGIL",
        Minor(3, 12),
        "lock for each interpreter",
    ),
    ("WSGIFreeThreading", Minor(3, 13), "build without the lock"),
];

crate::rule! {
    /// The Python in mod_wsgi is too old for a way to run interpreters that is asked for.
    ///
    /// ## What httpd does
    ///
    /// `httpd -t` warns (WSGI0198, WSGI0200) and says that all is well; the directive does nothing.
    ///
    /// ## Why it matters
    ///
    /// Interpreters wait for one another, though somebody decided that they should not.
    ///
    /// ## Wrong
    ///
    /// ```facts
    /// Apache/2.4.62 (Unix) mod_wsgi/6.1.1 Python/3.11
    /// ```
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIPerInterpreterGIL On
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIDaemonProcess shop
    /// <Directory /srv/shop>
    ///     WSGIProcessGroup shop
    ///     WSGIApplicationGroup %{GLOBAL}
    /// </Directory>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain where the Python of mod_wsgi is known: locks of their own came with 3.12, builds without the lock with
    /// 3.13.
    pub static RULE = {
        id: "unsupported-interpreter-option",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Directive(Which::Named(&["WSGIPerInterpreterGIL", "WSGIFreeThreading"]), check),
    }
}

fn check(context: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let facts = context.inputs.facts.of_applications();
    let name = placed.line().name().into_owned();
    let mut options = OPTIONS.iter();
    let option = options.find(|it| it.0.eq_ignore_ascii_case(&name));
    let Some((own, (_, first, what))) = python::of_mod_wsgi(facts).zip(option) else {
        return;
    };
    if !is_on(placed) || own.value >= *first {
        return;
    }
    let message = format!("Python {} has no {what}", own.value);
    let finding = report.at(placed.site(), message);
    finding.label("does nothing");
    finding.note(format!("Python {} is at {}", own.value, own.origin));
}
