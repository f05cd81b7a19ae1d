//! What is at a file, and who answers for it.

use std::collections::BTreeMap;

use super::mapping::{Mapped, REDIRECTS};
use super::pass::{End, Pass};
use super::{condition, unseen};
use crate::argument::options::{DirectoryOption, OptionSet, Options, Sign};
use crate::evaluate::{Placed, arguments_of};
use crate::httpd::NameId;
use crate::model::layers::words_of;
use crate::model::scope::components;
use crate::model::{Doubt, Known};
use crate::world::Kind;

const OPTIONS: NameId = NameId::of("Options");

/// The handler of directories, which is also their content type.
const DIRECTORY: &str = "httpd/unix-directory";

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
            for extension in name.split('.').skip(1) {
                if let Some(handler) = handlers.get(extension) {
                    self.handler = Some(handler.clone());
                }
                if let Some(content_type) = types.get(extension) {
                    self.content_type = Some(content_type.clone());
                }
            }
        }
        if let Some(forced) = self.forced_handler.take() {
            self.handler = Some(forced);
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
    fn by_extension(&self, add: &str, remove: &str) -> Known<BTreeMap<String, String>> {
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

    /// mod_alias in directories: a redirect that was not seen before the URL was mapped.
    pub(super) fn redirect_file(&mut self) -> Known<Option<End>> {
        let layers: Vec<_> = self
            .layers
            .list
            .iter()
            .skip(self.servers().count())
            .cloned()
            .collect();
        for layer in layers.iter().rev() {
            let lines = layer.body.named_any(self.httpd.config, &REDIRECTS);
            let Some(line) = lines.last() else {
                continue;
            };
            if let Some(doubt) = &layer.doubt {
                return Err(doubt.clone());
            }
            if let Some(end) = self.redirect_by(line, true)? {
                return Ok(Some(end));
            }
        }
        Ok(None)
    }

    /// mod_dir: a slash behind a directory, its index, and what is shown where nothing is.
    pub(super) fn serve_directory(&mut self) -> Known<Option<End>> {
        if !self.httpd.has("dir_module")? || matches!(self.mapped, Mapped::Proxy(_)) {
            return Ok(None);
        }
        match self.found.clone() {
            Ok(Kind::Directory) => {}
            Ok(Kind::Missing) if self.handler.is_none() => return self.fall_back(),
            Err(doubt) if self.handler.is_none() => return Err(doubt),
            _ => return Ok(None),
        }
        if self.handler.is_none() {
            self.handler = Some(DIRECTORY.to_owned());
        }
        if !self.path_info.is_empty() {
            return Ok(None);
        }
        if !self.uri.ends_with('/') {
            let slash = self.layers.word("DirectorySlash")?;
            let is_off = slash.is_some_and(|it| !it.eq_ignore_ascii_case("on"));
            return match is_off {
                true => Ok(None),
                false => Ok(Some(End::redirected(301, format!("{}/", self.uri)))),
            };
        }
        let checks = self.layers.is_on("DirectoryCheckHandler")?;
        if checks && self.handler.as_deref() != Some(DIRECTORY) {
            return Ok(None);
        }
        self.find_index()
    }

    fn find_index(&mut self) -> Known<Option<End>> {
        let lines = self.layers.lines("DirectoryIndex")?;
        let mut names: Vec<String> = lines.iter().flat_map(words_of).collect();
        if names.is_empty() {
            names.push("index.html".to_owned());
        }
        if names.len() == 1 && names[0].eq_ignore_ascii_case("disabled") {
            return Ok(None);
        }
        let mut refusal = None;
        for name in names {
            let uri = match name.starts_with('/') {
                true => name,
                false => format!("{}{name}", self.uri),
            };
            let mut index = Pass::new(self.httpd, self.request, self.server, &uri);
            index.query.clone_from(&self.query);
            index.is_subrequest = true;
            let end = index.run()?;
            self.wanted.append(&mut index.wanted);
            if index.found == Ok(Kind::File) && matches!(end, End::Handled) {
                self.explain(format!("`{uri}` is the index"), None);
                return Ok(Some(End::Internal {
                    uri,
                    query: self.query.clone(),
                    keeps_environment: true,
                }));
            }
            match end {
                End::Internal { .. } if index.found == Ok(Kind::Missing) => return Ok(Some(end)),
                End::Answered { status, .. } if ![404, 200].contains(&status) => {
                    refusal = Some(end);
                }
                _ => {}
            }
        }
        Ok(refusal)
    }

    fn fall_back(&mut self) -> Known<Option<End>> {
        let Some(uri) = self.layers.word("FallbackResource")? else {
            return Ok(None);
        };
        if uri.eq_ignore_ascii_case("disabled") || uri == self.uri {
            return Ok(None);
        }
        self.explain(format!("nothing is there, so `{uri}` answers"), None);
        Ok(Some(End::Internal {
            uri,
            query: self.query.clone(),
            keeps_environment: true,
        }))
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
                keeps_environment: false,
            }));
        }
        Ok(None)
    }

    /// How every handler but mod_wsgi's answers.
    pub(super) fn serve(&self) -> Known<End> {
        if let Mapped::Proxy(url) = &self.mapped {
            return self.serve_by_proxy(url);
        }
        let handler = self.answering_handler();
        let of_module = |module: &str| self.httpd.has(module);
        match handler {
            "cgi-script" if of_module("cgi_module")? || of_module("cgid_module")? => {
                return Err(Doubt::new("a CGI program answers"));
            }
            "server-status" if of_module("status_module")? => return Ok(End::refused(200, "")),
            "server-info" if of_module("info_module")? => return Ok(End::refused(200, "")),
            _ if handler.starts_with("proxy:") => return Err(Doubt::new("another server answers")),
            _ => {}
        }
        self.serve_file()
    }

    // httpd's own handler of files.
    fn serve_file(&self) -> Known<End> {
        let missing = || Ok(End::refused(404, "AH00128: File does not exist"));
        match self.found.clone()? {
            Kind::Missing => missing(),
            Kind::Directory if self.httpd.has("autoindex_module")? => {
                Ok(match self.has_option(DirectoryOption::Indexes)? {
                    true => End::refused(200, ""),
                    false => End::refused(403, "AH01276: Cannot serve directory"),
                })
            }
            Kind::Directory => Ok(End::refused(404, "AH00129: Attempt to serve directory")),
            _ if !self.path_info.is_empty() && !self.accepts_path_info()?.unwrap_or(false) => {
                missing()
            }
            _ if !matches!(self.request.method.as_str(), "GET" | "HEAD" | "POST") => {
                Ok(End::refused(405, ""))
            }
            _ => match self.is_readable() {
                Ok(false) => Ok(End::refused(
                    403,
                    "AH00132: file permissions deny server access",
                )),
                _ => Ok(End::refused(200, "")),
            },
        }
    }

    /// Whether the server's processes may read the file.
    pub fn is_readable(&self) -> Known<bool> {
        self.httpd.may(&self.httpd.account()?, 4, &self.filename)
    }

    /// What `AcceptPathInfo` says, where it says anything.
    pub fn accepts_path_info(&self) -> Known<Option<bool>> {
        let word = self.layers.word("AcceptPathInfo")?;
        Ok(word.and_then(|it| match it.to_ascii_lowercase().as_str() {
            "on" => Some(true),
            "off" => Some(false),
            _ => None,
        }))
    }

    // What another server answers is not known; only whether there is one, on this machine.
    fn serve_by_proxy(&self, url: &str) -> Known<End> {
        let port = url.split_once("://127.0.0.1:").and_then(|(_, rest)| {
            let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
            digits.parse::<u16>().ok()
        });
        match port.map(|it| self.is_listening(it)) {
            Some(Ok(false)) => Ok(End::refused(
                503,
                "AH00957: http: attempt to connect to 127.0.0.1 failed",
            )),
            _ => Err(Doubt::new(format!("`{url}` answers"))),
        }
    }

    // Whether something on this machine takes connections to a port of 127.0.0.1.
    fn is_listening(&self, port: u16) -> Known<bool> {
        const LISTENING: &str = "0A";
        let table = self.httpd.world().read("/proc/net/tcp");
        let table = table.map_err(|_| unseen("/proc/net/tcp"))?;
        let table = String::from_utf8_lossy(&table);
        let wanted = format!(":{port:04X}");
        Ok(table.lines().any(|line| {
            let mut fields = line.split_whitespace().skip(1);
            let local = fields.next().unwrap_or_default();
            let is_there = local.ends_with(&wanted)
                && (local.starts_with("0100007F") || local.starts_with("00000000"));
            is_there && fields.nth(1) == Some(LISTENING)
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
