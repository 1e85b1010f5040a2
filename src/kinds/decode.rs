//! What decoding and encoding add to serde: quantities in canonical form, and the nulls of upstream's encoder.

use k8s_openapi::apimachinery::pkg::api::resource::Quantity;

/// Brings quantities into the form in which upstream stores them, and keeps the first that is none.
#[derive(Default)]
pub(crate) struct CanonicalQuantities {
    fault: Option<api::quantity::QuantityError>,
}

impl CanonicalQuantities {
    pub(crate) fn visit(&mut self, quantity: &mut Quantity) {
        match api::quantity::canonical(&quantity.0) {
            Ok(text) => quantity.0 = text,
            Err(fault) => {
                self.fault.get_or_insert(fault);
            }
        }
    }
    pub(crate) fn finish(self) -> Result<(), serde_json::Error> {
        self.fault.map_or(Ok(()), |fault| Err(serde::de::Error::custom(fault)))
    }
}

/// Writes `null` at the end of a path where nothing is and all before it exists; `name[]` stands for every item of a list.
pub(crate) fn write_null(value: &mut serde_json::Value, path: &str) {
    let Some(object) = value.as_object_mut() else { return };
    let Some((first, rest)) = path.split_once('.') else {
        object.entry(path).or_insert(serde_json::Value::Null);
        return;
    };
    match first.strip_suffix("[]") {
        Some(list) => {
            let items = object.get_mut(list).and_then(serde_json::Value::as_array_mut);
            items.into_iter().flatten().for_each(|item| write_null(item, rest));
        }
        None => {
            if let Some(inner) = object.get_mut(first) {
                write_null(inner, rest);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    #[test]
    fn nulls() {
        let mut value = json!({"status": {"conditions": [{"type": "A"}, {"type": "B", "time": 1}]}});
        super::write_null(&mut value, "status.conditions[].time");
        super::write_null(&mut value, "status.missing.time");
        super::write_null(&mut value, "spec.list[].x");
        super::write_null(&mut value, "eventTime");
        assert_eq!(value, json!({"status": {"conditions": [{"type": "A", "time": null}, {"type": "B", "time": 1}]}, "eventTime": null}));
    }
}
