//! One pass of a request through httpd (`ap_process_request_internal`).

use super::environment::Environment;
use super::mapping::{Mapped, SCRIPT};
use super::path::{self, EncodedSlashes};
use super::{Access, Httpd, Request, Wanted};
use crate::evaluate::{Placed, paths};
use crate::model::layers::{Layers, first_word};
use crate::model::scope::Scope;
use crate::model::servers::Port;
use crate::model::{Doubt, Known};
use crate::world::Kind;

/// Two modules whose hooks run in the order in which they are loaded.
const ALIAS: &str = "alias_module";
const ENV: &str = "env_module";

/// A part of the way of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The connection: who listens, and whether TLS is spoken.
    Connection,
    /// Which server answers.
    VirtualHost,
    /// From the URL to a file or to another server.
    Mapping,
    /// Which sections apply.
    Sections,
    /// Whether the client is let in.
    Access,
    /// What a file is, and who answers for it.
    Type,
    /// What happens before a handler is asked: rewriting in directories, an index.
    Fixup,
    /// Who answers.
    Handler,
    /// The page that is shown for an error.
    ErrorDocument,
}

impl Stage {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Stage::Connection => "connection",
            Stage::VirtualHost => "virtual-host",
            Stage::Mapping => "mapping",
            Stage::Sections => "sections",
            Stage::Access => "access",
            Stage::Type => "type",
            Stage::Fixup => "fixup",
            Stage::Handler => "handler",
            Stage::ErrorDocument => "error-document",
        }
    }
}

/// One step of the way of a request, and the line that made it.
#[derive(Debug, Clone)]
pub struct Reason<'a> {
    /// Which part of the way it belongs to.
    pub stage: Stage,
    /// What happens.
    pub what: String,
    /// The line.
    pub line: Option<Placed<'a>>,
    /// Whether it was tried and does not count.
    pub is_passed_over: bool,
}

/// How a pass ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// httpd answers itself.
    Answered {
        /// The status.
        status: u16,
        /// What it writes to the log; empty where that is nothing, or not known.
        message: String,
        /// Where it redirects to.
        location: Option<String>,
        /// Whether a handler sends it as it sends a file: then no page is shown for an error.
        is_sent: bool,
    },
    /// Another pass begins.
    Internal {
        /// The URL.
        uri: String,
        /// Its query.
        query: Option<String>,
        /// The file that it is mapped to, where that is known.
        file: Option<String>,
        /// Whether variables keep their names.
        keeps_environment: bool,
    },
    /// The handler of mod_wsgi takes over.
    Handled,
}

impl End {
    /// An answer of httpd itself.
    pub fn refused(status: u16, message: impl Into<String>) -> Self {
        End::Answered {
            status,
            message: message.into(),
            location: None,
            is_sent: false,
        }
    }

    /// What a handler sends.
    pub fn sent(status: u16) -> Self {
        End::Answered {
            status,
            message: String::new(),
            location: None,
            is_sent: true,
        }
    }

    /// A redirect that the client follows.
    pub fn redirected(status: u16, location: String) -> Self {
        End::Answered {
            status,
            message: String::new(),
            location: Some(location),
            is_sent: false,
        }
    }
}

/// A way through directories that was gone.
#[derive(Debug, Clone)]
pub(super) struct Walk<'a> {
    /// The last directory, with a slash at its end.
    pub(super) directory: String,
    /// What was merged there.
    pub(super) layers: Layers<'a>,
}

/// What a request was let in for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Admission {
    /// The sections, each by its address.
    pub(super) sections: Vec<usize>,
    /// The file.
    pub(super) filename: String,
    /// The URL.
    pub(super) uri: String,
}

