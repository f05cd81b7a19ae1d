//! The arguments of directives: from a text to a typed value, and what httpd refuses in it.
//!
//! One module per argument language. Each reads the text behind a directive's name (after `${}`),
//! never fails, and keeps what it could not use, so that a value and its refusals come from the
//! same reading. This layer knows no directive table: whether a directive exists, stands in the
//! right place and has the right number of words (the `TAKE1` family) is decided elsewhere; a
//! handler that counts its own words (`RAW_ARGS`) counts them here.

pub mod access;
pub mod account;
pub mod address;
pub mod alias;
pub mod allow_override;
pub mod authnz_fcgi;
pub mod autoindex;
pub mod cache;
pub mod cas;
pub mod declared;
pub mod digest;
pub mod document_root;
pub mod duration;
pub mod error;
pub mod error_document;
pub mod expires;
pub mod expression;
pub mod fcgid;
pub mod file;
pub mod filter;
pub mod form;
pub mod header;
pub mod heartbeat;
pub mod http2;
pub mod jk;
pub mod keywords;
pub mod ldap;
pub mod listen;
pub mod load_module;
pub mod log_format;
pub mod log_level;
pub mod lua;
pub mod md;
pub mod mellon;
pub mod method;
pub mod mutex;
pub mod number;
pub mod offered;
pub mod openidc;
pub mod options;
pub mod passenger;
pub mod perl;
pub mod provider;
pub mod proxy;
pub mod qos;
pub mod redirect;
pub mod regex;
pub mod require;
pub mod rewrite;
pub mod rewrite_map;
pub mod rewrite_text;
pub mod section;
pub mod security;
pub mod sed;
pub mod server_name;
pub mod set_env_if;
pub mod socache;
pub mod ssl;
pub mod substitute;
pub mod substitution;
pub mod suexec;
pub mod surroundings;
pub mod svn;
mod third_party;
pub mod uri;
pub mod vhost_alias;
pub mod virtual_host;
pub mod words;
pub mod wsgi;

use std::ops::Range;

use crate::form::Forms;

pub use declared::{Declaration, Declared, Scope};
pub use surroundings::{Lookup, NothingKnown, Reach, Surroundings, Version};

/// A value, and the bytes of the argument text that it was read from.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    /// Where it stands in the argument text.
    pub range: Range<usize>,
}

impl<T> Located<T> {
    /// A value at a place.
    pub fn new(value: T, range: Range<usize>) -> Self {
        Self { value, range }
    }
}

/// How httpd says no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Manner {
    /// The directive's handler returns the message: httpd prints `AH00526`, the file and the
    /// line, and the message on a line of its own.
    Returned,
    /// The handler ends the process: httpd prints `NUMBER: PROGRAM: MESSAGE` and names no line.
    Exit {
        /// The log number, `AH00543` for example.
        number: &'static str,
    },
    /// The process ends in the middle of the handler: httpd prints the message and nothing else.
    Abort,
}

/// Something that httpd refuses in an argument text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Refusal {
    /// The bytes of the argument text that are to blame.
    pub range: Range<usize>,
    /// httpd's own message, before it is escaped for the error log.
    pub message: String,
    /// How httpd reports it.
    pub manner: Manner,
}

impl Refusal {
    /// A message that a handler returns.
    pub fn new(range: Range<usize>, message: impl Into<String>) -> Self {
        Self {
            range,
            message: message.into(),
            manner: Manner::Returned,
        }
    }

    /// A message with which the handler ends the process.
    pub fn exit(range: Range<usize>, number: &'static str, message: impl Into<String>) -> Self {
        Self {
            range,
            message: message.into(),
            manner: Manner::Exit { number },
        }
    }

    /// A message with which the process ends in the middle of the handler.
    pub fn abort(range: Range<usize>, message: impl Into<String>) -> Self {
        Self {
            range,
            message: message.into(),
            manner: Manner::Abort,
        }
    }

