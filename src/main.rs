//! The command `httpd-lint`.

use std::process::ExitCode;

// Several threads build small things all the time, for which most systems' own allocator asks the
// kernel page by page.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    #[allow(
        clippy::disallowed_methods,
        reason = "this is where the command line comes in"
    )]
    httpd_lint::cli::run(std::env::args_os())
}
