//! What decoding adds to serde: Kubernetes' field paths, and quantities in canonical form.

use k8s_openapi::apimachinery::pkg::api::resource::Quantity;

/// `spec.containers[0].foo`: a path of `serde_ignored` as upstream's strict decoding writes it.
pub(crate) fn field_path(path: &serde_ignored::Path<'_>) -> String {
    use serde_ignored::Path;
    match path {
        Path::Root => String::new(),
        Path::Seq { parent, index } => format!("{}[{index}]", field_path(parent)),
        Path::Map { parent, key } => {
            let parent = field_path(parent);
            if parent.is_empty() { key.clone() } else { format!("{parent}.{key}") }
        }
        Path::Some { parent } | Path::NewtypeStruct { parent } | Path::NewtypeVariant { parent } => field_path(parent),
    }
}

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
