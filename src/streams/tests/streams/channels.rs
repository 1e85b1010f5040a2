//! What other clients speak, by a bare WebSocket: version 4 as the Python and JavaScript clients do, base64 as browsers may, none named at all, and messages that mean nothing.

use std::net::SocketAddr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use futures::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Bytes, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

use crate::node::{Log, bytes, serve_echo, serve_node};

async fn connect(address: SocketAddr, path: &str, protocol: &str) -> WebSocketStream<TcpStream> {
    let mut request = format!("ws://{address}{path}").into_client_request().unwrap();
    if !protocol.is_empty() {
        request.headers_mut().insert("Sec-WebSocket-Protocol", protocol.parse().unwrap());
    }
    let (socket, response) = client_async(request, TcpStream::connect(address).await.unwrap()).await.unwrap();
    let chosen = response.headers().get("Sec-WebSocket-Protocol").map_or("", |value| value.to_str().unwrap());
    assert_eq!(chosen, protocol);
    socket
}

/// All messages until the server closes: the bytes that came on each channel, and with which code it closed.
async fn collect(socket: &mut WebSocketStream<TcpStream>, base64: bool) -> (Vec<Vec<u8>>, Option<u16>) {
    let mut channels = vec![Vec::new(); 5];
    let mut code = None;
    while let Some(message) = socket.next().await {
        match message.unwrap() {
            Message::Binary(message) if !base64 => channels[usize::from(message[0])].extend_from_slice(&message[1..]),
            Message::Text(message) if base64 => {
                let number = message.chars().next().unwrap().to_digit(10).unwrap();
                channels[number as usize].extend(STANDARD.decode(&message[1..]).unwrap());
            }
            Message::Close(frame) => code = frame.map(|frame| frame.code.into()),
            Message::Ping(_) | Message::Pong(_) => {}
            other => panic!("unexpected {other:?}"),
        }
    }
    (channels, code)
}

const SCRIPT: &str = "/exec?stdin=true&stdout=true&stderr=true&command=sh&command=-c&command=head+-c6;echo+err%3E%262;exit+";

#[tokio::test]
async fn versions_without_a_close_signal() {
    let node = serve_node(Log::default()).await;
    let failure = r#"{"details":{"causes":[{"message":"3","reason":"ExitCode"}]},"message":"command terminated with non-zero exit code: exit status 3","metadata":{},"reason":"NonZeroExitCode","status":"Failure"}"#;
    let text = "command terminated with non-zero exit code: exit status 3";
    for (protocol, expected) in [
        ("v4.channel.k8s.io", failure),
        ("v4.base64.channel.k8s.io", failure),
        ("channel.k8s.io", text),
        ("base64.channel.k8s.io", text),
        ("", text),
    ] {
        let base64 = protocol.contains("base64");
        let mut socket = connect(node, &format!("{SCRIPT}3"), protocol).await;
        let stdin = if base64 {
            Message::text(format!("0{}", STANDARD.encode("abcdef")))
        } else {
            Message::binary(Bytes::from_static(b"\0abcdef"))
        };
        socket.send(stdin).await.unwrap();
        let (channels, code) = collect(&mut socket, base64).await;
        assert_eq!((&channels[1][..], &channels[2][..]), (&b"abcdef"[..], &b"err\n"[..]), "{protocol}");
        let status = String::from_utf8(channels[3].clone()).unwrap();
        let parsed = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap_or_else(|_| text.into());
        assert_eq!(parsed(&status), parsed(expected), "{protocol}");
        assert_eq!(code, Some(1000));
    }
}

#[tokio::test]
async fn the_first_message_is_empty_and_says_that_the_connection_stands() {
    let node = serve_node(Log::default()).await;
    for (query, channel) in [("stdout=true&stdin=true", 1), ("stderr=true&stdin=true", 2), ("stdin=true", 3)] {
        let mut socket = connect(node, &format!("/exec?{query}&command=cat"), "v5.channel.k8s.io").await;
        assert_eq!(socket.next().await.unwrap().unwrap(), Message::binary(Bytes::copy_from_slice(&[channel])));
        socket.send(Message::binary(Bytes::from_static(&[255, 0]))).await.unwrap();
        let (channels, code) = collect(&mut socket, false).await;
        assert_eq!((std::str::from_utf8(&channels[3]).unwrap(), code), (r#"{"metadata":{},"status":"Success"}"#, Some(1000)));
    }
}

#[tokio::test]
async fn messages_that_mean_nothing_do_no_harm() {
    let node = serve_node(Log::default()).await;
    let mut socket = connect(node, "/exec?stdin=true&stdout=true&command=cat", "v5.channel.k8s.io").await;
    // empty; a channel that is only written; channels that are none; closing what is not open; and then what counts
    for message in [&b""[..], b"\x01no", b"\x03no", b"\x63no", b"\xff\x63", b"\xff\x01", b"\x04[1,2", b"\0yes", b"\xff\0"] {
        socket.send(Message::binary(Bytes::copy_from_slice(message))).await.unwrap();
    }
    let (channels, code) = collect(&mut socket, false).await;
    assert_eq!((&channels[1][..], code), (&b"yes"[..], Some(1000)));
    // a malformed signal ends the connection, with upstream's servers too
    let mut socket = connect(node, "/exec?stdin=true&stdout=true&command=cat", "v5.channel.k8s.io").await;
    socket.send(Message::binary(Bytes::from_static(b"\xff\0\0"))).await.unwrap();
    collect(&mut socket, false).await;
}

#[tokio::test]
async fn ports_as_channels() {
    let node = serve_node(Log::default()).await;
    let (first, second) = (serve_echo().await, serve_echo().await);
    for protocol in ["v4.channel.k8s.io", ""] {
        let mut socket = connect(node, &format!("/portforward?ports={first},{second}"), protocol).await;
        let sent = bytes(50_000);
        for channel in [0u8, 2] {
            socket.send(Message::binary([&[channel], &sent[..]].concat())).await.unwrap();
        }
        let mut channels = vec![Vec::new(); 4];
        while channels[0].len() < sent.len() + 2 || channels[2].len() < sent.len() + 2 {
            if let Message::Binary(message) = socket.next().await.unwrap().unwrap() {
                channels[usize::from(message[0])].extend_from_slice(&message[1..]);
            }
        }
        // each begins with its port
        assert_eq!((&channels[0][..2], &channels[1][..]), (&first.to_le_bytes()[..], &first.to_le_bytes()[..]));
        assert_eq!((&channels[2][..2], &channels[3][..]), (&second.to_le_bytes()[..], &second.to_le_bytes()[..]));
        assert!(channels[0][2..] == sent && channels[2][2..] == sent);
    }
}
