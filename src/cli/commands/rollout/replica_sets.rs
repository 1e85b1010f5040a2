//! The replica sets of a deployment: its history.

use serde_json::Value;

use crate::error::{CommandError, Result};
use crate::resources::{Info, text};
use crate::session::{Call, Session};

const REVISION: &str = "deployment.kubernetes.io/revision";

/// One version that a deployment had.
pub struct Version {
    pub revision: i64,
    pub replica_set: Value,
}

/// All versions that are kept, the oldest first.
pub async fn versions(session: &mut Session<'_>, deployment: &Info) -> Result<Vec<Version>> {
    let selector = serde_json::from_value(deployment.object["spec"]["selector"].clone())
        .ok()
        .and_then(|selector| api::labels::Selector::from_label_selector(Some(&selector)).ok())
        .ok_or_else(|| CommandError::message(format!("deployment {:?} has no selector that can be used", deployment.name)))?
        .to_string();
    let call = Call::get(format!("/apis/apps/v1/namespaces/{}/replicasets", deployment.namespace)).query("labelSelector", selector);
    let mut list = session.call_json(&call).await?;
    let items = list.get_mut("items").and_then(Value::as_array_mut).map(std::mem::take).unwrap_or_default();
    let uid = text(&deployment.object, "/metadata/uid");
    let mut versions: Vec<Version> = items
        .into_iter()
        .filter(|replica_set| controller_uid(replica_set) == Some(uid))
        .filter_map(|mut replica_set| {
            let revision = replica_set.pointer("/metadata/annotations")?.get(REVISION)?.as_str()?.parse().ok()?;
            replica_set["apiVersion"] = "apps/v1".into();
            replica_set["kind"] = "ReplicaSet".into();
            Some(Version { revision, replica_set })
        })
        .collect();
    versions.sort_by_key(|version| version.revision);
    Ok(versions)
}

fn controller_uid(object: &Value) -> Option<&str> {
    let owners = object.pointer("/metadata/ownerReferences")?.as_array()?;
    owners.iter().find(|owner| owner["controller"].as_bool() == Some(true))?["uid"].as_str()
}
