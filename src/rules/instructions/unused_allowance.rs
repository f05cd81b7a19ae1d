use crate::diagnostic::{Level, Promise};
use crate::rule::Check;

crate::rule! {
    /// A comment allows something that is not there.
    ///
    /// ## What httpd does
    ///
    /// Nothing: it is a comment. Who reads it is httpd-lint.
    ///
    /// ## Why it matters
    ///
    /// The mistake was mended, or the comment stands at the wrong place. It would hide the next
    /// one. `allow` counts for the next directive, or for the whole section that begins there with
    /// all that is included and used in it; `allow-file`, above the first directive, counts for the
    /// lines of its file. What httpd refuses is never hidden.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// # httpd-lint: allow(trailing-comment) -- the ticket is part of the list
    /// DirectoryIndex index.html
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// # httpd-lint: allow(trailing-comment) -- the ticket is part of the list
    /// DirectoryIndex index.html # 4711
    /// ```
    ///
    /// ## How sure
    ///
    /// Nothing is said where the rule would say nothing because something is unknown: what the
    /// server is, what lies on its disk, whether a condition is true, or the rest of the
    /// configuration. Of several servers, it is said only if it holds on all of them.
    pub static RULE = {
        id: "unused-allowance",
        level: Level::Note,
        since: "0.1.0",
        needs: &[],
        fix: Promise::Safe,
        check: Check::Afterwards,
    }
}
