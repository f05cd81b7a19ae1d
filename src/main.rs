//! The command `httpd-lint`.

use std::process::ExitCode;

fn main() -> ExitCode {
    #[allow(
        clippy::disallowed_methods,
        reason = "this is where the command line comes in"
    )]
    httpd_lint::cli::run(std::env::args_os())
}
