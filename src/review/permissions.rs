//! What sections permit: `Options`, `AllowOverride` and `AllowOverrideList`.

/// Whether the second of two lists of words permits something that the first does not. A list that
/// is not there permits what it inherits.
pub(super) fn opens(before: Option<&str>, after: Option<&str>) -> bool {
    let permitted = |text: Option<&str>| -> Vec<String> {
        let words = text.unwrap_or_default().split_whitespace().skip(1);
        let words = words.filter(|it| !it.starts_with('-') && !it.eq_ignore_ascii_case("None"));
        words
            .map(|it| it.trim_start_matches('+').to_ascii_lowercase())
            .collect()
    };
    let refused = |text: Option<&str>| -> Vec<String> {
        let words = text.unwrap_or_default().split_whitespace().skip(1);
        let words = words.filter_map(|it| it.strip_prefix('-'));
        words.map(str::to_ascii_lowercase).collect()
    };
    let (old, new) = (permitted(before), permitted(after));
    let gained = new
        .iter()
        .any(|it| !old.contains(it) && !old.iter().any(|it| it == "all"));
    let forgiven = refused(before)
        .iter()
        .any(|it| !refused(after).contains(it));
    let is_unset = after.is_none() && before.is_some();
    gained || is_unset || forgiven && after.is_some_and(|it| it.contains(['+', '-']))
}

#[cfg(test)]
mod tests {
    use super::opens;

    #[test]
    fn more_words_permit_more() {
        for (before, after, expected) in [
            ("Options None", "Options Indexes", true),
            ("Options Indexes", "Options None", false),
            ("Options All", "Options Indexes", false),
            ("Options -Indexes", "Options +Indexes", true),
            ("Options +Indexes", "Options -Indexes", false),
            ("AllowOverride None", "AllowOverride AuthConfig", true),
            ("AllowOverride All", "AllowOverride None", false),
        ] {
            assert_eq!(
                opens(Some(before), Some(after)),
                expected,
                "{before}: {after}"
            );
        }
        assert!(opens(Some("Options None"), None));
    }
}
