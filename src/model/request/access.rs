//! Whether a request is let in.

use super::authorization::Verdict;
use super::pass::{End, Pass};
use crate::evaluate::Placed;
use crate::model::layers::words_of;
use crate::model::scope::About;
use crate::model::{Doubt, Known};

const NEITHER: &str = "AH01630: client denied by server configuration";

impl<'a> Pass<'a> {
    /// Decides by `Order`, `Allow` and `Deny`, by `Require`, and by `Satisfy`.
    pub(super) fn admit(&mut self) -> Known<Option<End>> {
        let compatible = self.httpd.has("access_compat_module")?;
        let by_host = match compatible {
            true => self.is_let_in_by_host(),
            false => Ok(true),
        };
        let satisfy = match compatible {
            true => self.layers.word("Satisfy")?,
            false => None,
        };
        let is_any = satisfy.is_some_and(|it| it.eq_ignore_ascii_case("any"));
        let refused = |message: &str| Ok(Some(End::refused(403, message)));
        match (by_host, is_any) {
            (Ok(true), true) => return Ok(None),
            (Ok(false), false) => return refused("AH01797: client denied by server configuration"),
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

    fn is_let_in_by_requirements(&self) -> Known<Option<End>> {
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
            (Some(Verdict::NeedsUser), Some(kind)) => match kind.to_ascii_lowercase().as_str() {
                "basic" | "digest" => Ok(Some(End::refused(401, ""))),
                _ => Err(Doubt::new(format!("`AuthType {kind}` decides"))),
            },
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
                "AH00025: configuration error: couldn't check access",
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
