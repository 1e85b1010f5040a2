//! Eviction: a deletion that disruption budgets may refuse. A pod that goes by one is marked as the target of a disruption first.

use api::ApiError;
use axum::body::Body;
use http::Response;
use k8s_openapi::api::core::v1::{Pod, PodCondition};
use k8s_openapi::api::policy::v1::{Eviction, PodDisruptionBudget, PodDisruptionBudgetStatus};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{Condition, DeleteOptions as Wanted, Preconditions, StatusCause};

use crate::context::{Context, FieldValidation, UserInfo, WriteOptions};
use crate::registry::{Change, DeleteOptions, Registry, Strategy, Tracking, body_document, decode_object, preconditions};

/// Rounds against others who write the same pod.
const ATTEMPTS: usize = 20;
/// So many pods may be promised away before the controller has taken note of some.
const DISRUPTED_LIMIT: usize = 2000;
/// When to come again where a budget has not been looked at yet.
const RETRY_SECONDS: i32 = 10;
const REFUSED: &str = "Cannot evict pod as it would violate the pod's disruption budget.";

pub async fn answer(registry: &Registry, context: &mut Context) -> Result<Response<Body>, ApiError> {
    let options = WriteOptions::parse(&context.query, "CreateOptions")?;
    let mut document = body_document(context)?;
    if document.value["apiVersion"] == "policy/v1beta1" {
        // the same in all but its name
        document.value["apiVersion"] = "policy/v1".into();
    }
    let mut object = decode_object(&kinds::EVICTION, document, options.validation, &mut context.warnings)?;
    let (namespace, name) = (context.info.namespace.clone(), context.info.name.clone());
    if object.meta().name.as_deref() != Some(name.as_str()) {
        return Err(ApiError::bad_request("name in URL does not match name in Eviction object"));
    }
    super::review(registry, context, &kinds::POD, options.dry_run, &mut object).await?;
    let eviction: &Eviction = object.downcast_ref().ok_or_else(ApiError::no_such_resource)?;
    let wanted = delete_options(eviction.delete_options.clone().unwrap_or_default(), options.dry_run)?;
    let request = Request { registry, namespace: &namespace, name: &name, user: &context.user, wanted };
    request.evict().await?;
    Ok(super::success(201))
}

/// The deletion that an eviction asks for; a dry run may be asked for in either of two places.
fn delete_options(wanted: Wanted, dry_run: bool) -> Result<DeleteOptions, ApiError> {
    let inner = wanted.dry_run.unwrap_or_default();
    if dry_run && !inner.is_empty() && inner != ["All"] {
        let message = format!("Non-matching dry-run options in request and content: [All] and [{}]", inner.join(" "));
        return Err(ApiError::internal_plain(message));
    }
    Ok(DeleteOptions {
        grace_period_seconds: wanted.grace_period_seconds.map(|seconds| if seconds < 0 { 1 } else { seconds }),
        preconditions: wanted.preconditions,
        propagation_policy: wanted.propagation_policy,
        dry_run: dry_run || !inner.is_empty(),
        admitted: true,
    })
}

struct Request<'a> {
    registry: &'a Registry,
    namespace: &'a str,
    name: &'a str,
    user: &'a UserInfo,
    wanted: DeleteOptions,
}

/// What the budgets of a pod say.
enum Verdict {
    /// It may go: it has none, or one that has been charged.
    Granted,
    /// It may go as long as it is as it was: it counts for nothing while it is not ready.
    Unhealthy { budget: String },
}

