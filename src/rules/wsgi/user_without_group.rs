use crate::argument::wsgi::daemon_process::DaemonOptionName;
use crate::diagnostic::{Edit, Level, Promise};
use crate::model::layers::first_word;
use crate::model::wsgi::Applications;
use crate::rule::{Check, Context, Report};
use crate::source::Span;

crate::rule! {
    /// A group of processes gets a user of its own, and keeps the group of httpd.
    ///
    /// ## What httpd does
    ///
    /// `user` changes the user and nothing else: the processes run with the group of `Group`, as
    /// those of httpd do. The groups that list the user as a member are added, its own first group is
    /// not.
    ///
    /// ## Why it matters
    ///
    /// Files that belong to the user's group cannot be read, and new files belong to the group of
    /// httpd, to which the applications of other users belong as well.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// User www-data
    /// Group www-data
    /// WSGIDaemonProcess shop user=games home=/etc
    /// WSGIScriptAlias / /srv/shop/wsgi.py process-group=shop
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// User www-data
    /// Group www-data
    /// WSGIDaemonProcess shop user=games group=games home=/etc
    /// WSGIScriptAlias / /srv/shop/wsgi.py process-group=shop
    /// ```
    ///
    /// ## How sure
    ///
    /// That the group stays is certain. That this is not meant is concluded, so it is a note; a user
    /// that httpd has itself is no such case.
    pub static RULE = {
        id: "user-without-group",
        level: Level::Note,
        since: "0.1.0",
        needs: &[],
        fix: Promise::Unsafe,
        check: Check::Applications(check),
    }
}

fn check(_: &Context<'_>, applications: &Applications<'_>, report: &mut Report) {
    for group in &applications.groups {
        let option = |name| group.directive.value(name);
        let Some(user) = option(DaemonOptionName::User) else {
            continue;
        };
        let has_group = option(DaemonOptionName::Group).is_some();
        if has_group || user.value.contains("${") || is_of_httpd(applications, &user.value) {
            continue;
        }
        let finding = report.at(group.place(user), "the group stays that of httpd");
        let editable = group.line.editable(&user.value, user.range.clone());
        if let Some(span) = editable.filter(|_| !user.value.starts_with('#')) {
            let title = format!("add `group={}`", user.value);
            let span = Span {
                start: span.end,
                ..span
            };
            let text = format!(" group={}", user.value);
            finding.fix(Promise::Unsafe, title, vec![Edit { span, text }]);
        } else {
            finding.help("add the user's group with `group`");
        }
    }
}

fn is_of_httpd(applications: &Applications<'_>, user: &str) -> bool {
    let lines = applications.lines("User").into_iter();
    let mut users = lines.filter_map(|it| first_word(&it));
    users.any(|it| it == user)
}
