//! The targets under libFuzzer: `K_FUZZ_TARGET` names one; libFuzzer's own flags and the folder of inputs are on the command line.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;

static TARGET: LazyLock<fuzz::Target> = LazyLock::new(|| {
    let name = std::env::var("K_FUZZ_TARGET").unwrap_or_default();
    let names: Vec<&str> = fuzz::TARGETS.iter().map(|target| target.name).collect();
    *fuzz::TARGETS.iter().find(|target| target.name == name).unwrap_or_else(|| panic!("K_FUZZ_TARGET is one of {}", names.join(", ")))
});

fuzz_target!(|input: &[u8]| (TARGET.run)(input));
