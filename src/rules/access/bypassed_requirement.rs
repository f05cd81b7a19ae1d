use crate::diagnostic::Level;
use crate::model::reach::grants_everybody;
use crate::model::survey::Survey;
use crate::rule::{Check, Context, Report, Which};

crate::rule! {
    /// `Require all granted` stands beside other requirements.
    ///
    /// ## What httpd does
    ///
    /// It lets in whoever meets one of the requirements that stand side by side, and everybody meets this one.
    ///
    /// ## Why it matters
    ///
    /// The other lines do nothing: no password is asked for, no address is looked at.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule authz_host_module modules/mod_authz_host.so
    /// <Directory /srv/shop/admin>
    ///     Require all granted
    ///     Require ip 10.0.0.0/8
    /// </Directory>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule authz_host_module modules/mod_authz_host.so
    /// <Directory /srv/shop/admin>
    ///     Require ip 10.0.0.0/8
    /// </Directory>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain: lines in `<RequireAll>` or for some methods only are not looked at.
    pub static RULE = {
        id: "bypassed-requirement",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Survey(Which::Named(&["Require"]), check),
    }
}

fn check(_: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    for granted in survey.lines("Require").filter(grants_everybody) {
        let Some(section) = granted.parent() else {
            continue;
        };
        if ["<RequireAll", "<RequireNone", "<Limit", "<LimitExcept"]
            .contains(&survey.name(&section))
        {
            continue;
        }
        let lines = survey.directives_in(&section);
        let others = survey.only(&lines, "Require").into_iter();
        let others: Vec<_> = others
            .filter(|it| it.id != granted.id && !grants_everybody(it))
            .collect();
        let Some(first) = others.first() else {
            continue;
        };
        if others.iter().any(|it| it.node.uncertain) {
            continue;
        }
        let message = "everybody is let in, whatever else is required";
        let finding = report.at(granted.site(), message);
        for other in &others {
            let text = if other.id == first.id {
                "this decides nothing"
            } else {
                "nor does this"
            };
            finding.secondary(other.line().span(), text);
        }
    }
}
