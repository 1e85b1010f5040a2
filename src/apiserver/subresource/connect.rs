//! Requests that go on to somewhere else: logs, exec, attach and port-forward to the kubelet of a pod; proxy to pods, services and nodes. Bytes pass through as
//! they are, upgraded connections included.

use std::net::IpAddr;
use std::sync::Arc;

use api::{ApiError, Object};
use axum::body::Body;
use http::header::{HOST, HeaderValue};
use http::{Request, Response, Uri};
use hyper_util::rt::TokioIo;
use k8s_openapi::api::core::v1::{Pod, Service};
use tokio::net::TcpStream;

use crate::context::UserInfo;
use crate::node::AsyncReadWrite;
use crate::registry::Endpoint;
use crate::relay;
use crate::request::{Query, RequestInfo};
use crate::server::Inner;
use crate::service_reference::ServiceResolver;

type Connection = Box<dyn AsyncReadWrite>;

/// Where a request goes, and what it asks for there.
struct Target {
    connection: Connection,
    host: String,
    path: String,
}

/// The options of a connection as upstream's object of a kind: what admission looks at.
pub fn options(kind: &str, info: &RequestInfo, query: &Query) -> Box<dyn Object> {
    let mut rest = serde_json::Map::new();
    let on_by_default = kind == "PodAttachOptions";
    match kind {
        "PodExecOptions" | "PodAttachOptions" => {
            for (name, default) in [("stdin", false), ("stdout", on_by_default), ("stderr", on_by_default), ("tty", false)] {
                if query.get(name).map_or(default, |_| query.flag(name)) {
                    rest.insert(name.to_owned(), true.into());
                }
            }
            if let Some(container) = query.filled("container") {
                rest.insert("container".to_owned(), container.into());
            }
            if kind == "PodExecOptions" {
                rest.insert("command".to_owned(), query.all("command").collect::<Vec<_>>().into());
            }
        }
        "PodPortForwardOptions" => {
            let ports: Vec<i64> = query.all("ports").flat_map(|ports| ports.split(',')).filter_map(|port| port.parse().ok()).collect();
            if !ports.is_empty() {
                rest.insert("ports".to_owned(), ports.into());
            }
        }
        _ => {
            rest.insert("path".to_owned(), info.rest.clone().into());
        }
    }
    Box::new(api::Untyped { api_version: "v1".to_owned(), kind: kind.to_owned(), rest, ..api::Untyped::default() })
}

pub async fn answer(
    inner: &Arc<Inner>,
    endpoint: &Endpoint,
    _user: &UserInfo,
    info: &RequestInfo,
    query: &Query,
    request: Request<Body>,
) -> Result<Response<Body>, ApiError> {
    let raw_query = request.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
    let target = match (&*endpoint.kind.plural, info.subresource.as_str()) {
        ("pods", "proxy") => pod(inner, info, &raw_query).await?,
        ("services", "proxy") => service(inner, info, &raw_query).await?,
        ("nodes", "proxy") => {
            let node = info.name.split(':').next().unwrap_or_default();
            inner.registry.get(inner.registry.of(&kinds::NODE), "", node)?;
            let path = if info.rest.is_empty() { "/" } else { &info.rest };
            kubelet(inner, node, format!("{path}{raw_query}")).await?
        }
        (_, name) => {
            let (node, path) = kubelet_path(inner, info, name, query)?;
            kubelet(inner, &node, path).await?
        }
    };
    forward(target, request).await
}

async fn kubelet(inner: &Inner, node: &str, path: String) -> Result<Target, ApiError> {
    let connection = inner.dialer.dial(node).await.map_err(|error| ApiError::internal(format!("error dialing backend: {error}")))?;
    Ok(Target { connection, host: node.to_owned(), path })
}

