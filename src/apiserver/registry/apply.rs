//! Server-side apply: what somebody wants an object to be, merged into what is there; where nothing is there, it is created.

use std::sync::Arc;

use api::ApiError;
use kinds::Part;

use super::ownership::{Configuration, Ownership};
use super::{Endpoint, Patch, Registry, Tracking};
use crate::cache::Item;
use crate::context::{Context, FieldValidation, WriteOptions};
use crate::strict::{self, Document};

/// Times that an object is found gone or there when it was the other way a moment before.
const ATTEMPTS: usize = 8;

/// Reads what a request applies: YAML, and so JSON as well.
pub(super) fn configuration(context: &mut Context, validation: FieldValidation) -> Result<Configuration, ApiError> {
    let body = &context.body;
    let document = match strict::json(body) {
        Ok(document) => document,
        Err(_) => strict::yaml(body)
            .map_err(|error| ApiError::bad_request(format!("error encoding patch: error converting YAML to JSON: yaml: {error}")))?,
    };
    if !document.value.is_object() {
        return Err(ApiError::bad_request(
            "error decoding patch: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal into Go value of type map[string]interface {}",
        ));
    }
    if !document.duplicates.is_empty() && validation != FieldValidation::Ignore {
        // the lines of the YAML that JSON is, too
        let duplicates = strict::yaml(body).map_or(document.duplicates, |document| document.duplicates);
        if validation == FieldValidation::Strict {
            let faults = duplicates.failures().join(", ");
            return Err(ApiError::bad_request(format!("error strict decoding patch: error converting YAML to JSON: {faults}")));
        }
        context.warnings.extend(duplicates.each());
    }
    Ok(Configuration { object: document.value, manager: context.field_manager(), force: context.query.flag("force") })
}

impl Registry {
    /// Applies to an object, or creates it. The second says which.
    pub(super) async fn apply(
        &self,
        context: &mut Context,
        endpoint: &Endpoint,
        config: &Configuration,
        options: WriteOptions,
    ) -> Result<(Arc<Item>, bool), ApiError> {
        let patch = Patch::of(config.clone());
        let namespace = if endpoint.kind.namespaced { context.info.namespace.clone() } else { String::new() };
        let name = context.info.name.clone();
        let mut outcome = Err(endpoint.not_found(&name));
        for _ in 0..ATTEMPTS {
            outcome = match self.get(endpoint, &namespace, &name) {
                Ok(_) => self.change_by_patch(context, endpoint, Part::Main, &patch, options).await.map(|item| (item, false)),
                Err(error) if error.code() == 404 => {
                    self.create_by_apply(context, endpoint, &namespace, config, options).await.map(|item| (item, true))
                }
                Err(error) => Err(error),
            };
            match &outcome {
                Err(error) if matches!(error.reason(), "NotFound" | "AlreadyExists") => {}
                _ => return outcome,
            }
        }
        outcome
    }

    async fn create_by_apply(
        &self,
        context: &mut Context,
        endpoint: &Endpoint,
        namespace: &str,
        config: &Configuration,
        options: WriteOptions,
    ) -> Result<Arc<Item>, ApiError> {
        let mut info = context.info.clone();
        info.verb = "create";
        self.admission.authorizer().check(&context.user, &info, &context.query)?;
        let kind = &*endpoint.kind;
        let (value, entries) = Ownership { kind, subresource: "" }.apply(None, None, config)?;
        let mut object = self.incoming(endpoint, Document::of(value), options, &mut context.warnings)?;
        if let Some(uid) = object.meta().uid.as_deref().filter(|uid| !uid.is_empty()) {
            let why = format!("uid mismatch: the provided object specified uid {uid}, and no existing object was found");
            return Err(ApiError::conflict(&kind.group, &kind.plural, &info.name, &why));
        }
        match object.meta().name.as_deref().unwrap_or_default() {
            "" => {
                let why = format!("the name of the object ({} based on URL) was undeterminable: name must be provided", info.name);
                return Err(ApiError::bad_request(why));
            }
            name if name != info.name => {
                let why = format!("the name of the object ({name}) does not match the name on the URL ({})", info.name);
                return Err(ApiError::bad_request(why));
            }
            _ => {}
        }
        object.meta_mut().managed_fields = entries;
        let user = context.user.clone();
        self.create_object(endpoint, namespace, object, &user, options, Tracking::Told, &mut context.warnings).await
    }
}
