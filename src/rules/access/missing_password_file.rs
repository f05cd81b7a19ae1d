use std::collections::BTreeMap;

use crate::diagnostic::Level;
use crate::evaluate::paths;
use crate::model::authentication::asks_for_user;
use crate::model::reach::Reaches;
use crate::model::survey::Survey;
use crate::rule::{Check, Context, Report, Which};
use crate::source::Site;
use crate::world::Kind;

const FILES: &[&str] = &["AuthUserFile", "AuthGroupFile"];

crate::rule! {
    /// A file with passwords or groups is not there.
    ///
    /// ## What httpd does
    ///
    /// It opens the file for each request that needs it, and logs that it cannot (AH01620, AH01665).
    ///
    /// ## Why it matters
    ///
    /// Without the file of passwords whoever gives one gets the answer 500; without the file of groups nobody is in
    /// one, and the answer is 401.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule authz_user_module modules/mod_authz_user.so
    /// LoadModule authn_core_module modules/mod_authn_core.so
    /// LoadModule auth_basic_module modules/mod_auth_basic.so
    /// LoadModule authn_file_module modules/mod_authn_file.so
    /// <Location /admin>
    ///     AuthType Basic
    ///     AuthName shop
    ///     AuthUserFile conf.d/passwords
    ///     Require valid-user
    /// </Location>
    /// ```
    ///
    /// ## Right
    ///
    /// ```file /etc/httpd/passwords
    /// alice:secret
    /// ```
    ///
    /// ```conf
    /// LoadModule authz_user_module modules/mod_authz_user.so
    /// LoadModule authn_core_module modules/mod_authn_core.so
    /// LoadModule auth_basic_module modules/mod_auth_basic.so
    /// LoadModule authn_file_module modules/mod_authn_file.so
    /// <Location /admin>
    ///     AuthType Basic
    ///     AuthName shop
    ///     AuthUserFile passwords
    ///     Require valid-user
    /// </Location>
    /// ```
    ///
    /// ## How sure
    ///
    /// Said only where the server's disk can be seen, and where a `Require` asks for a user.
    pub static RULE = {
        id: "missing-password-file",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Survey(Which::Named(FILES), check),
    }
}

fn check(context: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    let Some(root) = context.modules.server_root() else {
        return;
    };
    let requirements = survey.possible(&["Require"]).into_iter();
    let asking = Reaches::of(survey, requirements.filter(asks_for_user));
    let mut places: BTreeMap<String, Vec<Site>> = BTreeMap::new();
    for placed in survey.lines_of(FILES) {
        let line = placed.line();
        let words = line.words();
        let Some(word) = words.first() else { continue };
        let path = paths::resolve(root, &word.text);
        let what = match context.inputs.world.resource(&path) {
            Kind::Missing | Kind::NotADirectory => "is not there",
            Kind::Directory => "is a folder",
            Kind::File | Kind::Other | Kind::Denied | Kind::Unknown => continue,
        };
        if asking.may_meet(survey, &placed) {
            let place = placed.at(line.word_span(word));
            places
                .entry(format!("`{path}` {what}"))
                .or_default()
                .push(place);
        }
    }
    for (message, places) in places {
        let mut places = places.into_iter();
        let Some(first) = places.next() else { continue };
        let finding = report.at(first, message);
        for other in places {
            finding.secondary(other.span, "and here");
        }
    }
}