    /// The same with words before the message, where a handler returns it.
    #[must_use]
    pub fn after(self, words: &str) -> Self {
        match self.manner {
            Manner::Returned => Self {
                message: format!("{words}{}", self.message),
                ..self
            },
            Manner::Exit { .. } | Manner::Abort => self,
        }
    }
}

// Which provider it is comes before its expression, and that before where the line stands.
fn require_refusals(text: &str, surroundings: &dyn Surroundings) -> Vec<Refusal> {
    let own: Vec<Refusal> = require::Require::parse(text)
        .refusal(text, surroundings)
        .into_iter()
        .collect();
    let expressions = expression::require::refusals(text, surroundings);
    match own.first() {
        Some(it) if it.message.starts_with("negative Require") => then(expressions, own),
        _ => then(own, expressions),
    }
}

// A handler's own words come before the expressions in them.
fn then(own: Vec<Refusal>, expressions: Vec<Refusal>) -> Vec<Refusal> {
    own.into_iter().chain(expressions).collect()
}

/// What httpd refuses in the argument text of a directive, the message that it prints first.
///
/// `directive` is the name as httpd's command table spells it, a section's with its `<`. The
/// number of words must have been checked for directives that leave this to httpd. `forms` is what
/// the table says of the words of a directive that has no language of its own here.
pub fn refusals(
    directive: &str,
    forms: &Forms,
    text: &str,
    surroundings: &dyn Surroundings,
) -> Vec<Refusal> {
    let one = |it: Option<Refusal>| it.into_iter().collect();
    match directive {
        "AllowOverride" => allow_override::AllowOverride::parse(text).refusals(),
        "AllowOverrideList" => allow_override::list(text),
        "Error" => vec![error::refusal(text)],
        "ErrorDocument" => error_document::ErrorDocument::parse(text).refusals(surroundings),
        "Group" => account::group_refusals(text, surroundings),
        "Listen" => one(listen::refusal(text, surroundings)),
        "LoadModule" => load_module::LoadModule::parse(text).refusals(surroundings),
        "LogLevel" => log_level::refusals(text, surroundings),
        "Mutex" => mutex::Mutex::parse(text).refusals(surroundings),
        "Options" => options::Options::parse(text).refusals(surroundings.permitted_options()),
        "ProxyFCGISetEnvIf" => expression::directives::proxy_fcgi_set_env_if(text, surroundings),
        "SetHandler" => expression::directives::set_handler(text, surroundings),
        "SSLRequire" => expression::directives::ssl_require(text, surroundings),
        "ServerName" => server_name::ServerName::parse(text).refusals(),
        "BalancerMember" => one(proxy::member::member(text, surroundings)),
        "BrowserMatch" | "BrowserMatchNoCase" | "SetEnvIf" | "SetEnvIfNoCase" => {
            one(set_env_if::refusal(directive, text))
        }
        "SetEnvIfExpr" => expression::directives::set_env_if(text, surroundings),
        "CustomLog" | "GlobalLog" => one(log_format::custom_log(text, surroundings)),
        "ErrorLogFormat" => one(log_format::error_log_format(text)),
        "Header" | "RequestHeader" => {
            one(header::Header::parse(directive, text).refusal(directive, text, surroundings))
        }
        "LogFormat" => one(log_format::log_format(text, surroundings)),
        "ProxyErrorOverride" => proxy::pass::error_override(text),
        "ProxyHCExpr" => then(
            expression::directives::proxy_health_check(text, surroundings),
            one(proxy::section::health_check_expression(text)),
        ),
        "ProxyHCTemplate" => one(proxy::section::health_check_template(text, surroundings)),
        "ProxyPass" | "ProxyPassMatch" => one(proxy::pass::pass(directive, text, surroundings)),
        "ProxyPassReverse" => one(proxy::pass::reverse(text, surroundings)),
        "ProxyRemote" | "ProxyRemoteMatch" => one(proxy::pass::remote(directive, text)),
        "ProxySet" => one(proxy::member::proxy_set(text, surroundings)),
        "Redirect" | "RedirectMatch" | "RedirectPermanent" | "RedirectTemp" => {
            let it = redirect::Redirect::parse(directive, text, surroundings);
            then(
                one(it.refusal(directive)),
                it.expression_refusals(text, surroundings),
            )
        }
        "RewriteBase" => one(rewrite::base(text, surroundings)),
        "RewriteCond" => one(rewrite::condition(text, surroundings)),
        "RewriteMap" => one(rewrite_map::refusal(text, surroundings)),
        "RewriteOptions" => rewrite::options(text),
        "RewriteRule" => one(rewrite::rule(text)),
        "<Proxy" | "<ProxyMatch" => one(proxy::section::refusal(directive, text)),
        "AddIcon" | "AddIconByEncoding" | "AddIconByType" => one(autoindex::icon(text)),
        "allow" | "deny" => access::refusals(text),
        "AuthBasicProvider" | "AuthDigestProvider" | "AuthFormProvider" => {
            provider::refusals(directive, text, surroundings)
        }
        "AuthnCacheSOCache" | "CacheSocache" | "SSLSessionCache" | "SSLStaplingCache" => {
            one(socache::refusal(directive, text, surroundings))
        }
        "ExpiresByType" => one(expires::by_type(text)),
        "ExpiresDefault" => one(expires::default(text)),
        "IndexOptions" => one(autoindex::options(text)),
        "RemoteIPInternalProxy" | "RemoteIPTrustedProxy" => {
            access::proxies(directive, text, surroundings)
        }
        "RemoteIPInternalProxyList" | "RemoteIPTrustedProxyList" => {
            one(access::proxy_list(directive, text, surroundings))
        }
        "RemoteIPProxyProtocolExceptions" => one(access::exceptions(text)),
        "Require" => require_refusals(text, surroundings),
        "SSLCARevocationCheck" | "SSLOCSPEnable" | "SSLProxyCARevocationCheck" => {
            one(ssl::mode_and_flag(directive, text))
        }
        "SSLCipherSuite" | "SSLProxyCipherSuite" => {
            one(ssl::cipher_suite(directive, text, surroundings))
        }
        "SSLCompression" => one(ssl::compression(text)),
        "SSLCryptoDevice" => one(ssl::crypto_device(text)),
        "SSLOCSPProxyURL" => one(ssl::proxy_url(text)),
        "SSLOpenSSLConfCmd" => one(ssl::openssl_command(text, surroundings)),
        "SSLOptions" => one(ssl::options(text)),
        "SSLPassPhraseDialog" => one(ssl::pass_phrase_dialog(text, surroundings)),
        "SSLProtocol" | "SSLProxyProtocol" => one(ssl::protocol(directive, text)),
        "SSLRandomSeed" => one(ssl::random_seed(text, surroundings)),
        "Substitute" => one(substitute::refusal(text)),
        "Suexec" => one(suexec::switch(text, surroundings)),
        "SuexecUserGroup" => one(suexec::accounts(text, surroundings)),
        "SubstituteMaxLineLength" => one(substitute::max_line_length(text)),
        "<RequireAll" | "<RequireAny" | "<RequireNone" => one(require::container(directive, text)),
        "Action" => one(alias::action(text)),
        "AddOutputFilterByType" => one(filter::by_type(text, surroundings)),
        "Alias" | "ScriptAlias" => alias::refusals(text, surroundings),
        "AllowCONNECT" => keywords::allow_connect(text),
        "AllowMethods" => one(keywords::allow_methods(text, |it| {
            !method::is_unknown_method(it, surroundings)
        })),
        "AuthLDAPBindPassword" => one(ldap::bind_password(text, surroundings)),
        "AuthLDAPURL" => one(ldap::url(text)),
        "AuthnzFcgiCheckAuthnProvider" => one(authnz_fcgi::check(text)),
        "AuthnzFcgiDefineProvider" => one(authnz_fcgi::define(text)),
        "BrotliFilterNote" | "DeflateFilterNote" => one(keywords::filter_note(directive, text)),
        "CacheDirLength" | "CacheDirLevels" => {
            one(cache::directories(directive, text, surroundings))
        }
        "CacheDisable" => one(cache::disable(text, surroundings)),
        "CacheEnable" => one(cache::enable(text, surroundings)),
        "CacheKeyBaseURL" => one(cache::key_base_url(text)),
        "CookieDomain" => one(vhost_alias::cookie_domain(text)),
        "CookieExpires" => one(vhost_alias::cookie_expires(text)),
        "DAV" => one(ldap::dav(text, surroundings)),
        "DBDriver" => one(document_root::database_driver(text, surroundings)),
        "DirectoryIndexRedirect" => one(alias::index_redirect(text)),
        "DocumentRoot" => one(document_root::refusal(text, surroundings)),
        "ExtFilterDefine" => one(filter::external(text)),
        "FastCgiAccessChecker"
        | "FastCgiAuthenticator"
        | "FastCgiAuthorizer"
        | "FcgidAccessChecker"
        | "FcgidAuthenticator"
        | "FcgidAuthorizer" => one(fcgid::checker(directive, text, surroundings)),
        "FcgidCmdOptions" => one(fcgid::command_options(text, surroundings)),
        "FCGIWrapper" | "FcgidWrapper" => one(fcgid::wrapper(text, surroundings)),
        "FileETag" => one(keywords::file_etag(text)),
        "FilterProtocol" | "FilterTrace" => one(filter::declared(directive, text, surroundings)),
        "FilterProvider" => then(
            one(filter::provider(text, surroundings)),
            expression::directives::refusals(directive, text, surroundings),
        ),
        "ForceLanguagePriority" => keywords::force_language_priority(text),
        "H2EarlyHint" => one(http2::early_hint(text)),
        "H2PushDiarySize" => one(http2::push_diary_size(text)),
        "H2PushPriority" => one(http2::push_priority(text)),
        "H2PushResource" => one(http2::push_resource(text)),
        "HeartbeatAddress" | "HeartbeatListen" => {
            one(heartbeat::refusal(directive, text, surroundings))
        }
        "HttpProtocolOptions" => keywords::http_protocol_options(text),
        "LDAPTrustedClientCert" | "LDAPTrustedGlobalCert" => {
            one(ldap::certificate(directive, text, surroundings))
        }
        "LogMessage" => expression::directives::log_message(text, surroundings),
        "MDActivationDelay"
        | "MDCheckInterval"
        | "MDInitialDelay"
        | "MDRenewWindow"
        | "MDRetryDelay"
        | "MDStaplingKeepResponse"
        | "MDStoreLocks"
        | "MDWarnWindow" => one(md::time(directive, text)),
        "MDCertificateAuthority" => one(md::authority(text)),
        "MDExternalAccountBinding" => one(md::account_binding(text, surroundings)),
        "MDHttpProxy" => one(md::http_proxy(text)),
        "MDMember" | "MDMembers" => one(md::members(directive, text, surroundings)),
        "MDPortMap" => one(md::port_map(text)),
        "MDPrivateKeys" => one(md::private_keys(text)),
        "MDStaplingRenewWindow" => one(md::stapling_renew_window(text)),
        "MDomain" => one(md::domain(text)),
        "MultiviewsMatch" => keywords::multiviews_match(text),
        "ProxySourceAddress" => one(access::source_address(text)),
        "ProxyHTMLURLMap" => one(expression::directives::proxy_html_url_map(
            text,
            surroundings,
        )),
        "RegexDefaultOptions" => one(keywords::regex_default_options(text)),
        "RequestReadTimeout" => one(cache::request_read_timeout(text)),
        "Script" => one(alias::script(text)),
        "SessionCookieName"
        | "SessionCookieName2"
        | "SessionDBDCookieName"
        | "SessionDBDCookieName2" => one(vhost_alias::session_cookie(directive, text)),
        "UserDir" => one(alias::user_dir(text)),
        "VirtualDocumentRoot"
        | "VirtualDocumentRootIP"
        | "VirtualScriptAlias"
        | "VirtualScriptAliasIP" => one(vhost_alias::refusal(text)),
        "<AuthnProviderAlias" | "<AuthzProviderAlias" => {
            one(provider::alias(directive, text, surroundings))
        }
        "<MDomain" | "<MDomainSet" => one(md::section(text)),
        "AuthDigestNonceLifetime" => one(digest::nonce_lifetime(text)),
        "AuthDigestShmemSize" => one(digest::shmem_size(text)),
        "InputSed" | "OutputSed" => one(sed::refusal(text)),
        "User" => account::user_refusals(text, surroundings),
        "WSGIAcceptMutex" => wsgi::accept_mutex::AcceptMutex::parse(text).refusals(surroundings),
        "WSGIDaemonProcess" => {
            wsgi::daemon_process::DaemonProcess::parse(text).refusals(surroundings)
        }
        "WSGIPythonHashSeed" => wsgi::python::hash_seed(text),
        "WSGISlowRequests" => wsgi::python::slow_requests(text),
        "WSGISwitchInterval" => wsgi::python::switch_interval(text),
        "WSGITelemetryOptions" => wsgi::telemetry::options(text),
        "WSGITelemetryService" => wsgi::telemetry::service(text),
        "WSGITrustedProxies" => wsgi::trusted_proxies::TrustedProxies::parse(text).refusals(),
        "<WSGIInterpreterOptions" => {
            wsgi::interpreter_options::InterpreterOptions::parse(text).refusals()
        }
        _ if section::is_core(directive) => {
            section::Section::parse(text).refusals(directive, surroundings)
        }
        _ => match wsgi::script::Role::of(directive) {
            Some(role) => wsgi::script::Script::parse(role, text).refusals(surroundings),
            None => {
                let own = form::refusals(directive, forms, text, surroundings);
                let own = then(own, third_party::refusals(directive, text, surroundings));
                let expressions = expression::directives::refusals(directive, text, surroundings);
                then(own, expressions)
            }
        },
    }
}

