//! Asking the machine's own resolvers what the cluster does not know.
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use hickory_proto::op::{Message, Query};
use ring::rand::{SecureRandom, SystemRandom};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, UdpSocket};
use tokio::sync::Semaphore;
use tokio::time::timeout;

/// Most questions that are being asked at once; more are refused, as a client's next try may find room.
const MOST_AT_ONCE: usize = 1000;
/// How long one resolver may take, and all of them together. A client of glibc waits for five seconds.
const ONE_RESOLVER: Duration = Duration::from_secs(2);
const ALL_RESOLVERS: Duration = Duration::from_millis(4500);
/// How often the list of resolvers is looked at for changes.
const LOOK_AGAIN: Duration = Duration::from_secs(1);
const DNS_PORT: u16 = 53;

/// Why there is no answer from elsewhere.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("too many questions at once")]
    Busy,
    #[error("there is no resolver to ask")]
    NoResolver,
    #[error("no resolver answered")]
    NoAnswer,
}

/// The resolvers of a `resolv.conf`.
pub(crate) struct Forwarder {
    path: PathBuf,
    own: Vec<IpAddr>,
    places: Semaphore,
    random: SystemRandom,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    looked: Option<Instant>,
    modified: Option<SystemTime>,
    resolvers: Vec<SocketAddr>,
}

impl Forwarder {
    /// Resolvers listed in the file, except our own addresses: a question must not come back.
    pub(crate) fn new(path: PathBuf, own: Vec<IpAddr>) -> Forwarder {
        Forwarder { path, own, places: Semaphore::new(MOST_AT_ONCE), random: SystemRandom::new(), known: Mutex::default() }
    }

    /// Asks one resolver after the other with the question's own bytes; the first usable answer counts.
    pub(crate) async fn ask(&self, question: &[u8], query: &Query) -> Result<Message, Error> {
        let _place = self.places.try_acquire().map_err(|_| Error::Busy)?;
        let resolvers = self.resolvers();
        if resolvers.is_empty() {
            return Err(Error::NoResolver);
        }
        let each = async {
            for resolver in resolvers {
                match self.ask_one(resolver, question, query).await {
                    Ok(message) => return Ok(message),
                    Err(error) => tracing::debug!(%resolver, %error, name = %query.name, "a resolver did not answer"),
                }
            }
            Err(Error::NoAnswer)
        };
        timeout(ALL_RESOLVERS, each).await.unwrap_or(Err(Error::NoAnswer))
    }

    async fn ask_one(&self, resolver: SocketAddr, question: &[u8], query: &Query) -> io::Result<Message> {
        let mut question = question.to_vec();
        let header = question.get_mut(..2).ok_or(io::ErrorKind::InvalidInput)?;
        // the number a client chose must not let others guess ours
        self.random.fill(header).map_err(|_| io::Error::other("the system has no random numbers"))?;
        let answer = timeout(ONE_RESOLVER, over_udp(resolver, &question, query)).await??;
        if !answer.metadata.truncation {
            return Ok(answer);
        }
        timeout(ONE_RESOLVER, over_tcp(resolver, &question, query)).await?
    }

    fn resolvers(&self) -> Vec<SocketAddr> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.looked.is_none_or(|looked| looked.elapsed() >= LOOK_AGAIN) {
            known.looked = Some(Instant::now());
            let modified = std::fs::metadata(&self.path).and_then(|metadata| metadata.modified()).ok();
            if modified.is_none() || modified != known.modified {
                let text = std::fs::read_to_string(&self.path).unwrap_or_default();
                known.modified = modified;
                known.resolvers = parse(&text).into_iter().filter(|resolver| !self.own.contains(&resolver.ip())).collect();
            }
        }
        known.resolvers.clone()
    }
}

/// The addresses after `nameserver`.
fn parse(text: &str) -> Vec<SocketAddr> {
    let lines = text.lines().filter_map(|line| {
        let mut words = line.split_whitespace();
        (words.next() == Some("nameserver")).then(|| words.next()).flatten()
    });
    // the zone of a link-local address is a name the standard library does not read
    lines.filter_map(|address| address.split('%').next()?.parse().ok()).map(|address: IpAddr| SocketAddr::new(address, DNS_PORT)).collect()
}

