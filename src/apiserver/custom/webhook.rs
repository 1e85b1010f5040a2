//! Conversion webhooks: HTTPS servers of users that turn objects of one version of a custom resource into another. Of their answers only what upstream believes is
//! believed: as many objects, in the same order, of the version asked for, with nothing of the metadata changed but labels and annotations.

use std::sync::Arc;
use std::time::Duration;

use api::{ApiError, ErrorList, Path, metadata};
use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceConversion;
use kinds::Kind;
use kinds::custom::go_type;
use serde_json::{Map, Value, json};

use crate::callout::{Caller, Target};
use crate::service_reference::{DEFAULT_PORT, ServiceReference};

/// What one call may take, as upstream has it.
const TIMEOUT: Duration = Duration::from_secs(30);
/// Objects that one call brings at most; more are brought one call after the other.
const OBJECTS: usize = 500;
/// Bytes of the objects of a call, unless a single one is larger.
const BYTES: usize = 1 << 20;
const GROUP: &str = "apiextensions.k8s.io";
/// Reviews that are spoken here.
const REVIEWS: [&str; 2] = ["v1", "v1beta1"];

/// Why objects could not be converted. The words are upstream's; `of` is what was to be converted.
#[derive(Debug, thiserror::Error, PartialEq)]
pub enum ConversionError {
    #[error("no supported conversion review versions")]
    Reviews,
    #[error("conversion webhook for {of} failed: {why}")]
    Failed { of: String, why: String },
    #[error("conversion webhook for {of} returned {got} objects, expected {expected}")]
    Count { of: String, got: usize, expected: usize },
    #[error("conversion webhook for {of} returned {what}: {why}")]
    Answer { of: String, what: String, why: String },
    #[error("{0}")]
    NoObject(String),
}

impl From<ConversionError> for ApiError {
    fn from(error: ConversionError) -> Self {
        Self::internal_plain(error.to_string())
    }
}

/// The webhook of a definition.
pub struct Webhook {
    caller: Arc<Caller>,
    target: Option<Target>,
    bundle: Vec<u8>,
    /// The first of the versions of reviews it reads that is spoken here.
    reviews: Option<&'static str>,
}

impl Webhook {
    /// None where the versions are converted without one.
    pub fn of(conversion: Option<&CustomResourceConversion>, caller: &Arc<Caller>) -> Option<Self> {
        let conversion = conversion.filter(|conversion| conversion.strategy == "Webhook")?;
        let webhook = conversion.webhook.clone().unwrap_or_default();
        let config = webhook.client_config.unwrap_or_default();
        let bundle = config.ca_bundle.map(|bundle| bundle.0).filter(|bundle| !bundle.trim_ascii().is_empty());
        let target = match config.service {
            Some(service) => {
                let port = service.port.unwrap_or(DEFAULT_PORT);
                let reference = ServiceReference { namespace: service.namespace, name: service.name, port };
                Some(Target::Service(reference, service.path.unwrap_or_default()))
            }
            None => config.url.map(Target::Url),
        };
        let reviews = webhook.conversion_review_versions.iter().find_map(|given| REVIEWS.into_iter().find(|spoken| spoken == given));
        Some(Self { caller: caller.clone(), target, bundle: bundle.unwrap_or_default(), reviews })
    }
    /// Objects of any versions as `to` has them, in the same order.
    pub async fn convert(&self, mut objects: Vec<Value>, to: &Kind) -> Result<Vec<Value>, ConversionError> {
        let wanted = to.api_version();
        let due: Vec<usize> = (0..objects.len()).filter(|index| text(&objects[*index], "apiVersion") != wanted).collect();
        let of = match &objects[..] {
            [one] => Of::One(type_of(one)),
            _ => {
                let list = to.behaviour.custom().map(|custom| custom.list_kind.clone()).unwrap_or_default();
                Of::List(format!("{wanted}, Kind={list}"))
            }
        };
        let mut rest = &due[..];
        while !rest.is_empty() {
            let (now, later) = rest.split_at(most(rest, &objects));
            rest = later;
            let sent: Vec<&Value> = now.iter().map(|index| &objects[*index]).collect();
            let converted = self.call(&sent, &wanted, &of).await?;
            for (at, (index, mut converted)) in now.iter().zip(converted).enumerate() {
                check(&objects[*index], &mut converted, &wanted, &of, at)?;
                objects[*index] = converted;
            }
        }
        Ok(objects)
    }
    async fn call(&self, objects: &[&Value], wanted: &str, of: &Of) -> Result<Vec<Value>, ConversionError> {
        let failed = |why: String| ConversionError::Failed { of: of.to_string(), why };
        let version = self.reviews.ok_or(ConversionError::Reviews)?;
        let target = self.target.as_ref().ok_or_else(|| failed("webhook has neither service nor url".to_owned()))?;
        let uid = uuid::Uuid::new_v4().to_string();
        let review = json!({
            "kind": "ConversionReview",
            "apiVersion": format!("{GROUP}/{version}"),
            "request": {"uid": uid, "desiredAPIVersion": wanted, "objects": objects},
            "response": {"uid": "", "convertedObjects": null, "result": {"metadata": {}}},
        });
        let answer = self.caller.post(target, &self.bundle, review.to_string().into_bytes(), TIMEOUT).await;
        let answer = answer.map_err(|error| failed(error.to_string()))?;
        let answer =
            serde_json::from_slice(&answer).map_err(|error| failed(format!("couldn't get version/kind; json parse error: {error}")))?;
        let converted = believed(answer, version, &uid).map_err(failed)?;
        if converted.len() != objects.len() {
            return Err(ConversionError::Count { of: of.to_string(), got: converted.len(), expected: objects.len() });
        }
        Ok(converted)
    }
}

