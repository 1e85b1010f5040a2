//! The one executor of plans. It takes keys from a queue, observes, plans, sends the actions, and gives a key back only when the caches have caught up with
//! everything that was just written for it: so no plan is ever made on a state older than its own last actions, which is what upstream's controllers keep
//! expectation counters for.

use std::sync::Arc;
use std::time::Duration;

use api::ApiError;
use client::{Resource, encode_query};
use futures::future::BoxFuture;
use futures::{FutureExt, StreamExt};
use http::Method;
use k8s_openapi::api::authorization::v1::{SubjectAccessReview, SubjectAccessReviewSpec};
use serde::Deserialize;
use serde::de::IgnoredAny;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::informer::AnyInformer;
use crate::{Action, Announcement, Clock, Existing, Failure, Informers, Key, Patch, Queue, Reconciler, Recorder, Verb};

/// Requests of one plan that are under way at the same time.
const CONCURRENT_REQUESTS: usize = 64;
/// A plan that takes longer than this gives its place to another: what hangs, as requests for an aggregated API can, holds up nothing but itself.
const SLOW_AFTER: Duration = Duration::from_secs(1);
/// So many plans of a controller that are slow are under way beside the others.
const SLOW_PLANS: usize = 256;
/// How long to wait for a cache before looking at it anyway: only a dead watch takes this long.
const CATCH_UP_LIMIT: Duration = Duration::from_secs(30);

/// What the executor works with.
#[derive(Clone)]
pub struct Context {
    pub informers: Informers,
    pub recorder: Recorder,
    pub clock: Arc<dyn Clock>,
    /// Keys worked on at the same time.
    pub workers: usize,
}

/// Runs a controller on the keys of a queue until `stop`; plans under way are finished.
pub async fn run<R: Reconciler>(reconciler: R, queue: Queue<R::Key>, context: Context, stop: CancellationToken) {
    let workers = Arc::new(Semaphore::new(context.workers.max(1)));
    let slow = Arc::new(Semaphore::new(SLOW_PLANS));
    let executor = Arc::new(Executor { reconciler, queue: queue.clone(), context, workers: workers.clone(), slow });
    let mut tasks = JoinSet::new();
    loop {
        while tasks.try_join_next().is_some() {}
        let taken = tokio::select! {
            () = stop.cancelled() => break,
            taken = async { (workers.clone().acquire_owned().await, queue.get().await) } => taken,
        };
        let (Ok(permit), Some(key)) = taken else { break };
        let executor = executor.clone();
        tasks.spawn(async move {
            let work = Work { queue: executor.queue.clone(), key };
            let written = executor.making_room(permit, executor.reconcile(&work.key)).await;
            tokio::time::timeout(CATCH_UP_LIMIT, executor.caught_up(written)).await.unwrap_or_else(|_| {
                tracing::warn!(controller = executor.reconciler.name(), key = %work.key, "caches are behind");
            });
        });
    }
    queue.shutdown();
    while tasks.join_next().await.is_some() {}
}

/// Gives the key back however the work ends.
struct Work<T: Clone + Eq + std::hash::Hash> {
    queue: Queue<T>,
    key: T,
}
impl<T: Clone + Eq + std::hash::Hash> Drop for Work<T> {
    fn drop(&mut self) {
        self.queue.done(&self.key);
    }
}

/// What a cache must show before the key is looked at again.
#[derive(Debug, PartialEq)]
enum Written {
    Revision(Resource, u64),
    Deletion(Resource, Key, String),
}

/// How a request went.
enum Outcome {
    Done {
        name: String,
        written: Option<Written>,
    },
    /// The state was older than thought.
    Stale,
    Failed(ApiError),
    /// It would not have been right.
    LeftOut,
}

#[derive(Default, Deserialize)]
struct Answer {
    #[serde(default)]
    metadata: AnswerMeta,
    #[serde(default)]
    items: Vec<IgnoredAny>,
}
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct AnswerMeta {
    name: String,
    resource_version: String,
    uid: String,
}

/// What became of the actions so far.
#[derive(Default)]
struct Tally {
    written: Vec<Written>,
    failures: Vec<Failure>,
    stale: bool,
}

