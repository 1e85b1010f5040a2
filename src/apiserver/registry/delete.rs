//! Delete and deletecollection: preconditions, finalizers by propagation policy, graceful deletion.
//!
//! An object goes in two steps where somebody has to act first: it is marked with `deletionTimestamp`, and goes for good when the last finalizer is taken off,
//! or, for a pod, when its kubelet deletes it with a grace period of zero.

use std::sync::Arc;
use std::time::Duration;

use api::{ApiError, Object};
use k8s_openapi::apimachinery::pkg::apis::meta::v1 as apimachinery;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{Preconditions, Time};
use store::{Expect, Write, WriteError};

use super::commit::CommitError;
use super::{Endpoint, Registry, meta};
use crate::admission::{Attributes, Operation, Rounds};
use crate::cache::Item;
use crate::context::{Context, UserInfo};

const ATTEMPTS: usize = 64;
const ORPHAN: &str = "orphan";
const FOREGROUND: &str = "foregroundDeletion";

/// How to delete.
#[derive(Clone, Debug, Default)]
pub struct DeleteOptions {
    pub grace_period_seconds: Option<i64>,
    pub preconditions: Option<Preconditions>,
    /// `Orphan`, `Background` or `Foreground`.
    pub propagation_policy: Option<String>,
    pub dry_run: bool,
    /// The request has been through admission as what it is: an eviction.
    pub admitted: bool,
}

impl DeleteOptions {
    /// Reads them from the body, or from the query where there is no body.
    pub fn parse(context: &Context) -> Result<Self, ApiError> {
        let mut body = if context.body.is_empty() {
            apimachinery::DeleteOptions {
                grace_period_seconds: context.query.number("gracePeriodSeconds")?,
                propagation_policy: context.query.filled("propagationPolicy").map(str::to_owned),
                orphan_dependents: context.query.filled("orphanDependents").map(|value| value == "true"),
                dry_run: Some(context.query.all("dryRun").map(str::to_owned).collect()),
                ..Default::default()
            }
        } else {
            serde_json::from_value(super::body_document(context)?.value).map_err(|error| {
                ApiError::bad_request(format!("DeleteOptions in version \"v1\" cannot be handled as a DeleteOptions: {error}"))
            })?
        };
        let query_dry_run: Vec<String> = context.query.all("dryRun").map(str::to_owned).collect();
        if !query_dry_run.is_empty() {
            body.dry_run = Some(query_dry_run);
        }
        let mut errors = Vec::new();
        let dry_run = body.dry_run.unwrap_or_default();
        if dry_run.iter().any(|value| value != "All") {
            errors.push(api::FieldError::not_supported(&api::Path::new("dryRun"), dry_run.clone(), &["All"]));
        }
        if body.orphan_dependents.is_some() && body.propagation_policy.is_some() {
            let detail = "orphanDependents and deletionPropagation cannot be both set";
            errors.push(api::FieldError::invalid(&api::Path::new("propagationPolicy"), body.propagation_policy.clone(), detail));
        }
        if let Some(policy) = body.propagation_policy.as_deref().filter(|policy| !matches!(*policy, "Orphan" | "Background" | "Foreground"))
        {
            errors.push(api::FieldError::not_supported(
                &api::Path::new("propagationPolicy"),
                policy,
                &["Foreground", "Background", "Orphan", "nil"],
            ));
        }
        if !errors.is_empty() {
            return Err(ApiError::invalid("meta.k8s.io", "DeleteOptions", "", &errors));
        }
        let legacy = body.orphan_dependents.map(|orphan| if orphan { "Orphan" } else { "Background" }.to_owned());
        Ok(Self {
            // a negative period is the shortest graceful one
            grace_period_seconds: body.grace_period_seconds.map(|seconds| if seconds < 0 { 1 } else { seconds }),
            preconditions: body.preconditions,
            propagation_policy: body.propagation_policy.or(legacy),
            dry_run: !dry_run.is_empty(),
            admitted: false,
        })
    }
}

/// What became of an object that was to be deleted.
#[derive(Debug)]
pub enum Deletion {
    /// It is gone.
    Gone(Arc<Item>),
    /// It is marked, and somebody has to act.
    Pending(Arc<Item>),
}

