//! Directives of mod_ssl with a language of their own.

use super::number::atoi;
use super::words::split;
use super::{Located, Refusal, Surroundings, uri};
use crate::world::Kind;

pub(super) const PROTOCOLS: &[&str] = &["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3", "all"];

pub(super) const OPTIONS: &[&str] = &[
    "StdEnvVars",
    "ExportCertData",
    "FakeBasicAuth",
    "StrictRequire",
    "OptRenegotiate",
    "LegacyDNStringFormat",
];

/// The commands of OpenSSL's configuration that name a file.
const FILE_COMMANDS: &[&str] = &[
    "Certificate",
    "ChainCAFile",
    "DHParameters",
    "PrivateKey",
    "RequestCAFile",
    "ServerInfoFile",
    "VerifyCAFile",
];

/// Its other commands.
const COMMANDS: &[&str] = &[
    "ChainCAPath",
    "Ciphersuites",
    "CipherString",
    "ClientCAFile",
    "ClientCAPath",
    "ClientSignatureAlgorithms",
    "Curves",
    "ECDHParameters",
    "Groups",
    "MaxProtocol",
    "MinProtocol",
    "NumTickets",
    "Options",
    "Protocol",
    "RecordPadding",
    "RequestCAPath",
    "SignatureAlgorithms",
    "VerifyCAPath",
    "VerifyMode",
];

fn is_any_of(words: &[&str], word: &str) -> bool {
    words.iter().any(|it| it.eq_ignore_ascii_case(word))
}

// The word without its sign, and whether that is a minus.
fn unsigned(word: &str) -> (&str, bool) {
    let name = word.strip_prefix(['+', '-']).unwrap_or(word);
    (name, word.starts_with('-'))
}

fn refused(word: &Located<String>, message: impl Into<String>) -> Option<Refusal> {
    Some(Refusal::new(word.range.clone(), message))
}

/// What httpd refuses in `SSLProtocol` and `SSLProxyProtocol`.
pub fn protocol(directive: &str, text: &str) -> Option<Refusal> {
    split(text).iter().find_map(|word| {
        let (name, is_taken_away) = unsigned(&word.value);
        let message = match name.to_ascii_lowercase().as_str() {
            "sslv2" if !is_taken_away => "SSLProtocol: SSLv2 is no longer supported".to_owned(),
            // As distributions build OpenSSL.
            "sslv3" if !is_taken_away => {
                "SSLv3 not supported by this version of OpenSSL".to_owned()
            }
            "sslv2" | "sslv3" => return None,
            _ if is_any_of(PROTOCOLS, name) => return None,
            _ => format!("{directive}: Illegal protocol '{name}'"),
        };
        refused(word, message)
    })
}

/// The words of `SSLProtocol` and `SSLProxyProtocol` without a sign that take away what those before
/// them set.
pub fn overriding_protocols(text: &str) -> Vec<Located<String>> {
    let mut set = Vec::new();
    let mut words = split(text);
    words.retain(|word| change_protocols(&mut set, &word.value));
    words
}

/// The protocols that `SSLProtocol` leaves, in small letters: the newest, and those below it down to
/// the first that is missing (`ssl_init_ctx_protocol`).
pub fn protocols(text: &str) -> Vec<&'static str> {
    let mut set = Vec::new();
    for word in split(text) {
        change_protocols(&mut set, &word.value);
    }
    let newest_first = ["tlsv1.3", "tlsv1.2", "tlsv1.1", "tlsv1"].into_iter();
    let is_set = |it: &&str| set.iter().any(|one| one == it);
    let from_newest = newest_first.skip_while(|it| !is_set(it));
    from_newest.take_while(is_set).collect()
}

// What a word makes of the protocols before it (`ssl_cmd_protocol_parse`); whether it takes any of
// them away although it has no sign.
fn change_protocols(set: &mut Vec<String>, word: &str) -> bool {
    let (name, is_taken_away) = unsigned(word);
    let name = name.to_ascii_lowercase();
    let is_meant = |it: &str| name == "all" || name == it;
    let meant = PROTOCOLS.iter().map(|it| it.to_ascii_lowercase());
    let meant = meant.filter(|it| it != "all" && is_meant(it));
    let is_overriding = name == word.to_ascii_lowercase() && !set.is_empty();
    if is_overriding {
        set.clear();
    }
    match is_taken_away {
        true => set.retain(|it| !is_meant(it)),
        false => set.extend(meant),
    }
    is_overriding
}

/// What httpd refuses in `SSLOptions`.
pub fn options(text: &str) -> Option<Refusal> {
    split(text).iter().find_map(|word| {
        let (name, _) = unsigned(&word.value);
        match is_any_of(OPTIONS, name) {
            true => None,
            false => refused(word, format!("SSLOptions: Illegal option '{name}'")),
        }
    })
}

/// What httpd refuses in `SSLCARevocationCheck`, `SSLProxyCARevocationCheck` and `SSLOCSPEnable`:
/// a mode, and a flag for each word behind it.
pub fn mode_and_flag(directive: &str, text: &str) -> Option<Refusal> {
    let (modes, flag): (&[&str], _) = match directive {
        "SSLOCSPEnable" => (&["on", "off", "leaf"], "no_ocsp_for_cert_ok"),
        _ => (&["chain", "leaf", "none"], "no_crl_for_cert_ok"),
    };
    let words = split(text);
    let message = |word: &str| format!("{directive}: Invalid argument '{word}'");
    let Some((mode, flags)) = words.split_first() else {
        return Some(Refusal::new(0..text.len(), message("")));
    };
    if !is_any_of(modes, &mode.value) {
        return refused(mode, message(&mode.value));
    }
    let wrong = flags
        .iter()
        .find(|it| !it.value.eq_ignore_ascii_case(flag))?;
    refused(wrong, message(&wrong.value))
}

