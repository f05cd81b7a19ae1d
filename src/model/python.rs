//! Which Python an installation or a path belongs to, as far as files and names tell.

use crate::facts::{Fact, Facts, Version};
use crate::world::World;

/// Major and minor number: modules that are compiled for one do not work with another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Minor(pub u32, pub u32);

impl std::fmt::Display for Minor {
    /// `3.11`
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}.{}", self.0, self.1)
    }
}

impl Minor {
    fn of(version: Version) -> Self {
        Self(version.major, version.minor)
    }

    // `3.11` of `3.11.2` or `3.11.2.final.0`
    fn leading(text: &str) -> Option<Self> {
        let mut numbers = text.trim().split('.');
        let number = |it: &str| it.parse().ok();
        Some(Self(number(numbers.next()?)?, number(numbers.next()?)?))
    }

    // `3.11` of `python3.11`
    fn of_directory(name: &str) -> Option<Self> {
        let text = name.strip_prefix("python")?;
        let is_number = text.bytes().all(|it| it == b'.' || it.is_ascii_digit());
        Self::leading(text).filter(|_| is_number && text.matches('.').count() == 1)
    }
}

/// The Python that runs in mod_wsgi: the libpython that its file is linked with, or else the one
/// that it says it was built with.
pub fn of_mod_wsgi(facts: &Facts) -> Option<Fact<Minor>> {
    let linked = facts.wsgi_module.python();
    let linked = linked.map(|it| it.map(|version| Minor::of(*version)));
    linked.or_else(|| {
        let built = facts.python_version.as_ref()?;
        Some(built.map(|it| Minor::of(it.number)))
    })
}

/// The Python whose packages lie at a path: `…/lib/python3.11/site-packages`.
pub fn of_packages(path: &str) -> Option<Minor> {
    let mut parts = path.split('/').rev();
    parts.find_map(Minor::of_directory)
}

/// The Python of an installation or a virtual environment. That of a virtual environment stands in
/// its `pyvenv.cfg`; another installation has one or more directories `lib/pythonX.Y`, and is that
/// of `wanted` if it has this one.
pub fn of_home(world: &dyn World, home: &str, wanted: Minor) -> Option<Minor> {
    let home = home.trim_end_matches('/');
    if let Ok(bytes) = world.read(&format!("{home}/pyvenv.cfg")) {
        let text = String::from_utf8_lossy(&bytes);
        let mut settings = text.lines().filter_map(|it| it.split_once('='));
        let version = settings.find(|it| matches!(it.0.trim(), "version" | "version_info"))?;
        return Minor::leading(version.1);
    }
    // Where 64 bits have a directory of their own, Python has its library there.
    let libraries = ["lib", "lib64"].map(|it| world.list(&format!("{home}/{it}")));
    let entries = libraries.iter().flatten().flatten();
    let found: Vec<Minor> = entries
        .filter_map(|it| Minor::of_directory(&it.name))
        .collect();
    let own = found.iter().find(|it| **it == wanted);
    own.or(found.iter().max()).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::MemoryWorld;

    #[test]
    fn a_directory_of_packages_names_its_python() {
        let path = "/srv/shop/venv/lib/python3.11/site-packages";
        assert_eq!(of_packages(path), Some(Minor(3, 11)));
        for path in [
            "/usr/lib/python3/dist-packages",
            "/opt/python-3.11",
            "/opt/python3.11.4",
            "/",
        ] {
            assert_eq!(of_packages(path), None, "{path}");
        }
    }

    #[test]
    fn a_virtual_environment_says_which_python_made_it() {
        let mut world = MemoryWorld::default();
        world.put("/a/pyvenv.cfg", "home = /usr/bin\nversion = 3.12.1\n");
        world.put(
            "/b/pyvenv.cfg",
            "home = /usr/bin\nversion_info = 3.9.2.final.0\n",
        );
        world.put("/c/lib/python3.11/os.py", "");
        world.put("/c/lib/python3.12/os.py", "");
        let of = |home| of_home(&world, home, Minor(3, 11));
        assert_eq!(of("/a"), Some(Minor(3, 12)));
        assert_eq!(of("/b/"), Some(Minor(3, 9)));
        assert_eq!(of("/c"), Some(Minor(3, 11)));
        assert_eq!(of_home(&world, "/c", Minor(3, 13)), Some(Minor(3, 12)));
        assert_eq!(of("/d"), None);
    }
}
