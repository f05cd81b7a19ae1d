use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::model::layers::place_of;
use crate::rule::{Check, Context, Report, Which};

crate::rule! {
    /// `FollowSymLinks` stands in a `<Location>`, where it does nothing.
    ///
    /// ## What httpd does
    ///
    /// It looks for symbolic links while it walks through the folders of a file, and only then looks at `<Location>`.
    ///
    /// ## Why it matters
    ///
    /// The links that the line permits are refused with 403 all the same.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// <Location /shop>
    ///     Options FollowSymLinks
    /// </Location>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// <Directory /srv/shop>
    ///     Options FollowSymLinks
    /// </Directory>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain. Other options count there.
    pub static RULE = {
        id: "links-in-location",
        level: Level::Note,
        since: "0.1.0",
        needs: &[],
        check: Check::Directive(Which::Named(&["Options"]), check),
    }
}

fn check(_: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let in_location = |it: &Placed<'_>| {
        it.line()
            .name()
            .to_ascii_lowercase()
            .starts_with("<location")
    };
    let names = [
        "followsymlinks",
        "+followsymlinks",
        "symlinksifownermatch",
        "+symlinksifownermatch",
    ];
    let Some(span) = place_of(placed, &names) else {
        return;
    };
    if placed.sections().any(|it| in_location(&it)) {
        let finding = report.at(placed.at(span), "this does nothing in `<Location>`");
        finding.help("write it into the `<Directory>` of the files");
    }
}
