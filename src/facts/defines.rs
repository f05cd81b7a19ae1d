//! What was decided when httpd was compiled.

use super::Fact;

/// What stands behind the name of a `-D` line.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum DefineValue {
    /// Nothing, or a remark in parentheses: `APR_HAVE_IPV6 (IPv4-mapped addresses enabled)`.
    Flag(Option<String>),
    /// `DYNAMIC_MODULE_LIMIT=256`
    Number(u64),
    /// `HTTPD_ROOT="/etc/apache2"`, without the quotes.
    Text(String),
}

/// The lines ` -D …` that end `httpd -V`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Defines {
    /// Names and values, in print order.
    pub entries: Vec<(String, Fact<DefineValue>)>,
    /// Whether the block was read up to its last line (`SERVER_CONFIG_FILE`, which every build
    /// prints): then a name that is not there is not set.
    pub complete: bool,
}

impl Defines {
    /// The value of a name.
    pub fn get(&self, name: &str) -> Option<&Fact<DefineValue>> {
        self.entries.iter().find(|it| it.0 == name).map(|it| &it.1)
    }

    /// Whether a name is set; `None` where it is missing from an incomplete block.
    pub fn has(&self, name: &str) -> Option<bool> {
        match self.get(name) {
            Some(_) => Some(true),
            None => self.complete.then_some(false),
        }
    }

    /// The text of a name whose value is a text.
    pub fn text(&self, name: &str) -> Option<Fact<&str>> {
        let fact = self.get(name)?;
        match &fact.value {
            DefineValue::Text(text) => Some(fact.map(|_| text.as_str())),
            _ => None,
        }
    }

    /// The number of a name whose value is a number.
    pub fn number(&self, name: &str) -> Option<Fact<u64>> {
        let fact = self.get(name)?;
        match fact.value {
            DefineValue::Number(number) => Some(fact.map(|_| number)),
            _ => None,
        }
    }
}
