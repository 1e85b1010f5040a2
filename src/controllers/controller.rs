//! A controller put together: a reconciler, its queue, and the changes that bring keys into it.

use std::hash::Hash;

use futures::FutureExt;
use futures::future::BoxFuture;
use runtime::{Cached, Change, Context, Informer, Queue, Reconciler};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::House;

pub(crate) struct Controller<R: Reconciler> {
    reconciler: R,
    house: House,
    component: &'static str,
    workers: usize,
    queue: Queue<R::Key>,
    synced: Vec<BoxFuture<'static, ()>>,
    followers: JoinSet<()>,
}

impl<R: Reconciler> Controller<R> {
    /// `component` is the source of its Events, as upstream names it.
    pub(crate) fn new(house: House, component: &'static str, workers: usize, reconciler: R) -> Self {
        Self { reconciler, house, component, workers, queue: Queue::new(), synced: Vec::new(), followers: JoinSet::new() }
    }
    /// A change of this kind concerns these keys.
    pub(crate) fn on<K: Cached>(mut self, informer: &Informer<K>, keys: impl Fn(&Change<K>) -> Vec<R::Key> + Send + 'static) -> Self {
        self.followers.spawn(follow(informer, self.queue.clone(), self.house.stop.clone(), keys));
        self.reads(informer)
    }
    /// Where keys go, for changes of kinds that are not known yet.
    pub(crate) fn queue(&self) -> Queue<R::Key> {
        self.queue.clone()
    }
    /// Plans depend on this kind, though its changes alone call for nothing.
    pub(crate) fn reads<K: Cached>(mut self, informer: &Informer<K>) -> Self {
        let informer = informer.clone();
        self.synced.push(async move { informer.synced().await }.boxed());
        self
    }
    /// Begins no sooner than this.
    pub(crate) fn after(mut self, event: impl Future<Output = ()> + Send + 'static) -> Self {
        self.synced.push(event.boxed());
        self
    }
    /// A change of something that is no object concerns these keys.
    pub(crate) fn woken_by<T: Send + Sync + 'static>(
        mut self,
        mut changed: watch::Receiver<T>,
        keys: impl Fn() -> Vec<R::Key> + Send + 'static,
    ) -> Self {
        let (queue, stop) = (self.queue.clone(), self.house.stop.clone());
        self.followers.spawn(async move {
            loop {
                tokio::select! {
                    () = stop.cancelled() => return,
                    changed = changed.changed() => if changed.is_err() { return },
                }
                keys().into_iter().for_each(|key| queue.add(key));
            }
        });
        self
    }
    /// Waits for the caches, then works until the house stops.
    pub(crate) async fn run(self) {
        let Self { reconciler, house, component, workers, queue, synced, followers } = self;
        tokio::select! {
            () = house.stop.cancelled() => return,
            _ = futures::future::join_all(synced) => {}
        }
        let context = Context { informers: house.informers, recorder: house.recorder.named(component), clock: house.clock, workers };
        runtime::run(reconciler, queue, context, house.stop).await;
        drop(followers);
    }
}

/// Brings the keys of changes into a queue until `stop`.
pub(crate) fn follow<C: Cached, K: Clone + Eq + Hash + Send + Sync + 'static>(
    informer: &Informer<C>,
    queue: Queue<K>,
    stop: CancellationToken,
    keys: impl Fn(&Change<C>) -> Vec<K> + Send + 'static,
) -> impl Future<Output = ()> + Send + 'static {
    let mut changes = informer.subscribe();
    async move {
        loop {
            let change = tokio::select! {
                () = stop.cancelled() => return,
                change = changes.recv() => change,
            };
            keys(&change).into_iter().for_each(|key| queue.add(key));
        }
    }
}
