use crate::diagnostic::Level;
use crate::rule::Check;

crate::rule! {
    /// A PHP that is built without threads is loaded beside an MPM that has them.
    ///
    /// ## What httpd does
    ///
    /// When everything is read it asks every module whether it can begin. PHP looks at the MPM and
    /// says `Apache is running a threaded MPM, but your PHP Module is not compiled to be
    /// threadsafe.`; then httpd gives up.
    ///
    /// ## Why it matters
    ///
    /// The packages of Debian build PHP without threads, and enable the MPM event. `a2enmod php8.2`
    /// looks after that, but a configuration that is written by hand does not.
    ///
    /// ## Wrong
    ///
    /// ```facts
    /// Server version: Apache/2.4.71 (Debian)
    /// ```
    ///
    /// ```conf
    /// LoadModule php_module /usr/lib/apache2/modules/libphp8.2.so
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule proxy_module modules/mod_proxy.so
    /// LoadModule proxy_fcgi_module modules/mod_proxy_fcgi.so
    /// <FilesMatch "\.php$">
    ///     SetHandler "proxy:unix:/run/php/php-fpm.sock|fcgi://localhost"
    /// </FilesMatch>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain with `--host`, where the module's file says how it is built. Elsewhere it is said
    /// only of the file that Debian's packages bring, for Debian's httpd.
    pub static RULE = {
        id: "php-without-threads",
        level: Level::Error,
        since: "0.1.0",
        needs: &[],
        check: Check::Refused,
    }
}
