use crate::diagnostic::Level;
use crate::model::layers::words_of;
use crate::model::reach::denies_everybody;
use crate::model::survey::Survey;
use crate::rule::{Check, Context, Report, Which};

crate::rule! {
    /// No request can meet all that a `<RequireAll>` asks for.
    ///
    /// ## What httpd does
    ///
    /// It asks for all lines in the section. A request comes from one user and has one method, and cannot have
    /// two that are named in different lines.
    ///
    /// ## Why it matters
    ///
    /// Nobody is let in.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule authn_core_module modules/mod_authn_core.so
    /// LoadModule authz_user_module modules/mod_authz_user.so
    /// <Directory /srv/shop/admin>
    ///     AuthType Basic
    ///     AuthName shop
    ///     <RequireAll>
    ///         Require user alice
    ///         Require user bob
    ///     </RequireAll>
    /// </Directory>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule authn_core_module modules/mod_authn_core.so
    /// LoadModule authz_user_module modules/mod_authz_user.so
    /// <Directory /srv/shop/admin>
    ///     AuthType Basic
    ///     AuthName shop
    ///     Require user alice bob
    /// </Directory>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain: two lines name different users or methods, or one of them denies everybody.
    pub static RULE = {
        id: "unsatisfiable-requirements",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Survey(Which::Named(&["<RequireAll"]), check),
    }
}

fn check(_: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    for section in survey.lines("<RequireAll") {
        let lines = survey.directives_in(&section);
        let lines = survey.only(&lines, "Require").into_iter();
        let lines: Vec<_> = lines
            .filter(|it| !it.node.uncertain)
            .map(|it| (it, words_of(&it)))
            .collect();
        let mut pairs = lines
            .iter()
            .enumerate()
            .flat_map(|(at, it)| lines[at + 1..].iter().map(move |other| (it, other)));
        if let Some((one, other)) = pairs.find(|(one, other)| exclude(&one.1, &other.1)) {
            let finding = report.at(
                other.0.site(),
                "nobody meets this and what stands before it",
            );
            finding.secondary(one.0.line().span(), "this excludes it");
        } else if let Some(denied) = lines.iter().find(|it| denies_everybody(&it.0))
            && lines.len() > 1
        {
            let finding = report.at(denied.0.site(), "nobody meets this, and all has to be met");
            for other in lines.iter().filter(|it| it.0.id != denied.0.id) {
                finding.secondary(other.0.line().span(), "so this lets nobody in");
            }
        }
    }
}

// Whether two lines name the same kind of thing, of which a request has one, and nothing in common.
fn exclude(one: &[String], other: &[String]) -> bool {
    let ([kind, names @ ..], [other_kind, others @ ..]) = (one, other) else {
        return false;
    };
    let is_single = ["user", "method"]
        .iter()
        .any(|it| kind.eq_ignore_ascii_case(it));
    let is_plain = |it: &String| !it.contains('%');
    is_single
        && kind.eq_ignore_ascii_case(other_kind)
        && names.iter().chain(others).all(is_plain)
        && !names.is_empty()
        && !others.is_empty()
        && !names.iter().any(|it| others.contains(it))
}
