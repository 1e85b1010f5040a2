//! Field paths and validation errors, worded as upstream's `k8s.io/apimachinery/pkg/util/validation/field` words them.

use std::fmt;

/// Where a value stands in an object: `spec.containers[0].ports[1].name`, `metadata.annotations[key]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Path(String);

impl Path {
    pub fn new(root: &str) -> Self {
        Self(root.to_owned())
    }
    #[must_use]
    pub fn child(&self, name: &str) -> Self {
        if self.0.is_empty() { Self(name.to_owned()) } else { Self(format!("{}.{name}", self.0)) }
    }
    #[must_use]
    pub fn index(&self, index: usize) -> Self {
        Self(format!("{}[{index}]", self.0))
    }
    #[must_use]
    pub fn key(&self, key: &str) -> Self {
        Self(format!("{}[{key}]", self.0))
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() { "<nil>" } else { &self.0 })
    }
}

/// What is wrong with a field. The `Display` of each is upstream's text; [`FieldErrorKind::reason`] is the cause's reason in a Status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldErrorKind {
    NotFound,
    Required,
    Duplicate,
    Invalid,
    NotSupported,
    Forbidden,
    TooLong,
    TooMany,
    Internal,
    TypeInvalid,
}

impl FieldErrorKind {
    /// The machine-readable reason (`FieldValueInvalid` and so on) of a cause in a Status.
    pub fn reason(self) -> &'static str {
        match self {
            Self::NotFound => "FieldValueNotFound",
            Self::Required => "FieldValueRequired",
            Self::Duplicate => "FieldValueDuplicate",
            Self::Invalid => "FieldValueInvalid",
            Self::NotSupported => "FieldValueNotSupported",
            Self::Forbidden => "FieldValueForbidden",
            Self::TooLong => "FieldValueTooLong",
            Self::TooMany => "FieldValueTooMany",
            Self::Internal => "InternalError",
            Self::TypeInvalid => "FieldValueTypeInvalid",
        }
    }
    fn text(self) -> &'static str {
        match self {
            Self::NotFound => "Not found",
            Self::Required => "Required value",
            Self::Duplicate => "Duplicate value",
            Self::Invalid | Self::TypeInvalid => "Invalid value",
            Self::NotSupported => "Unsupported value",
            Self::Forbidden => "Forbidden",
            Self::TooLong => "Too long",
            Self::TooMany => "Too many",
            Self::Internal => "Internal error",
        }
    }
}

/// One fault of one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    pub kind: FieldErrorKind,
    pub path: Path,
    /// The offending value as JSON, where the text quotes it.
    pub value: Option<serde_json::Value>,
    pub detail: String,
}

/// All the faults found in an object; empty means valid.
pub type ErrorList = Vec<FieldError>;

impl FieldError {
    fn make(kind: FieldErrorKind, path: &Path, value: Option<serde_json::Value>, detail: impl Into<String>) -> Self {
        Self { kind, path: path.clone(), value, detail: detail.into() }
    }
    pub fn required(path: &Path, detail: impl Into<String>) -> Self {
        Self::make(FieldErrorKind::Required, path, None, detail)
    }
    pub fn invalid(path: &Path, value: impl Into<serde_json::Value>, detail: impl Into<String>) -> Self {
        Self::make(FieldErrorKind::Invalid, path, Some(value.into()), detail)
    }
    pub fn duplicate(path: &Path, value: impl Into<serde_json::Value>) -> Self {
        Self::make(FieldErrorKind::Duplicate, path, Some(value.into()), "")
    }
    pub fn not_found(path: &Path, value: impl Into<serde_json::Value>) -> Self {
        Self::make(FieldErrorKind::NotFound, path, Some(value.into()), "")
    }
    pub fn forbidden(path: &Path, detail: impl Into<String>) -> Self {
        Self::make(FieldErrorKind::Forbidden, path, None, detail)
    }
    /// `supported values: "A", "B"`: sorted as upstream does.
    pub fn not_supported(path: &Path, value: impl Into<serde_json::Value>, supported: &[&str]) -> Self {
        let mut values: Vec<String> = supported.iter().map(|value| format!("{value:?}")).collect();
        values.sort();
        let detail = if values.is_empty() { String::new() } else { format!("supported values: {}", values.join(", ")) };
        Self::make(FieldErrorKind::NotSupported, path, Some(value.into()), detail)
    }
    /// `may not be more than N bytes`.
    pub fn too_long(path: &Path, max_bytes: usize) -> Self {
        let detail = format!("may not be more than {max_bytes} bytes");
        Self::make(FieldErrorKind::TooLong, path, None, detail)
    }
    pub fn too_many(path: &Path, actual: usize, max: usize) -> Self {
        let detail = format!("must have at most {max} items");
        Self::make(FieldErrorKind::TooMany, path, Some(actual.into()), detail)
    }
    pub fn internal(path: &Path, detail: impl Into<String>) -> Self {
        Self::make(FieldErrorKind::Internal, path, None, detail)
    }
    /// The text without the field: what a Status cause carries as its message.
    pub fn message(&self) -> String {
        let mut text = self.kind.text().to_owned();
        if let Some(value) = &self.value {
            text.push_str(": ");
            text.push_str(&value.to_string());
        }
        if !self.detail.is_empty() {
            text.push_str(": ");
            text.push_str(&self.detail);
        }
        text
    }
}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.message())
    }
}
