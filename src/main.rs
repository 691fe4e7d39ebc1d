//! Arguments in, exit code out: 0 clean, 1 findings or failure, 2 usage.

use fingerpost::cli::BySize;

#[global_allocator]
static ALLOCATOR: BySize = BySize;

fn main() -> std::process::ExitCode {
    fingerpost::cli::main()
}