/// What is being converted, as failures tell it.
enum Of {
    One(String),
    List(String),
}

impl std::fmt::Display for Of {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (Self::One(of) | Self::List(of)) = self;
        f.write_str(of)
    }
}

/// How many of the objects that are due go into one call.
fn most(due: &[usize], objects: &[Value]) -> usize {
    let mut bytes = 0;
    let fits = |index: &&usize| {
        bytes += objects[**index].to_string().len();
        bytes <= BYTES
    };
    due.iter().take(OBJECTS).take_while(fits).count().max(1)
}

fn text<'a>(object: &'a Value, field: &str) -> &'a str {
    object.get(field).and_then(Value::as_str).unwrap_or_default()
}

/// `example.com/v1, Kind=Widget`.
fn type_of(object: &Value) -> String {
    let api_version = text(object, "apiVersion");
    let separator = if api_version.contains('/') { "" } else { "/" };
    format!("{separator}{api_version}, Kind={}", text(object, "kind"))
}

/// The objects of an answer that is one to this request, and a good one.
fn believed(mut answer: Value, version: &str, uid: &str) -> Result<Vec<Value>, String> {
    let expected = format!("{GROUP}/{version}, Kind=ConversionReview");
    let strict = version == "v1";
    if strict && type_of(&answer) != expected {
        return Err(format!("expected webhook response of {expected}, got {}", type_of(&answer)));
    }
    let response = answer.get_mut("response").filter(|response| !response.is_null()).ok_or("no response provided")?;
    let given = text(response, "uid");
    if strict && given != uid {
        return Err(format!("expected response.uid={}, got {}", api::field::quoted(uid), api::field::quoted(given)));
    }
    let result = response.get("result").unwrap_or(&Value::Null);
    match text(result, "status") {
        "Success" => {}
        status => {
            let message = text(result, "message");
            return Err(if message.is_empty() {
                format!("response.result.status was '{status}', not 'Success'")
            } else {
                message.to_owned()
            });
        }
    }
    Ok(match response.get_mut("convertedObjects").map(Value::take) {
        Some(Value::Array(objects)) => objects,
        _ => Vec::new(),
    })
}