impl Request<'_> {
    async fn evict(&self) -> Result<(), ApiError> {
        let versioned = self.wanted.preconditions.as_ref().is_some_and(|wanted| wanted.resource_version.is_some());
        for attempt in 1.. {
            let (pod, version) = self.pod()?;
            if !is_free(&pod) {
                break;
            }
            // what has not begun to run might become ready in between
            let as_seen = Some(version).filter(|_| !versioned && !is_over(&pod));
            match self.delete(as_seen).await {
                Err(error) if error.reason() == "Conflict" && !versioned && attempt < ATTEMPTS => {}
                result => return result,
            }
        }
        let (pod, version) = self.pod()?;
        match self.ask_budgets(&pod).await? {
            Verdict::Granted => self.delete(None).await,
            Verdict::Unhealthy { budget } => match self.delete(Some(version)).await {
                Err(error) if error.reason() == "Conflict" && !versioned => Err(still_processed(&budget)),
                result => result,
            },
        }
    }

    fn pod(&self) -> Result<(Pod, String), ApiError> {
        let item = self.registry.get(self.registry.of(&kinds::POD), self.namespace, self.name)?;
        let object = item.object(&kinds::POD).map_err(ApiError::internal)?;
        let pod: &Pod = object.downcast_ref().ok_or_else(ApiError::no_such_resource)?;
        Ok((pod.clone(), item.revision().to_string()))
    }

    /// Marks the pod and deletes it, at a resourceVersion if one is given.
    async fn delete(&self, version: Option<String>) -> Result<(), ApiError> {
        let mut options = self.wanted.clone();
        if version.is_some() {
            options.preconditions.get_or_insert_default().resource_version = version;
        }
        if !options.dry_run {
            let marked = self.mark(options.preconditions.as_ref()).await?;
            if let Some(wanted) = options.preconditions.as_mut().and_then(|wanted| wanted.resource_version.as_mut()) {
                // it was this that has changed it
                *wanted = marked;
            }
        }
        self.registry.delete(self.registry.of(&kinds::POD), self.namespace, self.name, self.user, &options).await.map(|_| ())
    }

    /// Marks the pod as the target of a disruption, and gives its resourceVersion.
    async fn mark(&self, wanted: Option<&Preconditions>) -> Result<String, ApiError> {
        let pods = self.registry.of(&kinds::POD);
        let change = Change {
            namespace: self.namespace,
            name: self.name,
            subresource: "status",
            strategy: Strategy::Admitted,
            user: self.user,
            options: WriteOptions { dry_run: false, validation: FieldValidation::Ignore },
            tracking: Tracking::Server,
        };
        let item = self
            .registry
            .change(pods, &change, &mut Vec::new(), |item, old, _| {
                if let Some(wanted) = wanted {
                    preconditions(pods, item, old, wanted)?;
                }
                let mut pod: Pod = old.downcast_ref::<Pod>().ok_or_else(ApiError::no_such_resource)?.clone();
                mark(&mut pod);
                Ok(Box::new(pod))
            })
            .await?;
        Ok(item.revision().to_string())
    }

    async fn ask_budgets(&self, pod: &Pod) -> Result<Verdict, ApiError> {
        let mut budgets = self.budgets(pod)?;
        let Some(budget) = budgets.pop() else { return Ok(Verdict::Granted) };
        if !budgets.is_empty() {
            return Err(ApiError::internal_plain(
                "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.",
            ));
        }
        let name = budget.metadata.name.clone().unwrap_or_default();
        let policy = budget.spec.as_ref().and_then(|spec| spec.unhealthy_pod_eviction_policy.as_deref());
        let status = budget.status.unwrap_or_default();
        let (healthy, needed) = (status.current_healthy.unwrap_or_default(), status.desired_healthy.unwrap_or_default());
        if !is_ready(pod) && (policy == Some("AlwaysAllow") || healthy >= needed && needed > 0) {
            return Ok(Verdict::Unhealthy { budget: name });
        }
        self.charge(&name).await?;
        Ok(Verdict::Granted)
    }

    /// The budgets that are about a pod. One that selects everything by an empty selector is.
    fn budgets(&self, pod: &Pod) -> Result<Vec<PodDisruptionBudget>, ApiError> {
        let (all, _) = self.registry.of(&kinds::POD_DISRUPTION_BUDGET).resource.list(self.namespace, || 0);
        let mut found = Vec::new();
        for item in all {
            let object = item.object(&kinds::POD_DISRUPTION_BUDGET).map_err(ApiError::internal)?;
            let Some(budget) = object.downcast_ref::<PodDisruptionBudget>() else { continue };
            let selector = budget.spec.as_ref().and_then(|spec| spec.selector.as_ref());
            let selector = api::labels::Selector::from_label_selector(selector);
            if selector.is_ok_and(|selector| selector.matches(pod.metadata.labels.as_ref())) {
                found.push(budget.clone());
            }
        }
        Ok(found)
    }

    /// Takes one disruption from a budget and notes for whom, so that the controller counts the pod as gone.
    async fn charge(&self, budget: &str) -> Result<(), ApiError> {
        let server = UserInfo::server();
        let change = Change {
            namespace: self.namespace,
            name: budget,
            subresource: "status",
            strategy: Strategy::Part(kinds::Part::Status),
            user: &server,
            options: WriteOptions { dry_run: self.wanted.dry_run, validation: FieldValidation::Ignore },
            tracking: Tracking::Update("kube-apiserver"),
        };
        let budgets = self.registry.of(&kinds::POD_DISRUPTION_BUDGET);
        self.registry
            .change(budgets, &change, &mut Vec::new(), |_, old, _| {
                let mut new: PodDisruptionBudget =
                    old.downcast_ref::<PodDisruptionBudget>().ok_or_else(ApiError::no_such_resource)?.clone();
                let generation = new.metadata.generation.unwrap_or_default();
                charge(new.status.get_or_insert_default(), budget, generation, self.name)?;
                Ok(Box::new(new))
            })
            .await
            .map(|_| ())
    }
}

/// Pods whose end disrupts nothing, whatever their budget says.
fn is_free(pod: &Pod) -> bool {
    is_over(pod) || phase(pod) == "Pending"
}