struct Executor<R: Reconciler> {
    reconciler: R,
    queue: Queue<R::Key>,
    context: Context,
    workers: Arc<Semaphore>,
    slow: Arc<Semaphore>,
}

impl<R: Reconciler> Executor<R> {
    /// Does the work in its place, and in another where it turns out to be slow.
    async fn making_room<T>(&self, place: OwnedSemaphorePermit, work: impl Future<Output = T>) -> T {
        let mut work = std::pin::pin!(work);
        tokio::select! {
            done = &mut work => return done,
            () = tokio::time::sleep(SLOW_AFTER) => {}
        }
        let other = tokio::select! {
            done = &mut work => return done,
            other = self.slow.acquire() => other,
        };
        drop(place);
        let done = work.await;
        drop(other);
        done
    }
    async fn reconcile(&self, key: &R::Key) -> Vec<Written> {
        let Some(mut snapshot) = self.reconciler.observe(key) else {
            self.queue.forget(key);
            return Vec::new();
        };
        self.reconciler.ask(&mut snapshot).await;
        let now = self.context.clock.now();
        let plan = self.reconciler.plan(&snapshot, now);
        let mut tally = Tally::default();
        self.execute(&plan.actions, &mut tally).await;
        if !tally.failures.is_empty() {
            let actions = self.reconciler.settle(&snapshot, &tally.failures, now);
            let mut settled = Tally::default();
            self.execute(&actions, &mut settled).await;
            tally.written.append(&mut settled.written);
            for failure in settled.failures {
                tracing::warn!(controller = self.reconciler.name(), %key, "failure could not be recorded: {}", failure.error.message());
            }
        }
        self.come_again(key, &tally, plan.requeue_at, now);
        tally.written
    }

    fn come_again(&self, key: &R::Key, tally: &Tally, requeue_at: Option<jiff::Timestamp>, now: jiff::Timestamp) {
        // Nothing can be made where the namespace is going away: its end will be seen.
        let hopeless = !tally.failures.is_empty() && tally.failures.iter().all(|failure| in_terminating_namespace(&failure.error));
        if tally.stale || (!tally.failures.is_empty() && !hopeless) {
            for failure in &tally.failures {
                tracing::warn!(controller = self.reconciler.name(), %key, code = failure.error.code(), "{}", failure.error.message());
            }
            self.queue.add_rate_limited(key.clone());
        } else {
            self.queue.forget(key);
        }
        if let Some(at) = requeue_at {
            let wait = Duration::try_from(at.duration_since(now)).unwrap_or(Duration::from_millis(1));
            self.queue.add_after(key.clone(), wait.max(Duration::from_millis(1)));
        }
    }

    /// Sends the actions in order, neighbours of a kind together; stops after the first group with a failure.
    async fn execute(&self, actions: &[Action], tally: &mut Tally) {
        let mut start = 0;
        let mut batch = 1;
        while start < actions.len() && tally.failures.is_empty() && !tally.stale {
            let alike = actions[start..].iter().take_while(|action| together(&actions[start], action)).count().max(1);
            let count = match actions[start].verb {
                // Slow start: where the first creation is refused, the other hundreds are not tried.
                Verb::Create(_) => alike.min(batch),
                _ => alike,
            };
            batch = if count == alike { 1 } else { batch * 2 };
            self.execute_group(&actions[start..start + count], start, tally).await;
            start += count;
        }
    }

    async fn execute_group(&self, actions: &[Action], offset: usize, tally: &mut Tally) {
        let requests: Vec<BoxFuture<'_, (usize, &Action, Outcome)>> =
            actions.iter().enumerate().map(|(index, action)| async move { (index, action, self.send(action).await) }.boxed()).collect();
        let mut outcomes = futures::stream::iter(requests).buffer_unordered(CONCURRENT_REQUESTS);
        while let Some((index, action, outcome)) = outcomes.next().await {
            match outcome {
                Outcome::Done { name, written } => {
                    tally.written.extend(written);
                    self.announce(action.success.as_ref(), "{name}", &name);
                }
                Outcome::Stale => tally.stale = true,
                Outcome::LeftOut => {}
                Outcome::Failed(error) => {
                    if !in_terminating_namespace(&error) {
                        self.announce(action.failure.as_ref(), "{error}", error.message());
                    }
                    tally.failures.push(Failure { index: offset + index, error });
                }
            }
        }
    }

