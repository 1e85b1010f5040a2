//! Admission: what the server adds to objects and what it refuses, beyond the object's own validity. Each plugin has upstream's name and rules, and all of them one
//! shape: [`Plugin`]. They run in upstream's order, first those that change an object, then those that only look.

mod certificates;
mod ingress_class;
mod limit_ranger;
mod matching;
mod namespace_lifecycle;
mod node_restriction;
mod persistent_volume_claim_resize;
mod pod_security;
mod policy;
mod priority;
mod resource_quota;
mod role_escalation;
mod runtime_class;
mod service_account;
mod storage_class;
mod storage_protection;
mod taint_nodes;
mod tolerations;
mod webhook;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use api::{ApiError, Object};
use async_trait::async_trait;
use k8s_openapi::api::core::v1::Pod;
use kinds::Kind;
use store::Write;
use tokio::sync::OwnedMutexGuard;

use self::tolerations::Tolerations;
use crate::authz::Authorizer;
use crate::callout::Caller;
use crate::context::UserInfo;
use crate::registry::Registry;

/// The kind of request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    Create,
    Update,
    Delete,
    /// A stream to a pod, or a proxy.
    Connect,
}

impl Operation {
    /// As rules of webhooks and messages have it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Create => "CREATE",
            Self::Update => "UPDATE",
            Self::Delete => "DELETE",
            Self::Connect => "CONNECT",
        }
    }
}

/// What a request is about.
#[derive(Clone, Copy)]
pub struct Attributes<'a> {
    pub registry: &'a Registry,
    pub operation: Operation,
    /// The kind that is worked on: that which is stored.
    pub kind: &'a Kind,
    /// The kind that was asked for: mostly the same.
    pub requested: &'a Kind,
    /// Empty for the main resource.
    pub subresource: &'a str,
    pub namespace: &'a str,
    pub name: &'a str,
    pub user: &'a UserInfo,
    pub dry_run: bool,
    /// What is there before an update or a deletion.
    pub old: Option<&'a dyn Object>,
    /// How often the plugins have seen the object.
    pub rounds: &'a Rounds,
}

/// What has been changed late comes round a second time, and no more.
#[derive(Debug, Default)]
pub struct Rounds {
    second: AtomicBool,
    wanted: AtomicBool,
    asked: std::sync::Mutex<webhook::Asked>,
}

impl Rounds {
    fn is_second(&self) -> bool {
        self.second.load(Ordering::Relaxed)
    }
    fn want_second(&self) {
        self.wanted.store(true, Ordering::Relaxed);
    }
}

impl Attributes<'_> {
    /// `pods "x" is forbidden: why`.
    pub fn forbidden(&self, why: impl AsRef<str>) -> ApiError {
        ApiError::forbidden(&self.kind.group, &self.kind.plural, self.name, why.as_ref())
    }
    /// True for the main resource of a kind.
    pub fn is(&self, kind: &Kind) -> bool {
        self.is_below(kind, "")
    }
    /// True for a subresource of a kind.
    pub fn is_below(&self, kind: &Kind, subresource: &str) -> bool {
        self.subresource == subresource && self.kind.group == kind.group && self.kind.plural == kind.plural
    }
    pub fn creates(&self, kind: &Kind) -> bool {
        self.operation == Operation::Create && self.is(kind)
    }
    pub fn writes(&self, kind: &Kind) -> bool {
        matches!(self.operation, Operation::Create | Operation::Update) && self.is(kind)
    }
    /// What is there before, typed.
    pub fn old_as<T: 'static>(&self) -> Option<&T> {
        self.old.and_then(|old| old.downcast_ref())
    }
}

/// One plugin. `mutate` may change the object, `validate` may not; a deletion has no object, and a connection its options.
#[async_trait]
pub trait Plugin: Send + Sync {
    /// Upstream's name: `LimitRanger`.
    fn name(&self) -> &'static str;
    /// False where neither of the two would do anything: most plugins are about one kind.
    fn handles(&self, attributes: &Attributes<'_>) -> bool;
    async fn mutate(&self, _attributes: &Attributes<'_>, _object: Option<&mut Box<dyn Object>>) -> Result<(), ApiError> {
        Ok(())
    }
    async fn validate(&self, _attributes: &Attributes<'_>, _object: Option<&dyn Object>) -> Result<(), ApiError> {
        Ok(())
    }
    /// What has to be written together with the object. Asked last, right before the write, and again where the write meets another.
    async fn bill(&self, _attributes: &Attributes<'_>, _object: Option<&dyn Object>) -> Result<Bill, ApiError> {
        Ok(Bill::default())
    }
}

/// Writes for one transaction with an object's.
#[derive(Default)]
pub struct Bill {
    pub writes: Vec<Write>,
    /// Held until they are written.
    pub guards: Vec<OwnedMutexGuard<()>>,
}

/// Plugins that are off unless asked for, as upstream's.
const OFF: &[&str] = &["ExtendedResourceToleration"];

/// Which plugins run, beside upstream's choice.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    pub enable: Vec<String>,
    pub disable: Vec<String>,
}

/// The chain of plugins.
pub struct Admission {
    authorizer: Arc<Authorizer>,
    plugins: Vec<Box<dyn Plugin>>,
}

