//! How many arguments a directive takes (httpd's `invoke_cmd`).

use std::ops::Range;

use crate::httpd::{Arity, Directive};
use crate::syntax::words;

/// Too few or too many arguments, or a flag that is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrongArity {
    /// The rule that says so: a word that is neither `On` nor `Off` is not one too many.
    pub rule: &'static str,
    /// The bytes of the argument text that are to blame: the surplus, or everything.
    pub range: Range<usize>,
    /// httpd's message.
    pub httpd: String,
}

impl WrongArity {
    /// The same as a sentence of ours, without the help that the module gives: `ServerAdmin takes one
    /// argument, …` becomes "`ServerAdmin` takes one argument".
    pub fn message(&self) -> String {
        let sentence = self.httpd.split_once(", ").map_or(&*self.httpd, |it| it.0);
        let (name, rest) = sentence.split_once(' ').unwrap_or((sentence, ""));
        format!("`{name}` {}", rest.replace("On or Off", "`On` or `Off`"))
    }

    /// What helps whoever wrote these arguments.
    pub fn notes(&self, directive: &Directive, arguments: &str) -> Vec<String> {
        let is_comment = arguments[self.range.clone()].starts_with('#');
        let comment = "httpd knows comments only on lines of their own";
        let syntax = || format!("syntax: `{}`", directive.syntax);
        let comment = is_comment.then(|| comment.to_owned()).into_iter();
        let has_syntax = !directive.syntax.is_empty();
        comment.chain(has_syntax.then(syntax)).collect()
    }
}

/// Checks the number of arguments; `arguments` is the text behind the name.
pub fn check(directive: &Directive, arguments: &str) -> Option<WrongArity> {
    if matches!(
        directive.arity,
        Arity::RawArgs | Arity::NoArgs | Arity::TakeArgv
    ) {
        return None;
    }
    let shape = Shape::of(arguments);
    let text = match directive.arity {
        Arity::Take1 if shape.fits(1, 1) => return None,
        Arity::Take2 if shape.fits(2, 2) => return None,
        Arity::Take12 if shape.fits(1, 2) => return None,
        Arity::Take3 if shape.fits(3, 3) => return None,
        Arity::Take23 if shape.fits(2, 3) => return None,
        Arity::Take123 if shape.fits(1, 3) => return None,
        Arity::Take13 if shape.fits(1, 3) && (shape.is_empty(1) || shape.count == 3) => {
            return None;
        }
        Arity::Iterate if !shape.is_empty(0) => return None,
        Arity::Iterate2 if !shape.is_empty(0) && shape.count > 1 => return None,
        Arity::Flag if is_flag(arguments) => return None,
        Arity::Take1 => " takes one argument",
        Arity::Take2 => " takes two arguments",
        Arity::Take12 => " takes 1-2 arguments",
        Arity::Take3 => " takes three arguments",
        Arity::Take23 => " takes two or three arguments",
        Arity::Take123 => " takes one, two or three arguments",
        Arity::Take13 => " takes one or three arguments",
        Arity::Iterate => " requires at least one argument",
        Arity::Iterate2 => " requires at least two arguments",
        Arity::Flag => " must be On or Off",
        Arity::RawArgs | Arity::NoArgs | Arity::TakeArgv => return None,
    };
    let mut message = format!("{}{text}", directive.spelling);
    if let (Some(help), false) = (&directive.help, directive.arity == Arity::Flag) {
        message.push_str(", ");
        message.push_str(help);
    }
    let most = match directive.arity {
        Arity::Take1 => 1,
        Arity::Take2 | Arity::Take12 => 2,
        Arity::Take3 | Arity::Take23 | Arity::Take123 | Arity::Take13 => 3,
        _ => usize::MAX,
    };
    if directive.arity == Arity::Flag && !shape.is_empty(0) {
        let first = words::split(arguments).into_iter().next();
        return Some(WrongArity {
            rule: "invalid-argument",
            range: first.map_or(0..arguments.len(), |it| it.range),
            httpd: message,
        });
    }
    Some(WrongArity {
        rule: "wrong-arity",
        range: shape.blame(arguments, most),
        httpd: message,
    })
}

fn is_flag(arguments: &str) -> bool {
    let (word, _) = words::first(arguments);
    word.text.eq_ignore_ascii_case("on") || word.text.eq_ignore_ascii_case("off")
}

/// The first words of an argument text, as far as arity looks at them.
struct Shape {
    // At most 4: a fourth word is one too many for every class that counts.
    count: usize,
    empty: [bool; 4],
}

impl Shape {
    fn of(arguments: &str) -> Self {
        let mut shape = Shape {
            count: 0,
            empty: [true; 4],
        };
        let mut rest = arguments.trim_start_matches(words::is_blank);
        while shape.count < 4 && !rest.is_empty() {
            let (taken, after) = words::take(rest);
            shape.empty[shape.count] = taken.is_empty();
            shape.count += 1;
            rest = after;
        }
        shape
    }

    // An empty word is as good as none where one is required.
    fn is_empty(&self, index: usize) -> bool {
        self.empty.get(index).copied().unwrap_or(true)
    }

    fn fits(&self, least: usize, most: usize) -> bool {
        (0..least).all(|it| !self.is_empty(it)) && self.count <= most
    }

    fn blame(&self, arguments: &str, most: usize) -> Range<usize> {
        let words = words::split(arguments);
        match (words.get(most), words.last()) {
            (Some(surplus), Some(last)) if self.count > most => surplus.range.start..last.range.end,
            _ => 0..arguments.len(),
        }
    }
}