/// The path at the kubelet for a subresource of a pod, and its node.
fn kubelet_path(inner: &Inner, info: &RequestInfo, subresource: &str, query: &Query) -> Result<(String, String), ApiError> {
    let item = inner.registry.get(inner.registry.of(&kinds::POD), &info.namespace, &info.name)?;
    let object = item.object(&kinds::POD).map_err(ApiError::internal)?;
    let pod: &Pod = object.downcast_ref().ok_or_else(ApiError::no_such_resource)?;
    let node = pod.spec.as_ref().and_then(|spec| spec.node_name.clone()).unwrap_or_default();
    let at = format!("{}/{}", info.namespace, info.name);
    let mut parameters: Vec<(&str, &str)> = Vec::new();
    let prefix = match subresource {
        "portforward" => {
            parameters.extend(query.all("ports").map(|port| ("ports", port)));
            format!("/portForward/{at}")
        }
        "log" => {
            let names = ["follow", "previous", "sinceSeconds", "sinceTime", "timestamps", "tailLines", "limitBytes", "stream"];
            for name in names {
                parameters.extend(query.filled(name).map(|value| (name, value)));
            }
            check_log_options(query, &info.name)?;
            format!("/containerLogs/{at}/{}", container(pod, query)?)
        }
        "exec" | "attach" => {
            if subresource == "exec" {
                parameters.extend(query.all("command").map(|part| ("command", part)));
                if query.get("command").is_none() {
                    return Err(ApiError::bad_request("you must specify at least one command for the container"));
                }
            }
            let streams = [
                ("stdin", "input", false),
                ("stdout", "output", subresource == "attach"),
                ("stderr", "error", subresource == "attach"),
                ("tty", "tty", false),
            ];
            let mut any = false;
            for (name, at_kubelet, default) in streams {
                let wanted = query.get(name).map_or(default, |_| query.flag(name));
                if wanted {
                    any |= name != "tty";
                    parameters.push((at_kubelet, "1"));
                }
            }
            if !any {
                return Err(ApiError::bad_request("you must specify at least 1 of stdin, stdout, stderr"));
            }
            format!("/{subresource}/{at}/{}", container(pod, query)?)
        }
        _ => return Err(ApiError::no_such_resource()),
    };
    if node.is_empty() {
        // upstream shows nothing for the log of a pod that waits for its node
        return Err(ApiError::bad_request(format!("pod {} does not have a host assigned", info.name)));
    }
    let text: Vec<String> = parameters.iter().map(|(name, value)| format!("{name}={}", percent_encode(value))).collect();
    let query = if text.is_empty() { String::new() } else { format!("?{}", text.join("&")) };
    Ok((node, format!("{prefix}{query}")))
}

fn check_log_options(query: &Query, name: &str) -> Result<(), ApiError> {
    let mut errors = Vec::new();
    for (field, least, detail) in [
        ("tailLines", 0, "must be greater than or equal to 0"),
        ("limitBytes", 1, "must be greater than 0"),
        ("sinceSeconds", 1, "must be greater than 0"),
    ] {
        if let Some(value) = query.number(field)?.filter(|value| *value < least) {
            errors.push(api::FieldError::invalid(&api::Path::new(field), value, detail));
        }
    }
    if query.filled("sinceSeconds").is_some() && query.filled("sinceTime").is_some() {
        errors.push(api::FieldError::forbidden(&api::Path::default(), "at most one of `sinceTime` or `sinceSeconds` may be specified"));
    }
    if errors.is_empty() { Ok(()) } else { Err(ApiError::invalid("", "PodLogOptions", name, &errors)) }
}

/// The container that is meant.
fn container(pod: &Pod, query: &Query) -> Result<String, ApiError> {
    let name = pod.metadata.name.as_deref().unwrap_or_default();
    let spec = pod.spec.clone().unwrap_or_default();
    let own: Vec<&str> = spec.containers.iter().map(|container| container.name.as_str()).collect();
    let first: Vec<&str> = spec.init_containers.iter().flatten().map(|container| container.name.as_str()).collect();
    let later: Vec<&str> = spec.ephemeral_containers.iter().flatten().map(|container| container.name.as_str()).collect();
    match query.filled("container") {
        Some(wanted) if own.iter().chain(&first).chain(&later).any(|container| *container == wanted) => Ok(wanted.to_owned()),
        Some(wanted) => Err(ApiError::bad_request(format!("container {wanted} is not valid for pod {name}"))),
        None => match own.as_slice() {
            [one] => Ok((*one).to_owned()),
            [] => Err(ApiError::bad_request(format!("a container name must be specified for pod {name}"))),
            _ => {
                let mut text = format!("a container name must be specified for pod {name}, choose one of: [{}]", own.join(" "));
                if !first.is_empty() {
                    text.push_str(&format!(" or one of the init containers: [{}]", first.join(" ")));
                }
                Err(ApiError::bad_request(text))
            }
        },
    }
}

/// `name`, `name:port`, `scheme:name:port`.
fn parts(name: &str) -> Result<(&str, &str, &str), ApiError> {
    let parts: Vec<&str> = name.split(':').collect();
    match parts.as_slice() {
        [name] => Ok(("http", name, "")),
        [name, port] => Ok(("http", name, port)),
        ["https", ..] => Err(ApiError::bad_request("proxying to https is not offered")),
        [scheme @ ("http" | ""), name, port] => Ok((if scheme.is_empty() { "http" } else { scheme }, name, port)),
        _ => Err(ApiError::bad_request(format!("invalid request {name:?}"))),
    }
}

