//! Update: by a whole object, by a patch, or by what a subresource does. One loop for all of them: read, change, check, compare-and-set.

use std::sync::Arc;

use api::{ApiError, Object};
use kinds::Part;
use store::{Expect, Write, WriteError};

use super::commit::CommitError;
use super::ownership::{Ownership, keep_times};
use super::{Endpoint, Registry, Tracking, meta, object_document, reset_fields};
use crate::admission::{Attributes, Operation, Rounds};
use crate::cache::Item;
use crate::context::{Context, UserInfo, WriteOptions};
use crate::special::Clashes;

/// Rounds of a change that lost its race against another writer. Each lost round means that somebody else made progress.
const ATTEMPTS: usize = 64;

/// Which rules a change obeys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strategy {
    /// Those of the kind for this part: what may not change is carried over, the result is validated.
    Part(Part),
    /// The change itself has seen to everything: binding, finalize and the like.
    Own,
    /// As [`Self::Own`], where the request has been through admission already: as the binding or the eviction that it is.
    Admitted,
}

/// A change of one object.
pub struct Change<'a> {
    pub namespace: &'a str,
    pub name: &'a str,
    pub subresource: &'a str,
    pub strategy: Strategy,
    pub user: &'a UserInfo,
    pub options: WriteOptions,
    pub tracking: Tracking<'a>,
}

impl Registry {
    /// Replaces an object by what the body describes.
    pub async fn update(&self, context: &mut Context, endpoint: &Endpoint, part: Part) -> Result<Arc<Item>, ApiError> {
        let options = WriteOptions::parse(&context.query, "UpdateOptions")?;
        let document = object_document(context, &endpoint.kind)?;
        let mut new = self.incoming(endpoint, document, options, &mut context.warnings)?;
        let info = context.info.clone();
        let namespace = if endpoint.kind.namespaced { info.namespace.as_str() } else { "" };
        super::create::match_namespace(new.as_mut(), namespace)?;
        match new.meta().name.as_deref().unwrap_or_default() {
            "" => return Err(ApiError::bad_request("name must be provided")),
            name if name != info.name => {
                return Err(ApiError::bad_request(format!(
                    "the name of the object ({name}) does not match the name on the URL ({})",
                    info.name
                )));
            }
            _ => {}
        }
        let change = Change {
            namespace,
            name: &info.name,
            subresource: &info.subresource,
            strategy: Strategy::Part(part),
            user: &context.user.clone(),
            options,
            tracking: Tracking::Update(&context.field_manager()),
        };
        let blind = new.meta().resource_version.as_deref().unwrap_or_default().is_empty();
        let kind = &*endpoint.kind;
        let replace = |_: &Item, _: &dyn Object, _: &mut Vec<String>| {
            // only once it is clear that there is one
            if blind && kind.behaviour.custom().is_some() {
                let path = api::Path::new("metadata").child("resourceVersion");
                let fault = api::FieldError::invalid(&path, 0, "must be specified for an update");
                return Err(ApiError::invalid(&kind.group, &kind.plural, &info.name, &vec![fault]));
            }
            Ok(new.boxed_clone())
        };
        self.change(endpoint, &change, &mut context.warnings, replace).await
    }

    /// Whether a write would leave what is stored as it is, but for the time of an entry of its owners.
    async fn changes_nothing(
        endpoint: &Endpoint,
        item: &Item,
        value: &[u8],
        new: &mut dyn Object,
        old: &dyn Object,
    ) -> Result<bool, ApiError> {
        if gone(new) {
            return Ok(false);
        }
        if item.is_stored_as(value) {
            return Ok(true);
        }
        let entries = new.meta().managed_fields.clone();
        if !item.is_as_long_as(value) || !keep_times(new, old) {
            return Ok(false);
        }
        let same = item.is_stored_as(&endpoint.encode(new).await?);
        new.meta_mut().managed_fields = entries;
        Ok(same)
    }

