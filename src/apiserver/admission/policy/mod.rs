//! ValidatingAdmissionPolicy and MutatingAdmissionPolicy: rules of users in the Common Expression Language, bound to where they hold and to their parameters.

mod binding;
mod facts;
mod mutating;
mod validating;

use api::ApiError;
use k8s_openapi::api::core::v1::Namespace;
use kinds::Kind;
use serde_json::Value;

use super::webhook::{Seen, review_of};
use super::{Attributes, find};
use crate::authz::Authorizer;

pub use facts::{Asking, Facts};
pub use mutating::MutatingAdmissionPolicies;
pub use validating::ValidatingAdmissionPolicies;

/// What a request is about, as the expressions of policies and webhooks see it.
pub fn facts<'f>(
    attributes: &Attributes<'f>,
    kind: &Kind,
    seen: &Seen,
    params: Value,
    authorizer: &'f Authorizer,
) -> Result<Facts<'f>, ApiError> {
    let named = if attributes.is_below(&kinds::NAMESPACE, attributes.subresource) { "" } else { attributes.namespace };
    let namespace: Option<Namespace> = if named.is_empty() { None } else { find(attributes.registry, &kinds::NAMESPACE, "", named)? };
    let mut request = review_of(attributes, kind, "", seen)["request"].take();
    for whole in ["object", "oldObject", "uid"] {
        request.as_object_mut().map(|fields| fields.remove(whole));
    }
    Ok(Facts {
        object: seen.object.clone().unwrap_or_default(),
        old_object: seen.old.clone().unwrap_or_default(),
        request,
        params,
        namespace: namespace.map(|namespace| api::Object::to_value(&namespace)).unwrap_or_default(),
        authorizer: Some(Asking::new(authorizer, attributes)),
    })
}
