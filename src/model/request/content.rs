//! What is at a file, and who answers for it.

use std::collections::BTreeMap;

use super::condition;
use super::location::escaped;
use super::mapping::Mapped;
use super::pass::{End, Pass};
use crate::argument::method::METHODS;
use crate::argument::options::{DirectoryOption, OptionSet, Options, Sign};
use crate::evaluate::{Placed, arguments_of};
use crate::httpd::NameId;
use crate::model::layers::{first_word, words_of};
use crate::model::scope::components;
use crate::model::{Doubt, Known};
use crate::world::Kind;

const OPTIONS: NameId = NameId::of("Options");

/// What a lookup of another URL comes to.
pub(super) enum Looked {
    /// A file that may be read, or another server.
    Found(String),
    /// A redirect, which the client follows.
    Elsewhere(End),
    /// It may not be read.
    Refused(End),
    /// Nothing is there.
    Nothing,
}

/// The handler of directories, which is also their content type.
const DIRECTORY: &str = "httpd/unix-directory";

/// How deep httpd looks at URLs for the sake of others (`LimitInternalRecursion`).
const DEEPEST: usize = 10;

/// How often it is followed in that: one fallback may be looked for in many places.
const MOST_LOOKS: usize = 200;

impl<'a> Pass<'a> {
    /// Whether an option of `Options` is on.
    pub fn has_option(&self, option: DirectoryOption) -> Known<bool> {
        // httpd's own default.
        let mut is_on = option == DirectoryOption::FollowSymLinks;
        for layer in &self.layers.list {
            let lines = layer.body.named(self.httpd.config, OPTIONS);
            let lines: Vec<Placed<'a>> = lines.collect();
            if lines.is_empty() {
                continue;
            }
            let before = is_on;
            for line in &lines {
                let text = line.occurrence.unit.text(line.node);
                is_on = changed(&Options::parse(arguments_of(&text)), option, is_on);
            }
            let in_doubt = layer.doubt.is_some() || lines.iter().any(|it| it.node.uncertain);
            if in_doubt && before != is_on {
                return Err(Doubt::new(
                    "`Options` depends on a condition that is not decided",
                ));
            }
        }
        Ok(is_on)
    }

    /// mod_mime: the handler and the content type that the name of the file gives.
    pub(super) fn find_type(&mut self) -> Known<()> {
        if self.found == Ok(Kind::Directory) {
            self.content_type = Some(DIRECTORY.to_owned());
            return Ok(());
        }
        if self.httpd.has("mime_module")? {
            let handlers = self.by_extension("AddHandler", "RemoveHandler")?;
            let types = self.by_extension("AddType", "RemoveType")?;
            let name = components(&self.filename).pop().unwrap_or_default();
            let name = name.trim_start_matches('.').to_ascii_lowercase();
            let is_proxied = matches!(self.mapped, Mapped::Proxy(_));
            for extension in name.split('.').skip(1) {
                let handler = handlers.get(extension);
                // Who is asked for another server's files, is not asked by their names.
                if let Some(handler) = handler.filter(|_| !is_proxied) {
                    self.handler = Some(handler.clone());
                }
                if let Some(content_type) = types.get(extension) {
                    self.content_type = Some(content_type.clone());
                }
            }
        }
        Ok(())
    }

    /// core's overrides: `ForceType` and `SetHandler` count more than names.
    pub(super) fn override_type(&mut self) -> Known<()> {
        let is_some = |it: &String| !it.eq_ignore_ascii_case("none");
        if let Some(forced) = self.layers.word("ForceType")?.filter(is_some) {
            self.content_type = Some(forced);
        }
        let Some(line) = self.layers.last("SetHandler")? else {
            return Ok(());
        };
        let word = words_of(&line).into_iter().next().filter(is_some);
        let Some(handler) = word else {
            return Ok(());
        };
        let handler = match handler.strip_prefix("expr=") {
            Some(asked) => condition::text(self, asked)?,
            None => handler,
        };
        if is_some(&handler) {
            self.explain(format!("the handler is `{handler}`"), Some(line));
            self.handler = Some(handler);
        }
        Ok(())
    }

