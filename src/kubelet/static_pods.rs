//! Static pods: manifests in a folder, run without the API server and shown there by mirror pods. The folder is watched by inotify.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use k8s_openapi::api::core::v1::Pod;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::OwnerReference;
use kube::Api;
use kube::api::{DeleteParams, PostParams};
use sha2::{Digest, Sha256};

use crate::folder_watch::FolderWatch;
use crate::kubelet::Shared;
use crate::pod;

/// Waits for the API server before a mirror is tried again.
const MIRROR_RETRY: Duration = Duration::from_secs(5);

/// Runs for ever; at once idle where no folder is set.
pub async fn keep(shared: &Arc<Shared>) {
    let Some(folder) = shared.config.manifests_dir.clone() else { return std::future::pending().await };
    if let Err(error) = fs::create_dir_all(&folder) {
        tracing::error!(%error, folder = %folder.display(), "the folder of static pods");
    }
    let watch = match FolderWatch::new(&folder) {
        Ok(watch) => watch,
        Err(error) => {
            tracing::error!(%error, folder = %folder.display(), "watching the folder of static pods");
            return std::future::pending().await;
        }
    };
    let mut known: BTreeMap<String, Arc<Pod>> = BTreeMap::new();
    loop {
        let wanted = read_folder(&folder, &shared.config.node_name);
        let gone: Vec<String> = known.keys().filter(|uid| !wanted.contains_key(*uid)).cloned().collect();
        for uid in gone {
            if let Some(old) = known.remove(&uid) {
                shared.withdraw(&uid);
                remove_mirror(shared, &old).await;
            }
        }
        for (uid, pod) in wanted {
            if known.insert(uid, pod.clone()).is_none() {
                shared.apply(pod);
            }
        }
        let missing = mirror_all(shared, known.values()).await;
        let retry = async {
            if missing {
                tokio::time::sleep(MIRROR_RETRY).await;
            } else {
                std::future::pending::<()>().await;
            }
        };
        tokio::select! {
            () = watch.changed() => tokio::time::sleep(Duration::from_millis(100)).await, // an editor writes in several steps
            () = retry => {}
        }
    }
}

/// The pods of all manifests, by uid. What is no manifest is told and passed over.
fn read_folder(folder: &Path, node: &str) -> BTreeMap<String, Arc<Pod>> {
    let mut pods = BTreeMap::new();
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    for path in entries.map(|entry| entry.path()).filter(|path| is_manifest(path)) {
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) => {
                tracing::warn!(%error, file = %path.display(), "reading a static pod");
                continue;
            }
        };
        match read(&text, &path, node) {
            Ok(pod) => {
                pods.insert(pod::uid(&pod).to_owned(), Arc::new(pod));
            }
            Err(error) => tracing::warn!(error, file = %path.display(), "reading a static pod"),
        }
    }
    pods
}

fn is_manifest(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    !name.starts_with('.') && [".yaml", ".yml", ".json"].iter().any(|end| name.ends_with(end))
}

/// A manifest as the pod of this node: its name ends with the node's, its uid is a hash of its contents.
fn read(text: &str, path: &Path, node: &str) -> Result<Pod, String> {
    let tree: serde_json::Value = serde_yaml::from_str(text).map_err(|error| error.to_string())?;
    let mut found: Pod = serde_json::from_value(tree).map_err(|error| error.to_string())?;
    let meta = &mut found.metadata;
    let name = meta.name.clone().filter(|name| !name.is_empty()).ok_or("the pod has no name")?;
    let hash = hex::encode(&Sha256::digest(format!("{node}\0{}\0{text}", path.display()))[..16]);
    meta.name = Some(format!("{name}-{}", node.to_lowercase()));
    meta.namespace.get_or_insert_with(|| "default".to_owned());
    meta.uid = Some(meta.uid.clone().filter(|uid| !uid.is_empty()).unwrap_or_else(|| hash.clone()));
    let annotations = meta.annotations.get_or_insert_default();
    annotations.insert(pod::HASH.to_owned(), hash);
    annotations.insert(pod::SOURCE.to_owned(), "file".to_owned());
    annotations.insert(pod::SEEN.to_owned(), jiff::Timestamp::now().to_string());
    let spec = found.spec.as_mut().ok_or("the pod has no spec")?;
    if spec.containers.is_empty() {
        return Err("the pod has no containers".to_owned());
    }
    spec.node_name = Some(node.to_owned());
    // A node that is not well still runs its own pods.
    spec.tolerations.get_or_insert_default().push(k8s_openapi::api::core::v1::Toleration {
        operator: Some("Exists".to_owned()),
        effect: Some("NoExecute".to_owned()),
        ..Default::default()
    });
    Ok(found)
}

