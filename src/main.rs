//! `k`: Kubernetes as one binary. Which part of it runs is decided in `cli` by the first argument and by the name it was started under.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    cli::main()
}