/// What httpd refuses in the argument text of a section when it has read the section's body.
pub fn refusal_after_body(
    section: &str,
    text: &str,
    surroundings: &dyn Surroundings,
) -> Option<Refusal> {
    match section {
        "<RequireAll" | "<RequireAny" | "<RequireNone" => {
            require::container_after_body(section, text, surroundings)
        }
        "<AuthnProviderAlias" | "<AuthzProviderAlias" => {
            provider::alias_after_body(section, text, surroundings)
        }
        "<Proxy" | "<ProxyMatch" => proxy::section::refusal_after_body(section, text, surroundings),
        _ if section::is_core(section) => section::Section::parse(text)
            .refusal_after_body(section)
            .or_else(|| section::refused_order(section, text, surroundings)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;

    use super::{NothingKnown, refusal_after_body, refusals};
    use crate::httpd::Table;

    proptest! {
        #![proptest_config(ProptestConfig {
            cases: 1000,
            rng_seed: RngSeed::Fixed(1),
            ..ProptestConfig::default()
        })]

        #[test]
        fn every_text_is_read_and_every_refusal_lies_in_it(
            text in "([ab=:,/\"'\\\\ \té{}$%\\[\\]()*+?^|<>#0-9.-]|threads|user=|none|all|set |RSA|not |A|s/|http://|balancer://|unix:|expr |'a'|%\\{[a-z:]| [.=]= ){0,16}"
        ) {
            for directive in Table::builtin().directives() {
                let name = &directive.spelling;
                let late = refusal_after_body(name, &text, &NothingKnown);
                let refused = refusals(name, &directive.forms, &text, &NothingKnown);
                for refusal in refused.into_iter().chain(late) {
                    prop_assert!(text.get(refusal.range).is_some(), "{} {}", name, text);
                }
            }
        }
    }
}
