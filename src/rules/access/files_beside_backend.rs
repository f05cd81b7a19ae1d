use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::model::layers::words_of;
use crate::model::reach::grants_everybody;
use crate::model::scope::About;
use crate::model::servers::ServerId;
use crate::model::survey::Survey;
use crate::rule::{Check, Context, Report, Which};

crate::rule! {
    /// A `<Files>` protects a program that is run by a backend, which does not ask.
    ///
    /// ## What httpd does
    ///
    /// `ProxyPassMatch` passes the URL on before files are looked for: `<Directory>`, `<Files>` and `.htaccess`
    /// files do not count for it. `SetHandler "proxy:fcgi:…"` passes it on when they have been asked.
    ///
    /// ## Why it matters
    ///
    /// Everybody can run the program.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule proxy_module modules/mod_proxy.so
    /// LoadModule proxy_fcgi_module modules/mod_proxy_fcgi.so
    /// ProxyPassMatch ^/(.*\.php)$ fcgi://127.0.0.1:9000/srv/shop/$1
    /// <Files admin.php>
    ///     Require all denied
    /// </Files>
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
    /// <Files admin.php>
    ///     Require all denied
    /// </Files>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain: the section is about a name that ends in `.php`, and a `ProxyPassMatch` of the same server or
    /// the main server passes such URLs on to a FastCGI backend.
    pub static RULE = {
        id: "files-beside-backend",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Survey(Which::Named(&["ProxyPassMatch"]), check),
    }
}

fn check(_: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    let passes = |it: &Placed<'_>| {
        let words = words_of(it);
        words.first().is_some_and(|it| it.contains("\\.php"))
            && words.iter().any(|it| it.contains("fcgi://"))
    };
    let passing: Vec<_> = survey.lines("ProxyPassMatch").filter(passes).collect();
    if passing.is_empty() {
        return;
    }
    let limits =
        |it: &Placed<'_>| ["Require", "Deny"].contains(&survey.name(it)) && !grants_everybody(it);
    for section in survey.lines("<Files") {
        let About::Files(name) = survey.about(&section) else {
            continue;
        };
        let server = survey.server_of(&section);
        let near = |it: &&Placed<'_>| [server, ServerId::MAIN].contains(&survey.server_of(it));
        let lines = survey.everything_in(&section);
        let limit = lines.iter().find(|it| limits(it) && !it.node.uncertain);
        if let (Some(limit), Some(pass), true) =
            (limit, passing.iter().find(near), name.ends_with(".php"))
        {
            let message = format!("a backend runs `{name}` without asking this section");
            let finding = report.at(section.site(), message);
            finding.secondary(limit.line().span(), "this counts for files only");
            finding.secondary(pass.line().span(), "this passes the URL on before");
            finding.help("run the program with `SetHandler \"proxy:fcgi:…\"`, or protect its URL with `<Location>`");
        }
    }
}
