//! The languages of modules that do not come with httpd.

use super::languages::one;
use super::{Refusal, Surroundings, cas, jk, mellon, openidc, passenger, perl, qos, security, svn};

/// What httpd refuses in a directive of such a module that has a language of its own, the message
/// that it prints first; nothing for any other directive.
pub(super) fn refusals(
    directive: &str,
    text: &str,
    surroundings: &dyn Surroundings,
) -> Vec<Refusal> {
    match directive {
        "CASCertificatePath" => one(cas::certificate_path(text, surroundings)),
        "CASCookiePath" => one(cas::cookie_path(text, surroundings)),
        "CASLoginURL" | "CASProxyValidateURL" | "CASRootProxiedAs" | "CASValidateURL" => {
            one(cas::url(directive, text))
        }
        "JkMount" | "JkUnMount" => one(jk::mount(directive, text, surroundings)),
        "JkOptions" => jk::options(text),
        "MellonCond" => one(mellon::condition(text)),
        "MellonIdPIgnore" | "MellonRedirectDomains" => one(mellon::list(directive, text)),
        "MellonIdPMetadataFile" => one(mellon::metadata(text, surroundings)),
        "MellonIdPCAFile"
        | "MellonIdPPublicKeyFile"
        | "MellonSPCertFile"
        | "MellonSPMetadataFile"
        | "MellonSPPrivateKeyFile" => one(mellon::file(directive, text, surroundings)),
        "MellonMergeEnvVars" => one(mellon::merge(text)),
        "MellonRequire" => one(mellon::require(text)),
        "OIDCCacheDir" | "OIDCMetadataDir" => one(openidc::directory(text, surroundings)),
        "OIDCClientJwksUri"
        | "OIDCDefaultLoggedOutURL"
        | "OIDCDefaultURL"
        | "OIDCDiscoverURL"
        | "OIDCOAuthIntrospectionEndpoint"
        | "OIDCOAuthServerMetadataURL"
        | "OIDCOAuthVerifyJwksUri"
        | "OIDCProviderAuthorizationEndpoint"
        | "OIDCProviderCheckSessionIFrame"
        | "OIDCProviderEndSessionEndpoint"
        | "OIDCProviderJwksUri"
        | "OIDCProviderMetadataURL"
        | "OIDCProviderRevocationEndpoint"
        | "OIDCProviderTokenEndpoint"
        | "OIDCProviderUserInfoEndpoint"
        | "OIDCRedirectURI" => one(openidc::url(directive, text)),
        "OIDCOAuthAcceptTokenAs" => openidc::accept_token_as(text),
        "OIDCOAuthVerifyCertFiles"
        | "OIDCPrivateKeyFiles"
        | "OIDCProviderVerifyCertFiles"
        | "OIDCPublicKeyFiles" => openidc::keys(directive, text, surroundings),
        "OIDCResponseType" => one(openidc::response_type(text)),
        "OIDCUnAutzAction" => one(openidc::unauthorized_action(text)),
        "PassengerBaseURI" | "RackBaseURI" | "RailsBaseURI" => one(passenger::base_uri(text)),
        "PerlOptions" => perl::options(text, surroundings),
        "SVNMasterURI" => one(svn::master_uri(text, surroundings)),
        "SVNMasterVersion" => one(svn::master_version(text)),
        "SVNSpecialURI" => one(svn::special_uri(text)),
        _ if directive.starts_with("QS_") => one(quality(directive, text, surroundings)),
        _ if directive.starts_with("Sec") => one(rules(directive, text, surroundings)),
        _ => Vec::new(),
    }
}

// mod_qos
fn quality(directive: &str, text: &str, surroundings: &dyn Surroundings) -> Option<Refusal> {
    match directive {
        "QS_ClientContentTypes" => qos::content_types(text),
        "QS_ClientGeoCountryPriv" => qos::country_privilege(text),
        "QS_ClientPrefer" => qos::prefer(text),
        "QS_CondClientEventLimitCount" | "QS_CondEventLimitCount" => {
            qos::conditional_count(directive, text)
        }
        "QS_CondLocRequestLimitMatch"
        | "QS_EventKBytesPerSecLimit"
        | "QS_EventPerSecLimit"
        | "QS_EventRequestLimit"
        | "QS_LocKBytesPerSecLimit"
        | "QS_LocKBytesPerSecLimitMatch"
        | "QS_LocRequestLimit"
        | "QS_LocRequestLimitMatch"
        | "QS_LocRequestPerSecLimit"
        | "QS_LocRequestPerSecLimitMatch" => qos::limit(directive, text),
        "QS_DenyEvent" | "QS_DenyPath" | "QS_DenyQuery" | "QS_DenyRequestLine" | "QS_PermitUri" => {
            qos::rule(directive, text)
        }
        "QS_ErrorPage" => qos::error_page(text),
        "QS_ErrorResponseCode" => qos::response_code(text),
        "QS_MileStone" => qos::mile_stone(text),
        "QS_RequestHeaderFilterRule" => qos::header_rule(text),
        "QS_SemMemFile" => qos::memory_file(text, surroundings),
        "QS_SetEnv" => qos::set_env(text),
        "QS_SetEnvIf" => qos::set_env_if(text),
        "QS_SetEnvIfCmp" => qos::set_env_if_compared(text),
        "QS_SetEnvIfStatus" | "QS_SetEnvStatus" => {
            qos::set_env_if_status(directive, text, surroundings)
        }
        "QS_SetReqHeader" => qos::set_request_header(text),
        "QS_SrvMaxConnClose" => qos::closing(text),
        "QS_SrvMinDataRate" => qos::data_rate(text),
        "QS_SrvMinDataRateOffEvent" => qos::signed_event(text),
        "QS_UserTrackingCookieName" => qos::tracking_cookie(text),
        "QS_VipHeaderName" | "QS_VipIPHeaderName" => qos::vip_header(directive, text),
        _ => None,
    }
}

// ModSecurity
fn rules(directive: &str, text: &str, surroundings: &dyn Surroundings) -> Option<Refusal> {
    match directive {
        "SecAction" => security::action(text, surroundings),
        "SecCacheTransformations" => security::cache_transformations(text),
        "SecChrootDir" => security::chroot(text, surroundings),
        "SecConnReadStateLimit"
        | "SecConnWriteStateLimit"
        | "SecReadStateLimit"
        | "SecWriteStateLimit" => security::connection_limit(directive, text, surroundings),
        "SecDefaultAction" => security::default_action(text, surroundings),
        "SecGeoLookupDB" | "SecGsbLookupDB" | "SecRuleScript" => {
            security::data_file(directive, text, surroundings)
        }
        "SecUnicodeMapFile" => security::unicode_map(text, surroundings),
        "SecGuardianLog" => security::guardian_log(text, surroundings),
        "SecHashMethodRx" => security::hash_method(text),
        "SecMarker" => security::marker(text, surroundings),
        "SecRemoteRules" => security::remote_rules(text),
        "SecRule" => security::rule(text, surroundings),
        "SecRuleUpdateActionById" => security::update_action(text),
        _ => None,
    }
}
