//! Arguments in, exit code out: 0 clean, 1 findings or failure, 2 usage.

fn main() -> std::process::ExitCode {
    fingerpost::cli::main()
}
