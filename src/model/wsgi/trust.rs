//! Which scripts a group trusts: `script-user` and `script-group`.

use super::failure::Failure;
use super::group::DaemonGroup;
use crate::argument::wsgi::daemon_process::DaemonOptionName;
use crate::evaluate::paths;
use crate::model::accounts::Register;
use crate::model::request::Httpd;
use crate::model::{Doubt, Known};

impl DaemonGroup<'_> {
    /// Why the group does not run a script: the script and its directory belong to somebody else than
    /// its options say, or others may write to them.
    ///
    /// # Errors
    /// Owners and permissions are not visible from here.
    pub fn distrust(&self, httpd: &Httpd<'_>, script: &str) -> Known<Option<Failure>> {
        let user = self.directive.value(DaemonOptionName::ScriptUser);
        let wanted_group = self.directive.value(DaemonOptionName::ScriptGroup);
        if user.is_none() && wanted_group.is_none() {
            return Ok(None);
        }
        let hidden = |path: &str| Doubt::new(format!("who owns `{path}` is not visible from here"));
        let directory = paths::directory(script);
        let checked = [
            (
                script,
                "WSGI script file",
                ["WSGI0164", "WSGI0155", "WSGI0166", "WSGI0168", "WSGI0157"],
            ),
            (
                directory,
                "parent directory of WSGI script file",
                ["WSGI0171", "WSGI0160", "WSGI0173", "WSGI0172", "WSGI0161"],
            ),
        ];
        let name_of = |file: &str, service: &str, id: u32| {
            let register = Register::read(httpd.world(), file, service);
            register.and_then(|it| it.name(id).map(str::to_owned))
        };
        for (path, what, [of_user, of_group, by_group, by_world, by_world_of_group]) in checked {
            let found = httpd.world().permissions(path);
            let found = found.ok_or_else(|| hidden(path))?;
            let distrusted =
                |message: String, code| Ok(Some(Failure::ScriptIsNotTrusted(message, code)));
            if let Some(user) = user
                && name_of("/etc/passwd", "passwd", found.user).as_ref() != Some(&user.value)
            {
                let message = format!(
                    "Owner of {what} does not match required user for daemon process, user={}",
                    name_of("/etc/passwd", "passwd", found.user).unwrap_or_default()
                );
                return distrusted(message, of_user);
            }
            if let Some(wanted) = wanted_group
                && name_of("/etc/group", "group", found.group).as_ref() != Some(&wanted.value)
            {
                let message = format!(
                    "Group of {what} does not match required group for daemon process, group={}",
                    name_of("/etc/group", "group", found.group).unwrap_or_default()
                );
                return distrusted(message, of_group);
            }
            let what = capitalised(what);
            let is_open_to_group = user.is_some() && found.mode & 0o020 != 0;
            let is_open_to_world = found.mode & 0o002 != 0;
            // Of the script the group is looked at first, of its directory the world.
            if is_open_to_group && !(is_open_to_world && path == directory) {
                return distrusted(format!("{what} is writable to group"), by_group);
            }
            if is_open_to_world {
                let code = user.map_or(by_world_of_group, |_| by_world);
                return distrusted(format!("{what} is writable to world"), code);
            }
        }
        Ok(None)
    }
}

fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(|it| it.to_ascii_uppercase());
    first.into_iter().chain(characters).collect()
}
