//! Paths into values, as definitions of custom resources write them: `.spec.replicas`, and `.spec.map['a key']` where a rule names the field it is about.

use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::{JSONSchemaProps, JSONSchemaPropsOrBool};
use serde_json::Value;

/// The parts of a path in dot notation.
pub fn parts(path: &str) -> Vec<&str> {
    path.trim_start_matches('.').split('.').collect()
}

/// What stands at a path.
pub fn get<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    parts(path).into_iter().try_fold(value, |value, name| value.get(name))
}

/// The parts of a path and the schema that it leads to.
pub fn resolve<'a>(schema: &'a JSONSchemaProps, path: &str, brackets: bool) -> Result<(Vec<String>, &'a JSONSchemaProps), String> {
    const END: &str = "unexpected end of JSON path";
    const NO_FIELD: &str = "does not refer to a valid field";
    let mut names = Vec::new();
    let mut schema = schema;
    let mut tokens = tokens(path).into_iter();
    while let Some(token) = tokens.next() {
        let name = match token {
            "[" if !brackets => return Err("array notation is not allowed".to_owned()),
            "[" => {
                let quoted = tokens.next().ok_or(END)?;
                let inner = quoted.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
                let name = inner.ok_or_else(|| format!("expected single quoted string but got {quoted}"))?;
                let end = tokens.next().ok_or(END)?;
                if end != "]" {
                    return Err(format!("expected ] but got {end}"));
                }
                name.replace("\\'", "'").replace("\\\\", "\\")
            }
            "." => tokens.next().ok_or(END)?.to_owned(),
            other => return Err(format!("expected [ or . but got: {other}")),
        };
        schema = match (&schema.properties, &schema.additional_properties) {
            (Some(properties), _) if !properties.is_empty() => properties.get(&name).ok_or(NO_FIELD)?,
            (_, Some(JSONSchemaPropsOrBool::Schema(values))) => values,
            _ => return Err(NO_FIELD.to_owned()),
        };
        names.push(name);
    }
    Ok((names, schema))
}

/// The delimiters and what stands between them; a quoted text is one token.
fn tokens(path: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = path;
    while let Some(first) = rest.chars().next() {
        let end = match first {
            '.' | '[' | ']' => 1,
            '\'' => {
                let bytes = rest.as_bytes();
                (1..bytes.len()).find(|index| bytes[*index] == b'\'' && bytes[index - 1] != b'\\').map_or(rest.len(), |index| index + 1)
            }
            _ => rest.find(['.', '[', ']']).unwrap_or(rest.len()),
        };
        let (token, after) = rest.split_at(end);
        found.push(token);
        rest = after;
    }
    found
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn paths() {
        let schema: JSONSchemaProps = serde_json::from_value(json!({"type": "object", "properties": {
            "spec": {"type": "object", "properties": {"a": {"type": "string"}, "m": {"type": "object", "additionalProperties": {"type": "integer"}}}},
        }}))
        .unwrap();
        let check = |path: &str, brackets: bool, expected: Result<&str, &str>| {
            let found = resolve(&schema, path, brackets).map(|(_, schema)| schema.type_.clone().unwrap());
            assert_eq!(found.as_deref().map_err(String::as_str), expected, "{path}");
        };
        check(".spec.a", false, Ok("string"));
        check(".spec.m['a.b']", true, Ok("integer"));
        check(".spec['a']", false, Err("array notation is not allowed"));
        check(".spec.b", false, Err("does not refer to a valid field"));
        check(".spec.a.b", false, Err("does not refer to a valid field"));
        check("spec.a", false, Err("expected [ or . but got: spec"));
        check(".spec.", false, Err("unexpected end of JSON path"));
        check(".spec[a]", true, Err("expected single quoted string but got a"));
    }
}
