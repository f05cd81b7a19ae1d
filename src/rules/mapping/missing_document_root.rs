use crate::diagnostic::Level;
use crate::evaluate::{Placed, paths};
use crate::httpd::Checks;
use crate::rule::{Check, Context, Need, Report, Which};
use crate::world::Kind;

crate::rule! {
    /// The `DocumentRoot` of a virtual host is no folder.
    ///
    /// ## What httpd does
    ///
    /// In the main server it refuses that. In a virtual host it starts, and warns on standard
    /// error: `AH00112: Warning: DocumentRoot [/var/shop] does not exist`.
    ///
    /// ## Why it matters
    ///
    /// Every request to the site is answered with 404.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// <VirtualHost *:80>
    ///     ServerName shop.example
    ///     DocumentRoot /var/shop
    /// </VirtualHost>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// <VirtualHost *:80>
    ///     ServerName shop.example
    ///     DocumentRoot conf.d
    /// </VirtualHost>
    /// ```
    ///
    /// ## How sure
    ///
    /// Said only where the server's disk can be seen.
    pub static RULE = {
        id: "missing-document-root",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[Need::Disk],
        check: Check::Directive(Which::Named(&["DocumentRoot"]), check),
    }
}

fn check(context: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let surroundings = crate::configtest::Context::of(placed, context.inputs.table);
    let is_virtual = surroundings.certain && surroundings.within.contains(Checks::VIRTUALHOST);
    let line = placed.line();
    if !is_virtual {
        return;
    }
    let words = line.words();
    let Some((word, root)) = words.first().zip(context.modules.server_root()) else {
        return;
    };
    let path = paths::resolve(root, &word.text);
    let what = match context.inputs.world.resource(&path) {
        Kind::Missing | Kind::NotADirectory => "is not there",
        Kind::File | Kind::Other => "is no folder",
        Kind::Directory | Kind::Denied | Kind::Unknown => return,
    };
    let finding = report.at(placed.at(line.word_span(word)), format!("`{path}` {what}"));
    finding.label("all pages of this host are looked for here");
}
