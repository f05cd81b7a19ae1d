use crate::argument::Located;
use crate::argument::wsgi::daemon_process::DaemonOptionName;
use crate::diagnostic::Level;
use crate::model::accounts::Account;
use crate::model::wsgi::{Applications, DaemonGroup};
use crate::rule::{Check, Context, Report};
use crate::world::Kind;

crate::rule! {
    /// The folder in which the processes of a group begin is not there.
    ///
    /// ## What httpd does
    ///
    /// A daemon process goes to the folder of `home`. Without that option it stays where httpd is,
    /// unless it runs as another user than httpd: then it goes to the home of this account. If it
    /// cannot, it ends and is started again after a while.
    ///
    /// ## Why it matters
    ///
    /// `httpd -t` and the start of the server say nothing. Requests wait until they are answered with
    /// 504, and only the error log tells `Unable to change working directory`. Accounts for services
    /// often have a home that nobody ever made.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIDaemonProcess shop home=/etc/shop
    /// WSGIScriptAlias / /srv/shop/wsgi.py process-group=shop
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule wsgi_module modules/mod_wsgi.so
    /// WSGIDaemonProcess shop home=/etc
    /// WSGIScriptAlias / /srv/shop/wsgi.py process-group=shop
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain, where the disk of the server is visible and root starts httpd. Of a group with
    /// another root directory nothing is said.
    pub static RULE = {
        id: "unusable-home",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Applications(check),
    }
}

fn check(context: &Context<'_>, applications: &Applications<'_>, report: &mut Report) {
    for group in &applications.groups {
        let Some(home) = Home::of(applications, group) else {
            continue;
        };
        let path = &home.path;
        let what = match context.inputs.world.resource(path.trim_end_matches('/')) {
            Kind::Missing | Kind::NotADirectory => "is not there",
            Kind::File => "is no folder",
            _ => continue,
        };
        let message = match home.is_of_account {
            true => format!("the home of this user, `{path}`, {what}"),
            false => format!("`{path}` {what}"),
        };
        let finding = report.at(group.place(home.option), message);
        finding.label("every request is answered with 504");
        if home.is_of_account {
            finding.help("name a folder with `home`");
        }
    }
}

/// Where the processes of a group begin, and the option that says so.
struct Home<'a> {
    path: String,
    option: &'a Located<String>,
    is_of_account: bool,
}

impl<'a> Home<'a> {
    fn of(applications: &Applications<'_>, group: &'a DaemonGroup<'_>) -> Option<Self> {
        let option = |name| group.directive.value(name);
        if option(DaemonOptionName::Chroot).is_some() {
            return None;
        }
        if let Some(home) = option(DaemonOptionName::Home) {
            return Some(Self {
                path: home.value.clone(),
                option: home,
                is_of_account: false,
            });
        }
        let user = option(DaemonOptionName::User)?;
        let httpd = applications.httpd;
        let account = Account::of(httpd.world(), &user.value, None)?;
        let is_other = account.user != httpd.account().ok()?.user;
        is_other.then_some(Self {
            path: account.home,
            option: user,
            is_of_account: true,
        })
    }
}
