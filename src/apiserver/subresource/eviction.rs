//! Eviction: a deletion that disruption budgets may refuse.

use api::ApiError;
use axum::body::Body;
use http::Response;
use k8s_openapi::api::core::v1::Pod;
use k8s_openapi::api::policy::v1::{Eviction, PodDisruptionBudget};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{StatusCause, StatusDetails};

use crate::cache::Item;
use crate::context::{Context, FieldValidation, UserInfo, WriteOptions};
use crate::registry::{Change, DeleteOptions, Registry, Strategy, Tracking, body_document, decode_object};

pub async fn answer(registry: &Registry, context: &mut Context) -> Result<Response<Body>, ApiError> {
    let options = WriteOptions::parse(&context.query, "CreateOptions")?;
    let mut document = body_document(context)?;
    if document.value["apiVersion"] == "policy/v1beta1" {
        // the same in all but its name
        document.value["apiVersion"] = "policy/v1".into();
    }
    let mut object = decode_object(&kinds::EVICTION, document, options.validation, &mut context.warnings)?;
    let (namespace, name) = (context.info.namespace.clone(), context.info.name.clone());
    super::review(registry, context, &kinds::POD, options.dry_run, &mut object).await?;
    let eviction: &Eviction = object.downcast_ref().ok_or_else(ApiError::no_such_resource)?;
    if let Some(given) = eviction.metadata.name.as_deref().filter(|given| !given.is_empty() && *given != name) {
        return Err(ApiError::bad_request(format!("name in URL does not match name in Eviction object: {given}")));
    }
    let wanted = eviction.delete_options.clone().unwrap_or_default();
    let dry_run = options.dry_run || wanted.dry_run.as_ref().is_some_and(|values| !values.is_empty());
    let delete = DeleteOptions {
        grace_period_seconds: wanted.grace_period_seconds.map(|seconds| if seconds < 0 { 1 } else { seconds }),
        preconditions: wanted.preconditions.clone(),
        propagation_policy: wanted.propagation_policy.clone(),
        dry_run,
        admitted: true,
    };
    let pods = registry.of(&kinds::POD);
    let item = registry.get(pods, &namespace, &name)?;
    let object = item.object(&kinds::POD).map_err(ApiError::internal)?;
    let pod: &Pod = object.downcast_ref().ok_or_else(ApiError::no_such_resource)?;
    if !free(pod) {
        spend(registry, &item, pod, &context.user.clone(), dry_run).await?;
    }
    registry.delete(pods, &namespace, &name, &context.user, &delete).await?;
    Ok(super::success(201))
}

/// Pods whose end disrupts nothing.
fn free(pod: &Pod) -> bool {
    let phase = pod.status.as_ref().and_then(|status| status.phase.as_deref()).unwrap_or_default();
    matches!(phase, "Succeeded" | "Failed" | "Pending") || pod.metadata.deletion_timestamp.is_some()
}

fn ready(pod: &Pod) -> bool {
    let conditions = pod.status.iter().flat_map(|status| status.conditions.iter().flatten());
    conditions.into_iter().any(|condition| condition.type_ == "Ready" && condition.status == "True")
}

/// Takes one disruption from the budget of a pod, where it has one.
async fn spend(registry: &Registry, item: &Item, pod: &Pod, user: &UserInfo, dry_run: bool) -> Result<(), ApiError> {
    let budgets = registry.of(&kinds::POD_DISRUPTION_BUDGET);
    let (all, _) = budgets.resource.list(item.namespace(), || 0);
    let labels = pod.metadata.labels.clone().unwrap_or_default();
    let mut matching = Vec::new();
    for budget in all {
        let object = budget.object(&kinds::POD_DISRUPTION_BUDGET).map_err(ApiError::internal)?;
        let Some(spec) = object.downcast_ref::<PodDisruptionBudget>().and_then(|budget| budget.spec.clone()) else { continue };
        let selects = spec.selector.is_some()
            && api::labels::Selector::from_label_selector(spec.selector.as_ref()).is_ok_and(|selector| selector.matches(&labels));
        if selects {
            matching.push((budget.name().to_owned(), spec));
        }
    }
    let (name, spec) = match matching.as_slice() {
        [] => return Ok(()),
        [one] => one,
        _ => {
            return Err(ApiError::internal_plain(
                "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.",
            ));
        }
    };
    if !ready(pod) && spec.unhealthy_pod_eviction_policy.as_deref() == Some("AlwaysAllow") {
        return Ok(());
    }
    let pod_name = item.name().to_owned();
    let user = user.clone();
    let change = Change {
        namespace: item.namespace(),
        name,
        subresource: "status",
        strategy: Strategy::Admitted,
        user: &user,
        options: WriteOptions { dry_run, validation: FieldValidation::Ignore },
        tracking: Tracking::Server,
    };
    let pod_ready = ready(pod);
    registry
        .change(budgets, &change, &mut Vec::new(), |_, old, _| {
            let mut budget: PodDisruptionBudget = old.downcast_ref::<PodDisruptionBudget>().ok_or_else(ApiError::no_such_resource)?.clone();
            let status = budget.status.get_or_insert_default();
            if status.observed_generation.unwrap_or_default() < budget.metadata.generation.unwrap_or_default() {
                return Err(refused(format!("The disruption budget {name} is still being processed by the server.")));
            }
            // a pod that is not ready may go while enough others are
            let (healthy, needed) = (status.current_healthy.unwrap_or_default(), status.desired_healthy.unwrap_or_default());
            if !pod_ready && healthy >= needed && needed > 0 {
                return Ok(Box::new(budget));
            }
            let allowed = status.disruptions_allowed.unwrap_or_default();
            if allowed <= 0 {
                return Err(refused(format!("The disruption budget {name} needs {needed} healthy pods and has {healthy} currently")));
            }
            status.disruptions_allowed = Some(allowed - 1);
            status.disrupted_pods.get_or_insert_default().insert(pod_name.clone(), crate::registry::now());
            Ok(Box::new(budget))
        })
        .await
        .map(|_| ())
}

fn refused(why: String) -> ApiError {
    let mut error = ApiError::new(429, "TooManyRequests", "Cannot evict pod as it would violate the pod's disruption budget.");
    let cause = StatusCause { reason: Some("DisruptionBudget".to_owned()), message: Some(why), field: None };
    error.0.details = Some(StatusDetails { causes: Some(vec![cause]), ..Default::default() });
    error
}
