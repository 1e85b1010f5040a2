//! Printing of objects: `pod/x created` where no format is asked for, else what `-o` says.

mod typed;

use output::jsonpath::JsonPath;
use output::template::Template;
use output::{columns, json, kyaml, name, yaml};
use serde_json::Value;

use crate::error::{CommandError, Result};
use crate::flags::PrintFlags;
use crate::session::Session;

/// How objects are printed.
pub enum Printer {
    /// `pod/x`, with what happened to it unless `-o name` asked for the name alone.
    Name {
        operation: String,
    },
    Json {
        managed_fields: bool,
        /// In the order of Go's structs: see [`typed`].
        typed: bool,
    },
    /// Documents after the first are set apart by `---`.
    Yaml {
        documents: yaml::Printer,
        managed_fields: bool,
    },
    Kyaml {
        managed_fields: bool,
    },
    JsonPath(JsonPath),
    Template(Box<Template>),
    Columns(columns::Printer),
}

/// The formats of every command, and those that `get` has besides.
const FORMATS: &[&str] = &[
    "go-template",
    "go-template-file",
    "json",
    "jsonpath",
    "jsonpath-as-json",
    "jsonpath-file",
    "kyaml",
    "name",
    "template",
    "templatefile",
    "yaml",
];
const GET_FORMATS: &[&str] = &["custom-columns", "custom-columns-file", "wide"];

impl Printer {
    /// The printer for `flags`; `operation` ("created") is what it says of an object where no format is asked for.
    pub fn new(flags: &PrintFlags, operation: &str) -> Result<Self> {
        match parts(flags) {
            ("", _) => Ok(Self::Name { operation: operation.to_owned() }),
            (format, argument) => Self::of_format(flags, format, argument)?.ok_or_else(|| no_printer(flags, FORMATS.to_vec())),
        }
    }

    /// The same for objects that kubectl holds in structs: their JSON has the structs' order.
    #[must_use]
    pub fn typed(mut self) -> Self {
        if let Self::Json { typed, .. } = &mut self {
            *typed = true;
        }
        self
    }

    /// The printer of `get` for `flags`: custom columns besides what all commands have.
    pub fn for_get(flags: &PrintFlags, no_headers: bool) -> Result<Self> {
        let (format, argument) = parts(flags);
        let message = |error: columns::ColumnsError| CommandError::message(error.to_string());
        match format {
            "custom-columns" => {
                let specification = argument.unwrap_or_default();
                Ok(Self::Columns(columns::Printer::from_specification(&specification, no_headers).map_err(message)?))
            }
            "custom-columns-file" => {
                let path = argument.filter(|path| !path.is_empty()).ok_or_else(|| message(columns::ColumnsError::NoColumns))?;
                let template = std::fs::read_to_string(&path).map_err(|error| {
                    CommandError::message(format!("error reading template {path}, open {path}: {}\n", go_words(&error)))
                })?;
                Ok(Self::Columns(columns::Printer::from_template(&template).map_err(message)?))
            }
            _ => Self::of_format(flags, format, argument)?.ok_or_else(|| no_printer(flags, [FORMATS, GET_FORMATS].concat())),
        }
    }

    fn of_format(flags: &PrintFlags, format: &str, argument: Option<String>) -> Result<Option<Self>> {
        let managed_fields = flags.show_managed_fields;
        let template = |from_file: bool| -> Result<String> {
            let argument = argument
                .clone()
                .filter(|argument| !argument.is_empty())
                .ok_or_else(|| CommandError::message("template format specified but no template given"))?;
            if from_file { read_template(&argument) } else { Ok(argument) }
        };
        Ok(Some(match format {
            "name" => Self::Name { operation: String::new() },
            "json" => Self::Json { managed_fields, typed: false },
            "yaml" => Self::Yaml { documents: yaml::Printer::default(), managed_fields },
            "kyaml" => Self::Kyaml { managed_fields },
            "jsonpath" | "jsonpath-as-json" | "jsonpath-file" => {
                let source = template(format == "jsonpath-file")?;
                let parsed =
                    JsonPath::parse(&source).map_err(|error| CommandError::message(format!("error parsing jsonpath {source}, {error}")))?;
                Self::JsonPath(parsed.allow_missing_keys(flags.allow_missing_template_keys).as_json(format == "jsonpath-as-json"))
            }
            "template" | "go-template" | "templatefile" | "go-template-file" => {
                let source = template(format.ends_with("file"))?;
                let parsed =
                    Template::parse(&source).map_err(|error| CommandError::message(format!("error parsing template {source}, {error}")))?;
                Self::Template(Box::new(parsed.allow_missing_keys(flags.allow_missing_template_keys)))
            }
            _ => return Ok(None),
        }))
    }