/// What to do with an object next.
enum Step {
    Remove,
    /// Write it back as it is now: marked.
    Mark,
    Nothing,
}

impl Registry {
    /// Deletes one object.
    pub async fn delete(
        &self,
        endpoint: &Endpoint,
        namespace: &str,
        name: &str,
        user: &UserInfo,
        options: &DeleteOptions,
    ) -> Result<Deletion, ApiError> {
        let kind = &*endpoint.stored;
        for _ in 0..ATTEMPTS {
            let item = self.get(endpoint, namespace, name)?;
            let old = endpoint.worked_on(&item).await?;
            if let Some(wanted) = &options.preconditions {
                preconditions(endpoint, &item, old.as_ref(), wanted)?;
            }
            let attributes = Attributes {
                registry: self,
                operation: Operation::Delete,
                kind,
                requested: &endpoint.kind,
                subresource: "",
                namespace,
                name,
                user,
                dry_run: options.dry_run,
                old: Some(old.as_ref()),
                rounds: &Rounds::default(),
            };
            if !options.admitted {
                self.admission.mutate(&attributes, None).await?;
                self.admission.validate(&attributes, None).await?;
            }

            let mut object = old.boxed_clone();
            let step = self.plan(endpoint, object.as_mut(), options);
            let expect = Expect::At(item.revision());
            let key = item.key().clone();
            if matches!(step, Step::Nothing) {
                return Ok(Deletion::Pending(item));
            }
            if options.dry_run {
                return Ok(if matches!(step, Step::Remove) { Deletion::Gone(item) } else { Deletion::Pending(item) });
            }
            let (write, value) = match step {
                Step::Remove => (Write::Delete { key: key.clone(), expect }, None),
                _ => {
                    let value = endpoint.encode(object.as_mut()).await?;
                    (Write::Put { key: key.clone(), value: value.clone(), expect }, Some(value))
                }
            };
            // what is only marked is still there
            let left = value.is_some().then_some(object.as_ref());
            match (self.commit(&attributes, write, left).await, value) {
                (Ok(_), None) => return Ok(Deletion::Gone(item)),
                (Ok(revision), Some(value)) => return self.written(endpoint, &key, revision, value).map(Deletion::Pending),
                (Err(CommitError::Write(WriteError::Changed { .. })), _) => {}
                (Err(CommitError::Write(WriteError::Missing { .. })), _) => return Err(endpoint.not_found(name)),
                (Err(error), _) => return Err(error.into()),
            }
        }
        Err(ApiError::modified(&kind.group, &kind.plural, name))
    }

    /// Marks the object as far as it has to be, and says what follows.
    fn plan(&self, endpoint: &Endpoint, object: &mut dyn Object, options: &DeleteOptions) -> Step {
        let kind = &*endpoint.stored;
        let before = object.meta().clone();
        self.special.before_deletion(kind, object);
        let graceful = self.grace(endpoint, object, options);
        set_finalizers(object, options.propagation_policy.as_deref().or_else(|| self.special.default_propagation(kind)));
        let finalizers = object.meta().finalizers.as_ref().is_some_and(|finalizers| !finalizers.is_empty());
        match graceful {
            Grace::Pending if before.finalizers == object.meta().finalizers => return Step::Nothing,
            Grace::Pending | Grace::Marked => return Step::Mark,
            Grace::None => {}
        }
        if !finalizers && !self.special.holds_deletion(kind, object) {
            return Step::Remove;
        }
        let meta = object.meta_mut();
        if meta.deletion_timestamp.is_none() {
            meta.deletion_timestamp = Some(meta::now());
            if meta.generation.is_some_and(|generation| generation > 0) {
                meta.generation = meta.generation.map(|generation| generation + 1);
            }
        }
        meta.deletion_grace_period_seconds = Some(0);
        self.special.marked(kind, object);
        if *object.meta() == before { Step::Nothing } else { Step::Mark }
    }

