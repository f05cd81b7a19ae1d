use crate::diagnostic::Level;
use crate::model::servers::{Host, ServerId};
use crate::model::survey::Survey;
use crate::rule::{Check, Concern, Context, Report, Which};

crate::rule! {
    /// Virtual hosts for any address are not asked at an address that another one names.
    ///
    /// ## What httpd does
    ///
    /// Of the virtual hosts for a connection it takes those that name its address; only where there is none, those
    /// for `*`. It never looks in both.
    ///
    /// ## Why it matters
    ///
    /// A site in `*:80` is not reached at the address that a `<VirtualHost 192.0.2.1:80>` has, although its name
    /// leads there.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// <VirtualHost *:80>
    ///     ServerName shop.example
    /// </VirtualHost>
    /// <VirtualHost 192.0.2.1:80>
    ///     ServerName blog.example
    /// </VirtualHost>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// <VirtualHost *:80>
    ///     ServerName shop.example
    /// </VirtualHost>
    /// <VirtualHost *:80>
    ///     ServerName blog.example
    /// </VirtualHost>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain that only one set is asked. On machines with several addresses it may be meant.
    pub static RULE = {
        id: "concealed-by-address",
        level: Level::Note,
        since: "0.1.0",
        needs: &[],
        concern: Concern::Clarity,
        check: Check::Survey(Which::Named(&["<VirtualHost"]), check),
    }
}

fn check(context: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    let sets = survey.httpd.servers.address_sets();
    for any in sets.iter().filter(|it| it.host == Host::Any) {
        let is_named = |id: &ServerId| survey.httpd.servers.get(*id).is_named();
        let mut others = sets
            .iter()
            .filter(|it| it.host != Host::Any && it.port == any.port);
        let first = others.next().and_then(|it| it.members.first());
        let (Some(first), true) = (first, any.members.iter().any(is_named)) else {
            continue;
        };
        let section = |id: &ServerId| survey.httpd.servers.get(*id).section;
        let hidden = any.members.iter().find(|it| is_named(it)).and_then(section);
        if let (Some(first), Some(hidden)) = (section(first), hidden) {
            let (first, hidden) = (context.config.placed(first), context.config.placed(hidden));
            let finding = report.at(
                first.site(),
                "at this address no virtual host for `*` is asked",
            );
            finding.secondary(hidden.line().span(), "not this one, for example");
        }
    }
}
