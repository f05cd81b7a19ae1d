use crate::diagnostic::Level;
use crate::evaluate::{Placed, fnmatch};
use crate::model::reach::{Reaches, denies_everybody};
use crate::model::scope::About;
use crate::model::survey::Survey;
use crate::rule::{Check, Context, Report, Which};

crate::rule! {
    /// A section for names of files lets everybody in to folders that are protected.
    ///
    /// ## What httpd does
    ///
    /// It merges `<Files>` and `<FilesMatch>` behind all `<Directory>` sections and `.htaccess` files. What they say of
    /// access replaces what the folder says.
    ///
    /// ## Why it matters
    ///
    /// Files of these names in protected folders can be had by everybody.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// DocumentRoot conf.d
    /// <Directory /srv/shop/private>
    ///     Require all denied
    /// </Directory>
    /// <FilesMatch "\.css$">
    ///     Require all granted
    /// </FilesMatch>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// DocumentRoot conf.d
    /// <Directory /srv/shop/private>
    ///     Require all denied
    /// </Directory>
    /// <Directory /srv/shop/public>
    ///     <FilesMatch "\.css$">
    ///         Require all granted
    ///     </FilesMatch>
    /// </Directory>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain: nothing merges the two (`AuthMerging`), and both count for one server. A section for the root of the
    /// file system is not taken for a protected folder, nor is one for a file that is asked for by name, as for
    /// certificates.
    pub static RULE = {
        id: "files-over-directories",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Survey(Which::Named(&["<FilesMatch", "<Files"]), check),
    }
}

fn check(_: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    if survey.may_have("AuthMerging") {
        return;
    }
    let opened = survey.lines_of(&["<FilesMatch", "<Files"]);
    let opened: Vec<_> = opened.filter_map(|it| opened_files(survey, &it)).collect();
    if opened.is_empty() {
        return;
    }
    let protects = |it: &Placed<'_>| {
        let folder = it.parent().map(|it| survey.about(&it));
        let is_folder = matches!(folder, Some(About::Directory(path)) if path != "/");
        denies_everybody(it) && is_folder
    };
    let protected = Reaches::of(survey, survey.lines("Require").filter(protects));
    for granted in opened {
        if let Some(denied) = protected.meeting(survey, &granted).next() {
            let message = "everybody is let in to files of protected folders";
            let finding = report.at(granted.site(), message);
            finding.secondary(denied.line().span(), "this does not count for them");
            finding.help("put the section into a `<Directory>`");
        }
    }
}

// What lets everybody in to the files of any folder that a pattern fits.
fn opened_files<'a>(survey: &Survey<'a>, section: &Placed<'a>) -> Option<Placed<'a>> {
    if survey.section_around(section).is_some() {
        return None;
    }
    let granted = survey.opening(section)?;
    let is_plain = matches!(survey.about(section), About::Files(it) if !fnmatch::is_pattern(&it));
    (!is_plain).then_some(granted)
}
