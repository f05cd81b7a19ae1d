use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::model::{Thing, UrlAlias};
use crate::rule::{Check, Context, Report, Which};

crate::rule! {
    /// An earlier `Alias` takes all requests for the path of this one.
    ///
    /// ## What httpd does
    ///
    /// It takes the first alias that fits, in the order in which they are read, and warns: `AH00671:
    /// The Alias directive … will probably never match because it overlaps an earlier Alias.`
    ///
    /// ## Why it matters
    ///
    /// The directive does nothing: its requests are looked for in the other folder, and answered
    /// with 404, or with a file that was not meant.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// Alias /static /srv/shop/static
    /// Alias /static/admin /srv/admin/static
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// Alias /static/admin /srv/admin/static
    /// Alias /static /srv/shop/static
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain for `Alias` and `ScriptAlias` of one server. Patterns (`AliasMatch`) and aliases in
    /// sections are not looked at.
    pub static RULE = {
        id: "overlapping-alias",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Directive(Which::Named(&["Alias", "ScriptAlias"]), check),
    }
}

fn check(context: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let (config, model) = (context.config, context.model);
    for mention in model.said_by(placed.id, Thing::UrlAlias) {
        let Some(alias) = UrlAlias::of(placed) else {
            continue;
        };
        let others = model.mentions(Thing::UrlAlias, &mention.name).iter();
        let mut earlier = others
            .filter(|it| it.certain && it.span != mention.span)
            .filter(|it| config.reads_before(it.place, placed.id))
            .filter_map(|it| UrlAlias::of(&config.placed(it.place)));
        let Some(first) = earlier.find(|it| it.covers(&alias)) else {
            continue;
        };
        let message = format!("no request gets to the path `{}` here", alias.path);
        let finding = report.at(placed.at(alias.span), message);
        finding.secondary(first.span, "this path takes its requests");
        finding.help("put the longer path first, or remove one of the two");
    }
}