async fn over_udp(resolver: SocketAddr, question: &[u8], query: &Query) -> io::Result<Message> {
    let any: IpAddr = if resolver.is_ipv4() { Ipv4Addr::UNSPECIFIED.into() } else { Ipv6Addr::UNSPECIFIED.into() };
    let socket = UdpSocket::bind((any, 0)).await?;
    socket.connect(resolver).await?;
    socket.send(question).await?;
    let mut buffer = vec![0; usize::from(u16::MAX)];
    loop {
        let length = socket.recv(&mut buffer).await?;
        // what does not fit is somebody's guess or late: the right one may still come
        if let Some(answer) = fitting(&buffer[..length], question, query) {
            return Ok(answer);
        }
    }
}

async fn over_tcp(resolver: SocketAddr, question: &[u8], query: &Query) -> io::Result<Message> {
    let mut stream = TcpStream::connect(resolver).await?;
    let length = u16::try_from(question.len()).map_err(io::Error::other)?;
    stream.write_all(&[&length.to_be_bytes(), question].concat()).await?;
    let mut answer = vec![0; usize::from(stream.read_u16().await?)];
    stream.read_exact(&mut answer).await?;
    fitting(&answer, question, query).ok_or_else(|| io::ErrorKind::InvalidData.into())
}

/// The message, if it answers this question.
fn fitting(answer: &[u8], question: &[u8], query: &Query) -> Option<Message> {
    if answer.get(..2) != question.get(..2) {
        return None;
    }
    let message = Message::from_vec(answer).ok()?;
    let is_answer = message.metadata.message_type == hickory_proto::op::MessageType::Response;
    let same = message.queries.iter().all(|one| one.query_type == query.query_type && one.name == query.name);
    (is_answer && same).then_some(message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use hickory_proto::op::{MessageType, OpCode, ResponseCode};
    use hickory_proto::rr::{Name, RecordType};

    #[test]
    fn resolv_conf() {
        let text = "# x\nsearch a b\nnameserver 192.0.2.1\n nameserver\t2001:db8::1 \nnameserver fe80::1%eth0\n;nameserver 1.1.1.1\nnameserver nonsense\nnameserver\n";
        let found: Vec<String> = parse(text).iter().map(ToString::to_string).collect();
        assert_eq!(found, ["192.0.2.1:53", "[2001:db8::1]:53", "[fe80::1]:53"]);
    }

    #[tokio::test]
    async fn without_a_resolver_the_answer_is_immediate() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("resolv.conf");
        let own: IpAddr = "127.0.0.1".parse().unwrap();
        let ask = async |path: &PathBuf| {
            let query = Query::query(Name::from_ascii("example.com.").unwrap(), RecordType::A);
            Forwarder::new(path.clone(), vec![own]).ask(&[0; 12], &query).await.unwrap_err().to_string()
        };
        assert_eq!(ask(&path).await, "there is no resolver to ask");
        std::fs::write(&path, "nameserver 127.0.0.1\n").unwrap();
        assert_eq!(ask(&path).await, "there is no resolver to ask", "ourselves");
        std::fs::write(&path, "nameserver 127.0.0.2\n").unwrap();
        let started = Instant::now();
        assert_eq!(ask(&path).await, "no resolver answered");
        assert!(started.elapsed() < Duration::from_secs(1), "refused at once");
    }

    #[test]
    fn only_the_answer_to_the_question_counts() {
        let query = Query::query(Name::from_ascii("Example.com.").unwrap(), RecordType::A);
        let answer = |id: u16, name: &str, kind, message_type| {
            let mut message = Message::new(id, message_type, OpCode::Query);
            message.metadata.response_code = ResponseCode::NXDomain;
            message.add_query(Query::query(Name::from_ascii(name).unwrap(), kind));
            fitting(&message.to_vec().unwrap(), &[0x12, 0x34], &query).is_some()
        };
        assert!(answer(0x1234, "example.COM.", RecordType::A, MessageType::Response));
        assert!(!answer(0x1235, "example.com.", RecordType::A, MessageType::Response));
        assert!(!answer(0x1234, "example.org.", RecordType::A, MessageType::Response));
        assert!(!answer(0x1234, "example.com.", RecordType::AAAA, MessageType::Response));
        assert!(!answer(0x1234, "example.com.", RecordType::A, MessageType::Query));
    }
}
