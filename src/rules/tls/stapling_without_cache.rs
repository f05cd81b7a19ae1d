use crate::diagnostic::Level;
use crate::model::layers::is_on;
use crate::model::survey::Survey;
use crate::rule::{Check, Context, Report, Which};

crate::rule! {
    /// `SSLUseStapling` is on, and there is no `SSLStaplingCache`.
    ///
    /// ## What httpd does
    ///
    /// `httpd -t` is content. The start ends with `SSLStapling: no stapling cache available` (AH01958).
    ///
    /// ## Why it matters
    ///
    /// The server does not start, after a test that said that it would.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule ssl_module modules/mod_ssl.so
    /// <VirtualHost *:443>
    ///     ServerName shop.example
    ///     SSLUseStapling on
    /// </VirtualHost>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule socache_shmcb_module modules/mod_socache_shmcb.so
    /// LoadModule ssl_module modules/mod_ssl.so
    /// SSLStaplingCache shmcb:logs/stapling
    /// <VirtualHost *:443>
    ///     ServerName shop.example
    ///     SSLUseStapling on
    /// </VirtualHost>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain, where the rest of the server is known.
    pub static RULE = {
        id: "stapling-without-cache",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Survey(Which::Named(&["SSLUseStapling"]), check),
    }
}

fn check(context: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    if !context.is_whole() || survey.may_have("SSLStaplingCache") || survey.may_have("MDStapling") {
        return;
    }
    let mut switches = survey.lines("SSLUseStapling").filter(is_on);
    if let Some(first) = switches.next() {
        let finding = report.at(
            first.site(),
            "httpd does not start without `SSLStaplingCache`",
        );
        for other in switches {
            finding.secondary(other.line().span(), "nor here");
        }
    }
}
