//! AdmissionReview v1: what a webhook is sent, and what of its answer is believed.

use api::{ApiError, Gvk, Object, Untyped};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use k8s_openapi::api::autoscaling::v1::Scale;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Status;
use kinds::Kind;
use serde_json::{Value, json};

use crate::admission::matching::Match;
use crate::admission::{Attributes, Operation};
use crate::registry::Endpoint;
use crate::subresource::scale;

const API_VERSION: &str = "admission.k8s.io/v1";

/// An object as a webhook sees it: at the version of its rules.
async fn shown(attributes: &Attributes<'_>, matched: &Match<'_>, object: &dyn Object) -> Result<Value, ApiError> {
    if attributes.subresource == "scale"
        && let Ok(scale) = scale::shown(attributes.kind, object)
    {
        return Ok(Object::to_value(&scale));
    }
    let mut value = object.to_value();
    if attributes.operation == Operation::Connect || body_kind(attributes).is_some() {
        return Ok(value);
    }
    if let Some(conversion) = &matched.kind().conversion {
        (conversion.from_stored)(&mut value);
        return Ok(value);
    }
    match &matched.other {
        Some(endpoint) => converted(endpoint, value).await,
        None => Ok(value),
    }
}

/// A custom resource at the version of an endpoint.
async fn converted(endpoint: &Endpoint, value: Value) -> Result<Value, ApiError> {
    let Some(convert) = &endpoint.convert else { return Ok(value) };
    convert.show(vec![value]).await?.pop().ok_or_else(|| ApiError::internal("a conversion has lost an object"))
}

/// The kind of the body of a subresource that is none of the object itself.
fn body_kind(attributes: &Attributes<'_>) -> Option<&'static Kind> {
    match attributes.subresource {
        "binding" => Some(&kinds::BINDING),
        "eviction" => Some(&kinds::EVICTION),
        "token" => Some(&kinds::TOKEN_REQUEST),
        "scale" => Some(&kinds::SCALE_BODY),
        _ => None,
    }
}

/// Puts a tree that a webhook or a policy has changed in the place of the object.
pub async fn put_back(
    attributes: &Attributes<'_>,
    matched: &Match<'_>,
    object: &mut Box<dyn Object>,
    mut value: Value,
) -> Result<(), ApiError> {
    if attributes.operation == Operation::Connect {
        *object = Box::new(Untyped::from_value(value, &mut Vec::new()).map_err(ApiError::internal)?);
        return Ok(());
    }
    if let Some(body) = body_kind(attributes) {
        let changed = body.behaviour.decode(value, &mut Vec::new()).map_err(ApiError::internal)?;
        match changed.downcast_ref::<Scale>() {
            Some(scale) => {
                scale::set(attributes.kind, object.as_mut(), scale.spec.as_ref().and_then(|spec| spec.replicas).unwrap_or_default())?
            }
            None => *object = changed,
        }
        return Ok(());
    }
    if let Some(conversion) = &matched.kind().conversion {
        (conversion.to_stored)(&mut value);
    } else if matched.other.is_some()
        && let Some(own) = attributes.registry.endpoint(&attributes.kind.group, &attributes.kind.version, &attributes.kind.plural)
    {
        value = converted(&own, value).await?;
    }
    *object = attributes.kind.behaviour.decode(value, &mut Vec::new()).map_err(ApiError::internal)?;
    attributes.kind.behaviour.default(object.as_mut());
    Ok(())
}

/// What a webhook or a policy sees of the objects of a request.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    pub object: Option<Value>,
    pub old: Option<Value>,
}

impl Seen {
    pub async fn new(attributes: &Attributes<'_>, matched: &Match<'_>, object: Option<&dyn Object>) -> Result<Self, ApiError> {
        let mut seen = Self::default();
        if let Some(object) = object {
            seen.object = Some(shown(attributes, matched, object).await?);
        }
        if let Some(old) = attributes.old {
            seen.old = Some(shown(attributes, matched, old).await?);
        }
        Ok(seen)
    }
}

