use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::model::Thing;
use crate::rule::{Check, Context, Report, Which};

crate::rule! {
    /// `WSGIAcceptMutex` is set, and no daemon process group has several processes.
    ///
    /// ## What httpd does
    ///
    /// The mechanism is for the lock under which the processes of one group take turns at accepting
    /// requests. A group with one process has no such lock, and httpd's own processes have another
    /// one, which `Mutex` chooses.
    ///
    /// ## Why it matters
    ///
    /// The line does nothing. Whoever wanted to change httpd's own lock has to write `Mutex`.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIAcceptMutex sysvsem
    /// WSGIDaemonProcess shop
    /// WSGIScriptAlias / /srv/shop/wsgi.py process-group=shop
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIAcceptMutex sysvsem
    /// WSGIDaemonProcess shop processes=2
    /// WSGIScriptAlias / /srv/shop/wsgi.py process-group=shop
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain in a whole configuration.
    pub static RULE = {
        id: "unused-accept-mutex",
        level: Level::Note,
        since: "0.1.0",
        needs: &[],
        check: Check::Directive(Which::Named(&["WSGIAcceptMutex"]), check),
    }
}

fn check(context: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let is_used = context.model.has(Thing::SharedDaemonGroup, "");
    if is_used || !context.is_whole() {
        return;
    }
    let finding = report.at(placed.site(), "no daemon process group needs this lock");
    finding.label("only several processes of one group take turns");
}
