//! Configurations with a few mistakes in them, the same for the same number.
#![allow(clippy::ptr_arg, reason = "every mutation has the same shape")]
#![allow(
    clippy::explicit_auto_deref,
    reason = "without it an item's type is taken for `str`"
)]

use super::document::{Case, Entry};
use super::random::Random;

/// One kind of mistake, made in the lines of a file.
type Mutation = fn(&mut Vec<String>, &mut Random);

const MUTATIONS: &[(&str, Mutation)] = &[
    ("delete a line", delete_line),
    ("double a line", double_line),
    ("move a line", move_line),
    ("move lines", move_lines),
    ("comment a line out", comment_out),
    ("comment behind a line", comment_behind),
    ("insert a line", insert_line),
    ("insert a tag", insert_tag),
    ("put lines into a section", wrap),
    ("put lines into two sections", wrap_twice),
    ("take a section's lines apart", unwrap),
    ("make a macro of lines", into_macro),
    ("misspell a name", misspell),
    ("change the case of a word", change_case),
    ("quote a word", quote_word),
    ("drop a word", drop_word),
    ("double a word", double_word),
    ("empty a word", empty_word),
    ("replace a word by a variable", replace_by_variable),
    ("insert a piece", insert_piece),
    ("delete a mark", delete_mark),
    ("join two lines", join_lines),
    ("split a line", split_line),
    ("drop a LoadModule", drop_load_module),
    ("drop the last newline", drop_last_newline),
];

/// Sections and how they end.
const SECTIONS: &[(&str, &str)] = &[
    ("<Directory /srv>", "</Directory>"),
    ("<Directory ~ ^/srv>", "</Directory>"),
    ("<DirectoryMatch ^/srv>", "</DirectoryMatch>"),
    ("<Location /srv>", "</Location>"),
    ("<LocationMatch ^/srv>", "</LocationMatch>"),
    ("<Files x>", "</Files>"),
    ("<FilesMatch x$>", "</FilesMatch>"),
    ("<VirtualHost *:80>", "</VirtualHost>"),
    ("<If \"true\">", "</If>"),
    ("<ElseIf \"false\">", "</ElseIf>"),
    ("<Else>", "</Else>"),
    ("<Limit GET>", "</Limit>"),
    ("<Limit GET POST>", "</Limit>"),
    ("<LimitExcept GET>", "</LimitExcept>"),
    ("<Proxy *>", "</Proxy>"),
    ("<ProxyMatch x>", "</ProxyMatch>"),
    ("<RequireAll>", "</RequireAll>"),
    ("<RequireAny>", "</RequireAny>"),
    ("<RequireNone>", "</RequireNone>"),
    ("<IfModule so_module>", "</IfModule>"),
    ("<IfModule !so_module>", "</IfModule>"),
    ("<IfModule mod_alias.c>", "</IfModule>"),
    ("<IfDefine X>", "</IfDefine>"),
    ("<IfDefine !X>", "</IfDefine>"),
    ("<IfVersion >= 2.4>", "</IfVersion>"),
    ("<IfVersion < 2.4>", "</IfVersion>"),
    ("<IfFile @DIR@/server.conf>", "</IfFile>"),
    ("<IfFile missing>", "</IfFile>"),
    ("<IfDirective Alias>", "</IfDirective>"),
    ("<IfSection Directory>", "</IfSection>"),
    ("<Macro m>", "</Macro>"),
    ("<Macro m $x>", "</Macro>"),
    ("<Bogus>", "</Bogus>"),
];

