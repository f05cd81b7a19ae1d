use crate::diagnostic::{Level, Promise};
use crate::evaluate::Placed;
use crate::rule::{Check, Context, Report, Which};
use crate::rules::slash::MissingSlash;
use crate::world::Kind;

crate::rule! {
    /// `Alias` has a slash at the end of its path, and none at the end of its folder.
    ///
    /// ## What httpd does
    ///
    /// It takes the path away from the front of the request's, and puts the folder in its place, as it
    /// is written: of `/icons/a.png` it makes `/srv/iconsa.png`.
    ///
    /// ## Why it matters
    ///
    /// Every file of the folder is answered with 404, or a file beside the folder is sent.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// Alias /icons/ /srv/icons
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// Alias /icons/ /srv/icons/
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain for everything below the path. A target whose last part has a dot may be one file, and is
    /// not looked at, unless it can be seen that it is a folder.
    pub static RULE = {
        id: "alias-slash-mismatch",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        fix: Promise::Unsafe,
        check: Check::Directive(Which::Named(&["Alias", "ScriptAlias"]), check),
    }
}

fn check(context: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let line = placed.line();
    let words = line.words();
    let [path, target] = words.as_slice() else {
        return;
    };
    let ends = |it: &str| it.ends_with('/');
    if !ends(&path.text) || ends(&target.text) {
        return;
    }
    let last = target.text.rsplit('/').next().unwrap_or_default();
    let may_be_file = last.contains(['.', '$', '%']);
    let is_folder = || context.inputs.world.resource(&target.text) == Kind::Directory;
    if may_be_file && !is_folder() {
        return;
    }
    let end = target.value_range().end;
    MissingSlash {
        placed,
        path: (&path.text, line.word_span(path)),
        target: (&target.text, line.word_span(target)),
        end: Some(line.argument_span(end..end)),
    }
    .report(report, "is looked for as");
}
