//! The numbers that mod_wsgi hands to Python.

use crate::argument::Refusal;
use crate::argument::number::{atof, is_positive};
use crate::argument::words::first;
use crate::syntax::words::is_blank;

/// The folder that holds `bin/python3` and the like, for a path that names the program itself:
/// `/srv/venv` for `/srv/venv/bin/python3.11`.
pub fn home_of_program(path: &str) -> Option<&str> {
    let (folder, program) = path.rsplit_once('/')?;
    let (home, bin) = folder.rsplit_once('/')?;
    let program = program.strip_suffix(".exe").unwrap_or(program);
    let version = program.strip_prefix("python")?;
    let is_version = version.bytes().all(|it| it.is_ascii_digit() || it == b'.');
    (is_version && matches!(bin, "bin" | "Scripts") && !home.is_empty()).then_some(home)
}

/// What mod_wsgi refuses in `WSGIPythonHashSeed`.
pub fn hash_seed(text: &str) -> Vec<Refusal> {
    let seed = first(text);
    let digits = seed.value.trim_start_matches(is_blank);
    let is_number = digits.bytes().all(|it| it.is_ascii_digit());
    let is_in_range = digits.is_empty() || digits.parse::<u32>().is_ok();
    if seed.value == "random" || (is_number && is_in_range) {
        return Vec::new();
    }
    let message = "WSGIPythonHashSeed must be \"random\" or an integer in range [0; 4294967295]";
    vec![Refusal::new(seed.range, message)]
}

/// What mod_wsgi refuses in `WSGISwitchInterval`.
pub fn switch_interval(text: &str) -> Vec<Refusal> {
    let interval = first(text);
    if is_positive(&interval.value) {
        return Vec::new();
    }
    let message = "WSGISwitchInterval must be a positive number of seconds.";
    vec![Refusal::new(interval.range, message)]
}

/// What mod_wsgi refuses in `WSGISlowRequests`: a text that is no number counts as 0.
pub fn slow_requests(text: &str) -> Vec<Refusal> {
    let threshold = first(text);
    if atof(&threshold.value) < 0.0 {
        let message = "WSGISlowRequests threshold must be non-negative";
        return vec![Refusal::new(threshold.range, message)];
    }
    Vec::new()
}
