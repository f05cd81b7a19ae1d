use crate::diagnostic::Level;
use crate::model::survey::Survey;
use crate::rule::{Check, Context, Report, Which};

// The schemes of backends, and the modules that speak them.
const MODULES: &[(&str, &str)] = &[
    ("ajp", "proxy_ajp_module"),
    ("fcgi", "proxy_fcgi_module"),
    ("http", "proxy_http_module"),
    ("https", "proxy_http_module"),
    ("scgi", "proxy_scgi_module"),
    ("uwsgi", "proxy_uwsgi_module"),
];

crate::rule! {
    /// A handler passes requests to a kind of backend for which no module is loaded.
    ///
    /// ## What httpd does
    ///
    /// `SetHandler "proxy:fcgi://…"` leaves the request to the module for the scheme. Where it is not there, nobody takes
    /// the request, and httpd sends the file itself. It logs nothing.
    ///
    /// ## Why it matters
    ///
    /// Visitors see the program instead of the page, with the passwords that are in it.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule proxy_module modules/mod_proxy.so
    /// <FilesMatch "\.php$">
    ///     SetHandler "proxy:fcgi://127.0.0.1:9000"
    /// </FilesMatch>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule proxy_module modules/mod_proxy.so
    /// LoadModule proxy_fcgi_module modules/mod_proxy_fcgi.so
    /// <FilesMatch "\.php$">
    ///     SetHandler "proxy:fcgi://127.0.0.1:9000"
    /// </FilesMatch>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain, where all modules are known: mod_proxy or the module for the scheme is not there.
    pub static RULE = {
        id: "handler-without-backend-module",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Survey(Which::Named(&["SetHandler", "AddHandler"]), check),
    }
}

fn check(context: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    let is_known = context.modules.are_all_known() && context.modules.foreign().is_empty();
    if !is_known || !context.is_whole() {
        return;
    }
    for line in survey.lines_of(&["SetHandler", "AddHandler"]) {
        let text = line.line();
        let words = text.words();
        let Some(word) = words.first() else { continue };
        let Some(url) = word.text.strip_prefix("proxy:") else {
            continue;
        };
        let url = url.rsplit('|').next().unwrap_or(url);
        let scheme = url.split_once("://").map(|it| it.0.to_ascii_lowercase());
        let module = scheme.and_then(|it| MODULES.iter().find(|known| known.0 == it));
        let Some((scheme, module)) = module else {
            continue;
        };
        let missing = ["proxy_module", *module];
        let missing = missing.iter().find(|it| survey.httpd.has(it) == Ok(false));
        if let Some(missing) = missing {
            let message = format!("nothing speaks `{scheme}` to a backend here");
            let finding = report.at(line.at(text.word_span(word)), message);
            finding.label("the file itself is sent");
            finding.help(format!("load `{missing}`"));
        }
    }
}
