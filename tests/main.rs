//! End-to-end tests: the program from outside, on real containers. One binary, folders by theme; a test in `house` notices a file that is not named here.
//! A test makes a cluster of its own where it disturbs it (kills, deletes, bad flags), and otherwise takes a namespace of the shared one.
#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod shared;

mod clients {
    mod custom;
    mod helm;
    mod libraries;
    mod webhook;
}
mod controllers {
    mod disruption;
    mod upkeep;
}
mod failure {
    mod clusters;
    mod input;
}
mod hello {
    mod session;
}
mod house {
    mod architecture;
    mod files;
}
mod parity {
    mod read;
    mod write;
}
mod pods {
    mod life;
}
mod restart {
    mod processes;
}
mod seeds {
    mod manifests;
}

use std::path::Path;

/// The program under test.
fn program() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_k"))
}

/// A file or folder of the repository.
fn repository(path: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}
