//! CustomResourceDefinitions.
//!
//! Upstream checks a form of them in which what all versions have alike (schema, subresources, columns, selectable fields) stands once, at the top; faults are
//! told with the paths of that form.

use std::collections::{BTreeMap, BTreeSet};

use api::{ErrorList, FieldError, Path, names};
use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::{
    CustomResourceColumnDefinition, CustomResourceConversion, CustomResourceDefinition, CustomResourceDefinitionNames,
    CustomResourceDefinitionSpec, CustomResourceDefinitionStatus, CustomResourceDefinitionVersion, CustomResourceSubresources,
    CustomResourceValidation, JSONSchemaProps, SelectableField, WebhookClientConfig,
};

use super::client_config::{self, ServiceReference};
use crate::Part;
use crate::custom::path::resolve;
use crate::custom::{has_unsupported, validate_schema, validate_structure};
use crate::rules::{drop_false, immutable, invalid, json, required_one_of, text};

/// Selectable fields that a version may have.
const SELECTABLE_FIELDS: usize = 8;
/// Characters of a warning about a deprecated version.
const WARNING_CHARACTERS: usize = 256;
const COLUMN_TYPES: [&str; 5] = ["boolean", "date", "integer", "number", "string"];
const COLUMN_FORMATS: [&str; 8] = ["byte", "date", "date-time", "double", "float", "int32", "int64", "password"];
/// The annotation without which nobody defines resources in the groups of the project itself.
pub const APPROVED: &str = "api-approved.kubernetes.io";

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
        errors.extend(spec(&definition.spec, &Tolerance::none(), &Path::new("spec")));
        errors.extend(stored_versions(definition));
        errors.extend(approval(definition, None));
        errors.extend(preserve_unknown_fields(&definition.spec));
        errors
    }

    fn validate_update(&self, part: Part, definition: &CustomResourceDefinition, old: &CustomResourceDefinition) -> ErrorList {
        let path = Path::new("spec");
        if part == Part::Status {
            let status = definition.status.as_ref();
            let accepted = status.and_then(|status| status.accepted_names.as_ref());
            return accepted.map(|names| custom_names(names, &Path::new("status").child("acceptedNames"))).unwrap_or_default();
        }
        let mut errors = spec(&definition.spec, &Tolerance::of(old), &path);
        if is_true(old, "Established") {
            errors.extend(immutable(&definition.spec.scope, &old.spec.scope, &path.child("scope")));
            errors.extend(immutable(&definition.spec.names.kind, &old.spec.names.kind, &path.child("names").child("kind")));
        }
        errors.extend(immutable(&definition.spec.group, &old.spec.group, &path.child("group")));
        errors.extend(immutable(&definition.spec.names.plural, &old.spec.names.plural, &path.child("names").child("plural")));
        errors.extend(stored_versions(definition));
        errors.extend(approval(definition, Some(old)));
        if old.spec.preserve_unknown_fields != Some(true) {
            errors.extend(preserve_unknown_fields(&definition.spec));
        }
        errors
    }

    crate::parts::generation_of!(spec, CustomResourceDefinition);
}

