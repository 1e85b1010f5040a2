//! What a controller decides, as data: actions on objects, with the Events that tell of them. Nothing here does IO.

use std::fmt::{Debug, Display};
use std::hash::Hash;

use api::{ApiError, Object};
use client::{Resource, Scoped};
use jiff::Timestamp;
use k8s_openapi::api::authorization::v1::SubjectAccessReviewSpec;
use k8s_openapi::api::core::v1::ObjectReference;
use serde_json::Value;

/// A controller: what it sees of a key, and what it makes of that. `plan` and `settle` are pure; [`crate::run`] executes.
pub trait Reconciler: Send + Sync + 'static {
    type Key: Clone + Eq + Hash + Debug + Display + Send + Sync + 'static;
    type Snapshot: Send + Sync;
    /// The controller's name in logs.
    fn name(&self) -> &'static str;
    /// Gathers from caches all that the plan for `key` depends on; `None` where there is nothing to do, as for an object that is gone.
    fn observe(&self, key: &Self::Key) -> Option<Self::Snapshot>;
    /// Asks the server for what no cache holds and the plan depends on; a failure becomes a part of the snapshot.
    fn ask(&self, _snapshot: &mut Self::Snapshot) -> impl Future<Output = ()> + Send {
        std::future::ready(())
    }
    /// What is to be done, in this order; empty when the state is as it should be.
    fn plan(&self, snapshot: &Self::Snapshot, now: Timestamp) -> Plan;
    /// What is to be done after actions of the plan failed (the rest was not begun): to record the failure in a status.
    fn settle(&self, _snapshot: &Self::Snapshot, _failures: &[Failure], _now: Timestamp) -> Vec<Action> {
        Vec::new()
    }
}

/// Actions in order. Neighbouring creations of one kind go out together (1, 2, 4, ... at a time, stopping at a failure), neighbouring deletions too.
#[derive(Debug, Default)]
pub struct Plan {
    pub actions: Vec<Action>,
    /// When to look again even if nothing changes.
    pub requeue_at: Option<Timestamp>,
}

/// One request to the API.
#[derive(Debug)]
pub struct Action {
    pub resource: Resource,
    pub namespace: String,
    /// Empty where the server makes the name.
    pub name: String,
    pub verb: Verb,
    /// The Event after success; `{name}` in its message stands for the object's name.
    pub success: Option<Announcement>,
    /// The Event after failure; `{error}` in its message stands for what the server said.
    pub failure: Option<Announcement>,
    /// An object that exists already, or is gone already, is as good as done.
    pub lenient: bool,
    /// Objects that must be gone for this action to be right. Caches of several kinds are not in step, so the server is asked.
    pub unless: Vec<Existing>,
    /// What somebody must be allowed for this action to be right: the server is asked, and where it says no, the action is left out.
    pub where_allowed: Option<SubjectAccessReviewSpec>,
}

/// This very object, by uid; without one, any object of the name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Existing {
    pub resource: Resource,
    pub namespace: String,
    pub name: String,
    pub uid: String,
}