    /// Changes an object: `make` is given what is there (as the endpoint shows it, and as the write works on it) and returns what is to be. It runs again when somebody else was faster.
    pub async fn change<F>(
        &self,
        endpoint: &Endpoint,
        change: &Change<'_>,
        warnings: &mut Vec<String>,
        mut make: F,
    ) -> Result<Arc<Item>, ApiError>
    where
        F: FnMut(&Item, &dyn Object, &mut Vec<String>) -> Result<Box<dyn Object>, ApiError>,
    {
        let kind = &*endpoint.stored;
        let mut clashes = Clashes::new();
        for _ in 0..ATTEMPTS {
            let item = self.get(endpoint, change.namespace, change.name)?;
            let mut old = endpoint.worked_on(&item).await?;
            let mut said = Vec::new();
            let shown = endpoint.show(&item).await?;
            let mut new = make(&shown, old.as_ref(), &mut said)?;
            check_preconditions(endpoint, &item, new.as_mut(), old.as_ref())?;

            match change.tracking {
                Tracking::Update(manager) => {
                    Ownership { kind: &endpoint.kind, subresource: change.subresource }.track(Some(old.as_mut()), new.as_mut(), manager);
                }
                Tracking::Server => new.meta_mut().managed_fields.clone_from(&old.meta().managed_fields),
                Tracking::Told => {}
            }
            carry_over(new.as_mut(), old.as_ref());
            if let Strategy::Part(part) = change.strategy {
                let entries = new.meta_mut().managed_fields.take();
                kind.behaviour.prepare_update(part, new.as_mut(), old.as_ref());
                if reset_fields::keeps_metadata(kind, change.subresource) {
                    new.meta_mut().clone_from(old.meta());
                }
                new.meta_mut().managed_fields = entries;
            }
            let attributes = Attributes {
                registry: self,
                operation: Operation::Update,
                kind,
                requested: &endpoint.kind,
                subresource: change.subresource,
                namespace: change.namespace,
                name: change.name,
                user: change.user,
                dry_run: change.options.dry_run,
                old: Some(old.as_ref()),
                rounds: &Rounds::default(),
            };
            let admitted = change.strategy == Strategy::Admitted;
            if !admitted {
                self.admission.mutate(&attributes, Some(&mut new)).await?;
            }
            if kind.behaviour.has_generation() {
                let before = old.meta().generation.unwrap_or_default();
                let changes = kind.behaviour.generation_changes(new.as_ref(), old.as_ref());
                new.meta_mut().generation = Some(before + i64::from(changes)).filter(|generation| *generation > 0);
            } else {
                new.meta_mut().generation = old.meta().generation;
            }
            self.special.fill(new.as_mut(), Some(old.as_ref()), &clashes)?;
            if let Strategy::Part(part) = change.strategy {
                let mut errors = meta::validate_update(new.as_ref(), old.as_ref());
                errors.extend(kind.behaviour.validate_update(part, new.as_ref(), old.as_ref()));
                if !errors.is_empty() {
                    return Err(ApiError::invalid(&kind.group, &kind.kind, change.name, &errors));
                }
            }
            if !admitted {
                self.admission.validate(&attributes, Some(new.as_ref())).await?;
            }
            // of a change of the status nothing is said: seldom is it a person's
            if change.strategy != Strategy::Part(Part::Status) {
                said.extend(kind.behaviour.warnings(new.as_ref(), Some(old.as_ref())));
            }

            let value = endpoint.encode(new.as_mut()).await?;
            if Self::changes_nothing(endpoint, &item, &value, new.as_mut(), old.as_ref()).await? {
                warnings.append(&mut said);
                return Ok(item);
            }
            let prefix_len = endpoint.resource.prefix().len();
            if change.options.dry_run {
                self.admission.bill(&attributes, Some(new.as_ref())).await?;
                warnings.append(&mut said);
                return Item::new(item.key().clone(), prefix_len, item.revision(), value).map(Arc::new).map_err(ApiError::internal);
            }
            let expect = Expect::At(item.revision());
            let key = item.key().clone();
            let kept = self.special.holds_deletion(kind, new.as_ref());
            let remove = (gone(new.as_ref()) && !kept) || self.special.removed_by_update(kind, new.as_ref());
            let write = if remove {
                Write::Delete { key: key.clone(), expect }
            } else {
                Write::Put { key: key.clone(), value: value.clone(), expect }
            };
            match self.commit(&attributes, write, (!remove).then_some(new.as_ref())).await {
                Ok(revision) => {
                    warnings.append(&mut said);
                    if remove {
                        return Item::new(key, prefix_len, revision, value).map(Arc::new).map_err(ApiError::internal);
                    }
                    return self.written(endpoint, &key, revision, value);
                }
                Err(CommitError::Write(WriteError::Changed { .. })) => {}
                Err(CommitError::Claimed(claim)) => {
                    clashes.insert(claim);
                }
                Err(CommitError::Write(WriteError::Missing { .. })) => return Err(endpoint.not_found(change.name)),
                Err(error) => return Err(error.into()),
            }
        }
        Err(ApiError::modified(&kind.group, &kind.plural, change.name))
    }
}

/// The last finalizer of an object that is to be deleted is gone, and so is the object.
fn gone(object: &dyn Object) -> bool {
    let meta = object.meta();
    meta.deletion_timestamp.is_some()
        && meta.finalizers.as_ref().is_none_or(Vec::is_empty)
        && meta.deletion_grace_period_seconds.unwrap_or_default() == 0
}

/// The resourceVersion and uid that the author has seen must be those of the object.
fn check_preconditions(endpoint: &Endpoint, item: &Item, new: &mut dyn Object, old: &dyn Object) -> Result<(), ApiError> {
    let kind = &*endpoint.kind;
    let meta = new.meta_mut();
    if let (Some(given), Some(uid)) = (meta.uid.as_deref().filter(|uid| !uid.is_empty()), old.meta().uid.as_deref())
        && given != uid
    {
        let why = format!("Precondition failed: UID in precondition: {given}, UID in object meta: {uid}");
        return Err(ApiError::conflict(&kind.group, &kind.plural, item.name(), &why));
    }
    if let Some(given) = meta.resource_version.as_deref().filter(|version| !version.is_empty() && *version != "0") {
        let revision: u64 = given.parse().map_err(|_| {
            let fault = api::FieldError::invalid(
                &api::Path::new("metadata").child("resourceVersion"),
                given,
                format!("strconv.ParseUint: parsing {given:?}: invalid syntax"),
            );
            ApiError::invalid(&kind.group, &kind.kind, item.name(), &vec![fault])
        })?;
        if revision != item.revision() {
            return Err(ApiError::modified(&kind.group, &kind.plural, item.name()));
        }
    }
    Ok(())
}

/// Metadata that no author changes.
fn carry_over(new: &mut dyn Object, old: &dyn Object) {
    let before = old.meta();
    let meta = new.meta_mut();
    meta.uid.clone_from(&before.uid);
    meta.creation_timestamp.clone_from(&before.creation_timestamp);
    meta.deletion_timestamp.clone_from(&before.deletion_timestamp);
    meta.deletion_grace_period_seconds = before.deletion_grace_period_seconds;
    meta.self_link = None;
    // an update that names no version means whichever is there
    meta.resource_version.clone_from(&before.resource_version);
}