/// A pass through httpd.
#[derive(Clone)]
pub struct Pass<'a> {
    /// The server.
    pub httpd: &'a Httpd<'a>,
    /// The request.
    pub request: &'a Request,
    /// The main server or virtual host that it is for.
    pub server: &'a Scope<'a>,
    /// The path of the URL, normalised and decoded.
    pub uri: String,
    /// The query.
    pub query: Option<String>,
    /// The path of the file.
    pub filename: String,
    /// What follows the file's name.
    pub path_info: String,
    /// What is at the path of the file.
    pub found: Known<Kind>,
    /// Who mapped the URL.
    pub mapped: Mapped<'a>,
    /// What applies.
    pub layers: Layers<'a>,
    /// Behind which layers those of one kind end.
    pub(super) boundaries: Vec<usize>,
    /// The environment.
    pub environment: Environment,
    /// The handler, where something set one.
    pub handler: Option<String>,
    /// The content type, where a directive set one.
    pub content_type: Option<String>,
    /// Where on its way the request is.
    pub(super) stage: Stage,
    /// What led to the answer.
    pub reasons: Vec<Reason<'a>>,
    /// The `.htaccess` files that were not read yet.
    pub wanted: Vec<Wanted>,
    /// Whether the client was let in; `None` where that was not asked.
    pub access: Option<Access<'a>>,
    /// Whether the URL was mapped by a directive that makes everything there a program.
    pub(super) is_script_alias: bool,
    /// The method: those who only look at another URL, and error pages, have `GET`.
    pub method: String,
    /// The method that a handler sees, where it is another one.
    pub(super) handled_method: Option<String>,
    /// The path as it was sent, as long as it is not decoded.
    pub(super) sent_uri: Option<String>,
    /// Whether it goes on with another URL as if that had been asked for.
    pub(super) is_continued: bool,
    /// Whether it came to the same directory as the pass or request before.
    pub(super) is_where_it_was: bool,
    /// The way through the directories, and that of the pass or request before.
    pub(super) walk: Option<Walk<'a>>,
    pub(super) before: Option<Walk<'a>>,
    /// Whether it failed, and `ErrorDocument` names a page for that.
    pub has_error_page: bool,
    /// Who the client is, where that is known.
    pub(super) user: Option<String>,
    /// Whether the query stands in the URL that is passed on.
    pub(super) is_query_passed: bool,
    /// Whether it was let in and came to what happens before a handler is asked.
    pub(super) is_fixed_up: bool,
    /// Whether a rule said that no more rules are to be run.
    pub(super) is_rewritten_for_good: bool,
    /// Whether it shows a page for an error.
    pub(super) is_error_page: bool,
    /// Whether a rule answers it or sends it elsewhere, which counts also for a page about an error:
    /// mod_rewrite forgets then that there was one.
    pub(super) is_sent_elsewhere: bool,
    /// The status that is answered, once that is known.
    pub status: Option<u16>,
    /// The handler that a rewrite rule forces.
    pub(super) forced_handler: Option<String>,
    /// Whether a module only looks what would be there.
    pub(super) is_subrequest: bool,
    /// How many requests it is nested in, and how often any of them looked at another URL.
    pub(super) nesting: usize,
    pub(super) looks: usize,
    /// What `AcceptPathInfo` said where the request came from, if it goes on from there: that is not
    /// asked again.
    pub(super) accepted_path_info: Option<Known<Option<bool>>>,
    /// What the pass before was let in for.
    pub(super) admitted: Option<Admission>,
}

impl<'a> Pass<'a> {
    /// A pass for a URL that is decoded already.
    pub(super) fn new(
        httpd: &'a Httpd<'a>,
        request: &'a Request,
        server: &'a Scope<'a>,
        uri: &str,
    ) -> Self {
        Self {
            httpd,
            request,
            server,
            uri: uri.to_owned(),
            query: request.query.clone(),
            filename: String::new(),
            path_info: String::new(),
            found: Ok(Kind::Missing),
            mapped: Mapped::Nothing,
            layers: Layers::new(httpd.config, httpd.table()),
            boundaries: Vec::new(),
            environment: Environment::default(),
            handler: None,
            content_type: None,
            stage: Stage::Mapping,
            reasons: Vec::new(),
            wanted: Vec::new(),
            access: None,
            method: request.method.clone(),
            handled_method: None,
            sent_uri: None,
            is_continued: false,
            is_where_it_was: false,
            walk: None,
            before: None,
            has_error_page: false,
            is_error_page: false,
            is_sent_elsewhere: false,
            user: None,
            is_script_alias: false,
            is_query_passed: false,
            is_fixed_up: false,
            is_rewritten_for_good: false,
            status: None,
            forced_handler: None,
            is_subrequest: false,
            nesting: 0,
            looks: 0,
            accepted_path_info: None,
            admitted: None,
        }
    }

    /// A pass that comes no further than to a server: nothing but what it says outside of sections
    /// applies.
    pub fn at_server(httpd: &'a Httpd<'a>, request: &'a Request, server: &'a Scope<'a>) -> Self {
        let mut pass = Self::new(httpd, request, server, "");
        pass.begin_layers();
        pass
    }

    /// The first pass of a request: the URL is still as it was sent. Where that is nothing that httpd
    /// takes, the status with which it refuses it.
    pub(super) fn first(
        httpd: &'a Httpd<'a>,
        request: &'a Request,
        server: &'a Scope<'a>,
    ) -> Known<(Self, Option<u16>)> {
        let mut pass = Self::at_server(httpd, request, server);
        let merges = pass.layers.word("MergeSlashes")?;
        let merges = merges.is_none_or(|it| it.eq_ignore_ascii_case("on"));
        // What the main server says is not for virtual hosts.
        let mut own = Layers::new(httpd.config, httpd.table());
        own.push(server.body(), None);
        let encoded = own.word("AllowEncodedSlashes")?;
        let encoded = match encoded.map(|it| it.to_ascii_lowercase()).as_deref() {
            Some("on") => EncodedSlashes::Decoded,
            Some("nodecode") => EncodedSlashes::Kept,
            _ => EncodedSlashes::Refused,
        };
        let status = match path::normalised(&request.path, merges, encoded) {
            Ok(uri) => {
                pass.uri = uri;
                pass.sent_uri = Some(request.path.clone());
                None
            }
            Err(unusable) => {
                pass.uri = unusable.path;
                Some(unusable.status)
            }
        };
        Ok((pass, status))
    }

