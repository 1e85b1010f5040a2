//! How Go prints plain values: `%v` of maps, lists and numbers, `%#v`, `%q`, and floats in the notations of `strconv`. kubectl's templates, jsonpath and custom columns show values this way.

use serde_json::{Number, Value};

/// `%v`: `map[a:1 b:[x y]]`, `<nil>`.
pub fn sprint(value: &Value) -> String {
    let mut out = String::new();
    append(&mut out, value);
    out
}

fn append(out: &mut String, value: &Value) {
    match value {
        Value::Null => out.push_str("<nil>"),
        Value::Bool(flag) => out.push_str(if *flag { "true" } else { "false" }),
        Value::Number(number) => out.push_str(&number_text(number)),
        Value::String(text) => out.push_str(text),
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(' ');
                }
                append(out, item);
            }
            out.push(']');
        }
        Value::Object(map) => {
            out.push_str("map[");
            for (index, (key, item)) in map.iter().enumerate() {
                if index > 0 {
                    out.push(' ');
                }
                out.push_str(key);
                out.push(':');
                append(out, item);
            }
            out.push(']');
        }
    }
}

/// `%#v`, as it stands in jsonpath's debugging output.
pub fn sprint_syntax(value: &Value) -> String {
    match value {
        Value::Null => "interface {}(nil)".to_owned(),
        Value::String(text) => quote(text),
        Value::Array(items) => format!("[]interface {{}}{{{}}}", items.iter().map(sprint_syntax).collect::<Vec<_>>().join(", ")),
        Value::Object(map) => {
            let entries: Vec<String> = map.iter().map(|(key, item)| format!("{}:{}", quote(key), sprint_syntax(item))).collect();
            format!("map[string]interface {{}}{{{}}}", entries.join(", "))
        }
        Value::Bool(_) | Value::Number(_) => sprint(value),
    }
}

/// `%v` of a number as decoded by kubectl: what fits an int64 in full, everything else as a float in `%g`.
pub fn number_text(number: &Number) -> String {
    match number.as_i64() {
        Some(integer) => integer.to_string(),
        None => {
            let float = number.as_f64().unwrap_or_default();
            // on its way to kubectl every number has been JSON written by Go, where 1e6 is 1000000
            let in_json = float_json(float);
            if in_json.parse::<i64>().is_ok() { in_json } else { float_general(float) }
        }
    }
}

/// From this decimal exponent on Go's shortest `%g` writes an exponent.
const GENERAL_EXPONENT: i32 = 6;

/// `fmt`'s `%v` of a float64: shortest digits.
pub fn float_general(value: f64) -> String {
    if let Some(text) = not_finite(value) {
        return text.to_owned();
    }
    let (digits, exponent) = shortest(value);
    if !(-4..GENERAL_EXPONENT).contains(&exponent) { scientific(value, &digits, exponent, 2) } else { decimal(value) }
}

/// A float as `encoding/json` writes it: an exponent only below 1e-6 and from 1e21.
pub fn float_json(value: f64) -> String {
    let magnitude = value.abs();
    if magnitude != 0.0 && !(1e-6..1e21).contains(&magnitude) {
        let (digits, exponent) = shortest(value);
        return scientific(value, &digits, exponent, if exponent < 0 { 1 } else { 2 });
    }
    decimal(value)
}

/// Digits without point and the decimal exponent of the first.
fn shortest(value: f64) -> (String, i32) {
    let text = format!("{:e}", value.abs());
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    (mantissa.replace('.', ""), exponent.parse().unwrap_or_default())
}

fn scientific(value: f64, digits: &str, exponent: i32, exponent_digits: usize) -> String {
    let sign = if value.is_sign_negative() { "-" } else { "" };
    let (first, rest) = digits.split_at(1);
    let point = if rest.is_empty() { "" } else { "." };
    let exponent_sign = if exponent < 0 { '-' } else { '+' };
    format!("{sign}{first}{point}{rest}e{exponent_sign}{:0exponent_digits$}", exponent.abs())
}

fn decimal(value: f64) -> String {
    format!("{value}")
}

fn not_finite(value: f64) -> Option<&'static str> {
    if value.is_nan() {
        Some("NaN")
    } else if value.is_infinite() {
        Some(if value > 0.0 { "+Inf" } else { "-Inf" })
    } else {
        None
    }
}

/// `%q`: a Go string literal.
pub fn quote(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            _ if is_print(character) => out.push(character),
            '\u{7}' => out.push_str("\\a"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{b}' => out.push_str("\\v"),
            _ if (character as u32) < 0x20 || character == '\u{7f}' => out.push_str(&format!("\\x{:02x}", character as u32)),
            _ if (character as u32) < 0x10000 => out.push_str(&format!("\\u{:04x}", character as u32)),
            _ => out.push_str(&format!("\\U{:08x}", character as u32)),
        }
    }
    out.push('"');
    out
}

/// `unicode.IsPrint` as far as it matters for text in manifests: no control, format, private or unassigned-separator characters; of the spaces only U+0020.
pub fn is_print(character: char) -> bool {
    match character {
        ' ' => true,
        _ if character.is_control() || character.is_whitespace() => false,
        '\u{ad}'
        | '\u{600}'..='\u{605}'
        | '\u{61c}'
        | '\u{6dd}'
        | '\u{70f}'
        | '\u{180e}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}' => false,
        '\u{2060}'..='\u{206f}' | '\u{e000}'..='\u{f8ff}' | '\u{feff}' | '\u{fff0}'..='\u{fffb}' | '\u{fffe}'..='\u{ffff}' => false,
        '\u{e0000}'..='\u{e0fff}' | '\u{f0000}'.. => false,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn floats() {
        for (value, general, in_json) in [
            (1.5, "1.5", "1.5"),
            (1e6, "1e+06", "1000000"),
            (123456789.5, "1.234567895e+08", "123456789.5"),
            (100000.0, "100000", "100000"),
            (1e-7, "1e-07", "1e-7"),
            (0.0001, "0.0001", "0.0001"),
            (0.00001, "1e-05", "0.00001"),
            (1e21, "1e+21", "1e+21"),
            (-2.5e-10, "-2.5e-10", "-2.5e-10"),
            (0.0, "0", "0"),
        ] {
            assert_eq!(float_general(value), general);
            assert_eq!(float_json(value), in_json);
        }
    }

    #[test]
    fn values() {
        assert_eq!(sprint(&json!({"b": [1, "x", null, 1.5], "a": {"k": true}})), "map[a:map[k:true] b:[1 x <nil> 1.5]]");
        assert_eq!(
            sprint_syntax(&json!({"a": [1, null], "b": "q\"\n"})),
            r#"map[string]interface {}{"a":[]interface {}{1, interface {}(nil)}, "b":"q\"\n"}"#
        );
    }

    #[test]
    fn quoting() {
        assert_eq!(quote("a\u{1b}\u{7f}é\u{200b}\u{85}😀"), "\"a\\x1b\\x7fé\\u200b\\u0085😀\"");
    }
}
