//! Directives that httpd refuses because of what an earlier one says.

use rustc_hash::FxHashMap;

use super::server::turn_of;
use super::{Checker, Found, refusal, scope};
use crate::argument::words::split;
use crate::argument::{Located, Scope};
use crate::evaluate::{Placed, PlacedId};

/// What of a directive stands against others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Claim {
    /// That it is there: by its name.
    Itself,
    /// Its first word.
    FirstWord,
    /// Its third word, or what stands for it where there is none.
    ThirdWord { or: &'static str },
    /// Each of its words.
    Words,
}

/// What cannot stand together.
struct Rivalry {
    directives: &'static [&'static str],
    scope: Scope,
    claim: Claim,
    /// The earlier claim, the later one and what httpd prints.
    pairs: &'static [(&'static str, &'static str, &'static str)],
    /// What httpd prints where a claim is made twice; `{claim}` stands for the later one,
    /// `{directive}` for who makes it.
    twice: Option<&'static str>,
    /// How many claims there may be, and what httpd prints of one more.
    most: Option<(usize, &'static str)>,
}

const RIVALRIES: &[Rivalry] = &[
    Rivalry {
        directives: &["AuthLDAPGroupAttribute"],
        scope: Scope::Section,
        claim: Claim::Words,
        pairs: &[],
        twice: None,
        most: Some((11, "Too many AuthLDAPGroupAttribute directives")),
    },
    Rivalry {
        directives: &["AuthLDAPSubGroupAttribute"],
        scope: Scope::Section,
        claim: Claim::Words,
        pairs: &[],
        twice: None,
        most: Some((10, "Too many AuthLDAPSubGroupAttribute values")),
    },
    Rivalry {
        directives: &["AuthLDAPSubGroupClass"],
        scope: Scope::Section,
        claim: Claim::Words,
        pairs: &[],
        twice: None,
        most: Some((11, "Too many AuthLDAPSubGroupClass values")),
    },
    Rivalry {
        directives: &["AuthzSVNAccessFile", "AuthzSVNReposRelativeAccessFile"],
        scope: Scope::Section,
        claim: Claim::Itself,
        pairs: &[
            (
                "AuthzSVNAccessFile",
                "AuthzSVNReposRelativeAccessFile",
                SVN_ACCESS,
            ),
            (
                "AuthzSVNReposRelativeAccessFile",
                "AuthzSVNAccessFile",
                SVN_ACCESS,
            ),
        ],
        twice: None,
        most: None,
    },
    Rivalry {
        directives: &["ExtFilterDefine"],
        scope: Scope::Server,
        claim: Claim::FirstWord,
        pairs: &[],
        twice: Some("ExtFilter {claim} is already defined"),
        most: None,
    },
    Rivalry {
        directives: &["ForceLanguagePriority"],
        scope: Scope::Section,
        claim: Claim::Words,
        pairs: &[
            (
                "none",
                "prefer",
                "Cannot combine ForceLanguagePriority options None and Prefer",
            ),
            (
                "none",
                "fallback",
                "Cannot combine ForceLanguagePriority options None and Fallback",
            ),
            (
                "prefer",
                "none",
                "Cannot combine ForceLanguagePriority options with None",
            ),
            (
                "fallback",
                "none",
                "Cannot combine ForceLanguagePriority options with None",
            ),
        ],
        twice: None,
        most: None,
    },
    Rivalry {
        directives: &["HeartbeatAddress", "HeartbeatListen"],
        scope: Scope::Server,
        claim: Claim::Itself,
        pairs: &[],
        twice: Some("{claim}: May only be specified once."),
        most: None,
    },
    Rivalry {
        directives: &["HttpProtocolOptions"],
        scope: Scope::Server,
        claim: Claim::Words,
        pairs: &[
            ("strict", "unsafe", STRICT_AND_UNSAFE),
            ("unsafe", "strict", STRICT_AND_UNSAFE),
            ("allow0.9", "require1.0", OLDEST_AND_NEWER),
            ("require1.0", "allow0.9", OLDEST_AND_NEWER),
            ("registeredmethods", "lenientmethods", METHODS),
            ("lenientmethods", "registeredmethods", METHODS),
        ],
        twice: None,
        most: None,
    },
    Rivalry {
        directives: &["JkWorkersFile"],
        scope: Scope::Everywhere,
        claim: Claim::Itself,
        pairs: &[],
        twice: Some("{claim} only allowed once"),
        most: None,
    },
    Rivalry {
        directives: &["MultiviewsMatch"],
        scope: Scope::Section,
        claim: Claim::Words,
        pairs: &[
            ("any", "negotiatedonly", NEGOTIATED_ONLY),
            ("filters", "negotiatedonly", NEGOTIATED_ONLY),
            ("handlers", "negotiatedonly", NEGOTIATED_ONLY),
            ("negotiatedonly", "any", ANY),
            ("filters", "any", ANY),
            ("handlers", "any", ANY),
            ("any", "filters", FILTERS),
            ("negotiatedonly", "filters", FILTERS),
            ("any", "handlers", HANDLERS),
            ("negotiatedonly", "handlers", HANDLERS),
        ],
        twice: None,
        most: None,
    },
    Rivalry {
        directives: &["PHPINIDir"],
        scope: Scope::Everywhere,
        claim: Claim::Itself,
        pairs: &[],
        twice: Some(
            "Only first {claim} directive honored per configuration tree - subsequent ones ignored",
        ),
        most: None,
    },
    Rivalry {
        directives: &["QS_ClientEventLimitCount", "QS_CondClientEventLimitCount"],
        scope: Scope::Everywhere,
        claim: Claim::ThirdWord { or: "QS_Limit" },
        pairs: &[],
        twice: Some(
            "{directive}: variable {claim} has already been used by another \
             QS_[Cond]ClientEventLimitCount directive",
        ),
        most: None,
    },
    Rivalry {
        directives: &["QS_SrvMinDataRate", "QS_SrvRequestRate"],
        scope: Scope::Everywhere,
        claim: Claim::Itself,
        pairs: &[
            ("QS_SrvMinDataRate", "QS_SrvMinDataRate", NO_REQUEST_RATE),
            ("QS_SrvMinDataRate", "QS_SrvRequestRate", NO_DATA_RATE),
            ("QS_SrvRequestRate", "QS_SrvMinDataRate", NO_REQUEST_RATE),
            ("QS_SrvRequestRate", "QS_SrvRequestRate", NO_DATA_RATE),
        ],
        twice: None,
        most: None,
    },
    Rivalry {
        directives: &["SVNParentPath", "SVNPath"],
        scope: Scope::Section,
        claim: Claim::Itself,
        pairs: &[
            (
                "SVNPath",
                "SVNParentPath",
                "SVNParentPath cannot be defined at same time as SVNPath.",
            ),
            (
                "SVNParentPath",
                "SVNPath",
                "SVNPath cannot be defined at same time as SVNParentPath.",
            ),
        ],
        twice: None,
        most: None,
    },
];

