//! CustomResourceDefinitions.

use std::collections::BTreeSet;

use api::{ErrorList, FieldError, Path, names};
use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::{
    CustomResourceConversion, CustomResourceDefinition, CustomResourceDefinitionNames, CustomResourceDefinitionSpec,
    CustomResourceDefinitionStatus,
};

use crate::Part;
use crate::rules::{drop_false, immutable, invalid, json, one_of, text};

pub(crate) struct CustomResourceBehaviour;

impl crate::Behaviour<CustomResourceDefinition> for CustomResourceBehaviour {
    fn default(&self, definition: &mut CustomResourceDefinition) {
        let spec = &mut definition.spec;
        default_names(&mut spec.names);
        let conversion = spec.conversion.get_or_insert_default();
        if conversion.strategy.is_empty() {
            conversion.strategy = "None".to_owned();
        }
        if let Some(service) = conversion.webhook.as_mut().and_then(|webhook| webhook.client_config.as_mut()?.service.as_mut()) {
            service.port.get_or_insert(443);
        }
        drop_false(&mut spec.preserve_unknown_fields);
        for version in &mut spec.versions {
            drop_false(&mut version.deprecated);
        }
    }

    fn prepare_create(&self, definition: &mut CustomResourceDefinition) {
        definition.status = Some(CustomResourceDefinitionStatus::default());
        note_stored_version(definition);
    }

    fn prepare_update(&self, part: Part, definition: &mut CustomResourceDefinition, old: &CustomResourceDefinition) {
        match part {
            Part::Main => {
                definition.status.clone_from(&old.status);
                note_stored_version(definition);
            }
            Part::Status => definition.spec.clone_from(&old.spec),
        }
    }

    fn validate(&self, definition: &CustomResourceDefinition) -> ErrorList {
        let mut errors = ErrorList::new();
        let names = &definition.spec.names;
        let required = format!("{}.{}", names.plural, definition.spec.group);
        if text(&definition.metadata.name) != required {
            let path = Path::new("metadata").child("name");
            errors.push(FieldError::invalid(&path, text(&definition.metadata.name), "must be spec.names.plural+\".\"+spec.group"));
        }
        errors.extend(spec(&definition.spec, &Path::new("spec")));
        errors
    }

    fn validate_update(&self, part: Part, definition: &CustomResourceDefinition, old: &CustomResourceDefinition) -> ErrorList {
        let path = Path::new("spec");
        if part == Part::Status {
            return ErrorList::new();
        }
        let mut errors = spec(&definition.spec, &path);
        errors.extend(immutable(&definition.spec.group, &old.spec.group, &path.child("group")));
        errors.extend(immutable(&definition.spec.names.plural, &old.spec.names.plural, &path.child("names").child("plural")));
        let established = old
            .status
            .iter()
            .flat_map(|status| status.conditions.iter().flatten())
            .any(|condition| condition.type_ == "Established" && condition.status == "True");
        if established {
            errors.extend(immutable(&definition.spec.scope, &old.spec.scope, &path.child("scope")));
            errors.extend(immutable(&definition.spec.names.kind, &old.spec.names.kind, &path.child("names").child("kind")));
        }
        let known: BTreeSet<&str> = definition.spec.versions.iter().map(|version| version.name.as_str()).collect();
        let stored = definition.status.iter().flat_map(|status| status.stored_versions.iter().flatten());
        for (index, version) in stored.enumerate().filter(|(_, version)| !known.contains(version.as_str())) {
            let path = Path::new("status").child("storedVersions").index(index);
            let detail = "missing from spec.versions; must update status.storedVersions after migrating storage to a new version";
            errors.push(FieldError::invalid(&path, version.as_str(), detail));
        }
        errors
    }

    crate::parts::generation_of!(spec, CustomResourceDefinition);
}

fn default_names(names: &mut CustomResourceDefinitionNames) {
    if text(&names.singular).is_empty() {
        names.singular = Some(names.kind.to_lowercase());
    }
    if text(&names.list_kind).is_empty() && !names.kind.is_empty() {
        names.list_kind = Some(format!("{}List", names.kind));
    }
}

/// Objects of the storage version may be in the store from now on.
fn note_stored_version(definition: &mut CustomResourceDefinition) {
    let Some(version) = definition.spec.versions.iter().find(|version| version.storage).map(|version| version.name.clone()) else { return };
    let stored = definition.status.get_or_insert_default().stored_versions.get_or_insert_default();
    if !stored.contains(&version) {
        stored.push(version);
    }
}

