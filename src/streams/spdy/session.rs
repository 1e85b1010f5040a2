//! One SPDY connection: a task that reads and deals out, a task that writes, and handles on the streams between them.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use super::frame::{Decoder, Encoder, Frame, FrameError};
use super::headers::Headers;
use crate::activity::{Activity, IDLE_TIMEOUT};
use crate::pipe::{self, Duplex, Outbound, Outbox, OutboxReceiver, Reader, Writer};

/// Streams that one connection may have open; a port-forward uses two for every connection through it.
const MAX_STREAMS: usize = 1024;
/// New streams that wait to be accepted.
const MAX_WAITING: usize = 64;
/// Control frames that wait to be sent; pings are only answered while less than half is taken.
const MAX_CONTROL: usize = 256;
/// What is gathered into one write.
const WRITE_BYTES: usize = 64 << 10;
/// What one read takes.
const READ_BYTES: usize = 32 << 10;
/// How long the peer has to accept a stream. Upstream's `DefaultStreamCreationTimeout`.
const OPEN_TIMEOUT: Duration = Duration::from_secs(30);
/// How long the peer has to take what is left when we close, and to close in turn.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(5);

const REFUSED_STREAM: u32 = 3;
const PROTOCOL_ERROR: u32 = 1;

/// Which side of the connection we are: it decides the numbers of the streams we open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Client,
    Server,
}

/// Why a stream was not opened.
#[derive(Clone, Debug, thiserror::Error)]
pub enum SessionError {
    #[error("the connection is closed")]
    Closed,
    #[error("the connection broke: {0}")]
    Broken(String),
    #[error("the peer refused the stream")]
    Refused,
    #[error("the peer did not answer the stream within {} seconds", OPEN_TIMEOUT.as_secs())]
    Timeout,
    #[error("the connection has {MAX_STREAMS} streams already")]
    TooMany,
}

/// A connection. It closes when this and all ends of all streams are gone, or when [`Session::close`] is called.
#[derive(Debug)]
pub struct Session {
    shared: Arc<Shared>,
    outbox: Outbox,
    control: mpsc::Sender<Frame>,
    incoming: mpsc::Receiver<Incoming>,
}

/// A stream that the peer wants to open.
#[derive(Debug)]
pub struct Incoming {
    stream: u32,
    headers: Headers,
    duplex: Duplex,
    control: mpsc::Sender<Frame>,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    streams: Mutex<HashMap<u32, Entry>>,
    /// The next stream that we open.
    next: AtomicU32,
    /// The newest stream that the peer opened.
    newest: AtomicU32,
    /// No more streams: the peer said so or we did.
    going_away: AtomicBool,
    /// Asks the writer to send what is queued, say good-bye and end.
    closing: CancellationToken,
    /// The writer has ended.
    written: CancellationToken,
    /// The reader has ended: nothing will arrive any more.
    closed: CancellationToken,
    failure: Mutex<Option<String>>,
    activity: Activity,
}

#[derive(Debug)]
struct Entry {
    /// Gone when the peer has finished.
    inbound: Option<mpsc::Sender<Bytes>>,
    /// Waits for the peer's answer to a stream of ours.
    reply: Option<oneshot::Sender<Result<(), SessionError>>>,
    reset: Arc<AtomicBool>,
    /// We have finished.
    finished: bool,
}

impl Session {
    /// Starts to speak SPDY on an upgraded connection.
    pub fn start(io: impl AsyncRead + AsyncWrite + Send + 'static, role: Role) -> Self {
        Self::start_with(io, role, (role == Role::Server).then_some(IDLE_TIMEOUT))
    }

