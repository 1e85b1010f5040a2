//! The events of a watch, one JSON document a line.

use futures::StreamExt;
use http_body_util::BodyStream;
use kube::client::Body;
use serde_json::Value;

use crate::error::{CommandError, Result};
use crate::session::{Call, Session};

/// One event.
#[derive(Debug)]
pub struct Event {
    /// `ADDED`, `MODIFIED`, `DELETED`, `BOOKMARK` or `ERROR`.
    pub kind: String,
    pub object: Value,
}

/// An open watch.
pub struct Events {
    body: BodyStream<Body>,
    pending: Vec<u8>,
}

impl Events {
    pub async fn open(session: &mut Session<'_>, call: &Call) -> Result<Self> {
        let response = session.open(call).await?;
        Ok(Self { body: BodyStream::new(response.into_body()), pending: Vec::new() })
    }

    /// The next event; `None` once the server has ended the watch.
    pub async fn next(&mut self) -> Result<Option<Event>> {
        loop {
            if let Some(end) = self.pending.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.pending.drain(..=end).collect();
                if line.len() > 1 {
                    return decode(&line).map(Some);
                }
                continue;
            }
            match self.body.next().await {
                Some(Ok(frame)) => {
                    if let Ok(data) = frame.into_data() {
                        self.pending.extend_from_slice(&data);
                    }
                }
                Some(Err(error)) => return Err(CommandError::message(format!("unable to decode an event from the watch stream: {error}"))),
                None => return Ok(None),
            }
        }
    }
}

fn decode(line: &[u8]) -> Result<Event> {
    let mut event: Value = serde_json::from_slice(line)
        .map_err(|error| CommandError::message(format!("unable to decode an event from the watch stream: {error}")))?;
    Ok(Event { kind: event["type"].as_str().unwrap_or_default().to_owned(), object: event["object"].take() })
}
