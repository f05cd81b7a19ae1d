//! MultiViews: which of several files answers for a name without extensions (mod_negotiation).

use super::content::Looked;
use super::location;
use super::pass::{End, Pass};
use crate::argument::options::DirectoryOption;
use crate::model::{Doubt, Known};
use crate::world::Kind;

/// A file that may answer.
#[derive(Clone)]
struct Variant {
    name: String,
    content_type: String,
}

impl Pass<'_> {
    /// Looks for files that begin with the name that is missing (`handle_multi`).
    pub(super) fn negotiate(&mut self) -> Known<Option<End>> {
        if self.found != Ok(Kind::Missing)
            || !self.filename.starts_with('/')
            || self.httpd.has("negotiation_module") != Ok(true)
            || !self.has_option(DirectoryOption::MultiViews)?
        {
            return Ok(None);
        }
        let Some((directory, name)) = self.filename.rsplit_once('/') else {
            return Ok(None);
        };
        let (directory, name) = (directory.to_owned(), name.to_owned());
        let Ok(entries) = self.httpd.world().list(&directory) else {
            return Ok(None);
        };
        let prefix = format!("{name}.");
        let names = entries.into_iter().map(|it| it.name);
        let names: Vec<String> = names.filter(|it| it.starts_with(&prefix)).collect();
        let mut variants = Vec::new();
        for found in names {
            let mut extensions = found[prefix.len()..].split('.');
            let content_type = self.type_of(extensions.next().unwrap_or_default())?;
            if extensions.next().is_some() {
                let why = "the languages and encodings that the client takes decide";
                return Err(Doubt::new(why));
            }
            variants.extend(content_type.map(|content_type| Variant {
                name: found,
                content_type,
            }));
        }
        let beside = self.uri.strip_suffix(&self.path_info).unwrap_or(&self.uri);
        let folder = beside.rsplit_once('/').map_or("", |it| it.0).to_owned();
        // What may not be read is none.
        let mut readable = Vec::new();
        for variant in &variants {
            let uri = format!("{folder}/{}", variant.name);
            let looked = self.look_up_file(&uri, &format!("{directory}/{}", variant.name))?;
            if !matches!(looked, Looked::Refused(_) | Looked::Elsewhere(_)) {
                readable.push(variant.clone());
            }
        }
        let had_any = !variants.is_empty();
        let variants = readable;
        if variants.is_empty() {
            let message = "AH00687: Negotiation: discovered file(s) matching request: none could be \
                           negotiated";
            return Ok(had_any.then(|| self.refuse_negotiation(404, message)));
        }
        let Some(chosen) = self.best(&directory, &variants)? else {
            return Ok(Some(
                self.refuse_negotiation(406, "AH00690: no acceptable variant"),
            ));
        };
        let uri = format!("{folder}/{}{}", chosen.name, self.path_info);
        self.explain(format!("`{uri}` is negotiated"), None);
        Ok(Some(End::Internal {
            uri,
            query: self.query.clone(),
            file: Some(format!("{directory}/{}{}", chosen.name, self.path_info)),
            keeps_environment: true,
        }))
    }

    // It is refused before anything says who answers.
    fn refuse_negotiation(&mut self, status: u16, message: &str) -> End {
        self.handler = None;
        End::refused(status, message)
    }

    /// mod_speling: a file whose name is nearly the one that is missing.
    pub(super) fn mend_spelling(&mut self) -> Known<Option<End>> {
        if self.found != Ok(Kind::Missing)
            || !self.filename.starts_with('/')
            || self.httpd.has("speling_module") != Ok(true)
            || !self.layers.is_on("CheckSpelling")?
        {
            return Ok(None);
        }
        let Some((directory, name)) = self.filename.rsplit_once('/') else {
            return Ok(None);
        };
        let Ok(entries) = self.httpd.world().list(directory) else {
            return Ok(None);
        };
        let is_alike = |it: &&crate::world::Entry| it.name.eq_ignore_ascii_case(name);
        if let Some(found) = entries.iter().find(is_alike) {
            let rest = format!("{name}{}", self.path_info);
            let folder = self.uri.strip_suffix(&rest).unwrap_or("/");
            let path = format!("{folder}{}{}", found.name, self.path_info);
            let url = self.own_url(&location::escaped(&path))?;
            self.explain(format!("`{}` is meant", found.name), None);
            return Ok(Some(End::redirected(301, self.with_query(url))));
        }
        // One letter may be wrong, or what follows a dot.
        let stem = |it: &str| {
            it.split('.')
                .next()
                .unwrap_or_default()
                .to_ascii_lowercase()
        };
        let may_be_meant = |it: &crate::world::Entry| {
            it.name.len().abs_diff(name.len()) < 2 || stem(&it.name) == stem(name)
        };
        match !self.layers.is_on("CheckCaseOnly")? && entries.iter().any(may_be_meant) {
            true => Err(Doubt::new("`CheckSpelling` looks for a similar name")),
            false => Ok(None),
        }
    }

    // The one that the client likes best, of equal ones the smallest; `None` where it takes none.
    fn best<'v>(&self, directory: &str, variants: &'v [Variant]) -> Known<Option<&'v Variant>> {
        let accepted = self.request.header("Accept");
        let quality = |it: &Variant| accepted.map_or(1000, |all| quality(all, &it.content_type));
        let best = variants.iter().map(quality).max().unwrap_or(0);
        if best == 0 {
            return Ok(None);
        }
        let mut equal: Vec<&Variant> = variants.iter().filter(|it| quality(it) == best).collect();
        if equal.len() > 1 {
            let size = |it: &&Variant| {
                let read = self.httpd.world().read(&format!("{directory}/{}", it.name));
                read.map_or(usize::MAX, |it| it.len())
            };
            equal.sort_by_cached_key(size);
            if size(&equal[0]) == size(&equal[1]) {
                let names = equal.iter().map(|it| it.name.clone());
                return Err(Doubt::new("several files are as good").between(names));
            }
        }
        Ok(equal.first().copied())
    }

    // The content type of an extension; `None` where there is none.
    fn type_of(&self, extension: &str) -> Known<Option<String>> {
        let extension = extension.to_ascii_lowercase();
        let said = self.by_extension("AddType", "RemoveType")?;
        if let Some(own) = said.get(&extension) {
            return Ok(Some(own.clone()));
        }
        let file = self.server_layers().word("TypesConfig")?;
        let file = self
            .httpd
            .resolve(file.as_deref().unwrap_or("conf/mime.types"));
        let read = self.httpd.world().read(&file);
        let read = read.map_err(|_| super::unseen(&file))?;
        let text = String::from_utf8_lossy(&read);
        let found = text.lines().find_map(|line| {
            let mut words = line.split_whitespace();
            let name = words.next().filter(|it| !it.starts_with('#'))?;
            words
                .any(|it| it.eq_ignore_ascii_case(&extension))
                .then(|| name.to_owned())
        });
        Ok(found)
    }
}

// In thousandths: what `Accept` says of the type, of its kind, or of all.
fn quality(accepted: &str, content_type: &str) -> u32 {
    let kind = content_type.split('/').next().unwrap_or_default();
    let (mut best, mut found) = (0, 0);
    for range in accepted.split(',') {
        let mut parts = range.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default();
        let exactness = match name {
            name if name.eq_ignore_ascii_case(content_type) => 3,
            "*/*" | "*" => 1,
            name if name.strip_suffix("/*") == Some(kind) => 2,
            _ => continue,
        };
        let q = parts.find_map(|it| it.strip_prefix("q=")?.parse::<f64>().ok());
        if exactness > best {
            best = exactness;
            found = (q.unwrap_or(1.0).clamp(0.0, 1.0) * 1000.0) as u32;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::quality;

    #[test]
    fn the_most_exact_range_counts() {
        let accepted = "text/*;q=0.5, text/html, */*;q=0.1";
        assert_eq!(quality(accepted, "text/html"), 1000);
        assert_eq!(quality(accepted, "text/plain"), 500);
        assert_eq!(quality(accepted, "image/png"), 100);
        assert_eq!(quality("image/png", "text/plain"), 0);
    }
}