/// Whether a condition of a definition is there and true.
pub fn is_true(definition: &CustomResourceDefinition, condition: &str) -> bool {
    let conditions = definition.status.iter().flat_map(|status| status.conditions.iter().flatten());
    conditions.into_iter().any(|found| found.type_ == condition && found.status == "True")
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

fn stored_versions(definition: &CustomResourceDefinition) -> ErrorList {
    let path = Path::new("status").child("storedVersions");
    let stored = definition.status.as_ref().and_then(|status| status.stored_versions.as_deref()).unwrap_or_default();
    if stored.is_empty() {
        return vec![FieldError::invalid(&path, json(&stored), "must have at least one stored version")];
    }
    let mut errors = ErrorList::new();
    let versions = &definition.spec.versions;
    for version in versions.iter().filter(|version| version.storage && !stored.contains(&version.name)) {
        errors.push(FieldError::invalid(&path, json(&stored), format!("must have the storage version {}", version.name)));
    }
    for (index, gone) in stored.iter().enumerate().filter(|(_, stored)| !versions.iter().any(|version| version.name == **stored)) {
        let detail = format!(
            "missing from spec.versions; {gone} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in {gone} and removes {gone} from status.storedVersions"
        );
        errors.push(FieldError::invalid(&path.index(index), gone.as_str(), detail));
    }
    errors
}

fn preserve_unknown_fields(spec: &CustomResourceDefinitionSpec) -> Option<FieldError> {
    let detail = "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead";
    (spec.preserve_unknown_fields == Some(true))
        .then(|| FieldError::invalid(&Path::new("spec").child("preserveUnknownFields"), true, detail))
}

/// What is known of the approval of a definition in a group of the project itself.
#[derive(PartialEq, Eq)]
pub enum Approval {
    NotNeeded,
    Missing,
    Invalid,
    Approved,
    Bypassed,
}

/// The state of the approval of a definition, and upstream's words for it.
pub fn approval_of(definition: &CustomResourceDefinition) -> (Approval, String) {
    let group = definition.spec.group.as_str();
    let protected =
        ["k8s.io", "kubernetes.io"].iter().any(|own| group.strip_suffix(own).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')));
    if !protected {
        return (Approval::NotNeeded, String::new());
    }
    const PROPOSAL: &str = "see https://github.com/kubernetes/enhancements/pull/1111";
    let given = definition.metadata.annotations.as_ref().and_then(|annotations| annotations.get(APPROVED));
    match given.map(String::as_str) {
        None => (Approval::Missing, format!("protected groups must have approval annotation \"{APPROVED}\", {PROPOSAL}")),
        Some(why) if why.starts_with("unapproved") => (Approval::Bypassed, format!("not approved: {}", api::field::quoted(why))),
        Some(url)
            if url.split_once("://").is_some_and(|(scheme, rest)| !scheme.is_empty() && !rest.is_empty() && !rest.starts_with('/')) =>
        {
            (Approval::Approved, format!("approved in {url}"))
        }
        Some(_) => {
            let detail = format!(
                "protected groups must have approval annotation \"{APPROVED}\" with either a URL or a reason starting with \"unapproved\", {PROPOSAL}"
            );
            (Approval::Invalid, detail)
        }
    }
}

fn approval(definition: &CustomResourceDefinition, old: Option<&CustomResourceDefinition>) -> Option<FieldError> {
    let (state, why) = approval_of(definition);
    if old.is_some_and(|old| approval_of(old).0 == state) {
        return None;
    }
    let path = Path::new("metadata").child("annotations").key(APPROVED);
    let given = definition.metadata.annotations.as_ref().and_then(|annotations| annotations.get(APPROVED)).cloned().unwrap_or_default();
    match state {
        Approval::Missing => Some(FieldError::required(&path, why)),
        Approval::Invalid => Some(FieldError::invalid(&path, given, why)),
        _ => None,
    }
}

/// What a change need not obey, because what was there did not either.
struct Tolerance {
    without_schema: bool,
    not_structural: bool,
    /// Of conversion webhooks.
    unknown_reviews: bool,
    broken_bundle: bool,
    /// By version.
    schemas: BTreeMap<String, JSONSchemaProps>,
}

impl Tolerance {
    fn none() -> Self {
        // nobody is served a definition that is not established, so its bundle may still come
        Self { without_schema: false, not_structural: false, unknown_reviews: false, broken_bundle: true, schemas: BTreeMap::new() }
    }
    fn of(old: &CustomResourceDefinition) -> Self {
        let schemas = || old.spec.versions.iter().filter_map(schema_of);
        let conversion = old.spec.conversion.as_ref();
        let reviews = conversion.map(review_versions).unwrap_or_default();
        let bundle = bundle_of(conversion);
        Self {
            unknown_reviews: !reviews.is_empty() && !speaks_known_reviews(reviews),
            broken_bundle: !is_true(old, "Established") || bundle.is_some_and(|bundle| client_config::bundle_fault(bundle).is_some()),
            without_schema: schemas().count() < old.spec.versions.len(),
            not_structural: schemas().any(|schema| !is_structural(schema)) && old.spec.preserve_unknown_fields == Some(true),
            schemas: old.spec.versions.iter().filter_map(|version| Some((version.name.clone(), schema_of(version)?.clone()))).collect(),
        }
    }
}

/// Whether a schema is structural.
pub fn is_structural(schema: &JSONSchemaProps) -> bool {
    !has_unsupported(schema) && validate_structure(schema, &Path::default()).is_empty()
}

fn schema_of(version: &CustomResourceDefinitionVersion) -> Option<&JSONSchemaProps> {
    version.schema.as_ref()?.open_api_v3_schema.as_ref()
}

/// A part that every version may have of its own: where it stands, and in which version.
fn common<'a, T: PartialEq>(
    spec: &'a CustomResourceDefinitionSpec,
    path: &Path,
    top: &str,
    below: &str,
    part: impl Fn(&'a CustomResourceDefinitionVersion) -> &'a Option<T>,
) -> Vec<(Path, &'a CustomResourceDefinitionVersion, &'a T)> {
    let Some(first) = spec.versions.first() else { return Vec::new() };
    if spec.versions.iter().all(|version| part(version) == part(first)) {
        return part(first).iter().map(|value| (path.child(top), first, value)).collect();
    }
    let at = |index| path.child("versions").index(index).child(below);
    spec.versions.iter().enumerate().filter_map(|(index, version)| Some((at(index), version, part(version).as_ref()?))).collect()
}

fn spec(spec: &CustomResourceDefinitionSpec, tolerance: &Tolerance, path: &Path) -> ErrorList {
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
    errors.extend(required_one_of(&spec.scope, &["Cluster", "Namespaced"], &path.child("scope")));
    if !tolerance.without_schema {
        for (index, _) in spec.versions.iter().enumerate().filter(|(_, version)| schema_of(version).is_none()) {
            errors.push(FieldError::required(&path.child("versions").index(index).child("schema").child("openAPIV3Schema"), ""));
        }
    }
    errors.extend(versions(spec, tolerance, path));
    errors.extend(required_names(&spec.names, &path.child("names")));
    errors.extend(custom_names(&spec.names, &path.child("names")));
    if let Some(conversion) = spec.conversion.as_ref().filter(|conversion| conversion.strategy != "None")
        && spec.preserve_unknown_fields == Some(true)
    {
        let detail = "must be None if spec.preserveUnknownFields is true";
        errors.push(FieldError::invalid(&path.child("conversion").child("strategy"), conversion.strategy.as_str(), detail));
    }
    errors.extend(spec.conversion.iter().flat_map(|conversion| self::conversion(conversion, tolerance, &path.child("conversion"))));
    errors
}

fn versions(spec: &CustomResourceDefinitionSpec, tolerance: &Tolerance, path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    let mut seen = BTreeSet::new();
    let mut unique = true;
    for (index, version) in spec.versions.iter().enumerate() {
        let path = path.child("versions").index(index);
        unique &= seen.insert(&version.name);
        let faults = names::dns1035_label(&version.name, false);
        if !faults.is_empty() {
            errors.push(FieldError::invalid(&path.child("name"), version.name.as_str(), faults.join(",")));
        }
        errors.extend(deprecation_warning(version, &path.child("deprecationWarning")));
    }
    let has_status = |version: &CustomResourceDefinitionVersion| version.subresources.as_ref().is_some_and(|below| below.status.is_some());
    for (at, version, validation) in common(spec, path, "validation", "schema", |version| &version.schema) {
        errors.extend(schema(validation, has_status(version), tolerance, &version.name, &at));
    }
    for (at, _, below) in common(spec, path, "subresources", "subresources", |version| &version.subresources) {
        errors.extend(subresources(below, &at));
    }
    for (at, _, columns) in
        common(spec, path, "additionalPrinterColumns", "additionalPrinterColumns", |version| &version.additional_printer_columns)
    {
        errors.extend(columns.iter().enumerate().flat_map(|(index, column)| self::column(column, &at.index(index))));
    }
    for (at, version, fields) in common(spec, path, "selectableFields", "selectableFields", |version| &version.selectable_fields) {
        errors.extend(schema_of(version).map(|schema| selectable(fields, schema, &at)).unwrap_or_default());
    }
    let path = path.child("versions");
    if !unique {
        errors.push(FieldError::invalid(&path, json(&spec.versions), "must contain unique version names"));
    }
    if spec.versions.iter().filter(|version| version.storage).count() != 1 {
        errors.push(FieldError::invalid(&path, json(&spec.versions), "must have exactly one version marked as storage version"));
    }
    errors
}

fn schema(validation: &CustomResourceValidation, has_status: bool, tolerance: &Tolerance, version: &str, path: &Path) -> ErrorList {
    let Some(schema) = &validation.open_api_v3_schema else { return ErrorList::new() };
    let unchanged = tolerance.schemas.get(version) == Some(schema);
    let errors = validate_schema(schema, has_status, unchanged, &path.child("openAPIV3Schema"));
    if tolerance.not_structural { ErrorList::new() } else { errors }
}

fn deprecation_warning(version: &CustomResourceDefinitionVersion, path: &Path) -> ErrorList {
    let Some(warning) = &version.deprecation_warning else { return ErrorList::new() };
    let mut faults = Vec::new();
    if version.deprecated != Some(true) {
        faults.push("can only be set for deprecated versions".to_owned());
    } else {
        if warning.len() > WARNING_CHARACTERS {
            faults.push(format!("must be <= {WARNING_CHARACTERS} characters long"));
        }
        if warning.is_empty() {
            faults.push("must not be an empty string".to_owned());
        }
        if let Some((index, _)) = warning.char_indices().find(|(_, character)| character.is_control()) {
            faults.push(format!("must only contain printable UTF-8 characters; non-printable character found at index {index}"));
        }
    }
    invalid(path, warning, faults).collect()
}

fn subresources(below: &CustomResourceSubresources, path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    let Some(scale) = &below.scale else { return errors };
    let mut check = |field: &str, given: &str, allowed: &[&str], detail: &str| {
        let at = path.child(&format!("scale.{field}"));
        let simple = simple_path(given, &at);
        if given.is_empty() {
            errors.push(FieldError::required(&at, ""));
        } else if simple.is_some() {
            errors.extend(simple);
        } else if !allowed.iter().any(|start| given.starts_with(start)) {
            errors.push(FieldError::invalid(&at, given, detail));
        }
    };
    check("specReplicasPath", &scale.spec_replicas_path, &[".spec."], "should be a json path under .spec");
    check("statusReplicasPath", &scale.status_replicas_path, &[".status."], "should be a json path under .status");
    if !text(&scale.label_selector_path).is_empty() {
        let detail = "should be a json path under either .spec or .status";
        check("labelSelectorPath", text(&scale.label_selector_path), &[".spec.", ".status."], detail);
    }
    errors
}

fn simple_path(given: &str, path: &Path) -> Option<FieldError> {
    if given.is_empty() {
        return Some(FieldError::invalid(path, given, "must not be empty"));
    }
    (!given.starts_with('.')).then(|| FieldError::invalid(path, given, "must be a simple json path starting with ."))
}

fn column(column: &CustomResourceColumnDefinition, path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    if column.name.is_empty() {
        errors.push(FieldError::required(&path.child("name"), ""));
    }
    let types = format!("must be one of {}", COLUMN_TYPES.join(","));
    if column.type_.is_empty() {
        errors.push(FieldError::required(&path.child("type"), types));
    } else if !COLUMN_TYPES.contains(&column.type_.as_str()) {
        errors.push(FieldError::invalid(&path.child("type"), column.type_.as_str(), types));
    }
    let format = text(&column.format);
    if !format.is_empty() && !COLUMN_FORMATS.contains(&format) {
        errors.push(FieldError::invalid(&path.child("format"), format, format!("must be one of {}", COLUMN_FORMATS.join(","))));
    }
    let at = path.child("JSONPath");
    if column.json_path.is_empty() {
        errors.push(FieldError::required(&at, ""));
    } else {
        errors.extend(simple_path(&column.json_path, &at));
    }
    errors
}

fn selectable(fields: &[SelectableField], schema: &JSONSchemaProps, path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    let mut seen = BTreeSet::new();
    for (index, field) in fields.iter().enumerate() {
        let at = path.index(index).child("jsonPath");
        let given = field.json_path.as_str();
        if given.is_empty() {
            errors.push(FieldError::required(&at, ""));
            continue;
        }
        match resolve(schema, given, false) {
            Err(why) => errors.push(FieldError::invalid(&at, given, format!("is an invalid path: {why}"))),
            Ok((names, found)) => {
                if names.first().is_some_and(|first| first == "metadata") {
                    errors.push(FieldError::invalid(&at, given, "must not point to fields in metadata"));
                }
                if !["string", "boolean", "integer"].contains(&text(&found.type_)) {
                    let detail = "must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.";
                    errors.push(FieldError::invalid(&at, given, detail));
                }
                if !seen.insert(names) {
                    errors.push(FieldError::duplicate(&at, given));
                }
            }
        }
    }
    if seen.len() > SELECTABLE_FIELDS {
        errors.push(FieldError::too_many(path, seen.len(), SELECTABLE_FIELDS));
    }
    errors
}

fn required_names(custom: &CustomResourceDefinitionNames, path: &Path) -> ErrorList {
    let all = [
        ("plural", custom.plural.as_str()),
        ("singular", text(&custom.singular)),
        ("kind", &custom.kind),
        ("listKind", text(&custom.list_kind)),
    ];
    all.into_iter().filter(|(_, value)| value.is_empty()).map(|(field, _)| FieldError::required(&path.child(field), "")).collect()
}

fn custom_names(custom: &CustomResourceDefinitionNames, path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    let mut label = |field: &str, value: &str, mixed: bool| {
        let faults = if mixed { names::dns1035_label(&value.to_lowercase(), false) } else { names::dns1035_label(value, false) };
        if !value.is_empty() && !faults.is_empty() {
            let start = if mixed { "may have mixed case, but should otherwise match: " } else { "" };
            errors.push(FieldError::invalid(&path.child(field), value, format!("{start}{}", faults.join(","))));
        }
    };
    let list_kind = text(&custom.list_kind);
    label("plural", &custom.plural, false);
    label("singular", text(&custom.singular), false);
    label("kind", &custom.kind, true);
    label("listKind", list_kind, true);
    for (index, name) in custom.short_names.iter().flatten().enumerate() {
        let faults = names::dns1035_label(name, false);
        if !faults.is_empty() {
            errors.push(FieldError::invalid(&path.child("shortNames").index(index), name.as_str(), faults.join(",")));
        }
    }
    if !custom.kind.is_empty() && custom.kind == list_kind {
        let detail = "kind and listKind may not be the same";
        errors.push(FieldError::invalid(&path.child("listKind"), list_kind, detail));
    }
    for (index, category) in custom.categories.iter().flatten().enumerate() {
        let faults = names::dns1035_label(category, false);
        if !faults.is_empty() {
            errors.push(FieldError::invalid(&path.child("categories").index(index), category.as_str(), faults.join(",")));
        }
    }
    errors
}

fn conversion(conversion: &CustomResourceConversion, tolerance: &Tolerance, path: &Path) -> ErrorList {
    let mut errors: ErrorList = required_one_of(&conversion.strategy, &["None", "Webhook"], &path.child("strategy")).into_iter().collect();
    let at = path.child("webhookClientConfig");
    let config = client_config_of(conversion);
    let versions = review_versions(conversion);
    if conversion.strategy != "Webhook" {
        if config.is_some() {
            errors.push(FieldError::forbidden(&at, "should not be set when strategy is not set to Webhook"));
        }
        if !versions.is_empty() {
            errors.push(FieldError::forbidden(
                &path.child("conversionReviewVersions"),
                "should not be set when strategy is not set to Webhook",
            ));
        }
        return errors;
    }
    match config {
        None => errors.push(FieldError::required(&at, "required when strategy is set to Webhook")),
        Some(config) => errors.extend(client_config(config, tolerance, &at)),
    }
    let at = path.child("conversionReviewVersions");
    if versions.is_empty() {
        errors.push(FieldError::required(&at, ""));
        return errors;
    }
    let mut seen = BTreeSet::new();
    for (index, version) in versions.iter().enumerate() {
        if seen.insert(version) {
            errors.extend(invalid(&at.index(index), version, names::dns1035_label(version, false)));
        } else {
            errors.push(FieldError::invalid(&at.index(index), version.as_str(), "duplicate version"));
        }
    }
    if !tolerance.unknown_reviews && !speaks_known_reviews(versions) {
        errors.push(FieldError::invalid(&at, json(&versions), "must include at least one of v1, v1beta1"));
    }
    errors
}

fn client_config_of(conversion: &CustomResourceConversion) -> Option<&WebhookClientConfig> {
    conversion.webhook.as_ref()?.client_config.as_ref()
}

fn review_versions(conversion: &CustomResourceConversion) -> &[String] {
    conversion.webhook.as_ref().map(|webhook| webhook.conversion_review_versions.as_slice()).unwrap_or_default()
}

fn speaks_known_reviews(versions: &[String]) -> bool {
    versions.iter().any(|version| matches!(version.as_str(), "v1" | "v1beta1"))
}

/// The bundle of a conversion webhook, where there is one.
fn bundle_of(conversion: Option<&CustomResourceConversion>) -> Option<&[u8]> {
    let bundle = client_config_of(conversion?)?.ca_bundle.as_ref()?;
    Some(bundle.0.as_slice()).filter(|bundle| !bundle.is_empty())
}

fn client_config(config: &WebhookClientConfig, tolerance: &Tolerance, path: &Path) -> ErrorList {
    let mut errors = match (&config.url, &config.service) {
        (Some(_), Some(_)) | (None, None) => vec![FieldError::required(path, "exactly one of url or service is required")],
        (Some(url), None) => client_config::url(url, &path.child("url")),
        (None, Some(service)) => {
            let reference = ServiceReference {
                name: &service.name,
                namespace: &service.namespace,
                path: service.path.as_deref(),
                port: service.port.unwrap_or_default(),
            };
            client_config::service(&reference, &path.child("service"))
        }
    };
    if let Some(bundle) = config.ca_bundle.as_ref().filter(|bundle| !bundle.0.is_empty() && !tolerance.broken_bundle) {
        errors.extend(client_config::bundle(&bundle.0, &path.child("caBundle")));
    }
    errors
}
