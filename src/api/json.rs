//! JSON bytes to a tree in one pass, with the duplicate keys that plain decoding would silently merge. The last of them wins, as in upstream's
//! decoder. Depth is bounded by serde_json (128 levels), size by the caller.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// Upstream reports no more than this many faults of one object.
pub const MAX_REPORTED: usize = 100;

/// Decodes a document; `duplicates` gets upstream's words for each repeated key: `duplicate field "spec.replicas"`.
pub fn decode(bytes: &[u8], duplicates: &mut Vec<String>) -> Result<Value, serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value = Tree { at: None, unknown: &[], faults: duplicates }.deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(value)
}

/// Decodes a document but for what stands at a path of keys, which is skipped without being made.
pub fn decode_without(bytes: &[u8], path: &[&str]) -> Result<Value, serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value = Without(path).deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(value)
}

/// An object without what stands at a path of keys in it.
struct Without<'a>(&'a [&'a str]);

impl<'de> DeserializeSeed<'de> for Without<'_> {
    type Value = Value;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Without<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }
    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(key) = access.next_key::<String>()? {
            let value = match self.0 {
                [last] if *last == key => {
                    access.next_value::<IgnoredAny>()?;
                    continue;
                }
                [first, rest @ ..] if *first == key => access.next_value_seed(Without(rest))?,
                _ => access.next_value()?,
            };
            map.insert(key, value);
        }
        Ok(Value::Object(map))
    }
}

/// What is wrong with the fields of a document, in the order in which they stand there: `unknown` are the paths of those that its type does not have.
pub fn faults(bytes: &[u8], unknown: &[String]) -> Result<Vec<String>, serde_json::Error> {
    let mut faults = Vec::new();
    Tree { at: None, unknown, faults: &mut faults }.deserialize(&mut serde_json::Deserializer::from_slice(bytes))?;
    Ok(faults)
}

/// A tree as Go's `%v` writes it: `map[spec:map[replicas:3]]`.
pub fn go_text(value: &Value) -> String {
    match value {
        Value::Null => "<nil>".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(items) => format!("[{}]", items.iter().map(go_text).collect::<Vec<_>>().join(" ")),
        Value::Object(map) => {
            let pairs: Vec<String> = map.iter().map(|(name, value)| format!("{name}:{}", go_text(value))).collect();
            format!("map[{}]", pairs.join(" "))
        }
        other => other.to_string(),
    }
}

/// Where the decoder stands, as a list through the stack; it is written out only for a fault.
#[derive(Clone, Copy)]
struct Step<'a> {
    parent: Option<&'a Step<'a>>,
    name: Name<'a>,
}

#[derive(Clone, Copy)]
enum Name<'a> {
    Key(&'a str),
    Index(usize),
}

impl fmt::Display for Step<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(parent) = self.parent {
            parent.fmt(f)?;
        }
        match self.name {
            Name::Key(key) => write!(f, "{}{key}", if self.parent.is_some() { "." } else { "" }),
            Name::Index(index) => write!(f, "[{index}]"),
        }
    }
}

struct Tree<'a> {
    at: Option<&'a Step<'a>>,
    unknown: &'a [String],
    faults: &'a mut Vec<String>,
}

impl Tree<'_> {
    fn fault(&mut self, text: String) {
        if self.faults.len() < MAX_REPORTED && !self.faults.contains(&text) {
            self.faults.push(text);
        }
    }
}

impl<'de> DeserializeSeed<'de> for Tree<'_> {
    type Value = Value;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Tree<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }
    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }
    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }
    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }
    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }
    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }
    fn visit_string<E: Error>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        loop {
            let step = Step { parent: self.at, name: Name::Index(list.len()) };
            match items.next_element_seed(Tree { at: Some(&step), unknown: self.unknown, faults: self.faults })? {
                Some(item) => list.push(item),
                None => return Ok(Value::Array(list)),
            }
        }
    }
    fn visit_map<A: MapAccess<'de>>(mut self, mut entries: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            let step = Step { parent: self.at, name: Name::Key(&key) };
            let unknown = (!self.unknown.is_empty()).then(|| step.to_string()).filter(|path| self.unknown.contains(path));
            if let Some(path) = unknown {
                self.fault(format!("unknown field {}", crate::field::quoted(&path)));
            } else if map.contains_key(&key) {
                self.fault(format!("duplicate field {}", crate::field::quoted(&step.to_string())));
            }
            let value = entries.next_value_seed(Tree { at: Some(&step), unknown: self.unknown, faults: self.faults })?;
            map.insert(key, value);
        }
        Ok(Value::Object(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let mut duplicates = Vec::new();
        let value = decode(text.as_bytes(), &mut duplicates).unwrap();
        assert_eq!(duplicates, expected, "{text}");
        assert_eq!(value, serde_json::from_str::<Value>(text).unwrap(), "{text}");
    }

    #[test]
    fn duplicates_have_paths() {
        check(r#"{"a":1,"b":{"c":[1,-2,3.5,null,true,"x"]}}"#, &[]);
        check(r#"{"spec":{"replicas":1,"replicas":2,"replicas":3}}"#, &[r#"duplicate field "spec.replicas""#]);
        check(r#"{"spec":{"c":[{"n":1},{"n":1,"n":2}]},"spec":{}}"#, &[r#"duplicate field "spec.c[1].n""#, r#"duplicate field "spec""#]);
    }

    #[test]
    fn faults_have_an_order() {
        let text = r#"{"spec":{"z":1,"replicas":2,"replicas":3,"a":[{"x":1,"x":2}]},"spec":{}}"#;
        let unknown = ["spec.a[0].x".to_owned(), "spec.z".to_owned()];
        let expected = [
            r#"unknown field "spec.z""#,
            r#"duplicate field "spec.replicas""#,
            r#"unknown field "spec.a[0].x""#,
            r#"duplicate field "spec""#,
        ];
        assert_eq!(faults(text.as_bytes(), &unknown).unwrap(), expected);
    }

    #[test]
    fn numbers_are_kept() {
        let text = r#"{"a":1.0,"b":18446744073709551615,"c":-9223372036854775808,"d":1e3}"#;
        let value = decode(text.as_bytes(), &mut Vec::new()).unwrap();
        assert_eq!(value.to_string(), r#"{"a":1.0,"b":18446744073709551615,"c":-9223372036854775808,"d":1000.0}"#);
    }

    #[test]
    fn bad_input_is_refused() {
        for text in ["", "{", "{} x", "[1,]", "\u{feff}{}", "{\"a\":nul}"] {
            assert!(decode(text.as_bytes(), &mut Vec::new()).is_err(), "{text}");
        }
        let deep = "[".repeat(100_000);
        assert!(decode(deep.as_bytes(), &mut Vec::new()).unwrap_err().to_string().starts_with("recursion limit exceeded"));
    }
}
