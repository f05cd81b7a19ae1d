use crate::diagnostic::Level;
use crate::model::layers::first_word;
use crate::model::survey::Survey;
use crate::rule::{Check, Concern, Context, Report, Which};

crate::rule! {
    /// Each request to a backend opens a connection of its own.
    ///
    /// ## What httpd does
    ///
    /// `SetEnv proxy-nokeepalive` and `force-proxy-request-1.0` let it send `Connection: close` to backends, and open the next
    /// connection for the next request.
    ///
    /// ## Why it matters
    ///
    /// Each request waits for a connection, and for TLS where the backend speaks it.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule env_module modules/mod_env.so
    /// SetEnv proxy-nokeepalive 1
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule setenvif_module modules/mod_setenvif.so
    /// BrowserMatch "^OldRobot/" proxy-nokeepalive
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain for a line that stands in no section. Some backends need it.
    pub static RULE = {
        id: "connections-to-backend-not-kept",
        level: Level::Note,
        since: "0.1.0",
        needs: &[],
        concern: Concern::Performance,
        check: Check::Survey(Which::Named(&["SetEnv"]), check),
    }
}

fn check(_: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    let names = ["proxy-nokeepalive", "force-proxy-request-1.0"];
    for line in survey.lines("SetEnv") {
        let is_meant = first_word(&line)
            .is_some_and(|it| names.iter().any(|one| it.eq_ignore_ascii_case(one)));
        if is_meant && survey.section_around(&line).is_none() && !survey.is_in_directory(&line) {
            report.at(line.site(), "connections to backends are not kept");
        }
    }
}
