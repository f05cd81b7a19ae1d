use crate::argument::section::Section;
use crate::diagnostic::{Edit, Level, Promise};
use crate::evaluate::Placed;
use crate::rule::{Check, Concern, Context, Report, Which};

crate::rule! {
    /// `_default_` is an old name for any address.
    ///
    /// ## What httpd does
    ///
    /// In httpd 2.4 `_default_` and `*` are the same.
    ///
    /// ## Why it matters
    ///
    /// Readers take it for the virtual host that answers where no other does; that is the first one of an address.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// <VirtualHost _default_:80>
    ///     ServerName shop.example
    /// </VirtualHost>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// <VirtualHost *:80>
    ///     ServerName shop.example
    /// </VirtualHost>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain for httpd 2.4.
    pub static RULE = {
        id: "default-address",
        level: Level::Note,
        since: "0.1.0",
        needs: &[],
        concern: Concern::Migration,
        fix: Promise::Safe,
        check: Check::Directive(Which::Named(&["<VirtualHost"]), check),
    }
}

fn check(_: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    const OLD: &str = "_default_";
    let line = placed.line();
    let text = line.arguments();
    for word in Section::parse(text).words() {
        let is_old = word
            .value
            .get(..OLD.len())
            .is_some_and(|it| it.eq_ignore_ascii_case(OLD));
        if !is_old {
            continue;
        }
        let start = word.range.start;
        let finding = report.at(
            placed.at(line.argument_span(word.range.clone())),
            "`_default_` is any address",
        );
        let range = start..start + OLD.len();
        let is_plain = text
            .get(range.clone())
            .is_some_and(|it| it.eq_ignore_ascii_case(OLD));
        if placed.is_verbatim() && is_plain {
            let edit = Edit {
                span: line.argument_span(range),
                text: "*".to_owned(),
            };
            finding.fix(Promise::Safe, "write `*`", vec![edit]);
        }
    }
}
