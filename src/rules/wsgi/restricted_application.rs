use crate::argument::wsgi::GLOBAL;
use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::model::layers::words_of;
use crate::model::wsgi::{Application, Applications};
use crate::rule::{Check, Context, Report};

crate::rule! {
    /// An application may not run in the processes that it is sent to.
    ///
    /// ## What httpd does
    ///
    /// `WSGIRestrictProcess` lists the daemon process groups that may be used, with `%{GLOBAL}` for
    /// embedded mode; a list in a section replaces the one around it, and an empty one permits
    /// nothing. `WSGIRestrictEmbedded On` forbids embedded mode for the whole server. Both are looked
    /// at when a request comes.
    ///
    /// ## Why it matters
    ///
    /// Every request to the application is answered with 500.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIRestrictEmbedded On
    /// WSGIDaemonProcess shop
    /// WSGIScriptAlias /shop /srv/shop/wsgi.py process-group=shop
    /// WSGIScriptAlias /blog /srv/blog/wsgi.py
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIRestrictEmbedded On
    /// WSGIDaemonProcess shop
    /// WSGIDaemonProcess blog
    /// WSGIScriptAlias /shop /srv/shop/wsgi.py process-group=shop
    /// WSGIScriptAlias /blog /srv/blog/wsgi.py process-group=blog
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain, where it is known which group an application is sent to.
    pub static RULE = {
        id: "restricted-application",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Applications(check),
    }
}

fn check(context: &Context<'_>, applications: &Applications<'_>, report: &mut Report) {
    for (application, values) in applications.answering() {
        // The rest of a server may send it elsewhere.
        let is_final = values.process_group_line.is_some() || context.is_whole();
        let Some(group) = values.process_group.as_ref().ok().filter(|_| is_final) else {
            continue;
        };
        let line = application.line;
        if let Some(list) = excluding(application, group) {
            let message = match group.as_str() {
                "" => "this application runs embedded, which `WSGIRestrictProcess` does not permit"
                    .to_owned(),
                _ => format!("`WSGIRestrictProcess` does not permit the group `{group}`"),
            };
            let finding = report.at(line.site(), message);
            finding.label("every request is answered with 500");
            finding.secondary(list.line().span(), "it permits only these");
        } else if group.is_empty()
            && let Some(switch) = restricting(applications)
        {
            let message = "this application runs embedded, which `WSGIRestrictEmbedded` forbids";
            let finding = report.at(line.site(), message);
            finding.label("every request is answered with 500");
            finding.secondary(switch.line().span(), "forbidden here");
            finding.help("send it to a daemon process group: `process-group=…`");
        }
    }
}

// The list that leaves out a group. Letters of both cases are alike in it, and nowhere else.
fn excluding<'a>(application: &Application<'a>, group: &str) -> Option<Placed<'a>> {
    let pass = application.pass.as_ref()?;
    let list = pass.layers.last("WSGIRestrictProcess").ok()??;
    let permits = |it: &String| match it.as_str() {
        GLOBAL => group.is_empty(),
        it => it.eq_ignore_ascii_case(group),
    };
    (!words_of(&list).iter().any(permits)).then_some(list)
}

fn restricting<'a>(applications: &Applications<'a>) -> Option<Placed<'a>> {
    let last = applications.lines("WSGIRestrictEmbedded").pop()?;
    let words = words_of(&last);
    let is_on = words
        .first()
        .is_some_and(|it| it.eq_ignore_ascii_case("on"));
    is_on.then_some(last)
}
