//! Arguments in, exit code out: 0 clean, 1 findings or failure, 2 usage.

#[cfg(all(target_os = "linux", not(target_env = "musl")))]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// How the allocator behaves: two arenas are enough for the few threads of a build, and pages that are freed go back to
/// the system after 30 ms, so that most are used again before. At once the peak is lower by a few MiB, and a tenth of
/// the CPU goes into page faults. jemalloc reads this symbol when it starts; it points to text that ends in a zero byte.
#[cfg(all(target_os = "linux", not(target_env = "musl")))]
#[expect(unsafe_code, reason = "jemalloc takes its settings from a symbol of this name")]
#[unsafe(export_name = "_rjem_malloc_conf")]
static ALLOCATOR_SETTINGS: &[u8; 45] = b"narenas:2,dirty_decay_ms:30,muzzy_decay_ms:0\0";

fn main() -> std::process::ExitCode {
    fingerpost::cli::main()
}