    /// Takes the sections about a file, whatever URL leads to it.
    pub fn look_at_file(&mut self, path: &str) {
        self.map_to_file(path);
        // A refusal on the way is one for whatever lies behind.
        if let Ok(None) = self.walk_directories() {
            self.take_files();
        }
    }

    /// It is mapped to a file already.
    pub(super) fn map_to_file(&mut self, path: &str) {
        self.filename = path.to_owned();
        self.mapped = Mapped::DocumentRoot;
    }

    /// Goes through all phases.
    pub(super) fn run(&mut self) -> Known<End> {
        // What is set before sections are looked at counts for conditions.
        self.begin_layers();
        // Who only looks, and who goes on with another URL, has what was set before.
        let sets =
            !self.is_subrequest && !self.is_continued && self.httpd.has("setenvif_module")?;
        if sets {
            self.set_by_request();
        }
        self.take_early_sections();
        if self.mapped == Mapped::Nothing
            && let Some(end) = self.translate()?
        {
            return Ok(end);
        }
        // Before directories are looked at, nothing but what servers say counts.
        if self.method == "TRACE" && !self.is_traced_elsewhere()? {
            self.begin_layers();
            return self.echo();
        }
        if !matches!(self.mapped, Mapped::Proxy(_)) {
            if let Some(end) = self.walk_directories()? {
                // What was found on the way is forgotten.
                self.begin_layers();
                return Ok(end);
            }
        } else {
            self.begin_layers();
        }
        self.take_late_sections();
        if sets {
            self.set_by_sections();
        }
        self.pass_over_sections();
        self.stage = Stage::Access;
        if !self.is_admitted()
            && let Some(end) = self.ask_for_access()?
        {
            return Ok(end);
        }
        self.stage = Stage::Type;
        self.find_type()?;
        self.override_type()?;
        self.stage = Stage::Fixup;
        self.is_fixed_up = true;
        if let Some(end) = self.fix_up()? {
            return Ok(end);
        }
        // Of a subrequest only what would be there matters.
        if self.is_subrequest {
            return Ok(End::Handled);
        }
        self.stage = Stage::Handler;
        if let Some(method) = self.handled_method.take() {
            self.method = method;
        }
        if self.is_for_wsgi()? {
            return Ok(End::Handled);
        }
        if let Some(end) = self.act()? {
            return Ok(end);
        }
        self.serve()
    }

    // In the order of the modules' hooks.
    fn fix_up(&mut self) -> Known<Option<End>> {
        if let Some(end) = self.negotiate()? {
            return Ok(Some(end));
        }
        if let Some(end) = self.mend_spelling()? {
            return Ok(Some(end));
        }
        let mut rewritten = None;
        if self.httpd.has("rewrite_module")? && !matches!(self.mapped, Mapped::Proxy(_)) {
            rewritten = self.rewrite_file()?;
        }
        if let Some(End::Answered { .. }) = rewritten {
            return Ok(rewritten);
        }
        let (sets, redirects) = (self.httpd.has(ENV)?, self.httpd.has(ALIAS)?);
        let sets_first = sets && !(redirects && self.httpd.loads_before(ALIAS, ENV));
        if sets_first {
            self.set_always();
        }
        if redirects && let Some(end) = self.redirect_file()? {
            return Ok(Some(end));
        }
        if sets && !sets_first {
            self.set_always();
        }
        // The other URL is a handler's, which is asked only where no slash is missing.
        match rewritten {
            Some(end) => {
                let slash = self.add_slash()?;
                self.handler = slash.as_ref().map(|_| "redirect-handler".to_owned());
                Ok(Some(slash.unwrap_or(end)))
            }
            None => {
                let end = self.serve_directory()?;
                // A rule's handler counts more than that of a name or of `SetHandler`.
                if let Some(forced) = self.forced_handler.take() {
                    self.handler = Some(forced);
                }
                Ok(end)
            }
        }
    }

    // mod_proxy passes `TRACE` on, unless that is off.
    fn is_traced_elsewhere(&self) -> Known<bool> {
        let off = self.layers.word("TraceEnable")?;
        let is_off = off.is_some_and(|it| it.eq_ignore_ascii_case("off"));
        Ok(matches!(self.mapped, Mapped::Proxy(_)) && !is_off)
    }

