//! What a client has settled: its section `httpd-lint`.

use std::path::PathBuf;

use serde_json::Value;

/// The name of the section.
pub(super) const SECTION: &str = "httpd-lint";

/// What the value of a key becomes on a command line.
#[derive(Debug, Clone, Copy)]
enum Form {
    /// The option where it is true.
    Switch,
    /// The option with the text, or once for each of a list.
    Texts,
    /// The option with `KEY=VALUE`, once for each of a table.
    Pairs,
}

/// The keys that are options of `check`.
const OPTIONS: [(&str, &str, Form); 11] = [
    ("config", "--config", Form::Texts),
    ("facts", "--facts", Form::Texts),
    ("host", "--host", Form::Switch),
    ("define", "-D", Form::Texts),
    ("serverRoot", "--server-root", Form::Texts),
    ("map", "--map", Form::Pairs),
    ("envvars", "--envvars", Form::Texts),
    ("htaccess", "--htaccess", Form::Texts),
    ("select", "--select", Form::Texts),
    ("ignore", "--ignore", Form::Texts),
    ("baseline", "--baseline", Form::Texts),
];

/// The settings.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Settings {
    /// The main file, or a `ServerRoot` directory, of every file that it includes.
    pub(super) main: Option<PathBuf>,
    /// The options of `check`.
    pub(super) options: Vec<String>,
    /// Where the pages of the rules are; the id and `.html` are put behind it.
    pub(super) rule_pages: Option<String>,
    /// Whether hints are shown in the lines.
    pub(super) inlay_hints: bool,
    /// Whether notes are shown above the lines.
    pub(super) code_lenses: bool,
}

impl Settings {
    /// Reads the section; what has another form than it should is passed over.
    pub(super) fn of(section: &Value) -> Self {
        let mut options = Vec::new();
        for (key, option, form) in OPTIONS {
            let value = &section[key];
            match form {
                Form::Switch if value == true => options.push(option.to_owned()),
                Form::Switch => {}
                Form::Texts => {
                    for text in texts(value) {
                        options.extend([option.to_owned(), text]);
                    }
                }
                Form::Pairs => {
                    for (from, to) in value.as_object().into_iter().flatten() {
                        let to = to.as_str().map(|it| format!("{from}={it}"));
                        options.extend(to.into_iter().flat_map(|it| [option.to_owned(), it]));
                    }
                }
            }
        }
        let text = |key: &str| section[key].as_str().filter(|it| !it.is_empty());
        Self {
            main: text("main").map(PathBuf::from),
            options,
            rule_pages: text("rulePages").map(str::to_owned),
            inlay_hints: section["inlayHints"] == true,
            code_lenses: section["codeLenses"] == true,
        }
    }
}

fn texts(value: &Value) -> Vec<String> {
    let one = value.as_str().into_iter();
    let many = value.as_array().into_iter().flatten();
    let all = one.chain(many.filter_map(Value::as_str));
    all.filter(|it| !it.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn keys_are_options_of_check() {
        let settings = Settings::of(&json!({
            "main": "etc/apache2", "facts": ["debian-12", 7], "host": true,
            "map": {"/srv/www": "www"}, "define": "PRODUCTION", "ignore": null,
        }));
        let options = [
            "--facts",
            "debian-12",
            "--host",
            "-D",
            "PRODUCTION",
            "--map",
            "/srv/www=www",
        ];
        assert_eq!(settings.options, options);
        assert_eq!(settings.main, Some("etc/apache2".into()));
    }

    #[test]
    fn a_section_of_another_form_settles_nothing() {
        for section in [json!(null), json!([1]), json!("x"), json!({"main": ["a"]})] {
            assert_eq!(Settings::of(&section), Settings::default());
        }
    }
}
