//! A node as far as streams go: its commands are processes of this machine, its ports are this machine's. Behind a front that tunnels to it, as an API server does, with just enough of the API for kubectl.

use std::net::SocketAddr;
use std::process::Stdio;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use http::StatusCode;
use serde_json::json;
use streams::command::{self, CommandOptions, Outcome, ServerCommand, TerminalSize};
use streams::forward;
use tokio::io::{AsyncWriteExt, copy, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};

/// What was asked of the node.
#[derive(Clone, Default)]
pub struct Log {
    pub protocols: Arc<Mutex<Vec<String>>>,
    pub sizes: Arc<Mutex<Vec<TerminalSize>>>,
}

/// Serves the node on a free port of the loopback.
pub async fn serve_node(log: Log) -> SocketAddr {
    let app = Router::new().route("/exec", any(exec)).route("/portforward", any(port_forward)).with_state(log);
    serve(app).await
}

/// Serves a front that knows one pod and tunnels its streams to the node.
pub async fn serve_front(node: SocketAddr) -> SocketAddr {
    let versions = json!({"kind": "APIVersions", "versions": ["v1"]});
    let resources = json!({"kind": "APIResourceList", "groupVersion": "v1", "resources": [
        {"name": "pods", "singularName": "pod", "namespaced": true, "kind": "Pod", "verbs": ["get", "list"]},
        {"name": "pods/exec", "singularName": "", "namespaced": true, "kind": "PodExecOptions", "verbs": ["create", "get"]},
    ]});
    let groups = json!({"kind": "APIGroupList", "apiVersion": "v1", "groups": []});
    let pod = json!({"kind": "Pod", "apiVersion": "v1", "metadata": {"name": "web", "namespace": "default"},
        "spec": {"nodeName": "node", "containers": [{"name": "main", "image": "busybox", "stdin": true}]},
        "status": {"phase": "Running", "containerStatuses": []}});
    let answer = |value: serde_json::Value| get(move || async move { axum::Json(value) });
    let app = Router::new()
        .route("/api", answer(versions))
        .route("/api/v1", answer(resources))
        .route("/apis", answer(groups))
        .route("/api/v1/namespaces/default/pods/web", answer(pod))
        .route("/api/v1/namespaces/default/pods/web/{stream}", any(front))
        .with_state(node);
    serve(app).await
}

async fn serve(app: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    address
}

async fn front(State(node): State<SocketAddr>, mut request: Request) -> Response {
    let stream = request.uri().path().rsplit('/').next().unwrap().replace("attach", "exec");
    let query = request.uri().query().unwrap_or_default();
    *request.uri_mut() = format!("/{stream}?{query}").parse().unwrap();
    let backend = TcpStream::connect(node).await.unwrap();
    streams::tunnel(request, backend).await.unwrap_or_else(|error| (StatusCode::BAD_GATEWAY, error.to_string()).into_response())
}

fn note_protocol(log: &Log, response: &Response) {
    let header = |name: &str| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
    let protocol = header("sec-websocket-protocol").or_else(|| header("x-stream-protocol-version")).unwrap_or_default();
    log.protocols.lock().unwrap().push(format!("{} {protocol}", header("upgrade").unwrap_or_default()));
}

async fn exec(State(log): State<Log>, mut request: Request<Body>) -> Response {
    let query = request.uri().query().unwrap_or_default().to_owned();
    let options = match CommandOptions::from_query(&query) {
        Ok(options) => options,
        Err(error) => return (StatusCode::BAD_REQUEST, error.to_string()).into_response(),
    };
    let (response, pending) = match command::accept(&mut request, options) {
        Ok(accepted) => accepted,
        Err(rejection) => return rejection.into_response(),
    };
    note_protocol(&log, &response);
    tokio::spawn(async move {
        match pending.connect().await {
            Ok(command) => run(command, &words(&query), log).await,
            Err(error) => eprintln!("no command: {error}"),
        }
    });
    response
}

/// The words of the command, percent-decoded.
fn words(query: &str) -> Vec<String> {
    let decode = |text: &str| {
        let (mut bytes, mut rest) = (Vec::new(), text.as_bytes());
        while let Some((first, after)) = rest.split_first() {
            rest = after;
            match first {
                b'%' => {
                    bytes.push(u8::from_str_radix(std::str::from_utf8(&rest[..2]).unwrap(), 16).unwrap());
                    rest = &rest[2..];
                }
                b'+' => bytes.push(b' '),
                other => bytes.push(*other),
            }
        }
        String::from_utf8(bytes).unwrap()
    };
    query.split('&').filter_map(|pair| pair.strip_prefix("command=")).map(decode).collect()
}

async fn run(command: ServerCommand, words: &[String], log: Log) {
    let ServerCommand { stdin, stdout, stderr, resizes, status } = command;
    if let Some(mut resizes) = resizes {
        tokio::spawn(async move {
            while let Some(size) = resizes.next().await {
                log.sizes.lock().unwrap().push(size);
            }
        });
    }
    // without a command it is an attach: to something that shouts
    let shout = ["tr".to_owned(), "a-z".to_owned(), "A-Z".to_owned()];
    let words = if words.is_empty() { &shout } else { words };
    let child = tokio::process::Command::new(&words[0])
        .args(&words[1..])
        .stdin(if stdin.is_some() { Stdio::piped() } else { Stdio::null() })
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn();
    let mut child = match child {
        Ok(child) => child,
        Err(error) => return status.send(&Outcome::internal_error(&error.to_string())).await.unwrap(),
    };
    if let (Some(mut from), Some(mut to)) = (stdin, child.stdin.take()) {
        tokio::spawn(async move { copy(&mut from, &mut to).await });
    }
    let (mut child_out, mut child_err) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
    let out = async {
        if let Some(mut to) = stdout {
            let _ = copy(&mut child_out, &mut to).await;
        }
    };
    let err = async {
        if let Some(mut to) = stderr {
            let _ = copy(&mut child_err, &mut to).await;
        }
    };
    let (_, _, exit) = tokio::join!(out, err, child.wait());
    status.send(&Outcome::exited(exit.unwrap().code().unwrap())).await.unwrap();
}

async fn port_forward(State(log): State<Log>, mut request: Request<Body>) -> Response {
    let (response, pending) = match forward::accept(&mut request) {
        Ok(accepted) => accepted,
        Err(rejection) => return rejection.into_response(),
    };
    note_protocol(&log, &response);
    tokio::spawn(async move {
        let mut forwarding = pending.connect().await.unwrap();
        while let Some(mut connection) = forwarding.next().await {
            tokio::spawn(async move {
                match TcpStream::connect(("127.0.0.1", connection.port)).await {
                    Ok(mut port) => {
                        let _ = copy_bidirectional(&mut connection.data, &mut port).await;
                    }
                    Err(error) => {
                        let _ = connection.error.send(&format!("error forwarding port {}: {error}", connection.port)).await;
                    }
                }
            });
        }
    });
    response
}

/// A server on a free port that sends everything back and then ends.
pub async fn serve_echo() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let (mut read, mut write) = stream.into_split();
                let _ = copy(&mut read, &mut write).await;
                let _ = write.shutdown().await;
            });
        }
    });
    port
}

/// A port on which nobody listens.
pub async fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port()
}

/// Bytes that are not all the same.
pub fn bytes(count: usize) -> Vec<u8> {
    (0..count).map(|number| (number * 7 % 251) as u8).collect()
}
