//! The shared cache of one kind: an ordered map of decoded objects that a list and a watch keep current, with secondary indices and subscribers.
//! Reads take a shared lock for the time of a look-up or of copying pointers; nothing is awaited and nothing is decoded under it.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard, Weak};

use client::Resource;
use tokio::sync::watch;

use crate::changes::Pending;
use crate::{Cached, Changes, Key};

/// A shared list-and-watch cache of one kind; cheap to clone. Objects come without `managedFields`, which nobody inside reads.
pub struct Informer<K> {
    pub(crate) shared: Arc<Shared<K>>,
}

impl<K> Clone for Informer<K> {
    fn clone(&self) -> Self {
        Self { shared: self.shared.clone() }
    }
}

impl<K: Cached> Informer<K> {
    /// `namespace` is empty for cluster-scoped kinds.
    pub fn get(&self, namespace: &str, name: &str) -> Option<Arc<K>> {
        self.shared.read().objects.get(namespace)?.get(name).cloned()
    }
    /// All objects, ordered by namespace and name.
    pub fn list(&self) -> Vec<Arc<K>> {
        let state = self.shared.read();
        state.objects.values().flat_map(|names| names.values().cloned()).collect()
    }
    /// The objects of one namespace, ordered by name.
    pub fn in_namespace(&self, namespace: &str) -> Vec<Arc<K>> {
        let state = self.shared.read();
        state.objects.get(namespace).map(|names| names.values().cloned().collect()).unwrap_or_default()
    }
    /// How many objects there are.
    pub fn len(&self) -> usize {
        self.shared.read().objects.values().map(BTreeMap::len).sum()
    }
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// All changes from here on, after one (`None`, `Some`) for everything that is there already. No change is lost; unread changes of one object merge.
    pub fn subscribe(&self) -> Changes<K> {
        let pending = Arc::new(Pending::new());
        let mut state = self.shared.write();
        for object in state.objects.values().flat_map(BTreeMap::values) {
            pending.push(&Key::of(object.meta()), None, Some(object.clone()));
        }
        state.subscribers.push(Arc::downgrade(&pending));
        Changes { pending }
    }
    /// Waits until the first list is in.
    pub async fn synced(&self) {
        // The sender lives in `shared`, which `self` holds.
        let _ = self.shared.progress.subscribe().wait_for(|progress| progress.synced).await;
    }
    /// Whether the first list is in.
    pub fn is_synced(&self) -> bool {
        self.shared.progress.borrow().synced
    }
    /// A secondary index: `values` gives the values under which an object is found. Asked again by the same `name`, the first one answers.
    pub fn index(&self, name: &'static str, values: fn(&K) -> Vec<String>) -> Index<K> {
        let mut state = self.shared.write();
        let place = match state.indices.iter().position(|index| index.name == name) {
            Some(place) => place,
            None => {
                let mut index = IndexData { name, values, found: HashMap::new() };
                for object in state.objects.values().flat_map(BTreeMap::values) {
                    index.insert(object);
                }
                state.indices.push(index);
                state.indices.len() - 1
            }
        };
        drop(state);
        Index { shared: self.shared.clone(), place }
    }
}

/// Objects by a value other than their name.
pub struct Index<K> {
    shared: Arc<Shared<K>>,
    place: usize,
}

impl<K> Clone for Index<K> {
    fn clone(&self) -> Self {
        Self { shared: self.shared.clone(), place: self.place }
    }
}

impl<K: Cached> Index<K> {
    /// The objects that have `value`, ordered by namespace and name.
    pub fn get(&self, value: &str) -> Vec<Arc<K>> {
        let state = self.shared.read();
        state.indices[self.place].found.get(value).map(|objects| objects.values().cloned().collect()).unwrap_or_default()
    }
}

/// How far the cache is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Progress {
    pub(crate) synced: bool,
    /// The newest revision of the server that the cache has taken in.
    pub(crate) revision: u64,
}

pub(crate) struct Shared<K> {
    pub(crate) resource: Resource,
    state: RwLock<State<K>>,
    pub(crate) progress: watch::Sender<Progress>,
}

