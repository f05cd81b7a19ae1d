//! Users and groups, by name or as `#ID`.

use super::number::atoi;
use super::words::first;
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

const NO_ROOT: &str = "Error:\tApache has not been designed to serve pages while
\trunning as root.  There are known race conditions that
\twill allow any local user to read any file on the system.
\tIf you still desire to serve pages as root then
\tadd -DBIG_SECURITY_HOLE to the CFLAGS env variable
\tand then rebuild the server.
\tIt is strongly suggested that you instead modify the User
\tdirective in your httpd.conf file to list a non-root
\tuser.
";

/// What httpd refuses in `User`.
pub fn user_refusals(text: &str, surroundings: &dyn Surroundings) -> Vec<Refusal> {
    let name = first(text);
    match user(&name, surroundings) {
        Ok(Some(0)) => vec![Refusal::new(name.range, NO_ROOT)],
        Ok(_) => Vec::new(),
        Err(refusal) => vec![refusal],
    }
}

/// What httpd refuses in `Group`.
pub fn group_refusals(text: &str, surroundings: &dyn Surroundings) -> Vec<Refusal> {
    let name = first(text);
    group(&name, surroundings).err().into_iter().collect()
}
