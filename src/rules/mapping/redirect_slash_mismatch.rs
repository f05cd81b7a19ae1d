use crate::argument::redirect::Redirect;
use crate::argument::surroundings::NothingKnown;
use crate::diagnostic::{Level, Promise};
use crate::evaluate::Placed;
use crate::rule::{Check, Context, Report, Which};
use crate::rules::slash::MissingSlash;

crate::rule! {
    /// `Redirect` has a slash at the end of its path, and none at the end of its target.
    ///
    /// ## What httpd does
    ///
    /// It takes the path away from the front of the request's, and puts the target in its place, as it is
    /// written: with `Redirect / https://shop.example`, the page `/cart` leads to
    /// `https://shop.examplecart`.
    ///
    /// ## Why it matters
    ///
    /// Every page but the first leads nowhere. Where the target is a host without a slash, a link to
    /// `/.evil.example/` even leads to the server of somebody else.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// Redirect permanent / https://shop.example
    /// ```
    ///
    /// ## Right
    ///
    /// ```conf
    /// Redirect permanent / https://shop.example/
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain for everything below the path. Said where the target is a host, or the path is `/`:
    /// others may be meant for one page each.
    pub static RULE = {
        id: "redirect-slash-mismatch",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        fix: Promise::Unsafe,
        check: Check::Directive(Which::Named(&["Redirect", "RedirectPermanent", "RedirectTemp"]), check),
    }
}

fn check(context: &Context<'_>, placed: &Placed<'_>, report: &mut Report) {
    let Some(name) = placed.node.name else { return };
    let line = placed.line();
    let text = line.arguments();
    if !text.contains("/ ") && !text.contains("/\"") && !text.contains("/\t") {
        return;
    }
    let redirect = Redirect::parse(context.inputs.table.spelling(name), text, &NothingKnown);
    let (Some(path), Some(target)) = (redirect.path, redirect.target) else {
        return;
    };
    let (_, behind) = target
        .value
        .split_once("://")
        .unwrap_or(("", &target.value));
    let last = match behind.rsplit_once('/') {
        Some((_, last)) => last,
        None => "",
    };
    let is_page = last.contains(['.', '?', '#', '=', '$', '%']) || behind.contains(['?', '#']);
    let is_host = target.value.contains("://") && !behind.contains('/');
    let is_known = path.value.starts_with('/') && !target.value.contains("${");
    let is_wide = is_host || (path.value == "/" && !is_page);
    let has_slash = path.value.ends_with('/') && !target.value.ends_with('/');
    if !has_slash || !is_wide || !is_known || behind.contains('?') {
        return;
    }
    MissingSlash::of(placed, &path, &target).report(report, "leads to");
}