/// Lines that change what the lines after them mean, or ask whether they are reached.
const LINES: &[&str] = &[
    "Alias /a /b",
    "AllowOverride None",
    "Bogus",
    "Define",
    "Define X",
    "Define X 1",
    "Define Y \"a b\"",
    "Define Z </Directory>",
    "DocumentRoot @DIR@",
    "Error stop",
    "Error \"${X} ${Y}\"",
    "Error",
    "ErrorLog",
    "Include",
    "Include missing.conf",
    "Include missing/*.conf",
    "Include server.conf",
    "IncludeOptional missing.conf",
    "IncludeOptional missing/*.conf",
    "KeepAlive maybe",
    "KeepAlive On Off",
    "Listen 8080",
    "LoadModule alias_module @MODDIR@/mod_alias.so",
    "LoadModule authz_core_module @MODDIR@/mod_authz_core.so",
    "LoadModule macro_module @MODDIR@/mod_macro.so",
    "LoadModule proxy_module @MODDIR@/mod_proxy.so",
    "LoadModule rewrite_module @MODDIR@/mod_rewrite.so",
    "Options None",
    "PidFile @DIR@/pid",
    "Require all granted",
    "RewriteEngine On",
    "ServerAdmin a b",
    "ServerAlias a b",
    "ServerName ${Y}",
    "ServerRoot @DIR@",
    "Timeout",
    "UnDefine X",
    "UndefMacro m",
    "Use m",
    "Use m 1",
    "Use m 1 2",
    "Use n",
    "${X}",
    "${Z}",
];

/// What is typed by mistake.
const PIECES: &[&str] = &[
    "\"",
    "'",
    "<",
    ">",
    "</",
    "\\",
    "\\\\",
    "${",
    "}",
    "${X}",
    "${Y}",
    "${Z}",
    "${missing}",
    "$x",
    " ",
    "\t",
    "\r",
    "\0",
    "#",
    "!",
    ",",
    "=",
    "\u{a0}",
    "\u{feff}",
    " # why",
    "\"\"",
];

/// The characters that mean something everywhere.
const MARKS: &[char] = &['"', '\'', '<', '>', '/', '\\', '$', '{', '}', ' '];

/// A seed with one to four mistakes, and what they are.
pub(crate) fn mutate(seed: &Case, random: &mut Random) -> (Case, Vec<String>) {
    let mut mutant = seed.clone();
    let mut made = Vec::new();
    for _ in 0..=random.below(4) {
        let files: Vec<usize> = (0..mutant.entries.len())
            .filter(|it| is_text(&mutant.entries[*it]))
            .collect();
        // Much happens in the main file, and most other files are short.
        let main = files
            .iter()
            .find(|it| mutant.entries[**it].0 == mutant.main);
        let at = match (main, random.below(2)) {
            (Some(main), 0) => *main,
            _ => *random.pick(&files),
        };
        let (name, entry) = &mut mutant.entries[at];
        let Entry::File(bytes) = entry else { continue };
        let text = String::from_utf8_lossy(bytes);
        let mut lines: Vec<String> = text.split('\n').map(str::to_owned).collect();
        if random.below(MUTATIONS.len() + 1) == 0 {
            made.push(format!("{name}: put lines into a file of their own"));
            let moved = take_lines(&mut lines, random);
            let (place, name) = (
                random.below(lines.len()),
                format!("moved-{}.conf", made.len()),
            );
            lines.insert(place, format!("Include @DIR@/{name}"));
            *bytes = lines.join("\n").into_bytes();
            let moved = moved.join("\n") + "\n";
            mutant.entries.push((name, Entry::File(moved.into_bytes())));
            continue;
        }
        let (what, mutation) = random.pick(MUTATIONS);
        mutation(&mut lines, random);
        made.push(format!("{name}: {what}"));
        *bytes = lines.join("\n").into_bytes();
    }
    (mutant, made)
}

fn is_text((name, entry): &(String, Entry)) -> bool {
    let is_configuration = [".conf", ".load", ".inc"]
        .iter()
        .any(|it| name.ends_with(it));
    matches!(entry, Entry::File(bytes) if is_configuration && std::str::from_utf8(bytes).is_ok())
}

// The place of a line with something in it, where there is one.
fn some_line(lines: &[String], random: &mut Random) -> usize {
    let full: Vec<usize> = (0..lines.len())
        .filter(|it| !lines[*it].trim().is_empty() && !lines[*it].trim_start().starts_with('#'))
        .collect();
    match full.is_empty() {
        true => random.below(lines.len()),
        false => *random.pick(&full),
    }
}

// One to six lines from somewhere.
fn take_lines(lines: &mut Vec<String>, random: &mut Random) -> Vec<String> {
    let from = random.below(lines.len());
    let to = (from + 1 + random.below(6)).min(lines.len());
    let taken = lines.drain(from..to).collect();
    if lines.is_empty() {
        lines.push(String::new());
    }
    taken
}

