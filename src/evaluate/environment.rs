//! What earlier lines did to the reading of later ones.
//!
//! `Define`, `LoadModule`, `ServerRoot` and `<Macro>` take effect while the files are read. Each
//! effect is kept with the moment at which it came, so that a file can be evaluated again later
//! in exactly the environment that it had, without reading what stands before it.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::macros::Macro;

/// A point in the order of effects.
pub type Moment = u32;

/// What kind of thing a [`Key`] names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Space {
    /// A name that `<IfDefine>` asks for, in exact case.
    Define,
    /// A `${NAME}` set by `Define`, in lower case.
    Variable,
    /// A module, by source file name or identifier, in exact case.
    Module,
    /// A macro, in lower case.
    Macro,
    /// `ServerRoot`; the name is empty.
    ServerRoot,
    /// Whether lines before this point were not read, because it is not known which; the name is
    /// empty.
    Gap,
    /// What is at a path.
    Kind,
    /// What a directory holds, or a wildcard finds.
    Listing,
    /// What facts say: whether a module is compiled in, by source file name or identifier.
    Static,
    /// What facts say: whether `LoadModule` refuses an identifier, because the module is built in.
    BuiltIn,
    /// What facts say: the version of httpd; the name is empty.
    Version,
    /// What facts say: a variable of the environment that httpd starts with, in exact case.
    Inherited,
}

impl Space {
    const COUNT: usize = Space::Inherited as usize + 1;
}

/// Names one thing that reading can depend on.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    /// Its kind.
    pub space: Space,
    /// Its name.
    pub name: Arc<str>,
}

/// The value of a [`Key`].
#[derive(Debug, Clone)]
pub enum Value {
    /// Not there; no effect has touched it, or it was removed.
    Absent,
    /// There, without a value.
    Present,
    /// A text.
    Text(Arc<str>),
    /// A macro's definition.
    Macro(Arc<Macro>),
    /// It depends on a condition that is not known.
    Unknown,
}

impl PartialEq for Value {
    fn eq(&self, other: &Value) -> bool {
        match (self, other) {
            (Value::Absent, Value::Absent)
            | (Value::Present, Value::Present)
            | (Value::Unknown, Value::Unknown) => true,
            (Value::Text(one), Value::Text(two)) => one == two,
            (Value::Macro(one), Value::Macro(two)) => Arc::ptr_eq(one, two) || one == two,
            _ => false,
        }
    }
}

/// What one evaluation asked for and did: all that it depends on, and all that depends on it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Effects {
    /// What it asked for that it had not itself set before, with the answers.
    pub reads: Vec<(Key, Value)>,
    /// What it set, in order.
    pub writes: Vec<(Key, Value)>,
}

impl Effects {
    /// The last value of each thing set, sorted by key.
    pub fn net_writes(&self) -> Vec<(Key, Value)> {
        let mut last: FxHashMap<&Key, &Value> = FxHashMap::default();
        for (key, value) in &self.writes {
            last.insert(key, value);
        }
        let mut net: Vec<_> = last
            .into_iter()
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect();
        net.sort_by(|one, two| one.0.cmp(&two.0));
        net
    }
}

#[derive(Debug)]
struct Recorder {
    start: Moment,
    effects: Effects,
}

// Something for each key, found without making one.
#[derive(Debug)]
struct ByKey<T>([FxHashMap<Arc<str>, T>; Space::COUNT]);

impl<T> Default for ByKey<T> {
    fn default() -> Self {
        Self(Default::default())
    }
}

impl<T> ByKey<T> {
    fn of(&self, space: Space) -> &FxHashMap<Arc<str>, T> {
        &self.0[space as usize]
    }

    fn of_mut(&mut self, space: Space) -> &mut FxHashMap<Arc<str>, T> {
        &mut self.0[space as usize]
    }

    fn clear(&mut self) {
        self.0.iter_mut().for_each(FxHashMap::clear);
    }
}

/// All effects, each with its moment; and who is watching.
#[derive(Debug, Default)]
pub(super) struct Environment {
    timeline: ByKey<Vec<(Moment, Value)>>,
    now: Moment,
    // While a file is evaluated again: the past ends at this moment, and new effects go to the
    // overlay.
    limit: Option<Moment>,
    overlay: ByKey<(Moment, Value)>,
    recorders: Vec<Recorder>,
}

impl Environment {
    /// The moment after the last effect.
    pub(super) fn now(&self) -> Moment {
        self.now
    }

    /// Starts to record what an evaluation asks for and does.
    pub(super) fn start_recording(&mut self) {
        self.now += 1;
        self.recorders.push(Recorder {
            start: self.now,
            effects: Effects::default(),
        });
    }

    /// Ends the innermost recording.
    pub(super) fn stop_recording(&mut self) -> Effects {
        let recorder = self.recorders.pop();
        let mut effects = recorder.map(|it| it.effects).unwrap_or_default();
        effects.reads.shrink_to_fit();
        effects.writes.shrink_to_fit();
        effects
    }

    /// Goes back to a moment: what came later is not seen until [`Environment::return_to_now`].
    pub(super) fn go_back_to(&mut self, moment: Moment) {
        self.limit = Some(moment);
        self.overlay.clear();
        self.now = moment;
    }

    /// Ends [`Environment::go_back_to`]; effects since then are forgotten.
    pub(super) fn return_to(&mut self, now: Moment) {
        self.limit = None;
        self.overlay.clear();
        self.now = now;
    }

