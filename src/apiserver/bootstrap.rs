//! What every cluster has from its first moment: namespaces, roles, priority classes, and the `kubernetes` service through which pods reach this server.

use api::addresses::Cidr;
use api::{ApiError, Object};
use k8s_openapi::api::core::v1::{
    ConfigMap, EndpointAddress, EndpointPort, EndpointSubset, Endpoints, Namespace, Service, ServicePort, ServiceSpec,
};
use k8s_openapi::api::discovery::v1::{Endpoint as SliceEndpoint, EndpointConditions, EndpointPort as SlicePort, EndpointSlice};
use k8s_openapi::api::networking::v1::{ServiceCIDR, ServiceCIDRSpec};
use k8s_openapi::api::scheduling::v1::PriorityClass;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{Condition, ObjectMeta};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use kinds::Kind;

use crate::authz::defaults;
use crate::config::{Address, FrontProxy};
use crate::context::{FieldValidation, UserInfo, WriteOptions};
use crate::flow;
use crate::registry::{Change, Registry, Strategy, Tracking, now};

/// A role or binding whose owner has set this to `false` is left as it is.
const AUTOUPDATE: &str = "rbac.authorization.kubernetes.io/autoupdate";
const NAMESPACES: &[&str] = &["default", "kube-system", "kube-public", "kube-node-lease"];
/// The ServiceCIDR of the server's own range.
const SERVICE_RANGE: &str = "kubernetes";
const PLAIN: WriteOptions = WriteOptions { dry_run: false, validation: FieldValidation::Ignore };

/// Set to false by users who changed a default priority level or flow schema and want it to stay so.
const AUTO_UPDATE: &str = "apf.kubernetes.io/autoupdate-spec";

/// Name, value, description.
const PRIORITY_CLASSES: &[(&str, i32, &str)] = &[
    ("system-node-critical", 2_000_001_000, "Used for system critical pods that must not be moved from their current node."),
    (
        "system-cluster-critical",
        2_000_000_000,
        "Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.",
    ),
];

/// Creates what is missing and brings the rest up to date.
pub async fn run(registry: &Registry, address: Address, service_cidr: Cidr, front_proxy: Option<&FrontProxy>) -> Result<(), ApiError> {
    for name in NAMESPACES {
        let namespace = Namespace { metadata: named(name), ..Default::default() };
        ensure(registry, &kinds::NAMESPACE, "", Box::new(namespace)).await?;
    }
    let classes = PRIORITY_CLASSES.iter().map(|(name, value, description)| {
        let class = PriorityClass {
            metadata: named(name),
            value: Some(*value),
            description: Some((*description).to_owned()),
            preemption_policy: Some("PreemptLowerPriority".to_owned()),
            ..Default::default()
        };
        (&kinds::PRIORITY_CLASS, Box::new(class) as Box<dyn Object>)
    });
    let clusters = classes.chain(flow::defaults::objects()).map(|(kind, object)| (kind, "", object));
    let system = front_proxy.map(|front_proxy| (&kinds::CONFIG_MAP, "kube-system", extension_authentication(front_proxy)));
    let all = defaults::roles().into_iter().chain(defaults::bindings()).chain(clusters).chain(system);
    // none needs another: their writes are few commits
    let all = all.map(|(kind, namespace, object)| ensure(registry, kind, namespace, object));
    futures::future::try_join_all(all).await?;
    service_range(registry, service_cidr).await?;
    kubernetes_service(registry, address).await
}

/// The range that services get their addresses out of, ready at once: there may be no controller yet.
async fn service_range(registry: &Registry, service_cidr: Cidr) -> Result<(), ApiError> {
    let cidrs = vec![Cidr { address: service_cidr.network(), ..service_cidr }.to_string()];
    let range =
        ServiceCIDR { metadata: named(SERVICE_RANGE), spec: Some(ServiceCIDRSpec { cidrs: Some(cidrs.clone()) }), ..Default::default() };
    ensure(registry, &kinds::SERVICE_CIDR, "", Box::new(range)).await?;
    registry
        .change_status(&kinds::SERVICE_CIDR, SERVICE_RANGE, &UserInfo::administrator(), |range: &mut ServiceCIDR| {
            let ours = range.spec.as_ref().is_some_and(|spec| spec.cidrs.as_ref() == Some(&cidrs));
            let conditions = range.status.get_or_insert_default().conditions.get_or_insert_default();
            if ours && conditions.iter().all(|condition| condition.type_ != "Ready") {
                conditions.push(Condition {
                    type_: "Ready".to_owned(),
                    status: "True".to_owned(),
                    reason: String::new(),
                    message: "Kubernetes default Service CIDR is ready".to_owned(),
                    last_transition_time: now(),
                    observed_generation: None,
                });
            }
        })
        .await
}

/// What extension API servers read to know whom this server speaks for.
fn extension_authentication(front_proxy: &FrontProxy) -> Box<dyn Object> {
    let list = |names: &[&str]| serde_json::json!(names).to_string();
    let data = [
        ("client-ca-file", front_proxy.client_ca_pem.clone()),
        ("requestheader-allowed-names", serde_json::json!(front_proxy.allowed_names).to_string()),
        ("requestheader-client-ca-file", front_proxy.ca_pem.clone()),
        ("requestheader-extra-headers-prefix", list(&["X-Remote-Extra-"])),
        ("requestheader-group-headers", list(&["X-Remote-Group"])),
        ("requestheader-uid-headers", list(&["X-Remote-Uid"])),
        ("requestheader-username-headers", list(&["X-Remote-User"])),
    ];
    Box::new(ConfigMap {
        metadata: ObjectMeta { namespace: Some("kube-system".to_owned()), ..named("extension-apiserver-authentication") },
        data: Some(data.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()),
        ..Default::default()
    })
}

