//! `Suexec` and `SuexecUserGroup`.

use super::words::first;
use super::{Declaration, Declared, Refusal, Surroundings};
use crate::world::Kind;

/// What httpd refuses in `Suexec On`.
pub fn switch(text: &str, surroundings: &dyn Surroundings) -> Option<Refusal> {
    let word = first(text);
    let missing =
        missing_program(surroundings).filter(|_| word.value.eq_ignore_ascii_case("on"))?;
    let message = format!("suEXEC isn't supported: {missing}");
    Some(Refusal::new(word.range, message))
}

/// What httpd refuses in `SuexecUserGroup USER GROUP` before it looks at the names.
pub fn accounts(text: &str, surroundings: &dyn Surroundings) -> Option<Refusal> {
    let above = surroundings.declared_above(Declared::GlobalSetting, "Suexec")?;
    let is_off = |it: &Declaration| first(&it.text).value.eq_ignore_ascii_case("off");
    let why = match above.last() {
        Some(switch) if is_off(switch) => "Suexec directive is Off".to_owned(),
        _ => missing_program(surroundings)?,
    };
    let message = format!("SuexecUserGroup configured, but suEXEC is disabled: {why}");
    Some(Refusal::new(0..text.len(), message))
}

// `unixd_pre_config` looks for the program. That its owner and mode are right, too, is not to be
// seen here.
fn missing_program(surroundings: &dyn Surroundings) -> Option<String> {
    let path = surroundings.suexec_program()?;
    let is_missing = surroundings.kind(path) == Kind::Missing;
    is_missing.then(|| format!("Missing suexec binary {path}"))
}