/// The review of a request, as it is sent.
pub fn request(attributes: &Attributes<'_>, kind: &Kind, uid: &str, seen: &Seen) -> Value {
    let object = seen.object.as_ref();
    let gvk = |kind: &Kind| match (body_kind(attributes), object) {
        (Some(body), _) => json!({"group": body.group, "version": body.version, "kind": body.kind}),
        (None, Some(object)) if attributes.operation == Operation::Connect => {
            let gvk = Gvk::new("", "v1", object["kind"].as_str().unwrap_or_default());
            json!({"group": gvk.group, "version": gvk.version, "kind": gvk.kind})
        }
        _ => json!({"group": kind.group, "version": kind.version, "kind": kind.kind}),
    };
    let gvr = |kind: &Kind| json!({"group": kind.group, "version": kind.version, "resource": kind.plural});
    let options = match attributes.operation {
        Operation::Create => "CreateOptions",
        Operation::Update => "UpdateOptions",
        Operation::Delete => "DeleteOptions",
        Operation::Connect => "",
    };
    let options = (!options.is_empty()).then(|| {
        let mut options = json!({"kind": options, "apiVersion": "meta.k8s.io/v1"});
        if attributes.dry_run {
            options["dryRun"] = json!(["All"]);
        }
        options
    });
    let user = attributes.user;
    let mut user_info = json!({"username": user.name, "groups": user.groups});
    if !user.uid.is_empty() {
        user_info["uid"] = user.uid.as_str().into();
    }
    if !user.extra.is_empty() {
        user_info["extra"] = json!(user.extra);
    }
    let mut request = json!({
        "uid": uid,
        "kind": gvk(kind),
        "resource": gvr(kind),
        "requestKind": gvk(attributes.requested),
        "requestResource": gvr(attributes.requested),
        "operation": attributes.operation.name(),
        "userInfo": user_info,
        "object": object,
        "oldObject": seen.old,
        "dryRun": attributes.dry_run,
        "options": options,
    });
    let namespace = if attributes.is_below(&kinds::NAMESPACE, attributes.subresource) { attributes.name } else { attributes.namespace };
    for (name, text) in [
        ("name", attributes.name),
        ("namespace", namespace),
        ("subResource", attributes.subresource),
        ("requestSubResource", attributes.subresource),
    ] {
        if !text.is_empty() {
            request[name] = text.into();
        }
    }
    json!({"kind": "AdmissionReview", "apiVersion": API_VERSION, "request": request})
}

/// What a webhook said.
#[derive(Debug, Default)]
pub struct Answer {
    pub allowed: bool,
    pub status: Option<Status>,
    /// A JSON patch.
    pub patch: Option<Value>,
    pub annotations: Vec<(String, String)>,
    pub warnings: Vec<String>,
}

/// Reads an answer; why it is not to be believed, otherwise.
pub fn answer(bytes: &[u8], uid: &str, mutating: bool) -> Result<Answer, String> {
    let review: Value = serde_json::from_slice(bytes).map_err(|error| format!("couldn't get version/kind; json parse error: {error}"))?;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let (api_version, kind) = (text(&review["apiVersion"]), text(&review["kind"]));
    if api_version != API_VERSION || kind != "AdmissionReview" {
        return Err(format!(
            "expected webhook response of admission.k8s.io/v1, Kind=AdmissionReview, got {}, Kind={kind}",
            if api_version.is_empty() { "/" } else { &api_version }
        ));
    }
    let response = &review["response"];
    if !response.is_object() {
        return Err("webhook response was absent".to_owned());
    }
    if response["uid"] != uid {
        return Err(format!("expected response.uid={uid:?}, got {:?}", text(&response["uid"])));
    }
    let status = match &response["status"] {
        Value::Null => None,
        status => Some(serde_json::from_value(status.clone()).map_err(|error| error.to_string())?),
    };
    let patch = text(&response["patch"]);
    let patch_type = text(&response["patchType"]);
    let patch = match (patch.is_empty(), patch_type.as_str()) {
        (true, "") => None,
        _ if !mutating => return Err("validating webhook may not return response.patch".to_owned()),
        (true, _) => return Err("webhook returned response.patchType but not response.patch".to_owned()),
        (false, "") => return Err("webhook returned response.patch but not response.patchType".to_owned()),
        (false, "JSONPatch") => {
            let bytes = STANDARD.decode(&patch).map_err(|error| format!("illegal base64 data: {error}"))?;
            Some(serde_json::from_slice(&bytes).map_err(|error| format!("received undecodable patch in webhook response: {error}"))?)
        }
        (false, other) => return Err(format!("webhook returned invalid response.patchType of {other:?}")),
    };
    let annotations = response["auditAnnotations"].as_object().into_iter().flatten();
    let warnings = response["warnings"].as_array().into_iter().flatten();
    Ok(Answer {
        allowed: response["allowed"] == true,
        status,
        patch,
        annotations: annotations.map(|(key, value)| (key.clone(), text(value))).collect(),
        warnings: warnings.map(text).collect(),
    })
}