struct State<K> {
    objects: BTreeMap<String, BTreeMap<String, Arc<K>>>,
    indices: Vec<IndexData<K>>,
    subscribers: Vec<Weak<Pending<K>>>,
}

struct IndexData<K> {
    name: &'static str,
    values: fn(&K) -> Vec<String>,
    found: HashMap<String, BTreeMap<Key, Arc<K>>>,
}

impl<K: Cached> IndexData<K> {
    fn insert(&mut self, object: &Arc<K>) {
        for value in (self.values)(object) {
            self.found.entry(value).or_default().insert(Key::of(object.meta()), object.clone());
        }
    }
    fn remove(&mut self, object: &K) {
        let key = Key::of(object.meta());
        for value in (self.values)(object) {
            if let Some(objects) = self.found.get_mut(&value) {
                objects.remove(&key);
                if objects.is_empty() {
                    self.found.remove(&value);
                }
            }
        }
    }
}

impl<K: Cached> State<K> {
    fn set(&mut self, key: &Key, new: Option<&Arc<K>>) {
        let old = match new {
            Some(object) => self.objects.entry(key.namespace.clone()).or_default().insert(key.name.clone(), object.clone()),
            None => {
                let Some(names) = self.objects.get_mut(&key.namespace) else { return };
                let old = names.remove(&key.name);
                if names.is_empty() {
                    self.objects.remove(&key.namespace);
                }
                old
            }
        };
        if old.is_none() && new.is_none() {
            return;
        }
        for index in &mut self.indices {
            if let Some(old) = &old {
                index.remove(old);
            }
            if let Some(new) = new {
                index.insert(new);
            }
        }
        self.subscribers.retain(|subscriber| match subscriber.upgrade() {
            Some(pending) => {
                pending.push(key, old.clone(), new.cloned());
                true
            }
            None => false,
        });
    }
}

impl<K: Cached> Shared<K> {
    pub(crate) fn new(resource: Resource) -> Self {
        let state = State { objects: BTreeMap::new(), indices: Vec::new(), subscribers: Vec::new() };
        Self { resource, state: RwLock::new(state), progress: watch::Sender::new(Progress::default()) }
    }
    fn read(&self) -> RwLockReadGuard<'_, State<K>> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }
    fn write(&self) -> RwLockWriteGuard<'_, State<K>> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }
    /// Takes in a whole list: what is the same revision stays the same pointer and is told to nobody; what is missing has gone.
    pub(crate) fn replace(&self, objects: Vec<K>, revision: u64) {
        let mut state = self.write();
        let mut gone: BTreeSet<Key> = state.objects.values().flat_map(BTreeMap::values).map(|object| Key::of(object.meta())).collect();
        for mut object in objects {
            object.meta_mut().managed_fields = None;
            let key = Key::of(object.meta());
            gone.remove(&key);
            let known = state.objects.get(&key.namespace).and_then(|names| names.get(&key.name));
            if known.is_none_or(|known| {
                known.meta().resource_version != object.meta().resource_version || known.meta().uid != object.meta().uid
            }) {
                state.set(&key, Some(&Arc::new(object)));
            }
        }
        for key in gone {
            state.set(&key, None);
        }
        drop(state);
        self.progress.send_replace(Progress { synced: true, revision });
    }
    /// Takes in one object that came or changed.
    pub(crate) fn upsert(&self, mut object: K, revision: u64) {
        object.meta_mut().managed_fields = None;
        let key = Key::of(object.meta());
        self.write().set(&key, Some(&Arc::new(object)));
        self.advance(revision);
    }
    pub(crate) fn remove(&self, key: &Key, revision: u64) {
        self.write().set(key, None);
        self.advance(revision);
    }
    /// The server's state up to `revision` is taken in.
    pub(crate) fn advance(&self, revision: u64) {
        self.progress.send_modify(|progress| progress.revision = progress.revision.max(revision));
    }
}

/// An informer whose type does not matter: what the executor waits on.
pub(crate) trait AnyInformer: std::any::Any + Send + Sync {
    fn progress(&self) -> watch::Receiver<Progress>;
    /// Whether this very object is cached as one that nobody has asked to delete.
    fn holds_undeleted(&self, key: &Key, uid: &str) -> bool;
}

