//! Paths in a file that can be clicked.

use lsp_types::DocumentLink;

use super::references::included;
use super::uri;
use super::view::View;
use crate::syntax::words;
use crate::world::Kind;

/// Whether a word of a directive is the path of a file or a folder.
pub(super) fn is_path(directive: &str, position: usize) -> bool {
    let is_meant =
        |it: &&(&str, &[usize])| it.0.eq_ignore_ascii_case(directive) && it.1.contains(&position);
    FILES.iter().chain(FOLDERS).any(|it| is_meant(&it))
}

/// Those of which they are paths of folders, or of files that need not be there.
const FOLDERS: &[(&str, &[usize])] = &[
    ("<directory", &[0]),
    ("alias", &[1]),
    ("customlog", &[0]),
    ("documentroot", &[0]),
    ("errorlog", &[0]),
    ("scriptalias", &[1]),
    ("serverroot", &[0]),
];

/// The directives of which the words at these positions are paths of files.
const FILES: &[(&str, &[usize])] = &[
    ("authdigestfile", &[0]),
    ("authgroupfile", &[0]),
    ("authuserfile", &[0]),
    ("include", &[0]),
    ("includeoptional", &[0]),
    ("loadfile", &[0]),
    ("loadmodule", &[1]),
    ("mimemagicfile", &[0]),
    ("sslcacertificatefile", &[0]),
    ("sslcertificatechainfile", &[0]),
    ("sslcertificatefile", &[0]),
    ("sslcertificatekeyfile", &[0]),
    ("typesconfig", &[0]),
    ("wsgidispatchscript", &[0]),
    ("wsgiimportscript", &[0]),
    ("wsgiscriptalias", &[1]),
    ("wsgiscriptaliasmatch", &[1]),
];

/// The paths that lead to files that are there.
pub(super) fn links(view: &View<'_>) -> Vec<DocumentLink> {
    let mut links = Vec::new();
    for line in &view.document.lines {
        let logical = view.document.logical(line, view.text());
        let all = words::split(&logical.text);
        let Some((directive, arguments)) = all.split_first() else {
            continue;
        };
        let known = FILES
            .iter()
            .find(|it| it.0.eq_ignore_ascii_case(&directive.text));
        for position in known.into_iter().flat_map(|it| it.1) {
            let Some(word) = arguments.get(*position) else {
                continue;
            };
            let read = included(view, line.start as usize);
            let target = match read[..] {
                [one] => view.whole.uri(one.file),
                [] => view
                    .file_named(&word.text)
                    .and_then(|it| view.whole.tree.local(&it))
                    .map(|it| uri::of_path(&it)),
                // Definition leads to all of them.
                _ => None,
            };
            links.extend(target.map(|target| DocumentLink {
                range: view.range(logical.at(word, 0..word.text.len()).range()),
                target: Some(target),
                tooltip: None,
                data: None,
            }));
        }
    }
    links
}

impl View<'_> {
    // The file that a path of a directive names, if it is there.
    fn file_named(&self, path: &str) -> Option<String> {
        let absolute = match path.starts_with('/') {
            true => path.to_owned(),
            false => {
                let root = self.whole.session.modules().server_root()?;
                format!("{}/{path}", root.trim_end_matches('/'))
            }
        };
        let world = self.whole.tree.world();
        (world.kind(&absolute) == Kind::File).then_some(absolute)
    }
}
