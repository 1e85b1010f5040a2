//! An image in parts: layers, configuration, and the manifest that ties them.

use std::collections::HashMap;

use cri::content::{Blob, digest_of};
use serde_json::{Value, json};

/// One blob of an image with its media type.
#[derive(Clone, Debug)]
pub struct Part {
    pub media_type: &'static str,
    pub data: Vec<u8>,
}

pub(crate) const OCI_MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
pub(crate) const OCI_CONFIG: &str = "application/vnd.oci.image.config.v1+json";
pub(crate) const OCI_LAYER: &str = "application/vnd.oci.image.layer.v1.tar";
pub(crate) const OCI_LAYER_GZIP: &str = "application/vnd.oci.image.layer.v1.tar+gzip";

/// An image that is ready to be put somewhere.
#[derive(Clone, Debug)]
pub struct Built {
    /// Whole names.
    pub names: Vec<String>,
    /// The lowest first.
    pub layers: Vec<Part>,
    /// The image configuration.
    pub config: Value,
}

impl Built {
    /// Layers, configuration and, last, the manifest, each with the labels that keep what it points at.
    pub fn blobs(&self) -> Vec<Blob> {
        let config = self.config.to_string().into_bytes();
        let descriptor = |media_type: &str, data: &[u8]| json!({"mediaType": media_type, "digest": digest_of(data), "size": data.len()});
        let layers: Vec<Value> = self.layers.iter().map(|layer| descriptor(layer.media_type, &layer.data)).collect();
        let manifest = json!({
            "schemaVersion": 2,
            "mediaType": OCI_MANIFEST,
            "config": descriptor(OCI_CONFIG, &config),
            "layers": layers,
        });
        let mut labels = HashMap::from([("containerd.io/gc.ref.content.config".to_owned(), digest_of(&config))]);
        for (index, layer) in self.layers.iter().enumerate() {
            labels.insert(format!("containerd.io/gc.ref.content.l.{index}"), digest_of(&layer.data));
        }
        let mut blobs: Vec<Blob> = self
            .layers
            .iter()
            .map(|layer| Blob { data: layer.data.clone(), media_type: layer.media_type, labels: HashMap::new() })
            .collect();
        blobs.push(Blob { data: config, media_type: OCI_CONFIG, labels: HashMap::new() });
        blobs.push(Blob { data: manifest.to_string().into_bytes(), media_type: OCI_MANIFEST, labels });
        blobs
    }
}
