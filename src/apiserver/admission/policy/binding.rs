//! What binds a policy: where it holds, and the objects that are its parameters.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use api::ApiError;
use api::labels::Selector;
use k8s_openapi::api::admissionregistration::v1::{ParamKind, ParamRef};
use kinds::Kind;
use serde_json::Value;
use store::Revision;

use crate::admission::Attributes;
use crate::registry::{Endpoint, Registry};

/// Parameters of one binding.
const PARAMS: usize = 1000;

/// What was made of the policies and bindings of one kind last.
pub struct Compiled<T>(RwLock<Option<Entry<T>>>);

type Entry<T> = ([Revision; 2], Arc<Vec<T>>);

impl<T> Default for Compiled<T> {
    fn default() -> Self {
        Self(RwLock::default())
    }
}

impl<T> Compiled<T> {
    pub fn current(
        &self,
        registry: &Registry,
        of: [&'static Kind; 2],
        make: impl FnOnce() -> Result<Vec<T>, ApiError>,
    ) -> Result<Arc<Vec<T>>, ApiError> {
        let made_from = of.map(|kind| registry.of(kind).resource.last());
        if let Some((before, all)) = &*self.0.read().unwrap_or_else(PoisonError::into_inner)
            && *before == made_from
        {
            return Ok(all.clone());
        }
        let all = Arc::new(make()?);
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some((made_from, all.clone()));
        Ok(all)
    }
}

/// The parameters of a binding for a request: one null where the policy has none.
pub fn params(attributes: &Attributes<'_>, kind: Option<&ParamKind>, reference: Option<&ParamRef>) -> Result<Vec<Value>, String> {
    let (Some(kind), Some(reference)) = (kind, reference) else { return Ok(vec![Value::Null]) };
    let (api_version, name) = (kind.api_version.clone().unwrap_or_default(), kind.kind.clone().unwrap_or_default());
    let endpoint = attributes.registry.endpoint_of_kind(&api_version, &name);
    let endpoint = endpoint.ok_or_else(|| format!("failed to find resource referenced by paramKind: '{api_version}, Kind={name}'"))?;
    let namespace = namespace(attributes, &endpoint, reference)?;
    let found = match (reference.name.as_deref().filter(|name| !name.is_empty()), &reference.selector) {
        (Some(name), _) => endpoint.resource.get(&endpoint.resource.key(&namespace, name)).into_iter().collect(),
        (None, Some(selector)) => {
            let selector = Selector::from_label_selector(Some(selector)).map_err(|error| error.to_string())?;
            let (mut items, _) = endpoint.resource.list(&namespace, || 0);
            items.retain(|item| {
                let labels: BTreeMap<String, String> = item.labels().map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
                selector.matches(&labels)
            });
            items
        }
        (None, None) => return Err("one of name or selector must be provided".to_owned()),
    };
    if found.is_empty() && reference.parameter_not_found_action.as_deref() == Some("Deny") {
        return Err("no params found for policy binding with `Deny` parameterNotFoundAction".to_owned());
    }
    found.iter().take(PARAMS).map(|item| serde_json::from_slice(&item.json()).map_err(|error| error.to_string())).collect()
}

fn namespace(attributes: &Attributes<'_>, endpoint: &Endpoint, reference: &ParamRef) -> Result<String, String> {
    let given = reference.namespace.clone().filter(|namespace| !namespace.is_empty());
    if !endpoint.kind.namespaced {
        return match given {
            Some(_) => Err("paramRef.namespace must not be provided for a cluster-scoped `paramKind`".to_owned()),
            None => Ok(String::new()),
        };
    }
    let own = attributes.namespace;
    given
        .or_else(|| Some(own.to_owned()).filter(|own| !own.is_empty()))
        .ok_or_else(|| "cannot use namespaced paramRef in policy binding that matches cluster-scoped resources".to_owned())
}
