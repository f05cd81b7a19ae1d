//! What one request gets from mod_wsgi: the values that its script sees, or how it fails.

use super::daemon::Daemon;
use super::failure::Failure;
use super::group::{self, DaemonGroup};
use super::python::{self, Python};
use super::script::Process;
use super::{is_six, names, script, source};
use crate::argument::number::strtol;
use crate::argument::options::DirectoryOption;
use crate::argument::wsgi::daemon_process::DaemonOptionName;
use crate::argument::wsgi::script::{Role, Script, ScriptOption};
use crate::evaluate::{Placed, arguments_of};
use crate::model::layers::words_of;
use crate::model::processes::{self, Limits, Mpm};
use crate::model::request::{End, Httpd, Journey, Mapped, Mount, Pass};
use crate::model::{Doubt, Known, Thing};
use crate::world::Kind;

/// What a request gets.
#[derive(Debug, Clone)]
pub struct Answer<'a> {
    /// The status; `None` where no process answers at all. What a script itself answers is 200.
    pub status: Known<Option<u16>>,
    /// What is written to the log.
    pub message: Option<String>,
    /// The number that mod_wsgi 6 writes before it.
    pub code: Option<&'static str>,
    /// Where a redirect leads to.
    pub location: Option<String>,
    /// The mount that took the request.
    pub mount: Option<Mount<'a>>,
    /// What a script sees, where one is to answer.
    pub values: Option<Values<'a>>,
}

/// What a script sees.
#[derive(Debug, Clone)]
pub struct Values<'a> {
    /// The script.
    pub script: String,
    /// `mod_wsgi.process_group`: empty in a process of httpd itself.
    pub process_group: Known<String>,
    /// The line that says so, if any does.
    pub process_group_line: Option<Placed<'a>>,
    /// `mod_wsgi.application_group`: empty in the main interpreter.
    pub application_group: Known<String>,
    /// The line that says so, if any does.
    pub application_group_line: Option<Placed<'a>>,
    /// The name of the object that is called.
    pub callable: Known<String>,
    /// `wsgi.multithread`.
    pub multithread: Known<bool>,
    /// `wsgi.multiprocess`.
    pub multiprocess: Known<bool>,
    /// `sys.prefix`.
    pub sys_prefix: Known<String>,
}

/// The answer to a request that was followed to its end. Where mod_wsgi fails, and `ErrorDocument`
/// has a page for that, it is followed further.
pub fn answer<'a>(journey: &mut Journey<'a>) -> Answer<'a> {
    let answer = seen(journey);
    let failed = match answer.status {
        Ok(Some(status)) if status >= 400 && answer.values.is_some() => status,
        _ => return answer,
    };
    let message = answer.message.clone().unwrap_or_default();
    if !journey.fail(failed, message) {
        journey.has_no_page = journey.failure.is_some();
        return answer;
    }
    let page = seen(journey);
    let is_failing = matches!(page.status, Ok(Some(status)) if status >= 400);
    journey.has_no_page |= is_failing && page.values.is_some();
    Answer {
        // Of the two failures the first one is told.
        message: answer.message,
        code: answer.code,
        ..page
    }
}

// The answer of the last pass.
fn seen<'a>(journey: &Journey<'a>) -> Answer<'a> {
    let Some(pass) = journey.last() else {
        return Answer::plain(&journey.end);
    };
    if no_process_answers(pass.httpd) {
        return Answer {
            message: Some("Fatal Python error: init_fs_encoding".to_owned()),
            ..Answer::of_status(Ok(None))
        };
    }
    let mut answer = match &journey.end {
        Ok(End::Handled) => by_script(pass),
        Err(doubt) => {
            let failure = pass.proxy_failure();
            Answer::plain(&failure.ok_or_else(|| doubt.clone()))
        }
        end => Answer::plain(end),
    };
    if let Mapped::Mount(mount) = &pass.mapped {
        answer.mount = Some((**mount).clone());
    }
    let failure = journey
        .failure
        .as_ref()
        .filter(|_| answer.location.is_none());
    if let Some((status, message)) = failure {
        // An error page keeps the status of the error, unless a script sets one.
        let is_script = answer.values.is_some() && answer.status == Ok(Some(200));
        if !is_script {
            answer.status = answer.status.map(|_| Some(*status));
        }
        if answer.values.is_none() {
            answer.message = Some(message.clone()).filter(|it| !it.is_empty());
        }
    }
    answer
}

