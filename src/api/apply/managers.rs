//! `metadata.managedFields`, decoded: who owns what, in which version, since when.

use std::collections::BTreeMap;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::{FieldsV1, ManagedFieldsEntry, Time};

use super::field_set::FieldSet;
use super::fields_v1::FieldsError;

/// How a manager came by its fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Operation {
    Apply,
    Update,
}

impl Operation {
    pub fn name(self) -> &'static str {
        match self {
            Self::Apply => "Apply",
            Self::Update => "Update",
        }
    }
}

/// What tells two entries apart.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ManagerId {
    pub manager: String,
    pub operation: Operation,
    /// Empty for appliers: one has one entry, in whichever version it applied last.
    pub api_version: String,
    pub subresource: String,
}

impl ManagerId {
    pub fn new(manager: &str, operation: Operation, api_version: &str, subresource: &str) -> Self {
        let api_version = if operation == Operation::Apply { "" } else { api_version };
        let manager = if manager.is_empty() { "unknown" } else { manager };
        Self { manager: manager.to_owned(), operation, api_version: api_version.to_owned(), subresource: subresource.to_owned() }
    }
}

/// What one manager owns.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Owned {
    pub(super) set: FieldSet,
    pub(super) api_version: String,
    pub(super) time: Option<Time>,
}

/// All managers of an object.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Managers(pub(super) BTreeMap<ManagerId, Owned>);

/// Why entries are none; upstream's words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ManagedFieldsError {
    #[error("operation must be `Apply` or `Update`")]
    Operation,
    #[error("apiVersion must not be empty")]
    NoVersion,
    #[error("missing fieldsType in managed fields entry {0}")]
    NoType(usize),
    #[error("invalid fieldsType {1:?} in managed fields entry {0}")]
    Type(usize, String),
    #[error("error decoding versioned set of {0:?}: error decoding set: {1}")]
    Fields(String, #[source] FieldsError),
}

impl Managers {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
    /// What a manager owns.
    pub fn owned(&self, id: &ManagerId) -> Option<&FieldSet> {
        self.0.get(id).map(|owned| &owned.set)
    }
    pub fn decode(entries: &[ManagedFieldsEntry]) -> Result<Self, ManagedFieldsError> {
        let mut managers = BTreeMap::new();
        for (index, entry) in entries.iter().enumerate() {
            let operation = match entry.operation.as_deref() {
                Some("Apply") => Operation::Apply,
                Some("Update") => Operation::Update,
                _ => return Err(ManagedFieldsError::Operation),
            };
            let text = |text: &Option<String>| text.clone().unwrap_or_default();
            let (manager, api_version) = (text(&entry.manager), text(&entry.api_version));
            if api_version.is_empty() {
                return Err(ManagedFieldsError::NoVersion);
            }
            match entry.fields_type.as_deref().unwrap_or_default() {
                "FieldsV1" => {}
                "" => return Err(ManagedFieldsError::NoType(index)),
                other => return Err(ManagedFieldsError::Type(index, other.to_owned())),
            }
            let set = match &entry.fields_v1 {
                None => FieldSet::new(),
                Some(fields) => FieldSet::from_wire(&fields.0).map_err(|error| ManagedFieldsError::Fields(manager.clone(), error))?,
            };
            let id = ManagerId {
                api_version: if operation == Operation::Apply { String::new() } else { api_version.clone() },
                manager,
                operation,
                subresource: text(&entry.subresource),
            };
            managers.insert(id, Owned { set, api_version, time: entry.time.clone() });
        }
        Ok(Self(managers))
    }
    /// The entries in upstream's order: appliers first, then by time, manager, version, subresource. None where nobody owns anything.
    pub fn encode(&self) -> Option<Vec<ManagedFieldsEntry>> {
        let seconds = |owned: &Owned| owned.time.as_ref().map_or(0, |time| time.0.as_second());
        let mut order: Vec<(&ManagerId, &Owned)> = self.0.iter().collect();
        order.sort_by(|(one, owned), (other, others)| {
            (one.operation, seconds(owned), &one.manager, &owned.api_version, &one.subresource).cmp(&(
                other.operation,
                seconds(others),
                &other.manager,
                &others.api_version,
                &other.subresource,
            ))
        });
        let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let entry = |(id, owned): (&ManagerId, &Owned)| ManagedFieldsEntry {
            api_version: text(&owned.api_version),
            fields_type: Some("FieldsV1".to_owned()),
            fields_v1: Some(FieldsV1(owned.set.to_wire())),
            manager: text(&id.manager),
            operation: Some(id.operation.name().to_owned()),
            subresource: text(&id.subresource),
            time: owned.time.clone(),
        };
        (!order.is_empty()).then(|| order.into_iter().map(entry).collect())
    }
    /// Whether entries ask for everything to be forgotten: an empty list, or a list of one empty entry.
    pub fn is_reset(entries: Option<&[ManagedFieldsEntry]>) -> bool {
        match entries {
            None => false,
            Some([]) => true,
            Some([only]) => *only == ManagedFieldsEntry::default(),
            Some(_) => false,
        }
    }
    /// Keeps the number of updaters at `most`: the oldest of a version become one.
    pub(super) fn cap(&mut self, most: usize) {
        let seconds = |owned: &Owned| owned.time.as_ref().map_or(0, |time| time.0.as_second());
        let mut updaters: Vec<(i64, ManagerId)> =
            self.0.iter().filter(|(id, _)| id.operation == Operation::Update).map(|(id, owned)| (seconds(owned), id.clone())).collect();
        let mut count = updaters.len();
        updaters.sort();
        let mut first_of_version: BTreeMap<String, ManagerId> = BTreeMap::new();
        for (_, id) in updaters {
            if count <= most {
                break;
            }
            let Some(version) = self.0.get(&id).map(|owned| owned.api_version.clone()) else { continue };
            let Some(first) = first_of_version.get(&version) else {
                first_of_version.insert(version, id);
                continue;
            };
            let bucket = ManagerId::new("ancient-changes", Operation::Update, &version, "");
            if id == bucket {
                continue;
            }
            if !self.0.contains_key(&bucket)
                && let Some(oldest) = self.0.remove(first)
            {
                self.0.insert(bucket.clone(), oldest);
            }
            let Some(newer) = self.0.remove(&id) else { continue };
            if let Some(bucket) = self.0.get_mut(&bucket) {
                bucket.set.add(newer.set);
                bucket.time = newer.time;
            }
            count -= 1;
        }
    }
}
