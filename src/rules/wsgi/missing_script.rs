use crate::argument::wsgi::script::{Role, Script};
use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::rule::{Check, Context, Need, Report, Which};
use crate::world::Kind;

crate::rule! {
    /// A mount names a script that is not there.
    ///
    /// ## What httpd does
    ///
    /// It starts, and looks for the script when a request comes. The path is taken as it is written:
    /// one that does not begin with `/` is not completed by `ServerRoot`.
    ///
    /// ## Why it matters
    ///
    /// Every request is answered with 404, and with 403 where the path is a folder.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIDaemonProcess shop
    /// WSGIScriptAlias / shop/wsgi.py process-group=shop
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIDaemonProcess shop
    /// WSGIScriptAlias / /srv/shop/wsgi.py process-group=shop
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain of a path that does not begin with `/`, and where the disk of the server is visible.
    /// A folder with a slash behind it is a mount of all scripts in it, and what stands behind a
    /// script's own path is handed to the application.
    pub static RULE = {
        id: "missing-script",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[Need::Disk],
        check: Check::Directive(Which::Named(&["WSGIScriptAlias"]), check),
    }
}

fn check(context: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let line = placed.line();
    let script = Script::parse(Role::Alias, line.arguments());
    let path = script.file.value.as_str();
    let span = line.argument_span(script.file.range.clone());
    if path.contains("${") {
        return;
    }
    if !path.starts_with('/') {
        let message = format!("`{path}` does not begin with `/`");
        let finding = report.at(placed.at(span), message);
        finding.label("every request is answered with 404");
        finding.help("write the whole path");
        return;
    }
    let is_folder = path.ends_with('/');
    match context.inputs.world.resource(path.trim_end_matches('/')) {
        Kind::Missing => {
            let finding = report.at(placed.at(span), format!("`{path}` is not there"));
            finding.label("every request is answered with 404");
        }
        Kind::Directory if !is_folder => {
            let finding = report.at(placed.at(span), format!("`{path}` is a folder"));
            finding.label("a request for it is answered with 403");
            finding.help("name the script, or put a slash behind both paths");
        }
        _ => {}
    }
}
