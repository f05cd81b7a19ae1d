//! Which directive has a language of its own, and what reads it.

use super::{
    Refusal, Surroundings, access, account, alias, allow_override, authnz_fcgi, autoindex, cache,
    cookies, digest, document_root, error, error_document, expires, expression, fcgid, filter,
    header, heartbeat, http2, keywords, ldap, listen, load_module, log_format, log_level, md,
    method, mutex, options, provider, proxy, redirect, request_timeout, require, require_refusals,
    rewrite, rewrite_map, sed, server_name, set_env_if, socache, ssl, substitute, suexec, then,
    vhost_alias, wsgi,
};

/// What httpd refuses in the argument text of a directive with this name.
pub(super) type Read = fn(&str, &str, &dyn Surroundings) -> Vec<Refusal>;

/// What reads the language of a directive; `None` where it has none, or one that many share.
pub(super) fn of(directive: &str) -> Option<Read> {
    let found = LANGUAGES.iter().find(|it| it.0.contains(&directive));
    found.map(|it| it.1)
}

/// By the names of the directives as httpd's command tables spell them, sections with their `<`.
const LANGUAGES: &[(&[&str], Read)] = &[
    (&["Action"], |_, text, _| one(alias::action(text))),
    (
        &["AddIcon", "AddIconByEncoding", "AddIconByType"],
        |_, text, _| one(autoindex::icon(text)),
    ),
    (&["AddOutputFilterByType"], |_, text, surroundings| {
        one(filter::by_type(text, surroundings))
    }),
    (&["Alias", "ScriptAlias"], |_, text, surroundings| {
        alias::refusals(text, surroundings)
    }),
    (&["allow", "deny"], |_, text, _| access::refusals(text)),
    (&["AllowCONNECT"], |_, text, _| {
        keywords::allow_connect(text)
    }),
    (&["AllowMethods"], |_, text, surroundings| {
        one(keywords::allow_methods(text, |it| {
            !method::is_unknown_method(it, surroundings)
        }))
    }),
    (&["AllowOverride"], |_, text, _| {
        allow_override::AllowOverride::parse(text).refusals()
    }),
    (&["AllowOverrideList"], |_, text, _| {
        allow_override::list(text)
    }),
    (
        &[
            "AuthBasicProvider",
            "AuthDigestProvider",
            "AuthFormProvider",
        ],
        provider::refusals,
    ),
    (&["AuthDigestNonceLifetime"], |_, text, _| {
        one(digest::nonce_lifetime(text))
    }),
    (&["AuthDigestShmemSize"], |_, text, _| {
        one(digest::shmem_size(text))
    }),
    (&["AuthLDAPBindPassword"], |_, text, surroundings| {
        one(ldap::bind_password(text, surroundings))
    }),
    (&["AuthLDAPURL"], |_, text, _| one(ldap::url(text))),
    (
        &[
            "AuthnCacheSOCache",
            "CacheSocache",
            "SSLSessionCache",
            "SSLStaplingCache",
        ],
        |directive, text, surroundings| one(socache::refusal(directive, text, surroundings)),
    ),
    (
        &["<AuthnProviderAlias", "<AuthzProviderAlias"],
        |directive, text, surroundings| one(provider::alias(directive, text, surroundings)),
    ),
    (&["AuthnzFcgiCheckAuthnProvider"], |_, text, _| {
        one(authnz_fcgi::check(text))
    }),
    (&["AuthnzFcgiDefineProvider"], |_, text, _| {
        one(authnz_fcgi::define(text))
    }),
    (&["BalancerMember"], |_, text, surroundings| {
        one(proxy::member::member(text, surroundings))
    }),
    (
        &["BrotliFilterNote", "DeflateFilterNote"],
        |directive, text, _| one(keywords::filter_note(directive, text)),
    ),
    (
        &[
            "BrowserMatch",
            "BrowserMatchNoCase",
            "SetEnvIf",
            "SetEnvIfNoCase",
        ],
        |directive, text, _| one(set_env_if::refusal(directive, text)),
    ),
    (
        &["CacheDirLength", "CacheDirLevels"],
        |directive, text, surroundings| one(cache::directories(directive, text, surroundings)),
    ),
    (&["CacheDisable"], |_, text, surroundings| {
        one(cache::disable(text, surroundings))
    }),
    (&["CacheEnable"], |_, text, surroundings| {
        one(cache::enable(text, surroundings))
    }),
    (&["CacheKeyBaseURL"], |_, text, _| {
        one(cache::key_base_url(text))
    }),
    (&["CookieDomain"], |_, text, _| {
        one(cookies::cookie_domain(text))
    }),
    (&["CookieExpires"], |_, text, _| {
        one(cookies::cookie_expires(text))
    }),
    (&["CustomLog", "GlobalLog"], |_, text, surroundings| {
        one(log_format::custom_log(text, surroundings))
    }),
    (&["DAV"], |_, text, surroundings| {
        one(ldap::dav(text, surroundings))
    }),
    (&["DBDriver"], |_, text, surroundings| {
        one(document_root::database_driver(text, surroundings))
    }),
    (&["DirectoryIndexRedirect"], |_, text, _| {
        one(alias::index_redirect(text))
    }),
    (&["DocumentRoot"], |_, text, surroundings| {
        one(document_root::refusal(text, surroundings))
    }),
    (&["Error"], |_, text, _| vec![error::refusal(text)]),
    (&["ErrorDocument"], |_, text, surroundings| {
        error_document::ErrorDocument::parse(text).refusals(surroundings)
    }),
    (&["ErrorLogFormat"], |_, text, _| {
        one(log_format::error_log_format(text))
    }),
    (&["ExpiresByType"], |_, text, _| one(expires::by_type(text))),
    (&["ExpiresDefault"], |_, text, _| {
        one(expires::default(text))
    }),
    (&["ExtFilterDefine"], |_, text, _| {
        one(filter::external(text))
    }),
    (
        &[
            "FastCgiAccessChecker",
            "FastCgiAuthenticator",
            "FastCgiAuthorizer",
            "FcgidAccessChecker",
            "FcgidAuthenticator",
            "FcgidAuthorizer",
        ],
        |directive, text, surroundings| one(fcgid::checker(directive, text, surroundings)),
    ),
    (&["FcgidCmdOptions"], |_, text, surroundings| {
        one(fcgid::command_options(text, surroundings))
    }),
    (&["FCGIWrapper", "FcgidWrapper"], |_, text, surroundings| {
        one(fcgid::wrapper(text, surroundings))
    }),
    (&["FileETag"], |_, text, _| one(keywords::file_etag(text))),
    (
        &["FilterProtocol", "FilterTrace"],
        |directive, text, surroundings| one(filter::declared(directive, text, surroundings)),
    ),
    (&["FilterProvider"], |directive, text, surroundings| {
        then(
            one(filter::provider(text, surroundings)),
            expression::directives::refusals(directive, text, surroundings),
        )
    }),
    (&["ForceLanguagePriority"], |_, text, _| {
        keywords::force_language_priority(text)
    }),
    (&["Group"], |_, text, surroundings| {
        account::group_refusals(text, surroundings)
    }),
    (&["H2EarlyHint"], |_, text, _| one(http2::early_hint(text))),
    (&["H2PushDiarySize"], |_, text, _| {
        one(http2::push_diary_size(text))
    }),
    (&["H2PushPriority"], |_, text, _| {
        one(http2::push_priority(text))
    }),
    (&["H2PushResource"], |_, text, _| {
        one(http2::push_resource(text))
    }),
    (
        &["Header", "RequestHeader"],
        |directive, text, surroundings| {
            one(header::Header::parse(directive, text).refusal(directive, text, surroundings))
        },
    ),
    (
        &["HeartbeatAddress", "HeartbeatListen"],
        |directive, text, surroundings| one(heartbeat::refusal(directive, text, surroundings)),
    ),
    (&["HttpProtocolOptions"], |_, text, _| {
        keywords::http_protocol_options(text)
    }),
    (&["IndexOptions"], |_, text, _| {
        one(autoindex::options(text))
    }),
    (&["InputSed", "OutputSed"], |_, text, _| {
        one(sed::refusal(text))
    }),
    (
        &["LDAPTrustedClientCert", "LDAPTrustedGlobalCert"],
        |directive, text, surroundings| one(ldap::certificate(directive, text, surroundings)),
    ),
    (&["Listen"], |_, text, surroundings| {
        one(listen::refusal(text, surroundings))
    }),
    (&["LoadModule"], |_, text, surroundings| {
        load_module::LoadModule::parse(text).refusals(surroundings)
    }),
    (&["LogFormat"], |_, text, surroundings| {
        one(log_format::log_format(text, surroundings))
    }),
    (&["LogLevel"], |_, text, surroundings| {
        log_level::refusals(text, surroundings)
    }),
    (&["LogMessage"], |_, text, surroundings| {
        expression::directives::log_message(text, surroundings)
    }),
    (
        &[
            "MDActivationDelay",
            "MDCheckInterval",
            "MDInitialDelay",
            "MDRenewWindow",
            "MDRetryDelay",
            "MDStaplingKeepResponse",
            "MDStoreLocks",
            "MDWarnWindow",
        ],
        |directive, text, _| one(md::time(directive, text)),
    ),
    (&["MDCertificateAuthority"], |_, text, _| {
        one(md::authority(text))
    }),
    (&["MDExternalAccountBinding"], |_, text, surroundings| {
        one(md::account_binding(text, surroundings))
    }),
    (&["MDHttpProxy"], |_, text, _| one(md::http_proxy(text))),
    (
        &["MDMember", "MDMembers"],
        |directive, text, surroundings| one(md::members(directive, text, surroundings)),
    ),
    (&["MDomain"], |_, text, _| one(md::domain(text))),
    (&["<MDomain", "<MDomainSet"], |_, text, _| {
        one(md::section(text))
    }),
    (&["MDPortMap"], |_, text, _| one(md::port_map(text))),
    (&["MDPrivateKeys"], |_, text, _| one(md::private_keys(text))),
    (&["MDStaplingRenewWindow"], |_, text, _| {
        one(md::stapling_renew_window(text))
    }),
    (&["MultiviewsMatch"], |_, text, _| {
        keywords::multiviews_match(text)
    }),
    (&["Mutex"], |_, text, surroundings| {
        mutex::Mutex::parse(text).refusals(surroundings)
    }),
    (&["Options"], |_, text, surroundings| {
        options::Options::parse(text).refusals(surroundings.permitted_options())
    }),
    (&["<Proxy", "<ProxyMatch"], |directive, text, _| {
        one(proxy::section::refusal(directive, text))
    }),
    (&["ProxyErrorOverride"], |_, text, _| {
        proxy::pass::error_override(text)
    }),
    (&["ProxyFCGISetEnvIf"], |_, text, surroundings| {
        expression::directives::proxy_fcgi_set_env_if(text, surroundings)
    }),
    (&["ProxyHCExpr"], |_, text, surroundings| {
        then(
            expression::directives::proxy_health_check(text, surroundings),
            one(proxy::section::health_check_expression(text)),
        )
    }),
    (&["ProxyHCTemplate"], |_, text, surroundings| {
        one(proxy::section::health_check_template(text, surroundings))
    }),
    (&["ProxyHTMLURLMap"], |_, text, surroundings| {
        one(expression::directives::proxy_html_url_map(
            text,
            surroundings,
        ))
    }),
    (
        &["ProxyPass", "ProxyPassMatch"],
        |directive, text, surroundings| one(proxy::pass::pass(directive, text, surroundings)),
    ),
    (&["ProxyPassReverse"], |_, text, surroundings| {
        one(proxy::pass::reverse(text, surroundings))
    }),
    (
        &["ProxyRemote", "ProxyRemoteMatch"],
        |directive, text, _| one(proxy::pass::remote(directive, text)),
    ),
    (&["ProxySet"], |_, text, surroundings| {
        one(proxy::member::proxy_set(text, surroundings))
    }),
    (&["ProxySourceAddress"], |_, text, _| {
        one(access::source_address(text))
    }),
    (
        &[
            "Redirect",
            "RedirectMatch",
            "RedirectPermanent",
            "RedirectTemp",
        ],
        |directive, text, surroundings| {
            let it = redirect::Redirect::parse(directive, text, surroundings);
            then(
                one(it.refusal(directive)),
                it.expression_refusals(text, surroundings),
            )
        },
    ),
    (&["RegexDefaultOptions"], |_, text, _| {
        one(keywords::regex_default_options(text))
    }),
    (
        &["RemoteIPInternalProxy", "RemoteIPTrustedProxy"],
        access::proxies,
    ),
    (
        &["RemoteIPInternalProxyList", "RemoteIPTrustedProxyList"],
        |directive, text, surroundings| one(access::proxy_list(directive, text, surroundings)),
    ),
    (&["RemoteIPProxyProtocolExceptions"], |_, text, _| {
        one(access::exceptions(text))
    }),
    (&["RequestReadTimeout"], |_, text, _| {
        one(request_timeout::refusal(text))
    }),
    (&["Require"], |_, text, surroundings| {
        require_refusals(text, surroundings)
    }),
    (
        &["<RequireAll", "<RequireAny", "<RequireNone"],
        |directive, text, _| one(require::container(directive, text)),
    ),
    (&["RewriteBase"], |_, text, surroundings| {
        one(rewrite::base(text, surroundings))
    }),
    (&["RewriteCond"], |_, text, surroundings| {
        one(rewrite::condition(text, surroundings))
    }),
    (&["RewriteMap"], |_, text, surroundings| {
        one(rewrite_map::refusal(text, surroundings))
    }),
    (&["RewriteOptions"], |_, text, _| rewrite::options(text)),
    (&["RewriteRule"], |_, text, _| one(rewrite::rule(text))),
    (&["Script"], |_, text, _| one(alias::script(text))),
    (&["ServerName"], |_, text, _| {
        server_name::ServerName::parse(text).refusals()
    }),
    (
        &[
            "SessionCookieName",
            "SessionCookieName2",
            "SessionDBDCookieName",
            "SessionDBDCookieName2",
        ],
        |directive, text, _| one(cookies::session_cookie(directive, text)),
    ),
    (&["SetEnvIfExpr"], |_, text, surroundings| {
        expression::directives::set_env_if(text, surroundings)
    }),
    (&["SetHandler"], |_, text, surroundings| {
        expression::directives::set_handler(text, surroundings)
    }),
    (
        &[
            "SSLCARevocationCheck",
            "SSLOCSPEnable",
            "SSLProxyCARevocationCheck",
        ],
        |directive, text, _| one(ssl::mode_and_flag(directive, text)),
    ),
    (
        &["SSLCipherSuite", "SSLProxyCipherSuite"],
        |directive, text, surroundings| one(ssl::cipher_suite(directive, text, surroundings)),
    ),
    (&["SSLCompression"], |_, text, _| {
        one(ssl::compression(text))
    }),
    (&["SSLCryptoDevice"], |_, text, _| {
        one(ssl::crypto_device(text))
    }),
    (&["SSLOCSPProxyURL"], |_, text, _| one(ssl::proxy_url(text))),
    (&["SSLOpenSSLConfCmd"], |_, text, surroundings| {
        one(ssl::openssl_command(text, surroundings))
    }),
    (&["SSLOptions"], |_, text, _| one(ssl::options(text))),
    (&["SSLPassPhraseDialog"], |_, text, surroundings| {
        one(ssl::pass_phrase_dialog(text, surroundings))
    }),
    (
        &["SSLProtocol", "SSLProxyProtocol"],
        |directive, text, _| one(ssl::protocol(directive, text)),
    ),
    (&["SSLRandomSeed"], |_, text, surroundings| {
        one(ssl::random_seed(text, surroundings))
    }),
    (&["SSLRequire"], |_, text, surroundings| {
        expression::directives::ssl_require(text, surroundings)
    }),
    (&["Substitute"], |_, text, _| one(substitute::refusal(text))),
    (&["SubstituteMaxLineLength"], |_, text, _| {
        one(substitute::max_line_length(text))
    }),
    (&["Suexec"], |_, text, surroundings| {
        one(suexec::switch(text, surroundings))
    }),
    (&["SuexecUserGroup"], |_, text, surroundings| {
        one(suexec::accounts(text, surroundings))
    }),
    (&["User"], |_, text, surroundings| {
        account::user_refusals(text, surroundings)
    }),
    (&["UserDir"], |_, text, _| one(alias::user_dir(text))),
    (
        &[
            "VirtualDocumentRoot",
            "VirtualDocumentRootIP",
            "VirtualScriptAlias",
            "VirtualScriptAliasIP",
        ],
        |_, text, _| one(vhost_alias::refusal(text)),
    ),
    (&["WSGIAcceptMutex"], |_, text, surroundings| {
        wsgi::accept_mutex::AcceptMutex::parse(text).refusals(surroundings)
    }),
    (&["WSGIDaemonProcess"], |_, text, surroundings| {
        wsgi::daemon_process::DaemonProcess::parse(text).refusals(surroundings)
    }),
    (&["<WSGIInterpreterOptions"], |_, text, _| {
        wsgi::interpreter_options::InterpreterOptions::parse(text).refusals()
    }),
    (&["WSGIPythonHashSeed"], |_, text, _| {
        wsgi::python::hash_seed(text)
    }),
    (&["WSGISlowRequests"], |_, text, _| {
        wsgi::python::slow_requests(text)
    }),
    (&["WSGISwitchInterval"], |_, text, _| {
        wsgi::python::switch_interval(text)
    }),
    (&["WSGITelemetryOptions"], |_, text, _| {
        wsgi::telemetry::options(text)
    }),
    (&["WSGITelemetryService"], |_, text, _| {
        wsgi::telemetry::service(text)
    }),
    (&["WSGITrustedProxies"], |_, text, _| {
        wsgi::trusted_proxies::TrustedProxies::parse(text).refusals()
    }),
];

pub(super) fn one(refusal: Option<Refusal>) -> Vec<Refusal> {
    refusal.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_directive_has_one_language() {
        let mut names: Vec<&str> = LANGUAGES.iter().flat_map(|it| it.0).copied().collect();
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all);
        assert!(of("RewriteRule").is_some() && of("KeepAlive").is_none());
    }
}
