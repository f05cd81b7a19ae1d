use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::rule::{Check, Context, Report, Which};

crate::rule! {
    /// `WSGIVerboseDebugging` does nothing in mod_wsgi 6.
    ///
    /// ## What httpd does
    ///
    /// Since version 6 mod_wsgi logs its details at the levels of httpd. The directive is still read, and a
    /// line in the error log says that it has no effect.
    ///
    /// ## Why it matters
    ///
    /// Whoever looks for a fault waits for lines that never come.
    ///
    /// ## Wrong
    ///
    /// ```facts
    /// Apache/2.4.62 (Unix) mod_wsgi/6.1.1 Python/3.12
    /// ```
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIVerboseDebugging On
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// LogLevel wsgi:debug
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain where mod_wsgi is known to be of version 6 or above.
    pub static RULE = {
        id: "verbose-debugging-without-effect",
        level: Level::Note,
        since: "0.1.0",
        needs: &[],
        check: Check::Directive(Which::Named(&["WSGIVerboseDebugging"]), check),
    }
}

fn check(context: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let version = &context.inputs.facts.of_applications().mod_wsgi_version;
    let Some(version) = version.as_ref().filter(|it| it.value.number.major >= 6) else {
        return;
    };
    let message = format!("mod_wsgi {} does not look at this", version.value);
    let finding = report.at(placed.site(), message);
    finding.help("use `LogLevel wsgi:debug`");
}
