use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::httpd::NameId;
use crate::model::ModuleTest;
use crate::model::reach::grants_everybody;
use crate::model::survey::Survey;
use crate::rule::{Check, Concern, Context, Report, Which};

const IF_MODULE: NameId = NameId::of("<IfModule");

// What the names of modules have in them that let somebody in or not.
const RELATED: &[&str] = &["auth", "access", "ssl"];

const ACCESS: &[&str] = &[
    "Require",
    "Order",
    "Allow",
    "Deny",
    "Satisfy",
    "<RequireAll",
    "<RequireAny",
    "<RequireNone",
    "AuthType",
    "AuthName",
    "AuthUserFile",
    "AuthGroupFile",
    "AuthBasicProvider",
    "Options",
    "AllowOverride",
];

crate::rule! {
    /// Access is denied only where a module is loaded that has nothing to do with it.
    ///
    /// ## What httpd does
    ///
    /// It passes over what stands in `<IfModule>` where the module is not there, and says nothing.
    ///
    /// ## Why it matters
    ///
    /// On a server without the module, or after somebody has switched it off, everybody is let in.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule rewrite_module modules/mod_rewrite.so
    /// <IfModule mod_rewrite.c>
    ///     <Location /admin>
    ///         Require all denied
    ///     </Location>
    /// </IfModule>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// <Location /admin>
    ///     Require all denied
    /// </Location>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain that the line depends on the module. Nothing is said where the section has lines other than those of access control:
    /// what they switch on may depend on the module, too.
    pub static RULE = {
        id: "access-control-in-condition",
        level: Level::Note,
        since: "0.1.0",
        needs: &[],
        concern: Concern::Security,
        check: Check::Survey(Which::Named(&["Require", "Deny"]), check),
    }
}

fn check(_: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    for line in survey.lines_of(&["Require", "Deny"]) {
        if grants_everybody(&line) {
            continue;
        }
        let mut containers = std::iter::successors(line.container(), Placed::container);
        let Some(condition) = containers.find(is_unrelated) else {
            continue;
        };
        let Some(section) = line.parent() else {
            continue;
        };
        let is_of_access = |it: &Placed<'_>| ACCESS.iter().any(|name| survey.name(it) == *name);
        let is_inside = std::iter::successors(section.container(), Placed::container)
            .any(|it| it.id == condition.id);
        let lines = survey.everything_in(&section);
        if is_inside && lines.iter().all(is_of_access) {
            let finding = report.at(
                line.site(),
                "this counts only where another module is loaded",
            );
            finding.secondary(condition.line().span(), "it has nothing to do with access");
        }
    }
}

// Whether it is an `<IfModule>` for a module that has no part in access control.
fn is_unrelated(container: &Placed<'_>) -> bool {
    let test = ModuleTest::of(&container.line());
    let is_test = container.node.name == Some(IF_MODULE);
    let is_related = |it: &str| RELATED.iter().any(|part| it.contains(part));
    test.is_some_and(|it| is_test && !it.negated && !is_related(&it.name))
}
