//! Printing of objects: `pod/x created` where no format is asked for, else what `-o` says.

use output::jsonpath::JsonPath;
use serde_json::Value;

use crate::error::{CommandError, Result};
use crate::flags::PrintFlags;
use crate::resources::text;
use crate::session::Session;

/// How objects are printed.
pub enum Printer {
    /// `pod/x`, with what happened to it unless `-o name` asked for the name alone.
    Name {
        operation: String,
        short: bool,
    },
    Json,
    /// Documents after the first are set apart by `---`.
    Yaml(output::yaml::Printer),
    Kyaml,
    JsonPath(JsonPath),
}

const FORMATS: &str = "go-template,go-template-file,json,jsonpath,jsonpath-as-json,jsonpath-file,kyaml,name,template,templatefile,yaml";

impl Printer {
    /// The printer for `flags`; `operation` ("created") is what it says of an object where no format is asked for.
    pub fn new(flags: &PrintFlags, operation: &str) -> Result<Self> {
        let written = flags.output.as_deref().unwrap_or_default();
        let (format, argument) = written.split_once('=').map_or((written, None), |(format, argument)| (format, Some(argument.to_owned())));
        let argument = argument.or_else(|| flags.template.clone());
        let format = if format.is_empty() && flags.template.is_some() { "go-template" } else { format };
        let need = |what: &str| CommandError::message(format!("{what} format specified but no {what} given"));
        Ok(match format {
            "" => Self::Name { operation: operation.to_owned(), short: false },
            "name" => Self::Name { operation: String::new(), short: true },
            "json" => Self::Json,
            "yaml" => Self::Yaml(output::yaml::Printer::default()),
            "kyaml" => Self::Kyaml,
            "jsonpath" | "jsonpath-as-json" | "jsonpath-file" => {
                let argument = argument.filter(|argument| !argument.is_empty()).ok_or_else(|| need("template"))?;
                let source = if format == "jsonpath-file" { read_template(&argument)? } else { argument };
                let parsed =
                    JsonPath::parse(&source).map_err(|error| CommandError::message(format!("error parsing jsonpath {source}, {error}")))?;
                Self::JsonPath(parsed.allow_missing_keys(flags.allow_missing_template_keys).as_json(format == "jsonpath-as-json"))
            }
            _ => {
                return Err(CommandError::message(format!(
                    "unable to match a printer suitable for the output format {written:?}, allowed formats are: {FORMATS}"
                )));
            }
        })
    }

    /// Prints one object.
    pub fn print(&mut self, session: &mut Session<'_>, object: &Value) -> Result<()> {
        match self {
            Self::Name { operation, short } => {
                let kind = text(object, "/kind").to_lowercase();
                let group = text(object, "/apiVersion").rsplit_once('/').map_or("", |(group, _)| group);
                let name = Some(text(object, "/metadata/name")).filter(|name| !name.is_empty()).unwrap_or("<unknown>");
                let operation = if *short || operation.is_empty() { String::new() } else { format!(" {operation}") };
                session.ui.line(&format!("{}/{name}{operation}", api::status::qualified(group, &kind)));
            }
            Self::Json => {
                let json = output::json::pretty(object).map_err(|error| CommandError::message(error.to_string()))?;
                session.ui.print(&json);
            }
            Self::Yaml(printer) => session.ui.print(&printer.print(object)),
            Self::Kyaml => session.ui.print(&output::kyaml::document(object)),
            Self::JsonPath(path) => {
                let printed = path.print(object).map_err(|error| CommandError::message(error.to_string()))?;
                session.ui.print(&printed);
            }
        }
        Ok(())
    }
}

/// `metadata.managedFields` is noise to people: left out unless it is asked for.
pub fn without_managed_fields(mut object: Value) -> Value {
    if let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) {
        metadata.remove("managedFields");
    }
    object
}

/// Prints the outcome of an operation on an object by the flags of the command.
pub fn print_outcome(session: &mut Session<'_>, flags: &PrintFlags, operation: &str, object: &Value) -> Result<()> {
    let mut printer = Printer::new(flags, operation)?;
    if flags.show_managed_fields {
        return printer.print(session, object);
    }
    printer.print(session, &without_managed_fields(object.clone()))
}

fn read_template(path: &str) -> Result<String> {
    std::fs::read_to_string(path).map_err(|error| CommandError::message(format!("error reading --template {path}, {error}")))
}
