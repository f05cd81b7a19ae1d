use crate::diagnostic::Level;
use crate::rule::Check;

crate::rule! {
    /// No multi-processing module is loaded, or more than one.
    ///
    /// ## What httpd does
    ///
    /// It reads everything, and refuses then: `AH00534: Configuration error: No MPM loaded.` or
    /// `More than one MPM loaded.`
    ///
    /// ## Why it matters
    ///
    /// The MPM is how httpd runs its processes and threads, so there is exactly one. On Debian
    /// `a2enmod mpm_event` does not switch off the one that was enabled before.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule mpm_event_module modules/mod_mpm_event.so
    /// LoadModule mpm_prefork_module modules/mod_mpm_prefork.so
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule mpm_event_module modules/mod_mpm_event.so
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain for two. That there is none is said only of a whole configuration, and where `httpd
    /// -l` tells that none is compiled in.
    pub static RULE = {
        id: "mpm-count",
        level: Level::Error,
        since: "0.1.0",
        needs: &[],
        check: Check::Refused,
    }
}
