//! A request from its coming in to its answer.

use super::pass::{End, Pass, Stage};
use super::{Httpd, Request, condition};
use crate::evaluate::Placed;
use crate::model::layers::words_of;
use crate::model::scope::Scope;
use crate::model::{Doubt, Known};

/// How often httpd begins again before it gives up (`LimitInternalRecursion`).
const MOST_PASSES: usize = 11;

/// The way of a request.
pub struct Journey<'a> {
    /// The passes; the last one is answered.
    pub passes: Vec<Pass<'a>>,
    /// How the last one ends.
    pub end: Known<End>,
    /// The status for which an error page is shown, and what was logged.
    pub failure: Option<(u16, String)>,
    /// Whether that page is an error itself, and httpd makes one for the pass that failed first.
    pub has_no_page: bool,
}

impl<'a> Journey<'a> {
    /// Follows a request that came to a server.
    pub fn of(httpd: &'a Httpd<'a>, request: &'a Request, server: &'a Scope<'a>) -> Self {
        let mut journey = Self {
            passes: Vec::new(),
            end: Err(Doubt::new("it was not followed")),
            failure: None,
            has_no_page: false,
        };
        if !request.has_valid_host() {
            journey.end = Ok(End::refused(
                400,
                "AH00550: Client sent malformed Host header",
            ));
            return journey;
        }
        let mut pass = match Pass::first(httpd, request, server) {
            Ok(Ok(pass)) => pass,
            Ok(Err(end)) => {
                journey.end = Ok(end);
                return journey;
            }
            Err(doubt) => {
                journey.end = Err(doubt);
                return journey;
            }
        };
        loop {
            let end = pass.run().map(|it| journey.elsewhere(&mut pass, it));
            if let (Ok(End::Answered { status, .. }), Some((first, message))) =
                (&end, &journey.failure)
                && *status >= 300
            {
                // The page is an error itself: httpd makes one for the first.
                journey.end = Ok(End::refused(*first, message.clone()));
                journey.has_no_page = true;
                journey.passes.push(pass);
                return journey;
            }
            let next = match &end {
                Ok(end) => journey.next(&mut pass, end),
                Err(_) => None,
            };
            let sections = pass.sections();
            let environment = pass.environment.clone();
            let is_rewritten_for_good = pass.is_rewritten_for_good;
            let walk = pass.walk.clone();
            let is_page = pass.has_error_page && pass.method != "HEAD";
            let method = match is_page {
                true => "GET".to_owned(),
                false => pass.method.clone(),
            };
            journey.passes.push(pass);
            let Some((uri, query, keeps_environment)) = next else {
                journey.end = end;
                return journey;
            };
            if journey.passes.len() >= MOST_PASSES {
                let message = "AH00124: Request exceeded the limit of 10 internal redirects";
                journey.end = Ok(End::refused(500, message));
                return journey;
            }
            pass = Pass::new(httpd, request, server, &uri);
            pass.query = query;
            pass.admitted = Some(sections);
            pass.before = walk;
            pass.is_continued = keeps_environment;
            // Who looked at the other URL did so with `GET`.
            if keeps_environment {
                pass.handled_method = Some(method);
                pass.method = "GET".to_owned();
            } else {
                pass.method = method;
            }
            pass.is_rewritten_for_good = is_rewritten_for_good;
            pass.environment = match keeps_environment {
                true => environment,
                false => environment.redirected(),
            };
        }
    }

    // An error for which `ErrorDocument` names a page of another server is a redirect to it.
    fn elsewhere(&self, pass: &mut Pass<'a>, end: End) -> End {
        let End::Answered { status, .. } = end else {
            return end;
        };
        if status < 400 || status == 401 || self.failure.is_some() {
            return end;
        }
        let page = error_page(pass, status);
        let Some(page) = page.filter(|it| is_url(it)) else {
            return end;
        };
        pass.stage = Stage::ErrorDocument;
        pass.explain(format!("`{page}` is the error page for {status}"), None);
        End::redirected(302, page)
    }

    // Where a pass leads to: another URL, or an error page that is one.
    fn next(&mut self, pass: &mut Pass<'a>, end: &End) -> Option<(String, Option<String>, bool)> {
        match end {
            End::Internal {
                uri,
                query,
                keeps_environment,
            } => Some((uri.clone(), query.clone(), *keeps_environment)),
            End::Answered {
                status, message, ..
            } if *status >= 400 && self.failure.is_none() => {
                let page = error_page(pass, *status)?;
                if !page.starts_with('/') {
                    return None;
                }
                self.failure = Some((*status, message.clone()));
                pass.stage = Stage::ErrorDocument;
                pass.has_error_page = true;
                pass.explain(format!("`{page}` is the error page for {status}"), None);
                let (path, query) = match page.split_once('?') {
                    Some((path, query)) => (path.to_owned(), Some(query.to_owned())),
                    None => (page, None),
                };
                Some((path, query, false))
            }
            _ => None,
        }
    }

    /// The last pass; none where httpd answered before it looked at the URL.
    pub fn last(&self) -> Option<&Pass<'a>> {
        self.passes.last()
    }
}

// The URL or path that `ErrorDocument` says for a status.
fn error_page(pass: &Pass<'_>, status: u16) -> Option<String> {
    let lines = pass.layers.lines("ErrorDocument").ok()?;
    let is_meant = |it: &&Placed<'_>| {
        let words = words_of(it);
        words.first().is_some_and(|it| *it == status.to_string())
    };
    let line = lines.iter().rfind(is_meant)?;
    let document = words_of(line).into_iter().nth(1)?;
    // A text with blanks is shown itself.
    if document.contains(' ') {
        return None;
    }
    let document = condition::text(pass, &document).ok()?;
    (document.starts_with('/') || is_url(&document)).then_some(document)
}

fn is_url(text: &str) -> bool {
    text.split_once(':').is_some_and(|(scheme, _)| {
        !scheme.is_empty()
            && scheme
                .bytes()
                .all(|it| it.is_ascii_alphanumeric() || it == b'+')
    })
}