    fn start_with(io: impl AsyncRead + AsyncWrite + Send + 'static, role: Role, idle_limit: Option<Duration>) -> Self {
        let shared = Arc::new(Shared {
            streams: Mutex::default(),
            next: AtomicU32::new(if role == Role::Client { 1 } else { 2 }),
            newest: AtomicU32::new(0),
            going_away: AtomicBool::new(false),
            closing: CancellationToken::new(),
            written: CancellationToken::new(),
            closed: CancellationToken::new(),
            failure: Mutex::default(),
            activity: Activity::new(idle_limit),
        });
        let (outbox, outbound) = pipe::outbox();
        let (control, controls) = mpsc::channel(MAX_CONTROL);
        let (announce, incoming) = mpsc::channel(MAX_WAITING);
        let (reading, writing) = tokio::io::split(io);
        tokio::spawn(write(writing, outbound, controls, shared.clone()));
        // the reader must not keep the connection alive by itself: that hangs on the outbox
        let weak = WeakSession { outbox: outbox.downgrade(), control: control.clone(), role };
        tokio::spawn(read(reading, weak, announce, shared.clone()));
        Self { shared, outbox, control, incoming }
    }

    /// Opens a stream and waits until the peer has accepted it.
    pub async fn open(&self, headers: Headers) -> Result<Duplex, SessionError> {
        let permit = self.control.reserve().await.map_err(|_| self.shared.why_closed())?;
        let (reply, answer) = oneshot::channel();
        let (stream, duplex) = {
            let mut streams = self.shared.lock();
            if self.shared.going_away.load(Ordering::Acquire) {
                return Err(self.shared.why_closed());
            }
            if streams.len() >= MAX_STREAMS {
                return Err(SessionError::TooMany);
            }
            let stream = self.shared.next.fetch_add(2, Ordering::Relaxed);
            let (entry, duplex) = Entry::new(stream, &self.outbox, Some(reply));
            streams.insert(stream, entry);
            // under the lock, so that numbers rise on the wire
            permit.send(Frame::SynStream { stream, headers, fin: false });
            (stream, duplex)
        };
        match tokio::time::timeout(OPEN_TIMEOUT, answer).await {
            Ok(Ok(Ok(()))) => Ok(duplex),
            Ok(Ok(Err(error))) => Err(error),
            Ok(Err(_)) => Err(self.shared.why_closed()),
            Err(_) => {
                self.shared.lock().remove(&stream);
                Err(SessionError::Timeout)
            }
        }
    }

    /// The next stream that the peer opens; `None` when no more can come.
    pub async fn accept(&mut self) -> Option<Incoming> {
        self.incoming.recv().await
    }

    /// Completes when the connection is gone.
    pub fn closed(&self) -> impl Future<Output = ()> + Send + 'static {
        self.shared.closed.clone().cancelled_owned()
    }

    /// What broke the connection, if anything did.
    pub fn failure(&self) -> Option<String> {
        self.shared.failure.lock().expect("nobody panics with it").clone()
    }

    /// Sends what has been written, finishes every stream, says good-bye, and waits a few seconds for the peer to close.
    pub async fn close(&self) {
        self.closer().close().await;
    }

    pub(crate) fn closer(&self) -> Closer {
        Closer { closing: self.shared.closing.clone(), written: self.shared.written.clone(), closed: self.shared.closed.clone() }
    }
}

/// Closes a connection from elsewhere.
#[derive(Clone, Debug)]
pub(crate) struct Closer {
    pub(crate) closing: CancellationToken,
    pub(crate) written: CancellationToken,
    pub(crate) closed: CancellationToken,
}

impl Closer {
    pub(crate) async fn close(&self) {
        self.closing.cancel();
        self.written.cancelled().await;
        self.closed.cancelled().await;
    }
}

impl Incoming {
    pub fn headers(&self) -> &Headers {
        &self.headers
    }

    /// The stream's number, unique on the connection.
    pub fn id(&self) -> u32 {
        self.stream
    }

    /// Tells the peer that the stream is open.
    pub async fn accept(self) -> Result<Duplex, SessionError> {
        let reply = Frame::SynReply { stream: self.stream, headers: Headers::default(), fin: false };
        self.control.send(reply).await.map_err(|_| self.shared.why_closed())?;
        Ok(self.duplex)
    }

