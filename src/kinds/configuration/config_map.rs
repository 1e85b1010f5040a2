//! ConfigMaps.

use api::{ErrorList, FieldError, Path, names};
use k8s_openapi::api::core::v1::ConfigMap;

use super::{IMMUTABLE_SET, MAX_BYTES};
use crate::Part;
use crate::rules::invalid;

pub(crate) struct ConfigMapBehaviour;

impl crate::Behaviour<ConfigMap> for ConfigMapBehaviour {
    fn validate(&self, map: &ConfigMap) -> ErrorList {
        let mut errors = ErrorList::new();
        let mut bytes = 0;
        for (key, value) in map.data.iter().flatten() {
            let path = Path::new("data").key(key);
            errors.extend(invalid(&path, key, names::config_map_key(key)));
            if map.binary_data.as_ref().is_some_and(|binary| binary.contains_key(key)) {
                errors.push(FieldError::invalid(&path, key.as_str(), "duplicate of key present in binaryData"));
            }
            bytes += value.len();
        }
        for (key, value) in map.binary_data.iter().flatten() {
            errors.extend(invalid(&Path::new("binaryData").key(key), key, names::config_map_key(key)));
            bytes += value.0.len();
        }
        if bytes > MAX_BYTES {
            errors.push(FieldError::too_long(&Path::new(""), MAX_BYTES));
        }
        errors
    }

    fn validate_update(&self, _part: Part, map: &ConfigMap, old: &ConfigMap) -> ErrorList {
        let mut errors = ErrorList::new();
        if old.immutable == Some(true) {
            let same = |new: bool, field: &str| (!new).then(|| FieldError::forbidden(&Path::new(field), IMMUTABLE_SET));
            errors.extend(same(map.immutable == Some(true), "immutable"));
            errors.extend(same(map.data.clone().unwrap_or_default() == old.data.clone().unwrap_or_default(), "data"));
            errors.extend(same(map.binary_data.clone().unwrap_or_default() == old.binary_data.clone().unwrap_or_default(), "binaryData"));
        }
        errors.extend(self.validate(map));
        errors
    }
}
