//! As much of JSON schema as ours use.

use serde_json::Value;

/// Fails where `value` is not what a schema says, and where the schema does not know a key.
pub(crate) fn assert_obeys(schema: &str, value: &Value) {
    let root = serde_json::from_str(schema).unwrap();
    check(&root, &root, value, "$");
}

fn check(root: &Value, schema: &Value, value: &Value, path: &str) {
    if let Some(reference) = schema["$ref"].as_str() {
        let pointer = reference.trim_start_matches('#');
        check(root, root.pointer(pointer).unwrap(), value, path);
    }
    if let Some(expected) = schema.get("const") {
        assert_eq!(value, expected, "{path}");
    }
    if let Some(allowed) = schema["enum"].as_array() {
        assert!(allowed.contains(value), "{path}: {value}");
    }
    match &schema["type"] {
        Value::String(name) => assert_eq!(name, type_of(value), "{path}"),
        Value::Array(names) => assert!(names.iter().any(|it| it == type_of(value)), "{path}"),
        _ => {}
    }
    for (index, item) in value.as_array().into_iter().flatten().enumerate() {
        check(root, &schema["items"], item, &format!("{path}[{index}]"));
    }
    let Some((object, properties)) = value.as_object().zip(schema["properties"].as_object()) else {
        return;
    };
    for required in schema["required"].as_array().into_iter().flatten() {
        let key = required.as_str().unwrap();
        assert!(object.contains_key(key), "{path} has no {key}");
    }
    for (key, value) in object {
        let schema = properties.get(key);
        let schema = schema.unwrap_or_else(|| panic!("{path}.{key} is not in the schema"));
        check(root, schema, value, &format!("{path}.{key}"));
    }
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}