#[derive(Debug)]
pub enum Verb {
    Create(Box<dyn Object>),
    /// `subresource` is empty for the object itself. The object's resourceVersion guards the write.
    Update {
        object: Box<dyn Object>,
        subresource: &'static str,
    },
    Patch {
        patch: Patch,
        subresource: &'static str,
    },
    Delete {
        /// Only this very object.
        uid: Option<String>,
        resource_version: Option<String>,
        /// `Background`, `Foreground` or `Orphan`.
        propagation: Option<&'static str>,
        grace_seconds: Option<i64>,
    },
    /// Deletes all objects of the namespace. With `expect_empty`, finding any means that the plan was made on too old a state.
    DeleteCollection {
        expect_empty: bool,
    },
    /// No request: only the Event `success`.
    Announce,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Patch {
    Merge(Value),
    Strategic(Value),
    Json(Value),
}

/// An Event to be made.
#[derive(Clone, Debug, PartialEq)]
pub struct Announcement {
    pub regarding: ObjectReference,
    /// `Normal` or `Warning`.
    pub kind: &'static str,
    pub reason: &'static str,
    pub message: String,
}

impl Announcement {
    pub fn normal(regarding: &ObjectReference, reason: &'static str, message: impl Into<String>) -> Self {
        Self { regarding: regarding.clone(), kind: "Normal", reason, message: message.into() }
    }
    pub fn warning(regarding: &ObjectReference, reason: &'static str, message: impl Into<String>) -> Self {
        Self { regarding: regarding.clone(), kind: "Warning", reason, message: message.into() }
    }
}

/// An action that failed. Conflicts are not among them: those only make the key come again.
#[derive(Clone, Debug, PartialEq)]
pub struct Failure {
    /// Its place in the plan.
    pub index: usize,
    pub error: ApiError,
}

impl Action {
    fn new(resource: Resource, namespace: &str, name: &str, verb: Verb) -> Self {
        Self {
            resource,
            namespace: namespace.to_owned(),
            name: name.to_owned(),
            verb,
            success: None,
            failure: None,
            lenient: false,
            unless: Vec::new(),
            where_allowed: None,
        }
    }
    fn on<K: api::Typed + Scoped>(object: K, verb: impl FnOnce(Box<dyn Object>) -> Verb) -> Self {
        let meta = object.metadata();
        let (namespace, name) = (meta.namespace.clone().unwrap_or_default(), meta.name.clone().unwrap_or_default());
        Self::new(Resource::of::<K>(), &namespace, &name, verb(Box::new(object)))
    }
    pub fn create<K: api::Typed + Scoped>(object: K) -> Self {
        Self::on(object, Verb::Create)
    }
    pub fn update<K: api::Typed + Scoped>(object: K) -> Self {
        Self::on(object, |object| Verb::Update { object, subresource: "" })
    }
    pub fn update_status<K: api::Typed + Scoped>(object: K) -> Self {
        Self::update_subresource(object, "status")
    }
    pub fn update_subresource<K: api::Typed + Scoped>(object: K, subresource: &'static str) -> Self {
        Self::on(object, |object| Verb::Update { object, subresource })
    }
    pub fn patch<K: api::Typed + Scoped>(namespace: &str, name: &str, patch: Patch) -> Self {
        Self::patch_resource(Resource::of::<K>(), namespace, name, patch)
    }
    pub fn patch_resource(resource: Resource, namespace: &str, name: &str, patch: Patch) -> Self {
        Self::new(resource, namespace, name, Verb::Patch { patch, subresource: "" })
    }
    pub fn patch_status<K: api::Typed + Scoped>(namespace: &str, name: &str, patch: Patch) -> Self {
        Self::new(Resource::of::<K>(), namespace, name, Verb::Patch { patch, subresource: "status" })
    }
    /// Deletes this very object (by uid); one that is gone already is fine.
    pub fn delete<K: api::Typed + Scoped>(object: &K) -> Self {
        let meta = object.metadata();
        let verb = Verb::Delete { uid: meta.uid.clone(), resource_version: None, propagation: None, grace_seconds: None };
        Self::new(Resource::of::<K>(), meta.namespace.as_deref().unwrap_or_default(), meta.name.as_deref().unwrap_or_default(), verb)
            .lenient()
    }
    /// As [`Self::delete`], with every choice open.
    pub fn delete_resource(resource: Resource, namespace: &str, name: &str, verb: Verb) -> Self {
        Self::new(resource, namespace, name, verb).lenient()
    }
    pub fn delete_collection(resource: Resource, namespace: &str, expect_empty: bool) -> Self {
        Self::new(resource, namespace, "", Verb::DeleteCollection { expect_empty }).lenient()
    }
    /// Not where one of these exists after all.
    pub fn unless(mut self, existing: Vec<Existing>) -> Self {
        self.unless = existing;
        self
    }
    /// Only where somebody is allowed something.
    pub fn where_allowed(mut self, review: SubjectAccessReviewSpec) -> Self {
        self.where_allowed = Some(review);
        self
    }
    /// Only an Event.
    pub fn announce(announcement: Announcement) -> Self {
        let regarding = &announcement.regarding;
        let (namespace, name) = (regarding.namespace.clone().unwrap_or_default(), regarding.name.clone().unwrap_or_default());
        Self::new(Resource::new("", "v1", "Event", "events", true), &namespace, &name, Verb::Announce).announcing(announcement)
    }
    /// With an Event after success.
    pub fn announcing(mut self, success: Announcement) -> Self {
        self.success = Some(success);
        self
    }
    /// With an Event after failure.
    pub fn complaining(mut self, failure: Announcement) -> Self {
        self.failure = Some(failure);
        self
    }
    pub fn lenient(mut self) -> Self {
        self.lenient = true;
        self
    }
    /// The object that is created or written, where it is of this type: for simulations.
    pub fn object<K: 'static>(&self) -> Option<&K> {
        match &self.verb {
            Verb::Create(object) | Verb::Update { object, .. } => object.downcast_ref(),
            _ => None,
        }
    }
}
