use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::model::layers::place_of;
use crate::rule::{Check, Concern, Context, Report, Which};

crate::rule! {
    /// `FileETag` gives the number of a file's inode away.
    ///
    /// ## What httpd does
    ///
    /// With `INode` or `All` it makes the header `ETag` of the number of the file's inode, its size and its time.
    ///
    /// ## Why it matters
    ///
    /// Numbers of inodes tell something about the machine, help to name files over NFS, and differ between the
    /// machines of a cluster, so that caches are of no use.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// FileETag INode MTime
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// FileETag MTime Size
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain. Where nothing is said, it is `MTime Size`. CIS 8.4.
    pub static RULE = {
        id: "told-file-number",
        level: Level::Note,
        since: "0.1.0",
        needs: &[],
        concern: Concern::Security,
        check: Check::Directive(Which::Named(&["FileETag"]), check),
    }
}

fn check(_: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let Some(span) = place_of(placed, &["inode", "+inode", "all"]) else {
        return;
    };
    let finding = report.at(
        placed.at(span),
        "`ETag` has the number of the file's inode in it",
    );
    finding.note("CIS Apache HTTP Server 2.4 Benchmark 8.4");
}
