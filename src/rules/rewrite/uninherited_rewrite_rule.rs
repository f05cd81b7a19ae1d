use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::model::servers::ServerId;
use crate::model::survey::Survey;
use crate::rule::{Check, Context, Report, Which};

crate::rule! {
    /// A rule of the main server is asked for no request: virtual hosts take them all.
    ///
    /// ## What httpd does
    ///
    /// A virtual host does not inherit the rules of the main server, unless `RewriteOptions` says so. Where virtual hosts
    /// take every connection, the main server answers nothing.
    ///
    /// ## Why it matters
    ///
    /// The rule does nothing: what it forbids is open, where it leads nobody gets.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule rewrite_module modules/mod_rewrite.so
    /// Listen 80
    /// RewriteEngine On
    /// RewriteRule ^/admin - [F]
    /// <VirtualHost *:80>
    ///     ServerName shop.example
    /// </VirtualHost>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule rewrite_module modules/mod_rewrite.so
    /// Listen 80
    /// RewriteEngine On
    /// RewriteRule ^/admin - [F]
    /// <VirtualHost *:80>
    ///     ServerName shop.example
    ///     RewriteEngine On
    ///     RewriteOptions Inherit
    /// </VirtualHost>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain, where the rest of the server is known: there is a virtual host for any address (`*`) on each port that
    /// httpd listens on, and nobody says `RewriteOptions`.
    pub static RULE = {
        id: "uninherited-rewrite-rule",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Survey(Which::Named(&["RewriteRule"]), check),
    }
}

fn check(context: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    if !context.is_whole()
        || survey.may_have("RewriteOptions")
        || !survey.virtual_hosts_take_everything()
    {
        return;
    }
    let is_of_main = |it: &Placed<'_>| {
        survey.server_of(it) == ServerId::MAIN
            && it.parent().is_none()
            && !survey.is_in_directory(it)
    };
    let mut rules = survey.lines("RewriteRule").filter(is_of_main);
    if let Some(first) = rules.next() {
        let finding = report.at(first.site(), "no virtual host asks this rule");
        finding.label("every request is one for a virtual host");
        for other in rules {
            finding.secondary(other.line().span(), "nor this one");
        }
        finding.help("write `RewriteEngine On` and `RewriteOptions Inherit` in the virtual hosts");
    }
}
