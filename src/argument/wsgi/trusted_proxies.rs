//! `WSGITrustedProxies [ADDRESS]…`: addresses, `ADDRESS/BITS` or `ADDRESS/MASK`.

use crate::argument::address;
use crate::argument::words::split;
use crate::argument::{Located, Refusal};

/// A `WSGITrustedProxies` directive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustedProxies {
    /// The addresses as written.
    pub addresses: Vec<Located<String>>,
}

impl TrustedProxies {
    /// Reads the argument text of `WSGITrustedProxies`.
    pub fn parse(text: &str) -> Self {
        Self {
            addresses: split(text),
        }
    }

    /// What mod_wsgi refuses, the message that httpd prints first.
    pub fn refusals(&self) -> Vec<Refusal> {
        self.addresses.iter().filter_map(refused).collect()
    }
}

fn refused(address: &Located<String>) -> Option<Refusal> {
    let text = &address.value;
    let mut message = format!("Unable to parse trusted proxy IP address/subnet of \"{text}\".");
    if looks_like_address(text) {
        let (ip, mask) = match text.split_once('/') {
            Some((ip, mask)) => (ip, Some(mask)),
            None => (text.as_str(), None),
        };
        let mistake = address::subnet_mistake(ip, mask)?;
        message.push(' ');
        message += mistake;
    }
    Some(Refusal::new(address.range.clone(), message))
}

// mod_wsgi knows small hexadecimal digits only, and no dots in an IPv6 address.
fn looks_like_address(text: &str) -> bool {
    let allowed = if text.contains(':') {
        "0123456789abcdef:/"
    } else {
        "0123456789./"
    };
    !text.is_empty() && text.chars().all(|it| allowed.contains(it))
}
