use rustc_hash::FxHashMap;

use crate::argument::header::{Action, Header};
use crate::diagnostic::Level;
use crate::evaluate::{Placed, PlacedId};
use crate::model::survey::Survey;
use crate::rule::{Check, Context, Report, Which};

crate::rule! {
    /// Answers for every origin are said to be for users who are logged in.
    ///
    /// ## What httpd does
    ///
    /// It sends both headers as they are written.
    ///
    /// ## Why it matters
    ///
    /// Browsers refuse `*` together with credentials, so that the page that should read the answer cannot. Whoever
    /// then sends back any origin opens the data of all users to every site.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule headers_module modules/mod_headers.so
    /// Header set Access-Control-Allow-Origin "*"
    /// Header set Access-Control-Allow-Credentials "true"
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule headers_module modules/mod_headers.so
    /// Header set Access-Control-Allow-Origin "https://shop.example"
    /// Header set Access-Control-Allow-Credentials "true"
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain: both headers are set in one section, without a condition.
    pub static RULE = {
        id: "credentials-for-every-origin",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Survey(Which::Named(&["Header"]), check),
    }
}

fn check(_: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    let mut origins: FxHashMap<Option<PlacedId>, Placed<'_>> = FxHashMap::default();
    let mut credentials = Vec::new();
    for line in survey.lines("Header") {
        let text = line.line();
        if !text
            .arguments()
            .to_ascii_lowercase()
            .contains("access-control-allow-")
        {
            continue;
        }
        let header = Header::parse("Header", text.arguments());
        if header.action != Some(Action::Give) || header.condition().is_some() {
            continue;
        }
        let value = header.rest.first().map(|it| it.value.to_ascii_lowercase());
        let section = line.parent().map(|it| it.id);
        match (
            header.name.value.to_ascii_lowercase().as_str(),
            value.as_deref(),
        ) {
            ("access-control-allow-origin", Some("*")) => drop(origins.insert(section, line)),
            ("access-control-allow-credentials", Some("true")) => credentials.push((section, line)),
            _ => {}
        }
    }
    for (section, line) in credentials {
        if let Some(origin) = origins.get(&section) {
            let finding = report.at(line.site(), "browsers refuse credentials for every origin");
            finding.secondary(origin.line().span(), "every origin");
        }
    }
}
