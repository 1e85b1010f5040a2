//! How the program is linked.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|os| os == "linux") {
        // Linked for a fixed address, as kubectl is: the megabytes of tables with addresses in them are then pages of the file, where the loader would otherwise
        // write every one of them at every start. Stack, heap and libraries keep their random places.
        println!("cargo:rustc-link-arg-bins=-no-pie");
        // Functions that came out the same are kept once; the linker that rustc brings for this machine can do that. Traces of a debug build stay true.
        let is = |name: &str, value: &str| std::env::var(name).is_ok_and(|found| found == value);
        if is("CARGO_CFG_TARGET_ARCH", "x86_64") && is("PROFILE", "release") {
            println!("cargo:rustc-link-arg-bins=-Wl,--icf=all");
        }
    }
}
