use crate::argument::Located;
use crate::argument::redirect::Redirect;
use crate::argument::surroundings::NothingKnown;
use crate::diagnostic::Level;
use crate::evaluate::Placed;
use crate::model::request::{End, Journey, matches};
use crate::model::rewriting::Rewrite;
use crate::model::servers::ServerId;
use crate::model::survey::Survey;
use crate::model::wsgi::request;
use crate::rule::{Check, Context, Report, Which};

// So often a redirect has to come back.
const TIMES: usize = 3;

const NAMES: &[&str] = &[
    "Redirect",
    "RedirectMatch",
    "RedirectPermanent",
    "RedirectTemp",
];

crate::rule! {
    /// The target of a redirect is redirected again.
    ///
    /// ## What httpd does
    ///
    /// It sends the browser to the target, and finds there what it redirects: the path begins with the same words, or
    /// the pattern fits again.
    ///
    /// ## Why it matters
    ///
    /// The browser gives up after some twenty redirects, and shows no page.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// Redirect /shop /shop/new
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// RedirectMatch ^/shop/?$ /shop/new
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain for a target without a host, which is on the same server: the way of three requests is followed, past all
    /// that may take them before. A rule with conditions is not looked at.
    pub static RULE = {
        id: "endless-redirect",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Survey(Which::Named(&["Redirect", "RedirectMatch", "RedirectPermanent", "RedirectTemp", "RewriteRule"]), check),
    }
}

fn check(_: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    for line in survey.lines_of(NAMES) {
        let text = line.line();
        let redirect = Redirect::parse(survey.name(&line), text.arguments(), &NothingKnown);
        let (Some(path), Some(target)) = (redirect.path, redirect.target) else {
            continue;
        };
        let is_again = match survey.name(&line) {
            "RedirectMatch" => fits(&path.value, &sample(&target.value)),
            _ => target.value.starts_with(&path.value),
        };
        if is_again && comes_back(survey, &line, &target.value) {
            say(report, &line, path, target);
        }
    }
    for rules in survey.rewriting() {
        for (at, line) in rules.iter().enumerate() {
            let is_free = at == 0 || rules[at - 1].is_rule();
            if !line.is_rule() || !line.is_certain() || !is_free {
                continue;
            }
            let Some((path, target)) = redirect(line) else {
                continue;
            };
            let text = sample(&target.value);
            let is_again = fits(&path.value, &text) || fits(&path.value, &text[1..]);
            if is_again && comes_back(survey, &line.line, &target.value) {
                say(report, &line.line, path, target);
            }
        }
    }
}

// The pattern and the target of a rule that leads the browser to a path of the same server.
fn redirect(rule: &Rewrite<'_>) -> Option<(Located<String>, Located<String>)> {
    let arguments = rule.arguments()?;
    let is_path = arguments.second.value.starts_with('/');
    let is_redirect = is_path && rule.has_flag(&["R", "redirect"]);
    is_redirect.then(|| (arguments.first.clone(), arguments.second.clone()))
}

// Whether a pattern matches. What it begins with is compared first, which is much faster.
fn fits(pattern: &str, text: &str) -> bool {
    let inner = pattern.strip_prefix('^').unwrap_or(pattern);
    let is_plain = |it: char| it.is_ascii_alphanumeric() || "/_-".contains(it);
    let end = inner.find(|it| !is_plain(it)).unwrap_or(inner.len());
    let is_optional = inner[end..].starts_with(['?', '*', '{', '|']) || inner.contains('|');
    let begin = if is_optional { "" } else { &inner[..end] };
    text.contains(begin) && matches(pattern, text)
}

fn say(report: &mut Report, line: &Placed<'_>, path: Located<String>, target: Located<String>) {
    let text = line.line();
    let span = text.argument_span(target.range);
    let finding = report.at(line.at(span), "this is redirected again, without end");
    finding.label("browsers give up, and show no page");
    finding.secondary(text.argument_span(path.range), "it fits here again");
}

// The target with something short in the place of groups.
fn sample(target: &str) -> String {
    let mut parts = target.split('$');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.strip_prefix(|it: char| it.is_ascii_digit()) {
            Some(rest) => text.extend(["a", rest]),
            None => text.extend(["$", part]),
        }
    }
    text
}

// Whether a request for the target of a line is redirected by that line, again and again.
fn comes_back(survey: &Survey<'_>, line: &Placed<'_>, target: &str) -> bool {
    let httpd = survey.httpd;
    let server = survey.server_of(line);
    let mut path = sample(target);
    let is_path =
        path.starts_with('/') && !path.starts_with("//") && !path.contains(['$', '%', '?', '#']);
    if !is_path || (server == ServerId::MAIN && httpd.servers.all.len() > 1) {
        return false;
    }
    let scope = httpd.scopes.get(server);
    (0..TIMES).all(|_| {
        let request = request(httpd, scope, path.clone());
        let journey = Journey::of(httpd, &request, scope);
        let Ok(End::Answered {
            status: 300..400,
            location: Some(location),
            ..
        }) = &journey.end
        else {
            return false;
        };
        let rest = location
            .split_once("://")
            .map_or(location.as_str(), |it| it.1);
        path = rest
            .find('/')
            .map_or_else(String::new, |it| rest[it..].to_owned());
        let reasons = journey.last().map(|it| &it.reasons).into_iter().flatten();
        let mut lines = reasons
            .filter(|it| !it.is_passed_over)
            .filter_map(|it| it.line);
        path.len() < 1000 && lines.any(|it| it.id == line.id)
    })
}
