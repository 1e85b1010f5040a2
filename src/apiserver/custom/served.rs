//! From a definition to the kinds and endpoints of its versions.

use std::sync::{Arc, LazyLock};

use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::{
    CustomResourceDefinition, CustomResourceDefinitionNames, CustomResourceDefinitionVersion,
};
use kinds::custom::{Compiled, CustomBehaviour, PrinterColumn};
use kinds::{ErasedBehaviour, Kind, Shared, Storage, Subresource, Text, Verb};
use sha2::{Digest, Sha256};
use tokio_util::sync::CancellationToken;

use super::convert::{Version, Versions};
use super::webhook::Webhook;
use crate::cache::Item;
use crate::registry::{Convert, Endpoint, Kept, Registry};

/// In the order in which upstream's discovery tells them.
const VERBS: &[Verb] = &[Verb::Delete, Verb::DeleteCollection, Verb::Get, Verb::List, Verb::Patch, Verb::Create, Verb::Update, Verb::Watch];
const BELOW: &[Verb] = &[Verb::Get, Verb::Patch, Verb::Update];
const SCALE: Subresource = Subresource { name: "scale", kind: Some(("autoscaling", "v1", "Scale")), verbs: BELOW };
const STATUS: Subresource = Subresource { name: "status", kind: None, verbs: BELOW };

/// The endpoints of the served versions of a definition, each with a digest of what its clients are told.
pub fn endpoints(
    definition: &CustomResourceDefinition,
    names: &CustomResourceDefinitionNames,
    item: &Arc<Item>,
    registry: &Registry,
    retired: &CancellationToken,
) -> Vec<(Endpoint, Arc<str>)> {
    let spec = &definition.spec;
    let kinds: Vec<Shared<Kind>> =
        spec.versions.iter().enumerate().map(|(index, _)| Shared::Counted(Arc::new(kind(definition, names, index, item)))).collect();
    let Some(storage) = spec.versions.iter().position(|version| version.storage).map(|index| kinds[index].clone()) else {
        return Vec::new();
    };
    let webhook = Webhook::of(spec.conversion.as_ref(), &registry.caller);
    let all = Arc::new(Versions { kinds: kinds.clone(), storage, webhook });
    let resource = registry.cache.resource(&spec.group, &spec.names.plural);
    let served = kinds.into_iter().zip(&spec.versions).filter(|(_, version)| version.served);
    served
        .map(|(kind, version)| {
            let digest = digest(&[mark(spec.group.as_str(), version), serde_json::to_string(names).unwrap_or_default()]);
            let convert: Arc<dyn Convert> = Arc::new(Version { kind: kind.clone(), all: all.clone(), kept: Kept::default() });
            let endpoint = Endpoint {
                stored: kind.clone(),
                kind,
                resource: resource.clone(),
                convert: Some(Shared::Counted(convert)),
                retired: retired.clone(),
            };
            (endpoint, digest.into())
        })
        .collect()
}

fn kind(definition: &CustomResourceDefinition, names: &CustomResourceDefinitionNames, index: usize, item: &Arc<Item>) -> Kind {
    let spec = &definition.spec;
    let version = &spec.versions[index];
    let texts = |list: &Option<Vec<String>>| list.iter().flatten().map(|text| Text::Owned(text.clone())).collect::<Vec<_>>().into();
    let below = version.subresources.as_ref();
    let has_status = below.is_some_and(|below| below.status.is_some());
    let scale = below.and_then(|below| below.scale.clone());
    let behaviour: Arc<dyn ErasedBehaviour> = Arc::new(CustomBehaviour {
        compiled: compiled(item.clone(), index),
        list_kind: names.list_kind.clone().unwrap_or_else(|| format!("{}List", names.kind)),
        storage_version: spec.versions.iter().find(|version| version.storage).map(|version| version.name.clone()).unwrap_or_default(),
        mark: mark(&spec.group, version),
        has_status,
        scale: scale.clone(),
        columns: match version.additional_printer_columns.as_deref() {
            None | Some([]) => vec![PrinterColumn::age()],
            Some(columns) => columns.iter().map(PrinterColumn::new).collect(),
        },
        selectable: version.selectable_fields.iter().flatten().map(|field| field.json_path.trim_start_matches('.').to_owned()).collect(),
        terminating: definition.metadata.deletion_timestamp.is_some(),
    });
    Kind {
        group: spec.group.clone().into(),
        version: version.name.clone().into(),
        kind: names.kind.clone().into(),
        plural: names.plural.clone().into(),
        singular: names.singular.clone().unwrap_or_default().into(),
        short_names: texts(&names.short_names),
        categories: texts(&names.categories),
        namespaced: spec.scope == "Namespaced",
        verbs: VERBS,
        subresources: match (has_status, scale.is_some()) {
            (true, true) => &[SCALE, STATUS],
            (true, false) => &[STATUS],
            (false, true) => &[SCALE],
            (false, false) => &[],
        },
        storage: Storage::Stored,
        conversion: None,
        deprecation: (version.deprecated == Some(true)).then(|| {
            let plain = || format!("{}/{} {} is deprecated", spec.group, version.name, names.kind);
            version.deprecation_warning.clone().unwrap_or_else(plain).into()
        }),
        same_shape: false,
        behaviour: Shared::Counted(behaviour),
    }
}

/// The schema of a version, read from the definition when it is first needed.
fn compiled(item: Arc<Item>, index: usize) -> LazyLock<Compiled, Box<dyn FnOnce() -> Compiled + Send>> {
    LazyLock::new(Box::new(move || {
        let definition = serde_json::from_slice::<CustomResourceDefinition>(item.stored_json()).ok();
        let version = definition.and_then(|definition| definition.spec.versions.into_iter().nth(index));
        let schema = version.and_then(|version| version.schema?.open_api_v3_schema);
        schema.map(|schema| Compiled::new(&schema)).unwrap_or_default()
    }))
}

/// Changes with all that decides how objects of a version are stored and shown.
fn mark(group: &str, version: &CustomResourceDefinitionVersion) -> String {
    let mut all = serde_json::to_value(version).unwrap_or_default();
    if let Some(all) = all.as_object_mut() {
        // what does not touch objects
        for field in ["served", "storage", "deprecated", "deprecationWarning", "additionalPrinterColumns"] {
            all.remove(field);
        }
    }
    digest(&[group.to_owned(), all.to_string()])
}

fn digest(parts: &[String]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part.as_bytes());
        hasher.update([0]);
    }
    hex::encode(&hasher.finalize()[..12])
}
