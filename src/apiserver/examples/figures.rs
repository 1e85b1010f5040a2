//! The figures of ARCHITECTURE.md, taken over TLS and HTTP/2 from a server that runs elsewhere:
//! `cargo run --release -p apiserver --example dev -- DIR` in one terminal, `cargo run --release -p apiserver --example figures -- DIR [UPDATES]` in another.
//! The rates are taken with h2load (Debian's nghttp2-client), which leaves the processors to the server, with the token of a service account; the rest with connections of its own.
//! DIR must be fresh. UPDATES (200,000 where it is not said) are of 1,000 objects; the size of the store is told after them.
#![allow(clippy::print_stdout, reason = "an example tells its figures")]

use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use base64::Engine;
use bytes::Bytes;
use http::{Method, Request};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http2::{self, SendRequest};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use serde_json::{Value, json};

type Failure = Box<dyn Error + Send + Sync>;

/// Connections and streams on each, where nothing else is said.
const CONNECTIONS: usize = 8;
const STREAMS: usize = 16;

#[derive(Clone)]
struct Target {
    address: String,
    tls: tokio_rustls::TlsConnector,
}

impl Target {
    fn read(dir: &Path) -> Result<Self, Failure> {
        let config: Value = serde_yaml::from_slice(&std::fs::read(dir.join("kubeconfig"))?)?;
        let pem = |pointer: &str| -> Result<Vec<u8>, Failure> {
            let text = config.pointer(pointer).and_then(Value::as_str).ok_or("the kubeconfig is not one of dev's")?;
            Ok(base64::engine::general_purpose::STANDARD.decode(text)?)
        };
        let mut roots = rustls::RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(&pem("/clusters/0/cluster/certificate-authority-data")?)?)?;
        let certificate = CertificateDer::from_pem_slice(&pem("/users/0/user/client-certificate-data")?)?;
        let key = PrivateKeyDer::from_pem_slice(&pem("/users/0/user/client-key-data")?)?;
        let mut tls = rustls::ClientConfig::builder().with_root_certificates(roots).with_client_auth_cert(vec![certificate], key)?;
        tls.alpn_protocols = vec![b"h2".to_vec()];
        let url = config.pointer("/clusters/0/cluster/server").and_then(Value::as_str).unwrap_or_default();
        Ok(Self { address: url.trim_start_matches("https://").to_owned(), tls: Arc::new(tls).into() })
    }
    async fn connect(&self) -> Result<Connection, Failure> {
        let stream = tokio::net::TcpStream::connect(&self.address).await?;
        stream.set_nodelay(true)?;
        let stream = self.tls.connect(ServerName::try_from("localhost")?, stream).await?;
        let (sender, connection) = http2::Builder::new(TokioExecutor::new())
            .initial_stream_window_size(1 << 20)
            .initial_connection_window_size(16 << 20)
            .handshake(TokioIo::new(stream))
            .await?;
        tokio::spawn(connection);
        Ok(Connection(sender))
    }
}

#[derive(Clone)]
struct Connection(SendRequest<Full<Bytes>>);

impl Connection {
    async fn send(&mut self, method: Method, path: &str, body: Bytes) -> Result<hyper::Response<hyper::body::Incoming>, Failure> {
        let request = Request::builder()
            .method(method)
            .uri(format!("https://localhost{path}"))
            .header("content-type", "application/json")
            .body(Full::new(body))?;
        Ok(self.0.send_request(request).await?)
    }
    /// The size of the answer; one that is no success is an error.
    async fn call(&mut self, method: Method, path: &str, body: Bytes) -> Result<Bytes, Failure> {
        let response = self.send(method, path, body).await?;
        let status = response.status();
        let body = response.into_body().collect().await?.to_bytes();
        if status.is_success() { Ok(body) } else { Err(format!("{path}: {status}: {}", String::from_utf8_lossy(&body)).into()) }
    }
}

/// Calls a second: `make` gives the request of each number.
async fn rate(
    target: &Target,
    (connections, streams): (usize, usize),
    count: usize,
    make: impl Fn(usize) -> (Method, String, Bytes) + Clone + Send + 'static,
) -> Result<f64, Failure> {
    let next = Arc::new(AtomicUsize::new(0));
    let mut workers = Vec::new();
    let mut opened = Vec::new();
    for _ in 0..connections {
        opened.push(target.connect().await?);
    }
    let started = Instant::now();
    for connection in &opened {
        for _ in 0..streams {
            let (mut connection, next, make) = (connection.clone(), next.clone(), make.clone());
            workers.push(tokio::spawn(async move {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= count {
                        return Ok::<_, Failure>(());
                    }
                    let (method, path, body) = make(number);
                    connection.call(method, &path, body).await?;
                }
            }));
        }
    }
    for worker in workers {
        worker.await??;
    }
    #[allow(clippy::cast_precision_loss, reason = "a rate")]
    Ok(count as f64 / started.elapsed().as_secs_f64())
}

