//! The lines of a watch: framing and the two-step decoding of events.

use std::borrow::Cow;

use api::ApiError;
use bytes::{Buf, Bytes, BytesMut};
use http_body_util::BodyExt;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Status;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::{Cached, Key};

/// One event of a watch.
pub(crate) enum Event<K> {
    Upserted(Box<K>, u64),
    Deleted(Key, u64),
    Bookmark(u64),
    /// The object could not be decoded; the revision still counts.
    Undecodable(serde_json::Error),
}

/// The most bytes of one event: far above what a server stores for one object.
const LINE_LIMIT_BYTES: usize = 64 << 20;

/// The body of a watch, cut into lines.
pub(crate) struct Lines {
    body: kube::client::Body,
    buffer: BytesMut,
    /// Up to here there is no line end.
    scanned: usize,
}

impl Lines {
    pub(crate) fn new(body: kube::client::Body) -> Self {
        Self { body, buffer: BytesMut::new(), scanned: 0 }
    }
    /// The next line without its end; `None` when the server ended the watch.
    pub(crate) async fn next(&mut self) -> Result<Option<Bytes>, ApiError> {
        loop {
            if let Some(end) = self.buffer[self.scanned..].iter().position(|byte| *byte == b'\n') {
                let line = self.buffer.split_to(self.scanned + end).freeze();
                self.buffer.advance(1);
                self.scanned = 0;
                return Ok(Some(line));
            }
            self.scanned = self.buffer.len();
            if self.scanned > LINE_LIMIT_BYTES {
                return Err(ApiError::new(500, "InternalError", "an event of the watch is too long"));
            }
            match self.body.frame().await {
                Some(Ok(frame)) => {
                    if let Ok(data) = frame.into_data() {
                        self.buffer.extend_from_slice(&data);
                    }
                }
                Some(Err(error)) => return Err(client::api_error(&error)),
                None if self.buffer.iter().all(u8::is_ascii_whitespace) => return Ok(None),
                None => {
                    self.scanned = 0;
                    return Ok(Some(std::mem::take(&mut self.buffer).freeze()));
                }
            }
        }
    }
}

#[derive(Deserialize)]
struct Line<'a> {
    #[serde(rename = "type", borrow)]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    object: &'a RawValue,
}

#[derive(Deserialize)]
struct Bookmark {
    metadata: BookmarkMeta,
}

#[derive(Deserialize)]
struct BookmarkMeta {
    #[serde(rename = "resourceVersion")]
    resource_version: String,
}

/// Decodes one line. The failure that the server sends as an event of type ERROR is the error.
pub(crate) fn decode<K: Cached>(line: &[u8]) -> Result<Event<K>, ApiError> {
    let malformed = |error: serde_json::Error| ApiError::new(500, "InternalError", format!("malformed event of a watch: {error}"));
    let line: Line<'_> = serde_json::from_slice(line).map_err(malformed)?;
    match line.kind.as_ref() {
        "BOOKMARK" => {
            let bookmark: Bookmark = serde_json::from_str(line.object.get()).map_err(malformed)?;
            Ok(Event::Bookmark(revision(&bookmark.metadata.resource_version)))
        }
        "ERROR" => {
            let status: Status = serde_json::from_str(line.object.get()).map_err(malformed)?;
            Err(ApiError(Box::new(status)))
        }
        "DELETED" => match serde_json::from_str::<crate::PartialObject>(line.object.get()) {
            Ok(object) => Ok(Event::Deleted(Key::of(&object.metadata), revision_of(&object))),
            Err(error) => Ok(Event::Undecodable(error)),
        },
        _ => match object::<K>(line.object) {
            Ok(object) => {
                let revision = revision_of(&object);
                Ok(Event::Upserted(Box::new(object), revision))
            }
            Err(error) => Ok(Event::Undecodable(error)),
        },
    }
}

/// An object of a list or of an event. All typed decoding goes through here and starts from text: each other way in would be all decoders once more.
pub(crate) fn object<K: Cached>(text: &RawValue) -> Result<K, serde_json::Error> {
    serde_json::from_str(text.get()).or_else(|error| match api::zero_times::filled(text.get()) {
        Some(text) => serde_json::from_str(&text),
        None => Err(error),
    })
}

fn revision_of<K: Cached>(object: &K) -> u64 {
    object.meta().resource_version.as_deref().map_or(0, revision)
}

/// A resource version as a number: they are comparable. Anything else counts as nothing known.
pub(crate) fn revision(text: &str) -> u64 {
    text.parse().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use k8s_openapi::api::core::v1::ConfigMap;

    use super::*;

    fn check(line: &str, expected: &str) {
        let text = match decode::<ConfigMap>(line.as_bytes()) {
            Ok(Event::Upserted(object, revision)) => format!("upserted {} {revision}", Key::of(&object.metadata)),
            Ok(Event::Deleted(key, revision)) => format!("deleted {key} {revision}"),
            Ok(Event::Bookmark(revision)) => format!("bookmark {revision}"),
            Ok(Event::Undecodable(_)) => "undecodable".to_owned(),
            Err(error) => format!("error {} {}", error.code(), error.reason()),
        };
        assert_eq!(text, expected);
    }

    #[test]
    fn events() {
        check(
            r#"{"type":"ADDED","object":{"kind":"ConfigMap","apiVersion":"v1","metadata":{"namespace":"n","name":"a","resourceVersion":"12"}}}"#,
            "upserted n/a 12",
        );
        check(
            r#"{"type":"DELETED","object":{"kind":"ConfigMap","apiVersion":"v1","metadata":{"namespace":"n","name":"a","resourceVersion":"13"}}}"#,
            "deleted n/a 13",
        );
        check(
            r#"{"type":"BOOKMARK","object":{"kind":"ConfigMap","metadata":{"resourceVersion":"77","creationTimestamp":null}}}"#,
            "bookmark 77",
        );
        check(r#"{"type":"ERROR","object":{"kind":"Status","status":"Failure","reason":"Expired","code":410}}"#, "error 410 Expired");
        check(r#"{"type":"MODIFIED","object":{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":7}}}"#, "undecodable");
        check("nonsense", "error 500 InternalError");
    }

    #[tokio::test]
    async fn lines_are_put_together_from_pieces() {
        let pieces = ["{\"a\"", ":1}\n{\"b\":2}\n{\"c\"", ":3}"];
        let stream = futures::stream::iter(
            pieces.map(|piece| Ok::<_, std::io::Error>(http_body::Frame::data(Bytes::from_static(piece.as_bytes())))),
        );
        let mut body = Some(http_body_util::StreamBody::new(stream));
        let client = client::in_process(tower::service_fn(move |_: http::Request<kube::client::Body>| {
            std::future::ready(Ok::<_, std::convert::Infallible>(http::Response::new(body.take().unwrap())))
        }));
        let response = client::send(&client, http::Method::GET, "/", client::Body::Empty).await.unwrap();
        let mut lines = Lines::new(response.into_body());
        let mut read = Vec::new();
        while let Some(line) = lines.next().await.unwrap() {
            read.push(String::from_utf8(line.to_vec()).unwrap());
        }
        assert_eq!(read, ["{\"a\":1}", "{\"b\":2}", "{\"c\":3}"]);
    }
}
