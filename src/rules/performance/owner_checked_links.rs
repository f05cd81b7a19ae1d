use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::rule::{Check, Concern, Context, Report, Which};

crate::rule! {
    /// `SymLinksIfOwnerMatch` asks the disk about every part of every path.
    ///
    /// ## What httpd does
    ///
    /// It looks at each folder on the way to a file for symbolic links, and at the owners of both ends of one.
    ///
    /// ## Why it matters
    ///
    /// Each request waits for the disk once more for each folder. And it does not keep out whoever is quick: the
    /// link may change between the look and the read.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// <Directory /srv/shop>
    ///     Options SymLinksIfOwnerMatch
    /// </Directory>
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
    /// Certain, unless `FollowSymLinks` is set beside it, which counts then.
    pub static RULE = {
        id: "owner-checked-links",
        level: Level::Note,
        since: "0.1.0",
        needs: &[],
        concern: Concern::Performance,
        check: Check::Directive(Which::Named(&["Options"]), check),
    }
}

fn check(_: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let line = placed.line();
    let words = line.words();
    let has = |names: [&str; 2]| {
        words
            .iter()
            .find(|it| names.iter().any(|name| it.text.eq_ignore_ascii_case(name)))
    };
    let follows = has(["followsymlinks", "+followsymlinks"]).is_some();
    let word = has(["symlinksifownermatch", "+symlinksifownermatch"]);
    if let Some(word) = word.filter(|_| !follows) {
        report.at(
            placed.at(line.word_span(word)),
            "every part of every path is looked at",
        );
    }
}
