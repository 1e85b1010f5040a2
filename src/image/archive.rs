//! Images in archives: what `docker save` and `skopeo copy ... docker-archive:` write (`manifest.json`), and OCI layouts (`index.json`); plain or gzipped.

use std::collections::HashMap;
use std::io::Read;

use cri::content::digest_of;
use flate2::read::GzDecoder;
use serde_json::Value;

use crate::manifest::{Built, OCI_LAYER, OCI_LAYER_GZIP, Part};
use crate::name::{NameError, normalized};

/// Why an archive is no image.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    #[error("not a tar archive: {0}")]
    Tar(std::io::Error),
    #[error("neither manifest.json nor index.json is in the archive: it holds no image")]
    NoImage,
    #[error("{0} is missing in the archive")]
    Missing(String),
    #[error("{file} cannot be understood: {why}")]
    Malformed { file: String, why: String },
    #[error("{file} is damaged: its digest is {actual}")]
    Damaged { file: String, actual: String },
    #[error("an image in the archive has no name: give it one with --tag")]
    Nameless,
    #[error(transparent)]
    Name(#[from] NameError),
}

type Files = HashMap<String, Vec<u8>>;

/// The images of an archive. `tag` names images in place of what the archive says.
pub fn read(bytes: &[u8], tag: Option<&str>) -> Result<Vec<Built>, ArchiveError> {
    let files = if bytes.starts_with(&[0x1f, 0x8b]) { unpack(GzDecoder::new(bytes))? } else { unpack(bytes)? };
    let mut images = if let Some(manifest) = files.get("manifest.json") {
        docker(&files, &json("manifest.json", manifest)?)?
    } else if let Some(index) = files.get("index.json") {
        oci(&files, &json("index.json", index)?)?
    } else {
        return Err(ArchiveError::NoImage);
    };
    for image in &mut images {
        if let Some(tag) = tag {
            image.names = vec![normalized(tag)?];
        }
        if image.names.is_empty() {
            return Err(ArchiveError::Nameless);
        }
    }
    Ok(images)
}

fn unpack(reader: impl Read) -> Result<Files, ArchiveError> {
    let mut files = Files::new();
    for entry in tar::Archive::new(reader).entries().map_err(ArchiveError::Tar)? {
        let mut entry = entry.map_err(ArchiveError::Tar)?;
        let path = entry.path().map_err(ArchiveError::Tar)?.to_string_lossy().trim_start_matches("./").to_owned();
        if entry.header().entry_type().is_file() {
            let mut data = Vec::new();
            entry.read_to_end(&mut data).map_err(ArchiveError::Tar)?;
            files.insert(path, data);
        } else if let Some(target) = entry.link_name().map_err(ArchiveError::Tar)? {
            // docker save writes equal layers once and links to them.
            let target = target.to_string_lossy().trim_start_matches("../").to_owned();
            if let Some(data) = files.get(&target).cloned() {
                files.insert(path, data);
            }
        }
    }
    Ok(files)
}

fn json(file: &str, bytes: &[u8]) -> Result<Value, ArchiveError> {
    serde_json::from_slice(bytes).map_err(|error| ArchiveError::Malformed { file: file.to_owned(), why: error.to_string() })
}

fn file<'a>(files: &'a Files, name: &str) -> Result<&'a Vec<u8>, ArchiveError> {
    files.get(name).ok_or_else(|| ArchiveError::Missing(name.to_owned()))
}

fn layer(data: &[u8]) -> Part {
    let media_type = if data.starts_with(&[0x1f, 0x8b]) { OCI_LAYER_GZIP } else { OCI_LAYER };
    Part { media_type, data: data.to_vec() }
}

fn docker(files: &Files, manifest: &Value) -> Result<Vec<Built>, ArchiveError> {
    let malformed = |why: &str| ArchiveError::Malformed { file: "manifest.json".to_owned(), why: why.to_owned() };
    let entries = manifest.as_array().ok_or_else(|| malformed("it is no list"))?;
    let strings =
        |value: &Value| value.as_array().into_iter().flatten().filter_map(|item| item.as_str().map(ToOwned::to_owned)).collect::<Vec<_>>();
    entries
        .iter()
        .map(|entry| {
            let config_name = entry["Config"].as_str().ok_or_else(|| malformed("Config is missing"))?;
            let layers =
                strings(&entry["Layers"]).iter().map(|name| file(files, name).map(|data| layer(data))).collect::<Result<_, _>>()?;
            let names = strings(&entry["RepoTags"]).iter().map(|name| normalized(name)).collect::<Result<_, _>>()?;
            Ok(Built { names, layers, config: json(config_name, file(files, config_name)?)? })
        })
        .collect()
}

