use crate::diagnostic::Level;
use crate::model::survey::Survey;
use crate::rule::{Check, Concern, Context, Report, Which};

crate::rule! {
    /// The main server has no name.
    ///
    /// ## What httpd does
    ///
    /// It asks the machine for its name, and the resolver for the domain. Where there is none, it takes an
    /// address for the name, and says so each time it starts: `AH00558: Could not reliably determine the
    /// server's fully qualified domain name`.
    ///
    /// ## Why it matters
    ///
    /// The name of a machine may change, and a resolver that does not answer holds up the start. A redirect
    /// of httpd's own may lead to that name.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// Listen 8080
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// Listen 8080
    /// ServerName www.shop.example
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain that httpd asks. Whether it gets an answer depends on the machine; on most it does.
    pub static RULE = {
        id: "missing-server-name",
        level: Level::Note,
        since: "0.1.0",
        needs: &[],
        concern: Concern::Clarity,
        check: Check::Survey(Which::Named(&["Listen"]), check),
    }
}

fn check(context: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    if !context.is_whole() || survey.httpd.servers.main().is_named() {
        return;
    }
    if let Some(listen) = survey.lines("Listen").next() {
        let message = "no `ServerName` says what the server that listens here is called";
        report
            .at(listen.site(), message)
            .help("add `ServerName` outside of all virtual hosts");
    }
}