const SVN_ACCESS: &str =
    "AuthzSVNAccessFile and AuthzSVNReposRelativeAccessFile directives are mutually exclusive.";
const NO_DATA_RATE: &str =
    "QS_SrvRequestRate: directive can't be used together with QS_SrvMinDataRate";
const NO_REQUEST_RATE: &str =
    "QS_SrvMinDataRate: directive can't be used together with QS_SrvRequestRate";
const STRICT_AND_UNSAFE: &str = "HttpProtocolOptions 'Strict' and 'Unsafe' are mutually exclusive";
const OLDEST_AND_NEWER: &str =
    "HttpProtocolOptions 'Allow0.9' and 'Require1.0' are mutually exclusive";
const METHODS: &str =
    "HttpProtocolOptions 'RegisteredMethods' and 'LenientMethods' are mutually exclusive";
const NEGOTIATED_ONLY: &str = "NegotiatedOnly is incompatible with Any, Filters and Handlers";
const ANY: &str = "Any is incompatible with NegotiatedOnly, Filters and Handlers";
const FILTERS: &str = "Filters is incompatible with Any and NegotiatedOnly";
const HANDLERS: &str = "Handlers is incompatible with Any and NegotiatedOnly";

// A claim, and who makes it.
type Claimed = (String, PlacedId);