fn insert(lines: &mut Vec<String>, line: &str, random: &mut Random) {
    let at = random.below(lines.len() + 1);
    lines.insert(at, line.to_owned());
}

fn delete_line(lines: &mut Vec<String>, random: &mut Random) {
    let at = some_line(lines, random);
    lines[at].clear();
}

fn double_line(lines: &mut Vec<String>, random: &mut Random) {
    let line = lines[some_line(lines, random)].clone();
    insert(lines, &line, random);
}

fn move_line(lines: &mut Vec<String>, random: &mut Random) {
    let at = some_line(lines, random);
    let line = std::mem::take(&mut lines[at]);
    insert(lines, &line, random);
}

fn move_lines(lines: &mut Vec<String>, random: &mut Random) {
    let moved = take_lines(lines, random);
    let at = random.below(lines.len() + 1);
    lines.splice(at..at, moved);
}

fn comment_out(lines: &mut Vec<String>, random: &mut Random) {
    let at = some_line(lines, random);
    lines[at].insert(0, '#');
}

fn comment_behind(lines: &mut Vec<String>, random: &mut Random) {
    let at = some_line(lines, random);
    lines[at].push_str(*random.pick(&[" # why", "# why", " # see <here>", " # it's", " # \\"]));
}

fn insert_line(lines: &mut Vec<String>, random: &mut Random) {
    let line = random.pick(LINES);
    insert(lines, line, random);
}

fn insert_tag(lines: &mut Vec<String>, random: &mut Random) {
    let (open, close) = random.pick(SECTIONS);
    let tag = if random.below(2) == 0 { open } else { close };
    insert(lines, tag, random);
}

fn wrap(lines: &mut Vec<String>, random: &mut Random) {
    let (open, close) = *random.pick(SECTIONS);
    let from = random.below(lines.len());
    let to = (from + random.below(6)).min(lines.len());
    lines.insert(to, close.to_owned());
    lines.insert(from, open.to_owned());
}

fn wrap_twice(lines: &mut Vec<String>, random: &mut Random) {
    let ((outer, end), (inner, inner_end)) = (*random.pick(SECTIONS), *random.pick(SECTIONS));
    let line = some_line(lines, random);
    lines.splice(line + 1..line + 1, [inner_end.to_owned(), end.to_owned()]);
    lines.splice(line..line, [outer.to_owned(), inner.to_owned()]);
}

fn unwrap(lines: &mut Vec<String>, random: &mut Random) {
    let opens: Vec<usize> = (0..lines.len())
        .filter(|it| lines[*it].trim_start().starts_with('<'))
        .collect();
    if !opens.is_empty() {
        lines[*random.pick(&opens)].clear();
    }
}

fn into_macro(lines: &mut Vec<String>, random: &mut Random) {
    let body = take_lines(lines, random);
    let at = random.below(lines.len() + 1);
    let open = random.pick(&[
        "<Macro m>",
        "<Macro m $x>",
        "<Macro m a>",
        "<Macro M $x $y>",
    ]);
    let used = random.pick(&["Use m", "Use M a", "Use m a b", "Use m \"a b\""]);
    let module = "LoadModule macro_module @MODDIR@/mod_macro.so";
    let new = [module, open].map(str::to_owned).into_iter().chain(body);
    let new: Vec<String> = new.chain(["</Macro>", used].map(str::to_owned)).collect();
    lines.splice(at..at, new);
}

fn misspell(lines: &mut Vec<String>, random: &mut Random) {
    let line = some_line(lines, random);
    let line = &mut lines[line];
    let letters: Vec<(usize, char)> = line
        .char_indices()
        .skip_while(|it| !it.1.is_alphabetic())
        .take_while(|it| it.1.is_alphabetic())
        .collect();
    if letters.is_empty() {
        return;
    }
    let (at, letter) = *random.pick(&letters);
    match random.below(3) {
        0 => drop(line.remove(at)),
        1 => line.insert(at, letter),
        _ => line.replace_range(at..at + letter.len_utf8(), "x"),
    }
}

