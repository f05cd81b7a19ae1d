//! Lists of names with parameters, `NAME:PARAMETER,…`: what targets, actions and options of
//! ModSecurity have in common (`msre_parse_generic`).

use super::super::Located;
use crate::syntax::words::is_blank;

/// A name, and its parameter where it has one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// The name.
    pub name: Located<String>,
    /// The parameter; an empty one without quotes is none.
    pub parameter: Option<Located<String>>,
}

/// Why a list cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// Where the reader stops, in bytes.
    pub offset: usize,
    /// What ModSecurity says, with the list.
    pub message: String,
}

/// Reads a list. Either `,` or `|` separates its parts; behind a parameter a blank does, too.
pub fn parse(text: &str) -> Result<Vec<Pair>, Mistake> {
    let mut reader = Reader { text, at: 0 };
    let mut pairs = Vec::new();
    loop {
        reader.skip(is_blank);
        if reader.rest().is_empty() {
            return Ok(pairs);
        }
        let name = reader.until(|it| matches!(it, '|' | ':' | ',') || is_blank(it));
        let parameter = match reader.peek() {
            Some(':') => {
                reader.at += 1;
                reader.parameter()?
            }
            _ => {
                reader.skip(is_blank);
                if !matches!(reader.peek(), None | Some(',' | '|')) {
                    return Err(reader.mistake("Unexpected character"));
                }
                None
            }
        };
        match parameter {
            Some(_) => reader.skip(|it| matches!(it, ',' | '|') || is_blank(it)),
            None => reader.at += usize::from(reader.peek().is_some()),
        }
        pairs.push(Pair { name, parameter });
    }
}

/// What is said of a list, and where: that it cannot be read, or what is said of the first of its
/// parts that is wrong.
pub(super) fn mistake(
    text: &str,
    of_pair: impl Fn(&Pair) -> Option<String>,
) -> Option<Located<String>> {
    match parse(text) {
        Ok(pairs) => pairs.iter().find_map(|it| {
            let message = of_pair(it)?;
            let parameter = it.parameter.as_ref();
            let end = parameter.map_or(it.name.range.end, |it| it.range.end);
            Some(Located::new(message, it.name.range.start..end))
        }),
        Err(mistake) => Some(Located::new(mistake.message, mistake.offset..text.len())),
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn skip(&mut self, skips: impl Fn(char) -> bool) {
        self.at = self.text.len() - self.rest().trim_start_matches(skips).len();
    }

    fn until(&mut self, ends: impl Fn(char) -> bool) -> Located<String> {
        let start = self.at;
        self.at += self.rest().find(ends).unwrap_or(self.rest().len());
        Located::new(self.text[start..self.at].to_owned(), start..self.at)
    }

    // Behind the colon. An empty parameter ends like a name without one.
    fn parameter(&mut self) -> Result<Option<Located<String>>, Mistake> {
        match self.peek() {
            None | Some(',' | '|') => Ok(None),
            Some('\'') => self.quoted().map(Some),
            Some(_) => Ok(Some(
                self.until(|it| matches!(it, ',' | '|') || is_blank(it)),
            )),
        }
    }

    fn quoted(&mut self) -> Result<Located<String>, Mistake> {
        let start = self.at;
        let mut value = String::new();
        self.at += 1;
        loop {
            let mut characters = self.rest().chars();
            match (characters.next(), characters.next()) {
                (None, _) => return Err(self.mistake("Missing closing quote")),
                (Some('\''), _) => {
                    self.at += 1;
                    return Ok(Located::new(value, start..self.at));
                }
                (Some('\\'), Some(escaped @ ('\'' | '\\'))) => {
                    value.push(escaped);
                    self.at += 2;
                }
                (Some('\\'), _) => return Err(self.mistake("Invalid quoted pair")),
                (Some(character), _) => {
                    value.push(character);
                    self.at += character.len_utf8();
                }
            }
        }
    }

    fn mistake(&self, what: &str) -> Mistake {
        Mistake {
            offset: self.at,
            message: format!("{what} at position {}: {}", self.at, self.text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    fn shown(text: &str) -> String {
        match parse(text) {
            Ok(pairs) => pairs
                .iter()
                .map(|it| match &it.parameter {
                    Some(parameter) => format!("<{}={}>", it.name.value, parameter.value),
                    None => format!("<{}>", it.name.value),
                })
                .collect(),
            Err(mistake) => mistake.message,
        }
    }

    #[test]
    fn a_blank_separates_only_behind_a_parameter() {
        assert_eq!(shown("id:1 deny|log"), "<id=1><deny><log>");
        assert_eq!(
            shown("deny id:1"),
            "Unexpected character at position 5: deny id:1"
        );
    }

    #[test]
    fn an_empty_name_is_a_name_where_no_parameter_stands_before_it() {
        assert_eq!(shown("a,,b"), "<a><><b>");
        assert_eq!(shown("a:1,,b"), "<a=1><b>");
        assert_eq!(shown("a:"), "<a>");
        assert_eq!(shown("a|"), "<a>");
    }

    #[test]
    fn quotes_know_only_two_escapes() {
        assert_eq!(shown(r"a:'x\'y\\'"), r"<a=x'y\>");
        assert_eq!(shown("a:''"), "<a=>");
        assert_eq!(
            shown(r"a:'\x'"),
            r"Invalid quoted pair at position 3: a:'\x'"
        );
        assert_eq!(shown("a:'x"), "Missing closing quote at position 4: a:'x");
    }
}