/// Whether a directive may be refused because of an earlier one, or the other way round.
pub(super) fn is_landmark(directive: &str) -> bool {
    rivalry(directive).is_some()
}

fn rivalry(directive: &str) -> Option<&'static Rivalry> {
    let mut rivalries = RIVALRIES.iter();
    rivalries.find(|it| it.directives.contains(&directive))
}

/// Goes through such directives in reading order.
pub(super) fn check(checker: &Checker<'_>, directives: &[PlacedId]) -> Vec<Found> {
    let table = checker.inputs.table;
    let mut earlier: FxHashMap<(&str, Option<PlacedId>), Vec<Claimed>> = FxHashMap::default();
    let mut found = Vec::new();
    for id in directives {
        let placed = checker.config.placed(*id);
        let Some(name) = placed.node.name.filter(|_| !is_uncertain(&placed)) else {
            continue;
        };
        let spelling = table.spelling(name);
        let mut definitions = table.definitions(name);
        let is_there = definitions.any(|it| checker.modules.has(it.module).is_true());
        let Some(rivalry) = rivalry(spelling).filter(|_| is_there) else {
            continue;
        };
        let key = (
            rivalry.directives[0],
            scope::around(checker, &placed, rivalry.scope),
        );
        let others = earlier.entry(key).or_default();
        let line = placed.line();
        let claims = rivalry.claims(spelling, line.arguments());
        let refused = claims.iter().enumerate().find_map(|(position, claim)| {
            if let Some(message) = rivalry.refuses_more(others.len() + position) {
                return Some((claim, others.last().map_or(*id, |it| it.1), message));
            }
            let mut others = others.iter();
            others
                .find_map(|it| Some((claim, it.1, rivalry.mistake(spelling, &it.0, &claim.value)?)))
        });
        let Some((claim, other, httpd)) = refused else {
            others.extend(claims.into_iter().map(|it| (it.value, *id)));
            continue;
        };
        let span = match rivalry.claim {
            Claim::Itself => line.name_span(),
            _ => line.argument_span(claim.range.clone()),
        };
        let message = match rivalry.most {
            Some((most, _)) => format!("`{spelling}` takes no more than {most} words in all"),
            None => format!("`{spelling}` cannot follow what is said above"),
        };
        let mut finding = refusal("invalid-argument", &placed, span, message, &httpd);
        if other != *id {
            let other = checker.config.placed(other);
            finding.secondary(other.line().span(), "said here");
        }
        found.push((turn_of(*id), finding));
    }
    found
}

impl Rivalry {
    fn claims(&self, spelling: &str, text: &str) -> Vec<Located<String>> {
        let words = || split(text).into_iter();
        match self.claim {
            Claim::Itself => vec![Located::new(spelling.to_owned(), 0..0)],
            Claim::FirstWord => words().take(1).collect(),
            Claim::ThirdWord { or } => {
                let third = words().nth(2).filter(|it| !it.value.is_empty());
                vec![third.unwrap_or_else(|| Located::new(or.to_owned(), 0..text.len()))]
            }
            Claim::Words => words().collect(),
        }
    }

    // What httpd says of a claim behind so many.
    fn refuses_more(&self, earlier: usize) -> Option<String> {
        let (most, message) = self.most?;
        (earlier >= most).then(|| message.to_owned())
    }

    // What httpd says of the claim of a directive behind another.
    fn mistake(&self, directive: &str, earlier: &str, later: &str) -> Option<String> {
        if let Some(twice) = self.twice.filter(|_| earlier.eq_ignore_ascii_case(later)) {
            let twice = twice.replace("{claim}", later);
            return Some(twice.replace("{directive}", directive));
        }
        let is = |one: &str, two: &str| one.eq_ignore_ascii_case(two);
        let mut pairs = self.pairs.iter();
        let pair = pairs.find(|it| is(it.0, earlier) && is(it.1, later))?;
        Some(pair.2.to_owned())
    }
}

fn is_uncertain(placed: &Placed<'_>) -> bool {
    let mut around = std::iter::successors(Some(*placed), Placed::container);
    around.any(|it| it.node.uncertain)
}
