use crate::argument::mutex::Mutex;
use crate::diagnostic::{Edit, Level, Promise};
use crate::evaluate::{NodeKind, Placed};
use crate::httpd::ModuleId;
use crate::model::{ModuleTest, Thing};
use crate::rule::{Check, Context, Report, Which};
use crate::source::Span;

const WSGI: ModuleId = ModuleId::of("mod_wsgi.c");

crate::rule! {
    /// A `Mutex` directive is meant for the daemon processes of mod_wsgi, which do not look at it.
    ///
    /// ## What httpd does
    ///
    /// It uses the mechanism for its own locks. mod_wsgi registers no mutex with httpd: the
    /// processes of a daemon group take turns under a lock of mod_wsgi's own, which only
    /// `WSGIAcceptMutex` chooses. Without it that is an `fcntl` lock, whatever `Mutex` says and
    /// whatever `httpd -V` shows as the default.
    ///
    /// ## Why it matters
    ///
    /// Whoever changes `Mutex` because the daemons stall, or because lock files may not lie on a
    /// network disk, has changed nothing for them.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// Mutex sysvsem default
    /// WSGIDaemonProcess shop processes=4
    /// WSGIScriptAlias / /srv/shop/wsgi.py process-group=shop
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// Mutex sysvsem default
    /// WSGIAcceptMutex sysvsem
    /// WSGIDaemonProcess shop processes=4
    /// WSGIScriptAlias / /srv/shop/wsgi.py process-group=shop
    /// ```
    ///
    /// ## How sure
    ///
    /// That the directive does not reach mod_wsgi is certain. That it was meant to is concluded:
    /// it stands among directives of mod_wsgi or in an `<IfModule>` for it; or it chooses
    /// semaphores for everything, while a daemon group has several processes. A `Mutex` that only
    /// chooses the folder of lock files is left alone, and so is every one beside a
    /// `WSGIAcceptMutex`.
    pub static RULE = {
        id: "mutex-without-effect-on-wsgi",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        fix: Promise::Unsafe,
        check: Check::Directive(Which::Named(&["Mutex"]), check),
    }
}

fn check(context: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let model = context.model;
    if !context.is_whole() || model.has(Thing::WsgiAcceptMutex, "") {
        return;
    }
    let line = placed.line();
    let mutex = Mutex::parse(line.arguments());
    let is_for_all = mutex.types.is_empty() || mutex.types.iter().any(|it| it.value == "default");
    if !is_for_all || mutex.is_default() || mutex.is_none() {
        return;
    }
    let mechanism = mutex.mechanism.value.to_ascii_lowercase();
    let is_semaphore = ["sysvsem", "posixsem", "sem", "pthread"].contains(&&*mechanism);
    let is_waited_for = is_semaphore && model.has(Thing::SharedDaemonGroup, "");
    if !is_waited_for && !stands_among_wsgi(context, placed) {
        return;
    }
    let message = "`Mutex` does not reach the daemon processes of mod_wsgi";
    let finding = report.at(placed.at(line.name_span()), message);
    finding.label("only httpd's own locks use it");
    finding.note("without `WSGIAcceptMutex` the daemons take an fcntl lock");
    let title = format!("add `WSGIAcceptMutex {mechanism}`");
    if ["sysvsem", "posixsem", "pthread"].contains(&&*mechanism) && placed.is_verbatim() {
        let edit = Edit {
            span: Span {
                start: line.span().end,
                ..line.span()
            },
            text: format!("\nWSGIAcceptMutex {mechanism}"),
        };
        finding.fix(Promise::Unsafe, title, vec![edit]);
    } else {
        finding.help("choose the mechanism of the daemons with `WSGIAcceptMutex`");
    }
}

// In an `<IfModule>` for mod_wsgi, or in a file where everything else is mod_wsgi's.
fn stands_among_wsgi(context: &Context<'_>, placed: &Placed<'_>) -> bool {
    let table = context.inputs.table;
    let if_module = table.name("<IfModule");
    let mut at = placed.container();
    while let Some(section) = at {
        if section.node.name == if_module
            && let Some(test) = ModuleTest::of(&section.line())
            && !test.negated
            && test.module(table) == Some(WSGI)
        {
            return true;
        }
        at = section.container();
    }
    let mut others = context
        .config
        .nodes(placed.id.occurrence)
        .filter(|it| it.node.kind == NodeKind::Directive && it.id != placed.id)
        .peekable();
    others.peek().is_some()
        && others.all(|it| {
            let name = it.node.name;
            name.is_some_and(|it| table.spelling(it).starts_with("WSGI"))
        })
}
