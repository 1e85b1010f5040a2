//! The ends of one stream among several on a connection: bytes that arrived, as `AsyncRead`; bytes to send, as `AsyncWrite`. Both kinds of connection, SPDY and WebSocket, hand these out.
//!
//! A reader has a bounded queue. When it is full the connection stops reading, as upstream's peers do: there is no flow control per stream in what they speak.

use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll, ready};

use bytes::{Buf, Bytes};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::{Notify, mpsc};
use tokio_util::sync::PollSender;

/// The most that one write sends in one frame or message.
pub(crate) const CHUNK_BYTES: usize = 32 << 10;
/// Chunks that wait for a stream's reader.
pub(crate) const READER_CHUNKS: usize = 8;
/// Chunks of all streams that wait for the connection.
pub(crate) const WRITER_CHUNKS: usize = 32;

/// What writers ask of the connection.
#[derive(Debug)]
pub(crate) enum Outbound {
    Data {
        stream: u32,
        data: Bytes,
    },
    /// Nothing more will come.
    Finish {
        stream: u32,
    },
}

/// Where a connection takes what is to be sent, and how its streams' ends reach it.
#[derive(Clone, Debug)]
pub(crate) struct Outbox {
    sender: mpsc::Sender<Outbound>,
    dropped: Arc<Dropped>,
}

/// An [`Outbox`] that does not keep the connection alive.
#[derive(Clone, Debug)]
pub(crate) struct WeakOutbox {
    sender: mpsc::WeakSender<Outbound>,
    dropped: Arc<Dropped>,
}

impl Outbox {
    pub(crate) fn downgrade(&self) -> WeakOutbox {
        WeakOutbox { sender: self.sender.downgrade(), dropped: self.dropped.clone() }
    }
}

impl WeakOutbox {
    pub(crate) fn upgrade(&self) -> Option<Outbox> {
        Some(Outbox { sender: self.sender.upgrade()?, dropped: self.dropped.clone() })
    }
}

/// The connection's side of it. It ends when every end of every stream is gone.
#[derive(Debug)]
pub(crate) struct OutboxReceiver {
    receiver: mpsc::Receiver<Outbound>,
    dropped: Arc<Dropped>,
}

/// Streams whose writer was dropped before it was shut down: they are finished all the same, after what it had written.
#[derive(Debug, Default)]
struct Dropped {
    streams: Mutex<Vec<u32>>,
    changed: Notify,
}

pub(crate) fn outbox() -> (Outbox, OutboxReceiver) {
    let (sender, receiver) = mpsc::channel(WRITER_CHUNKS);
    let dropped = Arc::new(Dropped::default());
    (Outbox { sender, dropped: dropped.clone() }, OutboxReceiver { receiver, dropped })
}

impl OutboxReceiver {
    /// The next thing to send; `None` when nothing can come any more. Cancel safe.
    pub(crate) async fn recv(&mut self) -> Option<Outbound> {
        loop {
            if let Some(next) = self.try_recv() {
                return Some(next);
            }
            tokio::select! {
                biased;
                next = self.receiver.recv() => return next.or_else(|| self.dropped.pop()),
                () = self.dropped.changed.notified() => {}
            }
        }
    }

    /// The next thing if one is there.
    pub(crate) fn try_recv(&mut self) -> Option<Outbound> {
        // in this order: a writer that is listed by now has all it wrote in the queue by now
        let dropped = self.dropped.pop();
        match (self.receiver.try_recv(), dropped) {
            (Ok(next), Some(Outbound::Finish { stream })) => {
                self.dropped.lock().push(stream);
                Some(next)
            }
            (Ok(next), _) => Some(next),
            (Err(_), dropped) => dropped,
        }
    }

    /// Takes no more; what has been queued can still be received.
    pub(crate) fn close(&mut self) {
        self.receiver.close();
    }
}

impl Dropped {
    fn lock(&self) -> MutexGuard<'_, Vec<u32>> {
        self.streams.lock().expect("nobody panics with it")
    }

    fn push(&self, stream: u32) {
        self.lock().push(stream);
        self.changed.notify_one();
    }

    fn pop(&self) -> Option<Outbound> {
        self.lock().pop().map(|stream| Outbound::Finish { stream })
    }
}

/// What arrives on a stream. It ends when the peer has finished the stream or the connection is gone.
#[derive(Debug)]
pub struct Reader {
    queue: mpsc::Receiver<Bytes>,
    current: Bytes,
    /// The connection stays as long as somebody reads from it.
    _connection: Outbox,
    /// Kept open along with it.
    other_direction: Option<Writer>,
}