/// Holds a converted object against the one that was sent, and puts back what a webhook may not change.
fn check(original: &Value, converted: &mut Value, wanted: &str, of: &Of, at: usize) -> Result<(), ConversionError> {
    let answer = |one: &str, several: String, why: String| {
        let what = if matches!(of, Of::One(_)) { one.to_owned() } else { several };
        ConversionError::Answer { of: of.to_string(), what, why }
    };
    let invalid = |one: &str, why: String| answer(one, format!("invalid converted object at index {at}"), why);
    if text(converted, "kind").is_empty() {
        let why = format!("Object 'Kind' is missing in '{converted}'");
        return Err(if matches!(of, Of::One(_)) { ConversionError::NoObject(why) } else { invalid("", why) });
    }
    let unlike = |what: &str, expected: &str, got: &str| {
        (expected != got)
            .then(|| invalid("invalid object at index 0", format!("invalid {what} (expected {expected}, received {got})")))
            .map_or(Ok(()), Err)
    };
    unlike("groupVersion", wanted, text(converted, "apiVersion"))?;
    unlike("kind", text(original, "kind"), text(converted, "kind"))?;
    same(original, converted).map_err(|why| invalid("invalid object", why))?;
    restore(original, converted).map_err(|why| answer("invalid metadata", format!("invalid metadata in object at index {at}"), why))
}

/// What identifies an object stays.
fn same(original: &Value, converted: &Value) -> Result<(), String> {
    let of = |object: &Value, field: &str| object.get("metadata").map(|metadata| text(metadata, field).to_owned()).unwrap_or_default();
    for (name, field) in [("name", "name"), ("namespace", "namespace"), ("UID", "uid")] {
        let (before, after) = (of(original, field), of(converted, field));
        if before != after {
            return Err(format!("must have the same {name}: {before} != {after}"));
        }
    }
    Ok(())
}

/// The metadata of the original, with labels and annotations of the answer.
fn restore(original: &Value, converted: &mut Value) -> Result<(), String> {
    let given = match converted.get("metadata") {
        None => return Err("missing metadata in converted object".to_owned()),
        Some(Value::Object(given)) => given,
        Some(other) => return Err(format!("invalid metadata of type {} in converted object", go_type(other))),
    };
    let mut restored = original.get("metadata").and_then(Value::as_object).cloned().unwrap_or_default();
    for field in ["labels", "annotations"] {
        match given.get(field) {
            None | Some(Value::Null) => {
                restored.remove(field);
            }
            Some(Value::Object(pairs)) => {
                check_pairs(field, pairs, restored.get(field))?;
                restored.insert(field.to_owned(), pairs.clone().into());
            }
            Some(other) => return Err(format!("invalid metadata.{field} of type {} in converted object", go_type(other))),
        }
    }
    converted["metadata"] = restored.into();
    Ok(())
}