    /// Prints one object, or a list of objects.
    pub fn print(&mut self, session: &mut Session<'_>, object: &Value) -> Result<()> {
        let message = |error: &dyn std::fmt::Display| CommandError::message(error.to_string());
        let shown = |managed_fields: bool| if managed_fields { object.clone() } else { without_managed_fields(object.clone()) };
        let text = match self {
            Self::Name { operation } => name::lines(object, operation).map_err(|error| message(&error))?,
            Self::Json { managed_fields, typed: true } => {
                json::pretty(&typed::in_struct_order(&shown(*managed_fields))).map_err(|error| message(&error))?
            }
            Self::Json { managed_fields, .. } => json::pretty(&shown(*managed_fields)).map_err(|error| message(&error))?,
            Self::Yaml { documents, managed_fields } => documents.print(&shown(*managed_fields)),
            Self::Kyaml { managed_fields } => kyaml::document(&shown(*managed_fields)),
            Self::JsonPath(path) => path.print(object).map_err(|error| message(&error))?,
            Self::Template(template) => template.print(object).map_err(|error| {
                session.ui.print(&error.output);
                message(&error)
            })?,
            Self::Columns(columns) => {
                columns.add(object).map_err(|error| message(&error))?;
                columns.take()
            }
        };
        session.ui.print(&text);
        Ok(())
    }

    /// Prints an event of a watch as an object of its own (`--output-watch-events`).
    pub fn print_event(&mut self, session: &mut Session<'_>, kind: &str, object: &Value) -> Result<()> {
        let shown = match self {
            Self::Name { .. } => return self.print(session, object),
            Self::Json { managed_fields: false, .. } | Self::Yaml { managed_fields: false, .. } | Self::Kyaml { managed_fields: false } => {
                without_managed_fields(object.clone())
            }
            _ => object.clone(),
        };
        if matches!(self, Self::Json { .. }) {
            let object = json::compact(&shown).map_err(|error| CommandError::message(error.to_string()))?;
            session.ui.line(&format!("{{\"type\":{},\"object\":{object}}}", Value::from(kind)));
            return Ok(());
        }
        self.print(session, &serde_json::json!({ "type": kind, "object": shown }))
    }
}

/// The format and what follows its `=`; `--template` alone means a Go template.
fn parts(flags: &PrintFlags) -> (&str, Option<String>) {
    let written = flags.output.as_deref().unwrap_or_default();
    let template = flags.template.clone().filter(|template| !template.is_empty());
    match written.split_once('=') {
        Some((format, argument)) => (format, Some(argument.to_owned())),
        None if written.is_empty() && template.is_some() => ("go-template", template),
        None => (written, template),
    }
}

fn no_printer(flags: &PrintFlags, mut formats: Vec<&str>) -> CommandError {
    formats.sort_unstable();
    let written = output::go_text::quote(flags.output.as_deref().unwrap_or_default());
    CommandError::message(format!(
        "unable to match a printer suitable for the output format {written}, allowed formats are: {}",
        formats.join(",")
    ))
}

/// `metadata.managedFields` is noise to people: left out of objects and of the items of lists unless it is asked for.
pub fn without_managed_fields(mut object: Value) -> Value {
    let strip = |object: &mut Value| {
        if let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) {
            metadata.remove("managedFields");
        }
    };
    match object.get_mut("items").and_then(Value::as_array_mut) {
        Some(items) => items.iter_mut().for_each(strip),
        None => strip(&mut object),
    }
    object
}

/// Prints the outcome of an operation on an object by the flags of the command.
pub fn print_outcome(session: &mut Session<'_>, flags: &PrintFlags, operation: &str, object: &Value) -> Result<()> {
    Printer::new(flags, operation)?.print(session, object)
}

/// As [`print_outcome`], for an object that kubectl holds in a struct.
pub fn print_typed(session: &mut Session<'_>, flags: &PrintFlags, operation: &str, object: &Value) -> Result<()> {
    Printer::new(flags, operation)?.typed().print(session, object)
}

fn read_template(path: &str) -> Result<String> {
    std::fs::read_to_string(path)
        .map_err(|error| CommandError::message(format!("error reading --template {path}, open {path}: {}", go_words(&error))))
}

/// An input/output error without Rust's `(os error 2)`, in lower case as Go has it.
fn go_words(error: &std::io::Error) -> String {
    let text = error.to_string();
    let bare = text.split(" (os error").next().unwrap_or(&text);
    let mut letters = bare.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}
