//! The field manager of an endpoint: what the API server calls on every write.

use std::sync::LazyLock;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::{ManagedFieldsEntry, StatusCause, StatusDetails, Time};
use serde_json::{Map, Value};

use super::field_set::{FieldFilter, FieldSet};
use super::managers::{ManagerId, Managers, Operation, Owned};
use super::path::path_text;
use super::updater::{Conflict, UpdateError, Updater, Versions};
use super::{TypedValue, last_applied};
use crate::status::ApiError;

/// Updaters that are told apart; beyond that the oldest become one.
const MAX_UPDATERS: usize = 10;
/// Who owns what stood in an object before anybody applied to it.
const BEFORE_FIRST_APPLY: &str = "before-first-apply";
/// The manager that goes over from the client's side to the server's.
const KUBECTL: &str = "kubectl";

/// Fields that nobody owns.
static NEVER_OWNED: LazyLock<FieldSet> = LazyLock::new(|| {
    FieldSet::of_fields(&[
        "apiVersion",
        "kind",
        "metadata",
        "metadata.name",
        "metadata.namespace",
        "metadata.creationTimestamp",
        "metadata.selfLink",
        "metadata.uid",
        "metadata.clusterName",
        "metadata.generation",
        "metadata.managedFields",
        "metadata.resourceVersion",
    ])
});

/// Why an apply is refused.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ApplyError {
    #[error("{0}")]
    BadRequest(String),
    #[error("{}", conflict_message(.0))]
    Conflicts(Vec<Conflict>),
    /// Upstream has no code of its own for it.
    #[error("{0}")]
    Other(String),
}

impl ApplyError {
    pub fn to_status(&self) -> ApiError {
        match self {
            Self::BadRequest(message) => ApiError::bad_request(message.clone()),
            Self::Other(message) => ApiError::internal_plain(message.clone()),
            Self::Conflicts(conflicts) => {
                let cause = |conflict: &Conflict| StatusCause {
                    reason: Some("FieldManagerConflict".to_owned()),
                    message: Some(format!("conflict with {}", manager_text(&conflict.manager))),
                    field: Some(path_text(&conflict.path)),
                };
                let mut error = ApiError::new(409, "Conflict", self.to_string());
                error.0.details = Some(StatusDetails { causes: Some(conflicts.iter().map(cause).collect()), ..StatusDetails::default() });
                error
            }
        }
    }
}

/// `"kubectl-client-side-apply" using v1`
fn manager_text(id: &ManagerId) -> String {
    let mut text = format!("{:?}", id.manager);
    if !id.subresource.is_empty() {
        text = format!("{text} with subresource {:?}", id.subresource);
    }
    if id.operation == Operation::Update {
        text = format!("{text} using {}", id.api_version);
    }
    text
}

fn conflict_message(conflicts: &[Conflict]) -> String {
    if let [only] = conflicts {
        return format!("Apply failed with 1 conflict: conflict with {}: {}", manager_text(&only.manager), path_text(&only.path));
    }
    let mut lines = Vec::new();
    let mut last = None;
    for conflict in conflicts {
        if last != Some(&conflict.manager) {
            lines.push(format!("conflicts with {}:", manager_text(&conflict.manager)));
            last = Some(&conflict.manager);
        }
        lines.push(format!("- {}", path_text(&conflict.path)));
    }
    format!("Apply failed with {} conflicts: {}", conflicts.len(), lines.join("\n"))
}

/// Keeps `managedFields` of one kind, at the version and subresource that requests come in.
#[derive(Clone, Copy)]
pub struct FieldManager<'a> {
    pub versions: &'a dyn Versions,
    /// `apps/v1`
    pub api_version: &'a str,
    pub kind: &'a str,
    /// Empty for the object itself.
    pub subresource: &'a str,
    /// What is written here for nothing, because the server keeps what it has.
    pub filter: Option<&'a FieldFilter>,
    pub now: &'a Time,
}

