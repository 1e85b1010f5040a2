//! Compares the table of kinds with the resources that upstream's API server offers.

use std::collections::{BTreeMap, BTreeSet};

use crate::{ALL, Kind, Storage, Verb};

/// As upstream's table of resources writes it: group/version, resource, scope, kind, verbs. `watch` goes with `list`; a connection is one verb there.
type Row = (String, String, bool, String, Vec<String>);

fn ours() -> BTreeSet<Row> {
    let mut rows = BTreeSet::new();
    for kind in ALL {
        let verbs: Vec<&str> = kind.verbs.iter().map(|verb| verb.name()).filter(|verb| *verb != "watch").collect();
        rows.insert(row(kind, &kind.plural, &format!("{}/{}", kind.api_version(), kind.kind), &verbs));
        for below in kind.subresources {
            let served = below.kind.map_or_else(
                || format!("{}/{}", kind.api_version(), kind.kind),
                |(group, version, name)| if group.is_empty() { format!("{version}/{name}") } else { format!("{group}/{version}/{name}") },
            );
            let connects = ["attach", "exec", "portforward", "proxy"].contains(&below.name);
            let verbs: Vec<&str> = if connects { vec!["connect"] } else { below.verbs.iter().map(|verb| verb.name()).collect() };
            rows.insert(row(kind, &format!("{}/{}", kind.plural, below.name), &served, &verbs));
        }
    }
    rows
}

fn row(kind: &Kind, resource: &str, served: &str, verbs: &[&str]) -> Row {
    (kind.api_version(), resource.to_owned(), kind.namespaced, served.to_owned(), verbs.iter().map(|verb| (*verb).to_owned()).collect())
}

fn theirs() -> BTreeSet<Row> {
    let text = include_str!("testdata/api-surface.tsv");
    text.lines()
        .skip(1)
        .map(|line| {
            let fields: Vec<&str> = line.split('\t').collect();
            (
                fields[0].to_owned(),
                fields[1].to_owned(),
                fields[2] == "true",
                fields[3].to_owned(),
                fields[4].split(',').map(str::to_owned).collect(),
            )
        })
        .collect()
}

#[test]
fn stable_resources_are_upstreams() {
    let stable = |row: &Row| !row.0.contains("alpha") && !row.0.contains("beta");
    let (ours, theirs) = (ours(), theirs());
    let missing: Vec<_> = theirs.iter().filter(|row| stable(row)).filter(|row| !ours.contains(row)).collect();
    assert!(missing.is_empty(), "missing: {missing:#?}");
    // stable since the table was taken
    let newer = [
        "clustertrustbundles",
        "devicetaintrules",
        "mutatingadmissionpolicies",
        "mutatingadmissionpolicybindings",
        "podcertificaterequests",
        "storageversionmigrations",
    ];
    let extra: Vec<_> = ours.iter().filter(|row| !theirs.contains(row) && !newer.contains(&row.1.split('/').next().unwrap())).collect();
    assert!(extra.is_empty(), "unknown upstream: {extra:#?}");
}

#[test]
fn order_is_that_of_discovery() {
    let mut last: BTreeMap<(&str, &str), &str> = BTreeMap::new();
    for kind in ALL {
        if let Some(before) = last.insert((&kind.group, &kind.version), &kind.plural) {
            assert!(before < &*kind.plural, "{kind:?} stands after {before}");
        }
        for pair in kind.subresources.windows(2) {
            assert!(pair[0].name < pair[1].name, "{kind:?}: {} before {}", pair[0].name, pair[1].name);
        }
    }
    let groups: Vec<&str> = crate::group_versions().iter().map(|(group, _)| *group).collect();
    let expected = [
        "",
        "apiregistration.k8s.io",
        "apps",
        "events.k8s.io",
        "authentication.k8s.io",
        "authorization.k8s.io",
        "autoscaling",
        "autoscaling",
        "batch",
        "certificates.k8s.io",
        "networking.k8s.io",
        "policy",
        "rbac.authorization.k8s.io",
        "storage.k8s.io",
        "admissionregistration.k8s.io",
        "apiextensions.k8s.io",
        "scheduling.k8s.io",
        "coordination.k8s.io",
        "node.k8s.io",
        "discovery.k8s.io",
        "flowcontrol.apiserver.k8s.io",
        "resource.k8s.io",
        "storagemigration.k8s.io",
    ];
    assert_eq!(groups, expected);
}

