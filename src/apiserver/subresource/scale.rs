//! Scale: the number of replicas of whatever has one, as autoscaling/v1 `Scale`.

use std::sync::Arc;

use api::apply::{self, PathElement, Versions};
use api::{ApiError, Object, Untyped};
use axum::body::Body;
use http::Response;
use k8s_openapi::api::apps::v1::{Deployment, ReplicaSet, StatefulSet};
use k8s_openapi::api::autoscaling::v1::{Scale, ScaleSpec, ScaleStatus};
use k8s_openapi::api::core::v1::ReplicationController;
use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceSubresourceScale;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kinds::Kind;
use kinds::custom::path;
use serde_json::{Map, Value};

use crate::cache::Item;
use crate::context::{Context, WriteOptions};
use crate::registry::ownership::{Entries, Ownership, VersionsOf};
use crate::registry::{Change, Endpoint, Patch, Patched, Registry, Tracking, body_document, decode_object};
use crate::render;

pub async fn answer(registry: &Registry, context: &mut Context, endpoint: &Endpoint) -> Result<Response<Body>, ApiError> {
    let item = match context.info.verb {
        "get" => registry.get(endpoint, &context.info.namespace, &context.info.name)?,
        _ => write(registry, context, endpoint).await?,
    };
    let object = endpoint.worked_on(&item).await?;
    render::made(context, &kinds::SCALE_BODY, &shown(&endpoint.stored, object.as_ref())?)
}

async fn write(registry: &Registry, context: &mut Context, endpoint: &Endpoint) -> Result<Arc<Item>, ApiError> {
    let patching = context.info.verb == "patch";
    let (patch, options) = if patching {
        let (patch, options) = Patch::parse(context)?;
        (Some(patch), options)
    } else {
        (None, WriteOptions::parse(&context.query, "UpdateOptions")?)
    };
    let whole = if patching {
        None
    } else {
        Some(decode_object(&kinds::SCALE_BODY, body_document(context)?, options.validation, &mut context.warnings)?)
    };
    let info = context.info.clone();
    let user = context.user.clone();
    let manager = context.field_manager();
    let change = Change {
        namespace: &info.namespace,
        name: &info.name,
        subresource: "scale",
        strategy: super::MAIN,
        user: &user,
        options,
        tracking: Tracking::Told,
    };
    registry
        .change(endpoint, &change, &mut context.warnings, |item, old, warnings| {
            let mut before = shown(&endpoint.stored, old)?;
            before.metadata.resource_version = Some(item.revision().to_string());
            before.metadata.managed_fields = owners_of_scale(&endpoint.kind, old);
            let mut told = None;
            let mut wanted = match (&patch, &whole) {
                (Some(patch), _) => {
                    let original = Object::to_value(&before);
                    let Patched { value, owners } =
                        patch.apply(&kinds::SCALE_BODY, "scale", original, before.metadata.managed_fields.as_deref())?;
                    told = owners;
                    patch.decode(&kinds::SCALE_BODY, value, options.validation, warnings)?
                }
                (None, Some(whole)) => whole.boxed_clone(),
                (None, None) => return Err(ApiError::method_not_allowed()),
            };
            match told {
                Some(entries) => wanted.meta_mut().managed_fields = entries,
                None => Ownership { kind: &kinds::SCALE_BODY, subresource: "scale" }.track(Some(&mut before), wanted.as_mut(), &manager),
            }
            let wanted: &Scale = wanted.downcast_ref().ok_or_else(ApiError::no_such_resource)?;
            if wanted.metadata.name.as_deref().is_some_and(|name| name != info.name) {
                return Err(ApiError::bad_request(format!(
                    "the name of the object ({}) does not match the name on the URL ({})",
                    wanted.metadata.name.as_deref().unwrap_or_default(),
                    info.name
                )));
            }
            let replicas = wanted.spec.as_ref().and_then(|spec| spec.replicas).unwrap_or_default();
            if replicas < 0 {
                let path = api::Path::new("spec").child("replicas");
                let fault = api::FieldError::invalid(&path, replicas, "must be greater than or equal to 0");
                return Err(ApiError::invalid("autoscaling", "Scale", &info.name, &vec![fault]));
            }
            let mut new = old.boxed_clone();
            set(&endpoint.stored, new.as_mut(), replicas)?;
            new.meta_mut().managed_fields = owners_after_scale(&endpoint.kind, old, wanted);
            new.meta_mut().resource_version.clone_from(&wanted.metadata.resource_version);
            new.meta_mut().uid = wanted.metadata.uid.clone().or_else(|| old.meta().uid.clone());
            Ok(new)
        })
        .await
}

/// Where the replicas are in the versions of a kind.
fn replicas_of(kind: &Kind) -> impl Fn(&str) -> Option<Vec<PathElement>> {
    let path = custom_scale(kind).map_or(".spec.replicas", |scale| &scale.spec_replicas_path);
    let path: Vec<PathElement> = path::parts(path).into_iter().map(PathElement::field).collect();
    move |version| VersionsOf(kind).schema(version).map(|_| path.clone())
}

/// The owners of an object's replicas, as its scale shows them.
fn owners_of_scale(kind: &Kind, object: &dyn Object) -> Entries {
    let entries = object.meta().managed_fields.as_deref().unwrap_or_default();
    apply::entries_of_scale(entries, replicas_of(kind)).unwrap_or_default()
}