impl<'a> Answer<'a> {
    /// A request of which only the status is known, or why it is not.
    pub fn of_status(status: Known<Option<u16>>) -> Self {
        Self {
            status,
            message: None,
            code: None,
            location: None,
            mount: None,
            values: None,
        }
    }

    fn plain(end: &Known<End>) -> Self {
        match end {
            Ok(End::Answered {
                status,
                message,
                location,
                ..
            }) => Self {
                message: Some(message.clone()).filter(|it| !it.is_empty()),
                location: location.clone(),
                ..Self::of_status(Ok(Some(*status)))
            },
            Ok(_) => Self::of_status(Err(Doubt::new("it was not followed to its end"))),
            Err(doubt) => Self::of_status(Err(doubt.clone())),
        }
    }
}

// In versions before 6, a process of httpd in which Python cannot start ends at once, and so does
// the next one.
fn no_process_answers(httpd: &Httpd<'_>) -> bool {
    let embeds = httpd.has("wsgi_module") == Ok(true) && is_embedding(httpd);
    if !embeds || is_six(httpd) != Some(false) {
        return false;
    }
    let account = httpd.account();
    account.is_ok_and(|it| matches!(python::of(httpd, None, &it), Ok(Python::Fails(_))))
}

/// Whether Python starts in the processes of httpd.
fn is_embedding(httpd: &Httpd<'_>) -> bool {
    let mut layers = crate::model::layers::Layers::new(httpd.config, httpd.table());
    layers.push(httpd.main().body(), None);
    layers.is_on("WSGIRestrictEmbedded") == Ok(false)
}

fn by_script<'a>(pass: &Pass<'a>) -> Answer<'a> {
    let values = values(pass);
    let status = match failure(pass, &values) {
        Ok(None) => Ok(Some(200)),
        Ok(Some(failure)) => {
            return Answer {
                message: Some(failure.logged(is_six(pass.httpd) == Some(true))),
                code: failure.code(),
                values: Some(values),
                ..Answer::of_status(Ok(Some(failure.status())))
            };
        }
        Err(doubt) => Err(doubt),
    };
    Answer {
        values: Some(values),
        ..Answer::of_status(status)
    }
}

/// Where a setting comes from: the options of the mount or handler, or a directive.
struct Settings<'p, 'a> {
    pass: &'p Pass<'a>,
    // The directive that brought the script, and what it says.
    line: Option<Placed<'a>>,
    script: Option<Script>,
}

impl<'p, 'a> Settings<'p, 'a> {
    fn of(pass: &'p Pass<'a>) -> Known<Self> {
        if let Some(line) = pass.handler_script()? {
            let text = line.occurrence.unit.text(line.node);
            let script = Script::parse(Role::Handler, arguments_of(&text));
            return Ok(Self {
                pass,
                line: Some(line),
                script: Some(script),
            });
        }
        let mount = match &pass.mapped {
            Mapped::Mount(mount) => Some(mount),
            _ => None,
        };
        Ok(Self {
            pass,
            line: mount.map(|it| it.line),
            script: mount.map(|it| it.directive.clone()),
        })
    }

    // The text of a setting as it is written, and the line that says it.
    fn written(
        &self,
        option: ScriptOption,
        directive: &str,
    ) -> Known<Option<(String, Placed<'a>)>> {
        let own = self.script.as_ref().and_then(|it| it.value(option));
        if let (Some(own), Some(line)) = (own, self.line) {
            return Ok(Some((own.value.clone(), line)));
        }
        let line = self.pass.layers.last(directive)?;
        Ok(line.and_then(|it| Some((words_of(&it).into_iter().next()?, it))))
    }
}

