//! A request from its coming in to its answer.

use super::pass::{End, Pass, Stage};
use super::{Httpd, Request, condition};
use crate::evaluate::Placed;
use crate::model::layers::words_of;
use crate::model::scope::Scope;
use crate::model::{Doubt, Known};

/// How often httpd begins again before it gives up (`LimitInternalRecursion`).
const MOST_PASSES: usize = 11;

// Another URL, and whether the environment goes on with it.
struct Next {
    uri: String,
    query: Option<String>,
    file: Option<String>,
    keeps_environment: bool,
}

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
        if !request.has_valid_host() {
            let message = "AH00550: Client sent malformed Host header";
            return Self::refused(httpd, request, server, End::refused(400, message));
        }
        // httpd promises nothing that it does not know.
        let expected = request.header("Expect").map(str::trim);
        if expected.is_some_and(|it| !it.eq_ignore_ascii_case("100-continue")) {
            return Self::refused(httpd, request, server, End::refused(417, ""));
        }
        let mut journey = Self::not_begun();
        match Pass::first(httpd, request, server) {
            Ok((pass, None)) => journey.follow(pass),
            Ok((pass, Some(status))) => journey.refuse(pass, End::refused(status, "")),
            Err(doubt) => journey.end = Err(doubt),
        }
        journey
    }

    /// A request that a server refuses before it looks at the URL.
    pub fn refused(
        httpd: &'a Httpd<'a>,
        request: &'a Request,
        server: &'a Scope<'a>,
        end: End,
    ) -> Self {
        let mut pass = Pass::at_server(httpd, request, server);
        pass.uri = format!("/{}", request.path.trim_start_matches('/'));
        let mut journey = Self::not_begun();
        journey.refuse(pass, end);
        journey
    }

    fn not_begun() -> Self {
        Self {
            passes: Vec::new(),
            end: Err(Doubt::new("it was not followed")),
            failure: None,
            has_no_page: false,
        }
    }

    // Ends with an error, or with the page for it.
    fn refuse(&mut self, mut pass: Pass<'a>, end: End) {
        let end = self.elsewhere(&mut pass, end);
        self.end = Ok(end.clone());
        self.show_page(pass, &end);
    }

    /// Goes on behind a handler that answered the last pass with an error, where `ErrorDocument` has a
    /// page for it; whether it has.
    pub fn fail(&mut self, status: u16, message: String) -> bool {
        if self.failure.is_some() || !matches!(self.end, Ok(End::Handled)) {
            return false;
        }
        let Some(mut pass) = self.passes.pop() else {
            return false;
        };
        let end = self.elsewhere(&mut pass, End::refused(status, message));
        if matches!(end, End::Answered { status: 302, .. }) {
            self.end = Ok(end);
            self.passes.push(pass);
            return true;
        }
        self.show_page(pass, &end)
    }

    // Goes on with the page for an error, if `ErrorDocument` has one here; whether it has.
    fn show_page(&mut self, mut pass: Pass<'a>, end: &End) -> bool {
        match self.next(&mut pass, end) {
            Some(next) => {
                if let Some(pass) = self.go_on(pass, next) {
                    self.follow(pass);
                }
                true
            }
            None => {
                self.passes.push(pass);
                false
            }
        }
    }

    // Follows a pass and those that it leads to, up to the last one.
    fn follow(&mut self, mut pass: Pass<'a>) {
        loop {
            let end = pass.run();
            // What a rule refuses is refused as if nothing had failed before.
            if let (Ok(End::Answered { status, .. }), true) = (&end, pass.is_sent_elsewhere)
                && *status >= 400
            {
                self.failure = None;
            }
            let end = end.map(|it| self.elsewhere(&mut pass, it));
            if let (Ok(End::Answered { status, .. }), Some((first, message))) =
                (&end, &self.failure)
                && *status >= 300
                && !pass.is_sent_elsewhere
            {
                // The page is an error itself: httpd makes one for the first.
                self.end = Ok(End::refused(*first, message.clone()));
                self.has_no_page = true;
                self.passes.push(pass);
                return;
            }
            let next = match &end {
                Ok(end) => self.next(&mut pass, end),
                Err(_) => None,
            };
            let Some(next) = next else {
                self.end = end;
                self.passes.push(pass);
                return;
            };
            match self.go_on(pass, next) {
                Some(next) => pass = next,
                None => return,
            }
        }
    }

    // Ends a pass, and begins the one that it leads to, unless there were too many.
    fn go_on(&mut self, pass: Pass<'a>, next: Next) -> Option<Pass<'a>> {
        let is_last = self.passes.len() + 1 >= MOST_PASSES;
        let Next {
            uri,
            query,
            file,
            keeps_environment,
        } = next;
        let method = match pass.has_error_page {
            true => "GET".to_owned(),
            false => pass.method.clone(),
        };
        let mut begun = Pass::new(pass.httpd, pass.request, pass.server, &uri);
        begun.query = query;
        if let Some(file) = &file {
            begun.map_to_file(file);
        }
        begun.admitted = Some(pass.admission());
        begun.before.clone_from(&pass.walk);
        begun.is_continued = keeps_environment;
        // Who looked at the other URL did so with `GET`.
        if keeps_environment {
            begun.handled_method = Some(method);
            begun.method = "GET".to_owned();
            begun.accepted_path_info = Some(pass.accepts_path_info());
        } else {
            begun.method = method;
        }
        begun.is_rewritten_for_good = pass.is_rewritten_for_good;
        begun.environment = match keeps_environment {
            true => pass.environment.clone(),
            false => pass.environment.redirected(),
        };
        begun.is_error_page = pass.has_error_page || pass.is_error_page;
        self.passes.push(pass);
        if is_last {
            let message = "AH00124: Request exceeded the limit of 10 internal redirects";
            self.end = Ok(End::refused(500, message));
            return None;
        }
        Some(begun)
    }

    // An error for which `ErrorDocument` names a page of another server is a redirect to it.
    fn elsewhere(&self, pass: &mut Pass<'a>, end: End) -> End {
        let End::Answered {
            status,
            is_sent: false,
            ..
        } = end
        else {
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
    fn next(&mut self, pass: &mut Pass<'a>, end: &End) -> Option<Next> {
        match end {
            End::Internal {
                uri,
                query,
                file,
                keeps_environment,
            } => Some(Next {
                uri: uri.clone(),
                query: query.clone(),
                file: file.clone(),
                keeps_environment: *keeps_environment,
            }),
            End::Answered {
                status,
                message,
                is_sent: false,
                ..
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
                Some(Next {
                    uri: path,
                    query,
                    file: None,
                    keeps_environment: false,
                })
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