impl FieldManager<'_> {
    /// The entries after a write that is no apply. Both objects are of this manager's version and without `managedFields`; `live` is
    /// empty for a new object. `given` is what the author sent, `before` what the live object has. None where nobody owns anything.
    pub fn update(
        &self,
        live: &Value,
        new: &Value,
        given: Option<&[ManagedFieldsEntry]>,
        before: Option<&[ManagedFieldsEntry]>,
        manager: &str,
    ) -> Option<Vec<ManagedFieldsEntry>> {
        // a subresource does not change the entries of others
        let given = given.filter(|_| self.subresource.is_empty());
        // what was read and is sent back
        let same_entries = given.is_none() || given == before;
        if same_entries && live == new {
            return before.map(<[_]>::to_vec);
        }
        if let Some(entries) = before.filter(|_| same_entries).and_then(|before| self.again(live, new, before, manager)) {
            return Some(entries);
        }
        let mut managers = if Managers::is_reset(given) {
            Managers::default()
        } else {
            let given = given.filter(|_| !same_entries).and_then(|given| Managers::decode(given).ok());
            let given = given.filter(|managers| !managers.is_empty());
            given.unwrap_or_else(|| Managers::decode(before.unwrap_or_default()).unwrap_or_default())
        };
        let is_new = live.pointer("/metadata/uid").and_then(Value::as_str).unwrap_or_default().is_empty();
        if managers.is_empty() && !is_new {
            return None;
        }
        match self.track(live, new, &mut managers, manager) {
            Ok(()) => {
                managers.cap(MAX_UPDATERS);
                managers.encode()
            }
            // better what was known than nothing
            Err(_) => before.map(<[_]>::to_vec),
        }
    }

    /// The object that comes of applying `config`, and its entries. `live` is of this manager's version and without `managedFields`; it has no
    /// uid where the object is to be created.
    pub fn apply(
        &self,
        live: &Value,
        config: &Value,
        before: Option<&[ManagedFieldsEntry]>,
        manager: &str,
        force: bool,
    ) -> Result<(Value, Option<Vec<ManagedFieldsEntry>>), ApplyError> {
        let mut managers = Managers::decode(before.unwrap_or_default())
            .map_err(|error| ApplyError::Other(format!("failed to decode managed fields: {error}")))?;
        let text = |name: &str| config.get(name).and_then(Value::as_str).unwrap_or_default();
        let (api_version, kind) = (text("apiVersion"), text("kind"));
        if (api_version, kind) != (self.api_version, self.kind) {
            let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
            let group = if group.is_empty() { String::new() } else { group.to_owned() };
            return Err(ApplyError::BadRequest(format!("invalid object type: {group}/{version}, Kind={kind}")));
        }
        if config.pointer("/metadata/managedFields").is_some_and(|entries| !entries.is_null()) {
            return Err(ApplyError::BadRequest("metadata.managedFields must be nil".to_owned()));
        }
        let schema =
            self.versions.schema(self.api_version).ok_or_else(|| ApplyError::Other(format!("no type for {}", self.describe(config))))?;
        TypedValue::new(config, schema)
            .validate(false)
            .map_err(|faults| ApplyError::Other(format!("failed to create typed patch object ({}): {faults}", self.describe(config))))?;
        if managers.is_empty() {
            let mut nothing = Map::new();
            for name in ["apiVersion", "kind"] {
                nothing.insert(name.to_owned(), live.get(name).cloned().unwrap_or_default());
            }
            self.track(&Value::Object(nothing), live, &mut managers, BEFORE_FIRST_APPLY)
                .map_err(|error| ApplyError::Other(format!("failed to create manager for existing fields: {}", words(&error))))?;
        }
        let known = managers.clone();
        let merged = match self.merge(live, config, &mut managers, manager, force) {
            Err(UpdateError::Conflicts(conflicts)) if manager == KUBECTL => {
                let takeable = last_applied::takeable(live, schema, self.api_version).unwrap_or_default();
                let left: Vec<Conflict> = conflicts.into_iter().filter(|conflict| !takeable.has(&conflict.path)).collect();
                if left.is_empty() {
                    managers = known;
                    self.merge(live, config, &mut managers, manager, true)
                } else {
                    Err(UpdateError::Conflicts(left))
                }
            }
            other => other,
        };
        let mut object = match merged {
            Ok(merged) => merged.unwrap_or_else(|| live.clone()),
            Err(UpdateError::Conflicts(conflicts)) => return Err(ApplyError::Conflicts(conflicts)),
            Err(error @ UpdateError::Faults(..)) => return Err(ApplyError::Other(words(&error))),
        };
        if manager == KUBECTL {
            last_applied::refresh(&mut object, config);
        }
        Ok((object, managers.encode()))
    }

    /// `default/web; apps/v1, Kind=Deployment`
    fn describe(&self, object: &Value) -> String {
        let meta = |name: &str| object.get("metadata").and_then(|meta| meta.get(name)).and_then(Value::as_str).unwrap_or_default();
        let slash = if self.api_version.contains('/') { "" } else { "/" };
        format!("{}/{}; {slash}{}, Kind={}", meta("namespace"), meta("name"), self.api_version, self.kind)
    }

    /// The entries after the most frequent of all updates: a manager writes again what it owns already, and nothing that others own. Only a time is new, and
    /// no set is decoded to see that. None where it is not so.
    fn again(&self, live: &Value, new: &Value, before: &[ManagedFieldsEntry], manager: &str) -> Option<Vec<ManagedFieldsEntry>> {
        let own = before.iter().position(|entry| {
            entry.manager.as_deref() == Some(manager)
                && entry.operation.as_deref() == Some(Operation::Update.name())
                && entry.subresource.as_deref().unwrap_or_default() == self.subresource
        })?;
        let usual = |entry: &ManagedFieldsEntry| {
            entry.api_version.as_deref() == Some(self.api_version) && entry.fields_type.as_deref() == Some("FieldsV1")
        };
        if !before.iter().all(usual) {
            return None;
        }
        let changes = TypedValue::new(live, self.versions.schema(self.api_version)?).compare(new).ok()?.filtered(self.filter);
        let set = changes.modified.union(changes.added).difference(&NEVER_OWNED);
        let fields = |index: usize| before[index].fields_v1.as_ref().map(|fields| &fields.0);
        let touched = |index: usize| fields(index).is_some_and(|fields| set.meets_wire(fields));
        let shrunk = |index: usize| fields(index).is_some_and(|fields| changes.removed.meets_wire(fields));
        let alone = (0..before.len()).all(|index| !shrunk(index) && (index == own || !touched(index)));
        if !alone || !fields(own).is_some_and(|fields| set.is_in_wire(fields)) {
            return None;
        }
        let mut entries = before.to_vec();
        if !set.is_empty() {
            let mut entry = entries.remove(own);
            entry.time = Some(self.now.clone());
            // by time, and by name where that is the same
            let later = |other: &ManagedFieldsEntry| {
                let key = |entry: &ManagedFieldsEntry| {
                    let seconds = entry.time.as_ref().map_or(0, |time| time.0.as_second());
                    (entry.operation.clone(), seconds, entry.manager.clone(), entry.subresource.clone())
                };
                key(other) > key(&entry)
            };
            let at = entries.iter().position(later).unwrap_or(entries.len());
            entries.insert(at, entry);
        }
        Some(entries)
    }

    fn updater(&self) -> Option<Updater<'_>> {
        let schema = self.versions.schema(self.api_version)?;
        Some(Updater { versions: self.versions, api_version: self.api_version, schema, filter: self.filter })
    }

    /// Gives the manager what a write has changed.
    fn track(&self, live: &Value, new: &Value, managers: &mut Managers, manager: &str) -> Result<(), UpdateError> {
        let Some(updater) = self.updater() else { return Ok(()) };
        let changed = updater.update(live, new, managers)?.difference(&NEVER_OWNED);
        if !changed.is_empty() {
            let id = ManagerId::new(manager, Operation::Update, self.api_version, self.subresource);
            let owned = managers.0.entry(id).or_insert_with(|| Owned {
                set: FieldSet::new(),
                api_version: self.api_version.to_owned(),
                time: None,
            });
            owned.set.add(changed);
            owned.time = Some(self.now.clone());
        }
        Ok(())
    }

    fn merge(
        &self,
        live: &Value,
        config: &Value,
        managers: &mut Managers,
        manager: &str,
        force: bool,
    ) -> Result<Option<Value>, UpdateError> {
        let Some(updater) = self.updater() else { return Ok(None) };
        let id = ManagerId::new(manager, Operation::Apply, self.api_version, self.subresource);
        let merged = updater.apply(live, config, managers, &id, force)?;
        if let Some(owned) = managers.0.get_mut(&id) {
            owned.set = std::mem::take(&mut owned.set).difference(&NEVER_OWNED);
            if merged.is_some() {
                owned.time = Some(self.now.clone());
            }
            if owned.set.is_empty() {
                managers.0.remove(&id);
            }
        }
        Ok(merged)
    }
}

fn words(error: &UpdateError) -> String {
    match error {
        UpdateError::Faults(what, faults) => format!("{what}{faults}"),
        UpdateError::Conflicts(conflicts) => conflict_message(conflicts),
    }
}
