//! The addresses of `<VirtualHost ADDRESS[:PORT]…>`.

use super::address::{host_port, is_host_name};
use super::section::Section;
use super::{Located, Refusal, Surroundings};

/// The port of a virtual host's address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Port {
    /// `:*`, or the address `*` alone.
    Any,
    /// None is written: that of the main server counts, which is any unless its `ServerName` has
    /// one.
    Inherited,
    /// This one.
    Number(u16),
}

/// One address of a virtual host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// The host as written, without the brackets of an IPv6 address; `*` and `_default_` stand
    /// for all addresses.
    pub host: String,
    /// The network interface of a link-local address.
    pub scope: Option<String>,
    /// The port.
    pub port: Port,
    /// The whole word.
    pub word: Located<String>,
}

/// Reads the addresses of a section, those that httpd refuses left out.
pub fn addresses(section: &Section<'_>) -> Vec<Address> {
    section
        .words()
        .into_iter()
        .filter_map(|it| address(it).ok())
        .collect()
}

/// What httpd refuses in the addresses of a section, the message that it prints first. A name
/// that does not resolve only makes it warn, and it leaves out the address.
pub fn refusals(section: &Section<'_>, surroundings: &dyn Surroundings) -> Vec<Refusal> {
    let names = addresses(section).into_iter().map(|it| it.host);
    for name in names.filter(|it| is_host_name(it) && it != "_default_") {
        surroundings.resolves(&name);
    }
    section
        .words()
        .into_iter()
        .filter(|it| !it.value.is_empty())
        .filter_map(|it| address(it).err())
        .collect()
}

fn address(word: Located<String>) -> Result<Address, Refusal> {
    let (text, is_any) = match word.value.strip_suffix(":*") {
        Some(text) => (text, true),
        None => (word.value.as_str(), word.value == "*"),
    };
    let refused = |message: &str| Refusal::new(word.range.clone(), message);
    let Some(parts) = host_port(text) else {
        return Err(refused("The address or port is invalid"));
    };
    let Some(host) = parts.host else {
        return Err(refused("Missing address for VirtualHost"));
    };
    Ok(Address {
        host: host.to_owned(),
        scope: parts.scope.map(str::to_owned),
        port: match parts.port {
            _ if is_any => Port::Any,
            Some(number) => Port::Number(number),
            None => Port::Inherited,
        },
        word,
    })
}

#[cfg(test)]
mod tests {
    use super::{Port, addresses};
    use crate::argument::section::Section;

    #[test]
    fn ports_are_written_inherited_or_any() {
        let section = Section::parse("*:80 [::1] localhost:* *>");
        let addresses: Vec<_> = addresses(&section)
            .into_iter()
            .map(|it| (it.host, it.port))
            .collect();
        assert_eq!(
            addresses,
            [
                ("*".to_owned(), Port::Number(80)),
                ("::1".to_owned(), Port::Inherited),
                ("localhost".to_owned(), Port::Any),
                ("*".to_owned(), Port::Any),
            ]
        );
    }
}
