//! What the file of mod_wsgi tells about itself.

use crate::argument::words::split;
use crate::evaluate::arguments_of;
use crate::model::request::Httpd;

/// Whether the module is of version 6 or above: those number their messages.
pub(super) fn is_six(httpd: &Httpd<'_>) -> Option<bool> {
    Some(memchr::memmem::find(&bytes(httpd)?, b"WSGI0150").is_some())
}

/// The version of the Python library that the module is linked to: `3.11`.
pub(super) fn python_version(httpd: &Httpd<'_>) -> Option<String> {
    number_behind(&bytes(httpd)?, b"libpython", b".so")
}

// The file that `LoadModule` names.
fn bytes(httpd: &Httpd<'_>) -> Option<Vec<u8>> {
    let load = httpd.model.loaded_by(httpd.config, "wsgi_module")?;
    let placed = httpd.config.placed(load.place);
    let text = placed.occurrence.unit.text(placed.node);
    let file = split(arguments_of(&text)).into_iter().nth(1)?;
    httpd.world().read(&httpd.resolve(&file.value)).ok()
}

// The number between two texts, with at least one point in it.
fn number_behind(bytes: &[u8], before: &[u8], behind: &[u8]) -> Option<String> {
    memchr::memmem::find_iter(bytes, before).find_map(|at| {
        let rest = bytes.get(at + before.len()..)?;
        let is_number = |it: &&u8| it.is_ascii_digit() || **it == b'.';
        let number: Vec<u8> = rest.iter().take_while(is_number).copied().collect();
        let number = String::from_utf8(number).ok()?;
        let number = number.trim_end_matches('.');
        let is_followed = rest[number.len()..].starts_with(behind);
        (number.contains('.') && is_followed).then(|| number.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::number_behind;

    #[test]
    fn a_module_names_its_python() {
        let module = b"\x7fELF libpython \0libpython3.11.so.1.0\0";
        let python = number_behind(module, b"libpython", b".so");
        assert_eq!(python.as_deref(), Some("3.11"));
        assert_eq!(
            number_behind(b"\x7fELF libc.so.6", b"libpython", b".so"),
            None
        );
    }
}
