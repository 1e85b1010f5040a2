//! Failures of commands: kubectl's words on standard error and its exit codes, decided in one place.

use std::fmt;

use api::ApiError;

/// Why a command failed.
#[derive(Debug)]
pub enum CommandError {
    /// The server answered with a Status.
    Api(ApiError),
    /// Nobody listens at the server's address (`host:port`).
    Refused(String),
    /// No answer for another reason.
    Unreachable(String),
    /// No such type of object.
    NoResource { resource: String, group: String, version: String },
    /// A command line that does not parse or makes no sense; with a pointer to the help of `command` ("kubectl get").
    Usage { message: String, command: String },
    /// Anything else, in kubectl's words; `error: ` is put before it.
    Message(String),
    /// Printed exactly as it stands, without `error: `.
    Plain(String),
    /// Several failures, each in its own words, a line each.
    Many(Vec<CommandError>),
    /// Said already or nothing to say; only the exit code counts.
    Exit(u8),
}

pub type Result<T, E = CommandError> = std::result::Result<T, E>;

impl CommandError {
    pub fn message(text: impl Into<String>) -> Self {
        Self::Message(text.into())
    }

    /// The process's exit code.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Exit(code) => *code,
            _ => 1,
        }
    }

    /// True for a Status with this reason (`NotFound`, `Conflict`, ...).
    pub fn is_reason(&self, reason: &str) -> bool {
        matches!(self, Self::Api(error) if error.reason() == reason)
    }

    /// `error when creating "x.yaml": ...` before the text, as kubectl says where an object came from.
    #[must_use]
    pub fn when(self, doing: &str, source: &str) -> Self {
        if source.is_empty() {
            return self;
        }
        match self {
            Self::Api(mut error) => {
                error.0.message = Some(format!("error when {doing} {source:?}: {}", error.message()));
                Self::Api(error)
            }
            other => Self::Message(format!("error when {doing} {source:?}: {}", other.bare())),
        }
    }

    /// One from many: none is fine, a single one is itself.
    pub fn all(mut errors: Vec<CommandError>) -> Result<()> {
        match errors.len() {
            0 => Ok(()),
            1 => Err(errors.remove(0)),
            _ => Err(Self::Many(errors)),
        }
    }

    /// The text without `error: ` before it.
    fn bare(&self) -> String {
        match self {
            Self::Message(text) | Self::Plain(text) => text.clone(),
            Self::Api(error) => standard_message(error),
            other => other.to_string(),
        }
    }
}

/// The words for a Status that are no validation failure.
fn standard_message(error: &ApiError) -> String {
    match error.reason() {
        "Unauthorized" => format!("error: You must be logged in to the server ({})", error.message()),
        "" => format!("Error from server: {}", error.message()),
        reason => format!("Error from server ({reason}): {}", error.message()),
    }
}

/// A validation failure lists its causes, a line each where there are several.
fn invalid_message(error: &ApiError) -> String {
    let Some(details) = &error.0.details else {
        return format!("The request is invalid: {}", error.message());
    };
    let mut causes: Vec<String> = Vec::new();
    for cause in details.causes.iter().flatten() {
        let text = format!("{}: {}", cause.field.as_deref().unwrap_or_default(), cause.message.as_deref().unwrap_or_default());
        if !causes.contains(&text) {
            causes.push(text);
        }
    }
    let (kind, name) = (details.kind.as_deref().unwrap_or_default(), details.name.as_deref().unwrap_or_default());
    let mut text = "The request is invalid".to_owned();
    if !kind.is_empty() || !name.is_empty() {
        text = format!("The {kind} {name:?} is invalid");
    } else if causes.is_empty() {
        text = format!("{text}: {}", error.message());
    }
    match causes.as_slice() {
        [] => text,
        [cause] => format!("{text}: {cause}"),
        several => several.iter().fold(format!("{text}: "), |text, cause| format!("{text}\n* {cause}")),
    }
}

impl fmt::Display for CommandError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Api(error) if error.reason() == "Invalid" => f.write_str(&invalid_message(error)),
            Self::Api(error) => f.write_str(&standard_message(error)),
            Self::Refused(host) => {
                write!(f, "The connection to the server {host} was refused - did you specify the right host or port?")
            }
            Self::Unreachable(why) => write!(f, "Unable to connect to the server: {why}"),
            Self::NoResource { resource, group, version } => {
                write!(f, "error: the server doesn't have a resource type {resource:?}")?;
                match (group.is_empty(), version.is_empty()) {
                    (false, false) => write!(f, " in group {group:?} and version {version:?}"),
                    (false, true) => write!(f, " in group {group:?}"),
                    (true, false) => write!(f, " in version {version:?}"),
                    (true, true) => Ok(()),
                }
            }
            Self::Usage { message, command } => write!(f, "error: {message}\nSee '{command} -h' for help and examples"),
            Self::Message(text) if text.starts_with("error: ") => f.write_str(text),
            Self::Message(text) => write!(f, "error: {text}"),
            Self::Plain(text) => f.write_str(text),
            Self::Many(errors) => errors.iter().try_for_each(|error| writeln!(f, "{}", error.bare())),
            Self::Exit(_) => Ok(()),
        }
    }
}

impl std::error::Error for CommandError {}

impl From<ApiError> for CommandError {
    fn from(error: ApiError) -> Self {
        Self::Api(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::{FieldError, Path};

    #[test]
    fn words_are_kubectls() {
        let check = |error: CommandError, expected: &str| assert_eq!(error.to_string(), expected);
        check(ApiError::not_found("", "pods", "x").into(), "Error from server (NotFound): pods \"x\" not found");
        check(ApiError::unauthorized().into(), "error: You must be logged in to the server (Unauthorized)");
        let one = vec![FieldError::required(&Path::new("spec").child("containers"), "")];
        check(ApiError::invalid("", "Pod", "x", &one).into(), "The Pod \"x\" is invalid: spec.containers: Required value");
        let two = vec![one[0].clone(), FieldError::required(&Path::new("spec").child("y"), "")];
        check(
            ApiError::invalid("", "Pod", "x", &two).into(),
            "The Pod \"x\" is invalid: \n* spec.containers: Required value\n* spec.y: Required value",
        );
        check(
            CommandError::from(ApiError::not_found("", "namespaces", "n")).when("creating", "a.yaml"),
            "Error from server (NotFound): error when creating \"a.yaml\": namespaces \"n\" not found",
        );
    }
}
