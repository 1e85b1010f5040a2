//! Keeps one informer current: list once, then watch; a watch that ends is resumed from the last revision, a revision that is lost (410) is listed anew,
//! every other failure is retried with back-off.

use std::sync::Arc;
use std::time::{Duration, Instant};

use api::ApiError;
use client::encode_query;
use http::Method;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ListMeta;
use serde::Deserialize;
use serde_json::value::RawValue;
use tokio_util::sync::CancellationToken;

use crate::informer::Shared;
use crate::watch_stream::{Event, Lines, decode, object, revision};
use crate::{Backoff, Cached, Filter};

/// Upstream's bounds for a watch: the server ends it after a random time in between, which spreads reconnections.
const WATCH_SECONDS: (f64, f64) = (300.0, 600.0);
/// Objects a page when a list is read in pages.
const PAGE: &str = "5000";

#[derive(Deserialize)]
struct List<'a> {
    #[serde(default)]
    metadata: ListMeta,
    #[serde(default, borrow)]
    items: Option<Vec<&'a RawValue>>,
}

/// Runs until `stop`.
pub(crate) async fn reflect<K: Cached>(client: kube::Client, shared: Arc<Shared<K>>, filter: Filter, stop: CancellationToken) {
    let reflector = Reflector { client, shared, filter };
    tokio::select! {
        () = stop.cancelled() => {}
        () = reflector.run() => {}
    }
}

struct Reflector<K> {
    client: kube::Client,
    shared: Arc<Shared<K>>,
    filter: Filter,
}

/// Why a watch is over.
enum Ended {
    /// The server's time limit: resume.
    ByServer,
    /// The revision is gone: list.
    Lost,
}

impl<K: Cached> Reflector<K> {
    async fn run(&self) {
        let mut backoff = Backoff::new(Duration::from_millis(100), Duration::from_secs(30), 1.0);
        let mut first = true;
        loop {
            match self.list(first).await {
                Ok(from) => {
                    first = false;
                    self.follow(from, &mut backoff).await;
                }
                Err(error) => {
                    let wait = backoff.next();
                    tracing::warn!(resource = %self.shared.resource.qualified(), code = error.code(), ?wait, "list failed: {}", error.message());
                    tokio::time::sleep(wait).await;
                    // A server that cannot answer from its cache yet may answer from its store.
                    first = false;
                }
            }
        }
    }

    /// Watches from a revision on until that is no longer possible.
    async fn follow(&self, mut from: String, backoff: &mut Backoff) {
        loop {
            let started = Instant::now();
            let outcome = self.watch(&mut from).await;
            // Progress, or a watch that lasted, is health; a server that ends watches at once is not.
            if started.elapsed() > Duration::from_secs(1) {
                backoff.reset();
            }
            match outcome {
                Ok(Ended::Lost) => return tokio::time::sleep(backoff.next().min(Duration::from_secs(1))).await,
                Ok(Ended::ByServer) if started.elapsed() > Duration::from_secs(1) => {}
                Ok(Ended::ByServer) => tokio::time::sleep(backoff.next()).await,
                Err(error) => {
                    let wait = backoff.next();
                    tracing::debug!(resource = %self.shared.resource.qualified(), code = error.code(), ?wait, "watch failed: {}", error.message());
                    tokio::time::sleep(wait).await;
                }
            }
        }
    }

    async fn list(&self, from_cache: bool) -> Result<String, ApiError> {
        let mut items = Vec::new();
        let mut next_page = String::new();
        loop {
            // Version 0 may be answered from the server's memory, and is then never cut into pages.
            let version = if from_cache { "0" } else { "" };
            let limit = if from_cache { "" } else { PAGE };
            let path = self.path(&[("resourceVersion", version), ("limit", limit), ("continue", &next_page)]);
            let body = client::get_accepting(&self.client, &path, K::ACCEPT.0).await?;
            let page: List<'_> = serde_json::from_slice(&body).map_err(|error| {
                ApiError::new(500, "InternalError", format!("list of {} does not decode: {error}", self.shared.resource.qualified()))
            })?;
            items.extend(page.items.into_iter().flatten().filter_map(|item| match object(item) {
                Ok(object) => Some(object),
                Err(error) => {
                    self.left_out(&error);
                    None
                }
            }));
            match page.metadata.continue_ {
                Some(token) if !token.is_empty() => next_page = token,
                _ => {
                    let version = page.metadata.resource_version.unwrap_or_default();
                    self.shared.replace(items, revision(&version));
                    return Ok(version);
                }
            }
        }
    }

    async fn open(&self, path: &str, accept: &'static str) -> Result<http::Response<kube::client::Body>, ApiError> {
        client::send_accepting(&self.client, Method::GET, path, client::Body::Empty, accept).await
    }

    async fn watch(&self, from: &mut String) -> Result<Ended, ApiError> {
        let seconds = WATCH_SECONDS.0 + (WATCH_SECONDS.1 - WATCH_SECONDS.0) * crate::backoff::unit();
        let timeout = format!("{seconds:.0}");
        let path = self.path(&[
            ("watch", "true"),
            ("allowWatchBookmarks", "true"),
            ("resourceVersion", from.as_str()),
            ("timeoutSeconds", &timeout),
        ]);
        // A connection that died without a word must not make us deaf for ever.
        let limit = Duration::from_secs_f64(seconds + 30.0);
        match tokio::time::timeout(limit, self.read(&path, from)).await {
            Ok(Err(error)) if client::is_gone(&error) => Ok(Ended::Lost),
            Ok(outcome) => outcome.map(|()| Ended::ByServer),
            Err(_) => Ok(Ended::ByServer),
        }
    }

    async fn read(&self, path: &str, from: &mut String) -> Result<(), ApiError> {
        let mut lines = Lines::new(self.open(path, K::ACCEPT.1).await?.into_body());
        while let Some(line) = lines.next().await? {
            if line.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            let revision = match decode::<K>(&line)? {
                Event::Upserted(object, revision) => {
                    self.shared.upsert(*object, revision);
                    revision
                }
                Event::Deleted(key, revision) => {
                    self.shared.remove(&key, revision);
                    revision
                }
                Event::Bookmark(revision) => {
                    self.shared.advance(revision);
                    revision
                }
                Event::Undecodable(error) => {
                    self.left_out(&error);
                    continue;
                }
            };
            if revision > 0 {
                *from = revision.to_string();
            }
        }
        Ok(())
    }

    fn left_out(&self, error: &serde_json::Error) {
        tracing::error!(resource = %self.shared.resource.qualified(), "an object does not decode and is left out: {error}");
    }

    fn path(&self, query: &[(&str, &str)]) -> String {
        let mut pairs = query.to_vec();
        pairs.push(("labelSelector", self.filter.labels.as_deref().unwrap_or_default()));
        pairs.push(("fieldSelector", self.filter.fields.as_deref().unwrap_or_default()));
        let query = encode_query(&pairs);
        let collection = self.shared.resource.collection(self.filter.namespace.as_deref().unwrap_or_default());
        if query.is_empty() { collection } else { format!("{collection}?{query}") }
    }
}