impl Admission {
    pub fn new(authorizer: &Arc<Authorizer>, caller: &Arc<Caller>, choice: &Choice) -> Self {
        let named = |names: &[String], plugin: &str| names.iter().any(|name| name == plugin);
        let mut plugins = all(authorizer, caller);
        plugins.retain(|plugin| {
            let name = plugin.name();
            named(&choice.enable, name) || !(OFF.contains(&name) || named(&choice.disable, name))
        });
        Self { authorizer: authorizer.clone(), plugins }
    }
    /// Who may do what.
    pub fn authorizer(&self) -> &Authorizer {
        &self.authorizer
    }
    /// Plugins that change the object.
    pub async fn mutate(&self, attributes: &Attributes<'_>, mut object: Option<&mut Box<dyn Object>>) -> Result<(), ApiError> {
        loop {
            for plugin in self.plugins.iter().filter(|plugin| plugin.handles(attributes)) {
                plugin.mutate(attributes, object.as_deref_mut()).await?;
            }
            let rounds = attributes.rounds;
            if rounds.is_second() || !rounds.wanted.load(Ordering::Relaxed) {
                return Ok(());
            }
            rounds.second.store(true, Ordering::Relaxed);
        }
    }
    /// Plugins that only look.
    pub async fn validate(&self, attributes: &Attributes<'_>, object: Option<&dyn Object>) -> Result<(), ApiError> {
        for plugin in self.plugins.iter().filter(|plugin| plugin.handles(attributes)) {
            plugin.validate(attributes, object).await?;
        }
        Ok(())
    }
    /// What has to be written together with the object.
    pub async fn bill(&self, attributes: &Attributes<'_>, object: Option<&dyn Object>) -> Result<Bill, ApiError> {
        let mut all = Bill::default();
        for plugin in self.plugins.iter().filter(|plugin| plugin.handles(attributes)) {
            let bill = plugin.bill(attributes, object).await?;
            all.writes.extend(bill.writes);
            all.guards.extend(bill.guards);
        }
        Ok(all)
    }
    /// Both, for what is not stored: the body of a subresource, the options of a connection.
    pub async fn review(&self, attributes: &Attributes<'_>, object: &mut Box<dyn Object>) -> Result<(), ApiError> {
        self.mutate(attributes, Some(object)).await?;
        self.validate(attributes, Some(object.as_ref())).await
    }
}

/// All plugins in upstream's order.
fn all(authorizer: &Arc<Authorizer>, caller: &Arc<Caller>) -> Vec<Box<dyn Plugin>> {
    vec![
        Box::new(namespace_lifecycle::NamespaceLifecycle),
        Box::new(limit_ranger::LimitRanger),
        Box::new(service_account::ServiceAccounts),
        Box::new(node_restriction::NodeRestriction),
        Box::new(taint_nodes::TaintNodesByCondition),
        Box::new(pod_security::PodSecurity),
        Box::new(priority::Priority),
        Box::new(Tolerations::DEFAULT_SECONDS),
        Box::new(Tolerations::EXTENDED_RESOURCES),
        Box::new(storage_class::DefaultStorageClass),
        Box::new(storage_protection::StorageObjectInUseProtection),
        Box::new(persistent_volume_claim_resize::PersistentVolumeClaimResize),
        Box::new(runtime_class::RuntimeClasses),
        Box::new(certificates::CertificateApproval(authorizer.clone())),
        Box::new(certificates::CertificateSigning(authorizer.clone())),
        Box::new(certificates::ClusterTrustBundleAttest(authorizer.clone())),
        Box::new(certificates::CertificateSubjectRestriction),
        Box::new(ingress_class::DefaultIngressClass),
        Box::new(role_escalation::RoleEscalation(authorizer.clone())),
        Box::new(policy::MutatingAdmissionPolicies::new(authorizer.clone())),
        Box::new(webhook::MutatingAdmissionWebhook::new(caller.clone(), authorizer.clone())),
        Box::new(policy::ValidatingAdmissionPolicies::new(authorizer.clone())),
        Box::new(webhook::ValidatingAdmissionWebhook::new(caller.clone(), authorizer.clone())),
        Box::new(resource_quota::ResourceQuotas::default()),
    ]
}

/// The object of a plugin that is about pods.
fn pod(object: Option<&mut Box<dyn Object>>) -> Option<&mut Pod> {
    object.and_then(|object| object.downcast_mut())
}

/// All objects of a kind (in a namespace, where there is one), typed.
fn list<T: api::Typed>(registry: &Registry, kind: &'static Kind, namespace: &str) -> Result<Vec<T>, ApiError> {
    let (items, _) = registry.of(kind).resource.list(namespace, || 0);
    let mut all = Vec::with_capacity(items.len());
    for item in items {
        all.extend(item.object(kind).map_err(ApiError::internal)?.downcast_ref::<T>().cloned());
    }
    Ok(all)
}

/// One object, typed; none where it is not there.
fn find<T: api::Typed>(registry: &Registry, kind: &'static Kind, namespace: &str, name: &str) -> Result<Option<T>, ApiError> {
    let Ok(item) = registry.get(registry.of(kind), namespace, name) else { return Ok(None) };
    Ok(item.object(kind).map_err(ApiError::internal)?.downcast_ref::<T>().cloned())
}
