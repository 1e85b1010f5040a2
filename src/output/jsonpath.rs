//! kubectl's JSONPath templates (`k8s.io/client-go/util/jsonpath`): text with `{...}` actions of fields, slices, unions, filters, wildcards, recursion and `range`/`end`.
//!
//! Where Go walks a map in random order, this goes by key.

mod evaluate;
mod parser;
mod unquote;

use serde_json::Value;

use crate::{go_text, json};
pub use evaluate::{EvaluateError, Item};
pub use parser::ParseError;
pub(crate) use unquote::unquote;

/// A parsed template and how it prints.
#[derive(Clone, Debug)]
pub struct JsonPath {
    text: String,
    nodes: Vec<parser::Node>,
    allow_missing_keys: bool,
    as_json: bool,
}

/// A template that could not be executed on an object.
#[derive(Debug, thiserror::Error)]
#[error(
    "error executing jsonpath {}: Error executing template: {source}. Printing more information for debugging the template:\n\ttemplate was:\n\t\t{template}\n\tobject given to jsonpath engine was:\n\t\t{object}\n\n\n",
    go_text::quote(.template)
)]
pub struct ExecuteError {
    template: String,
    object: String,
    source: EvaluateError,
}

impl JsonPath {
    /// Parses a template.
    ///
    /// # Errors
    /// In the words of the upstream parser.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        Ok(Self { text: text.to_owned(), nodes: parser::parse(text)?, allow_missing_keys: false, as_json: false })
    }

    /// Missing fields give nothing instead of an error (`--allow-missing-template-keys`, on by default in kubectl).
    #[must_use]
    pub fn allow_missing_keys(mut self, allow: bool) -> Self {
        self.allow_missing_keys = allow;
        self
    }

    /// Results as JSON arrays (`-o jsonpath-as-json`).
    #[must_use]
    pub fn as_json(mut self, as_json: bool) -> Self {
        self.as_json = as_json;
        self
    }

    /// The values that each top-level part of the template finds.
    ///
    /// # Errors
    /// In the words of the upstream engine.
    pub fn find<'a>(&self, data: &'a Value) -> Result<Vec<Vec<Item<'a>>>, EvaluateError> {
        evaluate::find(&self.nodes, self.allow_missing_keys, data)
    }

    /// What kubectl prints for one object.
    ///
    /// # Errors
    /// With the template and the object in Go syntax, for debugging.
    pub fn print(&self, data: &Value) -> Result<String, ExecuteError> {
        let results =
            self.find(data).map_err(|source| ExecuteError { template: self.text.clone(), object: go_text::sprint_syntax(data), source })?;
        Ok(results.iter().map(|list| if self.as_json { print_json(list) } else { print_text(list) }).collect())
    }
}

fn print_json(list: &[Item<'_>]) -> String {
    let values: Vec<&Value> = list.iter().map(Item::value).collect();
    json::pretty(&values).expect("plain values are serializable")
}

fn print_text(list: &[Item<'_>]) -> String {
    let texts: Vec<String> = list
        .iter()
        .map(|item| match item.value() {
            value @ (Value::Null | Value::Array(_) | Value::Object(_)) => json::compact(value).expect("plain values are serializable"),
            value => go_text::sprint(value),
        })
        .collect();
    texts.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each golden is a template with what `kubectl patch --local -o jsonpath=...` printed and answered.
    #[test]
    fn equals_kubectl() {
        let object: Value = serde_json::from_str(include_str!("testdata/object.json")).unwrap();
        let cases: Vec<(String, bool, String, String)> = serde_json::from_str(include_str!("testdata/jsonpath/cases.json")).unwrap();
        for (template, as_json, output, error) in &cases {
            let outcome = match JsonPath::parse(template) {
                Err(problem) => Err(format!("error: error parsing jsonpath {template}, {problem}\n")),
                Ok(path) => path.allow_missing_keys(true).as_json(*as_json).print(&object).map_err(|problem| format!("error: {problem}")),
            };
            match outcome {
                Ok(text) => assert_eq!((&text, ""), (output, error.as_str()), "{template}"),
                Err(text) => assert_eq!(&text, error, "{template}"),
            }
        }
        assert!(cases.len() > 100);
    }

    #[test]
    fn missing_keys() {
        let path = JsonPath::parse("{.a.b}").unwrap();
        let error = path.print(&serde_json::json!({"a": {"c": 1}})).unwrap_err().to_string();
        assert_eq!(
            error,
            "error executing jsonpath \"{.a.b}\": Error executing template: b is not found. Printing more information for debugging the template:\n\ttemplate was:\n\t\t{.a.b}\n\tobject given to jsonpath engine was:\n\t\tmap[string]interface {}{\"a\":map[string]interface {}{\"c\":1}}\n\n\n"
        );
    }
}
