//! Commands by our own client, over each protocol, also through a relay and a tunnel.

use std::net::SocketAddr;

use axum::Router;
use axum::extract::Request as AxumRequest;
use axum::routing::any;
use http::Request;
use streams::ConnectError;
use streams::command::{self, ClientCommand, CommandOptions, Outcome, TerminalSize};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::node::{Log, bytes, serve_front, serve_node};

#[derive(Clone, Copy, Debug)]
enum Over {
    WebSocket,
    Spdy,
}

async fn connect(over: Over, address: SocketAddr, path: &str, options: CommandOptions) -> Result<ClientCommand, ConnectError> {
    let io = TcpStream::connect(address).await.unwrap();
    let method = if matches!(over, Over::Spdy) { "POST" } else { "GET" };
    let request = Request::builder().method(method).uri(path).header("Host", address.to_string()).body(()).unwrap();
    match over {
        Over::WebSocket => command::connect_websocket(io, request, options).await,
        Over::Spdy => command::connect_spdy(io, request, options).await,
    }
}

const ALL: CommandOptions = CommandOptions { stdin: true, stdout: true, stderr: true, tty: false };

/// Runs to the end: what came out, and how it ended.
async fn run(command: ClientCommand, input: Vec<u8>) -> (Vec<u8>, Vec<u8>, Outcome) {
    let ClientCommand { stdin, stdout, stderr, resize: _resize, outcome } = command;
    let write = async {
        if let Some(mut stdin) = stdin {
            // the command may not want it all
            let _ = stdin.write_all(&input).await;
            let _ = stdin.shutdown().await;
        }
    };
    let read = async |reader: Option<streams::pipe::Reader>| {
        let mut bytes = Vec::new();
        if let Some(mut reader) = reader {
            reader.read_to_end(&mut bytes).await.unwrap();
        }
        bytes
    };
    let (_, stdout, stderr, outcome) = tokio::join!(write, read(stdout), read(stderr), outcome.wait());
    (stdout, stderr, outcome.unwrap())
}

/// A kubelet between its clients and the node as its runtime: it relays, by SPDY on that side.
async fn serve_relay(node: SocketAddr) -> SocketAddr {
    let app = Router::new().route(
        "/exec",
        any(async move |mut request: AxumRequest| {
            let query = request.uri().query().unwrap_or_default().to_owned();
            let options = CommandOptions::from_query(&query).unwrap();
            let (response, pending) = command::accept(&mut request, options).unwrap();
            tokio::spawn(async move {
                let server = pending.connect().await.unwrap();
                let client = connect(Over::Spdy, node, &format!("/exec?{query}"), options).await.unwrap();
                command::relay(server, client).await;
            });
            response
        }),
    );
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    address
}

/// The same on every way to the node.
async fn everywhere(check: impl AsyncFn(Over, SocketAddr, &str)) {
    let node = serve_node(Log::default()).await;
    let relay = serve_relay(node).await;
    let front = serve_front(relay).await;
    for over in [Over::WebSocket, Over::Spdy] {
        for (address, path) in [(node, "/exec"), (relay, "/exec"), (front, "/api/v1/namespaces/default/pods/web/exec")] {
            let within = std::time::Duration::from_secs(60);
            tokio::time::timeout(within, check(over, address, path)).await.unwrap_or_else(|_| panic!("{over:?} {path} hangs"));
        }
    }
}

#[tokio::test]
async fn output_and_exit_code() {
    everywhere(async |over, address, path| {
        let query = "stdout=true&stderr=true&command=sh&command=-c&command=echo+out;echo+err%3E%262;exit+7";
        let options = CommandOptions { stdin: false, ..ALL };
        let command = connect(over, address, &format!("{path}?{query}"), options).await.unwrap();
        assert!(command.stdin.is_none());
        let (stdout, stderr, outcome) = run(command, Vec::new()).await;
        assert_eq!((&stdout[..], &stderr[..]), (&b"out\n"[..], &b"err\n"[..]), "{over:?}");
        assert_eq!(outcome, Outcome::exited(7));
    })
    .await;
}

