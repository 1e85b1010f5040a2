//! YAML bytes to a tree in one pass, with the keys that stand twice in a mapping told by their lines, as upstream's strict YAML decoder tells them.
//!
//! The decoder hands out most scalars as parts of the text itself: where such a part lies in the text is its line.

use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// Decodes a document; `duplicates` gets upstream's words for each repeated key: `line 11: key "foo" already set in map`.
pub fn decode(text: &str, duplicates: &mut Vec<String>) -> Result<Value, serde_yaml::Error> {
    let mut walk = Walk { text, mark: None, duplicates };
    Tree(&mut walk).deserialize(serde_yaml::Deserializer::from_str(text))
}

struct Walk<'a> {
    text: &'a str,
    /// Where the first scalar of the node at hand stands, as far as that is known.
    mark: Option<usize>,
    duplicates: &'a mut Vec<String>,
}

impl Walk<'_> {
    fn stands(&mut self, part: &str) {
        let at = (part.as_ptr() as usize).checked_sub(self.text.as_ptr() as usize).filter(|at| *at <= self.text.len());
        self.mark = self.mark.or(at);
    }
    /// A key has been set before; `at` is where its value stands.
    fn repeated(&mut self, key: &str, at: Option<usize>) {
        if self.duplicates.len() < api::json::MAX_REPORTED {
            let before = &self.text.as_bytes()[..at.unwrap_or_default()];
            let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
            self.duplicates.push(format!("line {line}: key {} already set in map", api::field::quoted(key)));
        }
    }
}

struct Tree<'w, 'a>(&'w mut Walk<'a>);

impl<'de> DeserializeSeed<'de> for Tree<'_, '_> {
    type Value = Value;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Tree<'_, '_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any valid JSON value")
    }
    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_none<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        Value::deserialize(deserializer)
    }
    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }
    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }
    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }
    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }
    fn visit_borrowed_str<E: Error>(self, value: &'de str) -> Result<Value, E> {
        self.0.stands(value);
        Ok(value.into())
    }
    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }
    fn visit_string<E: Error>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(Tree(self.0))? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let walk = self.0;
        let outer = walk.mark.take();
        let mut first = None;
        let mut map = Map::new();
        while let Some(key) = entries.next_key_seed(Key(walk))? {
            let key_at = walk.mark.take();
            first = first.or(key_at);
            let value = entries.next_value_seed(Tree(walk))?;
            let value_at = walk.mark.take();
            if map.contains_key(&key) {
                walk.repeated(&key, value_at.or(key_at));
            }
            map.insert(key, value);
        }
        walk.mark = outer.or(first);
        Ok(Value::Object(map))
    }
}

struct Key<'w, 'a>(&'w mut Walk<'a>);

impl<'de> DeserializeSeed<'de> for Key<'_, '_> {
    type Value = String;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Key<'_, '_> {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string key")
    }
    fn visit_borrowed_str<E: Error>(self, value: &'de str) -> Result<String, E> {
        self.0.stands(value);
        Ok(value.to_owned())
    }
    fn visit_str<E: Error>(self, value: &str) -> Result<String, E> {
        Ok(value.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let mut duplicates = Vec::new();
        let value = decode(text, &mut duplicates).unwrap();
        assert_eq!(duplicates, expected, "{text}");
        assert_eq!(value, serde_yaml::from_str::<Value>(text).unwrap(), "{text}");
    }

    #[test]
    fn repeated_keys_have_lines() {
        check("a: 1\nb:\n  c: [1, -2, 3.5, null, true, x, \"y\\n\"]\n", &[]);
        check("\nspec:\n  foo: a\n  foo: b\n", &[r#"line 4: key "foo" already set in map"#]);
        check("a: 1\na: 2\na: 3\n", &[r#"line 2: key "a" already set in map"#, r#"line 3: key "a" already set in map"#]);
        // the line is that of the value, and what is inside is told first
        check("a: {}\na:\n  b:\n  - x\n  b: 1\n", &[r#"line 5: key "b" already set in map"#, r#"line 3: key "a" already set in map"#]);
        check("{\n\t\"a\": \"x\",\n\t\"a\": \"y\",\n}\n", &[r#"line 3: key "a" already set in map"#]);
        check("a: &x {b: 1, b: 2}\nc: *x\n", &[r#"line 1: key "b" already set in map"#, r#"line 1: key "b" already set in map"#]);
    }
}
