//! What is generated from the commands and kept in the repository, for packages and for `install.sh`: completions of four shells and the man pages. The tests
//! fail when a file is not what the commands say now; with `K_BLESS=1` they write it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap_complete::Shell;

use crate::command_line::command;

fn repository(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(folder)
}

/// The folder has these files with these contents, and no others.
fn check(folder: &str, expected: &BTreeMap<String, Vec<u8>>) {
    let dir = repository(folder);
    let names = || -> Vec<String> {
        let entries = std::fs::read_dir(&dir)
            .map(|entries| entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect());
        entries.unwrap_or_default()
    };
    if std::env::var_os("K_BLESS").is_some() {
        std::fs::create_dir_all(&dir).unwrap();
        names().iter().filter(|name| !expected.contains_key(*name)).for_each(|name| std::fs::remove_file(dir.join(name)).unwrap());
        expected.iter().for_each(|(name, bytes)| std::fs::write(dir.join(name), bytes).unwrap());
    }
    let hint = "run K_BLESS=1 cargo test -p cli assets";
    for name in names() {
        assert!(expected.contains_key(&name), "{folder}/{name} belongs to no command: {hint}");
    }
    for (name, bytes) in expected {
        let there = std::fs::read(dir.join(name)).unwrap_or_default();
        assert!(there == *bytes, "{folder}/{name} is stale: {hint}");
    }
}

#[test]
fn completions_are_fresh() {
    let shells = [("k.bash", Shell::Bash), ("_k", Shell::Zsh), ("k.fish", Shell::Fish), ("_k.ps1", Shell::PowerShell)];
    let script = |shell| {
        let mut text = Vec::new();
        clap_complete::generate(shell, &mut command("k"), "k", &mut text);
        text
    };
    check("completions", &shells.into_iter().map(|(name, shell)| (name.to_owned(), script(shell))).collect());
}

#[test]
fn man_pages_are_fresh() {
    let dir = tempfile::tempdir().unwrap();
    clap_mangen::generate_to(command("k"), dir.path()).unwrap();
    let pages = std::fs::read_dir(dir.path()).unwrap().flatten();
    let pages = pages.map(|page| (page.file_name().to_string_lossy().into_owned(), std::fs::read(page.path()).unwrap()));
    check("man", &pages.collect());
}
