//! containerd's event stream, which every version has (CRI's own container events came with 1.7): starts, exits and kills for lack of
//! memory, as they happen. After each (re)connection a [`Happening::Relist`] says that anything may have happened meanwhile.

use std::time::Duration;

use http::uri::PathAndQuery;
use prost::Message;
use tokio::sync::mpsc;
use tonic::client::Grpc;
use tonic::metadata::MetadataValue;
use tonic::transport::Channel;
use tonic_prost::ProstCodec;

use crate::client::Client;
use crate::error::{Error, Result};
use crate::wire::{Envelope, PublishRequest, SubscribeRequest, TaskDelete, TaskExit, TaskOom, TaskStart};

/// containerd's namespace of CRI containers.
pub const NAMESPACE: &str = "k8s.io";
/// Topic of the event that shows us that the subscription is in force.
const MARKER: &str = "/k/subscribed";
/// Events not yet taken by the receiver; the stream waits when it is full.
const QUEUE: usize = 1024;
/// Waits between attempts to connect again.
const RETRY: [Duration; 4] = [Duration::from_millis(20), Duration::from_millis(100), Duration::from_millis(300), Duration::from_secs(1)];

/// What happened to a container or sandbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happening {
    /// The stream is (again) connected: look at everything.
    Relist,
    Started,
    /// The first process ended.
    Exited {
        exit_code: i32,
    },
    /// The kernel killed a process of it for lack of memory.
    OutOfMemory,
    /// The runtime has cleared up behind the ended process.
    Deleted,
}

/// One event; `id` is the container's or sandbox's, empty for [`Happening::Relist`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub id: String,
    pub happening: Happening,
}

/// Follows the runtime's events until the receiver is dropped, connecting again whenever the stream breaks.
pub fn follow(client: &Client) -> mpsc::Receiver<Event> {
    let (sender, receiver) = mpsc::channel(QUEUE);
    let client = client.clone();
    tokio::spawn(async move {
        let mut failures = 0;
        while !sender.is_closed() {
            match subscribe(&client).await {
                Ok(mut stream) => {
                    failures = 0;
                    let relist = Event { id: String::new(), happening: Happening::Relist };
                    if sender.send(relist).await.is_err() {
                        return;
                    }
                    if !forward(&mut stream, &sender).await {
                        return;
                    }
                }
                Err(error) => tracing::debug!(%error, "subscribing to the container runtime's events"),
            }
            let wait = RETRY[usize::min(failures, RETRY.len() - 1)];
            failures += 1;
            tokio::select! { () = tokio::time::sleep(wait) => {} () = sender.closed() => return }
        }
    });
    receiver
}

/// Passes events on until the stream breaks (true) or the receiver is gone (false).
async fn forward(stream: &mut tonic::Streaming<Envelope>, sender: &mpsc::Sender<Event>) -> bool {
    loop {
        let message = tokio::select! {
            message = stream.message() => message,
            () = sender.closed() => return false,
        };
        match message {
            Ok(Some(envelope)) => {
                if let Some(event) = decode(&envelope)
                    && sender.send(event).await.is_err()
                {
                    return false;
                }
            }
            Ok(None) => return true,
            Err(status) => {
                tracing::debug!(%status, "the container runtime's event stream ended");
                return true;
            }
        }
    }
}

