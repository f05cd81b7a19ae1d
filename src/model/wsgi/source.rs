//! What the text of a Python script shows. It is never run.

/// Whether a name may be there when the script was loaded: it is mentioned, or anything may be.
pub(crate) fn may_define(text: &str, name: &str) -> bool {
    let takes_everything = ["import *", "exec(", "globals(", "setattr("];
    takes_everything.iter().any(|it| text.contains(it)) || mentions(text, name)
}

fn mentions(text: &str, name: &str) -> bool {
    let is_part = |it: Option<char>| it.is_some_and(|it| it.is_alphanumeric() || it == '_');
    text.match_indices(name).any(|(at, found)| {
        !is_part(text[..at].chars().next_back())
            && !is_part(text[at + found.len()..].chars().next())
    })
}

/// A name that the script gives to what looks like an application, where `application` is not there.
pub(crate) fn defined_callable(text: &str) -> Option<&'static str> {
    const NAMES: [&str; 4] = ["app", "wsgi_app", "wsgiapp", "main"];
    let defines = |name: &str, line: &str| {
        let assigned = line.strip_prefix(name);
        let assigned = assigned.is_some_and(|it| it.trim_start().starts_with('='));
        let is_function = line.starts_with(&format!("def {name}(environ"));
        let is_imported = line.starts_with("from ")
            && (line.ends_with(&format!(" import {name}"))
                || line.ends_with(&format!(" as {name}")));
        assigned || is_function || is_imported
    };
    let mut names = NAMES.into_iter();
    names.find(|name| text.lines().any(|line| defines(name, line)))
}

/// A relative path by which the script opens a file, unless it goes to another folder itself.
pub(crate) fn relative_path(text: &str) -> Option<&str> {
    const CALLS: [&str; 3] = ["open(", "io.open(", "sqlite3.connect("];
    if text.contains("chdir(") {
        return None;
    }
    let code = text
        .lines()
        .map(|it| it.split('#').next().unwrap_or_default());
    code.flat_map(|line| CALLS.iter().map(move |call| (line, call)))
        .find_map(|(line, call)| {
            let (before, behind) = line.split_once(call)?;
            let is_part = |it: char| it.is_alphanumeric() || it == '_' || it == '.';
            let quote = behind
                .chars()
                .next()
                .filter(|it| matches!(it, '\'' | '"'))?;
            let path = behind[1..].split(quote).next()?;
            let is_relative = !path.is_empty() && !path.starts_with(['/', ':', '~', quote]);
            let is_file = is_relative && !path.contains("://") && !path.contains(['{', '%', '\\']);
            (is_file && !before.ends_with(is_part)).then_some(path)
        })
}

/// Whether the text defines or imports anything at all. A page of text may be an error for Python.
pub(super) fn is_python(text: &str) -> bool {
    const BEGINNINGS: [&str; 4] = ["def ", "class ", "import ", "from "];
    let begins = |line: &str| BEGINNINGS.iter().any(|it| line.starts_with(it));
    text.trim().is_empty() || text.lines().any(|it| begins(it) || it.contains('='))
}

/// The text that a function of the script returns, where it always returns the same.
pub(super) fn constant_result(text: &str, function: &str) -> Option<String> {
    let at = text.find(&format!("def {function}("))?;
    let mut lines = text[at..].lines().skip(1);
    let body = lines.find(|it| !it.trim().is_empty())?;
    let value = body.trim().strip_prefix("return ")?.trim();
    let quote = value.chars().next().filter(|it| matches!(it, '\'' | '"'))?;
    let inner = value.strip_prefix(quote)?.strip_suffix(quote)?;
    (!inner.contains([quote, '\\'])).then(|| inner.to_owned())
}

/// Whether brackets do not fit, or a text is not closed: then no Python compiles the script.
pub(crate) fn is_broken(text: &str) -> bool {
    let mut open = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['(', ')', '[', ']', '{', '}', '#', '\'', '"', '\\']) {
        let found = rest[at..].chars().next().unwrap_or_default();
        rest = &rest[at + 1..];
        match found {
            '(' => open.push(')'),
            '[' => open.push(']'),
            '{' => open.push('}'),
            '#' => rest = rest.find('\n').map_or("", |it| &rest[it..]),
            '\\' => rest = skip_one(rest),
            '\'' | '"' => match behind_text(rest, found) {
                Some(behind) => rest = behind,
                None => return true,
            },
            close => {
                if open.pop() != Some(close) {
                    return true;
                }
            }
        }
    }
    !open.is_empty()
}

