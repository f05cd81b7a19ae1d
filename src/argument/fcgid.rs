//! Directives of mod_fcgid that name a program.

use super::words::split;
use super::{Located, Refusal, Surroundings, file};

const OPTIONS: &[&str] = &[
    "ConnectTimeout",
    "IdleTimeout",
    "InitialEnv",
    "IOTimeout",
    "MaxProcesses",
    "MaxProcessLifeTime",
    "MaxRequestsPerProcess",
    "MinProcesses",
];

// The first word of a command, which is looked up as it stands: from the root directory, where
// httpd is started as a service.
fn missing(
    what: &str,
    command: &Located<String>,
    surroundings: &dyn Surroundings,
) -> Option<Refusal> {
    let program = split(&command.value).into_iter().next()?.value;
    missing_program(what, &program, command, surroundings)
}

// The same; `shown` is what httpd's message calls it.
fn missing_program(
    what: &str,
    shown: &str,
    command: &Located<String>,
    surroundings: &dyn Surroundings,
) -> Option<Refusal> {
    let program = split(&command.value).into_iter().next()?.value;
    let path = match program.starts_with('/') {
        true => program.clone(),
        false => format!("/{program}"),
    };
    let reason = file::reason(surroundings.kind(&path))?;
    let number = match reason {
        "No such file or directory" => 2,
        "Not a directory" => 20,
        _ => 13,
    };
    let message = format!("{what} {shown} cannot be accessed: ({number}){reason}");
    Some(Refusal::new(command.range.clone(), message))
}

/// What httpd refuses in `FcgidAccessChecker`, `FcgidAuthenticator` and `FcgidAuthorizer`.
pub fn checker(directive: &str, text: &str, surroundings: &dyn Surroundings) -> Option<Refusal> {
    let what = match directive {
        "FastCgiAccessChecker" | "FcgidAccessChecker" => "Access checker",
        "FastCgiAuthenticator" | "FcgidAuthenticator" => "Authenticator",
        _ => "Authorizer",
    };
    let command = split(text).into_iter().next()?;
    missing_program(what, &command.value, &command, surroundings)
}

/// What httpd refuses in `FcgidWrapper COMMAND [EXTENSION] [virtual]`.
pub fn wrapper(text: &str, surroundings: &dyn Surroundings) -> Option<Refusal> {
    let words = split(text);
    let command = words.first()?;
    let is_virtual = |it: &Located<String>| it.value.eq_ignore_ascii_case("virtual");
    let extension = words.get(1).filter(|it| words.len() > 2 || !is_virtual(it));
    if let Some(flag) = words.get(2).filter(|it| !is_virtual(it)) {
        return Some(Refusal::new(flag.range.clone(), "Invalid wrapper flag"));
    }
    if let Some(extension) = extension {
        let rest = extension.value.strip_prefix('.').unwrap_or_default();
        if rest.is_empty() || rest.contains('/') {
            let message = "Invalid wrapper file extension";
            return Some(Refusal::new(extension.range.clone(), message));
        }
    }
    missing("Wrapper", command, surroundings)
}

/// What httpd refuses in `FcgidCmdOptions COMMAND OPTION VALUE…`.
pub fn command_options(text: &str, surroundings: &dyn Surroundings) -> Option<Refusal> {
    let words = split(text);
    let end = text.len()..text.len();
    let Some((command, options)) = words.split_first() else {
        let message = "A command must be specified for FcgidCmdOptions";
        return Some(Refusal::new(end, message));
    };
    if let Some(refusal) = missing("Command", command, surroundings) {
        return Some(refusal);
    }
    if options.is_empty() {
        let message = "At least one option must be specified for FcgidCmdOptions";
        return Some(Refusal::new(end, message));
    }
    options.chunks(2).find_map(|pair| {
        let option = pair.first()?;
        let name = OPTIONS
            .iter()
            .find(|it| it.eq_ignore_ascii_case(&option.value));
        let message = match name {
            None => format!("Invalid option for FcgidCmdOptions: {}", option.value),
            Some(name) if pair.get(1).is_none_or(|it| it.value.is_empty()) => {
                // httpd spells this one in two ways.
                let name = name.replace("LifeTime", "Lifetime");
                format!("{name} must have an argument")
            }
            Some(_) => return None,
        };
        Some(Refusal::new(option.range.clone(), message))
    })
}
