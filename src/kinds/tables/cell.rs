//! Texts of cells that many tables have.

use std::collections::BTreeMap;

use api::Typed;
use jiff::Timestamp;
use k8s_openapi::api::admissionregistration::v1::{ParamKind, ParamRef};
use k8s_openapi::api::core::v1::PodTemplateSpec;
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, MicroTime, Time};

/// The cells of one row.
macro_rules! row {
    ($($cell:expr),* $(,)?) => { vec![$(output::table::Cell::from($cell)),*] };
}
pub(super) use row;

pub fn name<T: Typed>(object: &T) -> String {
    object.metadata().name.clone().unwrap_or_default()
}

/// Time since creation.
pub fn age<T: Typed>(object: &T, now: Timestamp) -> String {
    since(object.metadata().creation_timestamp.as_ref(), now)
}

/// `5m`, or `<unknown>` without a time.
pub fn since(time: Option<&Time>, now: Timestamp) -> String {
    output::duration::since(time.map(|time| time.0), now)
}

/// As [`since`].
pub fn since_micro(time: Option<&MicroTime>, now: Timestamp) -> String {
    output::duration::since(time.map(|time| time.0), now)
}

/// The text, or `instead` where there is none or it is empty.
pub fn or<'a>(text: Option<&'a str>, instead: &'a str) -> &'a str {
    text.filter(|text| !text.is_empty()).unwrap_or(instead)
}

/// `a=b,c=d`, or `<none>`.
pub fn labels(labels: Option<&BTreeMap<String, String>>) -> String {
    let pairs: Vec<String> = labels.into_iter().flatten().map(|(key, value)| format!("{key}={value}")).collect();
    if pairs.is_empty() { "<none>".to_owned() } else { pairs.join(",") }
}

/// Names and images of the containers of a template.
pub fn containers(template: Option<&PodTemplateSpec>) -> (String, String) {
    let containers = template.and_then(|template| template.spec.as_ref()).map(|spec| spec.containers.as_slice()).unwrap_or_default();
    let names: Vec<&str> = containers.iter().map(|container| container.name.as_str()).collect();
    let images: Vec<&str> = containers.iter().map(|container| container.image.as_deref().unwrap_or_default()).collect();
    (names.join(","), images.join(","))
}

/// At most `most` of the items, and how many more there are; `<unset>` for none.
pub fn first_of(most: usize, items: &[String]) -> String {
    match items.len() {
        0 => "<unset>".to_owned(),
        count if count > most => format!("{} + {} more...", items[..most].join(","), count - most),
        _ => items.join(","),
    }
}

/// The quantity in its canonical form; `0` where there is none.
pub fn quantity(quantities: Option<&BTreeMap<String, Quantity>>, resource: &str) -> String {
    quantities.and_then(|quantities| quantities.get(resource)).map_or_else(|| "0".to_owned(), canonical)
}

/// One quantity in its canonical form.
pub fn canonical(quantity: &Quantity) -> String {
    api::quantity::canonical(&quantity.0).unwrap_or_else(|_| quantity.0.clone())
}

/// A selector as Go prints the value, which is what upstream shows for the parameters of admission policies.
pub fn go_selector(selector: &LabelSelector) -> String {
    let labels: String = selector.match_labels.iter().flatten().map(|(key, value)| format!("{key}: {value},")).collect();
    let expressions: String = selector
        .match_expressions
        .iter()
        .flatten()
        .map(|expression| {
            let values = expression.values.as_deref().unwrap_or_default().join(" ");
            format!("LabelSelectorRequirement{{Key:{},Operator:{},Values:[{values}],}},", expression.key, expression.operator)
        })
        .collect();
    format!("&LabelSelector{{MatchLabels:map[string]string{{{labels}}},MatchExpressions:[]LabelSelectorRequirement{{{expressions}}},}}")
}

/// How many there are, as a cell has numbers.
pub fn count(items: usize) -> i64 {
    i64::try_from(items).unwrap_or(i64::MAX)
}

/// The row of an object that is stored as another kind: that kind's.
pub fn stored_cells<T: Typed>(
    object: &T,
    stored_as: &crate::Kind,
    to_stored: fn(&mut serde_json::Value),
    now: Timestamp,
) -> Vec<output::table::Cell> {
    let mut value = api::Object::to_value(object);
    to_stored(&mut value);
    match stored_as.behaviour.decode(value, &mut Vec::new()) {
        Ok(stored) => stored_as.behaviour.cells(stored.as_ref(), now),
        // what this version says and the stored one can not: the columns stand empty beside the name
        Err(_) => stored_as
            .behaviour
            .columns()
            .iter()
            .map(|column| if column.name == "Name" { name(object) } else { String::new() }.into())
            .collect(),
    }
}

/// What parameterizes an admission policy: `v1/ConfigMap`.
pub fn param_kind(kind: Option<&ParamKind>) -> String {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    kind.map_or_else(|| "<unset>".to_owned(), |kind| format!("{}/{}", text(&kind.api_version), text(&kind.kind)))
}

/// The parameters that a binding gives a policy.
pub fn param_ref(reference: Option<&ParamRef>) -> String {
    let Some(reference) = reference else { return "<unset>".to_owned() };
    match (reference.name.as_deref().unwrap_or_default(), &reference.selector) {
        ("", Some(selector)) => go_selector(selector),
        ("", None) => "<unset>".to_owned(),
        // whether the parameters are namespaced can not be told from here
        (name, _) => format!("{}/{name}", or(reference.namespace.as_deref(), "*")),
    }
}