fn skip_one(text: &str) -> &str {
    let mut characters = text.chars();
    characters.next();
    characters.as_str()
}

// What follows a text whose first quote was read; `None` where nothing ends it.
fn behind_text(text: &str, quote: char) -> Option<&str> {
    let triple: String = std::iter::repeat_n(quote, 3).collect();
    let is_long = text.starts_with(&triple[1..]);
    let (end, mut rest) = match is_long {
        true => (triple.as_str(), &text[2..]),
        false => (&triple[..1], text),
    };
    loop {
        if let Some(behind) = rest.strip_prefix(end) {
            return Some(behind);
        }
        match rest.chars().next()? {
            '\n' if !is_long => return None,
            '\\' => rest = skip_one(skip_one(rest)),
            _ => rest = skip_one(rest),
        }
    }
}

/// The modules that the script imports before anything else can go wrong: at the beginning of a
/// line, outside of everything.
pub(super) fn imports(text: &str) -> Vec<String> {
    let name = |it: &str| {
        let name = it.trim().split([' ', '.', ';', '\t']).next();
        name.unwrap_or_default().to_owned()
    };
    let mut found = Vec::new();
    for line in text.lines() {
        let line = line.split('#').next().unwrap_or_default();
        if let Some(names) = line.strip_prefix("import ") {
            found.extend(names.split(',').map(name));
        } else if let Some(rest) = line.strip_prefix("from ") {
            found.push(name(rest));
        }
    }
    found.retain(|it| !it.is_empty());
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_whole_word() {
        assert!(may_define("application = x", "application"));
        assert!(may_define("from x import *", "application"));
        assert!(!may_define("my_application = x", "application"));
    }

    #[test]
    fn an_application_may_have_another_name() {
        for (text, name) in [
            ("app = Flask(__name__)\n", Some("app")),
            ("import x\ndef app(environ, start_response):\n", Some("app")),
            ("from shop import app\n", Some("app")),
            ("app.debug = True\napplications = []\n", None),
            ("  app = 1\n", None),
        ] {
            assert_eq!(defined_callable(text), name, "{text}");
        }
    }

    #[test]
    fn a_path_is_relative_to_where_the_process_runs() {
        for (text, path) in [
            ("x = open('a.json')", Some("a.json")),
            ("with io.open(\"a/b\") as f:", Some("a/b")),
            ("sqlite3.connect('a.db', timeout=1)", Some("a.db")),
            ("open('/a')", None),
            ("open(path)", None),
            ("urlopen('a')", None),
            ("webbrowser.open('a')", None),
            ("# open('a')", None),
            ("sqlite3.connect(':memory:')", None),
            ("open('''é", None),
            ("os.chdir('/srv')\nopen('a')", None),
        ] {
            assert_eq!(relative_path(text), path, "{text}");
        }
    }

    #[test]
    fn brackets_and_texts_must_be_closed() {
        for broken in ["def application(:", "x = 'a\n'", "x = ]", "'''a", "(]"] {
            assert!(is_broken(broken), "{broken}");
        }
        for whole in [
            "x = (1, [2], {3: '('})  # (",
            "'''\n(\n'''",
            "x = 'it\\'s' + \"'\"",
            "x = \\\n  1",
            "",
            "x = ''",
        ] {
            assert!(!is_broken(whole), "{whole}");
        }
    }

    #[test]
    fn imports_stand_at_the_beginning_of_lines() {
        let text = "import os, a.b as c\nfrom x.y import z\n  import lazy\nimportant = 1\n";
        assert_eq!(imports(text), ["os", "a", "x"]);
    }

    #[test]
    fn a_function_may_return_a_constant() {
        let text = "def process_group(environ):\n    return 'grp'\n";
        assert_eq!(
            constant_result(text, "process_group").as_deref(),
            Some("grp")
        );
        assert_eq!(constant_result(text, "application_group"), None);
        let text = "def process_group(environ):\n    return environ['X']\n";
        assert_eq!(constant_result(text, "process_group"), None);
    }
}
