use crate::diagnostic::Level;
use crate::facts::{Fact, Facts, Linkage, Origin, Pool};
use crate::rule::{Check, Context, Report};

crate::rule! {
    /// One text of facts says two things that cannot both be true of one httpd.
    ///
    /// ## What httpd does
    ///
    /// Nothing. All that it prints of itself comes from one program and one configuration, and
    /// agrees: the version with the module magic number, the MPM with its threads, the list of `-l`
    /// with what `-M` marks `(static)`, the default mutex with the list of mechanisms, and `apxs` with
    /// the version and the magic number, for which it builds modules.
    ///
    /// ## Why it matters
    ///
    /// The text was put together from outputs of several servers, or of one before and after a
    /// change. What is concluded from it may be true of neither.
    ///
    /// ## Wrong
    ///
    /// ```facts
    /// Server version: Apache/2.4.62 (Unix)
    /// Server's Module Magic Number: 20051115:43
    /// ```
    ///
    /// ```conf
    /// ServerTokens Prod
    /// ```
    ///
    /// ## Right
    ///
    /// ```facts
    /// Server version: Apache/2.4.62 (Unix)
    /// Server's Module Magic Number: 20120211:131
    /// ```
    ///
    /// ```conf
    /// ServerTokens Prod
    /// ```
    ///
    /// ## How sure
    ///
    /// Certain. Texts of their own may say different things of a server: the later one counts, and
    /// nothing is said.
    pub static RULE = {
        id: "contradicting-facts",
        level: Level::Warning,
        since: "0.1.0",
        needs: &[],
        check: Check::Server(check),
    }
}

fn check(context: &Context<'_>, report: &mut Report) {
    let facts = context.inputs.facts.all();
    let told = facts.contradictions.iter();
    for it in told.filter(|it| it.earlier.text == it.later.text) {
        let message = format!("the facts contradict each other: {}", it.subject);
        let finding = report.at(context.beginning(), message);
        finding.note(format!("see {} and {}", it.earlier, it.later));
    }
    let found = [
        magic(facts),
        threads(facts),
        modules(facts),
        mutex(facts),
        build_tool(facts),
        module_builds(facts),
    ];
    let found = found.into_iter().flatten();
    for (what, [earlier, later]) in found.filter(|(_, [one, other])| one.text == other.text) {
        let message = format!("the facts contradict each other: {what}");
        let finding = report.at(context.beginning(), message);
        finding.note(format!("see {earlier} and {later}"));
    }
}

/// What is said, and the two places that do not agree.
type Disagreement = (String, [Origin; 2]);

fn between<T, U>(what: String, one: &Fact<T>, other: &Fact<U>) -> Disagreement {
    (what, [one.origin.clone(), other.origin.clone()])
}

// The major number is that of 2.4 since its first release, and that of 2.2 before it.
fn magic(facts: &Facts) -> Option<Disagreement> {
    let (version, magic) = (facts.version.as_ref()?, facts.module_magic.as_ref()?);
    let number = version.value.number;
    let expected = match (number.major, number.minor) {
        (2, 4) => 20_120_211,
        (2, 2) => 20_051_115,
        _ => return None,
    };
    let major = magic.value.major;
    (major != expected).then(|| {
        let (major_version, minor) = (number.major, number.minor);
        let what = format!("httpd {major_version}.{minor} has no module magic number {major}");
        between(what, version, magic)
    })
}

fn threads(facts: &Facts) -> Option<Disagreement> {
    let mpm = facts.mpm.as_ref()?;
    let has_threads = mpm.value.threaded? != Pool::None;
    let expected = match mpm.value.name.to_ascii_lowercase().as_str() {
        "prefork" => false,
        "worker" | "event" | "winnt" => true,
        _ => return None,
    };
    let without = if expected { "without" } else { "with" };
    (has_threads != expected).then(|| {
        let what = format!("the MPM `{}` {without} threads", mpm.value.name);
        between(what, mpm, mpm)
    })
}

fn modules(facts: &Facts) -> Option<Disagreement> {
    let (compiled, loaded) = (
        facts.static_modules.as_ref()?,
        facts.loaded_modules.as_ref()?,
    );
    let listed = loaded.value.iter();
    let listed = listed.filter(|it| it.linkage == Linkage::Static).count();
    let count = compiled.value.len();
    (count != listed).then(|| {
        let what = format!("`-l` lists {count} modules, and `-M` {listed} that are static");
        between(what, compiled, loaded)
    })
}

fn mutex(facts: &Facts) -> Option<Disagreement> {
    let (default, list) = (facts.default_mutex()?, facts.mutex_mechanisms.as_ref()?);
    let is_listed = list.value.iter().any(|it| it == default.value);
    (!is_listed).then(|| {
        let what = format!(
            "the default mutex is `{}`, which is no mechanism that `Mutex` takes",
            default.value
        );
        between(what, &default, list)
    })
}

// httpd loads only modules that were built for its own major number (`ap_add_module`).
fn module_builds(facts: &Facts) -> Option<Disagreement> {
    let built = facts.apxs.iter().find(|it| it.0 == "HTTPD_MMN")?;
    let (built, own) = (&built.1, facts.module_magic.as_ref()?);
    let number: u32 = built.value.trim().parse().ok()?;
    let major = own.value.major;
    (number != major).then(|| {
        let what = format!(
            "`apxs` builds modules for the module magic number {number}, and this httpd loads those \
             for {major}"
        );
        between(what, own, built)
    })
}

// The `apxs` of another httpd builds modules for that one.
fn build_tool(facts: &Facts) -> Option<Disagreement> {
    let apxs = |name| facts.apxs.iter().find(|it| it.0 == name).map(|it| &it.1);
    let (version, own) = (apxs("HTTPD_VERSION")?, facts.version.as_ref()?);
    let printed = own.value.number.to_string();
    (version.value != printed).then(|| {
        let what = format!("`apxs` builds modules for httpd {}", version.value);
        between(format!("{what}, and this is {printed}"), own, version)
    })
}