/// The refusal of a webhook as its client gets it.
pub fn denied(webhook: &str, status: Option<Status>) -> ApiError {
    let mut status = status.unwrap_or_default();
    let by = format!("admission webhook {webhook:?} denied the request");
    let why = [&status.message, &status.reason].into_iter().flatten().find(|why| !why.is_empty()).cloned();
    status.message = Some(why.map_or_else(|| format!("{by} without explanation"), |why| format!("{by}: {why}")));
    // a refusal that calls itself a success is none
    if status.code.is_none_or(|code| code < 400) {
        status.code = Some(400);
    }
    status.code = status.code.map(|code| code.min(599));
    status.status = Some("Failure".to_owned());
    ApiError(Box::new(status))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(answer: &Value, mutating: bool, expected: Result<bool, &str>) {
        let got = super::answer(answer.to_string().as_bytes(), "u", mutating).map(|answer| answer.allowed);
        assert_eq!(got, expected.map_err(str::to_owned), "{answer}");
    }
    fn review(response: Value) -> Value {
        json!({"kind": "AdmissionReview", "apiVersion": API_VERSION, "response": response})
    }

    #[test]
    fn answers_that_are_believed_and_not() {
        check(&review(json!({"uid": "u", "allowed": true})), false, Ok(true));
        check(&review(json!({"uid": "u"})), false, Ok(false));
        check(&review(json!({"uid": "v", "allowed": true})), false, Err("expected response.uid=\"u\", got \"v\""));
        check(&review(Value::Null), false, Err("webhook response was absent"));
        check(
            &json!({"kind": "AdmissionReview", "apiVersion": "admission.k8s.io/v1beta1"}),
            false,
            Err(
                "expected webhook response of admission.k8s.io/v1, Kind=AdmissionReview, got admission.k8s.io/v1beta1, Kind=AdmissionReview",
            ),
        );
        check(&review(json!({"uid": "u", "allowed": true, "patch": "W10=", "patchType": "JSONPatch"})), true, Ok(true));
        check(
            &review(json!({"uid": "u", "allowed": true, "patch": "W10=", "patchType": "JSONPatch"})),
            false,
            Err("validating webhook may not return response.patch"),
        );
        check(
            &review(json!({"uid": "u", "allowed": true, "patch": "W10="})),
            true,
            Err("webhook returned response.patch but not response.patchType"),
        );
    }

    #[test]
    fn refusals_are_failures() {
        let check = |status: Value, code: i32, message: &str| {
            let error = denied("w", serde_json::from_value(status).unwrap());
            assert_eq!((error.0.code, error.message()), (Some(code), message));
        };
        check(Value::Null, 400, "admission webhook \"w\" denied the request without explanation");
        check(json!({"message": "no", "code": 403}), 403, "admission webhook \"w\" denied the request: no");
        check(json!({"reason": "Never", "code": 200, "status": "Success"}), 400, "admission webhook \"w\" denied the request: Never");
    }
}
