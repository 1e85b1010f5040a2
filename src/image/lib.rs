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

/// Puts an image into the runtime under all of its names.
pub async fn add(client: &Client, image: &Built) -> cri::Result<()> {
    for name in &image.names {
        cri::content::add_image(client, name, &image.blobs()).await?;
    }
    Ok(())
}
