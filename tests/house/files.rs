//! A test file that no `mod` names is never compiled, and nobody would notice.

use std::path::Path;

#[test]
fn every_file_is_named_in_main() {
    let tests = crate::repository("tests");
    let main = std::fs::read_to_string(tests.join("main.rs")).unwrap();
    let mut found = Vec::new();
    collect(&tests, &tests, &mut found);
    assert!(found.len() > 3, "{found:?}");
    for file in found {
        let path: Vec<&str> = file.trim_end_matches(".rs").split('/').collect();
        let named = match path.as_slice() {
            [name] => main.contains(&format!("\nmod {name};")),
            [folder, name] => module(&main, folder).contains(&format!("    mod {name};\n")),
            _ => false,
        };
        assert!(named, "tests/{file} is not in tests/main.rs");
    }
}

/// What main.rs has between the braces of a folder's module.
fn module<'a>(main: &'a str, folder: &str) -> &'a str {
    let head = format!("\nmod {folder} {{\n");
    let Some(start) = main.find(&head) else { return "" };
    let body = &main[start + head.len()..];
    &body[..body.find("\n}").map_or(body.len(), |end| end + 1)]
}

fn collect(root: &Path, folder: &Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
        if path.is_dir() {
            collect(root, &path, found);
        } else if name.ends_with(".rs") && name != "main.rs" {
            found.push(name);
        }
    }
}
