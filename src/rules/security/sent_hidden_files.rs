use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::model::survey::Survey;
use crate::rule::{Check, Concern, Context, Report, Which};

// What may keep names from being sent.
const HIDING: &[&str] = &[
    "<Files",
    "<FilesMatch",
    "<DirectoryMatch",
    "<Directory",
    "<LocationMatch",
    "<Location",
    "RedirectMatch",
    "RewriteRule",
    "RewriteCond",
    "<If",
];

crate::rule! {
    /// Nothing keeps files whose names begin with a dot from being sent.
    ///
    /// ## What httpd does
    ///
    /// It sends them like any other file. The usual `<FilesMatch "^\.ht">` is about `.htaccess` and `.htpasswd` alone.
    ///
    /// ## Why it matters
    ///
    /// A folder `.git` has the whole text of the site, and its history; a file `.env` has its passwords.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// DocumentRoot conf.d
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// DocumentRoot conf.d
    /// RedirectMatch 404 "/\.(?!well-known)"
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain, where the rest of the server is known: no section, rule or redirect has a dot at the beginning of a name.
    pub static RULE = {
        id: "sent-hidden-files",
        level: Level::Note,
        since: "0.1.0",
        needs: &[],
        concern: Concern::Security,
        check: Check::Survey(Which::Named(&["DocumentRoot"]), check),
    }
}

fn check(context: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    let hides = |it: &Placed<'_>| {
        let text = it.line().arguments().to_owned();
        let is_about_ht = text.contains("\\.ht") || text.contains("\".ht") || text.contains("/.ht");
        let names_dot = [
            "/\\.", "^\\.", "/[.]", ".git", "\\.git", ".??*", "(\\.", ".env",
        ];
        names_dot.iter().any(|it| text.contains(it)) && !is_about_ht
    };
    if !context.is_whole()
        || survey.may_be_overridden()
        || survey.possible(HIDING).iter().any(hides)
    {
        return;
    }
    if let Some(first) = survey.lines("DocumentRoot").next() {
        let finding = report.at(
            first.site(),
            "files such as `.git/config` and `.env` are sent from here",
        );
        finding
            .help("forbid names that begin with a dot: `RedirectMatch 404 \"/\\.(?!well-known)\"`");
    }
}