/// What httpd refuses in `SSLCipherSuite` and `SSLProxyCipherSuite`; ciphers are not looked at.
pub fn cipher_suite(
    directive: &str,
    text: &str,
    surroundings: &dyn Surroundings,
) -> Option<Refusal> {
    let words = split(text);
    let protocol = words.first().filter(|_| words.len() > 1)?;
    match protocol.value.as_str() {
        "SSL" => None,
        "TLSv1.3" => {
            let in_section = surroundings.section_path().is_some();
            let message = "TLSv1.3 ciphers cannot be set inside a directory context";
            (in_section && directive == "SSLCipherSuite").then(|| refused(protocol, message))?
        }
        name => refused(protocol, format!("protocol '{name}' not supported")),
    }
}

/// What httpd refuses in `SSLRandomSeed`.
pub fn random_seed(text: &str, surroundings: &dyn Surroundings) -> Option<Refusal> {
    let words = split(text);
    let (context, source, size) = (words.first()?, words.get(1)?, words.get(2));
    if !is_any_of(&["startup", "connect"], &context.value) {
        let message = format!("SSLRandomSeed: invalid context: `{}'", context.value);
        return refused(context, message);
    }
    let text = source.value.as_str();
    let is_builtin = text.eq_ignore_ascii_case("builtin");
    if text.starts_with("egd:") {
        let message = format!(
            "Invalid SSLRandomSeed entropy source `{text}': This version of OpenSSL does not \
             support the Entropy Gathering Daemon (EGD)."
        );
        return refused(source, message);
    }
    let path = ["file:", "exec:"]
        .iter()
        .find_map(|it| text.strip_prefix(it))
        .unwrap_or(text);
    if !is_builtin && is_missing(path, surroundings) {
        let path = surroundings.resolve(path)?;
        let message = format!("SSLRandomSeed: source path '{path}' does not exist");
        return refused(source, message);
    }
    match size {
        Some(size) if is_builtin => refused(
            size,
            "SSLRandomSeed: byte specification not allowed for builtin seed source",
        ),
        Some(size) if atoi(&size.value) < 0 => {
            refused(size, "SSLRandomSeed: invalid number of bytes specified")
        }
        _ => None,
    }
}

fn is_missing(path: &str, surroundings: &dyn Surroundings) -> bool {
    matches!(surroundings.kind(path), Kind::Missing | Kind::NotADirectory)
}

/// What httpd refuses in `SSLPassPhraseDialog`.
pub fn pass_phrase_dialog(text: &str, surroundings: &dyn Surroundings) -> Option<Refusal> {
    let word = split(text).into_iter().next()?;
    let dialog = word.value.as_str();
    let is_pipe = dialog.len() > 1 && dialog.starts_with('|');
    if is_pipe || dialog.eq_ignore_ascii_case("builtin") {
        return None;
    }
    match dialog.strip_prefix("exec:").filter(|it| !it.is_empty()) {
        None => refused(&word, "SSLPassPhraseDialog: Invalid argument"),
        Some(path) if is_missing(path, surroundings) => {
            let path = surroundings.resolve(path)?;
            let message = format!("SSLPassPhraseDialog: file '{path}' does not exist");
            refused(&word, message)
        }
        Some(_) => None,
    }
}

/// What httpd refuses in `SSLCryptoDevice`, where OpenSSL has no engine of its own.
pub fn crypto_device(text: &str) -> Option<Refusal> {
    let word = split(text).into_iter().next()?;
    let is_known = word.value.eq_ignore_ascii_case("builtin") || word.value == "dynamic";
    let message = "SSLCryptoDevice: Invalid argument; must be one of: 'builtin' (none), \
         'dynamic' (Dynamic engine loading support)";
    (!is_known).then(|| Refusal::new(word.range, message))
}

/// What httpd refuses in `SSLCompression`: distributions build OpenSSL without it.
pub fn compression(text: &str) -> Option<Refusal> {
    let word = split(text).into_iter().next()?;
    let message = "This version of OpenSSL does not have any compression methods available, \
         cannot enable SSLCompression.";
    let is_on = word.value.eq_ignore_ascii_case("on");
    is_on.then(|| Refusal::new(word.range, message))
}

/// What httpd refuses in `SSLOCSPProxyURL`.
pub fn proxy_url(text: &str) -> Option<Refusal> {
    let word = split(text).into_iter().next()?;
    let message = format!("SSLOCSPProxyURL: Cannot parse URL {}", word.value);
    let is_wrong = uri::parse(&word.value).is_none();
    is_wrong.then(|| Refusal::new(word.range, message))
}

/// What httpd refuses in `SSLOpenSSLConfCmd`: a command that OpenSSL does not know, or a file that
/// is not there. Other values are not looked at.
pub fn openssl_command(text: &str, surroundings: &dyn Surroundings) -> Option<Refusal> {
    let words = split(text);
    let (command, value) = (words.first()?, words.get(1)?);
    if is_any_of(FILE_COMMANDS, &command.value) {
        let is_wrong = surroundings.has_content(&value.value) == Some(false);
        let path = surroundings.resolve(&value.value)?;
        let message = format!("SSLOpenSSLConfCmd: file '{path}' does not exist or is empty");
        return is_wrong.then(|| Refusal::new(value.range.clone(), message));
    }
    if is_any_of(COMMANDS, &command.value) {
        return None;
    }
    let message = format!("'{}': invalid OpenSSL configuration command", command.value);
    refused(command, message)
}