fn values<'a>(pass: &Pass<'a>) -> Values<'a> {
    let mut values = chosen(pass);
    values.describe_process(pass);
    values
}

/// The script, its groups and its object; nothing of the process yet.
pub(super) fn chosen<'a>(pass: &Pass<'a>) -> Values<'a> {
    let mut values = Values {
        script: script_of(pass).unwrap_or_else(|_| pass.filename.clone()),
        process_group: Ok(String::new()),
        process_group_line: None,
        application_group: Ok(String::new()),
        application_group_line: None,
        callable: Ok("application".to_owned()),
        multithread: Ok(true),
        multiprocess: Ok(true),
        sys_prefix: Ok(String::new()),
    };
    match Settings::of(pass) {
        Ok(settings) => values.take(pass, &settings),
        Err(doubt) => {
            values.process_group = Err(doubt.clone());
            values.application_group = Err(doubt.clone());
            values.callable = Err(doubt);
        }
    }
    values.dispatch(pass);
    values
}

impl<'a> Values<'a> {
    fn take(&mut self, pass: &Pass<'a>, settings: &Settings<'_, 'a>) {
        match settings.written(ScriptOption::ProcessGroup, "WSGIProcessGroup") {
            Ok(None) => {}
            Ok(Some((written, line))) => {
                self.process_group = names::expanded(pass, &written);
                self.process_group_line = Some(line);
            }
            Err(doubt) => self.process_group = Err(doubt),
        }
        match settings.written(ScriptOption::ApplicationGroup, "WSGIApplicationGroup") {
            Ok(None) => self.application_group = names::expanded(pass, "%{RESOURCE}"),
            Ok(Some((written, line))) => {
                self.application_group = names::expanded(pass, &written);
                self.application_group_line = Some(line);
            }
            Err(doubt) => self.application_group = Err(doubt),
        }
        let own = settings
            .script
            .as_ref()
            .and_then(|it| it.value(ScriptOption::CallableObject));
        self.callable = match own {
            Some(own) => Ok(own.value.clone()),
            None if settings
                .script
                .as_ref()
                .is_some_and(|it| it.role == Role::Handler) =>
            {
                Ok("handle_request".to_owned())
            }
            None => match pass.layers.word("WSGICallableObject") {
                Ok(Some(written)) => names::callable(pass, &written),
                Ok(None) => Ok("application".to_owned()),
                Err(doubt) => Err(doubt),
            },
        };
    }

    // A dispatch script may choose both groups, and the object; it is not run.
    fn dispatch(&mut self, pass: &Pass<'a>) {
        let line = match pass.layers.last("WSGIDispatchScript") {
            Ok(None) => return,
            Ok(Some(line)) => line,
            Err(doubt) => {
                self.process_group = Err(doubt.clone());
                self.application_group = Err(doubt);
                return;
            }
        };
        let path = words_of(&line).into_iter().next().unwrap_or_default();
        let text = pass.httpd.world().read(&pass.httpd.resolve(&path));
        let text = text.map(|it| String::from_utf8_lossy(&it).into_owned());
        let chosen = |function: &str| match &text {
            Ok(text) if !text.contains(&format!("def {function}")) && !text.contains(function) => {
                None
            }
            Ok(text) => Some(source::constant_result(text, function)),
            Err(_) => Some(None),
        };
        let doubt = || {
            Doubt::new(format!(
                "the dispatch script `{path}` may choose another one"
            ))
        };
        let group = chosen("process_group");
        if let Some(group) = group {
            let group = group.ok_or_else(doubt);
            self.process_group = group.and_then(|it| names::expanded(pass, &it));
            self.process_group_line = Some(line);
        }
        if let Some(group) = chosen("application_group") {
            let group = group.ok_or_else(doubt);
            self.application_group = group.and_then(|it| names::expanded(pass, &it));
            self.application_group_line = Some(line);
        }
        if let Some(callable) = chosen("callable_object") {
            self.callable = callable.ok_or_else(doubt);
        }
    }