/// The owners of an object after its scale has been written. Entries that are none stay as they are.
fn owners_after_scale(kind: &Kind, object: &dyn Object, scale: &Scale) -> Entries {
    let entries = object.meta().managed_fields.as_deref().unwrap_or_default();
    let of_scale = scale.metadata.managed_fields.as_deref().unwrap_or_default();
    apply::entries_after_scale(entries, of_scale, &kind.api_version(), replicas_of(kind))
        .unwrap_or_else(|_| object.meta().managed_fields.clone())
}

/// Gives an object another number of replicas.
pub(crate) fn set(kind: &Kind, object: &mut dyn Object, replicas: i32) -> Result<(), ApiError> {
    if let (Some(scale), Some(object)) = (custom_scale(kind), object.downcast_mut::<Untyped>()) {
        return set_custom(object, &scale.spec_replicas_path, replicas);
    }
    if let Some(object) = object.downcast_mut::<Deployment>() {
        object.spec.replicas = Some(replicas);
    } else if let Some(object) = object.downcast_mut::<ReplicaSet>() {
        object.spec.replicas = Some(replicas);
    } else if let Some(object) = object.downcast_mut::<StatefulSet>() {
        object.spec.replicas = Some(replicas);
    } else if let Some(object) = object.downcast_mut::<ReplicationController>() {
        object.spec.get_or_insert_default().replicas = Some(replicas);
    } else {
        return Err(ApiError::no_such_resource());
    }
    Ok(())
}

/// Where a custom resource has its replicas.
fn custom_scale(kind: &Kind) -> Option<&CustomResourceSubresourceScale> {
    kind.behaviour.custom()?.scale.as_ref()
}

/// Puts the number at the path, with the maps that lead to it.
fn set_custom(object: &mut Untyped, path: &str, replicas: i32) -> Result<(), ApiError> {
    let mut names = path::parts(path);
    let last = names.pop().ok_or_else(ApiError::no_such_resource)?;
    let mut map = &mut object.rest;
    for name in names {
        let below = map.entry(name).or_insert_with(|| Value::Object(Map::new()));
        map = below.as_object_mut().ok_or_else(|| ApiError::internal(format!("{path} leads through what is no map")))?;
    }
    map.insert(last.to_owned(), replicas.into());
    Ok(())
}

/// The scale of a custom resource.
fn custom_numbers(scale: &CustomResourceSubresourceScale, object: &dyn Object) -> Result<(i32, i32, String), ApiError> {
    let value = object.to_value();
    let number = |path: &str| path::get(&value, path).and_then(Value::as_i64).and_then(|number| i32::try_from(number).ok());
    let wanted = number(&scale.spec_replicas_path)
        .ok_or_else(|| ApiError::internal(format!("the spec replicas field {:?} does not exist", scale.spec_replicas_path)))?;
    let selector = scale.label_selector_path.as_deref().and_then(|path| path::get(&value, path)?.as_str()).unwrap_or_default();
    Ok((wanted, number(&scale.status_replicas_path).unwrap_or_default(), selector.to_owned()))
}

/// Wanted replicas, replicas there are, and the selector as text.
fn numbers(object: &dyn Object) -> Option<(i32, i32, String)> {
    let text =
        |selector| api::labels::Selector::from_label_selector(Some(selector)).map(|selector| selector.to_string()).unwrap_or_default();
    if let Some(Deployment { spec, status, .. }) = object.downcast_ref() {
        return Some((
            spec.replicas.unwrap_or(1),
            status.as_ref().and_then(|status| status.replicas).unwrap_or_default(),
            text(&spec.selector),
        ));
    }
    if let Some(ReplicaSet { spec, status, .. }) = object.downcast_ref() {
        return Some((spec.replicas.unwrap_or(1), status.as_ref().map(|status| status.replicas).unwrap_or_default(), text(&spec.selector)));
    }
    if let Some(StatefulSet { spec, status, .. }) = object.downcast_ref() {
        return Some((spec.replicas.unwrap_or(1), status.as_ref().map(|status| status.replicas).unwrap_or_default(), text(&spec.selector)));
    }
    let ReplicationController { spec, status, .. } = object.downcast_ref()?;
    let spec = spec.as_ref()?;
    let selector = api::labels::Selector::from_set(&spec.selector.clone().unwrap_or_default()).to_string();
    Some((spec.replicas.unwrap_or(1), status.as_ref().map(|status| status.replicas).unwrap_or_default(), selector))
}

/// The scale of an object that has one.
pub(crate) fn shown(kind: &Kind, object: &dyn Object) -> Result<Scale, ApiError> {
    let (wanted, there, selector) = match custom_scale(kind) {
        Some(scale) => custom_numbers(scale, object)?,
        None => numbers(object).ok_or_else(ApiError::no_such_resource)?,
    };
    let meta = object.meta();
    Ok(Scale {
        metadata: ObjectMeta {
            name: meta.name.clone(),
            namespace: meta.namespace.clone(),
            uid: meta.uid.clone(),
            resource_version: meta.resource_version.clone(),
            creation_timestamp: meta.creation_timestamp.clone(),
            ..Default::default()
        },
        spec: Some(ScaleSpec { replicas: Some(wanted) }),
        status: Some(ScaleStatus { replicas: there, selector: Some(selector).filter(|selector| !selector.is_empty()) }),
    })
}
