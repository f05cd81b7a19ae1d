//! Many requests at once.

use serde_json::Value;

use crate::support::tree::Tree;

const FOLDERS: usize = 40;

/// More than are kept at once, so that those with `.htaccess` files are asked again.
const REQUESTS: usize = 1_500;

#[test]
fn many_requests_meet_what_each_meets_alone() {
    let tree = Tree::new(&[]);
    for number in 0..FOLDERS {
        tree.put(&format!("www/{number}/index.html"), "");
        if number % 2 == 1 {
            let line = "ErrorDocument 404 http://other.test/\n";
            tree.put(&format!("www/{number}/.htaccess"), line);
        }
    }
    let main = format!(
        "Listen 80\nServerName main.test\nDocumentRoot {}/www\n\
         <Directory />\nAllowOverride FileInfo\n</Directory>\n",
        tree.root.display()
    );
    tree.put("httpd.conf", main);
    let url = |number: usize| format!("http://main.test/{}/{number}", number % FOLDERS);
    let urls: Vec<String> = (0..REQUESTS).map(url).collect();
    tree.put("urls", urls.join("\n"));

    let together = report(&tree, &["--urls", "urls"]);
    assert_eq!(together.len(), REQUESTS);
    for (number, one) in together.iter().enumerate() {
        assert_eq!(one["url"], urls[number]);
        let status = if number % 2 == 1 { 302 } else { 404 };
        assert_eq!(one["status"], status, "{}", urls[number]);
    }
    for number in [0, 1, FOLDERS, REQUESTS - 1] {
        assert_eq!(report(&tree, &[&urls[number]]), [together[number].clone()]);
    }
    let stories = said(&tree, &["--urls", "urls"]);
    let stories: Vec<&str> = stories.split("\n\n").map(str::trim_end).collect();
    assert_eq!(stories.len(), REQUESTS);
    assert_eq!(said(&tree, &[&urls[1]]).trim_end(), stories[1]);
    let nobody = said(&tree, &["--urls", "urls", "--compare", "httpd.conf"]);
    assert_eq!(nobody, "");
}

fn report(tree: &Tree, arguments: &[&str]) -> Vec<Value> {
    let report = said(tree, &[&["--format", "json"], arguments].concat());
    let report: Value = serde_json::from_str(&report).unwrap();
    report["requests"].as_array().unwrap().clone()
}

fn said(tree: &Tree, arguments: &[&str]) -> String {
    let options = ["trace", "--host", "--facts", "debian-12"];
    tree.run(&[&options, arguments, &["httpd.conf"]].concat())
        .out
}
