//! Whether an extension API server can be reached: its service is there, has the port and ready endpoints, and somebody behind it answers for the group version.
//! Reasons and messages are upstream's.

use std::net::IpAddr;
use std::time::Duration;

use axum::body::Body;
use futures::future::join_all;
use http::Request;
use k8s_openapi::api::core::v1::Service;
use k8s_openapi::kube_aggregator::pkg::apis::apiregistration::v1::{APIService, APIServiceCondition};
use kinds::{ENDPOINT_SLICE, SERVICE};

use super::proxy::identify;
use super::remote::Extension;
use crate::callout::Caller;
use crate::context::UserInfo;
use crate::registry::{Registry, now};
use crate::service_reference::Backend;

/// What one question may take.
pub const TIMEOUT: Duration = Duration::from_secs(5);
/// Questions at once after the first has failed: one good answer is enough.
const ATTEMPTS: usize = 4;

/// A verdict: the status, reason and message of the condition.
pub type Verdict = (bool, &'static str, String);

/// Who asks extension API servers on this server's own account.
pub fn aggregator() -> UserInfo {
    UserInfo { name: "system:kube-aggregator".to_owned(), groups: vec!["system:masters".to_owned()], ..UserInfo::default() }
}

/// What is known of the service, as far as it matters here.
#[derive(Debug, PartialEq, Eq)]
pub struct Facts {
    /// None where there is no service.
    service: Option<Ports>,
    /// None where there are no slices.
    endpoints: Option<Vec<(IpAddr, u16)>>,
}

#[derive(Debug, PartialEq, Eq)]
struct Ports {
    has_cluster_ip: bool,
    /// The name of the port that is meant, where there is one.
    port: Option<String>,
}

impl Facts {
    pub fn of(registry: &Registry, caller: &Caller, extension: &Extension) -> Self {
        let reference = &extension.service;
        let services = &registry.of(&SERVICE).resource;
        let item = services.get(&services.key(&reference.namespace, &reference.name));
        let object = item.and_then(|item| item.object(&SERVICE).ok());
        let Some(spec) = object.as_ref().and_then(|object| object.downcast_ref::<Service>()?.spec.as_ref()) else {
            return Self { service: None, endpoints: None };
        };
        let port = spec.ports.iter().flatten().find(|port| port.port == reference.port);
        let (slices, _) = registry.of(&ENDPOINT_SLICE).resource.list(&reference.namespace, || 0);
        let of_service = |label: Option<&str>| label == Some(reference.name.as_str());
        let any = slices.iter().any(|slice| of_service(slice.label("kubernetes.io/service-name")));
        let mut endpoints =
            any.then(|| port.map(|port| caller.resolver().endpoints(&reference.namespace, &reference.name, port)).unwrap_or_default());
        endpoints.iter_mut().for_each(|endpoints| endpoints.sort_unstable());
        Self {
            service: Some(Ports {
                has_cluster_ip: spec.type_.as_deref().is_none_or(|kind| kind == "ClusterIP"),
                port: port.map(|port| port.name.clone().unwrap_or_default()),
            }),
            endpoints,
        }
    }
    /// What is wrong already without asking.
    pub fn verdict(&self, extension: &Extension) -> Option<Verdict> {
        let reference = &extension.service;
        let at = format!("service/{} in {:?}", reference.name, reference.namespace);
        let Some(service) = &self.service else { return Some((false, "ServiceNotFound", format!("{at} is not present"))) };
        if !service.has_cluster_ip {
            return None;
        }
        let Some(port) = &service.port else {
            return Some((false, "ServicePortError", format!("{at} is not listening on port {}", reference.port)));
        };
        match self.endpoints.as_deref() {
            None => Some((false, "EndpointsNotFound", format!("cannot find endpointslices for {at}"))),
            Some([]) => Some((false, "MissingEndpoints", format!("endpointslices for {at} have no addresses with port name {port:?}"))),
            Some(_) => None,
        }
    }
}

/// Asks for the group version.
pub async fn ask(caller: &Caller, extension: &Extension) -> Verdict {
    let mut outcome = attempt(caller, extension).await;
    if outcome.is_err() {
        let more = join_all((0..ATTEMPTS).map(|_| attempt(caller, extension))).await;
        for other in more {
            if outcome.is_err() {
                outcome = other;
            }
        }
    }
    match outcome {
        Ok(()) => (true, "Passed", "all checks passed".to_owned()),
        Err(why) => (false, "FailedDiscoveryCheck", why),
    }
}

async fn attempt(caller: &Caller, extension: &Extension) -> Result<(), String> {
    let backend = caller.resolver().resolve(&extension.service).map_err(|error| error.to_string())?;
    let host = match &backend {
        Backend::Address(address) => address.to_string(),
        Backend::Name(name, port) => format!("{name}:{port}"),
    };
    let path = extension.discovery_path();
    let url = format!("https://{host}{path}");
    let failed = |why: String| format!("failing or missing response from {url}: {why}");
    let mut request =
        Request::builder().uri(format!("{}{path}", extension.origin())).body(Body::empty()).map_err(|error| error.to_string())?;
    identify(request.headers_mut(), &aggregator());
    match tokio::time::timeout(TIMEOUT, caller.send(&extension.trust, request)).await {
        Err(_) => Err(failed(format!("Get {url:?}: context deadline exceeded (Client.Timeout exceeded while awaiting headers)"))),
        Ok(Err(error)) => Err(failed(format!("Get {url:?}: {error}"))),
        Ok(Ok(response)) if response.status().is_success() => Ok(()),
        Ok(Ok(response)) => Err(failed(format!("bad status from {url}: {}", response.status().as_u16()))),
    }
}

/// Puts a condition there; its time is that of the last change of its status.
pub fn set_condition(service: &mut APIService, new: APIServiceCondition) {
    let conditions = service.status.get_or_insert_default().conditions.get_or_insert_default();
    match conditions.iter_mut().find(|condition| condition.type_ == new.type_) {
        None => conditions.push(new),
        Some(there) if there.status == new.status => {
            *there = APIServiceCondition { last_transition_time: there.last_transition_time.clone(), ..new };
        }
        Some(there) => *there = new,
    }
}

/// The condition of a verdict.
pub fn condition((available, reason, message): &Verdict) -> APIServiceCondition {
    APIServiceCondition {
        type_: "Available".to_owned(),
        status: if *available { "True" } else { "False" }.to_owned(),
        reason: Some((*reason).to_owned()),
        message: Some(message.clone()),
        last_transition_time: Some(now()),
    }
}