impl<K: Cached> AnyInformer for Shared<K> {
    fn progress(&self) -> watch::Receiver<Progress> {
        self.progress.subscribe()
    }
    fn holds_undeleted(&self, key: &Key, uid: &str) -> bool {
        let state = self.read();
        state.objects.get(&key.namespace).and_then(|names| names.get(&key.name)).is_some_and(|object| {
            let meta = object.meta();
            meta.deletion_timestamp.is_none() && (uid.is_empty() || meta.uid.as_deref() == Some(uid))
        })
    }
}

#[cfg(test)]
mod tests {
    use k8s_openapi::api::core::v1::ConfigMap;
    use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

    use super::*;

    fn map(name: &str, version: u64, team: &str) -> ConfigMap {
        ConfigMap {
            metadata: ObjectMeta {
                namespace: Some("n".into()),
                name: Some(name.into()),
                uid: Some(format!("uid-{name}")),
                resource_version: Some(version.to_string()),
                labels: Some([("team".to_owned(), team.to_owned())].into()),
                managed_fields: Some(vec![Default::default()]),
                ..Default::default()
            },
            ..Default::default()
        }
    }

    fn informer() -> Informer<ConfigMap> {
        Informer { shared: Arc::new(Shared::new(Resource::of::<ConfigMap>())) }
    }

    fn told(changes: &mut Changes<ConfigMap>) -> Vec<String> {
        let version =
            |object: Option<Arc<ConfigMap>>| object.map_or("-".to_owned(), |object| object.metadata.resource_version.clone().unwrap());
        std::iter::from_fn(|| changes.try_recv())
            .map(|change| format!("{} {}>{}", change.latest().metadata.name.clone().unwrap(), version(change.old), version(change.new)))
            .collect()
    }

    #[test]
    fn a_relist_tells_only_what_differs() {
        let informer = informer();
        let mut changes = informer.subscribe();
        informer.shared.replace(vec![map("a", 1, "x"), map("b", 2, "x"), map("c", 3, "y")], 3);
        assert_eq!(told(&mut changes), ["a ->1", "b ->2", "c ->3"]);
        let before = informer.get("n", "a").unwrap();
        informer.shared.replace(vec![map("a", 1, "x"), map("b", 5, "x")], 6);
        assert_eq!(told(&mut changes), ["b 2>5", "c 3>-"]);
        assert!(Arc::ptr_eq(&before, &informer.get("n", "a").unwrap()));
        assert_eq!(before.metadata.managed_fields, None);
    }

    #[test]
    fn a_late_subscriber_gets_what_is_there() {
        let informer = informer();
        informer.shared.replace(vec![map("a", 1, "x")], 1);
        let mut changes = informer.subscribe();
        informer.shared.upsert(map("a", 2, "x"), 2);
        informer.shared.remove(&Key::new("n", "a"), 3);
        informer.shared.upsert(map("b", 4, "x"), 4);
        assert_eq!(told(&mut changes), ["b ->4"]);
    }

    #[test]
    fn an_index_follows_changes() {
        let informer = informer();
        informer.shared.replace(vec![map("a", 1, "x"), map("b", 2, "x")], 2);
        let by_team =
            informer.index("team", |object| object.metadata.labels.iter().flat_map(|labels| labels.get("team").cloned()).collect());
        let names = |team: &str| by_team.get(team).iter().map(|object| object.metadata.name.clone().unwrap()).collect::<Vec<_>>();
        assert_eq!((names("x"), names("y")), (vec!["a".to_owned(), "b".to_owned()], vec![]));
        informer.shared.upsert(map("a", 3, "y"), 3);
        informer.shared.remove(&Key::new("n", "b"), 4);
        assert_eq!((names("x"), names("y")), (vec![], vec!["a".to_owned()]));
    }

    #[tokio::test]
    async fn progress_never_goes_back_but_for_a_new_list() {
        let informer = informer();
        assert!(!informer.is_synced());
        informer.shared.replace(Vec::new(), 10);
        informer.synced().await;
        informer.shared.advance(7);
        assert_eq!(informer.shared.progress.borrow().revision, 10);
    }
}
