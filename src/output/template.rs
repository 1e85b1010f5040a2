//! Go templates (`-o go-template=`): `text/template` with the functions of kubectl, on JSON data.
//!
//! Left out: complex numbers, methods, channels and functions as values; none of them can come out of JSON.

mod execute;
mod format;
mod functions;
mod lexer;
mod node;
mod parser;
mod value;

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value;

use crate::{go_text, json};

/// A parsed template.
#[derive(Clone, Debug)]
pub struct Template {
    source: String,
    /// Everything that was defined, the template itself under the name `output`.
    trees: BTreeMap<String, node::List>,
    missing_is_error: bool,
}

/// Why a text is no template, with its line.
#[derive(Clone, Debug, PartialEq)]
pub struct ParseError {
    line: usize,
    problem: String,
}

impl fmt::Display for ParseError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "template: {NAME}:{}: {}", self.line, self.problem)
    }
}

impl std::error::Error for ParseError {}

/// A template that could not be executed on an object.
#[derive(Debug, thiserror::Error)]
#[error("error executing template {}: {reason}", go_text::quote(.template))]
pub struct ExecuteError {
    template: String,
    reason: String,
    /// What belongs on standard output all the same: what was printed until then, and the data for debugging.
    pub output: String,
}

/// The name under which kubectl parses templates.
const NAME: &str = "output";

impl Template {
    /// Parses a template.
    ///
    /// # Errors
    /// In the words of the upstream parser.
    pub fn parse(source: &str) -> Result<Self, ParseError> {
        Ok(Self { source: source.to_owned(), trees: parser::parse(source)?, missing_is_error: false })
    }

    /// Without `allow`, a missing key is an error (`--allow-missing-template-keys=false`).
    #[must_use]
    pub fn allow_missing_keys(mut self, allow: bool) -> Self {
        self.missing_is_error = !allow;
        self
    }

    /// What kubectl prints for one object.
    ///
    /// # Errors
    /// With what was printed until the error, and debugging text, for standard output.
    pub fn print(&self, data: &Value) -> Result<String, ExecuteError> {
        let mut output = String::new();
        execute::execute(self, data, &mut output).map_err(|reason| {
            let raw = json::compact(data).expect("plain values are serializable");
            output.push_str(&format!(
                "Error executing template: {reason}. Printing more information for debugging the template:\n\ttemplate was:\n\t\t{}\n\traw data was:\n\t\t{raw}\n\tobject given to template engine was:\n\t\t{}\n\n",
                self.source,
                go_text::sprint(data)
            ));
            ExecuteError { template: self.source.clone(), reason, output: std::mem::take(&mut output) }
        })?;
        Ok(output)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each golden is a template with what `kubectl patch --local -o go-template=...` printed and answered.
    #[test]
    fn equals_kubectl() {
        let object: Value = serde_json::from_str(include_str!("testdata/object.json")).unwrap();
        let cases: Vec<(String, bool, String, String)> = serde_json::from_str(include_str!("testdata/template/cases.json")).unwrap();
        let mut wrong = Vec::new();
        for (template, allow_missing, output, error) in &cases {
            let (ours, our_error) = match Template::parse(template) {
                Err(problem) => (String::new(), format!("error: error parsing template {template}, {problem}\n")),
                Ok(parsed) => match parsed.allow_missing_keys(*allow_missing).print(&object) {
                    Ok(text) => (text, String::new()),
                    Err(problem) => (problem.output.clone(), format!("error: {problem}\n")),
                },
            };
            if (&ours, &our_error) != (output, error) {
                wrong.push(format!("{template}\n  ours   {ours:.300}|{our_error}\n  theirs {output:.300}|{error}"));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        assert!(cases.len() > 100);
    }
}
