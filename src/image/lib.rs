//! Container images without a registry and without Docker: archives of other tools are read, images are built from simple Dockerfiles, and both go into the
//! cluster's containerd. Knows images and their parts; leaves out where the runtime is and what the terminal shows.
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod archive;
pub mod build;
pub mod dockerfile;
mod layer;
mod manifest;
pub mod name;

pub use manifest::{Built, Part};

use cri::Client;
use serde_json::Value;

/// Puts an image into the runtime under all of its names.
pub async fn add(client: &Client, image: &Built) -> cri::Result<()> {
    for name in &image.names {
        cri::content::add_image(client, name, &image.blobs()).await?;
    }
    Ok(())
}

/// An image of the runtime in parts, to build on. `None` where it is not there, or not with its contents for this machine.
pub async fn base(client: &Client, name: &str) -> cri::Result<Option<Built>> {
    let Some(mut digest) = cri::content::target(client, name).await? else { return Ok(None) };
    let json = async |digest: &str| {
        Ok::<_, cri::Error>(serde_json::from_slice::<Value>(&cri::content::read(client, digest).await?).unwrap_or_default())
    };
    let mut manifest = json(&digest).await?;
    if let Some(manifests) = manifest["manifests"].as_array() {
        let ours = manifests.iter().find(|entry| entry["platform"]["architecture"] == build::architecture());
        let Some(inner) = ours.and_then(|entry| entry["digest"].as_str()) else { return Ok(None) };
        inner.clone_into(&mut digest);
        manifest = json(&digest).await?;
    }
    let mut layers = Vec::new();
    for layer in manifest["layers"].as_array().into_iter().flatten() {
        let data = cri::content::read(client, layer["digest"].as_str().unwrap_or_default()).await?;
        let media_type = if data.starts_with(&[0x1f, 0x8b]) { manifest::OCI_LAYER_GZIP } else { manifest::OCI_LAYER };
        layers.push(Part { media_type, data });
    }
    let config = json(manifest["config"]["digest"].as_str().unwrap_or_default()).await?;
    Ok(Some(Built { names: vec![name.to_owned()], layers, config }))
}