/// Subscribes, and returns once the subscription is known to be in force.
///
/// containerd answers a subscription with nothing, not even headers, before the first event. So an event of our own is published until it
/// (or any other) arrives.
async fn subscribe(client: &Client) -> Result<tonic::Streaming<Envelope>> {
    let mut grpc = Grpc::new(client.channel());
    let mut publisher = grpc.clone();
    grpc.ready().await.map_err(|error| Error::Connect { socket: client.socket().to_owned(), message: error.to_string() })?;
    let mut filters = ["start", "exit", "oom", "delete"].map(|topic| format!("topic==\"/tasks/{topic}\",namespace=={NAMESPACE}")).to_vec();
    filters.push(format!("topic==\"{MARKER}\",namespace=={NAMESPACE}"));
    let path = PathAndQuery::from_static("/containerd.services.events.v1.Events/Subscribe");
    let codec = ProstCodec::<SubscribeRequest, Envelope>::default();
    let subscription = grpc.server_streaming(tonic::Request::new(SubscribeRequest { filters }), path, codec);
    tokio::pin!(subscription);
    let mut wait = Duration::from_millis(1);
    loop {
        tokio::select! {
            answer = &mut subscription => {
                return answer.map(tonic::Response::into_inner).map_err(|status| Error::status("subscribe to events", &status));
            }
            () = tokio::time::sleep(wait) => publish_marker(&mut publisher).await?,
        }
        wait = (wait * 4).min(Duration::from_secs(1));
    }
}

async fn publish_marker(grpc: &mut Grpc<Channel>) -> Result<()> {
    let act = "publish an event";
    grpc.ready().await.map_err(|error| Error::Status { act, code: tonic::Code::Unavailable, message: error.to_string() })?;
    let event = prost_types::Any { type_url: "containerd.events.TaskOOM".to_owned(), value: Vec::new() };
    let mut request = tonic::Request::new(PublishRequest { topic: MARKER.to_owned(), event: Some(event) });
    request.metadata_mut().insert("containerd-namespace", MetadataValue::from_static(NAMESPACE));
    let path = PathAndQuery::from_static("/containerd.services.events.v1.Events/Publish");
    let answer = grpc.unary(request, path, ProstCodec::<PublishRequest, ()>::default()).await;
    answer.map(drop).map_err(|status| Error::status(act, &status))
}

/// The event in an envelope; exits of exec'd processes and other topics are none.
fn decode(envelope: &Envelope) -> Option<Event> {
    let payload = envelope.event.as_ref()?.value.as_slice();
    let (id, happening) = match envelope.topic.as_str() {
        "/tasks/start" => (TaskStart::decode(payload).ok()?.container_id, Happening::Started),
        "/tasks/oom" => (TaskOom::decode(payload).ok()?.container_id, Happening::OutOfMemory),
        "/tasks/exit" => {
            let exit = TaskExit::decode(payload).ok()?;
            if exit.id != exit.container_id {
                return None;
            }
            (exit.container_id, Happening::Exited { exit_code: i32::try_from(exit.exit_status).unwrap_or(255) })
        }
        "/tasks/delete" => {
            let delete = TaskDelete::decode(payload).ok()?;
            if !delete.id.is_empty() && delete.id != delete.container_id {
                return None;
            }
            (delete.container_id, Happening::Deleted)
        }
        _ => return None,
    };
    Some(Event { id, happening })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn envelope(topic: &str, message: &impl Message) -> Envelope {
        let event = prost_types::Any { type_url: String::new(), value: message.encode_to_vec() };
        Envelope { timestamp: None, namespace: NAMESPACE.to_owned(), topic: topic.to_owned(), event: Some(event) }
    }

    #[test]
    fn exits_of_the_first_process_only() {
        let exit = |id: &str| TaskExit { container_id: "c".into(), id: id.into(), exit_status: 137, ..Default::default() };
        assert_eq!(
            decode(&envelope("/tasks/exit", &exit("c"))),
            Some(Event { id: "c".into(), happening: Happening::Exited { exit_code: 137 } })
        );
        assert_eq!(decode(&envelope("/tasks/exit", &exit("exec-1"))), None);
    }

    #[test]
    fn other_topics_are_ignored() {
        assert_eq!(decode(&envelope("/tasks/paused", &TaskOom { container_id: "c".into() })), None);
        assert_eq!(
            decode(&envelope("/tasks/oom", &TaskOom { container_id: "c".into() })),
            Some(Event { id: "c".into(), happening: Happening::OutOfMemory })
        );
    }
}
