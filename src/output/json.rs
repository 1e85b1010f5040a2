//! JSON as kubectl prints it: Go's escapes and floats, an indent of four, a final line feed.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{CharEscape, CompactFormatter, Formatter, PrettyFormatter, Serializer};

use crate::go_text;

/// `json.MarshalIndent(value, "", "    ")` and a line feed. Keys stand in the order in which `value` gives them: sorted for a `serde_json::Value`.
///
/// # Errors
/// Where `value` itself refuses to be serialized.
pub fn pretty<T: Serialize + ?Sized>(value: &T) -> serde_json::Result<String> {
    let mut text = write(value, PrettyFormatter::with_indent(b"    "))?;
    text.push('\n');
    Ok(text)
}

/// `json.Marshal(value)`: one line without blanks and without line feed.
///
/// # Errors
/// Where `value` itself refuses to be serialized.
pub fn compact<T: Serialize + ?Sized>(value: &T) -> serde_json::Result<String> {
    write(value, CompactFormatter)
}

fn write<T: Serialize + ?Sized, F: Formatter>(value: &T, layout: F) -> serde_json::Result<String> {
    let mut bytes = Vec::new();
    value.serialize(&mut Serializer::with_formatter(&mut bytes, GoFormatter { layout }))?;
    Ok(String::from_utf8(bytes).expect("serde_json writes UTF-8"))
}

/// Go's spelling of scalars over some layout of the rest.
struct GoFormatter<F> {
    layout: F,
}

impl<F: Formatter> Formatter for GoFormatter<F> {
    fn write_f64<W: ?Sized + Write>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        writer.write_all(go_text::float_json(value).as_bytes())
    }

    fn write_u64<W: ?Sized + Write>(&mut self, writer: &mut W, value: u64) -> io::Result<()> {
        if i64::try_from(value).is_ok() { write!(writer, "{value}") } else { self.write_f64(writer, value as f64) }
    }

    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let mut start = 0;
        for (at, character) in fragment.char_indices() {
            if matches!(character, '<' | '>' | '&' | '\u{2028}' | '\u{2029}') {
                writer.write_all(&fragment.as_bytes()[start..at])?;
                write!(writer, "\\u{:04x}", character as u32)?;
                start = at + character.len_utf8();
            }
        }
        writer.write_all(&fragment.as_bytes()[start..])
    }

    fn write_char_escape<W: ?Sized + Write>(&mut self, writer: &mut W, escape: CharEscape) -> io::Result<()> {
        self.layout.write_char_escape(writer, escape)
    }

    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.layout.begin_array(writer)
    }
    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.layout.end_array(writer)
    }
    fn begin_array_value<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.layout.begin_array_value(writer, first)
    }
    fn end_array_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.layout.end_array_value(writer)
    }
    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.layout.begin_object(writer)
    }
    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.layout.end_object(writer)
    }
    fn begin_object_key<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.layout.begin_object_key(writer, first)
    }
    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.layout.begin_object_value(writer)
    }
    fn end_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.layout.end_object_value(writer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// The objects of the YAML goldens, as kubectl prints them in JSON.
    #[test]
    fn equals_kubectl() {
        let source: Vec<serde_json::Value> = serde_json::from_str(include_str!("testdata/yaml/objects.json")).unwrap();
        let expected: Vec<&str> = include_str!("testdata/json/kubectl.json.txt").split("# ----\n").skip(1).collect();
        assert_eq!(source.len(), expected.len());
        for (object, theirs) in source.iter().zip(expected) {
            let ours = pretty(object).unwrap();
            for (our_line, their_line) in ours.lines().zip(theirs.lines()) {
                assert_eq!(our_line, their_line);
            }
            assert_eq!(ours, theirs);
        }
    }

    // Expected values: `kubectl label --local -o json` and `-o jsonpath`.
    #[test]
    fn go_spelling() {
        assert_eq!(
            compact(&json!({"b": "<&>\u{2028}", "a": [1e-7, 1.5, 1, "\u{1}\u{8}\u{c}\t\u{7f}é"]})).unwrap(),
            "{\"a\":[1e-7,1.5,1,\"\\u0001\\b\\f\\t\u{7f}é\"],\"b\":\"\\u003c\\u0026\\u003e\\u2028\"}"
        );
        assert_eq!(
            pretty(&json!({"a": [], "b": {}, "c": [1]})).unwrap(),
            "{\n    \"a\": [],\n    \"b\": {},\n    \"c\": [\n        1\n    ]\n}\n"
        );
    }
}