#[test]
fn rows_agree_with_themselves() {
    for kind in ALL {
        assert_eq!(kind.singular, kind.kind.to_lowercase());
        assert_eq!(kind.storage == Storage::Stored, kind.verbs.contains(&Verb::Watch), "{kind:?}");
        assert!(kind.conversion.as_ref().is_none_or(|conversion| conversion.stored_as.conversion.is_none()), "{kind:?}");
    }
}

/// Every kind takes an object with nothing in it: defaults are defaults of themselves, and no rule stumbles over what is absent.
#[test]
fn nothing_is_taken_for_granted() {
    for kind in ALL.iter().chain(crate::BODIES) {
        let value = serde_json::json!({"apiVersion": kind.api_version(), "kind": kind.kind, "metadata": {"name": "a"}});
        let mut object = kind.behaviour.decode(value, &mut Vec::new()).unwrap();
        kind.behaviour.default(object.as_mut());
        let once = object.to_value();
        kind.behaviour.default(object.as_mut());
        assert_eq!(object.to_value(), once, "{kind:?}: defaults change a defaulted object");
        kind.behaviour.prepare_create(object.as_mut());
        kind.behaviour.validate(object.as_ref());
        let old = object.boxed_clone();
        for part in [crate::Part::Main, crate::Part::Status] {
            kind.behaviour.prepare_update(part, object.as_mut(), old.as_ref());
            kind.behaviour.validate_update(part, object.as_ref(), old.as_ref());
        }
        assert!(
            !kind.behaviour.generation_changes(object.as_ref(), old.as_ref()) || !kind.behaviour.has_generation(),
            "{kind:?}: nothing has changed"
        );
        kind.behaviour.warnings(object.as_ref(), None);
        let names: Vec<&str> = kind.behaviour.fields(object.as_ref()).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, *kind.behaviour.field_names(), "{kind:?}");
        let cells = kind.behaviour.cells(object.as_ref(), jiff::Timestamp::UNIX_EPOCH);
        assert_eq!(cells.len(), kind.behaviour.columns().len(), "{kind:?}");
        let again = kind.behaviour.decode_stored(&object.to_json(), crate::Owners::Kept).unwrap();
        assert_eq!(again.to_value(), object.to_value(), "{kind:?}: what is stored reads back");
    }
}

#[test]
fn quantities_are_refused_as_upstream_words_it() {
    let value =
        serde_json::json!({"metadata": {"name": "a"}, "spec": {"containers": [{"name": "c", "resources": {"limits": {"cpu": "lots"}}}]}});
    let error = crate::POD.behaviour.decode(value, &mut Vec::new()).unwrap_err().to_string();
    assert_eq!(error, "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
}

#[test]
fn metadata_is_checked_by_the_kinds_own_rule() {
    let meta = |name: &str, namespace: Option<&str>| k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta {
        name: Some(name.to_owned()),
        namespace: namespace.map(str::to_owned),
        ..Default::default()
    };
    let texts = |kind: &Kind, meta| kind.metadata_errors(&meta).iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(texts(&crate::POD, meta("a.b", Some("n"))), [""; 0]);
    assert_eq!(texts(&crate::NAMESPACE, meta("a.b", None)), ["metadata.name: Invalid value: \"a.b\": must not contain dots"]);
    assert_eq!(texts(&crate::ROLE, meta("a:b", Some("n"))), [""; 0]);
}

#[test]
fn fields_that_no_kind_has_are_told() {
    for kind in ALL {
        let mut unknown = Vec::new();
        // some types want more than nothing; what is unknown is told before that
        let _ = kind.behaviour.decode(serde_json::json!({"unheardOf": 1, "metadata": {"odd": {}}}), &mut unknown);
        assert_eq!(unknown, ["metadata.odd", "unheardOf"], "{} {}", kind.api_version(), kind.kind);
    }
}
