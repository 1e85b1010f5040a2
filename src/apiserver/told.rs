//! Statuses that this server itself tells of objects: a task for each kind, woken by changes of what its status is about.

use std::sync::{Arc, Weak};
use std::time::Duration;

use futures::FutureExt;
use futures::future::{BoxFuture, select_all};
use kinds::{FLOW_SCHEMA, Kind, PRIORITY_LEVEL_CONFIGURATION, VALIDATING_ADMISSION_POLICY};

use crate::registry::Registry;
use crate::server::Inner;
use crate::{flow, policy_status};

/// A status that could not be written is tried again after this long.
const AGAIN_AFTER: Duration = Duration::from_secs(1);

/// Tells what is not told yet; false where something is left to do.
type TellAll = for<'a> fn(&'a Registry) -> BoxFuture<'a, bool>;

/// Tells them, and goes on telling for as long as the server lives. What there is to tell at the start is told when this returns: nothing moves in a cluster that
/// nobody uses.
pub async fn start(inner: &Arc<Inner>) {
    follow(inner, &[&VALIDATING_ADMISSION_POLICY], |registry| policy_status::tell_all(registry).boxed()).await;
    follow(inner, &[&FLOW_SCHEMA, &PRIORITY_LEVEL_CONFIGURATION], |registry| flow::status::tell_all(registry).boxed()).await;
}

async fn follow(inner: &Arc<Inner>, about: &[&'static Kind], tell_all: TellAll) {
    let mut changes: Vec<_> = about.iter().map(|kind| inner.registry.of(kind).resource.subscribe()).collect();
    let mut done = tell_all(&inner.registry).await;
    let inner: Weak<Inner> = Arc::downgrade(inner);
    tokio::spawn(async move {
        loop {
            let wait = if done { Duration::MAX } else { AGAIN_AFTER };
            tokio::select! {
                (changed, ..) = select_all(changes.iter_mut().map(|changed| Box::pin(changed.changed()))) => if changed.is_err() { return },
                () = tokio::time::sleep(wait) => {}
            }
            changes.iter_mut().for_each(|changed| drop(changed.borrow_and_update()));
            let Some(strong) = inner.upgrade() else { return };
            done = tell_all(&strong.registry).await;
        }
    });
}
