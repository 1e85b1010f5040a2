//! How the program is linked.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|os| os == "linux") {
        // Linked for a fixed address, as kubectl is: the megabytes of tables with addresses in them are then pages of the file, where the loader would otherwise
        // write every one of them at every start. Stack, heap and libraries keep their random places.
        println!("cargo:rustc-link-arg-bins=-no-pie");
    }
}
