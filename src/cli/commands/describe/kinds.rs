//! Which kind is described how, and what is fetched for it.

use jiff::Timestamp;
use serde_json::Value;

use super::network::endpoints_of_port;
use super::node::Surroundings;
use super::page::Page;
use super::related::{Related, collection};
use super::tree::Tree;
use super::workloads::Generations;
use super::{access, configuration, generic, network, node, pod, policy, storage, traffic, workloads};
use crate::error::{CommandError, Result};
use crate::resources::Info;
use crate::session::percent_encode;

const SERVICE_NAME: &str = "kubernetes.io/service-name";

/// The description of an object.
pub async fn describe(related: &mut Related<'_, '_>, info: &Info) -> Result<String> {
    let object = &info.object;
    let mut page = Page::new(Timestamp::now());
    match (info.mapping.group.as_str(), info.mapping.kind.as_str()) {
        ("", "Pod") => {
            let mirrored = object.at("metadata.annotations").member(pod::MIRROR).as_str();
            let uid = mirrored.unwrap_or_else(|| object.text("metadata.uid"));
            let events = related.events_about(object, "", uid).await;
            pod::pod(&mut page, object, events.as_deref());
        }
        ("", "Node") => {
            let around = surroundings(related, object).await?;
            node::node(&mut page, object, &around);
        }
        ("", "Namespace") => {
            let name = object.text("metadata.name");
            let quotas = listed(related, &collection("/api/v1", name, "resourcequotas")).await?;
            let limits = listed(related, &collection("/api/v1", name, "limitranges")).await?;
            configuration::namespace(&mut page, object, quotas.as_deref(), limits.as_deref());
        }
        ("", "Service") => {
            let slices =
                endpoint_slices(related, object.text("metadata.namespace"), object.text("metadata.name")).await.unwrap_or_default();
            let events = related.events(object).await;
            network::service(&mut page, object, &slices, events.as_deref());
        }
        ("", "Secret") => configuration::secret(&mut page, object),
        ("", "LimitRange") => configuration::limit_range(&mut page, object),
        ("", "ResourceQuota") => configuration::resource_quota(&mut page, object),
        ("", "PersistentVolumeClaim") => {
            let pods = related.list(&collection("/api/v1", object.text("metadata.namespace"), "pods"), "", "").await?;
            let events = related.events(object).await;
            storage::persistent_volume_claim(&mut page, object, &storage::users(object, &pods), events.as_deref());
        }
        ("", "ReplicationController") => {
            let selector: Vec<String> = object
                .members("spec.selector")
                .into_iter()
                .map(|(key, value)| format!("{key}={}", value.as_str().unwrap_or_default()))
                .collect();
            let counts = related.pod_counts(object, &selector.join(",")).await?;
            let events = related.events(object).await;
            workloads::replication_controller(&mut page, object, counts, events.as_deref());
        }
        ("apps", _) => apps(related, info, &mut page).await?,
        ("networking.k8s.io", "Ingress") => {
            let backends = backends(related, object).await;
            let events = related.events(object).await;
            let told =
                |backend: &Value| backends.iter().find(|(known, _)| known == backend).map(|(_, text)| text.clone()).unwrap_or_default();
            traffic::ingress(&mut page, object, told, events.as_deref());
        }
        ("networking.k8s.io", "NetworkPolicy") => traffic::network_policy(&mut page, object),
        ("rbac.authorization.k8s.io", "Role" | "ClusterRole") => access::role(&mut page, object),
        ("rbac.authorization.k8s.io", "RoleBinding" | "ClusterRoleBinding") => access::binding(&mut page, object),
        ("autoscaling", "HorizontalPodAutoscaler") if info.mapping.version != "v2" => {
            let object = related.get(info.path().replacen(&info.mapping.api_version(), "autoscaling/v2", 1)).await?;
            let events = related.events(&object).await;
            policy::autoscaler(&mut page, &object, events.as_deref());
        }
        (group, kind) => {
            let events = related.events(object).await;
            with_events(group, kind)(&mut page, object, events.as_deref());
        }
    }
    Ok(page.finish())
}

type WithEvents = fn(&mut Page, &Value, Option<&[Value]>);

/// The kinds that need their events only.
fn with_events(group: &str, kind: &str) -> WithEvents {
    match (group, kind) {
        ("", "ConfigMap") => configuration::config_map,
        ("", "ServiceAccount") => configuration::service_account,
        ("", "Endpoints") => network::endpoints,
        ("", "PersistentVolume") => storage::persistent_volume,
        ("discovery.k8s.io", "EndpointSlice") => network::endpoint_slice,
        ("networking.k8s.io", "IngressClass") => traffic::ingress_class,
        ("networking.k8s.io", "ServiceCIDR") => network::service_cidr,
        ("networking.k8s.io", "IPAddress") => network::ip_address,
        ("batch", "Job") => workloads::job,
        ("batch", "CronJob") => workloads::cron_job,
        ("storage.k8s.io", "StorageClass") => storage::class,
        ("storage.k8s.io", "CSINode") => storage::csi_node,
        ("storage.k8s.io", "VolumeAttributesClass") => storage::attributes_class,
        ("policy", "PodDisruptionBudget") => policy::disruption_budget,
        ("autoscaling", "HorizontalPodAutoscaler") => policy::autoscaler,
        ("scheduling.k8s.io", "PriorityClass") => policy::priority_class,
        _ => generic::any,
    }
}