    fn announce(&self, announcement: Option<&Announcement>, placeholder: &str, value: &str) {
        if let Some(Announcement { regarding, kind, reason, message }) = announcement {
            self.context.recorder.event(regarding, kind, reason, &message.replace(placeholder, value));
        }
    }

    async fn send(&self, action: &Action) -> Outcome {
        let Some((method, path, body)) = request(action) else {
            return Outcome::Done { name: action.name.clone(), written: None };
        };
        let client = self.context.informers.client();
        for existing in &action.unless {
            match exists(&client, existing).await {
                Ok(false) => {}
                Ok(true) => return Outcome::Stale,
                Err(error) => return Outcome::Failed(error),
            }
        }
        if let Some(review) = &action.where_allowed {
            match is_allowed(&client, review).await {
                Ok(true) => {}
                Ok(false) => return Outcome::LeftOut,
                Err(error) => return Outcome::Failed(error),
            }
        }
        match client::call(&client, method, &path, body).await {
            Ok(answer) => {
                let answer = serde_json::from_slice::<Answer>(&answer).unwrap_or_default();
                if matches!(action.verb, Verb::DeleteCollection { expect_empty: true }) && !answer.items.is_empty() {
                    return Outcome::Stale;
                }
                let meta = answer.metadata;
                let name = if action.name.is_empty() { meta.name } else { action.name.clone() };
                Outcome::Done { name, written: written(action, &meta.resource_version) }
            }
            Err(error) => match (&action.verb, error.code(), error.reason()) {
                (Verb::Create(_), 409, "AlreadyExists") | (Verb::Delete { .. } | Verb::DeleteCollection { .. }, 404, _)
                    if action.lenient =>
                {
                    Outcome::Done { name: action.name.clone(), written: None }
                }
                // A uid that differs: that very object is gone.
                (Verb::Delete { .. }, 409, "Conflict")
                | (Verb::Update { .. } | Verb::Patch { .. }, 409, "Conflict")
                | (Verb::Update { .. } | Verb::Patch { .. }, 404, _) => Outcome::Stale,
                _ => Outcome::Failed(error),
            },
        }
    }

    async fn caught_up(&self, written: Vec<Written>) {
        for one in written {
            match one {
                Written::Revision(resource, revision) => {
                    for informer in self.context.informers.whole(&resource) {
                        // The sender lives as long as the informer.
                        let _ = informer.progress().wait_for(|progress| !progress.synced || progress.revision >= revision).await;
                    }
                }
                Written::Deletion(resource, key, uid) => {
                    for informer in self.context.informers.whole(&resource) {
                        deletion_seen(&*informer, &key, &uid).await;
                    }
                }
            }
        }
    }
}

impl<R: Reconciler> Drop for Executor<R> {
    fn drop(&mut self) {
        self.workers.close();
    }
}

async fn deletion_seen(informer: &dyn AnyInformer, key: &Key, uid: &str) {
    let mut progress = informer.progress();
    while informer.holds_undeleted(key, uid) {
        if progress.changed().await.is_err() {
            return;
        }
    }
}

/// Asks the server whether this very object is there.
async fn exists(client: &kube::Client, existing: &Existing) -> Result<bool, ApiError> {
    let path = existing.resource.object(&existing.namespace, &existing.name);
    match client::call(client, Method::GET, &path, client::Body::Empty).await {
        Ok(answer) => {
            let uid = serde_json::from_slice::<Answer>(&answer).unwrap_or_default().metadata.uid;
            Ok(existing.uid.is_empty() || uid == existing.uid)
        }
        Err(error) if error.code() == 404 => Ok(false),
        Err(error) => Err(error),
    }
}

