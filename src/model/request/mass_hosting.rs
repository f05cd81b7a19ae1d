//! Directories that are called as hosts: mod_vhost_alias.

use super::mapping::Mapped;
use super::pass::Pass;
use crate::model::{Doubt, Known, Missing};

impl Pass<'_> {
    /// Maps a URL by the name or address that it is asked of (`mva_translate`).
    pub(super) fn map_by_host(&mut self) -> Known<bool> {
        if !self.httpd.has("vhost_alias_module")? {
            return Ok(false);
        }
        let program = self
            .uri
            .strip_prefix("/cgi-bin/")
            .map(|it| format!("/{it}"));
        let (names, rest) = match &program {
            Some(rest) => (["VirtualScriptAlias", "VirtualScriptAliasIP"], rest.clone()),
            None => (
                ["VirtualDocumentRoot", "VirtualDocumentRootIP"],
                self.uri.clone(),
            ),
        };
        for (directive, by_address) in names.into_iter().zip([false, true]) {
            let Some(line) = self.layers.last(directive)? else {
                continue;
            };
            let Some(map) = crate::model::layers::first_word(&line) else {
                continue;
            };
            if map.eq_ignore_ascii_case("none") {
                continue;
            }
            let name = match (by_address, self.request.address) {
                (false, _) => self.server_name()?,
                (true, Some(address)) => address.to_string(),
                (true, None) => return Err(Doubt::without(Missing::Address)),
            };
            let directory = interpolated(&map, &name, self.server_port()?);
            self.filename = format!("{}{rest}", directory.trim_end_matches('/'));
            if program.is_some() {
                self.handler = Some("cgi-script".to_owned());
                self.is_script_alias = true;
            }
            self.explain(format!("mapped to `{}`", self.filename), Some(line));
            self.mapped = Mapped::Alias;
            return Ok(true);
        }
        Ok(false)
    }
}

// `%0`, `%2`, `%-1`, `%2+`, `%3.1` and the like in a path (`vhost_alias_interpolate`).
fn interpolated(map: &str, name: &str, port: u16) -> String {
    let mut result = String::new();
    let mut rest = map;
    while let Some((before, behind)) = rest.split_once('%') {
        result.push_str(before);
        rest = behind;
        if let Some(behind) = rest.strip_prefix('%') {
            result.push('%');
            rest = behind;
        } else if let Some(behind) = rest.strip_prefix('p') {
            result.push_str(&port.to_string());
            rest = behind;
        } else {
            let (labels, behind) = Selection::read(rest);
            let Some(labels) = labels else {
                result.push('%');
                continue;
            };
            let names: Vec<&str> = name.split('.').collect();
            let chosen = labels.choose(&names).map(|it| it.join("."));
            rest = behind;
            let (letters, behind) = match rest.strip_prefix('.') {
                Some(behind) => Selection::read(behind),
                None => (None, rest),
            };
            match (chosen, letters) {
                (Some(chosen), Some(letters)) => {
                    rest = behind;
                    let all: Vec<char> = chosen.chars().collect();
                    let chosen = letters.choose(&all);
                    result.extend(chosen.unwrap_or(&['_']));
                }
                (Some(chosen), None) => result.push_str(&chosen),
                (None, letters) => {
                    if letters.is_some() {
                        rest = behind;
                    }
                    result.push('_');
                }
            }
        }
    }
    result + rest
}

/// Some of the parts of a name: one, or one with all on one side of it.
#[derive(Clone, Copy)]
struct Selection {
    number: usize,
    from_end: bool,
    and_others: bool,
}

impl Selection {
    fn read(text: &str) -> (Option<Self>, &str) {
        let (from_end, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let length = digits.bytes().take_while(u8::is_ascii_digit).count();
        let Ok(number) = digits[..length].parse() else {
            return (None, text);
        };
        let rest = &digits[length..];
        let and_others = rest.starts_with('+');
        let selection = Self {
            number,
            from_end,
            and_others,
        };
        (Some(selection), rest.strip_prefix('+').unwrap_or(rest))
    }

    fn choose<T>(self, parts: &[T]) -> Option<&[T]> {
        if self.number == 0 {
            return Some(parts);
        }
        let at = match self.from_end {
            true => parts.len().checked_sub(self.number)?,
            false => self.number - 1,
        };
        match (self.and_others, self.from_end) {
            (true, true) => parts.get(..=at),
            (true, false) => parts.get(at..).filter(|it| !it.is_empty()),
            (false, _) => parts.get(at..=at),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::interpolated;

    #[test]
    fn parts_of_the_name_are_put_in_place() {
        for (map, path) in [
            ("/v/%0", "/v/www.shop.test"),
            ("/v/%2/%-1", "/v/shop/test"),
            ("/v/%2+", "/v/shop.test"),
            ("/v/%-2+", "/v/www.shop"),
            ("/v/%2.1/%2.-1/%2.2+", "/v/s/p/hop"),
            ("/v/%9/%2.9", "/v/_/_"),
            ("/v/%p%%", "/v/80%"),
        ] {
            assert_eq!(interpolated(map, "www.shop.test", 80), path, "{map}");
        }
    }
}
