//! Logs and upgraded connections through the server to a kubelet.

use std::convert::Infallible;
use std::io;
use std::sync::Arc;

use apiserver::authn::Peer;
use apiserver::{AsyncReadWrite, NodeDialer, UserInfo};
use axum::body::Body;
use http::header::{CONNECTION, UPGRADE};
use http::{Request, Response, StatusCode};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::harness::{Harness, read};

/// A kubelet that answers with what it was asked, and echoes upgraded connections.
struct Echo;

#[async_trait::async_trait]
impl NodeDialer for Echo {
    async fn dial(&self, node: &str) -> io::Result<Box<dyn AsyncReadWrite>> {
        assert_eq!(node, "worker");
        let (near, far) = tokio::io::duplex(64 << 10);
        tokio::spawn(async move {
            let service = service_fn(|mut request: Request<Incoming>| async move {
                assert!(!request.headers().contains_key("authorization"), "the client's credentials stay here");
                let asked = request.uri().to_string();
                if !request.headers().contains_key(UPGRADE) {
                    return Ok::<_, Infallible>(Response::new(Body::from(asked)));
                }
                tokio::spawn(async move {
                    let upgraded = hyper::upgrade::on(&mut request).await.unwrap();
                    let mut upgraded = TokioIo::new(upgraded);
                    upgraded.write_all(asked.as_bytes()).await.unwrap();
                    let mut bytes = [0; 5];
                    upgraded.read_exact(&mut bytes).await.unwrap();
                    upgraded.write_all(&bytes).await.unwrap();
                });
                let response =
                    Response::builder().status(StatusCode::SWITCHING_PROTOCOLS).header(UPGRADE, "test").header(CONNECTION, "Upgrade");
                Ok(response.body(Body::empty()).unwrap())
            });
            let _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(far), service).with_upgrades().await;
        });
        Ok(Box::new(near))
    }
}

async fn with_bound_pod() -> Harness {
    let harness = Harness::with_dialer(Arc::new(Echo)).await;
    harness.post("/api/v1/namespaces/default/serviceaccounts", &json!({"metadata": {"name": "default"}})).await;
    let containers = json!([{"name": "a", "image": "i"}, {"name": "b", "image": "i"}]);
    let pod = json!({"metadata": {"name": "p"}, "spec": {"nodeName": "worker", "containers": containers}});
    let (code, answer) = harness.post("/api/v1/namespaces/default/pods", &pod).await;
    assert_eq!(code, 201, "{answer}");
    harness
}

#[tokio::test]
async fn a_log_comes_from_the_kubelet() {
    let harness = with_bound_pod().await;
    let (code, asked) = harness.get("/api/v1/namespaces/default/pods/p/log?container=b&tailLines=3&follow=false&previous=true").await;
    assert_eq!((code, asked.as_str().unwrap()), (200, "/containerLogs/default/p/b?follow=false&previous=true&tailLines=3"));
    let (code, refused) = harness.get("/api/v1/namespaces/default/pods/p/log").await;
    assert_eq!((code, refused["message"].as_str().unwrap()), (400, "a container name must be specified for pod p, choose one of: [a b]"));
    let (code, refused) = harness.get("/api/v1/namespaces/default/pods/p/log?container=c").await;
    assert_eq!((code, refused["message"].as_str().unwrap()), (400, "container c is not valid for pod p"));
}

#[tokio::test]
async fn an_upgraded_connection_goes_through_both_ways() {
    let harness = with_bound_pod().await;
    let (near, far) = tokio::io::duplex(64 << 10);
    let server = harness.server.clone();
    tokio::spawn(async move {
        let service = service_fn(move |request: Request<Incoming>| {
            let server = server.clone();
            async move { Ok::<_, Infallible>(server.handle(request.map(Body::new), Peer::Internal(Arc::new(UserInfo::administrator()))).await) }
        });
        let _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(far), service).with_upgrades().await;
    });
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(near)).await.unwrap();
    tokio::spawn(connection.with_upgrades());
    let request = Request::builder()
        .uri("/api/v1/namespaces/default/pods/p/exec?container=a&command=sh&command=-c&command=a%20b&stdin=true&stdout=true")
        .header("host", "server")
        .header(UPGRADE, "test")
        .header(CONNECTION, "Upgrade")
        .body(Body::empty())
        .unwrap();
    let response = sender.send_request(request).await.unwrap();
    assert_eq!(response.status(), 101);
    let mut stream = TokioIo::new(hyper::upgrade::on(response).await.unwrap());
    let asked = "/exec/default/p/a?command=sh&command=-c&command=a%20b&input=1&output=1";
    let mut bytes = vec![0; asked.len()];
    stream.read_exact(&mut bytes).await.unwrap();
    assert_eq!(String::from_utf8(bytes).unwrap(), asked);
    stream.write_all(b"hello").await.unwrap();
    let mut bytes = [0; 5];
    stream.read_exact(&mut bytes).await.unwrap();
    assert_eq!(&bytes, b"hello");
}

#[tokio::test]
async fn exec_without_a_command_or_a_stream_is_refused() {
    let harness = with_bound_pod().await;
    let check = async |query: &str, expected: &str| {
        let request =
            Request::builder().uri(format!("/api/v1/namespaces/default/pods/p/exec?container=a{query}")).body(Body::empty()).unwrap();
        let (code, answer) = read(harness.raw(Peer::Internal(Arc::new(UserInfo::administrator())), request).await).await;
        assert_eq!((code, answer["message"].as_str().unwrap()), (400, expected));
    };
    check("", "you must specify at least one command for the container").await;
    check("&command=ls", "you must specify at least 1 of stdin, stdout, stderr").await;
}
