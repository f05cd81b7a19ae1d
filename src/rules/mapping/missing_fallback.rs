use crate::diagnostic::Level;
use crate::model::request::{Journey, Mapped};
use crate::model::servers::ServerId;
use crate::model::survey::Survey;
use crate::model::wsgi::request;
use crate::rule::{Check, Context, Report, Which};
use crate::world::Kind;

crate::rule! {
    /// `FallbackResource` names a file that is not there.
    ///
    /// ## What httpd does
    ///
    /// Where a request finds no file, it begins again with the URL of `FallbackResource`. If that is not there either, it
    /// begins again and again, and logs that it has exceeded the limit of 10 subrequests (AH00125).
    ///
    /// ## Why it matters
    ///
    /// Requests for what is missing are answered with 500.
    ///
    /// ## Wrong
    ///
    /// ```conf
    /// DocumentRoot conf.d
    /// FallbackResource /front.html
    /// ```
    ///
    /// ## Right
    ///
    /// ```file /etc/httpd/conf.d/index.html
    /// hello
    /// ```
    ///
    /// ```conf
    /// DocumentRoot conf.d
    /// FallbackResource /index.html
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain, where the server's disk can be seen: a request for the URL is followed to the file.
    pub static RULE = {
        id: "missing-fallback",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Survey(Which::Named(&["FallbackResource"]), check),
    }
}

fn check(_: &Context<'_>, survey: &Survey<'_>, report: &mut Report) {
    let httpd = survey.httpd;
    for line in survey.lines("FallbackResource") {
        let text = line.line();
        let words = text.words();
        let Some(word) = words.first().filter(|it| it.text.starts_with('/')) else {
            continue;
        };
        let server = survey.server_of(&line);
        // A line of the main server counts for virtual hosts, which have other files.
        if server == ServerId::MAIN && httpd.servers.all.len() > 1 {
            continue;
        }
        let scope = httpd.scopes.get(server);
        let request = request(httpd, scope, word.text.to_string());
        let journey = Journey::of(httpd, &request, scope);
        let Some(pass) = journey.passes.first() else {
            continue;
        };
        let is_file = matches!(pass.mapped, Mapped::DocumentRoot | Mapped::Alias);
        if is_file && pass.found == Ok(Kind::Missing) {
            let message = format!("`{}` is not there", pass.filename);
            let finding = report.at(line.at(text.word_span(word)), message);
            finding.label("what is missing is answered with 500");
        }
    }
}