    // `TRACE` is answered before anybody asks who may do what (`ap_send_http_trace`).
    fn echo(&mut self) -> Known<End> {
        if self.mapped == Mapped::DocumentRoot {
            self.filename = paths::resolve("/", &self.filename);
        }
        let word = self.layers.last("TraceEnable")?;
        let is = |value: &str| {
            let word = word.as_ref().and_then(first_word);
            word.is_some_and(|it| it.eq_ignore_ascii_case(value))
        };
        let length = self.request.header("Content-Length");
        let has_body = length.is_some_and(|it| it.trim() != "0")
            || self.request.header("Transfer-Encoding").is_some();
        let status = match (is("off"), has_body && !is("extended")) {
            (true, _) => 405,
            (_, true) => 413,
            _ => 200,
        };
        let what = match status {
            200 => "`TRACE` is answered with the request itself",
            413 => "`TRACE` may have no body",
            _ => "`TRACE` is not allowed",
        };
        self.explain(what.to_owned(), word);
        Ok(End::refused(status, ""))
    }

    fn is_for_wsgi(&self) -> Known<bool> {
        if !self.httpd.has("wsgi_module")? {
            return Ok(false);
        }
        let handler = self.answering_handler();
        let by_type = handler == "application/x-httpd-wsgi";
        Ok(handler == SCRIPT || by_type || self.handler_script()?.is_some())
    }

    /// The `WSGIHandlerScript` of the handler that answers.
    pub fn handler_script(&self) -> Known<Option<Placed<'a>>> {
        let handler = self.answering_handler();
        let lines = self.layers.lines("WSGIHandlerScript")?;
        let is_meant = |it: &Placed<'a>| first_word(it).as_deref() == Some(handler);
        Ok(lines.into_iter().rfind(is_meant))
    }

    /// What the servers say outside of sections.
    pub fn server_layers(&self) -> Layers<'a> {
        let mut layers = Layers::new(self.httpd.config, self.httpd.table());
        for body in self.servers() {
            layers.push(body, None);
        }
        layers
    }

    /// Whether it ended so early in doubt that an error page or another file may answer instead.
    pub fn may_lead_elsewhere(&self) -> bool {
        let is_early = matches!(self.stage, Stage::Access | Stage::Type | Stage::Fixup);
        is_early && self.found.is_ok()
    }

    /// The sections that apply, each by its address: two passes with the same are checked once.
    pub(super) fn sections(&self) -> Vec<usize> {
        let layers = self.layers.list.iter();
        layers
            .map(|it| std::ptr::from_ref(it.body) as usize)
            .collect()
    }

    /// What it was let in for.
    pub(super) fn admission(&self) -> Admission {
        Admission {
            sections: self.sections(),
            filename: self.filename.clone(),
            uri: self.uri.clone(),
        }
    }

    pub(super) fn explain(&mut self, what: String, line: Option<Placed<'a>>) {
        let stage = self.stage;
        self.reasons.push(Reason {
            stage,
            what,
            line,
            is_passed_over: false,
        });
    }

    /// The name of the server (`server_hostname`), exactly as it is written.
    pub fn hostname(&self) -> Known<String> {
        self.httpd.hostname(self.server.server)
    }

    /// The name that the server calls itself (`ap_get_server_name`).
    pub(super) fn server_name(&self) -> Known<String> {
        let canonical = self.layers.word("UseCanonicalName")?.unwrap_or_default();
        match canonical.to_ascii_lowercase().as_str() {
            "on" => self.hostname(),
            "dns" => Err(Doubt::new(
                "the server has the name that its DNS server says",
            )),
            _ => match self.request.host_name() {
                Some(name) => Ok(name),
                None => self.hostname(),
            },
        }
    }

    /// The port that the server says it has (`ap_get_server_port`).
    pub fn server_port(&self) -> Known<u16> {
        let is = |word: Option<String>, value: &str| {
            word.is_some_and(|it| it.eq_ignore_ascii_case(value))
        };
        let canonical = is(self.layers.word("UseCanonicalName")?, "on");
        let physical = is(self.layers.word("UseCanonicalPhysicalPort")?, "on");
        if let Some(port) = self.request.host_port().filter(|_| !canonical) {
            return Ok(port);
        }
        let own = match self.httpd.servers.get(self.server.server).port {
            Port::Number(number) => number,
            Port::Any => 0,
            Port::Unknown => return Err(Doubt::new("the port of the main server is not known")),
        };
        match (canonical, physical) {
            (false, true) => Ok(self.request.port),
            _ if own > 0 => Ok(own),
            (true, true) => Ok(self.request.port),
            _ => {
                let is_tls = self.httpd.has("ssl_module")?
                    && is(self.server_layers().word("SSLEngine")?, "on");
                Ok(if is_tls { 443 } else { 80 })
            }
        }
    }
}