    // What each extension stands for: in every section first what it adds, then what it removes.
    pub(super) fn by_extension(&self, add: &str, remove: &str) -> Known<BTreeMap<String, String>> {
        let (added, removed) = (self.layers.lines(add)?, self.layers.lines(remove)?);
        let mut lines: Vec<(usize, bool, Placed<'a>)> = Vec::new();
        for (is_removal, list) in [(false, added), (true, removed)] {
            let ranked = list.into_iter();
            lines.extend(ranked.map(|it| (self.layers.rank(&it).0, is_removal, it)));
        }
        lines.sort_by_key(|it| (it.0, it.1));
        let mut known = BTreeMap::new();
        let extension = |it: &String| it.trim_start_matches('.').to_ascii_lowercase();
        for (_, is_removal, line) in lines {
            let words = words_of(&line);
            if is_removal {
                for word in &words {
                    known.remove(&extension(word));
                }
            } else if let [value, extensions @ ..] = words.as_slice() {
                known.extend(extensions.iter().map(|it| (extension(it), value.clone())));
            }
        }
        Ok(known)
    }

    /// Who answers: a handler, or else one that is called as the content type.
    pub fn answering_handler(&self) -> &str {
        let handler = self.handler.as_deref().or(self.content_type.as_deref());
        handler.unwrap_or("default-handler")
    }

    /// mod_dir: a slash behind a directory, its index, and what is shown where nothing is.
    pub(super) fn serve_directory(&mut self) -> Known<Option<End>> {
        if !self.httpd.has("dir_module")? || matches!(self.mapped, Mapped::Proxy(_)) {
            return Ok(None);
        }
        match self.found.clone() {
            Ok(Kind::Directory) => {}
            Ok(Kind::Missing) if self.handler.is_none() => return self.fall_back(),
            Err(doubt) if self.handler.is_none() => return Err(doubt.between(["200", "404"])),
            _ => return Ok(None),
        }
        if self.handler.is_none() {
            self.handler = Some(DIRECTORY.to_owned());
        }
        if let Some(end) = self.add_slash()? {
            return Ok(Some(end));
        }
        if !self.path_info.is_empty() || !self.uri.ends_with('/') {
            return Ok(None);
        }
        let checks = self.layers.is_on("DirectoryCheckHandler")?;
        if checks && self.handler.as_deref() != Some(DIRECTORY) {
            return Ok(None);
        }
        self.find_index()
    }

    /// mod_dir: the URL of a directory ends in a slash.
    pub(super) fn add_slash(&mut self) -> Known<Option<End>> {
        let is_missing = self.found == Ok(Kind::Directory)
            && self.path_info.is_empty()
            && !self.uri.ends_with('/');
        if !is_missing || !self.httpd.has("dir_module")? {
            return Ok(None);
        }
        let slash = self.layers.last("DirectorySlash")?;
        let word = slash.as_ref().and_then(first_word);
        if word.is_some_and(|it| !it.eq_ignore_ascii_case("on")) {
            return Ok(None);
        }
        let path = self.with_query(format!("{}/", escaped(&self.uri)));
        self.explain("a directory, whose URL ends in a slash".to_owned(), slash);
        Ok(Some(End::redirected(301, self.own_url(&path)?)))
    }

    fn find_index(&mut self) -> Known<Option<End>> {
        let lines = self.layers.lines("DirectoryIndex")?;
        let mut names = Vec::new();
        for mut words in lines.iter().map(words_of) {
            match words.as_slice() {
                [word] if word.eq_ignore_ascii_case("disabled") => names.clear(),
                _ => names.append(&mut words),
            }
        }
        if lines.is_empty() {
            names.push("index.html".to_owned());
        }
        let mut refusal = None;
        for name in names {
            let uri = match name.starts_with('/') {
                true => name,
                false => format!("{}{name}", self.uri),
            };
            match self.look_up(&uri)? {
                Looked::Found(uri) => {
                    self.explain(format!("`{uri}` is the index"), None);
                    return Ok(Some(self.instead(uri)));
                }
                Looked::Elsewhere(end) => return Ok(Some(end)),
                Looked::Refused(end) => refusal = Some(end),
                Looked::Nothing => {}
            }
        }
        Ok(refusal)
    }

    fn fall_back(&mut self) -> Known<Option<End>> {
        let Some(line) = self.layers.last("FallbackResource")? else {
            return Ok(None);
        };
        let uri = first_word(&line).unwrap_or_default();
        if uri.eq_ignore_ascii_case("disabled") {
            return Ok(None);
        }
        Ok(match self.look_up(&uri)? {
            Looked::Found(uri) => {
                self.explain(format!("nothing is there, so `{uri}` answers"), Some(line));
                Some(self.instead(uri))
            }
            Looked::Elsewhere(end) | Looked::Refused(end) => Some(end),
            Looked::Nothing => None,
        })
    }

    // The request goes on with another URL, as if that had been asked for.
    fn instead(&self, uri: String) -> End {
        End::Internal {
            uri,
            query: self.query.clone(),
            file: None,
            keeps_environment: true,
        }
    }

    /// What would be at a URL (`ap_sub_req_lookup_uri`).
    pub(super) fn look_up(&mut self, uri: &str) -> Known<Looked> {
        self.look_up_as(uri, None)
    }

    /// What would be at a URL that is that of a file (`ap_sub_req_lookup_dirent`).
    pub(super) fn look_up_file(&mut self, uri: &str, path: &str) -> Known<Looked> {
        self.look_up_as(uri, Some(path))
    }

    fn look_up_as(&mut self, uri: &str, path: Option<&str>) -> Known<Looked> {
        if self.nesting >= DEEPEST {
            let message = "AH00125: Request exceeded the limit of 10 subrequest nesting levels";
            return Ok(Looked::Refused(End::refused(500, message)));
        }
        if self.looks > MOST_LOOKS {
            return Err(Doubt::new("httpd looks at too many URLs for that"));
        }
        let mut other = Pass::new(self.httpd, self.request, self.server, uri);
        other.query.clone_from(&self.query);
        if let Some(path) = path {
            other.map_to_file(path);
        }
        other.is_subrequest = true;
        other.nesting = self.nesting + 1;
        other.looks = self.looks + 1;
        other.method = "GET".to_owned();
        other.environment = self.environment.clone();
        other.before.clone_from(&self.walk);
        other.admitted = Some(self.admission());
        let end = other.run();
        self.wanted.append(&mut other.wanted);
        self.looks = other.looks;
        let is_there = other.found == Ok(Kind::File) || matches!(other.mapped, Mapped::Proxy(_));
        Ok(match end? {
            end @ End::Answered {
                location: Some(_), ..
            } => Looked::Elsewhere(end),
            // A handler may answer for a file that nobody sees from here.
            End::Handled if other.found.is_err() => {
                other.found?;
                Looked::Nothing
            }
            End::Internal {
                uri,
                keeps_environment: true,
                ..
            } => Looked::Found(uri),
            End::Handled | End::Internal { .. } if is_there => Looked::Found(uri.to_owned()),
            End::Answered { status, .. } if [200, 404].contains(&status) => Looked::Nothing,
            end @ End::Answered { .. } => Looked::Refused(end),
            End::Handled | End::Internal { .. } => Looked::Nothing,
        })
    }

    /// mod_actions: a script that answers for a handler or content type.
    pub(super) fn act(&mut self) -> Known<Option<End>> {
        if !self.httpd.has("actions_module")? {
            return Ok(None);
        }
        let handler = self.answering_handler().to_owned();
        for line in self.layers.lines("Action")?.iter().rev() {
            let words = words_of(line);
            let [name, script, ..] = words.as_slice() else {
                continue;
            };
            if !name.eq_ignore_ascii_case(&handler) {
                continue;
            }
            let is_virtual = words.len() > 2;
            if !is_virtual && self.found == Ok(Kind::Missing) {
                return Ok(None);
            }
            return Ok(Some(End::Internal {
                uri: format!("{script}{}", self.uri),
                query: self.query.clone(),
                file: None,
                keeps_environment: false,
            }));
        }
        Ok(None)
    }

    /// How every handler but mod_wsgi's answers.
    pub(super) fn serve(&mut self) -> Known<End> {
        if let Mapped::Proxy(url) = &self.mapped {
            if let Some(end) = self.refuse_scheme(url)? {
                return Ok(end);
            }
            if !self.may_speak_tls(url)? {
                let doubt = Doubt::new("`SSLProxyEngine` is not on, and TLS is asked for");
                return Err(doubt.between(["500", "503"]));
            }
            let asked = self.proxied_url().unwrap_or_else(|| url.clone());
            return Err(Doubt::new(format!("`{asked}` answers")));
        }
        if self.method == "OPTIONS" {
            return Ok(End::refused(200, ""));
        }
        let handler = self.answering_handler();
        let of_module = |module: &str| self.httpd.has(module);
        match handler {
            "cgi-script" if of_module("cgi_module")? || of_module("cgid_module")? => {
                return self.run_program();
            }
            "server-status" if of_module("status_module")? => return Ok(End::refused(200, "")),
            "server-info" if of_module("info_module")? => return Ok(End::refused(200, "")),
            _ if handler.starts_with("proxy:") => return Err(Doubt::new("another server answers")),
            _ => {}
        }
        self.serve_file()
    }

    // mod_cgi and mod_cgid, before they run a program.
    fn run_program(&self) -> Known<End> {
        if !self.is_script_alias && !self.has_option(DirectoryOption::ExecCgi)? {
            let message = "AH02809: Options ExecCGI is off in this directory";
            return Ok(End::refused(403, message));
        }
        match self.found.clone()? {
            Kind::Missing => {
                let message = "AH02811: script not found or unable to stat";
                return Ok(End::refused(404, message));
            }
            Kind::Directory => {
                let message = "AH02812: attempt to invoke directory as script";
                return Ok(End::refused(403, message));
            }
            _ => {}
        }
        if self.accepts_path_info()? == Some(false) && !self.path_info.is_empty() {
            return Ok(End::refused(
                404,
                "AH02813: AcceptPathInfo off disallows user's path",
            ));
        }
        let is_run = self
            .httpd
            .account()
            .ok()
            .map(|it| self.httpd.may(&it, 1, &self.filename));
        match is_run {
            Some(Ok(false)) => Ok(End::refused(500, "AH01215: Permission denied")),
            _ => Err(Doubt::new("what a program answers is not known").between(["200"])),
        }
    }

    // httpd's own handler of files.
    fn serve_file(&mut self) -> Known<End> {
        let message = match self.path_info.is_empty() || self.found == Ok(Kind::Missing) {
            true => "AH00128: File does not exist",
            false => "AH00130: File does not exist",
        };
        let missing = || Ok(End::refused(404, message));
        if let Some(limit) = self.layers.word("LimitRequestBody")? {
            let length = self.request.header("Content-Length").map(str::trim);
            let length = length.and_then(|it| it.parse::<u64>().ok()).unwrap_or(0);
            let limit = limit.parse::<u64>().unwrap_or(0);
            if limit > 0 && length > limit {
                let message = "AH01587: requested content-length is larger than the limit";
                return Ok(End::refused(413, message));
            }
        }
        let method = self.method.as_str();
        if !matches!(method, "GET" | "HEAD" | "POST") {
            let status = if METHODS.contains(&method) { 405 } else { 501 };
            return Ok(End::refused(status, ""));
        }
        let is_read = matches!(method, "GET" | "HEAD");
        match self.found.clone()? {
            Kind::Missing => missing(),
            Kind::Directory if is_read && self.is_listed()? => {
                Ok(match self.has_option(DirectoryOption::Indexes)? {
                    true => {
                        self.explain("the directory is listed".to_owned(), None);
                        if !self.filename.ends_with('/') {
                            self.filename.push('/');
                        }
                        End::refused(200, "")
                    }
                    false => End::refused(403, "AH01276: Cannot serve directory"),
                })
            }
            Kind::Directory => Ok(End::refused(404, "AH00129: Attempt to serve directory")),
            _ if !self.path_info.is_empty() && !self.accepts_path_info()?.unwrap_or(false) => {
                missing()
            }
            _ => match self.is_readable() {
                Ok(false) => Ok(End::refused(
                    403,
                    "AH00132: file permissions deny server access",
                )),
                _ => self.serve_contents(),
            },
        }
    }

    // Whether mod_autoindex answers for the directory.
    fn is_listed(&self) -> Known<bool> {
        Ok(self.answering_handler() == DIRECTORY && self.httpd.has("autoindex_module")?)
    }

    /// Whether the server's processes may read the file.
    pub fn is_readable(&self) -> Known<bool> {
        self.httpd.may(&self.httpd.account()?, 4, &self.filename)
    }

    /// What `AcceptPathInfo` says, where it says anything.
    pub fn accepts_path_info(&self) -> Known<Option<bool>> {
        if let Some(accepted) = &self.accepted_path_info {
            return accepted.clone();
        }
        let word = self.layers.word("AcceptPathInfo")?;
        Ok(word.and_then(|it| match it.to_ascii_lowercase().as_str() {
            "on" => Some(true),
            "off" => Some(false),
            _ => None,
        }))
    }
}

// An option after a line of `Options`: words without signs leave nothing of what was there.
fn changed(line: &Options, option: DirectoryOption, before: bool) -> bool {
    let mut is_on = before;
    let mut is_first = true;
    for word in &line.words {
        let Some(named) = word.option else { continue };
        let covers = OptionSet::of(named).has(option);
        match word.sign {
            None if is_first => is_on = covers,
            None | Some(Sign::Add) => is_on |= covers,
            Some(Sign::Remove) => is_on &= !covers,
        }
        is_first = false;
    }
    is_on
}
