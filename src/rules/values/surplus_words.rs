use std::ops::Range;

use crate::argument::require::Require;
use crate::argument::rewrite::Arguments;
use crate::diagnostic::{Edit, Level, Promise};
use crate::evaluate::{Placed, arguments_of};
use crate::httpd::{Arity, Directive};
use crate::rule::{Check, Context, Report, Which};
use crate::syntax::words::is_blank;

crate::rule! {
    /// Words stand where httpd does not read.
    ///
    /// ## What httpd does
    ///
    /// Of a directive that takes `On` or `Off` it reads the first word, of one that takes no
    /// argument none, and of a line that opens a section what stands before the last `>`.
    /// `RewriteRule` and `RewriteCond` end behind their flags, and `Require valid-user` and
    /// `Require local` there. It ignores the rest and says nothing.
    ///
    /// ## Why it matters
    ///
    /// Whoever wrote the words thinks that they count: a second directive on the same line, a
    /// number behind `On`, more flags behind the flags. `SSLRequireSSL off` requires TLS, and
    /// `Require valid-user alice` lets everybody in who has a password.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// KeepAlive On 5
    /// <VirtualHost *:80> ServerName shop.example
    /// </VirtualHost>
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// KeepAlive On
    /// KeepAliveTimeout 5
    /// <VirtualHost *:80>
    ///     ServerName shop.example
    /// </VirtualHost>
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain for the modules that come with httpd. A comment, which httpd ignores as well, is
    /// not reported, and neither is `On` behind a directive that does just that.
    pub static RULE = {
        id: "surplus-words",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        fix: Promise::Safe,
        check: Check::Arguments(Which::Described(ignores_words), check),
    }
}

// They cut their own text, and do not look at all of it.
const LEAVES_A_REST: &[&str] = &["Require", "RewriteCond", "RewriteRule"];

fn ignores_words(directive: &Directive) -> bool {
    directive.section
        || matches!(directive.arity, Arity::Flag | Arity::NoArgs)
        || LEAVES_A_REST.contains(&&*directive.spelling)
}

fn check(context: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let Some(definition) = context.definition(placed) else {
        return;
    };
    let whole = placed.occurrence.unit.text(placed.node);
    let text = arguments_of(&whole);
    let Some(surplus) = surplus(definition, text) else {
        return;
    };
    let line = placed.line();
    let is_standard = context.inputs.table.module(definition.module).standard;
    let words = &text[surplus.clone()];
    let is_harmless = words.starts_with('#')
        || (definition.arity == Arity::NoArgs && words.eq_ignore_ascii_case("on"));
    if !is_standard || is_harmless {
        return;
    }
    let name = &definition.spelling;
    let message = match definition.arity {
        _ if definition.section => "httpd does not read what stands behind this `>`".to_owned(),
        _ if name == "Require" => {
            let provider = Require::parse(text).provider.value;
            format!("`Require {provider}` ignores what follows")
        }
        _ if LEAVES_A_REST.contains(&&**name) => {
            format!("`{name}` ends behind its flags and ignores what follows")
        }
        Arity::Flag => format!("`{name}` reads one word and ignores what follows"),
        _ => format!("`{name}` takes no argument and ignores what follows"),
    };
    let span = line.argument_span(surplus.clone());
    let finding = report.at(placed.at(span), message);
    finding.label("not read");
    if !definition.section && placed.is_verbatim() {
        let before = text[..surplus.start].trim_end_matches(is_blank).len();
        let edit = Edit {
            span: line.argument_span(before..surplus.end),
            text: String::new(),
        };
        finding.fix(Promise::Safe, "remove what is not read", vec![edit]);
    } else if definition.section {
        finding.help("move it to a line of its own");
    }
}

// The words that nobody reads, without the blanks around them.
fn surplus(definition: &Directive, text: &str) -> Option<Range<usize>> {
    match &*definition.spelling {
        "Require" => return Require::parse(text).surplus(text),
        "RewriteCond" | "RewriteRule" => return Arguments::parse(text)?.surplus,
        _ => {}
    }
    let read = if definition.section {
        text.rfind('>')? + 1
    } else if definition.arity == Arity::Flag {
        crate::syntax::words::first(text).0.range.end
    } else {
        0
    };
    let rest = &text[read..];
    let end = read + rest.trim_end_matches(is_blank).len();
    let start = text.len() - rest.trim_start_matches(is_blank).len();
    (start < end).then_some(start..end)
}
