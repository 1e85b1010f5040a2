//! LimitRanges.

use std::collections::{BTreeMap, BTreeSet};

use api::{ErrorList, FieldError, Path};
use k8s_openapi::api::core::v1::{LimitRange, LimitRangeItem};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;

use crate::rules::{amount, overcommits, qualified_name};

type List = Option<BTreeMap<String, Quantity>>;

pub(crate) struct LimitRangeBehaviour;

impl crate::Behaviour<LimitRange> for LimitRangeBehaviour {
    fn quantities(&self, range: &mut LimitRange, visit: &mut dyn FnMut(&mut Quantity)) {
        let items = range.spec.iter_mut().flat_map(|spec| &mut spec.limits);
        let lists = items.flat_map(|item| {
            [&mut item.default, &mut item.default_request, &mut item.max, &mut item.max_limit_request_ratio, &mut item.min]
        });
        lists.flatten().flat_map(|list| list.values_mut()).for_each(visit);
    }

    fn default(&self, range: &mut LimitRange) {
        for item in range.spec.get_or_insert_default().limits.iter_mut().filter(|item| item.type_ == "Container") {
            let (max, min) = (item.max.clone(), item.min.clone());
            fill_from(&mut item.default, &max);
            let limits = item.default.clone();
            fill_from(&mut item.default_request, &limits);
            fill_from(&mut item.default_request, &min);
        }
    }

    fn validate(&self, range: &LimitRange) -> ErrorList {
        let path = Path::new("spec").child("limits");
        let mut errors = ErrorList::new();
        let mut seen = BTreeSet::new();
        for (index, item) in range.spec.iter().flat_map(|spec| &spec.limits).enumerate() {
            let path = path.index(index);
            if item.type_.is_empty() {
                errors.push(FieldError::required(&path.child("type"), ""));
            } else if !matches!(item.type_.as_str(), "Pod" | "Container" | "PersistentVolumeClaim") && !item.type_.contains('/') {
                let detail = "must be a standard limit type or fully qualified";
                errors.push(FieldError::invalid(&path.child("type"), item.type_.as_str(), detail));
            }
            if !seen.insert(&item.type_) {
                errors.push(FieldError::duplicate(&path.child("type"), item.type_.as_str()));
            }
            errors.extend(self::item(item, &path));
        }
        errors
    }

    crate::parts::validate_changes_alike!(LimitRange);
}

fn fill_from(list: &mut List, source: &List) {
    let Some(source) = source.as_ref().filter(|source| !source.is_empty()) else { return };
    let list = list.get_or_insert_default();
    for (name, quantity) in source {
        list.entry(name.clone()).or_insert_with(|| quantity.clone());
    }
}

fn item(item: &LimitRangeItem, path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    let get =
        |list: &List, name: &str| list.as_ref().and_then(|list| list.get(name)).map(|quantity| (amount(quantity), quantity.0.clone()));
    let lists = [
        ("min", &item.min),
        ("max", &item.max),
        ("default", &item.default),
        ("defaultRequest", &item.default_request),
        ("maxLimitRequestRatio", &item.max_limit_request_ratio),
    ];
    let names: BTreeSet<&String> = lists.iter().flat_map(|(_, list)| list.iter().flatten().map(|(name, _)| name)).collect();
    for (field, list) in &lists {
        for (name, _) in list.iter().flat_map(|list| list.iter()) {
            errors.extend(qualified_name(name, &path.child(field).key(name)));
        }
    }
    if item.type_ == "Pod" {
        for (field, list) in [("default", &item.default), ("defaultRequest", &item.default_request)] {
            if list.as_ref().is_some_and(|list| !list.is_empty()) {
                errors.push(FieldError::forbidden(&path.child(field), "may not be specified when `type` is 'Pod'"));
            }
        }
    }
    if item.type_ == "PersistentVolumeClaim" && get(&item.min, "storage").is_none() && get(&item.max, "storage").is_none() {
        errors.push(FieldError::required(path, "either minimum or maximum storage value is required, but neither was provided"));
    }
    // each pair: the first may not be more than the second, in upstream's order
    let pairs = [
        ("min", "min", &item.min, "max", &item.max),
        ("defaultRequest", "min", &item.min, "default request", &item.default_request),
        ("defaultRequest", "default request", &item.default_request, "max", &item.max),
        ("defaultRequest", "default request", &item.default_request, "default", &item.default),
        ("default", "min", &item.min, "default", &item.default),
        ("default", "default", &item.default, "max", &item.max),
    ];
    for name in names {
        for (field, low_name, low, high_name, high) in pairs {
            let (Some((low, low_text)), Some((high, high_text))) = (get(low, name), get(high, name)) else { continue };
            if low > high {
                let detail = match (low_name, high_name) {
                    ("default request", "default") => {
                        format!("default request value {low_text} is greater than default limit value {high_text}")
                    }
                    _ => format!("{low_name} value {low_text} is greater than {high_name} value {high_text}"),
                };
                let value =
                    if low_name == field || (field, low_name) == ("defaultRequest", "default request") { low_text } else { high_text };
                errors.push(FieldError::invalid(&path.child(field).key(name), value, detail));
            }
        }
        if let Some((ratio, text)) = get(&item.max_limit_request_ratio, name)
            && ratio < api::Quantity::new(1, api::quantity::Format::DecimalSi)
        {
            errors.push(FieldError::invalid(
                &path.child("maxLimitRequestRatio").key(name),
                text.clone(),
                format!("ratio {text} is less than 1"),
            ));
        }
        if !overcommits(name)
            && let (Some((limit, limit_text)), Some((request, request_text))) = (get(&item.default, name), get(&item.default_request, name))
            && limit != request
        {
            let detail = format!("default value {limit_text} must equal to defaultRequest value {request_text} in {name}");
            errors.push(FieldError::invalid(&path.child("defaultRequest").key(name), request_text, detail));
        }
    }
    errors
}
