use crate::diagnostic::{Edit, Level, Promise};
use crate::evaluate::Placed;
use crate::httpd::most_similar;
use crate::model::Thing;
use crate::rule::{Check, Context, Report, Which};

crate::rule! {
    /// An application is sent to a daemon process group that no `WSGIDaemonProcess` declares.
    ///
    /// ## What httpd does
    ///
    /// It starts, and `httpd -t` says `Syntax OK`: mod_wsgi looks for the group when a request
    /// comes. Then every request that is sent there is answered with 500, and the error log says
    /// `No WSGI daemon process called 'X' has been configured`.
    ///
    /// ## Why it matters
    ///
    /// The name of a group is exact in case and shared by the whole server, so one letter is
    /// enough to take an application off the air at the next reload.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIDaemonProcess shop
    /// WSGIProcessGroup Shop
    /// WSGIScriptAlias / /srv/shop/wsgi.py
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIDaemonProcess shop
    /// WSGIProcessGroup shop
    /// WSGIScriptAlias / /srv/shop/wsgi.py
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain in a whole configuration. A part of one may rely on a group that another part
    /// declares, so nothing is said of it; nor of a name with `%{…}`, which is made up at request
    /// time.
    pub static RULE = {
        id: "undeclared-daemon-process",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        fix: Promise::Unsafe,
        check: Check::Directive(Which::Named(&[
                "WSGIProcessGroup",
                "WSGIScriptAlias",
                "WSGIScriptAliasMatch",
                "WSGIHandlerScript",
            ]),
            check,
        ),
    }
}

fn check(context: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    if !context.is_whole() {
        return;
    }
    for group in context.model.said_by(placed.id, Thing::DaemonGroupUse) {
        let is_declared = context.model.has(Thing::DaemonGroup, &group.name);
        if is_declared {
            continue;
        }
        let message = format!(
            "no `WSGIDaemonProcess` declares a group called `{}`",
            group.name
        );
        let finding = report.at(placed.at(group.span), message);
        finding.label("what is sent to it is answered with 500");
        let declared = context.model.names(Thing::DaemonGroup);
        if let Some(similar) = most_similar(&group.name, declared) {
            let edit = Edit {
                span: group.span,
                text: similar.to_owned(),
            };
            finding.fix(Promise::Unsafe, format!("write `{similar}`"), vec![edit]);
        }
    }
}