fn check_pairs(field: &str, pairs: &Map<String, Value>, before: Option<&Value>) -> Result<(), String> {
    let mut texts = std::collections::BTreeMap::new();
    for (key, value) in pairs {
        let Value::String(value) = value else {
            return Err(format!("metadata.{field}[{key}] must be a string, but is {} in converted object", go_type(value)));
        };
        texts.insert(key.clone(), value.clone());
    }
    if before.and_then(Value::as_object) == Some(pairs) {
        return Ok(());
    }
    let root = Path::new("metadata");
    let errors: ErrorList = match field {
        "labels" => metadata::labels(&texts, &root.child("labels")),
        // upstream's path says it in the singular
        _ => metadata::annotations(&texts, &root.child("annotation")),
    };
    let messages: Vec<String> = errors.iter().map(ToString::to_string).collect();
    match &messages[..] {
        [] => Ok(()),
        [one] => Err(one.clone()),
        several => Err(format!("[{}]", several.join(", "))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn original() -> Value {
        json!({"apiVersion": "e.com/v1", "kind": "W", "metadata": {"name": "a", "namespace": "n", "uid": "u", "generation": 3, "labels": {"a": "b"}}})
    }

    #[test]
    fn what_a_webhook_may_change() {
        let check = |metadata: Value, expected: Result<Value, &str>| {
            let mut converted = json!({"apiVersion": "e.com/v2", "kind": "W", "metadata": metadata, "spec": 1});
            let got = super::check(&original(), &mut converted, "e.com/v2", &Of::One("e.com/v1, Kind=W".to_owned()), 0);
            let got = got.map(|()| converted["metadata"].clone()).map_err(|error| error.to_string());
            assert_eq!(got, expected.map_err(|why| format!("conversion webhook for e.com/v1, Kind=W returned {why}")));
        };
        let with = |more: Value| {
            let mut metadata = json!({"name": "a", "namespace": "n", "uid": "u"});
            metadata.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            metadata
        };
        check(
            with(json!({"generation": 9, "labels": {"c": "d"}, "finalizers": ["x"]})),
            Ok(with(json!({"generation": 3, "labels": {"c": "d"}}))),
        );
        check(with(json!({"annotations": {"x": "y"}})), Ok(with(json!({"generation": 3, "annotations": {"x": "y"}}))));
        check(json!({"name": "b", "namespace": "n", "uid": "u"}), Err("invalid object: must have the same name: a != b"));
        check(json!({"name": "a", "namespace": "n"}), Err("invalid object: must have the same UID: u != "));
        check(with(json!({"labels": []})), Err("invalid metadata: invalid metadata.labels of type []interface {} in converted object"));
        check(
            with(json!({"labels": {"a": 1}})),
            Err("invalid metadata: metadata.labels[a] must be a string, but is int64 in converted object"),
        );
        check(
            with(json!({"annotations": {"a b": ""}})),
            Err(
                "invalid metadata: metadata.annotation: Invalid value: \"a b\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
            ),
        );
    }

    #[test]
    fn objects_of_the_wrong_type() {
        let check = |mut converted: Value, list: bool, expected: &str| {
            let of = if list { Of::List("e.com/v2, Kind=WList".to_owned()) } else { Of::One("e.com/v1, Kind=W".to_owned()) };
            let got = super::check(&original(), &mut converted, "e.com/v2", &of, 4).map_err(|error| error.to_string());
            assert_eq!(got, Err(expected.to_owned()));
        };
        let wrong = json!({"apiVersion": "e.com/v3", "kind": "W"});
        check(
            wrong.clone(),
            false,
            "conversion webhook for e.com/v1, Kind=W returned invalid object at index 0: invalid groupVersion (expected e.com/v2, received e.com/v3)",
        );
        check(
            wrong,
            true,
            "conversion webhook for e.com/v2, Kind=WList returned invalid converted object at index 4: invalid groupVersion (expected e.com/v2, received e.com/v3)",
        );
        check(
            json!({"apiVersion": "e.com/v2", "kind": "V"}),
            false,
            "conversion webhook for e.com/v1, Kind=W returned invalid object at index 0: invalid kind (expected W, received V)",
        );
        check(json!({"a": 1}), false, "Object 'Kind' is missing in '{\"a\":1}'");
    }

    #[test]
    fn which_answers_are_believed() {
        let check = |answer: Value, expected: Result<usize, &str>| {
            let got = believed(answer, "v1", "u").map(|objects| objects.len());
            assert_eq!(got, expected.map_err(str::to_owned));
        };
        let review = |response: Value| json!({"kind": "ConversionReview", "apiVersion": "apiextensions.k8s.io/v1", "response": response});
        check(review(json!({"uid": "u", "result": {"status": "Success"}, "convertedObjects": [{}, {}]})), Ok(2));
        check(review(Value::Null), Err("no response provided"));
        check(review(json!({"uid": "v"})), Err("expected response.uid=\"u\", got \"v\""));
        check(review(json!({"uid": "u", "result": {"status": "Failure"}})), Err("response.result.status was 'Failure', not 'Success'"));
        check(review(json!({"uid": "u", "result": {"status": "Failed", "message": "no way"}})), Err("no way"));
        check(
            json!({"kind": "X", "apiVersion": "v1"}),
            Err("expected webhook response of apiextensions.k8s.io/v1, Kind=ConversionReview, got /v1, Kind=X"),
        );
        // older reviews are taken as they are
        let older = believed(json!({"response": {"result": {"status": "Success"}}}), "v1beta1", "u");
        assert_eq!(older, Ok(Vec::new()));
    }
}
