use crate::argument::wsgi::script::{Role, Script};
use crate::diagnostic::{Edit, Level, Promise};
use crate::evaluate::Placed;
use crate::rule::{Check, Context, Report, Which};

crate::rule! {
    /// An application is mounted at a path with a slash at its end.
    ///
    /// ## What httpd does
    ///
    /// What follows the path of the mount is put behind the path of the script: with `/app/` and
    /// `wsgi.py`, `/app/cart` is looked for as `wsgi.pycart`.
    ///
    /// ## Why it matters
    ///
    /// Only the URL `/app/` itself works. `/app` and everything below `/app/` are answered with 404.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIDaemonProcess shop
    /// WSGIScriptAlias /app/ /srv/shop/wsgi.py process-group=shop
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIDaemonProcess shop
    /// WSGIScriptAlias /app /srv/shop/wsgi.py process-group=shop
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain. The path `/` is no such case, and nor is a folder of scripts, which has a slash at its
    /// end as well.
    pub static RULE = {
        id: "mount-with-slash",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        fix: Promise::Unsafe,
        check: Check::Arguments(Which::Named(&["WSGIScriptAlias"]), check),
    }
}

fn check(_: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let line = placed.line();
    let script = Script::parse(Role::Alias, line.arguments());
    let Some(mount) = &script.subject else { return };
    let bare = mount.value.trim_end_matches('/');
    let is_uneven = mount.value.ends_with('/') && !script.file.value.ends_with('/');
    // What stands behind a script's own path is handed to the application.
    let names_script = |it: &str| it.ends_with(".py") || it.ends_with(".wsgi");
    let mut folders = script.file.value.split('/').rev().skip(1);
    let is_script = folders.any(names_script);
    if !is_uneven || is_script || bare.is_empty() {
        return;
    }
    let message = format!("nothing below `{}` gets to the application", mount.value);
    let span = line.argument_span(mount.range.clone());
    let finding = report.at(placed.at(span), message);
    finding.label(format!(
        "`{}x` is looked for as `{}x`",
        mount.value, script.file.value
    ));
    if let Some(span) = placed.editable(&mount.value, mount.range.clone()) {
        let text = bare.to_owned();
        let title = format!("write `{bare}`");
        finding.fix(Promise::Unsafe, title, vec![Edit { span, text }]);
    }
}
