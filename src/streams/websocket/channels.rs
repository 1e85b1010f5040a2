//! Kubernetes' channels: the first byte of each message is the number of the stream it belongs to. Version 5 adds a message that finishes a stream, 255 and its number; before that, a stream ends with the
//! connection. The base64 variants are text: the number is a digit and the rest is encoded.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::{Bytes, BytesMut};
use futures::{Sink, SinkExt, Stream, StreamExt};
use tokio::sync::mpsc;
use tokio::time::{MissedTickBehavior, interval, timeout};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_util::sync::CancellationToken;

use crate::activity::{Activity, IDLE_TIMEOUT};
use crate::pipe::{self, Outbound, Outbox, OutboxReceiver, Reader, Writer};
use crate::spdy::Closer;
use crate::upgrade::Connection;

const CLOSE_SIGNAL: u8 = 255;
/// A client asks this often whether the server is there, and gives up after the second; client-go's figures.
const PING_PERIOD: Duration = Duration::from_secs(5);
const PONG_DEADLINE: Duration = Duration::from_secs(61);
/// How long the peer has to take what is left when we close, and to close in turn.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(5);

/// How messages look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Codec {
    pub(crate) base64: bool,
    pub(crate) close_signal: bool,
}

/// Which end we are: a client finishes streams with the signal and asks whether the server is alive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    Client,
    Server,
}

/// The channels of one WebSocket. It closes when all their ends are gone, or by its closer.
pub(crate) struct Channels {
    outbox: Outbox,
    readers: HashMap<u8, Reader>,
    gone: Arc<AtomicBool>,
    failure: Failure,
    closer: Closer,
}

/// What broke the connection, if anything did.
pub(crate) type Failure = Arc<Mutex<Option<String>>>;

impl Channels {
    /// Starts the connection's tasks. What arrives on a channel that is not `readable` is dropped.
    pub(crate) fn start<C: Connection>(socket: WebSocketStream<C>, codec: Codec, end: End, readable: &[u8]) -> Self {
        let (sink, stream) = socket.split();
        let (outbox, outbound) = pipe::outbox();
        let (mut senders, mut readers) = (HashMap::new(), HashMap::new());
        for channel in readable {
            let (sender, reader) = Reader::new(outbox.clone());
            senders.insert(*channel, sender);
            readers.insert(*channel, reader);
        }
        let (gone, failure) = (Arc::<AtomicBool>::default(), Failure::default());
        let token = CancellationToken::new;
        let closer = Closer { closing: token(), written: token(), closed: token() };
        let activity = Arc::new(Activity::new((end == End::Server).then_some(IDLE_TIMEOUT)));
        let writing = Writing { codec, end, failure: failure.clone(), activity: activity.clone() };
        tokio::spawn(write(sink, outbound, writing, closer.clone()));
        let reading = Reading { codec, end, senders, failure: failure.clone(), activity };
        tokio::spawn(read(stream, reading, closer.clone(), gone.clone()));
        Self { outbox, readers, gone, failure, closer }
    }

    /// What arrives on a channel; once.
    pub(crate) fn reader(&mut self, channel: u8) -> Option<Reader> {
        self.readers.remove(&channel)
    }

    pub(crate) fn writer(&self, channel: u8) -> Writer {
        Writer::new(channel.into(), self.outbox.clone(), self.gone.clone())
    }

    pub(crate) fn failure(&self) -> Failure {
        self.failure.clone()
    }

    pub(crate) fn closer(&self) -> Closer {
        self.closer.clone()
    }
}

/// The state of the reading task.
struct Reading {
    codec: Codec,
    end: End,
    senders: HashMap<u8, mpsc::Sender<Bytes>>,
    failure: Failure,
    activity: Arc<Activity>,
}

/// The state of the writing task.
struct Writing {
    codec: Codec,
    end: End,
    failure: Failure,
    activity: Arc<Activity>,
}

async fn read(stream: impl Stream<Item = Result<Message, Error>> + Unpin, mut reading: Reading, closer: Closer, gone: Arc<AtomicBool>) {
    let linger = async {
        closer.written.cancelled().await;
        tokio::time::sleep(CLOSE_TIMEOUT).await;
    };
    let activity = reading.activity.clone();
    tokio::select! {
        () = activity.ended() => {}
        result = reading.messages(stream) => if let Err(failure) = result {
            reading.failure.lock().expect("nobody panics with it").get_or_insert(failure);
        },
        () = linger => {}
    }
    gone.store(true, Ordering::Release);
    // in this order: who sees the end of a stream finds the reason
    drop(reading);
    closer.closed.cancel();
    closer.closing.cancel();
}