    /// Tells the peer that it is not.
    pub async fn refuse(self) {
        self.shared.lock().remove(&self.stream);
        // a connection that is gone refuses by itself
        let _ = self.control.send(Frame::Reset { stream: self.stream, status: REFUSED_STREAM }).await;
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, HashMap<u32, Entry>> {
        self.streams.lock().expect("nobody panics with it")
    }

    fn why_closed(&self) -> SessionError {
        match &*self.failure.lock().expect("nobody panics with it") {
            Some(failure) => SessionError::Broken(failure.clone()),
            None => SessionError::Closed,
        }
    }

    fn fail(&self, failure: &dyn std::fmt::Display) {
        self.failure.lock().expect("nobody panics with it").get_or_insert_with(|| failure.to_string());
    }

    /// The peer finished a stream, or we did: when both have, it is over. With nothing open on a connection that is going away, that is over too.
    fn finish(&self, stream: u32, finish: impl FnOnce(&mut Entry)) {
        let mut streams = self.lock();
        if let Some(entry) = streams.get_mut(&stream) {
            finish(entry);
            if entry.finished && entry.inbound.is_none() {
                streams.remove(&stream);
            }
        }
        if streams.is_empty() && self.going_away.load(Ordering::Acquire) {
            self.closing.cancel();
        }
    }
}

impl Entry {
    fn new(stream: u32, outbox: &Outbox, reply: Option<oneshot::Sender<Result<(), SessionError>>>) -> (Self, Duplex) {
        let reset = Arc::new(AtomicBool::new(false));
        let (inbound, reader) = Reader::new(outbox.clone());
        let writer = Writer::new(stream, outbox.clone(), reset.clone());
        (Self { inbound: Some(inbound), reply, reset, finished: false }, Duplex { reader, writer })
    }
}

/// What the reader needs of the session without keeping it alive.
struct WeakSession {
    outbox: pipe::WeakOutbox,
    control: mpsc::Sender<Frame>,
    role: Role,
}

#[derive(Debug, thiserror::Error)]
enum ReadError {
    #[error(transparent)]
    Io(#[from] std::io::Error),
    #[error("the peer sent {0}")]
    Frame(#[from] FrameError),
}

/// Reads until the connection ends, or for a while after we have closed it.
async fn read(io: impl AsyncRead + Unpin, session: WeakSession, announce: mpsc::Sender<Incoming>, shared: Arc<Shared>) {
    let linger = async {
        shared.written.cancelled().await;
        tokio::time::sleep(CLOSE_TIMEOUT).await;
    };
    tokio::select! {
        result = read_frames(io, &session, announce, &shared) => if let Err(error) = result {
            shared.fail(&error);
        },
        () = linger => {}
        () = shared.activity.ended() => shared.fail(&"nothing has moved for long"),
    }
    shared.going_away.store(true, Ordering::Release);
    for (_, entry) in shared.lock().drain() {
        entry.reset.store(true, Ordering::Release);
    }
    shared.closed.cancel();
    shared.closing.cancel();
}

async fn read_frames(
    mut io: impl AsyncRead + Unpin,
    session: &WeakSession,
    announce: mpsc::Sender<Incoming>,
    shared: &Arc<Shared>,
) -> Result<(), ReadError> {
    let (mut decoder, mut buffer) = (Decoder::new(), BytesMut::with_capacity(READ_BYTES));
    loop {
        while let Some(frame) = decoder.decode(&mut buffer)? {
            dispatch(frame, session, &announce, shared).await;
        }
        buffer.reserve(READ_BYTES);
        if io.read_buf(&mut buffer).await? == 0 {
            return Ok(());
        }
        shared.activity.touch();
    }
}

async fn dispatch(frame: Frame, session: &WeakSession, announce: &mpsc::Sender<Incoming>, shared: &Arc<Shared>) {
    match frame {
        Frame::SynStream { stream, headers, fin } => open_incoming(stream, headers, fin, session, announce, shared).await,
        Frame::SynReply { stream, fin, .. } => shared.finish(stream, |entry| {
            if let Some(reply) = entry.reply.take() {
                // whoever opened it may have given up
                let _ = reply.send(Ok(()));
            }
            if fin {
                entry.inbound = None;
            }
        }),
        Frame::Data { stream, data, fin } => {
            let inbound = shared.lock().get(&stream).and_then(|entry| entry.inbound.clone());
            if let Some(inbound) = inbound.filter(|_| !data.is_empty()) {
                // when nobody reads this stream any more, what arrives on it is dropped
                let _ = inbound.send(data).await;
            }
            if fin {
                shared.finish(stream, |entry| entry.inbound = None);
            }
        }
        Frame::Headers { stream, fin: true, .. } => shared.finish(stream, |entry| entry.inbound = None),
        Frame::Reset { stream, .. } => shared.finish(stream, |entry| {
            if let Some(reply) = entry.reply.take() {
                let _ = reply.send(Err(SessionError::Refused));
            }
            entry.reset.store(true, Ordering::Release);
            (entry.inbound, entry.finished) = (None, true);
        }),
        Frame::Ping { id } => {
            // odd ones are the client's
            let theirs = (id % 2 == 1) == (session.role == Role::Server);
            if theirs && session.control.capacity() > MAX_CONTROL / 2 {
                let _ = session.control.try_send(Frame::Ping { id });
            }
        }
        Frame::GoAway { .. } => {
            shared.going_away.store(true, Ordering::Release);
            if shared.lock().is_empty() {
                shared.closing.cancel();
            }
        }
        Frame::Settings | Frame::WindowUpdate { .. } | Frame::Headers { fin: false, .. } => {}
    }
}

async fn open_incoming(
    stream: u32,
    headers: Headers,
    fin: bool,
    session: &WeakSession,
    announce: &mpsc::Sender<Incoming>,
    shared: &Arc<Shared>,
) {
    let Some(outbox) = session.outbox.upgrade() else { return };
    let control = &session.control;
    if shared.going_away.load(Ordering::Acquire) {
        return;
    }
    let theirs = (stream % 2 == 1) == (session.role == Role::Server);
    if !theirs || stream <= shared.newest.swap(stream, Ordering::AcqRel) {
        let _ = control.send(Frame::Reset { stream, status: PROTOCOL_ERROR }).await;
        return;
    }
    let duplex = {
        let mut streams = shared.lock();
        (streams.len() < MAX_STREAMS).then(|| {
            let (mut entry, duplex) = Entry::new(stream, &outbox, None);
            if fin {
                entry.inbound = None;
            }
            streams.insert(stream, entry);
            duplex
        })
    };
    let incoming = duplex.map(|duplex| Incoming { stream, headers, duplex, control: control.clone(), shared: shared.clone() });
    if incoming.is_none_or(|incoming| announce.try_send(incoming).is_err()) {
        shared.lock().remove(&stream);
        let _ = control.send(Frame::Reset { stream, status: REFUSED_STREAM }).await;
    }
}

/// Writes until everything is dropped or closing is asked for; then what is left, with an end to that too.
async fn write(mut io: impl AsyncWrite + Unpin, mut outbound: OutboxReceiver, mut controls: mpsc::Receiver<Frame>, shared: Arc<Shared>) {
    let (mut encoder, mut buffer) = (Encoder::new(), BytesMut::with_capacity(WRITE_BYTES));
    let result = async {
        loop {
            tokio::select! {
                biased;
                Some(frame) = controls.recv() => encoder.encode(&frame, &mut buffer),
                next = outbound.recv() => match next {
                    Some(next) => encoder.encode(&outbound_frame(next, &shared), &mut buffer),
                    None => return Ok(()),
                },
                () = shared.closing.cancelled() => return Ok(()),
            }
            while buffer.len() < WRITE_BYTES {
                // replies and resets first: data of a stream follows its reply
                if let Ok(frame) = controls.try_recv() {
                    encoder.encode(&frame, &mut buffer);
                } else if let Some(next) = outbound.try_recv() {
                    encoder.encode(&outbound_frame(next, &shared), &mut buffer);
                } else {
                    break;
                }
            }
            flush(&mut io, &mut buffer).await?;
            shared.activity.touch();
        }
    };
    // a peer that takes nothing any more after it has closed its side must not hold us
    let lost = async {
        shared.closed.cancelled().await;
        tokio::time::sleep(CLOSE_TIMEOUT).await;
    };
    let mut result: std::io::Result<()> = tokio::select! {
        result = result => result,
        () = lost => Err(std::io::ErrorKind::TimedOut.into()),
    };
    shared.going_away.store(true, Ordering::Release);
    shared.closing.cancel();
    if result.is_ok() {
        let goodbye = say_goodbye(&mut io, &mut outbound, &mut controls, &mut encoder, &mut buffer, &shared);
        result = tokio::time::timeout(CLOSE_TIMEOUT, goodbye).await.unwrap_or_else(|_| Err(std::io::ErrorKind::TimedOut.into()));
    }
    if let Err(error) = result {
        shared.fail(&error);
    }
    shared.written.cancel();
}

async fn say_goodbye(
    io: &mut (impl AsyncWrite + Unpin),
    outbound: &mut OutboxReceiver,
    controls: &mut mpsc::Receiver<Frame>,
    encoder: &mut Encoder,
    buffer: &mut BytesMut,
    shared: &Shared,
) -> std::io::Result<()> {
    outbound.close();
    controls.close();
    while let Ok(frame) = controls.try_recv() {
        encoder.encode(&frame, buffer);
    }
    while let Some(next) = outbound.try_recv() {
        encoder.encode(&outbound_frame(next, shared), buffer);
        if buffer.len() >= WRITE_BYTES {
            flush(io, buffer).await?;
        }
    }
    let open: Vec<u32> = shared.lock().iter().filter(|(_, entry)| !entry.finished).map(|(stream, _)| *stream).collect();
    for stream in open {
        encoder.encode(&outbound_frame(Outbound::Finish { stream }, shared), buffer);
    }
    encoder.encode(&Frame::GoAway { last: shared.newest.load(Ordering::Acquire), status: 0 }, buffer);
    flush(io, buffer).await?;
    io.shutdown().await
}

fn outbound_frame(outbound: Outbound, shared: &Shared) -> Frame {
    match outbound {
        Outbound::Data { stream, data } => Frame::Data { stream, data, fin: false },
        Outbound::Finish { stream } => {
            shared.finish(stream, |entry| entry.finished = true);
            Frame::Data { stream, data: Bytes::new(), fin: true }
        }
    }
}

async fn flush(io: &mut (impl AsyncWrite + Unpin), buffer: &mut BytesMut) -> std::io::Result<()> {
    io.write_all(buffer).await?;
    buffer.clear();
    io.flush().await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair() -> (Session, Session) {
        let (client, server) = tokio::io::duplex(64 << 10);
        (Session::start(client, Role::Client), Session::start(server, Role::Server))
    }

    async fn read_all(stream: &mut Duplex) -> Vec<u8> {
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).await.unwrap();
        bytes
    }

    #[tokio::test]
    async fn streams_carry_both_ways_and_half_close() {
        let (client, mut server) = pair();
        let serve = tokio::spawn(async move {
            let incoming = server.accept().await.unwrap();
            assert_eq!((incoming.id(), incoming.headers().get("streamType")), (1, "data"));
            let mut stream = incoming.accept().await.unwrap();
            let got = read_all(&mut stream).await;
            stream.write_all(&got).await.unwrap();
            stream.shutdown().await.unwrap();
            server.close().await;
        });
        let mut stream = client.open(Headers::default().with("streamType", "data")).await.unwrap();
        let sent: Vec<u8> = (0..1_000_000u32).map(|number| (number % 251) as u8).collect();
        // half of it fits nowhere: reading and writing must not wait for each other
        let (mut reader, mut writer) = (stream.reader, stream.writer);
        let write = async {
            writer.write_all(&sent).await.unwrap();
            writer.shutdown().await.unwrap();
        };
        let mut got = Vec::new();
        let (_, read) = tokio::join!(write, reader.read_to_end(&mut got));
        read.unwrap();
        assert!(got == sent);
        stream = Duplex { reader, writer };
        assert!(stream.write_all(b"more").await.is_err(), "it is finished");
        serve.await.unwrap();
        client.closed().await;
        assert_eq!(client.failure(), None);
        assert!(matches!(client.open(Headers::default()).await, Err(SessionError::Closed)));
    }

    #[tokio::test]
    async fn a_refused_stream_is_an_error() {
        let (client, mut server) = pair();
        let (opened, ()) = tokio::join!(client.open(Headers::default()), async { server.accept().await.unwrap().refuse().await });
        assert!(matches!(opened, Err(SessionError::Refused)));
    }

    #[tokio::test]
    async fn garbage_breaks_the_connection_and_says_how() {
        let (client, mut server) = tokio::io::duplex(1024);
        let session = Session::start(client, Role::Client);
        server.write_all(b"\x80\x02\0\x06\0\0\0\x04\0\0\0\x01").await.unwrap();
        session.closed().await;
        let error = session.open(Headers::default()).await.unwrap_err();
        assert_eq!(error.to_string(), "the connection broke: the peer sent version 2 of SPDY instead of 3");
        drop(server);
    }

    #[tokio::test]
    async fn pings_are_echoed_but_not_our_own() {
        let (client, mut server) = tokio::io::duplex(1024);
        let session = Session::start(client, Role::Client);
        server.write_all(b"\x80\x03\0\x06\0\0\0\x04\0\0\0\x01\x80\x03\0\x06\0\0\0\x04\0\0\0\x02").await.unwrap();
        let mut echo = [0; 12];
        server.read_exact(&mut echo).await.unwrap();
        assert_eq!(&echo, b"\x80\x03\0\x06\0\0\0\x04\0\0\0\x02");
        drop(session);
        let mut rest = Vec::new();
        server.read_to_end(&mut rest).await.unwrap();
        assert_eq!(rest, b"\x80\x03\0\x07\0\0\0\x08\0\0\0\0\0\0\0\0", "dropped: go away, then the end");
    }

    #[tokio::test]
    async fn what_is_written_before_close_arrives() {
        let (client, mut server) = pair();
        let serve = tokio::spawn(async move {
            let mut stream = server.accept().await.unwrap().accept().await.unwrap();
            stream.write_all(&[1; 700_000]).await.unwrap();
            // neither shut down nor dropped
            server.close().await;
            stream
        });
        let mut stream = client.open(Headers::default()).await.unwrap();
        assert_eq!(read_all(&mut stream).await.len(), 700_000);
        drop((stream, client));
        serve.await.unwrap();
    }

    #[tokio::test]
    async fn too_many_streams_are_refused() {
        let (client, server) = pair();
        // nobody accepts: the ones that fit in the queue wait, the next is refused
        let opening: Vec<_> = (0..=MAX_WAITING).map(|_| Box::pin(client.open(Headers::default()))).collect();
        let (first, ..) = futures::future::select_all(opening).await;
        assert!(matches!(first, Err(SessionError::Refused)));
        drop(server);
    }

    #[tokio::test]
    async fn streams_that_are_over_make_room() {
        let (client, mut server) = pair();
        let serve = tokio::spawn(async move {
            while let Some(incoming) = server.accept().await {
                let mut stream = incoming.accept().await.unwrap();
                tokio::spawn(async move {
                    let got = read_all(&mut stream).await;
                    stream.write_all(&got).await.unwrap();
                });
            }
        });
        for _ in 0..3 * MAX_STREAMS {
            let mut stream = client.open(Headers::default()).await.unwrap();
            stream.write_all(b"x").await.unwrap();
            stream.shutdown().await.unwrap();
            assert_eq!(read_all(&mut stream).await, b"x");
        }
        assert!(client.shared.lock().is_empty());
        client.close().await;
        serve.await.unwrap();
    }

    #[tokio::test]
    async fn a_connection_without_any_movement_ends() {
        let (client, server) = tokio::io::duplex(1024);
        let limit = Duration::from_millis(1500);
        let (client, mut server) = (Session::start(client, Role::Client), Session::start_with(server, Role::Server, Some(limit)));
        let started = tokio::time::Instant::now();
        let serve = tokio::spawn(async move { (server.accept().await.unwrap().accept().await.unwrap(), server) });
        let mut stream = client.open(Headers::default()).await.unwrap();
        let (_accepted, server) = serve.await.unwrap();
        for _ in 0..4 {
            tokio::time::sleep(limit / 3).await;
            stream.write_all(b"still here").await.unwrap();
        }
        assert!(!server.shared.closed.is_cancelled() && started.elapsed() > limit);
        server.closed().await;
        assert_eq!(server.failure().as_deref(), Some("nothing has moved for long"));
        client.closed().await;
    }
}
