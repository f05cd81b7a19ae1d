//! Users and groups, by name or as `#ID`.

use super::number::atoi;
use super::{Located, Lookup, Refusal, Surroundings};

/// The id of a user as httpd finds it (`ap_uname2id`); `None` where it is unknown from here.
///
/// # Errors
/// A name that no user has ends httpd on the spot.
pub fn user(
    name: &Located<String>,
    surroundings: &dyn Surroundings,
) -> Result<Option<u32>, Refusal> {
    if let Some(id) = number(&name.value) {
        return Ok(Some(id));
    }
    match surroundings.user(&name.value) {
        Lookup::Found(id) => Ok(Some(id)),
        Lookup::Unknown => Ok(None),
        Lookup::Missing => {
            let message = format!("bad user name {}", name.value);
            Err(Refusal::exit(name.range.clone(), "AH00543", message))
        }
    }
}

/// The id of a group as httpd finds it (`ap_gname2id`); `None` where it is unknown from here.
///
/// # Errors
/// A name that no group has ends httpd on the spot.
pub fn group(
    name: &Located<String>,
    surroundings: &dyn Surroundings,
) -> Result<Option<u32>, Refusal> {
    if let Some(id) = number(&name.value) {
        return Ok(Some(id));
    }
    match surroundings.group(&name.value) {
        Lookup::Found(id) => Ok(Some(id)),
        Lookup::Unknown => Ok(None),
        Lookup::Missing => {
            let message = format!("bad group name {}", name.value);
            Err(Refusal::exit(name.range.clone(), "AH00544", message))
        }
    }
}

/// The id that a text starting with `#` is: what `atoi` makes of it, so `#abc` is 0 and `#-1`
/// the highest id.
pub fn number(text: &str) -> Option<u32> {
    text.strip_prefix('#').map(|it| atoi(it) as u32)
}
