//! The name and the parameters of a balancer: `stickysession=id`.

use super::Parameter;
use crate::argument::Surroundings;
use crate::argument::number::atoi;

/// The methods, each with the module that brings it.
const METHODS: &[(&str, &str)] = &[
    ("byrequests", "mod_lbmethod_byrequests.c"),
    ("bytraffic", "mod_lbmethod_bytraffic.c"),
    ("bybusyness", "mod_lbmethod_bybusyness.c"),
    ("heartbeat", "mod_lbmethod_heartbeat.c"),
];

/// What httpd says of a text that names no balancer.
pub fn name_mistake(url: &str) -> Option<String> {
    let rest = url.split_once(':').map_or("", |it| it.1);
    let name = rest.strip_prefix("//").unwrap_or_default();
    let lower = url.to_ascii_lowercase();
    name.is_empty()
        .then(|| format!("Bad syntax for a balancer name ({lower})"))
}

/// What httpd says of a parameter that it refuses.
pub fn mistake(parameter: &Parameter, surroundings: &dyn Surroundings) -> Option<String> {
    let value = parameter.value.as_str();
    let is_switch = ["on", "off"]
        .iter()
        .any(|it| it.eq_ignore_ascii_case(value));
    let message = match parameter.key.to_ascii_lowercase().as_str() {
        "stickysession" => return None,
        "stickysessionsep" => (value.len() != 1 && !value.eq_ignore_ascii_case("off"))
            .then_some("stickysessionsep must be a single character or Off"),
        "nofailover" => (!is_switch).then_some("failover must be On|Off"),
        "timeout" => (atoi(value) < 1).then_some("timeout must be at least one second"),
        "maxattempts" => {
            (atoi(value) < 0).then_some("maximum number of attempts must be a positive number")
        }
        "lbmethod" => is_unknown_method(value, surroundings).then_some("unknown lbmethod"),
        "scolonpathdelim" => (!is_switch).then_some("scolonpathdelim must be On|Off"),
        "failonstatus" => {
            let mut codes = value.split([',', ' ']).filter(|it| !it.is_empty());
            codes
                .any(|it| !(100..600).contains(&atoi(it)))
                .then_some("failonstatus must be one or more HTTP response codes")
        }
        "failontimeout" => (!is_switch).then_some("failontimeout must be On|Off"),
        "nonce" => (value.len() >= 37 && !value.eq_ignore_ascii_case("None"))
            .then_some("Provided nonce is too large"),
        "growth" => {
            (!(1..=100).contains(&atoi(value))).then_some("growth must be between 1 and 100")
        }
        "forcerecovery" => (!is_switch).then_some("forcerecovery must be On|Off"),
        _ => Some("unknown Balancer parameter"),
    };
    message.map(str::to_owned)
}

fn is_unknown_method(name: &str, surroundings: &dyn Surroundings) -> bool {
    match METHODS.iter().find(|it| it.0 == name) {
        Some((_, module)) => surroundings.has_module(module) == Some(false),
        None => true,
    }
}
