use rustc_hash::FxHashMap;

use crate::argument::rewrite::Arguments;
use crate::diagnostic::Level;
use crate::evaluate::{Placed, arguments_of};
use crate::httpd::NameId;
use crate::model::layers::Layers;
use crate::model::request::MOUNT_BY_PATTERN;
use crate::model::servers::ServerId;
use crate::model::wsgi::{Application, Applications};
use crate::rule::{Check, Context, Report};

const REWRITE_RULE: NameId = NameId::of("RewriteRule");

// With one of these a rule answers itself, or hands the new URL on.
const HANDED_ON: [&str; 10] = [
    "PT",
    "passthrough",
    "P",
    "proxy",
    "R",
    "redirect",
    "F",
    "forbidden",
    "G",
    "gone",
];

crate::rule! {
    /// A `RewriteRule` leads to a mounted application, and httpd takes the new path for a file.
    ///
    /// ## What httpd does
    ///
    /// Outside of `<Directory>`, a rule without `PT` has the last word: what it leaves is looked for
    /// below `DocumentRoot`, and neither `Alias` nor `WSGIScriptAlias` is asked.
    ///
    /// ## Why it matters
    ///
    /// The request is answered with 404, although the same URL works when it is asked for directly.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule rewrite_module modules/mod_rewrite.so
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIDaemonProcess shop
    /// WSGIScriptAlias /app /srv/shop/wsgi.py process-group=shop
    /// RewriteEngine On
    /// RewriteRule ^/shop/(.*)$ /app/$1 [L]
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule rewrite_module modules/mod_rewrite.so
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIDaemonProcess shop
    /// WSGIScriptAlias /app /srv/shop/wsgi.py process-group=shop
    /// RewriteEngine On
    /// RewriteRule ^/shop/(.*)$ /app/$1 [PT,L]
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain of a rule outside of sections whose target begins with the path of a mount, unless a
    /// later rule hands the URL on. Of an application at `/` nothing is said: there every target would
    /// be one of its paths, and files are meant, too.
    pub static RULE = {
        id: "rewrite-past-application",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Applications(check),
    }
}

fn check(_: &Context<'_>, applications: &Applications<'_>, report: &mut Report) {
    let httpd = applications.httpd;
    let mut by_server: FxHashMap<ServerId, Vec<&Application<'_>>> = FxHashMap::default();
    for application in &applications.mounted {
        let server = by_server.entry(application.server.server).or_default();
        server.push(application);
    }
    for scope in &httpd.scopes.all {
        let reached: Vec<_> = [ServerId::MAIN, scope.server]
            .iter()
            .take(if scope.is_virtual_host() { 2 } else { 1 })
            .filter_map(|it| by_server.get(it))
            .flatten()
            .copied()
            .collect();
        if reached.is_empty() {
            continue;
        }
        let mut layers = Layers::new(httpd.config, httpd.table());
        layers.push(scope.body(), None);
        if layers.is_on("RewriteEngine") != Ok(true) {
            continue;
        }
        let rules = layers.possible(&[REWRITE_RULE]);
        for (index, rule) in rules.iter().enumerate() {
            let Some(application) = target(&reached, rule).filter(|_| !rule.node.uncertain) else {
                continue;
            };
            if rules[index..].iter().any(hands_on) {
                continue;
            }
            let message = "this rule leads past the application that it is meant for";
            let finding = report.at(rule.site(), message);
            finding.label("its target is looked for below `DocumentRoot`");
            finding.secondary(application.line.line().span(), "this mount is not asked");
            finding.help("add the flag `PT`");
        }
    }
}

fn hands_on(rule: &Placed<'_>) -> bool {
    let text = rule.occurrence.unit.text(rule.node);
    let flags = Arguments::parse(arguments_of(&text)).and_then(|it| it.flags());
    flags.iter().flatten().any(|it| {
        let name = &it.name.value;
        HANDED_ON.iter().any(|flag| flag.eq_ignore_ascii_case(name))
    })
}

fn target<'x, 'a>(
    reached: &[&'x Application<'a>],
    rule: &Placed<'_>,
) -> Option<&'x Application<'a>> {
    let text = rule.occurrence.unit.text(rule.node);
    let arguments = Arguments::parse(arguments_of(&text))?;
    let target = &arguments.second.value;
    let literal = target.split(['$', '%', '?']).next().unwrap_or_default();
    let mut mounted = reached.iter().copied();
    mounted.find(|it| {
        let location = it.location();
        let rest = literal.strip_prefix(location);
        let is_in_it = rest.is_some_and(|it| it.is_empty() || it.starts_with('/'));
        // The rest of the last part is not known yet.
        let is_whole = rest.is_some_and(|it| it.starts_with('/')) || literal == *target;
        let is_plain = it.line.node.name != Some(MOUNT_BY_PATTERN);
        is_plain && location.len() > 1 && is_in_it && is_whole
    })
}