    fn describe_process(&mut self, pass: &Pass<'a>) {
        let found = match &self.process_group {
            Ok(name) if name.is_empty() => Ok(None),
            Ok(name) => group::find(pass.httpd, name).map(|it| it.or(None)),
            Err(doubt) => Err(doubt.clone()),
        };
        match (&self.process_group, found) {
            (Ok(name), Ok(None)) if name.is_empty() => self.describe_embedded(pass.httpd),
            (_, Ok(Some(group))) => self.describe_daemon(pass.httpd, &group),
            (_, Ok(None)) => {
                let doubt = Doubt::new("there is no such process group");
                self.multithread = Err(doubt.clone());
                self.multiprocess = Err(doubt.clone());
                self.sys_prefix = Err(doubt);
            }
            (_, Err(doubt)) => {
                self.multithread = Err(doubt.clone());
                self.multiprocess = Err(doubt.clone());
                self.sys_prefix = Err(doubt);
            }
        }
    }

    fn describe_daemon(&mut self, httpd: &Httpd<'a>, group: &DaemonGroup<'a>) {
        self.multithread = Ok(group.is_multithread());
        self.multiprocess = Ok(group.is_multiprocess());
        self.sys_prefix = match Daemon::of(httpd, group) {
            Ok(Ok(daemon)) => daemon.python.and_then(prefix),
            Ok(Err(_)) => Err(Doubt::new("no process of the group answers")),
            Err(doubt) => Err(doubt),
        };
    }

    fn describe_embedded(&mut self, httpd: &Httpd<'a>) {
        let limits = limits(httpd);
        self.multithread = limits.clone().map(|it| it.threads != 1);
        self.multiprocess = limits.map(|it| it.processes != 1);
        let account = httpd.account();
        let python = account.and_then(|it| python::of(httpd, None, &it));
        self.sys_prefix = python.and_then(prefix);
    }
}

fn prefix(python: Python) -> Known<String> {
    match python {
        Python::Runs(prefix) => Ok(prefix),
        Python::Fails(home) => Err(Doubt::new(format!("Python does not start at `{home}`"))),
    }
}

const MPMS: [(&str, Mpm); 3] = [
    ("mpm_prefork_module", Mpm::Prefork),
    ("mpm_worker_module", Mpm::Worker),
    ("mpm_event_module", Mpm::Event),
];

/// How many processes httpd has at most, and how many threads each of them.
///
/// # Errors
/// The MPM is not known, or one of its numbers.
pub(super) fn limits(httpd: &Httpd<'_>) -> Known<Limits> {
    // There is only one, so that what else may be compiled in does not matter.
    let found = MPMS.into_iter().find(|it| httpd.has(it.0) == Ok(true));
    if let Some((_, mpm)) = found {
        let limits = processes::limits(httpd.config, httpd.model, mpm);
        let in_doubt = || Doubt::new("the numbers of processes depend on a condition");
        return limits.ok_or_else(in_doubt);
    }
    Err(Doubt::new("the MPM is not known"))
}

// The script that is loaded: of a handler script it is not the file of the URL.
fn script_of(pass: &Pass<'_>) -> Known<String> {
    match pass.handler_script()? {
        Some(line) => {
            let path = words_of(&line).into_iter().nth(1).unwrap_or_default();
            Ok(path)
        }
        None => Ok(pass.filename.clone()),
    }
}

