use crate::diagnostic::Level;
use crate::model::layers::first_word;
use crate::model::survey::Survey;
use crate::rule::{Check, Context, Report, Which};

crate::rule! {
    /// Everybody may write and delete files.
    ///
    /// ## What httpd does
    ///
    /// With `Dav On`, `PUT` writes a file, `DELETE` deletes one, and `PROPFIND` lists them. `Require all granted` in
    /// the same section lets everybody do that.
    ///
    /// ## Why it matters
    ///
    /// Everybody can change the site, and put programs on it.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule dav_module modules/mod_dav.so
    /// LoadModule dav_fs_module modules/mod_dav_fs.so
    /// DAVLockDB logs/locks
    /// <Directory /srv/shop>
    ///     Dav On
    ///     Require all granted
    /// </Directory>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule authz_host_module modules/mod_authz_host.so
    /// LoadModule dav_module modules/mod_dav.so
    /// LoadModule dav_fs_module modules/mod_dav_fs.so
    /// DAVLockDB logs/locks
    /// <Directory /srv/shop>
    ///     Dav On
    ///     Require ip 10.0.0.0/8
    /// </Directory>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain: the section lets everybody in, and has no `<Limit>` for some methods.
    pub static RULE = {
        id: "open-dav",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Survey(Which::Named(&["Dav"]), check),
    }
}

fn check(_: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    for dav in survey.lines("Dav") {
        let is_off = first_word(&dav).is_none_or(|it| it.eq_ignore_ascii_case("off"));
        let Some(section) = dav.parent().filter(|_| !is_off) else {
            continue;
        };
        let lines = survey.everything_in(&section);
        let others = [
            "<Limit",
            "<LimitExcept",
            "Deny",
            "AllowMethods",
            "<RequireAll",
            "<If",
        ];
        let Some(require) = survey.opening(&section) else {
            continue;
        };
        let is_limited = others.iter().any(|it| !survey.only(&lines, it).is_empty());
        if !is_limited {
            let finding = report.at(dav.site(), "everybody may write and delete files");
            finding.secondary(require.line().span(), "this lets everybody in");
        }
    }
}
