use crate::argument::rewrite::Arguments;
use crate::argument::wsgi::group::GroupName;
use crate::argument::wsgi::script::ScriptOption;
use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::model::layers::{first_word, words_of};
use crate::model::wsgi::Applications;
use crate::rule::{Check, Context, Report};

crate::rule! {
    /// Clients choose the process group of an application.
    ///
    /// ## What httpd does
    ///
    /// A group that is called `%{ENV:NAME}` is the one that the variable names when a request comes.
    /// Here a part of the request becomes the value of the variable.
    ///
    /// ## Why it matters
    ///
    /// Who knows the name of a group runs the application there: with the rights of another user,
    /// beside the data of another application. Other names are answered with 500.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule setenvif_module modules/mod_setenvif.so
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIDaemonProcess shop
    /// WSGIDaemonProcess admin
    /// SetEnvIf Request_URI ^ POOL=shop
    /// SetEnvIf X-Pool (.+) POOL=$1
    /// WSGIScriptAlias / /srv/shop/wsgi.py process-group=%{ENV:POOL}
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule setenvif_module modules/mod_setenvif.so
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIDaemonProcess shop
    /// WSGIDaemonProcess admin
    /// SetEnvIf Request_URI ^ POOL=shop
    /// SetEnvIf X-Pool (.+) POOL=$1
    /// WSGIRestrictProcess shop
    /// WSGIScriptAlias / /srv/shop/wsgi.py process-group=%{ENV:POOL}
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain for a variable that `SetEnvIf`, `SetEnvIfNoCase` or a rewrite rule makes from what it
    /// matched. Where a `WSGIRestrictProcess` stands anywhere, nothing is said.
    pub static RULE = {
        id: "process-group-of-client",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Applications(check),
    }
}

fn check(_: &Context<'_>, applications: &Applications<'_>, report: &mut Report) {
    if !applications.lines("WSGIRestrictProcess").is_empty() {
        return;
    }
    let directives = applications.lines("WSGIProcessGroup").into_iter();
    let directives = directives.filter_map(|it| Some((it, first_word(&it)?)));
    let options = applications.mounted.iter().filter_map(|it| {
        let value = it.directive.value(ScriptOption::ProcessGroup)?;
        Some((it.line, value.value.clone()))
    });
    for (line, name) in directives.chain(options) {
        let GroupName::Variable(variable) = GroupName::of(&name) else {
            continue;
        };
        let Some(setting) = setting(applications, variable) else {
            continue;
        };
        let finding = report.at(line.site(), "clients choose this process group");
        finding.secondary(setting.line().span(), "it comes from the request");
        finding.help("list the groups that may be used: `WSGIRestrictProcess`");
    }
}

// The line that makes a variable from what a request says.
fn setting<'a>(applications: &Applications<'a>, variable: &str) -> Option<Placed<'a>> {
    let lines = |name| applications.lines(name).into_iter();
    let mut matching = lines("SetEnvIf").chain(lines("SetEnvIfNoCase"));
    let captured = format!("{variable}=$");
    let takes = |it: &Placed<'_>| words_of(it).iter().any(|it| it.starts_with(&captured));
    matching.find(takes).or_else(|| {
        let mut rules = lines("RewriteRule");
        rules.find(|it| is_of_request(it, variable))
    })
}

fn is_of_request(rule: &Placed<'_>, variable: &str) -> bool {
    let flags = Arguments::parse(rule.line().arguments()).and_then(|it| it.flags());
    let flags = flags.unwrap_or_default();
    let mut settings = flags.iter().filter(|it| it.is(&["E", "env"]));
    settings.any(|it| {
        let value = it.value.value.split_once(':');
        let value = value.filter(|it| it.0 == variable).map(|it| it.1);
        value.is_some_and(|it| it.contains("%{HTTP") || it.starts_with(['$', '%']))
    })
}
