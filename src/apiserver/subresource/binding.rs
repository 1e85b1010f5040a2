//! Binding: a pod gets its node. Once, and only while it has none.

use std::sync::Arc;

use api::{ApiError, Object};
use axum::body::Body;
use http::Response;
use k8s_openapi::api::core::v1::{Binding, Pod, PodCondition};

use crate::context::{Context, WriteOptions};
use crate::registry::{Change, Strategy, Tracking, body_document, decode_object};
use crate::server::Inner;

pub async fn answer(inner: &Arc<Inner>, context: &mut Context) -> Result<Response<Body>, ApiError> {
    let options = WriteOptions::parse(&context.query, "CreateOptions")?;
    let mut object = decode_object(&kinds::BINDING, body_document(context)?, options.validation, &mut context.warnings)?;
    let name = context.info.name.clone();
    if let Some(given) = object.meta().name.as_deref().filter(|given| !given.is_empty() && *given != name) {
        return Err(ApiError::bad_request(format!("name in URL does not match name in Binding object: {given}")));
    }
    super::review(&inner.registry, context, &kinds::POD, options.dry_run, &mut object).await?;
    bind(inner, context, &name, object.as_ref(), options).await
}

/// Binds a pod of the context's namespace.
pub async fn bind(
    inner: &Arc<Inner>,
    context: &mut Context,
    name: &str,
    binding: &dyn Object,
    options: WriteOptions,
) -> Result<Response<Body>, ApiError> {
    let binding: &Binding = binding.downcast_ref().ok_or_else(ApiError::no_such_resource)?;
    let target = &binding.target;
    let node = target.name.clone().unwrap_or_default();
    if !matches!(target.kind.as_deref(), None | Some("" | "Node" | "Minion")) {
        let fault = api::FieldError::not_supported(&api::Path::new("target").child("kind"), target.kind.clone(), &["Node", "<empty>"]);
        return Err(ApiError::invalid("", "Binding", name, &vec![fault]));
    }
    if node.is_empty() {
        let fault = api::FieldError::required(&api::Path::new("target").child("name"), "");
        return Err(ApiError::invalid("", "Binding", name, &vec![fault]));
    }
    let registry = &inner.registry;
    let namespace = context.info.namespace.clone();
    let user = context.user.clone();
    let change = Change {
        namespace: &namespace,
        name,
        subresource: "binding",
        strategy: Strategy::Admitted,
        user: &user,
        options,
        tracking: Tracking::Server,
    };
    let meta = &binding.metadata;
    registry
        .change(registry.of(&kinds::POD), &change, &mut context.warnings, |_, old, _| {
            let mut pod: Pod = old.downcast_ref::<Pod>().ok_or_else(ApiError::no_such_resource)?.clone();
            let conflict = |why: String| ApiError::conflict("", "pods/binding", name, &why);
            let same_uid = meta.uid.as_deref().is_none_or(|uid| uid.is_empty() || Some(uid) == pod.metadata.uid.as_deref());
            if !same_uid {
                let (given, uid) = (meta.uid.clone().unwrap_or_default(), pod.metadata.uid.clone().unwrap_or_default());
                return Err(conflict(format!("Precondition failed: UID in precondition: {given}, UID in object meta: {uid}")));
            }
            pod.metadata.resource_version.clone_from(&meta.resource_version);
            if pod.metadata.deletion_timestamp.is_some() {
                return Err(conflict(format!("pod {name} is being deleted, cannot be assigned to a host")));
            }
            let spec = pod.spec.get_or_insert_default();
            if let Some(bound) = spec.node_name.as_deref().filter(|bound| !bound.is_empty()) {
                return Err(conflict(format!("pod {name} is already assigned to node {bound:?}")));
            }
            if spec.scheduling_gates.as_ref().is_some_and(|gates| !gates.is_empty()) {
                return Err(conflict(format!("pod {name} has non-empty .spec.schedulingGates")));
            }
            spec.node_name = Some(node.clone());
            for (key, value) in meta.annotations.iter().flatten() {
                pod.metadata.annotations.get_or_insert_default().insert(key.clone(), value.clone());
            }
            for (key, value) in meta.labels.iter().flatten() {
                pod.metadata.labels.get_or_insert_default().insert(key.clone(), value.clone());
            }
            scheduled(&mut pod);
            Ok(Box::new(pod))
        })
        .await?;
    Ok(super::success(201))
}

fn scheduled(pod: &mut Pod) {
    let conditions = pod.status.get_or_insert_default().conditions.get_or_insert_default();
    let condition = PodCondition {
        type_: "PodScheduled".to_owned(),
        status: "True".to_owned(),
        last_transition_time: Some(crate::registry::now()),
        ..Default::default()
    };
    match conditions.iter_mut().find(|condition| condition.type_ == "PodScheduled") {
        Some(existing) if existing.status == "True" => {}
        Some(existing) => *existing = condition,
        None => conditions.push(condition),
    }
}