    /// Graceful deletion, for kinds that have it.
    fn grace(&self, endpoint: &Endpoint, object: &mut dyn Object, options: &DeleteOptions) -> Grace {
        let Some(wanted) = self.special.grace_period_seconds(&endpoint.stored, object, options.grace_period_seconds) else {
            return Grace::None;
        };
        let meta = object.meta_mut();
        let Some(deadline) = &meta.deletion_timestamp else {
            if wanted == 0 {
                return Grace::None;
            }
            meta.deletion_timestamp = Some(later(&meta::now(), wanted));
            meta.deletion_grace_period_seconds = Some(wanted);
            if meta.generation.is_some_and(|generation| generation > 0) {
                meta.generation = meta.generation.map(|generation| generation + 1);
            }
            return Grace::Marked;
        };
        let running = meta.deletion_grace_period_seconds.unwrap_or_default();
        if running == 0 {
            return Grace::None;
        }
        // only a shorter period than the one that runs may follow
        let Some(mut period) = options.grace_period_seconds.filter(|period| *period < running) else { return Grace::Pending };
        if period == 0 {
            return Grace::None;
        }
        let now = meta::now();
        let mut moved = later(deadline, period - running);
        if moved.0 < now.0 {
            moved = now;
            period = 1;
        }
        meta.deletion_timestamp = Some(moved);
        meta.deletion_grace_period_seconds = Some(period);
        Grace::Marked
    }

    /// Deletes all that a list with these options shows.
    pub async fn delete_collection(&self, context: &Context, endpoint: &Endpoint) -> Result<Vec<Arc<Item>>, ApiError> {
        let options = DeleteOptions::parse(context)?;
        let mut list = super::ListOptions::parse(&context.query, &endpoint.kind)?;
        list.limit = None;
        let page = self.list(endpoint, &context.info.namespace, &list).await?;
        let mut deleted = Vec::with_capacity(page.items.len());
        for item in page.items {
            match self.delete(endpoint, item.namespace(), item.name(), &context.user, &options).await {
                Ok(Deletion::Gone(_) | Deletion::Pending(_)) => deleted.push(item),
                // somebody else was faster
                Err(error) if error.code() == 404 => {}
                Err(error) => return Err(error),
            }
        }
        Ok(deleted)
    }
}

enum Grace {
    /// The kind or this deletion knows no grace.
    None,
    /// The period has been set or shortened.
    Marked,
    /// A period runs, and nothing is to be done.
    Pending,
}

fn later(time: &Time, seconds: i64) -> Time {
    let span = Duration::from_secs(seconds.unsigned_abs());
    let moved = if seconds < 0 { time.0.checked_sub(span) } else { time.0.checked_add(span) };
    Time(moved.unwrap_or(time.0))
}

/// Puts the finalizer of a propagation policy there, and takes the other away; without a policy those that are there stay.
fn set_finalizers(object: &mut dyn Object, policy: Option<&str>) {
    let wanted = match policy {
        Some("Orphan") => Some(ORPHAN),
        Some("Foreground") => Some(FOREGROUND),
        Some("Background") => None,
        _ => return,
    };
    let meta = object.meta_mut();
    let mut finalizers: Vec<String> = meta.finalizers.take().unwrap_or_default();
    finalizers.retain(|finalizer| finalizer != ORPHAN && finalizer != FOREGROUND || Some(finalizer.as_str()) == wanted);
    if let Some(wanted) = wanted
        && !finalizers.iter().any(|finalizer| finalizer == wanted)
    {
        finalizers.push(wanted.to_owned());
    }
    meta.finalizers = Some(finalizers).filter(|finalizers| !finalizers.is_empty());
}

/// The object must be the one that the author of a deletion has seen.
pub(crate) fn preconditions(endpoint: &Endpoint, item: &Item, object: &dyn Object, wanted: &Preconditions) -> Result<(), ApiError> {
    let kind = &*endpoint.kind;
    let uid = object.meta().uid.as_deref().unwrap_or_default();
    if let Some(given) = wanted.uid.as_deref().filter(|given| *given != uid) {
        let why = format!(
            "the UID in the precondition ({given}) does not match the UID in record ({uid}). The object might have been deleted and then recreated"
        );
        return Err(ApiError::conflict(&kind.group, &kind.kind, item.name(), &why));
    }
    let version = item.revision().to_string();
    if let Some(given) = wanted.resource_version.as_deref().filter(|given| *given != version) {
        let why = format!(
            "the ResourceVersion in the precondition ({given}) does not match the ResourceVersion in record ({version}). The object might have been modified"
        );
        return Err(ApiError::conflict(&kind.group, &kind.kind, item.name(), &why));
    }
    Ok(())
}
