//! Compiles the knowledge of httpd's directives into static tables.

fn main() {}