fn change_case(lines: &mut Vec<String>, random: &mut Random) {
    change_word(lines, random, |word, random| match random.below(2) {
        0 => word.to_uppercase(),
        _ => word.to_lowercase(),
    });
}

fn quote_word(lines: &mut Vec<String>, random: &mut Random) {
    change_word(lines, random, |word, random| {
        let quote = random.pick(&["\"", "'"]);
        format!("{quote}{word}{quote}")
    });
}

fn drop_word(lines: &mut Vec<String>, random: &mut Random) {
    change_word(lines, random, |_, _| String::new());
}

fn double_word(lines: &mut Vec<String>, random: &mut Random) {
    change_word(lines, random, |word, _| format!("{word} {word}"));
}

fn empty_word(lines: &mut Vec<String>, random: &mut Random) {
    change_word(lines, random, |_, random| {
        (*random.pick(&["\"\"", "''"])).to_owned()
    });
}

fn replace_by_variable(lines: &mut Vec<String>, random: &mut Random) {
    let line = some_line(lines, random);
    let words: Vec<String> = lines[line].split(' ').map(str::to_owned).collect();
    let word = random.pick(&words).clone();
    if word.is_empty() {
        return;
    }
    lines[line] = lines[line].replacen(&word, "${W}", 1);
    let at = match random.below(4) {
        0 => random.below(lines.len()),
        _ => line,
    };
    lines.insert(at, format!("Define W {word}"));
}

fn change_word(
    lines: &mut [String],
    random: &mut Random,
    change: impl Fn(&str, &mut Random) -> String,
) {
    let line = some_line(lines, random);
    let mut words: Vec<String> = lines[line].split(' ').map(str::to_owned).collect();
    let full: Vec<usize> = (0..words.len())
        .filter(|it| !words[*it].is_empty())
        .collect();
    if full.is_empty() {
        return;
    }
    let word = *random.pick(&full);
    // The names of places are only names for us.
    if !words[word].contains('@') {
        words[word] = change(&words[word], random);
    }
    lines[line] = words.join(" ");
}

fn insert_piece(lines: &mut Vec<String>, random: &mut Random) {
    let line = some_line(lines, random);
    let places = places(&lines[line]);
    let end = lines[line].len();
    let at = match random.below(3) {
        0 => end,
        _ if places.is_empty() => end,
        _ => *random.pick(&places),
    };
    lines[line].insert_str(at, *random.pick(PIECES));
}

// The places between characters, without those in the names of places.
fn places(line: &str) -> Vec<usize> {
    let is_free = |at: &usize| line[..*at].matches('@').count().is_multiple_of(2);
    let places = line.char_indices().map(|it| it.0);
    places.filter(is_free).collect()
}

fn delete_mark(lines: &mut Vec<String>, random: &mut Random) {
    let line = some_line(lines, random);
    let marks: Vec<usize> = lines[line]
        .char_indices()
        .filter(|it| MARKS.contains(&it.1))
        .map(|it| it.0)
        .collect();
    if !marks.is_empty() {
        lines[line].remove(*random.pick(&marks));
    }
}

fn join_lines(lines: &mut Vec<String>, random: &mut Random) {
    let line = random.below(lines.len());
    lines[line].push_str(*random.pick(&["\\", " \\", "\\\r", "\\ "]));
}

fn split_line(lines: &mut Vec<String>, random: &mut Random) {
    let line = some_line(lines, random);
    let places = places(&lines[line]);
    if places.is_empty() {
        return;
    }
    let at = *random.pick(&places);
    lines[line].insert_str(
        at,
        *random.pick(&["\n", "\\\n", "\\\r\n", "\\\n\n", "\r\n"]),
    );
}

fn drop_load_module(lines: &mut Vec<String>, random: &mut Random) {
    let loads: Vec<usize> = (0..lines.len())
        .filter(|it| lines[*it].trim_start().starts_with("LoadModule"))
        .collect();
    if !loads.is_empty() {
        lines[*random.pick(&loads)].clear();
    }
}

fn drop_last_newline(lines: &mut Vec<String>, _: &mut Random) {
    while lines.len() > 1 && lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
}
