//! Statuses that this server itself tells of objects: a task for each kind, woken by changes of what its status is about.

use std::sync::{Arc, Weak};
use std::time::Duration;

use api::Typed;
use futures::FutureExt;
use futures::future::{BoxFuture, select_all};
use kinds::{FLOW_SCHEMA, Kind, PRIORITY_LEVEL_CONFIGURATION, VALIDATING_ADMISSION_POLICY};

use crate::context::UserInfo;
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
    let policies: TellAll = |registry| tell_all(registry, &VALIDATING_ADMISSION_POLICY, policy_status::due).boxed();
    let schemas: TellAll = |registry| tell_all(registry, &FLOW_SCHEMA, flow::status::due).boxed();
    follow(inner, &[&VALIDATING_ADMISSION_POLICY], policies).await;
    follow(inner, &[&FLOW_SCHEMA, &PRIORITY_LEVEL_CONFIGURATION], schemas).await;
}

/// Tells it of all objects of a kind: `due` says what is to change of one, where that is anything.
async fn tell_all<T: Typed, C: Fn(&mut T) + Send + Sync>(
    registry: &Registry,
    kind: &'static Kind,
    due: impl Fn(&Registry, &T) -> Option<C> + Send,
) -> bool {
    let mut done = true;
    for item in registry.of(kind).resource.list("", || 0).0 {
        let Ok(object) = item.object(kind) else { continue };
        let Some(change) = object.downcast_ref::<T>().and_then(|object| due(registry, object)) else { continue };
        if let Err(error) = registry.change_status(kind, item.name(), &UserInfo::server(), change).await
            && error.code() != 404
        {
            tracing::warn!(kind = %kind.kind, name = item.name(), %error, "what the server has to tell of an object can not be told");
            done = false;
        }
    }
    done
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