fn is_over(pod: &Pod) -> bool {
    matches!(phase(pod), "Succeeded" | "Failed") || pod.metadata.deletion_timestamp.is_some()
}

fn phase(pod: &Pod) -> &str {
    pod.status.as_ref().and_then(|status| status.phase.as_deref()).unwrap_or_default()
}

fn is_ready(pod: &Pod) -> bool {
    let mut conditions = pod.status.iter().flat_map(|status| status.conditions.iter().flatten());
    conditions.any(|condition| condition.type_ == "Ready" && condition.status == "True")
}

fn mark(pod: &mut Pod) {
    let mut mark = PodCondition {
        type_: "DisruptionTarget".to_owned(),
        status: "True".to_owned(),
        reason: Some("EvictionByEvictionAPI".to_owned()),
        message: Some("Eviction API: evicting".to_owned()),
        last_transition_time: Some(crate::registry::now()),
        ..PodCondition::default()
    };
    let conditions = pod.status.get_or_insert_default().conditions.get_or_insert_default();
    match conditions.iter_mut().find(|condition| condition.type_ == mark.type_) {
        Some(there) => {
            if there.status == mark.status {
                mark.last_transition_time.clone_from(&there.last_transition_time);
            }
            mark.last_probe_time.clone_from(&there.last_probe_time);
            *there = mark;
        }
        None => conditions.push(mark),
    }
}

fn charge(status: &mut PodDisruptionBudgetStatus, budget: &str, generation: i64, pod: &str) -> Result<(), ApiError> {
    let forbidden = |why: &str| ApiError::forbidden("policy", "poddisruptionbudget", budget, why);
    if status.observed_generation.unwrap_or_default() < generation {
        return Err(still_processed(budget));
    }
    let allowed = status.disruptions_allowed.unwrap_or_default();
    if allowed < 0 {
        return Err(forbidden("pdb disruptions allowed is negative"));
    }
    if status.disrupted_pods.as_ref().is_some_and(|pods| pods.len() > DISRUPTED_LIMIT) {
        return Err(forbidden("DisruptedPods map too big - too many evictions not confirmed by PDB controller"));
    }
    if allowed == 0 {
        return Err(refused(why_none(status, budget), 0));
    }
    status.disruptions_allowed = Some(allowed - 1);
    if allowed == 1 {
        exhaust(status);
    }
    status.disrupted_pods.get_or_insert_default().insert(pod.to_owned(), crate::registry::now());
    Ok(())
}

/// The condition of a budget of which nothing is left.
fn exhaust(status: &mut PodDisruptionBudgetStatus) {
    let condition = Condition {
        type_: "DisruptionAllowed".to_owned(),
        status: "False".to_owned(),
        reason: "InsufficientPods".to_owned(),
        message: String::new(),
        last_transition_time: crate::registry::now(),
        observed_generation: status.observed_generation.filter(|generation| *generation != 0),
    };
    let conditions = status.conditions.get_or_insert_default();
    match conditions.iter_mut().find(|there| there.type_ == condition.type_) {
        Some(there) if there.status == condition.status => {
            *there = Condition { last_transition_time: there.last_transition_time.clone(), ..condition };
        }
        Some(there) => *there = condition,
        None => conditions.push(condition),
    }
}

/// Why no disruption is left of a budget.
fn why_none(status: &PodDisruptionBudgetStatus, budget: &str) -> String {
    let (healthy, needed) = (status.current_healthy.unwrap_or_default(), status.desired_healthy.unwrap_or_default());
    let mut conditions = status.conditions.iter().flatten();
    let said = conditions.find(|condition| condition.type_ == "DisruptionAllowed");
    match said.filter(|said| said.status == "False" && !said.message.is_empty()) {
        // its numbers cannot be trusted
        Some(said) if said.reason == "SyncFailed" => {
            format!("The disruption budget {budget} does not allow evicting pods currently because it failed sync: {}", said.message)
        }
        _ if healthy <= needed => format!("The disruption budget {budget} needs {needed} healthy pods and has {healthy} currently"),
        Some(said) => format!("The disruption budget {budget} does not allow evicting pods currently ({}): {}", said.reason, said.message),
        None => format!("The disruption budget {budget} does not allow evicting pods currently"),
    }
}

fn still_processed(budget: &str) -> ApiError {
    refused(format!("The disruption budget {budget} is still being processed by the server."), RETRY_SECONDS)
}

fn refused(why: String, retry_after_seconds: i32) -> ApiError {
    let mut error = ApiError::too_many_requests(REFUSED, retry_after_seconds);
    let cause = StatusCause { reason: Some("DisruptionBudget".to_owned()), message: Some(why), field: None };
    error.0.details.get_or_insert_default().causes = Some(vec![cause]);
    error
}
