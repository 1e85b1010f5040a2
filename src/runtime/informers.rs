//! The process's informers: one a kind and filter, started when first asked for.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use client::Resource;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::informer::{AnyInformer, Shared};
use crate::reflector::reflect;
use crate::{Cached, Informer, PartialObject};

/// What part of a kind to hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Filter {
    pub namespace: Option<String>,
    /// A label selector, as in a query.
    pub labels: Option<String>,
    /// A field selector, as in a query: `spec.nodeName=n1`.
    pub fields: Option<String>,
}

/// All informers of a process; cheap to clone. The last clone that is dropped stops them.
#[derive(Clone)]
pub struct Informers {
    inner: Arc<Inner>,
    /// For requests other than those of the informers themselves.
    client: kube::Client,
}

struct Inner {
    client: kube::Client,
    running: Mutex<HashMap<Identity, Running>>,
    stop: CancellationToken,
    _stop_on_drop: DropGuard,
}

struct Running {
    informer: Arc<dyn AnyInformer>,
    stop: CancellationToken,
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Identity {
    form: TypeId,
    resource: Resource,
    filter: Filter,
}

impl Informers {
    pub fn new(client: kube::Client) -> Self {
        let stop = CancellationToken::new();
        let inner = Inner { client: client.clone(), running: Mutex::default(), stop: stop.clone(), _stop_on_drop: stop.drop_guard() };
        Self { inner: Arc::new(inner), client }
    }
    /// The same informers, for a part of the process whose own requests go through another client.
    pub fn acting_through(&self, client: kube::Client) -> Self {
        Self { inner: self.inner.clone(), client }
    }
    pub fn client(&self) -> kube::Client {
        self.client.clone()
    }
    /// The informer of a kind. Must be called inside a tokio runtime; the first call starts it.
    pub fn of<K: api::Typed + client::Scoped>(&self) -> Informer<K> {
        self.filtered(Filter::default())
    }
    /// The informer of a part of a kind.
    pub fn filtered<K: api::Typed + client::Scoped>(&self, filter: Filter) -> Informer<K> {
        self.start(Resource::of::<K>(), filter)
    }
    /// The metadata of the objects of any resource.
    pub fn metadata(&self, resource: &Resource) -> Informer<PartialObject> {
        self.start(resource.clone(), Filter::default())
    }
    /// Stops the informers of a resource that is not served any more.
    pub fn forget(&self, resource: &Resource) {
        let mut running = self.inner.running.lock().unwrap_or_else(PoisonError::into_inner);
        running.retain(|identity, running| {
            let stays = identity.resource != *resource;
            if !stays {
                running.stop.cancel();
            }
            stays
        });
    }
    /// Stops all of them; caches stay readable.
    pub fn stop(&self) {
        self.inner.stop.cancel();
    }

    fn start<K: Cached>(&self, resource: Resource, filter: Filter) -> Informer<K> {
        let identity = Identity { form: TypeId::of::<K>(), resource: resource.clone(), filter: filter.clone() };
        let mut running = self.inner.running.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = running.get(&identity) {
            let any: Arc<dyn Any + Send + Sync> = found.informer.clone();
            return Informer { shared: any.downcast().expect("the identity holds the type") };
        }
        let shared = Arc::new(Shared::<K>::new(resource));
        let stop = self.inner.stop.child_token();
        running.insert(identity, Running { informer: shared.clone(), stop: stop.clone() });
        drop(running);
        tokio::spawn(reflect(self.inner.client.clone(), shared.clone(), filter, stop));
        Informer { shared }
    }

    /// The unfiltered informers of a resource, in whatever form.
    pub(crate) fn whole(&self, resource: &Resource) -> Vec<Arc<dyn AnyInformer>> {
        let running = self.inner.running.lock().unwrap_or_else(PoisonError::into_inner);
        let whole = running.iter().filter(|(identity, _)| identity.resource == *resource && identity.filter == Filter::default());
        whole.map(|(_, running)| running.informer.clone()).collect()
    }
}