/// Who h2load is, and where it works.
struct Load {
    address: String,
    token: String,
    dir: PathBuf,
}

impl Load {
    /// An account that may do everything, with a token for an hour.
    async fn prepare(target: &Target, dir: &Path) -> Result<Self, Failure> {
        let mut admin = target.connect().await?;
        let accounts = namespaced("kept", "serviceaccounts");
        admin.call(Method::POST, &accounts, json!({"metadata": {"name": "load"}}).to_string().into()).await?;
        let role = json!({"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "cluster-admin"});
        let subject = json!({"kind": "ServiceAccount", "name": "load", "namespace": "kept"});
        let binding = json!({"metadata": {"name": "load"}, "roleRef": role, "subjects": [subject]}).to_string();
        admin.call(Method::POST, "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", binding.into()).await?;
        let request = json!({"spec": {"expirationSeconds": 3600}}).to_string();
        let answer: Value = serde_json::from_slice(&admin.call(Method::POST, &format!("{accounts}/load/token"), request.into()).await?)?;
        let token = answer.pointer("/status/token").and_then(Value::as_str).ok_or("no token came")?.to_owned();
        Ok(Self { address: target.address.clone(), token, dir: dir.to_owned() })
    }
    /// Answers a second. A body is posted; without one it is a GET.
    fn rate(&self, (connections, streams): (usize, usize), count: usize, path: &str, body: Option<Bytes>) -> Result<f64, Failure> {
        let mut command = std::process::Command::new("h2load");
        let number = |number: usize| number.to_string();
        command.args(["-t1", "-n", &number(count), "-c", &number(connections), "-m", &number(streams)]);
        command.args(["-H", &format!("authorization: Bearer {}", self.token), "-H", "content-type: application/json"]);
        if let Some(body) = body {
            let file = self.dir.join("body.json");
            std::fs::write(&file, body)?;
            command.arg("-d").arg(file);
        }
        let output = command.arg(format!("https://{}{path}", self.address)).output().map_err(|error| format!("running h2load: {error}"))?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        if !text.contains(&format!("status codes: {count} 2xx")) {
            return Err(format!("h2load {path}: {text}{}", String::from_utf8_lossy(&output.stderr)).into());
        }
        let rate = text.lines().find_map(|line| line.strip_prefix("finished in ")?.split(", ").nth(1)?.strip_suffix(" req/s"));
        Ok(rate.ok_or("h2load tells no rate")?.parse()?)
    }
}

fn config_map(name: &str, value: &str) -> Bytes {
    json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": named(name), "data": {"key": value, "more": "x".repeat(400)}})
        .to_string()
        .into()
}

/// The server gives a name where none is given.
fn named(name: &str) -> Value {
    if name.is_empty() { json!({"generateName": "some-"}) } else { json!({"name": name}) }
}

fn pod(name: &str) -> Bytes {
    let mut metadata = named(name);
    metadata["labels"] = json!({"app": "web", "tier": "front"});
    let container = json!({"name": "main", "image": "registry.example.com/team/application:1.2.3", "env": [{"name": "A", "value": "b"}],
        "ports": [{"containerPort": 8080}], "resources": {"requests": {"cpu": "100m", "memory": "64Mi"}, "limits": {"memory": "128Mi"}},
        "readinessProbe": {"httpGet": {"path": "/ready", "port": 8080}}});
    json!({"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": {"containers": [container]}}).to_string().into()
}

fn namespaced(namespace: &str, plural: &str) -> String {
    format!("/api/v1/namespaces/{namespace}/{plural}")
}

/// Resident memory of the server, as it tells itself.
async fn memory(target: &Target) -> Result<f64, Failure> {
    let text = target.connect().await?.call(Method::GET, "/metrics", Bytes::new()).await?;
    let text = String::from_utf8_lossy(&text).into_owned();
    let line = text.lines().find_map(|line| line.strip_prefix("process_resident_memory_bytes "));
    Ok(line.ok_or("the server does not tell its memory")?.parse::<f64>()? / 1e6)
}

/// How long one write takes to reach all watchers.
async fn fan_out(target: &Target, watchers: usize) -> Result<Duration, Failure> {
    let path = namespaced("watched", "configmaps");
    let (ready_sender, mut ready) = tokio::sync::mpsc::channel(watchers);
    let (heard_sender, mut heard) = tokio::sync::mpsc::channel(watchers);
    let mut connections = Vec::new();
    for _ in 0..CONNECTIONS {
        connections.push(target.connect().await?);
    }
    for number in 0..watchers {
        let mut connection = connections[number % CONNECTIONS].clone();
        let (path, ready, heard) = (format!("{path}?watch=1&resourceVersion=0"), ready_sender.clone(), heard_sender.clone());
        tokio::spawn(async move {
            let response = connection.send(Method::GET, &path, Bytes::new()).await?;
            let mut body = response.into_body();
            let _ = ready.send(()).await;
            while let Some(frame) = body.frame().await {
                if frame?.data_ref().is_some_and(|data| data.windows(6).any(|window| window == b"signal")) {
                    let _ = heard.send(Instant::now()).await;
                }
            }
            Ok::<_, Failure>(())
        });
    }
    for _ in 0..watchers {
        ready.recv().await.ok_or("a watch did not start")?;
    }
    let mut worst = Vec::new();
    for round in 0..5 {
        let written = Instant::now();
        connections[0].call(Method::POST, &path, config_map(&format!("signal-{round}"), "x")).await?;
        let mut last = written;
        for _ in 0..watchers {
            last = heard.recv().await.ok_or("a watcher has gone")?;
        }
        worst.push(last - written);
    }
    worst.sort();
    Ok(worst[worst.len() / 2])
}

fn size_of(dir: &Path) -> u64 {
    let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.metadata().ok()).map(|meta| meta.len()).sum()
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut arguments = std::env::args().skip(1);
    let dir = PathBuf::from(arguments.next().ok_or("usage: figures DIR [UPDATES]")?);
    let updates: usize = arguments.next().map_or(Ok(200_000), |count| count.parse())?;
    let target = Target::read(&dir)?;
    let all = (CONNECTIONS, STREAMS);
    let mut admin = target.connect().await?;
    for name in ["kept", "one", "many", "pods", "watched", "updated"] {
        let body = json!({"metadata": {"name": name}}).to_string();
        admin.call(Method::POST, "/api/v1/namespaces", body.into()).await?;
        let account = json!({"metadata": {"name": "default"}}).to_string();
        drop(admin.call(Method::POST, &namespaced(name, "serviceaccounts"), account.into()).await);
    }
    let maps = |namespace: &'static str| {
        move |number: usize| (Method::POST, namespaced(namespace, "configmaps"), config_map(&format!("c{number}"), "value"))
    };
    let pods = |namespace: &'static str| move |number: usize| (Method::POST, namespaced(namespace, "pods"), pod(&format!("p{number}")));
    println!("memory of the empty server: {:.0} MB", memory(&target).await?);
    rate(&target, all, 6000, maps("kept")).await?;
    rate(&target, all, 3000, pods("kept")).await?;
    println!("memory with 6,000 ConfigMaps and 3,000 pods: {:.0} MB", memory(&target).await?);
    let load = Load::prepare(&target, &dir).await?;
    let (config_maps, pod_list) = (namespaced("kept", "configmaps"), namespaced("kept", "pods"));
    println!("GET one: {:.0}/s", load.rate(all, 150_000, &format!("{config_maps}/c1"), None)?);
    println!("LIST of 3,000 pods, 2 x 2: {:.1}/s", load.rate((2, 2), 200, &pod_list, None)?);
    println!("size of that list: {:.1} MB", admin.call(Method::GET, &pod_list, Bytes::new()).await?.len() as f64 / 1e6);
    println!("memory after lists: {:.0} MB", memory(&target).await?);
    let map = || Some(config_map("", "value"));
    println!("create ConfigMap, one connection: {:.0}/s", load.rate((1, 1), 4000, &namespaced("one", "configmaps"), map())?);
    println!("create ConfigMap: {:.0}/s", load.rate(all, 60_000, &namespaced("many", "configmaps"), map())?);
    println!("create Pod: {:.0}/s", load.rate(all, 20_000, &namespaced("pods", "pods"), Some(pod("")))?);
    println!("one write to 1,000 watchers: {:.1} ms", fan_out(&target, 1000).await?.as_secs_f64() * 1000.0);
    rate(&target, all, 1000, maps("updated")).await?;
    let before = size_of(&dir.join("store"));
    let update = |number: usize| {
        let name = format!("c{}", number % 1000);
        (Method::PUT, format!("{}/{name}", namespaced("updated", "configmaps")), config_map(&name, &number.to_string()))
    };
    println!("update ConfigMap: {:.0}/s", rate(&target, all, updates, update).await?);
    println!("store before and after {updates} updates of 1,000 objects: {} and {} kB", before / 1000, size_of(&dir.join("store")) / 1000);
    println!("memory at the end: {:.0} MB", memory(&target).await?);
    Ok(())
}
