//! The command `httpd-lint`.

fn main() {}
