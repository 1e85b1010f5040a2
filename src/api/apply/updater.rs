//! What a write does to the fields of others: an update takes them, an apply asks for them, and what an applier no longer lists goes.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::Value;

use super::TypedValue;
use super::compare::Comparison;
use super::field_set::{FieldFilter, FieldSet};
use super::managers::{ManagerId, Managers, Owned};
use super::path::{Path, same};
use super::types::TypeRef;
use super::validate::Faults;

/// The versions of a kind: entries of managers may be of another one than the request is.
pub trait Versions {
    /// The type of objects in a version; none where the version is not served.
    fn schema(&self, api_version: &str) -> Option<TypeRef<'_>>;
    /// An object in another version.
    fn convert(&self, object: &Value, from: &str, to: &str) -> Option<Value>;
}

/// A field that somebody else owns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    pub manager: ManagerId,
    pub path: Path,
}

/// Why an apply did not happen.
#[derive(Debug)]
pub(super) enum UpdateError {
    Faults(&'static str, Faults),
    Conflicts(Vec<Conflict>),
}

/// One write at one version.
pub(super) struct Updater<'a> {
    pub(super) versions: &'a dyn Versions,
    pub(super) api_version: &'a str,
    pub(super) schema: TypeRef<'a>,
    pub(super) filter: Option<&'a FieldFilter>,
}

const COMPARE: &str = "failed to compare objects: ";

