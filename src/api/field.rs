//! Field paths and validation errors, worded as upstream's `k8s.io/apimachinery/pkg/util/validation/field` words them.

use std::fmt;

use smallvec::SmallVec;

/// Most paths are shorter than this many bytes. Validation makes a path for whatever it looks at, right or wrong: none of those is to cost an allocation.
const INLINE: usize = 96;

/// Where a value stands in an object: `spec.containers[0].ports[1].name`, `metadata.annotations[key]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Path(SmallVec<[u8; INLINE]>);

impl Path {
    pub fn new(root: &str) -> Self {
        Self(SmallVec::from_slice(root.as_bytes()))
    }
    #[must_use]
    pub fn child(&self, name: &str) -> Self {
        if self.0.is_empty() { Self::new(name) } else { self.with(&[".", name]) }
    }
    #[must_use]
    pub fn index(&self, index: usize) -> Self {
        self.key(&index.to_string())
    }
    #[must_use]
    pub fn key(&self, key: &str) -> Self {
        self.with(&["[", key, "]"])
    }
    fn with(&self, end: &[&str]) -> Self {
        let mut path = self.clone();
        end.iter().for_each(|part| path.0.extend_from_slice(part.as_bytes()));
        path
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() { "<nil>" } else { std::str::from_utf8(&self.0).unwrap_or_default() })
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
    TooFew,
    TooShort,
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
            Self::TooFew => "FieldValueTooFew",
            Self::TooShort => "FieldValueTooShort",
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
            Self::TooFew => "Too few",
            Self::TooShort => "Too short",
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
    /// `supported values: "A", "B"`: sorted, as upstream's sets are listed.
    pub fn not_supported(path: &Path, value: impl Into<serde_json::Value>, supported: &[&str]) -> Self {
        let mut supported = supported.to_vec();
        supported.sort_unstable();
        Self::not_supported_in_order(path, value, &supported)
    }
    /// As [`Self::not_supported`], for the few lists that upstream keeps in an order of its own.
    pub fn not_supported_in_order(path: &Path, value: impl Into<serde_json::Value>, supported: &[&str]) -> Self {
        let values: Vec<String> = supported.iter().map(|value| quoted(value)).collect();
        let detail = if values.is_empty() { String::new() } else { format!("supported values: {}", values.join(", ")) };
        Self::make(FieldErrorKind::NotSupported, path, Some(value.into()), detail)
    }
    pub fn type_invalid(path: &Path, value: impl Into<serde_json::Value>, detail: impl Into<String>) -> Self {
        Self::make(FieldErrorKind::TypeInvalid, path, Some(value.into()), detail)
    }
    /// `may not be more than N bytes`.
    pub fn too_long(path: &Path, max_bytes: usize) -> Self {
        let detail = format!("may not be more than {}", counted(max_bytes, "byte"));
        Self::make(FieldErrorKind::TooLong, path, None, detail)
    }
    /// `may not be more than N characters`.
    pub fn too_long_characters(path: &Path, max_characters: usize) -> Self {
        let detail = format!("may not be more than {}", counted(max_characters, "character"));
        Self::make(FieldErrorKind::TooLong, path, None, detail)
    }
    /// `must be at least N characters`.
    pub fn too_short(path: &Path, min_characters: usize) -> Self {
        let detail = format!("must be at least {}", counted(min_characters, "character"));
        Self::make(FieldErrorKind::TooShort, path, None, detail)
    }
    pub fn too_many(path: &Path, actual: usize, max: usize) -> Self {
        let detail = format!("must have at most {}", counted(max, "item"));
        Self::make(FieldErrorKind::TooMany, path, Some(actual.into()), detail)
    }
    pub fn too_few(path: &Path, actual: usize, min: usize) -> Self {
        let detail = format!("must have at least {}", counted(min, "item"));
        Self::make(FieldErrorKind::TooFew, path, Some(actual.into()), detail)
    }
    pub fn internal(path: &Path, detail: impl Into<String>) -> Self {
        Self::make(FieldErrorKind::Internal, path, None, detail)
    }
    /// The text without the field: what a Status cause carries as its message.
    pub fn message(&self) -> String {
        let mut text = self.kind.text().to_owned();
        if let Some(value) = &self.value {
            text.push_str(": ");
            match value {
                serde_json::Value::String(value) => text.push_str(&quoted(value)),
                value => text.push_str(&escaped(value)),
            }
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

fn counted(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// JSON as Go's encoder writes it, which escapes what HTML would read.
fn escaped(value: &serde_json::Value) -> String {
    value.to_string().replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
}

/// A string as Go's `%q` writes it.
pub fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            '\u{7}' => quoted.push_str("\\a"),
            '\u{8}' => quoted.push_str("\\b"),
            '\u{b}' => quoted.push_str("\\v"),
            '\u{c}' => quoted.push_str("\\f"),
            '\0'..=' ' | '\u{7f}' if character != ' ' => quoted.push_str(&format!("\\x{:02x}", u32::from(character))),
            '\u{80}'..='\u{a0}' | '\u{ad}' | '\u{2000}'..='\u{200f}' | '\u{2028}'..='\u{202f}' | '\u{2060}'..='\u{206f}' | '\u{feff}' => {
                quoted.push_str(&format!("\\u{:04x}", u32::from(character)));
            }
            character => quoted.push(character),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(error: &FieldError, expected: &str) {
        assert_eq!(error.to_string(), expected);
    }

    #[test]
    fn words_are_upstreams() {
        let path = Path::new("spec").child("ports").index(0).child("name");
        check(&FieldError::required(&path, ""), "spec.ports[0].name: Required value");
        check(&FieldError::invalid(&path, "a\"b\u{1}", "is bad"), r#"spec.ports[0].name: Invalid value: "a\"b\x01": is bad"#);
        check(&FieldError::invalid(&path, json!({"a": "<"}), ""), r#"spec.ports[0].name: Invalid value: {"a":"\u003c"}"#);
        check(
            &FieldError::not_supported(&path, "x", &["b", "a"]),
            r#"spec.ports[0].name: Unsupported value: "x": supported values: "a", "b""#,
        );
        check(&FieldError::too_long(&path, 1), "spec.ports[0].name: Too long: may not be more than 1 byte");
        check(&FieldError::too_many(&path, 3, 2), "spec.ports[0].name: Too many: 3: must have at most 2 items");
        check(&FieldError::duplicate(&Path::new("metadata").key("a"), 7), "metadata[a]: Duplicate value: 7");
    }
}