// What mod_wsgi checks, in its order (`wsgi_hook_handler`, `wsgi_execute_remote`).
fn failure(pass: &Pass<'_>, values: &Values<'_>) -> Known<Option<Failure>> {
    let httpd = pass.httpd;
    let is_handler_script = pass.handler_script()?.is_some();
    let is_mounted = matches!(pass.mapped, Mapped::Mount(_));
    if !is_handler_script {
        if !is_mounted && !pass.has_option(DirectoryOption::ExecCgi)? {
            return Ok(Some(Failure::ExecCgiIsOff));
        }
        match pass.found.clone()? {
            Kind::Missing => return Ok(Some(Failure::ScriptIsMissing)),
            Kind::Directory => return Ok(Some(Failure::ScriptIsDirectory)),
            _ => {}
        }
    }
    if pass.accepts_path_info()? == Some(false) && !pass.path_info.is_empty() {
        return Ok(Some(Failure::PathInfoIsOff));
    }
    if let Some(failure) = refused_body(pass)? {
        return Ok(Some(failure));
    }
    let name = values.process_group.clone()?;
    if let Some(failure) = refused_group(pass, &name)? {
        return Ok(Some(failure));
    }
    let found = match name.is_empty() {
        true => None,
        false => group::find(httpd, &name)?,
    };
    let (account, python, own_path) = match &found {
        Some(group) => {
            if let Some(failure) = group.distrust(httpd, &pass.filename)? {
                return Ok(Some(failure));
            }
            let daemon = match Daemon::of(httpd, group)? {
                Ok(daemon) => daemon,
                Err(failure) => return Ok(Some(failure)),
            };
            let path = group.directive.value(DaemonOptionName::PythonPath);
            let path = path.map(|it| it.value.clone());
            (daemon.account, daemon.python?, path)
        }
        None => {
            if !is_embedding(httpd) {
                return Ok(Some(Failure::EmbeddedIsRestricted));
            }
            let account = httpd.account()?;
            let python = python::of(httpd, None, &account)?;
            if matches!(python, Python::Fails(_)) {
                return match is_six(httpd) {
                    Some(_) => Ok(Some(Failure::PythonDoesNotStart)),
                    None => Err(Doubt::new("it depends on the version of mod_wsgi")),
                };
            }
            let path = pass.server_layers().word("WSGIPythonPath")?;
            (account, python, path)
        }
    };
    let callable = values.callable.clone()?;
    let process = Process {
        account,
        python,
        own_path,
        is_embedded: found.is_none(),
    };
    script::failure(httpd, &values.script, &callable, &process)
}

fn refused_body(pass: &Pass<'_>) -> Known<Option<Failure>> {
    let request = pass.request;
    let encoding = request.header("Transfer-Encoding").unwrap_or_default();
    let is_chunked = encoding.eq_ignore_ascii_case("chunked");
    if is_chunked && !pass.layers.is_on("WSGIChunkedRequest")? {
        return Ok(Some(Failure::ChunkedRequestIsOff));
    }
    let length = request.header("Content-Length");
    let length = length.map_or(0, |it| strtol(it, 10).value);
    // What httpd permits where nothing is said.
    const DEFAULT: i64 = 1 << 30;
    let limit = pass.layers.word("LimitRequestBody")?;
    let limit = limit.map_or(DEFAULT, |it| strtol(&it, 10).value);
    Ok((limit > 0 && length > limit).then_some(Failure::BodyIsTooLarge(length, limit)))
}

fn refused_group(pass: &Pass<'_>, name: &str) -> Known<Option<Failure>> {
    let httpd = pass.httpd;
    let lists = pass.layers.lines("WSGIRestrictProcess")?;
    if !lists.is_empty() {
        // Letters of both cases are alike here, and nowhere else.
        let listed = |it: &String| match it.as_str() {
            crate::argument::wsgi::GLOBAL => name.is_empty(),
            it => it.eq_ignore_ascii_case(name),
        };
        if !lists.iter().flat_map(words_of).any(|it| listed(&it)) {
            return Ok(Some(Failure::GroupIsRestricted(name.to_owned())));
        }
    }
    if name.is_empty() {
        return Ok(None);
    }
    let Some(group) = group::find(httpd, name)? else {
        let has_any = !httpd.of_servers(Thing::DaemonGroup).is_empty();
        return Ok(Some(Failure::GroupIsUndeclared(name.to_owned(), has_any)));
    };
    Ok(match group.is_open_to(httpd, pass.server.server)? {
        true => None,
        false => Some(Failure::GroupIsOfOtherServer(name.to_owned())),
    })
}
