use crate::diagnostic::{Edit, Level, Promise};
use crate::evaluate::Placed;
use crate::rule::{Check, Context, Report, Which};

crate::rule! {
    /// Python starts in the parent process of httpd, which belongs to root.
    ///
    /// ## What httpd does
    ///
    /// With `WSGILazyInitialization Off` mod_wsgi starts Python when httpd starts, before it makes its
    /// processes and before these change to another user. Otherwise each process starts one of its own when
    /// it has changed.
    ///
    /// ## Why it matters
    ///
    /// Whatever runs when Python starts, `sitecustomize` and the `.pth` files of all packages, runs as root.
    /// And at each restart the parent process starts Python again and keeps what the old one did not give
    /// back.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGILazyInitialization Off
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGILazyInitialization On
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain. mod_wsgi 6 has no such directive and refuses it.
    pub static RULE = {
        id: "python-in-parent",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        fix: Promise::Unsafe,
        check: Check::Arguments(Which::Named(&["WSGILazyInitialization"]), check),
    }
}

fn check(_: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let line = placed.line();
    let words = line.words();
    let Some(value) = words
        .first()
        .filter(|it| it.text.eq_ignore_ascii_case("off"))
    else {
        return;
    };
    let finding = report.at(
        placed.site(),
        "Python starts in the parent process of httpd",
    );
    finding.label("and runs as root what its packages run at the start");
    match placed.editable(&value.text, value.value_range()) {
        Some(span) => {
            let text = "On".to_owned();
            let title = "write `On`, the default".to_owned();
            finding.fix(Promise::Unsafe, title, vec![Edit { span, text }]);
        }
        None => drop(finding.help("write `On`, the default")),
    }
}
