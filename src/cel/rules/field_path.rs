//! The field that a rule's error is put at: `.spec.replicas` or `.labels['a.b']`, as far as the schema has it.

use serde_json::Value as Json;

/// The path as errors write it, or nothing where the schema has no such field.
pub(super) fn normalized(path: &str, openapi: &Json) -> Option<String> {
    let mut found = String::new();
    let mut schema = openapi;
    let mut rest = path;
    while !rest.is_empty() {
        let (name, behind) = step(rest)?;
        let properties = schema.get("properties").and_then(Json::as_object).filter(|properties| !properties.is_empty());
        schema = match properties {
            Some(properties) => {
                if !found.is_empty() {
                    found.push('.');
                }
                found.push_str(&name);
                properties.get(&name)?
            }
            None => {
                found.push_str(&format!("[{name}]"));
                schema.get("additionalProperties").filter(|additional| additional.is_object())?
            }
        };
        rest = behind;
    }
    Some(found)
}

/// `.name` or `['name']`, and what follows.
fn step(path: &str) -> Option<(String, &str)> {
    if let Some(inside) = path.strip_prefix("['") {
        let (mut name, mut characters) = (String::new(), inside.char_indices());
        while let Some((at, character)) = characters.next() {
            match character {
                '\\' => name.push(match characters.next()?.1 {
                    'a' => '\u{7}',
                    'b' => '\u{8}',
                    'f' => '\u{c}',
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    'v' => '\u{b}',
                    mark @ ('\'' | '\\') => mark,
                    _ => return None,
                }),
                '\'' => return inside[at + 1..].strip_prefix(']').map(|behind| (name, behind)),
                other => name.push(other),
            }
        }
        return None;
    }
    let rest = path.strip_prefix('.')?;
    let end = rest.find(['.', '[', ']']).unwrap_or(rest.len());
    (end > 0).then(|| (rest[..end].to_owned(), &rest[end..]))
}
