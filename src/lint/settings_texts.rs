//! What is written about settings: their JSON schema, and a file to begin with.

use serde_json::{Map, Value, json};

use super::levels::{Levels, Profile};
use super::settings::{Form, KEYS, Key};
use crate::evaluate::Standing;
use crate::rules;

/// The JSON schema of `httpd-lint.toml`.
pub fn schema() -> Value {
    let properties = KEYS.iter().map(|it| (it.name.to_owned(), it.schema()));
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "httpd-lint.toml",
        "type": "object",
        "additionalProperties": false,
        "properties": properties.collect::<Map<_, _>>(),
        "$defs": { "levels": levels() },
    })
}

/// A settings file in which every key is a comment.
pub fn template() -> String {
    let mut text = "# Settings of httpd-lint. Paths are relative to this file.\n".to_owned();
    for key in KEYS {
        let lines = key.written();
        let lines = lines.lines().map(|it| format!("#{it}\n"));
        text.push_str(&format!("\n# {}\n{}", key.help, lines.collect::<String>()));
    }
    text
}

impl Key {
    /// The key with its example.
    pub(super) fn written(&self) -> String {
        let (name, example) = (self.name, self.example);
        match self.form {
            Form::Pairs | Form::Rules => format!("[{name}]\n{example}\n"),
            Form::Overrides => format!("[[{name}]]\n{example}\n"),
            _ => format!("{name} = {example}\n"),
        }
    }

    fn schema(&self) -> Value {
        let text = json!({ "type": "string" });
        let texts = json!({ "type": "array", "items": text });
        let places: Vec<_> = Standing::names().collect();
        let mut schema = match self.form {
            Form::Text(_) => text,
            Form::Texts(_) => json!({ "anyOf": [text, texts] }),
            Form::Pairs => json!({ "type": "object", "additionalProperties": text }),
            Form::Profile => json!({ "enum": Profile::names().collect::<Vec<_>>() }),
            Form::Place => json!({ "enum": places }),
            Form::Rules => json!({ "$ref": "#/$defs/levels" }),
            Form::Overrides => json!({
                "type": "array",
                "items": {
                    "type": "object",
                    "additionalProperties": false,
                    "required": ["files"],
                    "properties": {
                        "files": { "anyOf": [text, texts] },
                        "rules": { "$ref": "#/$defs/levels" },
                        "context": { "enum": places },
                    },
                },
            }),
        };
        schema["description"] = json!(self.help);
        schema
    }
}

fn levels() -> Value {
    let level = |about: String| json!({ "enum": Levels::NAMES, "description": about });
    let areas =
        rules::areas().map(|it| (it.0.to_owned(), level(format!("All rules of `{}`.", it.0))));
    let rules = rules::all().map(|it| (it.id.to_owned(), level(it.summary())));
    json!({
        "type": "object",
        "additionalProperties": false,
        "properties": areas.chain(rules).collect::<Map<_, _>>(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::Settings;

    #[test]
    fn the_schema_knows_every_key_rule_and_area() {
        let schema = schema();
        for key in KEYS {
            assert!(schema["properties"][key.name]["description"].is_string());
        }
        let levels = &schema["$defs"]["levels"]["properties"];
        assert_eq!(levels["trailing-comment"]["enum"][0], "off");
        assert_eq!(levels["lines"]["description"], "All rules of `lines`.");
    }

    #[test]
    fn the_template_is_a_settings_file_with_and_without_its_marks() {
        let template = template();
        assert!(Settings::parse(&template).is_ok());
        let lines = template.lines().filter(|it| !it.starts_with("# "));
        let lines = lines.map(|it| format!("{}\n", it.trim_start_matches('#')));
        let settings = Settings::parse(&lines.collect::<String>()).unwrap();
        assert_eq!(settings.main.as_deref(), Some("etc/apache2"));
        assert_eq!(settings.exclude, ["vendor", "*.bak"]);
    }
}