/// Makes the mirrors that are missing; true where one could not be made.
async fn mirror_all(shared: &Shared, pods: impl Iterator<Item = &Arc<Pod>>) -> bool {
    let mut missing = false;
    for pod in pods {
        let (namespace, name) = (pod::namespace(pod), pod::name(pod));
        let hash = pod::annotation(pod, pod::HASH).unwrap_or_default();
        match shared.pods.get(namespace, name) {
            Some(mirror) if pod::annotation(&mirror, pod::MIRROR) == Some(hash) && mirror.metadata.deletion_timestamp.is_none() => continue,
            Some(_) => remove_mirror(shared, pod).await,
            None => {}
        }
        if let Err(error) = make_mirror(shared, pod, hash).await {
            tracing::debug!(%error, pod = name, "making the mirror of a static pod");
            missing = true;
        }
    }
    missing
}

async fn make_mirror(shared: &Shared, pod: &Pod, hash: &str) -> kube::Result<()> {
    let node: k8s_openapi::api::core::v1::Node = Api::all(shared.client.clone()).get(&shared.config.node_name).await?;
    let mut mirror = pod.clone();
    mirror.metadata.uid = None;
    mirror.metadata.annotations.get_or_insert_default().insert(pod::MIRROR.to_owned(), hash.to_owned());
    mirror.metadata.owner_references = Some(vec![OwnerReference {
        api_version: "v1".to_owned(),
        kind: "Node".to_owned(),
        name: shared.config.node_name.clone(),
        uid: node.metadata.uid.unwrap_or_default(),
        controller: Some(true),
        block_owner_deletion: None,
    }]);
    Api::<Pod>::namespaced(shared.client.clone(), pod::namespace(pod)).create(&PostParams::default(), &mirror).await.map(drop)
}

async fn remove_mirror(shared: &Shared, pod: &Pod) {
    let api: Api<Pod> = Api::namespaced(shared.client.clone(), pod::namespace(pod));
    let now = DeleteParams { grace_period_seconds: Some(0), ..DeleteParams::default() };
    if let Err(error) = api.delete(pod::name(pod), &now).await {
        tracing::debug!(%error, pod = pod::name(pod), "removing the mirror of a static pod");
    }
}

/// A mirror that somebody deletes goes at once: the pod itself is not theirs to end. It is mirrored again.
pub fn mirror_changed(shared: &Arc<Shared>, mirror: &Arc<Pod>) {
    if mirror.metadata.deletion_timestamp.is_some() {
        let (shared, mirror) = (shared.clone(), mirror.clone());
        tokio::spawn(async move {
            remove_mirror(&shared, &mirror).await;
            if let Some(original) = shared.find_pod(pod::namespace(&mirror), pod::name(&mirror)).filter(|found| pod::is_static(found)) {
                mirror_all(&shared, std::iter::once(&original)).await;
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_becomes_a_pod_of_the_node() {
        let text = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: a, image: b}]}\n";
        let found = read(text, Path::new("/x/web.yaml"), "Node1").unwrap();
        assert_eq!((pod::name(&found), pod::namespace(&found)), ("web-node1", "default"));
        assert!(pod::is_static(&found) && !pod::is_mirror(&found));
        assert_eq!(pod::uid(&read(text, Path::new("/x/web.yaml"), "Node1").unwrap()), pod::uid(&found));
        assert_ne!(pod::uid(&read(&text.replace("image: b", "image: c"), Path::new("/x/web.yaml"), "Node1").unwrap()), pod::uid(&found));
        assert!(read("kind: Pod\nmetadata: {}", Path::new("/x/y.yaml"), "n").is_err());
    }
}
