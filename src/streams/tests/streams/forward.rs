//! Port-forwarding by our own client, tunnelled and plain, through a front.

use std::net::SocketAddr;

use http::Request;
use streams::forward::{self, Forwarder};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::node::{Log, bytes, free_port, serve_echo, serve_front, serve_node};

async fn connect(tunnel: bool, front: SocketAddr) -> Forwarder {
    let io = TcpStream::connect(front).await.unwrap();
    let method = if tunnel { "GET" } else { "POST" };
    let path = "/api/v1/namespaces/default/pods/web/portforward";
    let request = Request::builder().method(method).uri(path).header("Host", front.to_string()).body(()).unwrap();
    if tunnel { forward::connect_tunnel(io, request).await.unwrap() } else { forward::connect_spdy(io, request).await.unwrap() }
}

#[tokio::test]
async fn many_connections_at_once() {
    let log = Log::default();
    let front = serve_front(serve_node(log.clone()).await).await;
    let (echo, nobody) = (serve_echo().await, free_port().await);
    for tunnel in [true, false] {
        let forwarder = connect(tunnel, front).await;
        let transfers = (0..20usize).map(async |number| {
            let connection = forwarder.open(echo).await.unwrap();
            let sent = bytes(100_000 + number);
            let (mut reader, mut writer) = (connection.data.reader, connection.data.writer);
            let write = async {
                writer.write_all(&sent).await.unwrap();
                writer.shutdown().await.unwrap();
            };
            let mut got = Vec::new();
            let (_, read) = tokio::join!(write, reader.read_to_end(&mut got));
            read.unwrap();
            assert!(got == sent);
            assert_eq!(connection.error.wait().await, None);
        });
        futures::future::join_all(transfers).await;
        let refused = forwarder.open(nobody).await.unwrap().error.wait().await.unwrap();
        assert_eq!(refused, format!("error forwarding port {nobody}: Connection refused (os error 111)"));
        forwarder.close().await;
    }
    assert_eq!(*log.protocols.lock().unwrap(), ["websocket SPDY/3.1+portforward.k8s.io", "SPDY/3.1 portforward.k8s.io"]);
}
