//! The names of process groups and application groups, as they are for one request.

use super::is_six;
use crate::argument::wsgi::GLOBAL;
use crate::model::request::Pass;
use crate::model::{Doubt, Known};

/// A name as it is written, expanded (`wsgi_process_group`, `wsgi_application_group`).
///
/// # Errors
/// It depends on something unknown.
pub(super) fn expanded(pass: &Pass<'_>, written: &str) -> Known<String> {
    match written {
        GLOBAL => Ok(String::new()),
        "%{RESOURCE}" => Ok(format!("{}|{}", server(pass)?, script_name(pass)?)),
        "%{SERVER}" => server(pass),
        "%{HOST}" => host(pass),
        _ => match variable(written) {
            Some(name) => of_variable(pass, written, name),
            None => Ok(written.to_owned()),
        },
    }
}

// A value that begins with `%` is expanded, too, unless it names a variable again.
fn of_variable(pass: &Pass<'_>, written: &str, name: &str) -> Known<String> {
    let value = match pass.environment.get(name)? {
        Some(value) => Some(value),
        None => pass.process_variable(name)?,
    };
    match value {
        None => Ok(written.to_owned()),
        Some(value) if variable(&value).is_some() => Ok(value),
        Some(value) if value.starts_with('%') => expanded(pass, &value),
        Some(value) => Ok(value),
    }
}

fn variable(written: &str) -> Option<&str> {
    let rest = written.strip_prefix("%{ENV:")?;
    Some(rest.split_once('}')?.0)
}

/// The name of the callable object: only variables are expanded in it.
pub(super) fn callable(pass: &Pass<'_>, written: &str) -> Known<String> {
    match variable(written) {
        Some(name) => of_variable(pass, written, name),
        None => Ok(written.to_owned()),
    }
}

fn server(pass: &Pass<'_>) -> Known<String> {
    with_port(pass, pass.hostname()?)
}

fn host(pass: &Pass<'_>) -> Known<String> {
    let name = match pass.request.host_name() {
        Some(name) => name,
        None => pass.hostname()?,
    };
    with_port(pass, name)
}

// The two usual ports are left out, whatever the scheme is.
fn with_port(pass: &Pass<'_>, name: String) -> Known<String> {
    Ok(match pass.server_port()? {
        80 | 443 => name,
        port => format!("{name}:{port}"),
    })
}

/// `SCRIPT_NAME`: the URL without what follows the script.
pub(super) fn script_name(pass: &Pass<'_>) -> Known<String> {
    let end = match pass.path_info.is_empty() {
        true => pass.uri.len(),
        false => path_info_start(&pass.uri, &pass.path_info),
    };
    let mut name = String::new();
    for character in pass.uri.get(..end).unwrap_or(&pass.uri).chars() {
        if character != '/' || !name.ends_with('/') {
            name.push(character);
        }
    }
    let lower = name.to_ascii_lowercase();
    // Before version 6, capital letters are lost whatever `WSGICaseSensitivity` says.
    let six = is_six(pass.httpd);
    if lower == name || six == Some(false) {
        return Ok(lower);
    }
    let sensitive = pass.server_layers().word("WSGICaseSensitivity")?;
    if sensitive.is_some_and(|it| it.eq_ignore_ascii_case("off")) {
        return Ok(lower);
    }
    if six.is_none() {
        return Err(Doubt::new("it depends on the version of mod_wsgi"));
    }
    Ok(name)
}

// `ap_find_path_info`: both are compared from their ends, several slashes in the URL as one.
fn path_info_start(uri: &str, path_info: &str) -> usize {
    let (uri, path_info) = (uri.as_bytes(), path_info.as_bytes());
    let (mut at, mut in_info) = (uri.len(), path_info.len());
    while at > 0 && in_info > 0 && uri[at - 1] == path_info[in_info - 1] {
        (at, in_info) = (at - 1, in_info - 1);
        if path_info[in_info] == b'/' {
            while at > 0 && uri[at - 1] == b'/' {
                at -= 1;
            }
        }
    }
    while uri.get(at).is_some_and(|it| *it != b'/') {
        at += 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::{path_info_start, variable};

    #[test]
    fn path_info_is_cut_off_from_the_end() {
        for (uri, info, script) in [
            ("/app/x/y", "/x/y", "/app"),
            ("/app//x", "/x", "/app"),
            ("/", "/", ""),
            ("/x/y", "/x/y", ""),
            ("/app", "", "/app"),
        ] {
            assert_eq!(&uri[..path_info_start(uri, info)], script, "{uri}");
        }
    }

    #[test]
    fn variables_have_a_name() {
        assert_eq!(variable("%{ENV:X}"), Some("X"));
        assert_eq!(variable("%{ENV:X"), None);
        assert_eq!(variable("%{GLOBAL}"), None);
    }
}
