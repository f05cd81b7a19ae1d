use rustc_hash::FxHashMap;

use crate::diagnostic::Level;
use crate::model::layers::first_word;
use crate::model::servers::ServerId;
use crate::model::wsgi::{Application, Applications};
use crate::rule::{Check, Context, Report};

crate::rule! {
    /// `FallbackResource` sends requests to an application, which does not learn what was asked for.
    ///
    /// ## What httpd does
    ///
    /// For what is not there, `FallbackResource` starts the request once more with the URL that it names.
    /// What was asked for is not added to it: `SCRIPT_NAME` and `PATH_INFO` are those of the named URL,
    /// always the same.
    ///
    /// ## Why it matters
    ///
    /// An application chooses its page by `PATH_INFO`. It answers every request with its first page, and
    /// with 200.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIScriptAlias /shop /srv/shop/wsgi.py
    /// FallbackResource /shop/
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// Alias /static /srv/shop/static
    /// WSGIScriptAlias / /srv/shop/wsgi.py
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain. Only `REQUEST_URI` is still what the client asked for, and an application that looks there
    /// is content.
    pub static RULE = {
        id: "fallback-to-application",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Applications(check),
    }
}

fn check(_: &Context<'_>, applications: &Applications<'_>, report: &mut Report) {
    let lines = applications.lines("FallbackResource");
    if lines.is_empty() {
        return;
    }
    let mut mounts: FxHashMap<(ServerId, &str), &Application<'_>> = FxHashMap::default();
    for application in &applications.mounted {
        let location = application.location().trim_end_matches('/');
        mounts.insert((application.server.server, location), application);
    }
    for line in lines {
        let Some(path) = first_word(&line).filter(|it| it.starts_with('/')) else {
            continue;
        };
        let server = applications.httpd.servers.of_directive(&line);
        let mut above = std::iter::successors(Some(path.trim_end_matches('/')), |it| {
            it.rsplit_once('/').map(|it| it.0)
        });
        let mount = above
            .find_map(|it| {
                mounts
                    .get(&(server, it))
                    .or(mounts.get(&(ServerId::MAIN, it)))
            })
            .filter(|it| it.location() != "/");
        let Some(mount) = mount else { continue };
        let rest = path.get(mount.location().trim_end_matches('/').len()..);
        let message = "the application is not told what was asked for";
        let finding = report.at(line.site(), message);
        finding.label(match rest.unwrap_or_default() {
            "" => "`PATH_INFO` is always empty".to_owned(),
            rest => format!("`PATH_INFO` is always `{rest}`"),
        });
        finding.secondary(mount.line.line().span(), "the application");
        finding.help("mount it at `/`, and use `Alias` for what are files");
    }
}