async fn pod(inner: &Inner, info: &RequestInfo, raw_query: &str) -> Result<Target, ApiError> {
    let (_, name, port) = parts(&info.name)?;
    let item = inner.registry.get(inner.registry.of(&kinds::POD), &info.namespace, name)?;
    let object = item.object(&kinds::POD).map_err(ApiError::internal)?;
    let pod: &Pod = object.downcast_ref().ok_or_else(ApiError::no_such_resource)?;
    let containers = pod.spec.iter().flat_map(|spec| &spec.containers);
    let mut ports = containers.flat_map(|container| container.ports.iter().flatten());
    let port = match port {
        "" => ports.next().map_or(80, |port| port.container_port),
        text => match text.parse() {
            Ok(number) => number,
            Err(_) => ports
                .find(|port| port.name.as_deref() == Some(text))
                .map(|port| port.container_port)
                .ok_or_else(|| ApiError::bad_request(format!("no port {text:?} in pod {name:?}")))?,
        },
    };
    let ip = pod.status.as_ref().and_then(|status| status.pod_ip.as_deref()).unwrap_or_default();
    let address: IpAddr = ip.parse().map_err(|_| ApiError::bad_request("address not allowed"))?;
    tcp(address, port, info, raw_query).await
}

async fn service(inner: &Inner, info: &RequestInfo, raw_query: &str) -> Result<Target, ApiError> {
    let (_, name, port) = parts(&info.name)?;
    let registry = &inner.registry;
    let item = registry.get(registry.of(&kinds::SERVICE), &info.namespace, name)?;
    let object = item.object(&kinds::SERVICE).map_err(ApiError::internal)?;
    let service: &Service = object.downcast_ref().ok_or_else(ApiError::no_such_resource)?;
    let ports = service.spec.as_ref().and_then(|spec| spec.ports.as_deref()).unwrap_or_default();
    let wanted = match port {
        "" if ports.len() == 1 => ports.first(),
        "" => ports.iter().find(|port| port.name.as_deref().unwrap_or_default().is_empty()),
        text => ports.iter().find(|port| port.name.as_deref() == Some(text) || port.port.to_string() == text),
    };
    let unavailable = || ApiError::service_unavailable(format!("no endpoints available for service {:?}", info.name));
    let wanted = wanted.ok_or_else(unavailable)?;
    let found = ServiceResolver::new(&registry.cache).endpoints(&info.namespace, name, wanted);
    let start = usize::from(uuid::Uuid::new_v4().as_bytes()[0]);
    let (address, port) = *found.get(start % found.len().max(1)).ok_or_else(unavailable)?;
    tcp(address, port.into(), info, raw_query).await
}

async fn tcp(address: IpAddr, port: i32, info: &RequestInfo, raw_query: &str) -> Result<Target, ApiError> {
    // the API server is no way around the network to what listens on its own host
    if address.is_loopback() || address.is_unspecified() {
        return Err(ApiError::bad_request("address not allowed"));
    }
    let port = u16::try_from(port).map_err(|_| ApiError::bad_request(format!("invalid port {port}")))?;
    let connecting = tokio::time::timeout(std::time::Duration::from_secs(10), TcpStream::connect((address, port)));
    let stream = match connecting.await {
        Ok(Ok(stream)) => stream,
        Ok(Err(error)) => {
            return Err(ApiError::service_unavailable(format!("error trying to reach service: dial tcp {address}:{port}: {error}")));
        }
        Err(_) => {
            return Err(ApiError::service_unavailable(format!("error trying to reach service: dial tcp {address}:{port}: i/o timeout")));
        }
    };
    let path = if info.rest.is_empty() { "/" } else { &info.rest };
    let host = std::net::SocketAddr::new(address, port).to_string();
    Ok(Target { connection: Box::new(stream), host, path: format!("{path}{raw_query}") })
}

/// Sends the request on over a connection of its own, and the answer back.
async fn forward(target: Target, request: Request<Body>) -> Result<Response<Body>, ApiError> {
    let unreachable = |error: hyper::Error| ApiError::service_unavailable(format!("error trying to reach service: {error}"));
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(target.connection)).await.map_err(unreachable)?;
    tokio::spawn(async move {
        if let Err(error) = connection.with_upgrades().await {
            tracing::debug!(%error, "a connection to a backend ended badly");
        }
    });
    let uri = target.path.parse::<Uri>().map_err(|error| ApiError::bad_request(format!("invalid path: {error}")))?;
    let mut onward = relay::onward(request, uri);
    onward.request.headers_mut().insert(HOST, HeaderValue::from_str(&target.host).map_err(ApiError::internal)?);
    let response = sender.send_request(onward.request).await.map_err(unreachable)?;
    Ok(relay::back(response, onward.upgrade, sender))
}

fn percent_encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