async fn apps(related: &mut Related<'_, '_>, info: &Info, page: &mut Page) -> Result<()> {
    let object = &info.object;
    let selector = object.selector_query("spec.selector");
    let namespace = object.text("metadata.namespace");
    match info.mapping.kind.as_str() {
        "Deployment" => {
            let selector = selector.map_err(CommandError::message)?;
            let events = related.events(object).await;
            let found = related.list(&collection("/apis/apps/v1", namespace, "replicasets"), &selector, "").await;
            let generations = found.map(|found| Generations::of(object, found)).unwrap_or_default();
            workloads::deployment(page, object, &selector, &generations, events.as_deref());
        }
        "ReplicaSet" => {
            let selector = selector.map_err(CommandError::message)?;
            let counts = related.pod_counts(object, &selector).await.map_err(|error| words(&error));
            let events = related.events(object).await;
            workloads::replica_set(page, object, &counts, events.as_deref());
        }
        kind @ ("DaemonSet" | "StatefulSet") => {
            let selector = selector.map_err(CommandError::message)?;
            let counts = related.pod_counts(object, &selector).await?;
            let events = related.events(object).await;
            let describe = if kind == "DaemonSet" { workloads::daemon_set } else { workloads::stateful_set };
            describe(page, object, &selector, counts, events.as_deref());
        }
        _ => {
            let events = related.events(object).await;
            generic::any(page, object, events.as_deref());
        }
    }
    Ok(())
}

/// An error inside a description: the server's words without ours around them.
fn words(error: &CommandError) -> String {
    match error {
        CommandError::Api(error) => error.message().to_owned(),
        other => other.to_string(),
    }
}

/// A collection; `None` where the server does not have it.
async fn listed(related: &mut Related<'_, '_>, path: &str) -> Result<Option<Vec<Value>>> {
    match related.list(path, "", "").await {
        Ok(items) => Ok(Some(items)),
        Err(error) if error.is_reason("NotFound") => Ok(None),
        Err(error) => Err(error),
    }
}

async fn endpoint_slices(related: &mut Related<'_, '_>, namespace: &str, service: &str) -> Result<Vec<Value>> {
    let path = collection("/apis/discovery.k8s.io/v1", namespace, "endpointslices");
    related.list(&path, &format!("{SERVICE_NAME}={service}"), "").await
}

async fn surroundings(related: &mut Related<'_, '_>, node: &Value) -> Result<Surroundings> {
    let name = node.text("metadata.name");
    let fields = format!("spec.nodeName={name},status.phase!=Succeeded,status.phase!=Failed");
    let pods = match related.list("/api/v1/pods", "", &fields).await {
        Ok(pods) => Some(pods),
        Err(error) if error.is_reason("Forbidden") => None,
        Err(error) => return Err(error),
    };
    let mut events = related.events(node).await;
    if let Some(events) = &mut events {
        // the kubelet's events have the node's name for its UID
        events.extend(related.events_about(node, node.text("kind"), name).await.unwrap_or_default());
    }
    let slices = related.list("/apis/resource.k8s.io/v1/resourceslices", "", &format!("spec.nodeName={name}")).await;
    let lease = format!("/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/{}", percent_encode(name));
    let lease = related.get(lease).await.map_err(|error| words(&error));
    Ok(Surroundings { pods, lease, resource_slices: slices.unwrap_or_default(), events })
}

/// All backends of an ingress and what is said of them.
async fn backends(related: &mut Related<'_, '_>, ingress: &Value) -> Vec<(Value, String)> {
    let namespace = ingress.text("metadata.namespace");
    let paths = ingress.list("spec.rules").iter().flat_map(|rule| rule.list("http.paths")).map(|path| path.at("backend"));
    let mut told: Vec<(Value, String)> = Vec::new();
    for backend in std::iter::once(ingress.at("spec.defaultBackend")).chain(paths) {
        if told.iter().all(|(known, _)| known != backend) {
            let text = if backend.has("service") {
                let inner =
                    backend_endpoints(related, namespace, backend).await.unwrap_or_else(|error| format!("<error: {}>", words(&error)));
                format!("{} ({inner})", traffic::service_backend(backend))
            } else {
                traffic::resource_backend(backend)
            };
            told.push((backend.clone(), text));
        }
    }
    told
}

async fn backend_endpoints(related: &mut Related<'_, '_>, namespace: &str, backend: &Value) -> Result<String> {
    let name = backend.text("service.name");
    let slices = endpoint_slices(related, namespace, name).await?;
    let service = related.get(format!("{}/{}", collection("/api/v1", namespace, "services"), percent_encode(name))).await?;
    let (number, named) = (backend.integer("service.port.number"), backend.text("service.port.name"));
    let matches = |port: &&Value| (number != 0 && port.integer("port") == number) || (!named.is_empty() && port.text("name") == named);
    let port = service.list("spec.ports").iter().rfind(matches).map(|port| port.text("name")).unwrap_or_default();
    Ok(endpoints_of_port(&slices, port))
}