/// Asks the server whether somebody is allowed something.
async fn is_allowed(client: &kube::Client, review: &SubjectAccessReviewSpec) -> Result<bool, ApiError> {
    let review = SubjectAccessReview { spec: review.clone(), ..SubjectAccessReview::default() };
    let path = Resource::of::<SubjectAccessReview>().collection("");
    let answer = client::call(client, Method::POST, &path, client::Body::Json(api::Object::to_json(&review))).await?;
    let answer: SubjectAccessReview = serde_json::from_slice(&answer).map_err(ApiError::internal)?;
    Ok(answer.status.is_some_and(|status| status.allowed))
}

fn together(first: &Action, other: &Action) -> bool {
    let same_verb = matches!(
        (&first.verb, &other.verb),
        (Verb::Create(_), Verb::Create(_))
            | (Verb::Delete { .. } | Verb::DeleteCollection { .. }, Verb::Delete { .. } | Verb::DeleteCollection { .. })
    );
    // Deletions of a garbage collector or a namespace span kinds; the order of creations across kinds may matter.
    same_verb && (!matches!(first.verb, Verb::Create(_)) || first.resource == other.resource)
}

fn written(action: &Action, resource_version: &str) -> Option<Written> {
    match &action.verb {
        Verb::Delete { uid, .. } => {
            let key = Key::new(&action.namespace, &action.name);
            Some(Written::Deletion(action.resource.clone(), key, uid.clone().unwrap_or_default()))
        }
        Verb::DeleteCollection { .. } | Verb::Announce => None,
        _ => {
            let revision = resource_version.parse().ok()?;
            Some(Written::Revision(action.resource.clone(), revision))
        }
    }
}

fn in_terminating_namespace(error: &ApiError) -> bool {
    let causes = error.0.details.as_ref().and_then(|details| details.causes.as_deref()).unwrap_or_default();
    causes.iter().any(|cause| cause.reason.as_deref() == Some("NamespaceTerminating"))
}

/// The request that an action is; `None` for one that is only an Event.
fn request(action: &Action) -> Option<(Method, String, client::Body)> {
    let object_path = |subresource: &str| {
        let path = action.resource.object(&action.namespace, &action.name);
        if subresource.is_empty() { path } else { format!("{path}/{subresource}") }
    };
    Some(match &action.verb {
        Verb::Create(object) => (Method::POST, action.resource.collection(&action.namespace), client::Body::Json(object.to_json())),
        Verb::Update { object, subresource } => (Method::PUT, object_path(subresource), client::Body::Json(object.to_json())),
        Verb::Patch { patch, subresource } => {
            let body = match patch {
                Patch::Merge(value) => client::Body::MergePatch(value.to_string().into_bytes()),
                Patch::Strategic(value) => client::Body::StrategicMergePatch(value.to_string().into_bytes()),
                Patch::Json(value) => client::Body::JsonPatch(value.to_string().into_bytes()),
            };
            (Method::PATCH, object_path(subresource), body)
        }
        Verb::Delete { uid, resource_version, propagation, grace_seconds } => {
            let mut options = serde_json::json!({"apiVersion": "v1", "kind": "DeleteOptions"});
            if uid.is_some() || resource_version.is_some() {
                let mut preconditions = serde_json::Map::new();
                preconditions.extend(uid.iter().map(|uid| ("uid".to_owned(), uid.as_str().into())));
                preconditions.extend(resource_version.iter().map(|version| ("resourceVersion".to_owned(), version.as_str().into())));
                options["preconditions"] = preconditions.into();
            }
            if let Some(propagation) = propagation {
                options["propagationPolicy"] = (*propagation).into();
            }
            if let Some(seconds) = grace_seconds {
                options["gracePeriodSeconds"] = (*seconds).into();
            }
            (Method::DELETE, object_path(""), client::Body::Json(options.to_string().into_bytes()))
        }
        Verb::DeleteCollection { .. } => (
            Method::DELETE,
            format!("{}?{}", action.resource.collection(&action.namespace), encode_query(&[("propagationPolicy", "Background")])),
            client::Body::Empty,
        ),
        Verb::Announce => return None,
    })
}