#[tokio::test]
async fn input_ends_and_comes_back_whole() {
    everywhere(async |over, address, path| {
        let command = connect(over, address, &format!("{path}?stdin=true&stdout=true&stderr=true&command=cat"), ALL).await.unwrap();
        let input = bytes(3_000_000);
        let (stdout, stderr, outcome) = run(command, input.clone()).await;
        assert!(stdout == input, "{over:?}: {} bytes came back", stdout.len());
        assert_eq!((stderr.len(), outcome), (0, Outcome::Success));
    })
    .await;
}

#[tokio::test]
async fn a_command_that_does_not_read_ends_all_the_same() {
    everywhere(async |over, address, path| {
        let query = "stdin=true&stdout=true&stderr=true&command=echo&command=done";
        let command = connect(over, address, &format!("{path}?{query}"), ALL).await.unwrap();
        let (stdout, _, outcome) = run(command, bytes(5_000_000)).await;
        assert_eq!((&stdout[..], outcome), (&b"done\n"[..], Outcome::Success), "{over:?}");
    })
    .await;
}

#[tokio::test]
async fn a_command_that_cannot_run() {
    everywhere(async |over, address, path| {
        let options = CommandOptions { stdin: false, ..ALL };
        let command = connect(over, address, &format!("{path}?stdout=true&stderr=true&command=/no/such"), options).await.unwrap();
        let (_, _, outcome) = run(command, Vec::new()).await;
        assert_eq!(outcome, Outcome::internal_error("No such file or directory (os error 2)"), "{over:?}");
    })
    .await;
}

#[tokio::test]
async fn terminal_sizes_arrive() {
    let log = Log::default();
    let node = serve_node(log.clone()).await;
    let relay = serve_relay(node).await;
    for (over, address) in [(Over::WebSocket, node), (Over::Spdy, node), (Over::WebSocket, relay), (Over::Spdy, relay)] {
        let options = CommandOptions { tty: true, stderr: false, ..ALL };
        let mut command = connect(over, address, "/exec?stdin=true&stdout=true&tty=true&command=cat", options).await.unwrap();
        let size = TerminalSize { width: 120, height: 40 };
        command.resize.as_mut().unwrap().send(size).await.unwrap();
        while log.sizes.lock().unwrap().is_empty() {
            tokio::task::yield_now().await;
        }
        assert_eq!(std::mem::take(&mut *log.sizes.lock().unwrap()), [size], "{over:?}");
        let (stdout, _, outcome) = run(command, b"typed".to_vec()).await;
        assert_eq!((&stdout[..], outcome), (&b"typed"[..], Outcome::Success));
    }
}

#[tokio::test]
async fn a_client_that_leaves_takes_its_command_along() {
    let dir = tempfile::tempdir().unwrap();
    let (started, ended) = (dir.path().join("started"), dir.path().join("ended"));
    let node = serve_node(Log::default()).await;
    let relay = serve_relay(node).await;
    for (over, address) in [(Over::WebSocket, node), (Over::Spdy, relay)] {
        let script = format!("touch+{};cat;touch+{}", started.display(), ended.display());
        let query = format!("stdin=true&stdout=true&stderr=true&command=sh&command=-c&command={script}");
        let command = connect(over, address, &format!("/exec?{query}"), ALL).await.unwrap();
        for (path, leave) in [(&started, Some(command)), (&ended, None)] {
            while !path.exists() {
                tokio::time::sleep(std::time::Duration::from_millis(2)).await;
            }
            std::fs::remove_file(path).unwrap();
            drop(leave);
        }
    }
}

#[tokio::test]
async fn refusals_come_back() {
    let node = serve_node(Log::default()).await;
    for over in [Over::WebSocket, Over::Spdy] {
        let refused = connect(over, node, "/exec?command=ls", ALL).await.unwrap_err();
        assert_eq!(refused.to_string(), "unable to upgrade connection: you must specify at least 1 of stdin, stdout, stderr");
        assert!(matches!(refused, ConnectError::Refused { status, .. } if status == 400));
        let missing = connect(over, node, "/nothing", ALL).await.unwrap_err();
        assert!(matches!(missing, ConnectError::Refused { status, .. } if status == 404));
    }
}