impl Reading {
    async fn messages(&mut self, mut stream: impl Stream<Item = Result<Message, Error>> + Unpin) -> Result<(), String> {
        loop {
            let next = match self.end {
                End::Client => {
                    timeout(PONG_DEADLINE, stream.next()).await.map_err(|_| "the server does not answer pings any more".to_owned())?
                }
                End::Server => stream.next().await,
            };
            self.activity.touch();
            match next {
                None | Some(Err(Error::ConnectionClosed | Error::AlreadyClosed)) => return Ok(()),
                Some(Err(error)) => return Err(error.to_string()),
                Some(Ok(Message::Binary(bytes))) => self.message(bytes).await?,
                Some(Ok(Message::Text(text))) => self.message(text.into()).await?,
                Some(Ok(Message::Close(Some(frame)))) if frame.code != CloseCode::Normal => {
                    return Err(format!("websocket: close {}: {}", u16::from(frame.code), frame.reason));
                }
                Some(Ok(Message::Close(_) | Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => {}
            }
        }
    }

    async fn message(&mut self, mut message: Bytes) -> Result<(), String> {
        if message.is_empty() {
            return Ok(());
        }
        let first = message.split_to(1)[0];
        if self.codec.close_signal && first == CLOSE_SIGNAL {
            let [channel] = message[..] else { return Err("a stream close signal is followed by one byte, the channel".to_owned()) };
            self.senders.remove(&channel);
            return Ok(());
        }
        let channel = if self.codec.base64 { first.wrapping_sub(b'0') } else { first };
        let Some(sender) = self.senders.get(&channel) else { return Ok(()) };
        if self.codec.base64 {
            message = STANDARD.decode(&message).map_err(|error| format!("channel {channel}: {error}"))?.into();
        }
        if !message.is_empty() && sender.send(message).await.is_err() {
            // nobody reads this channel any more
            self.senders.remove(&channel);
        }
        Ok(())
    }
}

async fn write(mut sink: impl Sink<Message, Error = Error> + Unpin, mut outbound: OutboxReceiver, writing: Writing, closer: Closer) {
    let Writing { codec, end, failure, activity } = writing;
    let result = async {
        let mut pings = interval(PING_PERIOD);
        pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                biased;
                next = outbound.recv() => match next {
                    Some(next) => feed(&mut sink, next, codec, end).await?,
                    None => return Ok(()),
                },
                () = closer.closing.cancelled() => return Ok(()),
                _ = pings.tick(), if end == End::Client => sink.feed(Message::Ping(Bytes::new())).await?,
            }
            while let Some(next) = outbound.try_recv() {
                feed(&mut sink, next, codec, end).await?;
            }
            sink.flush().await?;
            activity.touch();
        }
    };
    let lost = async {
        closer.closed.cancelled().await;
        tokio::time::sleep(CLOSE_TIMEOUT).await;
    };
    let mut result: Result<(), Error> = tokio::select! {
        result = result => result,
        () = lost => Err(Error::ConnectionClosed),
    };
    closer.closing.cancel();
    if result.is_ok() {
        let goodbye = async {
            outbound.close();
            while let Some(next) = outbound.try_recv() {
                feed(&mut sink, next, codec, end).await?;
            }
            sink.send(Message::Close(Some(CloseFrame { code: CloseCode::Normal, reason: "".into() }))).await
        };
        result = timeout(CLOSE_TIMEOUT, goodbye).await.unwrap_or(Err(Error::ConnectionClosed));
    }
    if let Err(error) = result
        && !matches!(error, Error::ConnectionClosed | Error::AlreadyClosed)
    {
        failure.lock().expect("nobody panics with it").get_or_insert_with(|| error.to_string());
    }
    closer.written.cancel();
}

async fn feed(sink: &mut (impl Sink<Message, Error = Error> + Unpin), outbound: Outbound, codec: Codec, end: End) -> Result<(), Error> {
    match outbound {
        Outbound::Data { stream, data } => sink.feed(codec.message(stream, &data)).await,
        Outbound::Finish { stream } if codec.close_signal && end == End::Client => {
            sink.feed(Message::Binary(Bytes::copy_from_slice(&[CLOSE_SIGNAL, number(stream)]))).await
        }
        // the end of the connection says it
        Outbound::Finish { .. } => Ok(()),
    }
}

impl Codec {
    fn message(self, stream: u32, data: &[u8]) -> Message {
        let channel = number(stream);
        if self.base64 {
            return Message::text(format!("{}{}", char::from(b'0' + channel), STANDARD.encode(data)));
        }
        let mut message = BytesMut::with_capacity(1 + data.len());
        message.extend_from_slice(&[channel]);
        message.extend_from_slice(data);
        Message::Binary(message.freeze())
    }
}

fn number(stream: u32) -> u8 {
    u8::try_from(stream).expect("channels are numbered in a byte")
}
