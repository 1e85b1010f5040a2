//! All resources there are at a time: those of the built-in kinds, and those that are served beside them, custom resources and resources of aggregated APIs, which
//! come and go. What is known of the latter is what discovery told last ([`crate::discovered`]).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use client::Resource;
use runtime::{Change, Informer, Informers, PartialObject, Reconciler};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::controller::{Controller, follow};
use crate::resources::{self, MetaChange, Source};

/// What discovery tells of beside the built-in kinds.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Outside {
    /// Resources whose objects can be listed, watched and deleted, each at one version; whether all objects of a namespace can be deleted in one request.
    pub(crate) resources: BTreeMap<Resource, bool>,
    /// Group versions of which their server tells nothing now.
    pub(crate) failing: BTreeSet<String>,
}

/// What is done with a source that has come.
type Welcome = Box<dyn Fn(&Late) + Send + Sync>;

/// All sources there are at a time.
pub(crate) struct Sources {
    held: RwLock<BTreeMap<Resource, Arc<Source>>>,
    welcomes: Mutex<Vec<Welcome>>,
    /// None before discovery has told anything. Its receivers are woken by new sources, too.
    outside: watch::Sender<Option<Arc<Outside>>>,
}

/// A resource that has come.
struct Late {
    source: Arc<Source>,
    informer: Informer<PartialObject>,
    /// It has gone again.
    gone: CancellationToken,
}

impl Sources {
    /// Those of the built-in kinds.
    pub(crate) fn new(informers: &Informers) -> Arc<Self> {
        let held = resources::all(informers).into_iter().map(|source| (source.resource.clone(), source)).collect();
        Arc::new(Self { held: RwLock::new(held), welcomes: Mutex::default(), outside: watch::Sender::new(None) })
    }
    pub(crate) fn all(&self) -> Vec<Arc<Source>> {
        self.held.read().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }
    pub(crate) fn get(&self, resource: &Resource) -> Option<Arc<Source>> {
        self.held.read().unwrap_or_else(PoisonError::into_inner).get(resource).cloned()
    }
    /// What discovery told last.
    pub(crate) fn outside(&self) -> Arc<Outside> {
        self.outside.borrow().clone().unwrap_or_default()
    }
    /// Wakes when [`Self::outside`] is another, and when a source has come.
    pub(crate) fn changed(&self) -> watch::Receiver<Option<Arc<Outside>>> {
        self.outside.subscribe()
    }
    /// Takes what discovery tells now.
    pub(crate) fn tell(&self, outside: Outside) {
        self.outside.send_if_modified(|told| {
            let differs = told.as_deref() != Some(&outside);
            if differs {
                *told = Some(Arc::new(outside));
            }
            differs
        });
    }
    /// [`Controller::on`] for changes of the metadata of all objects, also of resources that come later. The controller begins when discovery has told of those.
    pub(crate) fn attach<R: Reconciler>(
        &self,
        controller: Controller<R>,
        keys: impl Fn(&Arc<Source>, MetaChange<'_>) -> Vec<R::Key> + Clone + Send + Sync + 'static,
    ) -> Controller<R> {
        // held while attaching, so that none comes in between
        let mut welcomes = self.welcomes.lock().unwrap_or_else(PoisonError::into_inner);
        let controller = self.all().iter().fold(controller, |controller, source| source.attach(controller, keys.clone()));
        let queue = controller.queue();
        welcomes.push(Box::new(move |late| {
            let (source, keys) = (late.source.clone(), keys.clone());
            let keys = move |change: &Change<PartialObject>| {
                let (old, new) = (change.old.as_ref(), change.new.as_ref());
                keys(&source, MetaChange { old: old.map(|object| &object.metadata), new: new.map(|object| &object.metadata) })
            };
            tokio::spawn(follow(&late.informer, queue.clone(), late.gone.clone(), keys));
        }));
        let mut told = self.changed();
        controller.after(async move {
            // the sender lives as long as the house
            let _ = told.wait_for(Option::is_some).await;
        })
    }
    /// Takes a resource in once its objects are known; one whose server does not answer holds up nobody.
    pub(crate) async fn add(&self, informers: &Informers, resource: Resource, gone: CancellationToken) {
        let informer: Informer<PartialObject> = informers.metadata(&resource);
        tokio::select! {
            () = gone.cancelled() => return,
            // an owner that is not known yet must not be taken for one that is missing
            () = informer.synced() => {}
        }
        let source = Arc::new(Source::of_metadata(resource.clone(), informer.clone()));
        let late = Late { source: source.clone(), informer, gone };
        let welcomes = self.welcomes.lock().unwrap_or_else(PoisonError::into_inner);
        if late.gone.is_cancelled() {
            return;
        }
        self.held.write().unwrap_or_else(PoisonError::into_inner).insert(resource, source);
        welcomes.iter().for_each(|welcome| welcome(&late));
        drop(welcomes);
        self.outside.send_modify(|_| {});
    }
    /// A resource is not served any more, as its `gone` says already.
    pub(crate) fn remove(&self, informers: &Informers, resource: &Resource) {
        // one that is just being taken in has seen that it is gone, or is in
        let _welcomes = self.welcomes.lock().unwrap_or_else(PoisonError::into_inner);
        self.held.write().unwrap_or_else(PoisonError::into_inner).remove(resource);
        informers.forget(resource);
    }
}
