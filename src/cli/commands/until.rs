//! Waiting for an object to become something: a look at it now, then a watch from there, for as long as the caller allows.

use std::time::Duration;

use crate::error::{CommandError, Result};
use crate::resources::{Info, text};
use crate::session::{Call, Session};
use crate::watch::{Event, Events};

/// What kubectl says when the time is up.
pub const TIMED_OUT: &str = "timed out waiting for the condition";

/// Watches the object until `met` is content, and gives its last state. The object as it is now comes as an `ADDED` event; that there is none is the server's
/// NotFound. `None` is no limit.
pub async fn until(
    session: &mut Session<'_>,
    info: &Info,
    limit: Option<Duration>,
    mut met: impl FnMut(&Event) -> Result<bool>,
) -> Result<serde_json::Value> {
    let watching = async {
        loop {
            let now = Event { kind: "ADDED".to_owned(), object: session.call_json(&Call::get(info.path())).await? };
            if met(&now)? {
                return Ok(now.object);
            }
            let call = Call::get(info.mapping.path(&info.namespace, ""))
                .query("watch", "true")
                .query("fieldSelector", format!("metadata.name={}", info.name))
                .query("resourceVersion", text(&now.object, "/metadata/resourceVersion"));
            let mut events = Events::open(session, &call).await?;
            while let Some(event) = events.next().await? {
                if event.kind == "ERROR" {
                    break;
                }
                if met(&event)? {
                    return Ok(event.object);
                }
            }
        }
    };
    match limit {
        None => watching.await,
        Some(limit) => tokio::time::timeout(limit, watching).await.unwrap_or_else(|_| Err(CommandError::message(TIMED_OUT))),
    }
}
