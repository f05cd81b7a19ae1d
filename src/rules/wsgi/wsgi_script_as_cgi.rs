use crate::diagnostic::{Edit, Level, Promise};
use crate::evaluate::Placed;
use crate::rule::{Check, Context, Report, Which};

const OWN: &str = "WSGIScriptAlias";

crate::rule! {
    /// `ScriptAlias` mounts a script of mod_wsgi as a CGI program.
    ///
    /// ## What httpd does
    ///
    /// `ScriptAlias` gives what it names the handler `cgi-script`, and mod_wsgi never sees it. With mod_cgi
    /// or mod_cgid httpd tries to run the file as a program of its own; without them the handler is that of
    /// plain files.
    ///
    /// ## Why it matters
    ///
    /// Without mod_cgi whoever opens the URL is sent the text of the script, with whatever stands in it.
    /// With it every request is answered with 500.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// ScriptAlias /shop /srv/shop/shop.wsgi
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIScriptAlias /shop /srv/shop/shop.wsgi
    /// ```
    ///
    /// ## How sure
    ///
    /// The name says so: it ends in `.wsgi`, and mod_wsgi is loaded. Nothing is said of a script that begins
    /// with `#!`, which may be a program.
    pub static RULE = {
        id: "wsgi-script-as-cgi",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        fix: Promise::Unsafe,
        check: Check::Directive(Which::Named(&["ScriptAlias"]), check),
    }
}

fn check(context: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let line = placed.line();
    let words = line.words();
    let Some(file) = words.last().filter(|it| it.text.ends_with(".wsgi")) else {
        return;
    };
    let table = context.inputs.table;
    let mut definitions = table.name(OWN).map(|it| table.definitions(it));
    let is_loaded = definitions
        .as_mut()
        .and_then(Iterator::next)
        .is_some_and(|it| context.modules.has(it.module).is_true());
    let text = context.inputs.world.read(&file.text);
    let is_program = text.is_ok_and(|it| it.starts_with(b"#!"));
    if !is_loaded || is_program {
        return;
    }
    let message = format!("`{}` is no CGI program", file.text);
    let finding = report.at(placed.at(line.word_span(file)), message);
    finding.label("mod_wsgi never sees it");
    // In a section the other directive does not stand, nor does it without a URL.
    if words.len() == 2 && placed.is_verbatim() {
        let span = line.name_span();
        let text = OWN.to_owned();
        let title = format!("write `{OWN}`");
        finding.fix(Promise::Unsafe, title, vec![Edit { span, text }]);
    } else {
        finding.help(format!("use `{OWN}`"));
    }
}