fn spec(spec: &CustomResourceDefinitionSpec, path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    let at = path.child("group");
    if spec.group.is_empty() {
        errors.push(FieldError::required(&at, ""));
    } else {
        let faults = names::dns1123_subdomain(&spec.group, false);
        if !faults.is_empty() {
            errors.push(FieldError::invalid(&at, spec.group.as_str(), faults.join(",")));
        } else if !spec.group.contains('.') {
            errors.push(FieldError::invalid(&at, spec.group.as_str(), "should be a domain with at least one dot"));
        }
    }
    errors.extend(crate::rules::required_one_of(&spec.scope, &["Cluster", "Namespaced"], &path.child("scope")));
    if spec.preserve_unknown_fields == Some(true) {
        let detail = "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead";
        errors.push(FieldError::invalid(&path.child("preserveUnknownFields"), true, detail));
    }
    errors.extend(versions(spec, &path.child("versions")));
    errors.extend(custom_names(&spec.names, &path.child("names")));
    errors.extend(spec.conversion.iter().flat_map(|conversion| self::conversion(conversion, &path.child("conversion"))));
    errors
}

fn versions(spec: &CustomResourceDefinitionSpec, path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    let mut seen = BTreeSet::new();
    for (index, version) in spec.versions.iter().enumerate() {
        let path = path.index(index);
        if !seen.insert(&version.name) {
            errors.push(FieldError::invalid(
                &Path::new("spec").child("versions"),
                json(&spec.versions),
                "must contain unique version names",
            ));
        }
        let faults = names::dns1035_label(&version.name, false);
        if !faults.is_empty() {
            errors.push(FieldError::invalid(&path.child("name"), version.name.as_str(), faults.join(",")));
        }
        if version.schema.as_ref().and_then(|schema| schema.open_api_v3_schema.as_ref()).is_none() {
            errors.push(FieldError::required(&path.child("schema").child("openAPIV3Schema"), "schemas are required"));
        }
        if version.deprecation_warning.is_some() && version.deprecated != Some(true) {
            errors.push(FieldError::invalid(
                &path.child("deprecationWarning"),
                text(&version.deprecation_warning),
                "can only be set for deprecated versions",
            ));
        }
    }
    let stored = spec.versions.iter().filter(|version| version.storage).count();
    if stored != 1 {
        let detail = "must have exactly one version marked as storage version";
        errors.push(FieldError::invalid(path, json(&spec.versions), detail));
    }
    errors
}

fn custom_names(custom: &CustomResourceDefinitionNames, path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    let mut label = |field: &str, value: &str, kept: &str| {
        let faults = names::dns1035_label(value, false);
        if !faults.is_empty() {
            errors.push(FieldError::invalid(&path.child(field), kept, faults.join(",")));
        }
    };
    let list_kind = text(&custom.list_kind);
    if !custom.plural.is_empty() {
        label("plural", &custom.plural, &custom.plural);
    }
    if !text(&custom.singular).is_empty() {
        label("singular", text(&custom.singular), text(&custom.singular));
    }
    if !custom.kind.is_empty() {
        label("kind", &custom.kind.to_lowercase(), &custom.kind);
    }
    if !list_kind.is_empty() {
        label("listKind", &list_kind.to_lowercase(), list_kind);
    }
    for (field, value) in
        [("plural", custom.plural.as_str()), ("singular", text(&custom.singular)), ("kind", &custom.kind), ("listKind", list_kind)]
    {
        if value.is_empty() {
            errors.push(FieldError::required(&path.child(field), ""));
        }
    }
    for (index, name) in custom.short_names.iter().flatten().enumerate() {
        errors.extend(invalid(&path.child("shortNames").index(index), name, names::dns1035_label(name, false)));
    }
    if !custom.kind.is_empty() && custom.kind == list_kind {
        let detail = "kind and listKind may not be the same";
        errors.push(FieldError::invalid(&path.child("listKind"), list_kind, detail));
    }
    for (index, category) in custom.categories.iter().flatten().enumerate() {
        errors.extend(invalid(&path.child("categories").index(index), category, names::dns1035_label(category, false)));
    }
    errors
}

fn conversion(conversion: &CustomResourceConversion, path: &Path) -> ErrorList {
    let mut errors: ErrorList = one_of(&conversion.strategy, &["None", "Webhook"], &path.child("strategy")).into_iter().collect();
    let config = conversion.webhook.as_ref().and_then(|webhook| webhook.client_config.as_ref());
    match (conversion.strategy.as_str(), config) {
        ("Webhook", None) => {
            errors.push(FieldError::required(&path.child("webhookClientConfig"), "required when strategy is set to Webhook"));
        }
        ("None", Some(_)) => {
            errors.push(FieldError::forbidden(&path.child("webhookClientConfig"), "should not be set when strategy is not set to Webhook"));
        }
        _ => {}
    }
    if conversion.strategy == "Webhook" && conversion.webhook.as_ref().is_none_or(|webhook| webhook.conversion_review_versions.is_empty()) {
        errors.push(FieldError::required(&path.child("conversionReviewVersions"), ""));
    }
    errors
}