fn named(name: &str) -> ObjectMeta {
    ObjectMeta { name: Some(name.to_owned()), ..Default::default() }
}

async fn kubernetes_service(registry: &Registry, address: Address) -> Result<(), ApiError> {
    let labels = || Some([("component".to_owned(), "apiserver".to_owned()), ("provider".to_owned(), "kubernetes".to_owned())].into());
    let first = registry.special.first_address();
    let port = ServicePort {
        name: Some("https".to_owned()),
        protocol: Some("TCP".to_owned()),
        port: 443,
        target_port: Some(IntOrString::Int(address.port.into())),
        ..Default::default()
    };
    let service = Service {
        metadata: ObjectMeta { namespace: Some("default".to_owned()), labels: labels(), ..named("kubernetes") },
        spec: Some(ServiceSpec {
            cluster_ip: Some(first.to_string()),
            cluster_ips: Some(vec![first.to_string()]),
            type_: Some("ClusterIP".to_owned()),
            session_affinity: Some("None".to_owned()),
            ports: Some(vec![port]),
            ..Default::default()
        }),
        ..Default::default()
    };
    ensure(registry, &kinds::SERVICE, "default", Box::new(service)).await?;
    if address.ip.is_loopback() || address.ip.is_unspecified() {
        // upstream publishes no such address either: nothing but this host could use it
        return Ok(());
    }
    let mut meta = ObjectMeta { namespace: Some("default".to_owned()), ..named("kubernetes") };
    meta.labels = Some([("endpointslice.kubernetes.io/skip-mirror".to_owned(), "true".to_owned())].into());
    let endpoints = Endpoints {
        metadata: meta,
        subsets: Some(vec![EndpointSubset {
            addresses: Some(vec![EndpointAddress { ip: address.ip.to_string(), ..Default::default() }]),
            not_ready_addresses: None,
            ports: Some(vec![EndpointPort {
                name: Some("https".to_owned()),
                port: address.port.into(),
                protocol: Some("TCP".to_owned()),
                app_protocol: None,
            }]),
        }]),
    };
    ensure(registry, &kinds::ENDPOINTS, "default", Box::new(endpoints)).await?;
    let mut meta = ObjectMeta { namespace: Some("default".to_owned()), ..named("kubernetes") };
    meta.labels = Some([("kubernetes.io/service-name".to_owned(), "kubernetes".to_owned())].into());
    let slice = EndpointSlice {
        metadata: meta,
        address_type: if address.ip.is_ipv6() { "IPv6" } else { "IPv4" }.to_owned(),
        endpoints: Some(vec![SliceEndpoint {
            addresses: vec![address.ip.to_string()],
            conditions: Some(EndpointConditions { ready: Some(true), ..Default::default() }),
            ..Default::default()
        }]),
        ports: Some(vec![SlicePort {
            name: Some("https".to_owned()),
            port: Some(address.port.into()),
            protocol: Some("TCP".to_owned()),
            app_protocol: None,
        }]),
    };
    ensure(registry, &kinds::ENDPOINT_SLICE, "default", Box::new(slice)).await
}

/// Creates an object; one that is there gets the contents of this one, and keeps the labels and annotations that others have put on it.
async fn ensure(registry: &Registry, kind: &'static Kind, namespace: &str, mut object: Box<dyn Object>) -> Result<(), ApiError> {
    let endpoint = registry.of(kind);
    let user = UserInfo::administrator();
    let name = object.meta().name.clone().unwrap_or_default();
    kind.behaviour.default(object.as_mut());
    let mut warnings = Vec::new();
    if registry.get(endpoint, namespace, &name).is_err() {
        let created = registry.create_object(endpoint, namespace, object, &user, PLAIN, Tracking::Server, &mut warnings).await;
        // another server of the store may have been faster
        return created.map(|_| ()).or_else(|error| if error.code() == 409 { Ok(()) } else { Err(error) });
    }
    // namespaces and priority classes belong to their users once they are there, and so does flow control where its users say so
    let kept = |meta: &ObjectMeta| meta.annotations.as_ref().and_then(|all| all.get(AUTO_UPDATE)).is_some_and(|value| value == "false");
    let theirs = registry.get(endpoint, namespace, &name)?.decode(&endpoint.stored).is_ok_and(|there| kept(there.meta()));
    if theirs || matches!(&*kind.plural, "namespaces" | "priorityclasses" | "servicecidrs") {
        return Ok(());
    }
    let change = Change {
        namespace,
        name: &name,
        subresource: "",
        strategy: Strategy::Part(kinds::Part::Main),
        user: &user,
        options: PLAIN,
        tracking: Tracking::Server,
    };
    registry
        .change(endpoint, &change, &mut warnings, |_, old, _| {
            let mut new = object.boxed_clone();
            let before = old.meta().clone();
            if before.annotations.as_ref().and_then(|annotations| annotations.get(AUTOUPDATE)).is_some_and(|value| value == "false") {
                return Ok(old.boxed_clone());
            }
            defaults::keep(new.as_mut(), old);
            let meta = new.meta_mut();
            let (labels, annotations) = (meta.labels.take(), meta.annotations.take());
            *meta = before;
            meta.labels.get_or_insert_default().extend(labels.unwrap_or_default());
            meta.annotations.get_or_insert_default().extend(annotations.unwrap_or_default());
            Ok(new)
        })
        .await
        .map(|_| ())
}
