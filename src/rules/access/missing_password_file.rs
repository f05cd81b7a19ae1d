use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::evaluate::paths;
use crate::rule::Check;
use crate::rule::Context;
use crate::rule::Report;
use crate::rule::Which;
use crate::world::Kind;

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
    /// LoadModule authn_file_module modules/mod_authn_file.so
    /// <Location /admin>
    ///     AuthUserFile conf.d/passwords
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
    /// LoadModule authn_file_module modules/mod_authn_file.so
    /// <Location /admin>
    ///     AuthUserFile passwords
    /// </Location>
    /// ```
    ///
    /// ## How sure
    ///
    /// Said only where the server's disk can be seen.
    pub static RULE = {
        id: "missing-password-file",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Directive(Which::Named(&["AuthUserFile", "AuthGroupFile"]), check),
    }
}

fn check(context: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let line = placed.line();
    let words = line.words();
    let Some((word, root)) = words.first().zip(context.modules.server_root()) else {
        return;
    };
    let path = paths::resolve(root, &word.text);
    let what = match context.inputs.world.resource(&path) {
        Kind::Missing | Kind::NotADirectory => "is not there",
        Kind::Directory => "is a folder",
        Kind::File | Kind::Other | Kind::Denied | Kind::Unknown => return,
    };
    if !context.refused.touches(line.span()) {
        report.at(placed.at(line.word_span(word)), format!("`{path}` {what}"));
    }
}
