//! What a pod's worker is told: always the newest, never a queue.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use k8s_openapi::api::core::v1::Pod;
use tokio::sync::{Notify, watch};

use crate::pod;

/// The worker's next reasons to act.
#[derive(Debug)]
struct State {
    pod: Arc<Pod>,
    withdrawn: bool,
    mail: Mail,
}

/// What happened since the worker looked last.
#[derive(Debug, Default)]
pub struct Mail {
    /// Containers and sandboxes of which the runtime said that they ended.
    pub exited: Vec<String>,
    /// A config map or secret of the pod was written.
    pub dependencies: bool,
    /// The pod itself was written.
    pub updated: bool,
}

/// One pod's mailbox.
#[derive(Debug)]
pub struct Mailbox {
    state: Mutex<State>,
    notify: Notify,
    /// Seconds of grace, once the pod is to end.
    grace: watch::Sender<Option<i64>>,
}

/// The seconds of grace of a pod that is being deleted.
fn grace_of(pod: &Pod) -> Option<i64> {
    pod.metadata.deletion_timestamp.as_ref().map(|_| pod::grace_seconds(pod))
}

impl Mailbox {
    pub fn new(pod: Arc<Pod>) -> Self {
        let grace = watch::Sender::new(grace_of(&pod));
        Self { state: Mutex::new(State { pod, withdrawn: false, mail: Mail::default() }), notify: Notify::new(), grace }
    }
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
    pub fn update(&self, pod: Arc<Pod>) {
        if let Some(grace) = grace_of(&pod) {
            self.grace.send_replace(Some(grace));
        }
        let mut state = self.state();
        state.pod = pod;
        state.mail.updated = true;
        drop(state);
        self.notify.notify_one();
    }
    /// The pod is gone from the API server or the folder of static pods.
    pub fn withdraw(&self) {
        let mut state = self.state();
        state.withdrawn = true;
        let grace = pod::grace_seconds(&state.pod);
        drop(state);
        self.grace.send_if_modified(|known| known.is_none().then(|| *known = Some(grace)).is_some());
        self.notify.notify_one();
    }
    pub fn exited(&self, id: &str) {
        self.state().mail.exited.push(id.to_owned());
        self.notify.notify_one();
    }
    pub fn dependency_changed(&self) {
        self.state().mail.dependencies = true;
        self.notify.notify_one();
    }
    pub fn wake(&self) {
        self.notify.notify_one();
    }
    /// The pod as desired last.
    pub fn desired(&self) -> Arc<Pod> {
        self.state().pod.clone()
    }
    pub fn is_withdrawn(&self) -> bool {
        self.state().withdrawn
    }
    /// Whether the pod is to end: deleted or withdrawn.
    pub fn is_ending(&self) -> bool {
        let state = self.state();
        state.withdrawn || state.pod.metadata.deletion_timestamp.is_some()
    }
    pub fn take(&self) -> Mail {
        std::mem::take(&mut self.state().mail)
    }
    /// Returns when something was put in since the last call.
    pub async fn arrived(&self) {
        self.notify.notified().await;
    }
    /// Returns when the pod is to end.
    pub async fn ending(&self) {
        self.ending_within(i64::MAX).await;
    }
    /// Returns when the pod is to end within fewer seconds than these.
    pub async fn ending_within(&self, seconds: i64) {
        let mut grace = self.grace.subscribe();
        if grace.wait_for(|grace| grace.is_some_and(|grace| grace < seconds)).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