impl Reader {
    pub(crate) fn new(connection: Outbox) -> (mpsc::Sender<Bytes>, Self) {
        let (sender, queue) = mpsc::channel(READER_CHUNKS);
        (sender, Self { queue, current: Bytes::new(), _connection: connection, other_direction: None })
    }
}

impl AsyncRead for Reader {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        while self.current.is_empty() {
            match ready!(self.queue.poll_recv(context)) {
                Some(chunk) => self.current = chunk,
                None => return Poll::Ready(Ok(())),
            }
        }
        let count = self.current.len().min(buffer.remaining());
        buffer.put_slice(&self.current[..count]);
        self.current.advance(count);
        Poll::Ready(Ok(()))
    }
}

/// What is sent on a stream. Shutting it down, or dropping it, tells the peer that nothing more comes, where the protocol can.
#[derive(Debug)]
pub struct Writer {
    stream: u32,
    sender: PollSender<Outbound>,
    outbox: Outbox,
    /// Set when the peer wants no more.
    reset: Arc<AtomicBool>,
    finished: bool,
}

impl Writer {
    pub(crate) fn new(stream: u32, outbox: Outbox, reset: Arc<AtomicBool>) -> Self {
        Self { stream, sender: PollSender::new(outbox.sender.clone()), outbox, reset, finished: false }
    }

    /// A message without content; `AsyncWriteExt` would leave it out.
    pub(crate) async fn write_empty(&mut self) -> io::Result<()> {
        std::future::poll_fn(|context| Pin::new(&mut *self).poll_write(context, &[])).await.map(drop)
    }
}

fn gone() -> io::Error {
    io::Error::new(io::ErrorKind::BrokenPipe, "the stream is closed")
}

impl AsyncWrite for Writer {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if self.finished || self.reset.load(Ordering::Acquire) {
            return Poll::Ready(Err(gone()));
        }
        ready!(self.sender.poll_reserve(context)).map_err(|_| gone())?;
        let count = bytes.len().min(CHUNK_BYTES);
        let chunk = Outbound::Data { stream: self.stream, data: Bytes::copy_from_slice(&bytes[..count]) };
        self.sender.send_item(chunk).map_err(|_| gone())?;
        Poll::Ready(Ok(count))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        // the connection's task sends what is queued without being asked
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if !self.finished {
            // a connection that is gone has nothing left to be told
            if ready!(self.sender.poll_reserve(context)).is_ok() {
                let finish = Outbound::Finish { stream: self.stream };
                let _ = self.sender.send_item(finish);
            }
            self.finished = true;
        }
        Poll::Ready(Ok(()))
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        if !self.finished {
            self.outbox.dropped.push(self.stream);
        }
    }
}

/// Both directions of one stream.
#[derive(Debug)]
pub struct Duplex {
    pub reader: Reader,
    pub writer: Writer,
}

impl Duplex {
    /// Only what arrives; nothing will be sent. That is not said to the peer before the reader is dropped: upstream's clients take the end of the other direction as "no more input wanted".
    pub(crate) fn into_reader(mut self) -> Reader {
        self.reader.other_direction = Some(self.writer);
        self.reader
    }
}

impl AsyncRead for Duplex {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.reader).poll_read(context, buffer)
    }
}

impl AsyncWrite for Duplex {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.writer).poll_write(context, bytes)
    }
    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.writer).poll_flush(context)
    }
    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.writer).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::AsyncWriteExt;

    #[tokio::test]
    async fn a_dropped_writer_finishes_after_what_it_wrote() {
        for _ in 0..200 {
            let (outbox, mut receiver) = outbox();
            let mut writer = Writer::new(3, outbox.clone(), Arc::default());
            let other = Writer::new(5, outbox, Arc::default());
            let task = tokio::spawn(async move {
                writer.write_all(&[7; 5 * CHUNK_BYTES]).await.unwrap();
                drop(writer);
                drop(other);
            });
            let (mut bytes, mut finished) = (0, Vec::new());
            while let Some(next) = receiver.recv().await {
                match next {
                    Outbound::Data { stream, data } => {
                        assert!(!finished.contains(&stream));
                        bytes += data.len();
                    }
                    Outbound::Finish { stream } => finished.push(stream),
                }
            }
            task.await.unwrap();
            finished.sort_unstable();
            assert_eq!((bytes, finished), (5 * CHUNK_BYTES, vec![3, 5]));
        }
    }
}
