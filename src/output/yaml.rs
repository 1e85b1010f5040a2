//! YAML as kubectl prints it: what `sigs.k8s.io/yaml` (go-yaml v2) makes of the object's JSON. Block style, natural key order, lists not indented under their key, long lines folded.

mod scalar;

use serde_json::Value;

use crate::go_text;
use scalar::{Line, Style};
pub(crate) use scalar::{go_parses_float, integer, is_timestamp};

/// Longest key that stands before its colon on one line.
const SIMPLE_KEY_BYTES: usize = 128;

/// One document with its final line feed.
pub fn document(value: &Value) -> String {
    let mut emitter = Emitter::default();
    emitter.node(value, Context { indent: None, in_mapping: false });
    if !emitter.out.ends_with(scalar::is_break) {
        emitter.out.push('\n');
    }
    emitter.out
}

/// Prints document after document, separated as kubectl separates them.
#[derive(Debug, Default)]
pub struct Printer {
    printed: bool,
}

impl Printer {
    /// The next document, after a `---` line from the second on.
    pub fn print(&mut self, value: &Value) -> String {
        let separator = if std::mem::replace(&mut self.printed, true) { "---\n" } else { "" };
        format!("{separator}{}", document(value))
    }
}

/// Where a node stands: the indent of the collection around it (none at the root).
#[derive(Clone, Copy)]
struct Context {
    indent: Option<usize>,
    in_mapping: bool,
}

/// The state of libyaml's emitter that its block style depends on.
#[derive(Default)]
struct Emitter {
    out: String,
    /// Only indentation and indicators stand on the current line so far.
    indention: bool,
}

impl Emitter {
    fn node(&mut self, value: &Value, context: Context) {
        match value {
            Value::Array(items) if items.is_empty() => self.word("[]"),
            Value::Object(map) if map.is_empty() => self.word("{}"),
            Value::Array(items) => self.sequence(items, context),
            Value::Object(map) => self.mapping(map, context),
            Value::String(text) => self.string(text, context),
            Value::Null => self.word("null"),
            Value::Bool(flag) => self.word(if *flag { "true" } else { "false" }),
            Value::Number(number) => self.word(&number_text(number)),
        }
    }

    fn sequence(&mut self, items: &[Value], context: Context) {
        // under a key the dashes stand below the key itself
        let indent = match context.indent {
            None => 0,
            Some(indent) if context.in_mapping && !self.indention => indent,
            Some(indent) => indent + 2,
        };
        for item in items {
            self.line(indent);
            self.indicator("-");
            self.node(item, Context { indent: Some(indent), in_mapping: false });
        }
    }

    fn mapping(&mut self, map: &serde_json::Map<String, Value>, context: Context) {
        let indent = context.indent.map_or(0, |indent| indent + 2);
        let inner = Context { indent: Some(indent), in_mapping: true };
        for (key, value) in naturally_sorted(map) {
            self.line(indent);
            if key.len() <= SIMPLE_KEY_BYTES && !scalar::has_break(key) {
                self.simple_key(key);
                self.out.push(':');
                self.indention = false;
            } else {
                self.indicator("?");
                self.string(key, inner);
                self.line(indent);
                self.indicator(":");
            }
            self.node(value, inner);
        }
    }

    fn simple_key(&mut self, key: &str) {
        let line = Line::new(&mut self.out, None);
        match scalar::style(key, true) {
            Style::Plain => line.plain(key),
            Style::Single => line.single_quoted(key),
            Style::Double | Style::Literal => line.double_quoted(key),
        }
        self.indention = false;
    }

    fn string(&mut self, text: &str, context: Context) {
        let indent = context.indent.map_or(0, |indent| indent + 2);
        self.blank();
        self.indention = false;
        let line = Line::new(&mut self.out, Some(indent));
        match scalar::style(text, false) {
            Style::Plain => line.plain(text),
            Style::Single => line.single_quoted(text),
            Style::Double => line.double_quoted(text),
            Style::Literal => {
                scalar::literal(&mut self.out, text, indent);
                self.indention = true;
            }
        }
    }

    fn word(&mut self, text: &str) {
        self.blank();
        self.out.push_str(text);
        self.indention = false;
    }

    /// A blank after what stands on the line, unless there is one.
    fn blank(&mut self) {
        if !(self.out.is_empty() || self.out.ends_with(|last| last == ' ' || scalar::is_break(last))) {
            self.out.push(' ');
        }
    }

    /// An indicator (`-`, `?`, `:`) that leaves the line as good as empty.
    fn indicator(&mut self, sign: &str) {
        self.blank();
        self.out.push_str(sign);
        self.indention = true;
    }

    /// Goes to `indent` on a fresh line, or stays where an indicator has led there already.
    fn line(&mut self, indent: usize) {
        let column = scalar::column(&self.out);
        if !self.indention || column > indent || self.out.is_empty() {
            if !self.out.is_empty() {
                self.out.push('\n');
            }
            self.out.extend(std::iter::repeat_n(' ', indent));
        } else {
            self.out.extend(std::iter::repeat_n(' ', indent - column));
        }
        self.indention = true;
    }
}

/// go-yaml's order of keys is not transitive for odd mixtures of digits and signs, which the standard library's sort would refuse: insert one by one.
fn naturally_sorted(map: &serde_json::Map<String, Value>) -> Vec<(&String, &Value)> {
    let mut entries: Vec<(&String, &Value)> = Vec::with_capacity(map.len());
    for entry in map {
        let at = entries.partition_point(|earlier| scalar::natural_order(earlier.0, entry.0).is_le());
        entries.insert(at, entry);
    }
    entries
}

/// A number by way of JSON: integers that fit 64 bits in full, all others as floats in `%g`.
fn number_text(number: &serde_json::Number) -> String {
    if let Some(integer) = number.as_i64() {
        return integer.to_string();
    }
    let float = number.as_f64().unwrap_or_default();
    let in_json = go_text::float_json(float);
    match in_json.parse::<i64>().map(|integer| integer.to_string()).or_else(|_| in_json.parse::<u64>().map(|integer| integer.to_string())) {
        Ok(integer) => integer,
        Err(_) => go_text::float_general(float),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each golden holds a JSON object and what kubectl made of it.
    #[test]
    fn equals_kubectl() {
        let source: Vec<Value> = serde_json::from_str(include_str!("testdata/yaml/objects.json")).unwrap();
        let expected = include_str!("testdata/yaml/kubectl.yaml");
        let expected: Vec<&str> = expected.split("# ----\n").skip(1).collect();
        assert_eq!(source.len(), expected.len());
        for (object, theirs) in source.iter().zip(expected) {
            let ours = document(object);
            for (our_line, their_line) in ours.lines().zip(theirs.lines()) {
                assert_eq!(our_line, their_line);
            }
            assert_eq!(ours, theirs);
        }
    }

    #[test]
    fn documents_are_separated() {
        let mut printer = Printer::default();
        assert_eq!(printer.print(&serde_json::json!({"a": 1})), "a: 1\n");
        assert_eq!(printer.print(&serde_json::json!({"b": []})), "---\nb: []\n");
    }
}
