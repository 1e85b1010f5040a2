//! Who may use whom: the edges between our crates, as their Cargo.toml files have them, are those of the table in ARCHITECTURE.md.

use std::collections::{BTreeMap, BTreeSet};

type Edges = BTreeMap<String, BTreeSet<String>>;

#[test]
fn crates_use_what_the_table_allows() {
    let allowed = table(&std::fs::read_to_string(crate::repository("ARCHITECTURE.md")).expect("ARCHITECTURE.md is there"));
    let mut crates: BTreeSet<String> = BTreeSet::new();
    let mut wrong = Vec::new();
    let folders: Vec<_> = std::fs::read_dir(crate::repository("src")).unwrap().flatten().filter(|entry| entry.path().is_dir()).collect();
    for folder in &folders {
        crates.insert(folder.file_name().into_string().unwrap());
    }
    for folder in &folders {
        let name = folder.file_name().into_string().unwrap();
        let used = dependencies(&std::fs::read_to_string(folder.path().join("Cargo.toml")).unwrap());
        let Some(may) = allowed.get(&name) else {
            wrong.push(format!("the table has no line for {name}"));
            continue;
        };
        for other in used.iter().filter(|other| crates.contains(*other) && !may.contains(*other)) {
            wrong.push(format!("{name} uses {other}, which the table does not allow"));
        }
        for other in may.iter().filter(|other| !crates.contains(*other)) {
            wrong.push(format!("{name} may use {other}, which is no crate of ours"));
        }
    }
    assert!(wrong.is_empty(), "ARCHITECTURE.md and the crates differ:\n{}", wrong.join("\n"));
}

/// The rows of the table `| crate | may use |`: names, with or without backquotes, separated by commas or spaces; a dash or nothing is none.
fn table(text: &str) -> Edges {
    let rows = text.lines().skip_while(|line| !heading(line)).skip(2).take_while(|line| line.starts_with('|'));
    let edges: Edges = rows
        .map(|row| {
            let cells: Vec<&str> = row.trim_matches('|').split('|').collect();
            (names(cells[0]).pop_first().unwrap_or_default(), names(cells.get(1).copied().unwrap_or_default()))
        })
        .collect();
    assert!(!edges.is_empty(), "ARCHITECTURE.md has no table `| crate | may use |`");
    edges
}

fn heading(line: &str) -> bool {
    let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
    matches!(cells.as_slice(), ["crate", "may use", ..])
}

fn names(cell: &str) -> BTreeSet<String> {
    let letters = |part: &str| part.trim_matches(['`', '.']).to_owned();
    cell.split([',', ' ']).map(letters).filter(|name| name.starts_with(|first: char| first.is_ascii_lowercase())).collect()
}

/// What a crate is compiled from; what only its tests use is no edge.
fn dependencies(manifest: &str) -> BTreeSet<String> {
    let mut inside = false;
    let mut found = BTreeSet::new();
    for line in manifest.lines() {
        if line.starts_with('[') {
            inside = line == "[dependencies]" || (line.starts_with("[target.") && line.ends_with(".dependencies]"));
        } else if inside && let Some((name, _)) = line.split_once(['.', '=', ' ']) {
            found.insert(name.trim().to_owned());
        }
    }
    found
}

#[test]
fn tables_and_manifests_are_read() {
    let text = "# x\n| crate | may use | why |\n|---|---|---|\n| `api` | - | x |\n| `cli` | `client`, output | y |\n\n| other |\n";
    let edges = table(text);
    assert_eq!(edges["api"], BTreeSet::new());
    assert_eq!(edges["cli"], BTreeSet::from(["client".to_owned(), "output".to_owned()]));
    let manifest =
        "[package]\nname = \"x\"\n[dependencies]\napi.workspace = true\nserde = \"1\"\n[dev-dependencies]\nstore.workspace = true\n";
    assert_eq!(dependencies(manifest), BTreeSet::from(["api".to_owned(), "serde".to_owned()]));
}
