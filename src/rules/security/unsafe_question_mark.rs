use crate::argument::rewrite::Arguments;
use crate::argument::substitution::Substitution;
use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::rule::{Check, Concern, Context, Report, Which};

crate::rule! {
    /// `UnsafeAllow3F` lets whoever sends the request cut off the end of a target.
    ///
    /// ## What httpd does
    ///
    /// Where a request has `%3F` in its path, the text of a group has a question mark, and what the target has behind it becomes a
    /// query. Since 2.4.60 httpd answers such a request with 403, unless the rule has the flag `UnsafeAllow3F`.
    ///
    /// ## Why it matters
    ///
    /// The request reaches another file than the one whose name the target ends with.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// LoadModule rewrite_module modules/mod_rewrite.so
    /// RewriteEngine On
    /// RewriteRule ^/user/(.+)$ /users/$1/profile.html [UnsafeAllow3F]
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// LoadModule rewrite_module modules/mod_rewrite.so
    /// RewriteEngine On
    /// RewriteRule ^/user/(.+)$ /users/$1/profile.html
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain, where something stands behind a group that takes any text.
    pub static RULE = {
        id: "unsafe-question-mark",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        concern: Concern::Security,
        check: Check::Directive(Which::Named(&["RewriteRule"]), check),
    }
}

fn check(_: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let line = placed.line();
    let text = line.arguments();
    if !text.to_ascii_lowercase().contains("unsafeallow3f") {
        return;
    }
    let Some(arguments) = Arguments::parse(text) else {
        return;
    };
    let flags = arguments.flags().unwrap_or_default();
    let Some(flag) = flags.iter().find(|it| it.is(&["UnsafeAllow3F"])) else {
        return;
    };
    let Some(substitution) = Substitution::parse("RewriteRule", text) else {
        return;
    };
    let end = arguments.second.range.end;
    let mut groups = substitution.mentioned.iter();
    let cut = groups.find(|it| it.range.end < end && substitution.takes_any_text(it.value));
    if let Some(group) = cut {
        let span = line.argument_span(flag.name.range.clone());
        let finding = report.at(
            placed.at(span),
            "whoever sends the request cuts off the end of the target",
        );
        let group = line.argument_span(group.range.clone());
        finding.secondary(group, "this may end in a question mark");
    }
}
