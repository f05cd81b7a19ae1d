use crate::diagnostic::Level;
use crate::model::scope::About;
use crate::model::survey::Survey;
use crate::rule::{Check, Concern, Context, Report, Which};

crate::rule! {
    /// Nothing denies access to the root of the file system.
    ///
    /// ## What httpd does
    ///
    /// It sends every file that a URL leads to, unless a section denies it. Without `Require all denied` for `/`, every
    /// `Alias`, link and rewrite rule opens the folder that it leads to.
    ///
    /// ## Why it matters
    ///
    /// A mistake in one line shows files of the whole machine.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// <Directory />
    ///     AllowOverride None
    ///     Require all granted
    /// </Directory>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// <Directory />
    ///     AllowOverride None
    ///     Require all denied
    /// </Directory>
    /// <Directory /srv/shop>
    ///     Require all granted
    /// </Directory>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain: a section for `/` lets everybody in. CIS 4.1.
    pub static RULE = {
        id: "open-file-system",
        level: Level::Note,
        since: "0.1.0",
        needs: &[],
        concern: Concern::Security,
        check: Check::Survey(Which::Named(&["<Directory"]), check),
    }
}

fn check(_: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    for section in survey.lines("<Directory") {
        let is_root = survey.about(&section) == About::Directory("/".to_owned());
        if let Some(require) = survey.opening(&section).filter(|_| is_root) {
            let finding = report.at(
                require.site(),
                "everybody is let in to the whole file system",
            );
            finding.help("write `Require all denied`, and let in to the folders that are meant");
            finding.note("CIS Apache HTTP Server 2.4 Benchmark 4.1");
        }
    }
}
