//! APIServices of the groups that this server serves itself: those of built-in kinds are brought up to date at a start, those of custom resources follow their
//! definitions. All of these are available.

use std::collections::BTreeSet;
use std::time::Duration;

use api::ApiError;
use futures::future::join_all;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{ObjectMeta, Preconditions};
use k8s_openapi::kube_aggregator::pkg::apis::apiregistration::v1::{APIService, APIServiceCondition, APIServiceSpec};
use kinds::{API_SERVICE, Part};

use super::availability::set_condition;
use super::priorities;
use crate::context::{FieldValidation, UserInfo, WriteOptions};
use crate::registry::{Change, DeleteOptions, Registry, Strategy, Tracking, now};

/// Says who keeps an APIService, and how.
const MANAGED: &str = "kube-aggregator.kubernetes.io/automanaged";
const ON_START: &str = "onstart";
const ALWAYS: &str = "true";
const WRITE: WriteOptions = WriteOptions { dry_run: false, validation: FieldValidation::Ignore };
/// Writes that failed are tried again after this long.
const AGAIN_AFTER: Duration = Duration::from_secs(1);

fn managed(service: &APIService) -> &str {
    service.metadata.labels.as_ref().and_then(|labels| labels.get(MANAGED)).map(String::as_str).unwrap_or_default()
}

fn name_of(service: &APIService) -> &str {
    service.metadata.name.as_deref().unwrap_or_default()
}

fn wanted(group: &str, version: &str, (group_priority, version_priority): (i32, i32), kept: &str) -> APIService {
    let labels = Some([(MANAGED.to_owned(), kept.to_owned())].into());
    APIService {
        metadata: ObjectMeta { name: Some(format!("{version}.{group}")), labels, ..Default::default() },
        spec: Some(APIServiceSpec {
            group: Some(group.to_owned()).filter(|group| !group.is_empty()),
            version: Some(version.to_owned()),
            group_priority_minimum: group_priority,
            version_priority,
            ..Default::default()
        }),
        status: None,
    }
}

fn all(registry: &Registry) -> Vec<APIService> {
    let (items, _) = registry.of(&API_SERVICE).resource.list("", || 0);
    items.iter().filter_map(|item| item.object(&API_SERVICE).ok()?.downcast_ref::<APIService>().cloned()).collect()
}

/// Registers the built-in groups, at a start.
pub async fn built_in(registry: &Registry) -> Result<(), ApiError> {
    let catalog = registry.catalog();
    let versions = catalog.groups().iter().flat_map(|group| group.versions.iter().map(|version| (&*group.name, version)));
    let own = versions.filter(|(_, version)| version.kinds.iter().any(|served| served.digest.is_none() && !served.kind.is_older()));
    let services = own.filter_map(|(group, version)| {
        let priorities = priorities::built_in(group, &version.name)?;
        Some(wanted(group, &version.name, priorities, ON_START))
    });
    // before and after what else is written at a start, all together cost little more than one
    for outcome in join_all(services.map(|service| keep(registry, service))).await {
        outcome?;
    }
    join_all(all(registry).iter().map(|service| tell_local(registry, service))).await.into_iter().collect()
}

/// Registers the groups of custom resources as they are served now; when to try again what failed.
pub async fn custom(registry: &Registry) -> Option<Duration> {
    let catalog = registry.catalog();
    let versions = catalog.groups().iter().flat_map(|group| group.versions.iter().map(|version| (&*group.name, version)));
    let custom = versions.filter(|(_, version)| !version.kinds.is_empty() && version.kinds.iter().all(|served| served.digest.is_some()));
    let wanted: Vec<APIService> = custom.map(|(group, version)| wanted(group, &version.name, priorities::CUSTOM, ALWAYS)).collect();
    let mut outcomes = Vec::new();
    let names: BTreeSet<&str> = wanted.iter().map(name_of).collect();
    let there = all(registry);
    for spurious in there.iter().filter(|service| managed(service) == ALWAYS && !names.contains(name_of(service))) {
        outcomes.push(remove(registry, spurious).await);
    }
    for service in &wanted {
        let current = there.iter().find(|current| name_of(current) == name_of(service));
        if current.is_none_or(|current| current.spec != service.spec) {
            outcomes.push(keep(registry, service.clone()).await);
        }
    }
    for service in all(registry) {
        outcomes.push(tell_local(registry, &service).await);
    }
    let mut again = None;
    for error in outcomes.into_iter().filter_map(Result::err).filter(|error| !matches!(error.code(), 404 | 409)) {
        tracing::warn!(%error, "an API service can not be registered");
        again = Some(AGAIN_AFTER);
    }
    again
}

/// Creates an APIService, or brings the specification of one that is kept by this server up to date.
async fn keep(registry: &Registry, service: APIService) -> Result<(), ApiError> {
    let endpoint = registry.of(&API_SERVICE);
    let (user, name, mut warnings) = (UserInfo::server(), name_of(&service).to_owned(), Vec::new());
    let Ok(item) = registry.get(endpoint, "", &name) else {
        let made = registry.create_object(endpoint, "", Box::new(service), &user, WRITE, Tracking::Update("kube-apiserver"), &mut warnings);
        return match made.await {
            Err(error) if error.reason() != "AlreadyExists" => Err(error),
            _ => Ok(()),
        };
    };
    let object = item.object(&API_SERVICE).map_err(ApiError::internal)?;
    let current: &APIService = object.downcast_ref().ok_or_else(ApiError::no_such_resource)?;
    if managed(current).is_empty() || current.spec == service.spec {
        return Ok(());
    }
    let change = Change {
        namespace: "",
        name: &name,
        subresource: "",
        strategy: Strategy::Part(Part::Main),
        user: &user,
        options: WRITE,
        tracking: Tracking::Update("kube-apiserver"),
    };
    let changed = registry.change(endpoint, &change, &mut warnings, |_, old, _| {
        let mut new: APIService = old.downcast_ref().cloned().ok_or_else(ApiError::no_such_resource)?;
        new.spec.clone_from(&service.spec);
        Ok(Box::new(new))
    });
    changed.await.map(|_| ())
}

async fn remove(registry: &Registry, service: &APIService) -> Result<(), ApiError> {
    let preconditions = Some(Preconditions { uid: service.metadata.uid.clone(), resource_version: None });
    let options = DeleteOptions { preconditions, ..DeleteOptions::default() };
    registry.delete(registry.of(&API_SERVICE), "", name_of(service), &UserInfo::server(), &options).await.map(|_| ())
}

/// Says of an APIService that this server serves itself that it is available.
async fn tell_local(registry: &Registry, service: &APIService) -> Result<(), ApiError> {
    if service.spec.as_ref().is_some_and(|spec| spec.service.is_some()) {
        return Ok(());
    }
    let condition = || APIServiceCondition {
        type_: "Available".to_owned(),
        status: "True".to_owned(),
        reason: Some("Local".to_owned()),
        message: Some("Local APIServices are always available".to_owned()),
        last_transition_time: Some(now()),
    };
    let mut told = service.clone();
    set_condition(&mut told, condition());
    if told == *service {
        return Ok(());
    }
    registry.change_status(&API_SERVICE, name_of(service), &UserInfo::server(), |service| set_condition(service, condition())).await
}
