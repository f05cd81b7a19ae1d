//! Directives of mod_auth_openidc with a language of their own, as its version 2.4.12 reads them.

use super::words::{split, until_empty};
use super::{Located, Refusal, Surroundings, file, uri};
use crate::world::Kind;

fn refused(word: &Located<String>, message: impl Into<String>) -> Option<Refusal> {
    Some(Refusal::new(word.range.clone(), message))
}

/// What httpd refuses in directives that take a URL.
pub fn url(directive: &str, text: &str) -> Option<Refusal> {
    let word = split(text).into_iter().next()?;
    let url = word.value.as_str();
    let may_be_path = matches!(directive, "OIDCDiscoverURL" | "OIDCRedirectURI");
    if may_be_path && url.starts_with('/') {
        return None;
    }
    let may_be_plain = may_be_path
        || matches!(
            directive,
            "OIDCDefaultLoggedOutURL"
                | "OIDCDefaultURL"
                | "OIDCOAuthServerMetadataURL"
                | "OIDCProviderCheckSessionIFrame"
                | "OIDCProviderEndSessionEndpoint"
                | "OIDCProviderMetadataURL"
        );
    let schemes = match may_be_plain {
        true => "\"https\" or \"http\"",
        false => "\"https\"",
    };
    let because = match uri::parse(url) {
        None => String::new(),
        Some(uri) => match uri.scheme {
            None => " (no scheme set)".to_owned(),
            Some("https") if uri.host.is_some() => return None,
            Some("http") if may_be_plain && uri.host.is_some() => return None,
            Some("https") => NO_HOST.to_owned(),
            Some("http") if may_be_plain => NO_HOST.to_owned(),
            Some(scheme) => {
                let message =
                    format!("'{url}' cannot be parsed as a {schemes} URL (scheme == {scheme})!");
                return refused(&word, message);
            }
        },
    };
    let what = if because == NO_HOST {
        "valid URL"
    } else {
        "URL"
    };
    refused(
        &word,
        format!("'{url}' cannot be parsed as a {what}{because}"),
    )
}

const NO_HOST: &str = " (no hostname set, check your slashes)";

/// What httpd refuses in `OIDCCacheDir` and `OIDCMetadataDir`.
pub fn directory(text: &str, surroundings: &dyn Surroundings) -> Option<Refusal> {
    let word = split(text).into_iter().next()?;
    let path = word.value.as_str();
    let reason = match file::reason_where_started(path, surroundings) {
        Some(reason) => reason,
        None if path.starts_with('/') && surroundings.kind(path) == Kind::File => "Not a directory",
        None => return None,
    };
    refused(
        &word,
        format!("cannot access directory '{path}' ({reason})"),
    )
}

/// What httpd refuses in directives that name files with keys, `[ID#]FILE…`; what is in them is
/// not looked at.
pub fn keys(directive: &str, text: &str, surroundings: &dyn Surroundings) -> Vec<Refusal> {
    let what = match directive {
        "OIDCPrivateKeyFiles" => "private",
        _ => "public",
    };
    let missing = |word: Located<String>| {
        let (id, path) = match word.value.split_once('#') {
            Some((id, path)) => (id, path),
            None => ("(null)", word.value.as_str()),
        };
        if surroundings.kind(path) != Kind::Missing {
            return None;
        }
        let path = surroundings.resolve(path)?;
        let message = format!(
            "oidc_jwk_parse_rsa_{what}_key failed for (kid={id}) \"{path}\": [src/jose.c:1345: \
             oidc_jwk_parse_rsa_key]: BIO_read_filename() failed: error:80000002:system \
             library::No such file or directory"
        );
        refused(&word, message)
    };
    until_empty(text).into_iter().filter_map(missing).collect()
}

/// The ways in which `OIDCOAuthAcceptTokenAs` takes a token.
const TOKEN_WAYS: &[&str] = &["header", "post", "query", "cookie", "basic"];

/// What httpd refuses in `OIDCOAuthAcceptTokenAs WAY[:OPTION]…`.
pub fn accept_token_as(text: &str) -> Vec<Refusal> {
    let mistake = |word: Located<String>| {
        let way = word.value.split(':').next()?;
        let message = format!(
            "Invalid value for directive 'OIDCOAuthAcceptTokenAs': invalid value '{way}', must be \
             one of ['{}']",
            TOKEN_WAYS.join("'|'")
        );
        (!TOKEN_WAYS.contains(&way)).then(|| refused(&word, message))?
    };
    until_empty(text).into_iter().filter_map(mistake).collect()
}

/// What httpd refuses in `OIDCResponseType`: some words out of three, in any order.
pub fn response_type(text: &str) -> Option<Refusal> {
    let word = split(text).into_iter().next()?;
    let types: Vec<&str> = word.value.split(' ').filter(|it| !it.is_empty()).collect();
    let is_known = |it: &&str| ["code", "id_token", "token"].contains(it);
    let is_right = types.iter().all(is_known) && types.iter().any(|it| *it != "token");
    let message = "Invalid value for directive 'OIDCResponseType': oidc_valid_response_type: type \
         must be one of code|id_token|id_token token|code id_token|code token|code id_token token";
    (!is_right).then(|| refused(&word, message))?
}

/// What httpd refuses in `OIDCUnAutzAction ACTION [URL]`, actions apart.
pub fn unauthorized_action(text: &str) -> Option<Refusal> {
    let words = split(text);
    let action = words.first()?;
    let lacks_url = action.value == "302" && words.get(1).is_none_or(|it| it.value.is_empty());
    let message = "the (2nd) URL argument to OIDCUnAutzAction must be set";
    lacks_url.then(|| refused(action, message))?
}
