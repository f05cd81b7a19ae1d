use crate::argument::method::METHODS;
use crate::argument::section::Section;
use crate::diagnostic::{Edit, Level, Promise};
use crate::evaluate::Placed;
use crate::rule::{Check, Context, Report, Which};

crate::rule! {
    /// `<Limit>` or `<LimitExcept>` names a method in lower case.
    ///
    /// ## What httpd does
    ///
    /// The letter case of a method counts. It takes `post` for a method of its own, which no
    /// browser ever sends.
    ///
    /// ## Why it matters
    ///
    /// What the section demands holds for nobody: `<Limit post>` protects nothing.
    /// `<LimitExcept get>` does not leave out `GET`, and so asks every visitor.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// <Directory /srv/shop>
    ///     <Limit post>
    ///         Require all denied
    ///     </Limit>
    /// </Directory>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// <Directory /srv/shop>
    ///     <Limit POST>
    ///         Require all denied
    ///     </Limit>
    /// </Directory>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain for the methods that httpd knows. Others are taken for methods of somebody's own,
    /// in whatever letter case.
    pub static RULE = {
        id: "lowercase-method",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        fix: Promise::Unsafe,
        check: Check::Arguments(Which::Named(&["<Limit", "<LimitExcept"]), check),
    }
}

fn check(_: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let line = placed.line();
    let section = Section::parse(line.arguments());
    if !section.is_closed {
        return;
    }
    for word in section.words() {
        let is_other_case = |it: &&&str| **it != word.value && it.eq_ignore_ascii_case(&word.value);
        let Some(method) = METHODS.iter().find(is_other_case) else {
            continue;
        };
        let span = line.argument_span(word.range.clone());
        let message = format!("`{}` is not the method `{method}`", word.value);
        let finding = report.at(placed.at(span), message);
        finding.label("no request has this method");
        if placed.is_verbatim() {
            let text = (*method).to_owned();
            let title = format!("write `{method}`");
            finding.fix(Promise::Unsafe, title, vec![Edit { span, text }]);
        }
    }
}
