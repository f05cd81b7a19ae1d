//! Whether a request is let in.

use super::authorization::Verdict;
use super::credentials::Identity;
use super::pass::{End, Pass};
use crate::evaluate::{Placed, Truth};
use crate::model::layers::words_of;
use crate::model::scope::{About, Body, Entry};
use crate::model::{Doubt, Known};

/// Whether a client is let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// It is.
    Granted,
    /// It is not.
    Denied,
    /// It is asked who it is.
    NeedsAuthentication,
}

/// Whether a client is let in, and why.
#[derive(Debug, Clone)]
pub struct Access<'a> {
    /// Whether it is.
    pub decision: Known<Decision>,
    /// The lines that decide, in the order in which they are merged.
    pub because: Vec<Placed<'a>>,
}

/// The directives that decide.
const DECIDING: [&str; 6] = ["Order", "Allow", "Deny", "Satisfy", "AuthType", "Require"];

const NEITHER: &str = "AH01630: client denied by server configuration";

impl<'a> Pass<'a> {
    /// Decides, and remembers by what.
    pub(super) fn ask_for_access(&mut self) -> Known<Option<End>> {
        let end = self.admit();
        let decision = match &end {
            Ok(None) => Ok(Decision::Granted),
            Ok(Some(End::Answered { status: 401, .. })) => Ok(Decision::NeedsAuthentication),
            Ok(Some(_)) => Ok(Decision::Denied),
            Err(doubt) => Err(doubt.clone()),
        };
        let because = self.deciding_lines();
        let refused = match decision {
            Ok(Decision::Denied) => Some("access is denied"),
            Ok(Decision::NeedsAuthentication) => Some("the client has to say who it is"),
            _ => None,
        };
        if let Some(what) = refused {
            self.explain(what.to_owned(), because.last().copied());
        }
        self.access = Some(Access { decision, because });
        end
    }

    /// Whether the client was let in already, by the same sections
    /// (`ap_process_request_internal`). Where a module has a hook of httpd 2.2, all sections have to
    /// be looked for at the same place, too.
    pub(super) fn is_admitted(&self) -> bool {
        let own = self.admission();
        let Some(before) = self.admitted.as_ref() else {
            return false;
        };
        let table = self.httpd.table();
        let mut modules = table.modules().filter(|it| it.1.asks_again);
        if own.sections != before.sections
            || modules.all(|it| self.httpd.modules.has(it.0) != Truth::True)
        {
            return own.sections == before.sections;
        }
        let name = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
        let sections = self.layers.list.iter().skip(self.servers().count());
        let mut kinds = sections.map(|it| self.about(it.body));
        kinds.all(|it| match it {
            About::Directory(_) => self.is_where_it_was,
            About::Files(_) | About::FilesMatch(_) => name(&before.filename) == name(&own.filename),
            About::If(_) | About::ElseIf(_) | About::Else => false,
            _ => before.uri == own.uri,
        })
    }

    // What a section is about; a `.htaccess` file is about its directory.
    fn about(&self, body: &Body) -> About {
        let first = body.entries.first().map(|it| match it {
            Entry::Directive(place) => *place,
            Entry::Section(section) => section.place,
        });
        let section = first.and_then(|it| self.httpd.config.placed(it).parent());
        match section {
            Some(section) => About::of(&section, self.httpd.table()),
            None => About::Directory(String::new()),
        }
    }

