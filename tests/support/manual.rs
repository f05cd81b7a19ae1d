//! The examples of httpd's manual, out of the pages of Debian's package.
#![allow(dead_code, reason = "each test uses its part")]

use std::fs;
use std::path::{Path, PathBuf};

use super::server::third_party;

/// Where the package puts the English pages.
const PAGES: &str = "/usr/share/doc/apache2-doc/manual/en";

/// A block of configuration, as the manual shows it.
pub(crate) struct Example {
    /// The page, below the folder of the language, and the block's number in it.
    pub(crate) name: String,
    pub(crate) text: String,
}

/// Every example of configuration, in order of the pages; a message on stderr and nothing where the
/// manual is not there.
pub(crate) fn examples() -> Option<Vec<Example>> {
    let unpacked = format!("{}{PAGES}", third_party::ROOT);
    let folders = [PathBuf::from(PAGES), PathBuf::from(unpacked)];
    let Some(folder) = folders.into_iter().find(|it| it.exists()) else {
        eprintln!("skipped: there is no manual; `tests/setup` unpacks it");
        return None;
    };
    let pages = walkdir::WalkDir::new(&folder).sort_by_file_name();
    let pages = pages.into_iter().map(|it| it.expect("it is readable"));
    let pages = pages.filter(|it| it.path().extension().is_some_and(|it| it == "html"));
    let examples = pages.flat_map(|it| examples_of(it.path(), &folder));
    Some(examples.collect())
}

fn examples_of(page: &Path, folder: &Path) -> Vec<Example> {
    let html = fs::read(page).expect("the page is readable");
    let html = String::from_utf8_lossy(&html);
    let name = page.strip_prefix(folder).expect("it was found below");
    let blocks = html.split(r#"<pre class="prettyprint lang-config">"#);
    let blocks = blocks.skip(1).filter_map(|it| it.split_once("</pre>"));
    let example = |(number, (block, _)): (usize, (&str, _))| Example {
        name: format!("{} {}", name.display(), number + 1),
        text: format!("{}\n", text_of(block).trim_end()),
    };
    blocks.enumerate().map(example).collect()
}

/// The text of a piece of HTML: without tags, and with the characters that entities stand for.
fn text_of(html: &str) -> String {
    let mut pieces = html.split('<');
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        text.push_str(piece.split_once('>').map_or("", |it| it.1));
    }
    let entities = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&nbsp;", " "),
        ("&amp;", "&"),
    ];
    for (entity, character) in entities {
        text = text.replace(entity, character);
    }
    text
}