fn oci(files: &Files, index: &Value) -> Result<Vec<Built>, ArchiveError> {
    let mut images = Vec::new();
    for descriptor in index["manifests"].as_array().into_iter().flatten() {
        let manifest = json("a manifest", blob(files, descriptor)?)?;
        // An index inside an index has one manifest a platform: ours is taken.
        if manifest["manifests"].is_array() {
            let nested = serde_json::json!({"manifests": manifest["manifests"].as_array().into_iter().flatten().filter(|inner| is_ours(inner)).collect::<Vec<_>>()});
            let mut inner = oci(files, &nested)?;
            for image in &mut inner {
                image.names = names(descriptor)?;
            }
            images.extend(inner);
            continue;
        }
        let layers = manifest["layers"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|descriptor| blob(files, descriptor).map(|data| layer(data)))
            .collect::<Result<_, _>>()?;
        images.push(Built { names: names(descriptor)?, layers, config: json("a configuration", blob(files, &manifest["config"])?)? });
    }
    Ok(images)
}

fn is_ours(descriptor: &Value) -> bool {
    descriptor["platform"]["architecture"].as_str().is_none_or(|architecture| architecture == crate::build::architecture())
}

fn names(descriptor: &Value) -> Result<Vec<String>, ArchiveError> {
    let annotations = &descriptor["annotations"];
    let name = annotations["io.containerd.image.name"].as_str().or_else(|| annotations["org.opencontainers.image.ref.name"].as_str());
    // A bare tag is no name.
    Ok(name.filter(|name| name.contains(['/', ':'])).map(normalized).transpose()?.into_iter().collect())
}

fn blob<'a>(files: &'a Files, descriptor: &Value) -> Result<&'a Vec<u8>, ArchiveError> {
    let digest = descriptor["digest"].as_str().unwrap_or_default();
    let name = format!("blobs/{}", digest.replace(':', "/"));
    let data = file(files, &name)?;
    let actual = digest_of(data);
    if actual == digest { Ok(data) } else { Err(ArchiveError::Damaged { file: name, actual }) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut builder = tar::Builder::new(Vec::new());
        for (name, data) in files {
            let mut header = tar::Header::new_gnu();
            header.set_size(data.len() as u64);
            header.set_mode(0o644);
            builder.append_data(&mut header, name, *data).unwrap();
        }
        builder.into_inner().unwrap()
    }

    #[test]
    fn docker_archives() {
        let manifest = json!([{"Config": "c.json", "RepoTags": ["busybox:1.28"], "Layers": ["l/layer.tar"]}]).to_string();
        let bytes = tar(&[("manifest.json", manifest.as_bytes()), ("c.json", b"{\"a\":1}"), ("l/layer.tar", b"x")]);
        let images = read(&bytes, None).unwrap();
        assert_eq!(images[0].names, ["docker.io/library/busybox:1.28"]);
        assert_eq!((images[0].layers[0].data.as_slice(), &images[0].config), (b"x".as_slice(), &json!({"a": 1})));
        assert_eq!(read(&bytes, Some("me/x")).unwrap()[0].names, ["docker.io/me/x:latest"]);
        assert!(
            matches!(read(&tar(&[("manifest.json", manifest.as_bytes())]), None), Err(ArchiveError::Missing(name)) if name == "l/layer.tar")
        );
    }

    #[test]
    fn oci_layouts() {
        let config = b"{}".to_vec();
        let manifest = json!({"config": {"digest": digest_of(&config)}, "layers": [{"digest": digest_of(b"x")}]}).to_string();
        let index = json!({"manifests": [{"digest": digest_of(manifest.as_bytes()), "annotations": {"io.containerd.image.name": "docker.io/library/a:1"}}]});
        let path = |data: &[u8]| format!("blobs/{}", digest_of(data).replace(':', "/"));
        let (index, manifest_path, config_path) = (index.to_string(), path(manifest.as_bytes()), path(&config));
        let layer_path = path(b"x");
        let good =
            tar(&[("index.json", index.as_bytes()), (&manifest_path, manifest.as_bytes()), (&config_path, &config), (&layer_path, b"x")]);
        assert_eq!(read(&good, None).unwrap()[0].names, ["docker.io/library/a:1"]);
        let bad =
            tar(&[("index.json", index.as_bytes()), (&manifest_path, manifest.as_bytes()), (&config_path, &config), (&layer_path, b"y")]);
        assert!(matches!(read(&bad, None), Err(ArchiveError::Damaged { .. })));
    }

    #[test]
    fn what_is_no_archive_is_told() {
        assert!(matches!(read(b"nonsense", None), Err(ArchiveError::Tar(_) | ArchiveError::NoImage)));
        assert!(matches!(read(&tar(&[("a", b"b")]), None), Err(ArchiveError::NoImage)));
    }
}