impl Updater<'_> {
    /// Takes what differs between the two objects away from whoever owns it, and returns it: the fields that the write has set.
    pub(super) fn update(&self, live: &Value, new: &Value, managers: &mut Managers) -> Result<FieldSet, UpdateError> {
        self.reconcile(managers);
        let changes = self.settle(live, new, managers, None, true)?;
        let set = changes.modified.union(changes.added);
        Ok(match self.filter {
            Some(filter) => filter.apply(set),
            None => set,
        })
    }

    /// Merges what is applied. The object is returned where it differs from what was there.
    pub(super) fn apply(
        &self,
        live: &Value,
        config: &Value,
        managers: &mut Managers,
        applier: &ManagerId,
        force: bool,
    ) -> Result<Option<Value>, UpdateError> {
        self.reconcile(managers);
        let merged =
            TypedValue::new(live, self.schema).merge(config).map_err(|faults| UpdateError::Faults("failed to merge config: ", faults))?;
        let last = managers.0.remove(applier);
        let set = TypedValue::new(config, self.schema)
            .to_field_set()
            .map_err(|faults| UpdateError::Faults("failed to get field set: ", faults))?;
        let set = match self.filter {
            Some(filter) => filter.apply(set),
            None => set,
        };
        let time = last.as_ref().and_then(|last| last.time.clone());
        managers.0.insert(applier.clone(), Owned { set, api_version: self.api_version.to_owned(), time });
        let new = match last {
            Some(last) if !last.set.is_empty() => {
                self.prune(&merged, managers, &last).map_err(|faults| UpdateError::Faults("failed to prune fields: ", faults))?
            }
            _ => merged,
        };
        self.settle(live, &new, managers, Some(applier), force)?;
        Ok((!same(live, &new)).then_some(new))
    }

    /// Entries of versions that are no longer served stay until a write compares with them; the others are brought to today's markers.
    fn reconcile(&self, managers: &mut Managers) {
        for owned in managers.0.values_mut() {
            if let Some(schema) = self.versions.schema(&owned.api_version) {
                owned.set = std::mem::take(&mut owned.set).reconciled(schema);
            }
        }
        managers.0.retain(|_, owned| self.versions.schema(&owned.api_version).is_some());
    }

    /// Finds who owns what has changed, and takes it from them; without `force` that is refused.
    fn settle(
        &self,
        live: &Value,
        new: &Value,
        managers: &mut Managers,
        writer: Option<&ManagerId>,
        force: bool,
    ) -> Result<Comparison, UpdateError> {
        let compare = |schema: TypeRef<'_>, live: &Value, new: &Value| {
            let changes = TypedValue::new(live, schema).compare(new).map_err(|faults| UpdateError::Faults(COMPARE, faults))?;
            Ok(changes.filtered(self.filter))
        };
        let changes = compare(self.schema, live, new)?;
        let mut by_version: BTreeMap<String, Option<Comparison>> = BTreeMap::new();
        let mut conflicts = BTreeMap::new();
        let mut removed = BTreeMap::new();
        let mut outdated = Vec::new();
        for (id, owned) in managers.0.iter().filter(|(id, _)| Some(*id) != writer) {
            let changes = if owned.api_version == self.api_version {
                &changes
            } else {
                if !by_version.contains_key(&owned.api_version) {
                    let convert = |object| self.versions.convert(object, self.api_version, &owned.api_version);
                    let both = self.versions.schema(&owned.api_version).zip(convert(live).zip(convert(new)));
                    let changes = both.map(|(schema, (live, new))| compare(schema, &live, &new)).transpose()?;
                    by_version.insert(owned.api_version.clone(), changes);
                }
                match by_version.get(&owned.api_version) {
                    Some(Some(changes)) => changes,
                    _ => {
                        outdated.push(id.clone());
                        continue;
                    }
                }
            };
            let mut conflict = owned.set.intersection(&changes.modified);
            conflict.add(owned.set.intersection(&changes.added));
            if !conflict.is_empty() {
                conflicts.insert(id.clone(), conflict);
            }
            if !changes.removed.is_empty() {
                removed.insert(id.clone(), changes.removed.clone());
            }
        }
        outdated.iter().for_each(|id| {
            managers.0.remove(id);
        });
        if !force && !conflicts.is_empty() {
            let each = |(manager, set): (ManagerId, FieldSet)| {
                set.paths().into_iter().map(move |path| Conflict { manager: manager.clone(), path }).collect::<Vec<_>>()
            };
            return Err(UpdateError::Conflicts(conflicts.into_iter().flat_map(each).collect()));
        }
        for (id, lost) in conflicts.iter().chain(&removed) {
            if let Some(owned) = managers.0.get_mut(id) {
                owned.set = std::mem::take(&mut owned.set).difference(lost);
            }
        }
        managers.0.retain(|_, owned| !owned.set.is_empty());
        Ok(changes)
    }

    /// Removes what the applier listed last time and does not list now, unless somebody else owns it.
    fn prune(&self, merged: &Value, managers: &Managers, last: &Owned) -> Result<Value, Faults> {
        let Some(schema) = self.versions.schema(&last.api_version) else { return Ok(merged.clone()) };
        let Some(at_last) = self.convert(merged, self.api_version, &last.api_version) else { return Ok(merged.clone()) };
        let before = TypedValue::new(&at_last, schema);
        let last_set = last.set.with_named_fields(Some(schema));
        let pruned = before.remove(&last_set);
        let pruned = self.add_back_owned(&at_last, pruned, &last.api_version, managers)?;

        // what is left out now and was not this applier's comes back
        let all = before.to_field_set()?.with_named_fields(Some(schema));
        let kept = before.with(&pruned).to_field_set()?.with_named_fields(Some(schema));
        let pruned = before.remove(&all.difference(&kept).intersection(&last_set));
        Ok(self.convert(&pruned, &last.api_version, self.api_version).map_or_else(|| merged.clone(), Cow::into_owned))
    }

    /// What has been removed although others, or this very apply, own it.
    fn add_back_owned(&self, merged: &Value, pruned: Value, api_version: &str, managers: &Managers) -> Result<Value, Faults> {
        let mut owned: BTreeMap<&str, FieldSet> = BTreeMap::new();
        for entry in managers.0.values() {
            owned.entry(&entry.api_version).or_default().add(entry.set.clone());
        }
        // the version that was pruned first: a conversion may need what has been pruned
        let mut versions: Vec<&str> = owned.keys().copied().filter(|version| *version != api_version).collect();
        if owned.contains_key(api_version) {
            versions.insert(0, api_version);
        }
        let (mut merged, mut pruned, mut at) = (merged.clone(), pruned, api_version);
        for version in versions {
            let Some(schema) = self.versions.schema(version) else { continue };
            let (Some(all), Some(some)) = (self.convert(&merged, at, version), self.convert(&pruned, at, version)) else { continue };
            let (all, some) = (all.into_owned(), some.into_owned());
            let whole = TypedValue::new(&all, schema);
            let all_set = whole.to_field_set()?.with_named_fields(Some(schema));
            let some_set = whole.with(&some).to_field_set()?.with_named_fields(Some(schema));
            let claimed = owned[version].with_named_fields(Some(schema));
            pruned = whole.remove(&all_set.difference(&some_set.union(claimed)));
            (merged, at) = (all, version);
        }
        Ok(match self.convert(&pruned, at, api_version) {
            Some(pruned) => pruned.into_owned(),
            None => merged,
        })
    }

    fn convert<'v>(&self, object: &'v Value, from: &str, to: &str) -> Option<Cow<'v, Value>> {
        if from == to { Some(Cow::Borrowed(object)) } else { self.versions.convert(object, from, to).map(Cow::Owned) }
    }
}
