//! Custom columns (`-o custom-columns=`, `-o custom-columns-file=`): headers and relaxed JSONPath expressions.

use serde_json::Value;

use crate::jsonpath::{EvaluateError, JsonPath, ParseError};
use crate::tabwriter::{Layout, TabWriter};
use crate::{escape, go_text};

/// One column: its header and where its value is.
#[derive(Clone, Debug)]
struct Column {
    header: String,
    path: JsonPath,
}

/// Prints objects as rows; the header goes before the first.
#[derive(Debug)]
pub struct Printer {
    columns: Vec<Column>,
    no_headers: bool,
    tabs: TabWriter,
}

/// Why a specification of columns is none, or does not fit an object; the words are kubectl's.
#[derive(Debug, thiserror::Error)]
pub enum ColumnsError {
    #[error("custom-columns format specified but no custom columns given")]
    NoColumns,
    #[error("unexpected custom-columns spec: {0}, expected <header>:<json-path-expr>")]
    Specification(String),
    #[error(
        "invalid template, missing header line. Expected format is one line of space separated headers, one line of space separated column specs."
    )]
    MissingHeaderLine,
    #[error(
        "invalid template, missing spec line. Expected format is one line of space separated headers, one line of space separated column specs."
    )]
    MissingSpecificationLine,
    #[error("number of headers ({headers}) and field specifications ({specifications}) don't match")]
    Count { headers: usize, specifications: usize },
    #[error(transparent)]
    Path(#[from] RelaxedPathError),
    #[error(transparent)]
    Parse(#[from] ParseError),
    #[error(transparent)]
    Evaluate(#[from] EvaluateError),
}

/// What is no path even when read leniently.
#[derive(Debug, PartialEq, thiserror::Error)]
#[error("unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{{name1.name2}}' or '{{.name1.name2}}'")]
pub struct RelaxedPathError;

/// `metadata.name`, `.metadata.name` and `{metadata.name}` as `{.metadata.name}`; an empty text stays empty.
///
/// # Errors
/// Where braces stand anywhere else.
pub fn relaxed_path(text: &str) -> Result<String, RelaxedPathError> {
    if text.is_empty() {
        return Ok(String::new());
    }
    let inner = match text.strip_prefix('{') {
        Some(rest) => rest.strip_suffix('}').ok_or(RelaxedPathError)?,
        None => text,
    };
    let inner = inner.strip_prefix('.').filter(|rest| !rest.is_empty()).unwrap_or(inner);
    if inner.is_empty() || inner.contains(['{', '}']) {
        return Err(RelaxedPathError);
    }
    Ok(format!("{{.{inner}}}"))
}

impl Printer {
    /// From `HEADER:path,HEADER:path`.
    ///
    /// # Errors
    /// Where it is not of that form.
    pub fn from_specification(specification: &str, no_headers: bool) -> Result<Self, ColumnsError> {
        if specification.is_empty() {
            return Err(ColumnsError::NoColumns);
        }
        let columns = specification.split(',').map(|part| {
            let (header, path) = part.split_once(':').ok_or_else(|| ColumnsError::Specification(part.to_owned()))?;
            Column::new(header, path)
        });
        Ok(Self::new(columns.collect::<Result<_, _>>()?, no_headers))
    }

    /// From two lines: headers, and paths below them.
    ///
    /// # Errors
    /// Where a line is missing or the lines do not match.
    pub fn from_template(template: &str) -> Result<Self, ColumnsError> {
        let mut lines = template.lines();
        let headers: Vec<&str> = lines.next().ok_or(ColumnsError::MissingHeaderLine)?.split_whitespace().collect();
        let paths: Vec<&str> = lines.next().ok_or(ColumnsError::MissingSpecificationLine)?.split_whitespace().collect();
        if headers.len() != paths.len() {
            return Err(ColumnsError::Count { headers: headers.len(), specifications: paths.len() });
        }
        let columns = headers.iter().zip(paths).map(|(header, path)| Column::new(header, path));
        Ok(Self::new(columns.collect::<Result<_, _>>()?, false))
    }

    fn new(columns: Vec<Column>, no_headers: bool) -> Self {
        Self { columns, no_headers, tabs: TabWriter::new(Layout::TABLE) }
    }

    /// Adds an object's row, or the rows of a list's items.
    ///
    /// # Errors
    /// Where a path does not fit the data.
    pub fn add(&mut self, object: &Value) -> Result<(), ColumnsError> {
        if !std::mem::replace(&mut self.no_headers, true) {
            let headers: Vec<&str> = self.columns.iter().map(|column| column.header.as_str()).collect();
            self.tabs.write(&headers.join("\t"));
            self.tabs.write("\n");
        }
        match object.get("items").and_then(Value::as_array) {
            Some(items) => items.iter().try_for_each(|item| self.row(item)),
            None => self.row(object),
        }
    }

    /// The text of the rows so far; the widths go on to hold for later rows.
    pub fn take(&mut self) -> String {
        self.tabs.flush();
        self.tabs.take()
    }

    fn row(&mut self, object: &Value) -> Result<(), ColumnsError> {
        let mut cells = Vec::with_capacity(self.columns.len());
        for column in &self.columns {
            let found = column.path.find(object)?;
            let mut texts = Vec::new();
            if found.first().is_none_or(Vec::is_empty) {
                texts.push("<none>".to_owned());
            }
            texts.extend(found.iter().flatten().map(|item| escape::terminal(&go_text::sprint(item.value())).into_owned()));
            cells.push(texts.join(","));
        }
        self.tabs.write(&cells.join("\t"));
        self.tabs.write("\n");
        Ok(())
    }
}

impl Column {
    fn new(header: &str, path: &str) -> Result<Self, ColumnsError> {
        let path = JsonPath::parse(&relaxed_path(path)?)?.allow_missing_keys(true);
        Ok(Self { header: header.to_owned(), path })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each golden is a specification with what `kubectl get -o custom-columns=...` printed and answered.
    #[test]
    fn equals_kubectl() {
        let mut object: Value = serde_json::from_str(include_str!("testdata/object.json")).unwrap();
        object["kind"] = "Thing".into();
        object["apiVersion"] = "example.com/v1".into();
        let cases: Vec<(String, String, String)> = serde_json::from_str(include_str!("testdata/columns/cases.json")).unwrap();
        for (specification, output, error) in &cases {
            let outcome =
                Printer::from_specification(specification, false).and_then(|mut printer| printer.add(&object).map(|()| printer.take()));
            match outcome {
                Ok(text) => assert_eq!((&text, ""), (output, error.as_str()), "{specification}"),
                Err(problem) => assert_eq!(&format!("error: {problem}\n"), error, "{specification}"),
            }
        }
        assert!(cases.len() > 10);
    }

    #[test]
    fn relaxed_paths() {
        for (input, expected) in [
            ("metadata.name", Ok("{.metadata.name}")),
            (".metadata.name", Ok("{.metadata.name}")),
            ("{metadata.name}", Ok("{.metadata.name}")),
            ("{.metadata.name}", Ok("{.metadata.name}")),
            ("", Ok("")),
            ("{a", Err(RelaxedPathError)),
            ("a}", Err(RelaxedPathError)),
        ] {
            assert_eq!(relaxed_path(input), expected.map(str::to_owned), "{input}");
        }
    }

    #[test]
    fn templates() {
        let mut printer = Printer::from_template("NAME KIND\nmetadata.name   {.kind}\n").unwrap();
        printer.add(&serde_json::json!({"items": [{"kind": "Pod", "metadata": {"name": "a"}}, {"kind": "Pod"}]})).unwrap();
        assert_eq!(printer.take(), "NAME     KIND\na        Pod\n<none>   Pod\n");
        let error = Printer::from_template("NAME KIND\nmetadata.name").unwrap_err();
        assert_eq!(error.to_string(), "number of headers (2) and field specifications (1) don't match");
    }
}
