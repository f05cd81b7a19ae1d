use crate::argument::wsgi::script::{Role, Script};
use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::rule::{Check, Context, Report, Which};

crate::rule! {
    /// The pattern of a mount fits anywhere in a URL.
    ///
    /// ## What httpd does
    ///
    /// `WSGIScriptAliasMatch` looks for the pattern in the whole path. What stands before it is
    /// forgotten, and what follows it is put behind the path of the script.
    ///
    /// ## Why it matters
    ///
    /// `/wiki` also takes `/static/wiki/logo.png` away from whoever should answer it, and `/wikipedia`,
    /// which is then looked for as `wsgi.pypedia`. A `*` is no wildcard: `/app/*` stands for `/app`
    /// with any number of slashes.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIDaemonProcess shop
    /// WSGIProcessGroup shop
    /// WSGIScriptAliasMatch /wiki /srv/wiki/wsgi.py
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIDaemonProcess shop
    /// WSGIProcessGroup shop
    /// WSGIScriptAliasMatch ^/wiki(?![^/]) /srv/wiki/wsgi.py
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain: the pattern begins with a slash, and with nothing that ties it to the beginning.
    pub static RULE = {
        id: "unanchored-mount",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Arguments(Which::Named(&["WSGIScriptAliasMatch"]), check),
    }
}

fn check(_: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let line = placed.line();
    let script = Script::parse(Role::AliasMatch, line.arguments());
    let Some(pattern) = &script.subject else {
        return;
    };
    let is_everything = pattern.value == "/";
    if !pattern.value.starts_with('/') || is_everything {
        return;
    }
    let message = format!("`{}` fits anywhere in a URL", pattern.value);
    let span = line.argument_span(pattern.range.clone());
    let finding = report.at(placed.at(span), message);
    match pattern.value.ends_with("/*") {
        true => finding.label("a pattern: `*` repeats the slash"),
        false => finding.label("nothing ties it to the beginning"),
    };
    let plain = pattern.value.trim_end_matches('*').trim_end_matches('/');
    let is_plain = plain
        .bytes()
        .all(|it| it.is_ascii_alphanumeric() || b"/_-".contains(&it));
    if is_plain && !script.file.value.contains('$') {
        finding.help(format!("use `WSGIScriptAlias {plain}`"));
    }
}
