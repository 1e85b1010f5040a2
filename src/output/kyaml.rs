//! KYAML (`-o kyaml`): the explicit subset of YAML with braces, quoted strings and trailing commas, as `sigs.k8s.io/yaml/kyaml` writes it.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::go_text;
use crate::yaml::{go_parses_float, integer, is_timestamp};

/// One document with its `---` line and final line feed.
pub fn document(value: &Value) -> String {
    let mut out = "---\n".to_owned();
    node(&mut out, value, 0);
    out.push('\n');
    out
}

fn node(out: &mut String, value: &Value, level: usize) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(flag) => out.push_str(if *flag { "true" } else { "false" }),
        Value::Number(number) => out.push_str(&match number.as_i64() {
            Some(integer) => integer.to_string(),
            None => go_text::float_json(number.as_f64().unwrap_or_default()),
        }),
        Value::String(text) => string(out, text, level + 1, true),
        Value::Array(items) => sequence(out, items, level),
        Value::Object(map) if map.is_empty() => out.push_str("{}"),
        Value::Object(map) => {
            out.push_str("{\n");
            for (key, item) in map {
                indent(out, level + 1);
                if needs_quotes(key) {
                    string(out, key, level + 1, false);
                } else {
                    out.push_str(key);
                }
                out.push_str(": ");
                node(out, item, level + 1);
                out.push_str(",\n");
            }
            indent(out, level);
            out.push('}');
        }
    }
}

/// Lists of collections only are cuddled: `[{`, `}, {`, `}]`.
fn sequence(out: &mut String, items: &[Value], level: usize) {
    if items.iter().all(|item| item.is_array() || item.is_object()) {
        out.push('[');
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                out.push_str(", ");
            }
            node(out, item, level);
        }
        out.push(']');
        return;
    }
    out.push_str("[\n");
    for item in items {
        indent(out, level + 1);
        node(out, item, level + 1);
        out.push_str(",\n");
    }
    indent(out, level);
    out.push(']');
}

/// A quoted string. Line feeds continue on a new line, unless the string is a key.
fn string(out: &mut String, text: &str, level: usize, is_value: bool) {
    const FOLD: &str = "\\\n";
    let folded = is_value && text.contains('\n');
    out.push('"');
    let mut at_line_start = folded;
    if folded {
        out.push_str(FOLD);
    }
    for character in text.chars() {
        if std::mem::take(&mut at_line_start) {
            indent(out, level);
            // leading blanks must be escaped to survive; other lines get a blank to stay aligned with those
            out.push(if character != '\n' && character.is_whitespace() { '\\' } else { ' ' });
        }
        if character == '\n' && folded {
            out.push_str("\\n");
            out.push_str(FOLD);
            at_line_start = true;
        } else {
            escaped(out, character, is_value);
        }
    }
    if folded {
        if !at_line_start {
            out.push_str(FOLD);
        }
        indent(out, level);
    }
    out.push('"');
}

fn escaped(out: &mut String, character: char, is_value: bool) {
    match character {
        '"' | '\\' => out.extend(['\\', character]),
        _ if go_text::is_print(character) => out.push(character),
        '\u{7}' => out.push_str("\\a"),
        '\u{8}' => out.push_str("\\b"),
        '\u{c}' => out.push_str("\\f"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' if is_value => out.push(character),
        '\t' => out.push_str("\\t"),
        '\u{b}' => out.push_str("\\v"),
        '\0' => out.push_str("\\0"),
        '\u{1b}' => out.push_str("\\e"),
        '\u{85}' => out.push_str("\\N"),
        '\u{a0}' => out.push_str("\\_"),
        '\u{2028}' => out.push_str("\\L"),
        '\u{2029}' => out.push_str("\\P"),
        _ => {
            let code = character as u32;
            out.push_str(&match code {
                ..0x20 | 0x7f => format!("\\x{code:02x}"),
                ..0x10000 => format!("\\u{code:04x}"),
                _ => format!("\\U{code:08x}"),
            });
        }
    }
}

fn indent(out: &mut String, level: usize) {
    out.extend(std::iter::repeat_n("  ", level));
}

/// Whether a key must be quoted: it is empty, looks like something other than a string, or has characters beyond letters, digits, `_` and inner `-./`.
fn needs_quotes(key: &str) -> bool {
    if key.is_empty() || looks_like_other(key) {
        return true;
    }
    let last = key.chars().count() - 1;
    !key.chars().enumerate().all(|(index, character)| {
        character.is_alphabetic()
            || character.is_numeric()
            || character == '_'
            || (index > 0 && index < last && matches!(character, '-' | '.' | '/'))
    })
}

/// What Go's `ParseFloat` takes beyond decimal floats.
static OTHER_FLOAT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^[-+]?(0x([0-9a-f]+\.?[0-9a-f]*|\.[0-9a-f]+)p[-+]?[0-9]+|inf(inity)?|nan)$").expect("a fixed pattern")
});
static BASE_60: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"^[+-]?[1-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?$").expect("a fixed pattern"));

fn looks_like_other(text: &str) -> bool {
    const WORDS: &[&str] = &["null", "~", "true", "t", "y", "yes", "on", "false", "f", "n", "no", "off", ".inf", "-.inf", "+.inf", ".nan"];
    let lower = text.to_lowercase();
    WORDS.contains(&lower.as_str()) || is_number(&text.replace('_', "")) || BASE_60.is_match(text) || is_timestamp(text)
}

fn is_number(plain: &str) -> bool {
    integer(plain).is_some_and(|integer| i64::try_from(integer).is_ok()) || go_parses_float(plain) || OTHER_FLOAT.is_match(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The objects of the YAML goldens, as kubectl prints them in KYAML.
    #[test]
    fn equals_kubectl() {
        let source: Vec<Value> = serde_json::from_str(include_str!("testdata/yaml/objects.json")).unwrap();
        let expected: Vec<&str> = include_str!("testdata/kyaml/kubectl.kyaml").split("# ----\n").skip(1).collect();
        assert_eq!(source.len(), expected.len());
        for (object, theirs) in source.iter().zip(expected) {
            let ours = document(object);
            for (our_line, their_line) in ours.lines().zip(theirs.lines()) {
                assert_eq!(our_line, their_line);
            }
            assert_eq!(ours, theirs);
        }
    }
}
