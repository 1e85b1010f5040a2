//! From a body to a typed object, with everything that is wrong with it said as upstream says it.

use api::{ApiError, FieldError, Gvk, Object, Path};
use kinds::Kind;
use serde_json::Value;

use crate::context::{Context, FieldValidation};
use crate::negotiate::{BodyEncoding, body_encoding};
use crate::protobuf;
use crate::strict::{self, Document, Duplicates, Source};

/// The body as a tree.
pub fn body_document(context: &Context) -> Result<Document, ApiError> {
    let encoding = body_encoding(&context.headers)?;
    match encoding {
        BodyEncoding::Json => strict::json(&context.body).map_err(|error| {
            ApiError::bad_request(format!("the object provided is unrecognized: couldn't get version/kind; json parse error: {error}"))
        }),
        BodyEncoding::Yaml => strict::yaml(&context.body).map_err(|error| ApiError::bad_request(format!("error parsing YAML: {error}"))),
        BodyEncoding::Protobuf => protobuf::decode(&context.body)
            .map(Document::of)
            .map_err(|error| ApiError::bad_request(format!("the object provided is unrecognized: {error}"))),
    }
}

/// The body as a tree that is to be an object of a kind. Custom resources have no form in protobuf.
pub fn object_document(context: &Context, kind: &Kind) -> Result<Document, ApiError> {
    if kind.behaviour.custom().is_some() && body_encoding(&context.headers)? == BodyEncoding::Protobuf {
        return Err(ApiError::unsupported_media_type(&["application/json", "application/yaml"]));
    }
    body_document(context)
}

/// A typed object of a kind out of a tree; what the tree has too much becomes a failure or warnings, as the author wants.
pub fn decode_object(
    kind: &Kind,
    document: Document,
    validation: FieldValidation,
    warnings: &mut Vec<String>,
) -> Result<Box<dyn Object>, ApiError> {
    let Document { mut value, duplicates, source } = document;
    set_type(kind, &mut value)?;
    let mut unknown = Vec::new();
    let object = kind.behaviour.decode(value, &mut unknown).map_err(|error| {
        let gvk = Gvk::new(&*kind.group, &*kind.version, &*kind.kind);
        // The decoder does not tell where it was; a walk along the types does.
        let fault = source.as_ref().and_then(Source::value).and_then(|value| api::schema::type_fault(&gvk, &value));
        unhandled(kind, fault.unwrap_or_else(|| error.to_string()))
    })?;
    // what does not fit a schema is found after the document has been read, what does not fit a type on the way
    let ordered = source.filter(|_| kind.behaviour.custom().is_none());
    judge(duplicates, &unknown, ordered.as_ref(), validation, warnings).map_err(|faults| unhandled(kind, faults))?;
    Ok(object)
}

/// A typed object out of what a patch has made. Its faults are those of the patch, which `shown` writes; `faults` are those that the patch has by itself.
pub fn decode_patched(
    kind: &Kind,
    mut value: Value,
    faults: &[String],
    shown: &str,
    validation: FieldValidation,
    warnings: &mut Vec<String>,
) -> Result<Box<dyn Object>, ApiError> {
    set_type(kind, &mut value)?;
    let invalid = |why: String| ApiError::invalid("", "", "", &vec![FieldError::invalid(&Path::new("patch"), shown, why)]);
    let mut unknown = Vec::new();
    let object = kind.behaviour.decode(value, &mut unknown).map_err(|error| invalid(error.to_string()))?;
    judge(Duplicates::json(faults.to_vec()), &unknown, None, validation, warnings).map_err(invalid)?;
    Ok(object)
}

/// Makes of what a tree has too much what the author wants: a failure, warnings, or nothing. `ordered` is a body whose faults are told in their order.
fn judge(
    duplicates: Duplicates,
    unknown: &[String],
    ordered: Option<&Source>,
    validation: FieldValidation,
    warnings: &mut Vec<String>,
) -> Result<(), String> {
    if validation == FieldValidation::Ignore || duplicates.is_empty() && unknown.is_empty() {
        return Ok(());
    }
    let strict = validation == FieldValidation::Strict;
    let faults = ordered.and_then(|source| source.faults(unknown)).unwrap_or_else(|| {
        let duplicates = if strict { duplicates.failures() } else { duplicates.each() };
        duplicates.into_iter().chain(unknown.iter().map(|path| format!("unknown field {path:?}"))).collect()
    });
    if strict {
        return Err(format!("strict decoding error: {}", faults.join(", ")));
    }
    warnings.extend(faults);
    Ok(())
}

fn unhandled(kind: &Kind, why: impl std::fmt::Display) -> ApiError {
    ApiError::bad_request(format!("{} in version {:?} cannot be handled as a {}: {why}", kind.kind, kind.version, kind.kind))
}

/// Fills in apiVersion and kind where they are missing, and refuses others.
fn set_type(kind: &Kind, value: &mut Value) -> Result<(), ApiError> {
    let Value::Object(map) = value else {
        return Err(unhandled(
            kind,
            format!("json: cannot unmarshal {} into Go value of type {}.{}", json_type(value), kind.version, kind.kind),
        ));
    };
    let text = |name: &str| map.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let (api_version, name) = (text("apiVersion"), text("kind"));
    let expected = kind.api_version();
    if !api_version.is_empty() && api_version != expected {
        return Err(ApiError::bad_request(format!(
            "the API version in the data ({api_version}) does not match the expected API version ({expected})"
        )));
    }
    if !name.is_empty() && name != kind.kind {
        let version = api_version.rsplit('/').next().unwrap_or_default();
        return Err(ApiError::bad_request(format!(
            "{name} in version {version:?} cannot be handled as a {}: no kind {name:?} is registered here",
            kind.kind
        )));
    }
    map.insert("apiVersion".to_owned(), expected.into());
    map.insert("kind".to_owned(), kind.kind.as_ref().into());
    Ok(())
}

fn json_type(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}
