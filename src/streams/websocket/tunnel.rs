//! A WebSocket as a plain connection: what is written goes out in binary messages, what arrives in them is read, wherever they are cut. Carries SPDY for `kubectl port-forward`.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Buf, Bytes};
use futures::{Sink, Stream};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::{Error, Message};

use crate::pipe::CHUNK_BYTES;
use crate::upgrade::Connection;

pub(crate) struct Tunnel<C> {
    socket: WebSocketStream<C>,
    current: Bytes,
}

impl<C: Connection> Tunnel<C> {
    pub(crate) fn new(socket: WebSocketStream<C>) -> Self {
        Self { socket, current: Bytes::new() }
    }
}

fn io_error(error: Error) -> io::Error {
    match error {
        Error::Io(error) => error,
        Error::ConnectionClosed | Error::AlreadyClosed => io::ErrorKind::BrokenPipe.into(),
        error => io::Error::other(error),
    }
}

impl<C: Connection> AsyncRead for Tunnel<C> {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        while self.current.is_empty() {
            match ready!(Pin::new(&mut self.socket).poll_next(context)) {
                Some(Ok(Message::Binary(bytes))) => self.current = bytes,
                Some(Ok(Message::Text(_))) => {
                    return Poll::Ready(Err(io::Error::new(io::ErrorKind::InvalidData, "invalid message type received")));
                }
                Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => {}
                Some(Ok(Message::Close(_)) | Err(Error::ConnectionClosed | Error::AlreadyClosed)) | None => return Poll::Ready(Ok(())),
                Some(Err(error)) => return Poll::Ready(Err(io_error(error))),
            }
        }
        let count = self.current.len().min(buffer.remaining());
        buffer.put_slice(&self.current[..count]);
        self.current.advance(count);
        Poll::Ready(Ok(()))
    }
}

impl<C: Connection> AsyncWrite for Tunnel<C> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        ready!(Pin::new(&mut self.socket).poll_ready(context)).map_err(io_error)?;
        let count = bytes.len().min(CHUNK_BYTES);
        let message = Message::Binary(Bytes::copy_from_slice(&bytes[..count]));
        Pin::new(&mut self.socket).start_send(message).map_err(io_error)?;
        Poll::Ready(Ok(count))
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_flush(context).map_err(io_error)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match ready!(Pin::new(&mut self.socket).poll_close(context)) {
            Ok(()) | Err(Error::ConnectionClosed | Error::AlreadyClosed) => Poll::Ready(Ok(())),
            Err(error) => Poll::Ready(Err(io_error(error))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::upgrade::websocket;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio_tungstenite::tungstenite::protocol::Role;

    #[tokio::test]
    async fn bytes_pass_whatever_the_messages() {
        let (client, server) = tokio::io::duplex(10_000);
        let (mut client, mut server) =
            (Tunnel::new(websocket(client, Role::Client).await), Tunnel::new(websocket(server, Role::Server).await));
        let sent: Vec<u8> = (0..200_000u32).map(|number| (number % 253) as u8).collect();
        let mut got = vec![0; sent.len()];
        let send = async {
            client.write_all(&sent).await.unwrap();
            client.flush().await.unwrap();
        };
        let (_, read) = tokio::join!(send, server.read_exact(&mut got));
        read.unwrap();
        assert!(got == sent);
        let (_, end) = tokio::join!(client.shutdown(), server.read(&mut got));
        assert_eq!(end.unwrap(), 0);
    }
}
