//! Kinds without a description of their own: every field under its name in words.

use output::go_text;
use serde_json::Value;

use super::page::{Page, put};
use super::tree::Tree;

const HIDDEN: [&str; 5] = [".metadata.managedFields", ".metadata.name", ".metadata.namespace", ".metadata.labels", ".metadata.annotations"];
const ACRONYMS: [&str; 4] = ["API", "URL", "UID", "GUID"];

pub fn any(page: &mut Page, object: &Value, events: Option<&[Value]>) {
    page.header(object);
    members(page, 0, object, "");
    page.events(events);
}

fn members(page: &mut Page, level: usize, object: &Value, path: &str) {
    for (name, value) in object.members("") {
        let path = format!("{path}.{name}");
        if HIDDEN.contains(&path.as_str()) {
            continue;
        }
        match value {
            Value::Object(_) => {
                put!(page, level, "{}:\n", words(name));
                members(page, level + 1, value, &path);
            }
            Value::Array(items) => {
                put!(page, level, "{}:\n", words(name));
                for item in items {
                    match item {
                        Value::Object(_) => members(page, level + 1, item, &path),
                        other => put!(page, level + 1, "{}\n", go_text::sprint(other)),
                    }
                }
            }
            other => page.field(level, &words(name), &go_text::sprint(other)),
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Lower,
    Upper,
    Other,
}

fn class(letter: char) -> Class {
    if letter.is_lowercase() {
        Class::Lower
    } else if letter.is_uppercase() {
        Class::Upper
    } else {
        Class::Other
    }
}

/// `podIPs` as `pod`, `I`, `Ps`: runs of a class, where the last capital belongs to the small letters after it.
fn runs(name: &str) -> Vec<String> {
    let mut runs: Vec<String> = Vec::new();
    let mut last = None;
    for letter in name.chars() {
        let own = class(letter);
        match runs.last_mut() {
            Some(run) if last == Some(own) => run.push(letter),
            _ => runs.push(letter.to_string()),
        }
        last = Some(own);
    }
    for index in 1..runs.len() {
        let starts = |run: &str, wanted| run.chars().next().is_some_and(|letter| class(letter) == wanted);
        if starts(&runs[index - 1], Class::Upper)
            && starts(&runs[index], Class::Lower)
            && let Some(capital) = runs[index - 1].pop()
        {
            runs[index].insert(0, capital);
        }
    }
    runs.retain(|run| !run.is_empty());
    runs
}

/// `resourceVersion` as `Resource Version`; names with digits and such stay as they are.
fn words(name: &str) -> String {
    if name.chars().any(|letter| !letter.is_alphabetic() && letter != '-') {
        return name.to_owned();
    }
    let runs = runs(name);
    let mut words: Vec<String> = Vec::new();
    let mut rest = runs.iter().peekable();
    while let Some(run) = rest.next() {
        let capitals = run.len() >= 2 && run.chars().all(|letter| !letter.is_alphabetic() || letter.is_uppercase());
        let merged = rest.next_if(|next| capitals && next.chars().next().is_some_and(char::is_uppercase));
        let word = merged.map_or_else(|| run.clone(), |next| format!("{run}{next}"));
        words.push(if ACRONYMS.contains(&word.to_uppercase().as_str()) {
            word.to_uppercase()
        } else if word.to_lowercase() == word {
            let mut letters = word.chars();
            letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
        } else {
            word
        });
    }
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;

    #[test]
    fn names_in_words() {
        let check = |name: &str, expected: &str| assert_eq!(words(name), expected);
        check("apiVersion", "API Version");
        check("resourceVersion", "Resource Version");
        check("uid", "UID");
        check("podCIDRs", "Pod CIDRs");
        check("clusterIP", "Cluster IP");
        check("foo-bar", "Foo - Bar");
        check("f:x", "f:x");
        check("HTTPServer", "HTTPServer");
        check("selfURL", "Self URL");
    }

    #[test]
    fn fields_are_sorted() {
        let object: Value = serde_yaml::from_str(
            "
apiVersion: example.com/v1
kind: Thing
metadata: {name: t, namespace: n, uid: u, managedFields: [{}]}
spec: {list: [{b: 1, a: x}, {a: y}], plain: [1, two], nothing: null, on: true}
",
        )
        .unwrap();
        let mut page = Page::new(Timestamp::UNIX_EPOCH);
        any(&mut page, &object, None);
        assert_eq!(
            page.finish(),
            "Name:         t\nNamespace:    n\nLabels:       <none>\nAnnotations:  <none>\nAPI Version:  example.com/v1\nKind:         Thing\nMetadata:\n  UID:  u\nSpec:\n  List:\n    A:      x\n    B:      1\n    A:      y\n  Nothing:  <nil>\n  On:       true\n  Plain:\n    1\n    two\n"
        );
    }
}
