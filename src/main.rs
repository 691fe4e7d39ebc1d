//! Arguments in, exit code out: 0 clean, 1 findings or failure, 2 usage.

#[cfg(all(target_os = "linux", not(target_env = "musl")))]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// How the allocator behaves: two arenas are enough for the few threads of a build, and pages that are freed go back to
/// the system at once, which keeps the peak a tenth lower for about a tenth of the CPU in page faults. jemalloc reads this symbol when it
/// starts; it points to text that ends in a zero byte.
#[cfg(all(target_os = "linux", not(target_env = "musl")))]
#[expect(unsafe_code, reason = "jemalloc takes its settings from a symbol of this name")]
#[unsafe(export_name = "_rjem_malloc_conf")]
static ALLOCATOR_SETTINGS: &[u8; 44] = b"narenas:2,dirty_decay_ms:0,muzzy_decay_ms:0\0";

fn main() -> std::process::ExitCode {
    fingerpost::cli::main()
}
