use crate::argument::wsgi::daemon_process::DaemonOptionName;
use crate::diagnostic::Level;
use crate::model::wsgi::{Applications, DaemonGroup, Values, is_broken};
use crate::rule::{Check, Context, Report};

crate::rule! {
    /// A process cannot read the script that it is to run, cannot compile it, or does not trust it.
    ///
    /// ## What httpd does
    ///
    /// The process that runs an application opens its script itself, as the user that the process belongs
    /// to, and compiles it. httpd's own processes do not look into the script of a daemon process group. A
    /// group with `script-user` or `script-group` runs it only if it and its folder belong to that user or
    /// group, and if nobody else may write to them.
    ///
    /// ## Why it matters
    ///
    /// Every request is answered with 500, and the error log says `Could not read/compile source file`,
    /// whichever of the two it was. A script that is not trusted is answered with 403.
    ///
    /// ## Wrong
    ///
    /// ```file /srv/shop/wsgi.py
    /// def application(environ, start_response:
    ///     pass
    /// ```
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIDaemonProcess shop
    /// WSGIScriptAlias / /srv/shop/wsgi.py process-group=shop
    /// ```
    ///
    /// ## Right
    ///
    /// ```file /srv/shop/wsgi.py
    /// def application(environ, start_response):
    ///     pass
    /// ```
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIDaemonProcess shop
    /// WSGIScriptAlias / /srv/shop/wsgi.py process-group=shop
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain of what is said. Owners and permissions are looked at on the server alone (`--host`), and of
    /// the text of the script only whether its brackets fit and its texts are closed.
    pub static RULE = {
        id: "unusable-script",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Applications(check),
    }
}

fn check(context: &Context<'_>, applications: &Applications<'_>, report: &mut Report) {
    for (application, values) in applications.answering() {
        let name = values.process_group.as_ref().ok();
        let group = name.and_then(|it| applications.group(it));
        if let Some(group) = group
            && let Ok(Some(failure)) = group.distrust(applications.httpd, &values.script)
        {
            let message = format!("the group `{}` does not trust this script", group.name());
            let finding = report.at(application.line.site(), message);
            finding.label("every request is answered with 403");
            let options = [DaemonOptionName::ScriptUser, DaemonOptionName::ScriptGroup];
            let wanted = options.iter().find_map(|it| group.directive.value(*it));
            if let Some(wanted) = wanted {
                finding.secondary(
                    group.place(wanted).span,
                    "it has to belong to this one alone",
                );
            }
            finding.note(format!("the error log says `{}`", failure.logged(false)));
            continue;
        }
        let Some(text) = application.script_text(context.inputs.world) else {
            continue;
        };
        let is_denied = is_denied(applications, group, values);
        if !is_denied && !is_broken(text) {
            continue;
        }
        let message = match is_denied {
            true => format!("the process may not read `{}`", values.script),
            false => format!("a bracket or a text is not closed in `{}`", values.script),
        };
        let finding = report.at(application.line.site(), message);
        finding.label("every request is answered with 500");
    }
}

fn is_denied(
    applications: &Applications<'_>,
    group: Option<&DaemonGroup<'_>>,
    values: &Values<'_>,
) -> bool {
    let httpd = applications.httpd;
    let account = match group {
        Some(group) => group.account(httpd),
        None => httpd.account(),
    };
    // Nothing is known of the processes of a group that is not known.
    let is_known = group.is_some() || values.process_group.as_deref() == Ok("");
    is_known && account.and_then(|it| httpd.may(&it, 4, &values.script)) == Ok(false)
}
