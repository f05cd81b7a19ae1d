//! mod_wsgi: which process and which interpreter runs a script, and what the script sees there.
//!
//! An [`Answer`] holds what a script that prints its environment would print for a request, or how
//! the request fails. The facts were measured with mod_wsgi 4.9.4 and 6.1.1.

mod answer;
mod answering;
mod applications;
mod daemon;
mod failure;
mod group;
mod module;
mod mounts;
mod names;
mod python;
mod script;
mod setting;
mod source;
mod trust;

pub use answer::{Answer, Values, answer};
pub use applications::{Application, Applications, PlainRequest};
pub use daemon::Daemon;
pub use failure::Failure;
pub use group::{DaemonGroup, groups};
pub(crate) use mounts::request;
pub use mounts::{Mounted, mounts, requests};
pub use setting::{PythonPart, PythonSetting};
pub(crate) use source::{defined_callable, is_broken, may_define, relative_path};

use super::request::Httpd;

/// Whether the mod_wsgi is known to be one of versions 6 and above; `None` where nobody says, and
/// its file is not visible from here.
pub fn is_six(httpd: &Httpd<'_>) -> Option<bool> {
    let fact = httpd
        .inputs
        .facts
        .of_applications()
        .mod_wsgi_version
        .as_ref();
    match fact {
        Some(fact) => Some(fact.value.number.major >= 6),
        None => module::is_six(httpd),
    }
}
