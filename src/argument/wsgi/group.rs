//! The names of process groups and application groups, as directives and options write them.

use super::GLOBAL;

/// What a name stands for when a request comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum GroupName<'a> {
    /// `%{GLOBAL}`: the empty name, which is embedded mode for a process group and the main
    /// interpreter for an application group.
    Global,
    /// `%{SERVER}`: host and port of the server.
    Server,
    /// `%{HOST}`: host and port that the client asked for.
    Host,
    /// `%{RESOURCE}`: host and port of the server and the mount.
    Resource,
    /// `%{ENV:NAME}`: the value of a variable, or this very text where it is not set.
    Variable(&'a str),
    /// The text itself, also where it begins with `%` and is none of the above.
    Literal(&'a str),
}

impl<'a> GroupName<'a> {
    /// Reads the name of a group; letter case counts.
    pub fn of(text: &'a str) -> Self {
        match text {
            GLOBAL => GroupName::Global,
            "%{SERVER}" => GroupName::Server,
            "%{HOST}" => GroupName::Host,
            "%{RESOURCE}" => GroupName::Resource,
            _ => {
                let variable = text
                    .strip_prefix("%{ENV:")
                    .and_then(|it| it.strip_suffix('}'));
                variable.map_or(GroupName::Literal(text), GroupName::Variable)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::GroupName;

    #[test]
    fn a_name_with_a_percent_sign_may_be_literal() {
        assert_eq!(GroupName::of("%{GLOBAL}"), GroupName::Global);
        assert_eq!(GroupName::of("%{Global}"), GroupName::Literal("%{Global}"));
        assert_eq!(GroupName::of("%{ENV:SITE}"), GroupName::Variable("SITE"));
        assert_eq!(
            GroupName::of("%{ENV:SITE"),
            GroupName::Literal("%{ENV:SITE")
        );
        assert_eq!(
            GroupName::of("x%{GLOBAL}"),
            GroupName::Literal("x%{GLOBAL}")
        );
    }
}
