//! What every format writes of one tree that has everything in it: fixes, places in other files,
//! includes, macros, wide characters, tabs, bytes that are no UTF-8, names and values that would be
//! markup or a command.
//!
//! The documents stand in `tests/formats/`; `UPDATE=1 cargo test` writes them anew. Each is read by
//! what reads such documents, and says what the JSON object says.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "a test starts programs, and fails by panicking"
)]

#[path = "render/schema.rs"]
mod schema;
#[path = "support"]
mod support {
    pub(crate) mod folder;
    pub(crate) mod tree;
}

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;
use support::tree::{Said, Tree};

const MAIN: &str = "\
ServerRoot /etc/httpd
LoadModule macro_module modules/mod_macro.so
LoadModule wsgi_module modules/mod_wsgi.so
WSGIDaemonProcess shop
Include sites/*.conf
";
const SHOP: &str = "\
<Macro Host $name>
\t<VirtualHost *:80>
\t\tServerName $name
\t\t# \\\\archive\\covers\\
\t\tAlias /covers/ /srv/covers/
\t\tServerAdmn \"größe 😀\" $name
\t</VirtualHost>
</Macro>
Use Host a.example
Use Host b.example
ServerAdmin \"größe 😀
WSGIProcessGroup shpo
LoadModule wsgi_module modules/mod_wsgi.so
# httpd-lint: allow(empty-macro) -- there is none
KeepAlive On
";
const HOSTILE: &str = "\
Options ::error::%0A##[add-mask]x
Options <b>&\"'</b>`a`@octocat](https://evil.example)
Options ```]]>--></pre>
Options \u{1b}[2J\u{202e}\u{ffff}
";
const LATIN1: &[u8] = b"KeepAlive \"caf\xe9\" \xfc\nAcceptFilter\n";

fn tree() -> Tree {
    let tree = Tree::new(&[
        (".git/HEAD", "ref: refs/heads/main\n"),
        ("web/httpd.conf", MAIN),
        ("web/sites/a: 1,2%0A<&'].conf", HOSTILE),
        ("web/sites/shop.conf", SHOP),
    ]);
    tree.put("web/sites/z.conf", LATIN1);
    tree
}

fn check(tree: &Tree, arguments: &[&str]) -> Said {
    let all = [&["check", "httpd.conf"], arguments].concat();
    let said = tree.run_below(Path::new("web"), &all);
    assert_eq!(said.err, "");
    said
}

fn written(format: &str) -> String {
    let tree = tree();
    let said = check(&tree, &["--format", format]);
    assert_eq!(said.code, Some(1));
    compare(format, &placed(&said.out, &tree));
    said.out
}

// The same wherever and whenever it was written.
fn placed(text: &str, tree: &Tree) -> String {
    let mut placed = text.replace(&*tree.root.to_string_lossy(), "@ROOT@");
    while let Some(end) = placed.find(" ms") {
        let start = placed[..end].rfind(" in ").unwrap();
        placed.replace_range(start..end + 3, "");
    }
    // The looks of a page are no text.
    if let Some((before, rest)) = placed.split_once("<style>\n") {
        let after = rest.split_once("</style>").map_or("", |it| it.1);
        placed = format!("{before}<style></style>{after}");
    }
    let lines = placed.split_inclusive('\n').map(without_page);
    lines.collect()
}

// What a rule's page says is not the point of a document.
fn without_page(line: &str) -> String {
    let help = line.find(r#","help":{"markdown":"#);
    let end = line.find(r#","id":"#);
    match help.zip(end) {
        Some((help, end)) => format!("{}{}", &line[..help], &line[end..]),
        None => line.to_owned(),
    }
}

fn compare(format: &str, document: &str) {
    let kind = match format {
        "sarif" | "gitlab" | "rdjson" | "json" => "json",
        "checkstyle" | "junit" => "xml",
        "markdown" => "md",
        "html" => "html",
        _ => "txt",
    };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/formats");
    let path = folder.join(format!("{format}.{kind}"));
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, document).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(document, expected, "UPDATE=1 rewrites {}", path.display());
}

/// The findings as the JSON object has them.
fn findings() -> Vec<Value> {
    let said = check(&tree(), &["--format", "json"]);
    let json: Value = serde_json::from_str(&said.out).unwrap();
    json["diagnostics"].as_array().unwrap().clone()
}

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

#[test]
fn sarif_is_a_log_of_version_2_1_0() {
    let log: Value = serde_json::from_str(&written("sarif")).unwrap();
    schema::assert_obeys(include_str!("formats/schemas/sarif.json"), &log);
    let run = &log["runs"][0];
    let results = run["results"].as_array().unwrap();
    let findings = findings();
    assert_eq!(results.len(), findings.len());
    for (result, finding) in results.iter().zip(&findings) {
        let rule = &run["tool"]["driver"]["rules"][number(&result["ruleIndex"]) as usize];
        assert_eq!(rule["id"], result["ruleId"]);
        assert!(text(&rule["help"]["markdown"]).contains("\n## Wrong\n"));
        assert_eq!(result["ruleId"], finding["rule"]);
        assert_eq!(result["level"], finding["level"]);
        let place = &result["locations"][0]["physicalLocation"];
        let uri = unescaped(text(&place["artifactLocation"]["uri"]));
        assert_eq!(uri, format!("web/{}", text(&finding["file"])));
        assert_eq!(place["region"]["startLine"], finding["line"]);
        assert_eq!(place["region"]["startColumn"], finding["column"]);
        assert_eq!(place["region"]["endColumn"], finding["end_column"]);
        let steps = finding["included_from"].as_array().unwrap().len();
        let flow = &result["codeFlows"][0]["threadFlows"][0]["locations"];
        assert_eq!(flow.as_array().map_or(0, |it| it.len() - 1), steps);
        let labels = result["relatedLocations"].as_array().map_or(0, Vec::len);
        assert_eq!(labels, finding["labels"].as_array().unwrap().len());
    }
    assert_eq!(
        distinct(results, |it| {
            let place = &it["locations"][0]["physicalLocation"]["artifactLocation"];
            format!(
                "{}{}{}",
                it["ruleId"], place["uri"], it["partialFingerprints"]
            )
        }),
        results.len()
    );
}

fn distinct(all: &[Value], key: impl Fn(&Value) -> String) -> usize {
    let keys: std::collections::BTreeSet<String> = all.iter().map(key).collect();
    keys.len()
}

fn unescaped(uri: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = uri.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let digits = [rest.next().unwrap(), rest.next().unwrap()];
                u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap()
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).unwrap()
}

#[test]
fn gitlab_tells_all_findings_apart() {
    let report: Value = serde_json::from_str(&written("gitlab")).unwrap();
    schema::assert_obeys(include_str!("formats/schemas/gitlab.json"), &report);
    let report = report.as_array().unwrap();
    let findings = findings();
    assert_eq!(report.len(), findings.len());
    for (item, finding) in report.iter().zip(&findings) {
        assert_eq!(item["location"]["lines"]["begin"], finding["line"]);
        assert_eq!(item["check_name"], finding["rule"]);
    }
    assert_eq!(
        distinct(report, |it| it["fingerprint"].to_string()),
        report.len()
    );
}

#[test]
fn reviewdog_gets_the_bytes_that_findings_cover() {
    let tree = tree();
    let report: Value = serde_json::from_str(&written("rdjson")).unwrap();
    schema::assert_obeys(include_str!("formats/schemas/rdjson.json"), &report);
    let diagnostics = report["diagnostics"].as_array().unwrap();
    assert_eq!(diagnostics.len(), findings().len());
    let mut covered = Vec::new();
    for diagnostic in diagnostics {
        let location = &diagnostic["location"];
        let bytes = tree.bytes(&format!("web/{}", text(&location["path"])));
        let range = &location["range"];
        let start = offset(&bytes, &range["start"]);
        let piece = &bytes[start..offset(&bytes, &range["end"])];
        covered.push(String::from_utf8_lossy(piece).into_owned());
    }
    for expected in ["ServerAdmn", "\"größe 😀", "shpo", "\"caf\u{fffd}\""] {
        assert!(covered.iter().any(|it| it == expected), "{covered:?}");
    }
    let suggestions = diagnostics
        .iter()
        .flat_map(|it| it["suggestions"].as_array().unwrap());
    let fixes: Vec<Value> = findings()
        .iter()
        .flat_map(|it| it["fixes"].as_array().unwrap().clone())
        .filter(|it| it["safe"] == true && it["edits"].as_array().unwrap().len() == 1)
        .collect();
    assert!(!fixes.is_empty());
    assert_eq!(suggestions.count(), fixes.len());
}

fn offset(bytes: &[u8], position: &Value) -> usize {
    let before = bytes.split_inclusive(|it| *it == b'\n');
    let before = before.take(number(&position["line"]) as usize - 1);
    before.map(<[u8]>::len).sum::<usize>() + number(&position["column"]) as usize - 1
}

/// A line of a log as GitHub's runner reads it.
#[derive(Debug, PartialEq, Eq)]
struct RunnerCommand {
    name: String,
    properties: Vec<(String, String)>,
    data: String,
}

impl RunnerCommand {
    fn parse(line: &str) -> Option<Self> {
        let (head, data) = line.trim_start().strip_prefix("::")?.split_once("::")?;
        let (name, properties) = head.split_once(' ').unwrap_or((head, ""));
        let properties = properties.split(',').filter_map(|it| it.split_once('='));
        let value = |it: &str| it.replace("%3A", ":").replace("%2C", ",");
        let plain = |it: &str| {
            let it = it.replace("%0D", "\r").replace("%0A", "\n");
            it.replace("%25", "%")
        };
        Some(Self {
            name: name.to_owned(),
            properties: properties
                .map(|(key, it)| (key.to_owned(), plain(&value(it))))
                .collect(),
            data: plain(data),
        })
    }

    fn property(&self, name: &str) -> &str {
        let found = self.properties.iter().find(|it| it.0 == name);
        found.map_or("", |it| &it.1)
    }
}

#[test]
fn github_gets_one_command_for_each_finding_and_no_other() {
    let log = written("github");
    let commands: Vec<RunnerCommand> = log.lines().filter_map(RunnerCommand::parse).collect();
    let others: Vec<&str> = log.lines().filter(|it| !it.starts_with("::")).collect();
    assert_eq!(others.len(), 1, "{others:?}");
    // What is no command is looked through for commands of the old kind.
    assert!(others.iter().all(|it| !it.contains("##[")));
    let mut findings = findings();
    let rank = |it: &Value| match text(&it["level"]) {
        _ if it["first"] == true => 0,
        "error" => 1,
        "warning" => 2,
        _ => 3,
    };
    findings.sort_by_key(rank);
    assert_eq!(commands.len(), findings.len());
    for (command, finding) in commands.iter().zip(&findings) {
        let level = match text(&finding["level"]) {
            "note" => "notice",
            level => level,
        };
        assert_eq!(command.name, level);
        let file = format!("web/{}", text(&finding["file"]));
        assert_eq!(command.property("file"), file);
        assert_eq!(command.property("line"), finding["line"].to_string());
        assert_eq!(command.property("col"), finding["column"].to_string());
        let names: Vec<&str> = command.properties.iter().map(|it| it.0.as_str()).collect();
        assert_eq!(
            names,
            ["file", "line", "endLine", "col", "endColumn", "title"]
        );
    }
}

#[test]
fn xml_is_read_by_a_parser_of_xml() {
    let findings = findings();
    let script = "\
import sys, xml.etree.ElementTree as tree
root = tree.fromstring(sys.stdin.buffer.read())
for it in root.iter(sys.argv[1]):
    print(it.get('line'), it.get(sys.argv[2]).encode('unicode_escape').decode())
";
    for (format, element, attribute, own) in [
        ("checkstyle", "error", "source", "httpd-lint."),
        ("junit", "testcase", "name", ""),
    ] {
        let document = written(format);
        let Some(read) = python(script, &[element, attribute], &document) else {
            return;
        };
        let lines: Vec<&str> = read.lines().collect();
        assert_eq!(lines.len(), findings.len(), "{format}");
        for (line, finding) in lines.iter().zip(&findings) {
            let (at, value) = line.split_once(' ').unwrap();
            assert_eq!(at, finding["line"].to_string());
            let rule = text(&finding["rule"]);
            assert!(value.ends_with(&format!("{own}{rule}")), "{value}");
        }
    }
}

#[test]
fn junit_has_a_test_that_passes_where_nothing_is_found() {
    let tree = Tree::new(&[("httpd.conf", "ServerRoot /etc/httpd\nListen 80\n")]);
    let said = tree.run(&["check", "httpd.conf", "--format", "junit"]);
    assert_eq!(said.code, Some(0));
    assert!(
        said.out.contains("tests=\"1\" failures=\"0\""),
        "{}",
        said.out
    );
    assert_eq!(said.out.matches("<testcase ").count(), 1);
}

#[test]
fn a_page_is_whole_and_holds_nothing_that_runs() {
    let page = written("html");
    let script = "\
import sys, html.parser
class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__(); self.open = []; self.seen = set(); self.said = []
    def handle_starttag(self, tag, attributes):
        self.seen.add(tag)
        if tag != 'meta': self.open.append(tag)
        for name, value in attributes:
            assert not name.startswith('on') and name not in ('src', 'style'), name
            assert name != 'href' or value.startswith('#'), value
    def handle_endtag(self, tag):
        assert self.open.pop() == tag, tag
    def handle_data(self, data):
        self.said.append(data)
page = Page(); page.feed(sys.stdin.buffer.read().decode()); page.close()
assert page.open == [], page.open
print(' '.join(sorted(page.seen)))
print(''.join(page.said).count(\"<b>&\\\"'</b>`a`@octocat\"))
";
    assert!(!page.contains("<script") && !page.contains("http://"));
    let Some(read) = python(script, &[], &page) else {
        return;
    };
    let (elements, hostile) = read.trim().split_once('\n').unwrap();
    let expected = "a b body code details h1 h2 head html li meta nav p pre span style summary \
                    title ul";
    for element in elements.split(' ') {
        assert!(expected.split(' ').any(|it| it == element), "{element}");
    }
    assert!(hostile.parse::<usize>().unwrap() > 0);
}

#[test]
fn a_comment_folds_each_finding_and_names_nobody() {
    let comment = written("markdown");
    assert_eq!(comment.matches("<details>").count(), findings().len());
    assert!(comment.len() < 65_536);
    let mut fence: Option<String> = None;
    for line in comment.lines() {
        match &fence {
            Some(end) if line == end => fence = None,
            Some(_) => {}
            None if line.starts_with("```") => {
                fence = Some(line.trim_end_matches("text").to_owned());
            }
            // Outside of code a name is broken, and nothing but our own elements is markup.
            None => {
                let plain: String = line
                    .split("<code>")
                    .enumerate()
                    .map(|(at, it)| match at {
                        0 => it,
                        _ => it.split_once("</code>").unwrap().1,
                    })
                    .collect();
                assert!(!plain.contains("@octocat"), "{line}");
                let plain = plain.replace("<!-- -->", "");
                for element in plain.split('<').skip(1) {
                    let name = element.split('>').next().unwrap().trim_start_matches('/');
                    let own = ["details", "summary", "b", "sub", "br"];
                    assert!(own.contains(&name), "{line}");
                }
            }
        }
    }
    assert_eq!(fence, None);
}

#[test]
fn a_comment_has_room_in_a_pull_request() {
    let lines = "KeepAlive maybe\n".repeat(2_000);
    let tree = Tree::new(&[("httpd.conf", &lines)]);
    let said = tree.run(&["check", "httpd.conf", "--format", "markdown"]);
    assert!(said.out.len() < 65_536, "{}", said.out.len());
    let shown = said.out.matches("<details>").count();
    let rest = format!("And {} more findings for which", grouped(2_000 - shown));
    assert!(said.out.contains(&rest), "{rest}");
}

fn grouped(number: usize) -> String {
    match number / 1_000 {
        0 => number.to_string(),
        thousands => format!("{thousands},{:03}", number % 1_000),
    }
}

#[test]
fn several_documents_are_written_at_once() {
    let tree = tree();
    let outputs = ["sarif:a.sarif", "gitlab:b.json", "concise:-"];
    let outputs = outputs.map(|it| ["--output", it]).concat();
    let said = check(&tree, &[&["-q"], &*outputs].concat());
    assert_eq!(said.out, check(&tree, &["-q", "--format", "concise"]).out);
    let sarif: Value = serde_json::from_str(&tree.text("web/a.sarif")).unwrap();
    assert_eq!(sarif["version"], "2.1.0");
    let gitlab: Value = serde_json::from_str(&tree.text("web/b.json")).unwrap();
    assert!(gitlab.is_array());
}

#[test]
fn a_file_without_a_format_has_that_of_the_option() {
    let tree = tree();
    let said = check(&tree, &["--format", "json", "--output", "a.json"]);
    assert_eq!(said.out, "");
    let json: Value = serde_json::from_str(&tree.text("web/a.json")).unwrap();
    assert_eq!(json["version"], 1);
    let said = check(
        &tree,
        &["--format", "concise", "--output", "sarif:b:c.sarif", "-q"],
    );
    assert_eq!(said.out.lines().count(), findings().len());
    assert!(tree.root.join("web/b:c.sarif").exists());
    check(&tree, &["--output", "D:file"]);
    assert!(tree.text("web/D:file").starts_with("error["));
}

#[test]
fn a_word_before_a_colon_is_a_format() {
    let tree = tree();
    let run = |output: &str| tree.run(&["check", "web", "--output", output]);
    let said = run("sarf:a.sarif");
    assert_eq!((said.code, said.out.as_str()), (Some(2), ""));
    let expected = "there is no format `sarf`; is it `sarif`? \
                    (a file of this name is `./sarf:a.sarif`)";
    assert!(said.err.contains(expected), "{}", said.err);
    assert!(!tree.root.join("sarf:a.sarif").exists());
    let said = run("bogus:y");
    assert!(
        said.err.contains("there is no format `bogus` ("),
        "{}",
        said.err
    );
    check(&tree, &["--output", "./bogus:y"]);
    assert!(tree.text("web/bogus:y").starts_with("error["));
    check(&tree, &["--output", "of.today:y"]);
    assert!(tree.text("web/of.today:y").starts_with("error["));
}

#[test]
fn standard_output_takes_one_document() {
    let tree = tree();
    let both = ["check", "web", "--output", "json:-", "--output", "sarif:-"];
    let said = tree.run(&both);
    assert_eq!(said.code, Some(2));
    assert_eq!(said.err, "httpd-lint: `-` is given twice as an output\n");
    let said = tree.run(&["check", "web", "--format", "json", "--output", "sarif:-"]);
    assert_eq!(said.code, Some(2));
}

#[test]
fn of_too_many_findings_the_most_severe_are_shown() {
    let tree = tree();
    let said = check(&tree, &["--format", "json", "--max-findings", "2"]);
    let json: Value = serde_json::from_str(&said.out).unwrap();
    let shown = json["diagnostics"].as_array().unwrap();
    assert_eq!(shown.len(), 2);
    assert!(shown.iter().all(|it| it["level"] == "error"));
    assert_eq!(shown.iter().filter(|it| it["first"] == true).count(), 1);
    let all = findings().len();
    let summary = &json["summary"];
    assert_eq!(number(&summary["left_out"]) as usize, all - 2);
    let counts = ["errors", "warnings", "notes"].map(|it| number(&summary[it]) as usize);
    assert_eq!(counts.iter().sum::<usize>(), all);
    let said = check(&tree, &["--format", "concise", "--max-findings", "0"]);
    assert_eq!(said.out.lines().count(), 1);
    assert_eq!(said.code, Some(1));
}

#[test]
fn in_github_actions_annotations_and_a_summary_are_understood() {
    let tree = tree();
    let run = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_httpd-lint"))
            .args(["check", "web/httpd.conf"])
            .args(arguments)
            .current_dir(&tree.root)
            .env_clear()
            .env("GITHUB_ACTIONS", "true")
            .env("GITHUB_STEP_SUMMARY", tree.root.join("summary.md"))
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    tree.put("summary.md", "before\n");
    assert!(run(&[]).starts_with("::error file=web/"));
    let summary = tree.text("summary.md");
    assert!(summary.starts_with("before\n### httpd-lint: "), "{summary}");
    assert!(run(&["--format", "full"]).starts_with("error["));
    assert_eq!(run(&["--output", "sarif:a.sarif"]), "");
    assert_eq!(tree.text("summary.md"), summary);
}

/// What a program in Python prints of a text; `None` where there is no Python.
fn python(program: &str, arguments: &[&str], input: &str) -> Option<String> {
    let child = Command::new("python3")
        .args(["-c", program])
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let Ok(mut child) = child else {
        eprintln!("skipped: there is no python3 to read the document");
        return None;
    };
    child
        .stdin
        .take()
        .unwrap()
        .write_all(input.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "python3 refuses the document");
    Some(String::from_utf8(output.stdout).unwrap())
}