    // The lines that count, as far as they are about the method of the request.
    fn deciding_lines(&self) -> Vec<Placed<'a>> {
        let mut found: Vec<Placed<'a>> = Vec::new();
        for name in DECIDING {
            let lines = match name {
                "Require" => self.required_lines(),
                _ => self.layers.lines(name).unwrap_or_default(),
            };
            found.extend(self.of_method(lines));
        }
        found.sort_by_cached_key(|it| self.layers.rank(it));
        found
    }

    /// Decides by `Order`, `Allow` and `Deny`, by `Require`, and by `Satisfy`.
    pub(super) fn admit(&mut self) -> Known<Option<End>> {
        let compatible = self.httpd.has("access_compat_module")?;
        let by_method = self.refuse_method()?;
        let by_host = match (&by_method, compatible) {
            (Some(_), _) => Ok(false),
            (None, true) => self.is_let_in_by_host(),
            (None, false) => Ok(true),
        };
        let by_host = by_host.and_then(|it| Ok(it && self.has_required_tls()?));
        let satisfy = match compatible {
            true => self.layers.word("Satisfy")?,
            false => None,
        };
        let is_any = satisfy.is_some_and(|it| it.eq_ignore_ascii_case("any"));
        match (by_host, is_any) {
            (Ok(true), true) => return Ok(None),
            (Ok(false), false) => {
                let message = "AH01797: client denied by server configuration";
                return Ok(by_method.or_else(|| Some(End::refused(403, message))));
            }
            (Err(doubt), false) => {
                // Who is refused anyway need not be asked for the name.
                return match self.is_let_in_by_requirements()? {
                    None => Err(doubt),
                    Some(end) => Ok(Some(end)),
                };
            }
            (Err(doubt), true) => {
                return match self.is_let_in_by_requirements()? {
                    None => Ok(None),
                    Some(_) => Err(doubt),
                };
            }
            (Ok(_), _) => {}
        }
        self.is_let_in_by_requirements()
    }

    // A user is needed: who the client is decides, and then what is required of users.
    fn authenticate(&mut self, kind: &str) -> Known<Option<End>> {
        let rejected = || Ok(Some(End::refused(401, "")));
        let has_credentials = self.request.header("Authorization").is_some();
        let kind = kind.to_ascii_lowercase();
        let number = match kind.as_str() {
            "basic" => Some("AH01615"),
            "digest" => Some("AH01780"),
            "form" => Some("AH01808"),
            _ => None,
        };
        if let Some(number) = number
            && self.layers.last("AuthName")?.is_none()
        {
            let message = format!("{number}: need AuthName: {}", self.uri);
            return Ok(Some(End::refused(500, message)));
        }
        match kind.as_str() {
            "basic" => {}
            "digest" if !has_credentials => return rejected(),
            _ => return Err(Doubt::new(format!("`AuthType {kind}` decides"))),
        }
        match self.identity()? {
            Identity::Nobody | Identity::Rejected => rejected(),
            Identity::Broken => Ok(Some(End::refused(
                500,
                "AH01796: Basic authentication could not be done",
            ))),
            Identity::User(name) => {
                self.user = Some(name);
                if self.authorization()? == Some(Verdict::Granted) {
                    return Ok(None);
                }
                let status = match self.layers.is_on("AuthzSendForbiddenOnFailure")? {
                    true => 403,
                    false => 401,
                };
                let message = "AH01631: user: authorization failure";
                Ok(Some(End::refused(status, message)))
            }
        }
    }

    // mod_allowmethods.
    fn refuse_method(&self) -> Known<Option<End>> {
        if !self.httpd.has("allowmethods_module")? {
            return Ok(None);
        }
        let Some(line) = self.layers.last("AllowMethods")? else {
            return Ok(None);
        };
        let words = words_of(&line);
        let is_all = words
            .first()
            .is_some_and(|it| it.eq_ignore_ascii_case("reset"));
        let is_named = self.is_limited(&words, false);
        let message = "AH01623: client method denied by server configuration";
        Ok((!is_all && !is_named).then(|| End::refused(405, message)))
    }

    // mod_ssl's `ssl_hook_Access`.
    fn has_required_tls(&self) -> Known<bool> {
        if !self.httpd.has("ssl_module")? {
            return Ok(true);
        }
        let requires = self.layers.last("SSLRequireSSL")?.is_some();
        if requires && !self.request.is_tls {
            return Ok(false);
        }
        match self.layers.last("SSLRequire")? {
            None => Ok(true),
            Some(_) => Err(Doubt::new("`SSLRequire` decides")),
        }
    }

    fn is_let_in_by_requirements(&mut self) -> Known<Option<End>> {
        if !self.httpd.has("authz_core_module")? {
            return Ok(None);
        }
        let kind = match self.httpd.has("authn_core_module")? {
            true => self.layers.word("AuthType")?,
            false => None,
        };
        let kind = kind.filter(|it| !it.eq_ignore_ascii_case("none"));
        match (self.authorization()?, kind) {
            (Some(Verdict::Granted), _) | (None, None) => Ok(None),
            (Some(Verdict::NeedsUser), Some(kind)) => self.authenticate(&kind),
            (Some(Verdict::NeedsUser), None) => Ok(Some(End::refused(
                500,
                "AH00027: No authentication done but request not allowed without authentication",
            ))),
            (Some(Verdict::Denied | Verdict::Neutral), _) => {
                let message = format!("{NEITHER}: {}", self.filename);
                Ok(Some(End::refused(403, message)))
            }
            (None, Some(_)) => Ok(Some(End::refused(
                500,
                "AH01627: AuthType configured with no corresponding authorization directives",
            ))),
        }
    }

    // mod_access_compat: a section with any of its directives starts anew.
    fn is_let_in_by_host(&self) -> Known<bool> {
        let order = self.of_method(self.layers.lines("Order")?);
        let order = order.last().and_then(|it| words_of(it).into_iter().next());
        let order = order.unwrap_or_default().to_ascii_lowercase();
        let allowed = || self.is_named_by(self.layers.lines("Allow")?);
        let denied = || self.is_named_by(self.layers.lines("Deny")?);
        match order.as_str() {
            "allow,deny" => Ok(allowed()? && !denied()?),
            "mutual-failure" => Ok(allowed()? && !denied()?),
            _ => Ok(!denied()? || allowed()?),
        }
    }

    fn is_named_by(&self, lines: Vec<Placed<'a>>) -> Known<bool> {
        let mut doubt = None;
        for line in self.of_method(lines) {
            // The word behind the directive is `from`.
            for name in words_of(&line).into_iter().skip(1) {
                match self.is_client(&name) {
                    Ok(true) => return Ok(true),
                    Ok(false) => {}
                    Err(it) => doubt = Some(it),
                }
            }
        }
        doubt.map_or(Ok(false), Err)
    }

    // Those that no `<Limit>` around them keeps from this request.
    fn of_method(&self, lines: Vec<Placed<'a>>) -> Vec<Placed<'a>> {
        let is_meant = |line: &Placed<'a>| {
            let around = line.parent().map(|it| About::of(&it, self.httpd.table()));
            match around {
                Some(About::Limit { methods, except }) => self.is_limited(&methods, except),
                _ => true,
            }
        };
        lines.into_iter().filter(is_meant).collect()
    }
}
