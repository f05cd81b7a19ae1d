//! The sections of mod_lua whose bodies are Lua.

use super::Refusal;
use super::words::split;

const MOMENTS: [&str; 2] = ["early", "late"];

/// What httpd refuses in the line that opens a section, `<LuaHookFixups FUNCTION [early|late]>`,
/// while it reads.
pub fn opening(section: &str, text: &str) -> Option<Refusal> {
    let Some(end) = text.rfind('>') else {
        let message = format!("{section}> directive missing closing '>'");
        return Some(Refusal::new(0..text.len(), message));
    };
    let word = split(&text[..end]).into_iter().nth(1)?;
    let is_moment = MOMENTS
        .iter()
        .any(|it| it.eq_ignore_ascii_case(&word.value));
    let message = format!("{section}> 2nd argument must be 'early' or 'late'");
    (!is_moment).then(|| Refusal::new(word.range, message))
}