    /// The value of a thing, and a note of having asked.
    pub(super) fn get(&mut self, space: Space, name: &str) -> Value {
        let (written, value) = self.look_up(space, name);
        self.note_read(space, name, written, &value);
        value
    }

    /// The names of a space that are there, sorted.
    pub(super) fn present(&self, space: Space) -> Vec<String> {
        let names = self.timeline.of(space).keys();
        let present = names.filter(|it| self.look_up(space, it).1 == Value::Present);
        let mut names: Vec<String> = present.map(|it| it.to_string()).collect();
        names.sort_unstable();
        names
    }

    /// Notes an answer that came from outside: the world, not an earlier line.
    pub(super) fn note(&mut self, space: Space, name: &str, value: Value) {
        self.note_read(space, name, None, &value);
    }

    /// Whether a thing was ever set, or told.
    pub(super) fn knows(&self, space: Space, name: &str) -> bool {
        self.timeline.of(space).contains_key(name)
    }

    /// Takes in what was so before anything was read. Nobody's effect: it comes from outside.
    pub(super) fn be_told(&mut self, space: Space, name: &str, value: Value) {
        let timeline = self.timeline.of_mut(space);
        timeline.insert(name.into(), vec![(0, value)]);
    }

    /// The names in a space.
    pub(super) fn names(&self, space: Space) -> impl Iterator<Item = &Arc<str>> {
        self.timeline.of(space).keys()
    }

    /// Sets a thing from now on.
    pub(super) fn set(&mut self, space: Space, name: &str, value: Value) {
        self.replay(
            &Key {
                space,
                name: name.into(),
            },
            &value,
        );
    }

    /// Sets a thing from now on, as recorded.
    pub(super) fn replay(&mut self, key: &Key, value: &Value) {
        self.now += 1;
        for recorder in &mut self.recorders {
            recorder.effects.writes.push((key.clone(), value.clone()));
        }
        if self.limit.is_some() {
            let overlay = self.overlay.of_mut(key.space);
            overlay.insert(Arc::clone(&key.name), (self.now, value.clone()));
        } else {
            let timeline = self.timeline.of_mut(key.space);
            let values = timeline.entry(Arc::clone(&key.name));
            // Most things are set once.
            let values = values.or_insert_with(|| Vec::with_capacity(1));
            values.push((self.now, value.clone()));
        }
    }

    /// Whether an evaluation that asked for all this would get the same answers now.
    pub(super) fn agrees_with(&self, reads: &[(Key, Value)]) -> bool {
        reads.iter().all(|(key, value)| match key.space {
            Space::Kind | Space::Listing => true,
            _ => self.look_up(key.space, &key.name).1 == *value,
        })
    }

    /// Notes the reads of an evaluation that is used again, as if they were made now.
    pub(super) fn note_reads(&mut self, reads: &[(Key, Value)]) {
        for (key, value) in reads {
            let written = self.look_up(key.space, &key.name).0;
            self.note_read(key.space, &key.name, written, value);
        }
    }

    fn look_up(&self, space: Space, name: &str) -> (Option<Moment>, Value) {
        if let Some((moment, value)) = self.overlay.of(space).get(name) {
            return (Some(*moment), value.clone());
        }
        let Some(values) = self.timeline.of(space).get(name) else {
            return (None, Value::Absent);
        };
        let end = match self.limit {
            Some(limit) => values.partition_point(|it| it.0 <= limit),
            None => values.len(),
        };
        match end.checked_sub(1).and_then(|it| values.get(it)) {
            Some((moment, value)) => (Some(*moment), value.clone()),
            None => (None, Value::Absent),
        }
    }

    fn note_read(&mut self, space: Space, name: &str, written: Option<Moment>, value: &Value) {
        for recorder in self.recorders.iter_mut().rev() {
            if written.is_some_and(|it| it > recorder.start) {
                break;
            }
            let reads = &mut recorder.effects.reads;
            let is_it = |it: &(Key, Value)| it.0.space == space && *it.0.name == *name;
            if reads.iter().rev().take(64).any(is_it) {
                break;
            }
            let known = self.timeline.of(space).get_key_value(name);
            let name = known.map_or_else(|| name.into(), |it| Arc::clone(it.0));
            reads.push((Key { space, name }, value.clone()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Value {
        Value::Text(text.into())
    }

    #[test]
    fn an_evaluation_depends_on_what_it_asked_for_and_had_not_set() {
        let mut environment = Environment::default();
        environment.set(Space::Variable, "a", text("1"));
        environment.start_recording();
        assert_eq!(environment.get(Space::Variable, "a"), text("1"));
        environment.set(Space::Variable, "b", text("2"));
        assert_eq!(environment.get(Space::Variable, "b"), text("2"));
        let effects = environment.stop_recording();
        assert_eq!(effects.reads.len(), 1);
        assert!(environment.agrees_with(&effects.reads));
        environment.set(Space::Variable, "a", text("3"));
        assert!(!environment.agrees_with(&effects.reads));
    }

    #[test]
    fn the_past_can_be_visited() {
        let mut environment = Environment::default();
        environment.set(Space::Variable, "a", text("1"));
        let before = environment.now();
        environment.set(Space::Variable, "a", text("2"));
        let after = environment.now();
        environment.go_back_to(before);
        assert_eq!(environment.get(Space::Variable, "a"), text("1"));
        environment.set(Space::Variable, "a", text("9"));
        assert_eq!(environment.get(Space::Variable, "a"), text("9"));
        environment.return_to(after);
        assert_eq!(environment.get(Space::Variable, "a"), text("2"));
    }
}
