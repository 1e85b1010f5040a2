//! Types of objects: from what a user writes to group, version and resource. Built-in kinds are known without asking; others are discovered.

use super::discovery::{self, Resource};
use crate::error::{CommandError, Result};
use crate::session::Session;

/// A resource type at one version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapping {
    /// Empty for the core group.
    pub group: String,
    pub version: String,
    pub kind: String,
    pub plural: String,
    pub namespaced: bool,
}

impl Mapping {
    /// `v1`, `apps/v1`.
    pub fn api_version(&self) -> String {
        if self.group.is_empty() { self.version.clone() } else { format!("{}/{}", self.group, self.version) }
    }

    /// The type whose merge keys hold for objects of this one: that of today for a version that Kubernetes has given up.
    pub fn merges_as(&self) -> api::Gvk {
        let built_in = kinds::lookup::by_kind(&self.group, &self.version, &self.kind);
        built_in.map_or_else(|| api::Gvk::new(&self.group, &self.version, &self.kind), kinds::Kind::merges_as)
    }

    /// `/api/v1/namespaces/NS/pods/NAME`; an empty name is the collection, an empty namespace the whole cluster.
    pub fn path(&self, namespace: &str, name: &str) -> String {
        let root = if self.group.is_empty() { "api" } else { "apis" };
        let mut path = format!("/{root}/{}", self.api_version());
        if self.namespaced && !namespace.is_empty() {
            path = format!("{path}/namespaces/{}", crate::session::percent_encode(namespace));
        }
        path = format!("{path}/{}", self.plural);
        if name.is_empty() { path } else { format!("{path}/{}", crate::session::percent_encode(name)) }
    }

    /// `deployments.apps`: the resource with its group.
    pub fn resource(&self) -> String {
        api::status::qualified(&self.group, &self.plural)
    }

    /// `deployment.apps`: the kind as messages and `-o name` write it.
    pub fn printed(&self) -> String {
        api::status::qualified(&self.group, &self.kind.to_lowercase())
    }
}

impl From<&kinds::Kind> for Mapping {
    fn from(kind: &kinds::Kind) -> Self {
        Self {
            group: kind.group.to_string(),
            version: kind.version.to_string(),
            kind: kind.kind.to_string(),
            plural: kind.plural.to_string(),
            namespaced: kind.namespaced,
        }
    }
}

/// The type that a user wrote: plural, singular, short name or kind, with `.GROUP` or `.VERSION.GROUP` where wanted.
pub async fn for_type(session: &mut Session<'_>, written: &str) -> Result<Mapping> {
    if let Some(kind) = kinds::lookup::by_user_name(written) {
        return Ok(kind.into());
    }
    let found = discovered(session).await?.into_iter().find(|found| found.answers_to(written));
    found.map(|found| found.mapping).ok_or_else(|| CommandError::NoResource {
        resource: written.split('.').next().unwrap_or_default().to_owned(),
        group: written.split_once('.').map_or_else(String::new, |(_, group)| group.to_owned()),
        version: String::new(),
    })
}

/// The type of an object that says its `apiVersion` and `kind`. `None` where the server does not have it.
pub async fn for_kind(session: &mut Session<'_>, api_version: &str, kind: &str) -> Result<Option<Mapping>> {
    if let Some(kind) = kinds::lookup::by_api_version(api_version, kind) {
        return Ok(Some(kind.into()));
    }
    let all = discovered(session).await?;
    Ok(all.into_iter().map(|found| found.mapping).find(|mapping| mapping.api_version() == api_version && mapping.kind == kind))
}

impl Resource {
    fn answers_to(&self, written: &str) -> bool {
        let written = written.to_lowercase();
        let (name, suffix) = written.split_once('.').map_or((written.as_str(), None), |(name, suffix)| (name, Some(suffix)));
        let named = self.mapping.plural == name
            || self.singular == name
            || self.mapping.kind.to_lowercase() == name
            || self.short_names.iter().any(|short| short == name);
        let grouped = suffix
            .is_none_or(|suffix| suffix == self.mapping.group || suffix == format!("{}.{}", self.mapping.version, self.mapping.group));
        named && grouped
    }
}

/// All types that the server tells of.
async fn discovered(session: &mut Session<'_>) -> Result<Vec<Resource>> {
    let versions = discovery::groups(session).await?.into_iter().flat_map(|group| group.versions);
    Ok(versions.flat_map(|version| version.resources).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deployments() -> Mapping {
        Mapping { group: "apps".into(), version: "v1".into(), kind: "Deployment".into(), plural: "deployments".into(), namespaced: true }
    }

    #[test]
    fn paths() {
        assert_eq!(deployments().path("ns", "x"), "/apis/apps/v1/namespaces/ns/deployments/x");
        assert_eq!(deployments().path("", ""), "/apis/apps/v1/deployments");
        assert_eq!(deployments().printed(), "deployment.apps");
    }

    #[test]
    fn discovered_types_answer_to_all_their_names() {
        let found = Resource {
            mapping: deployments(),
            singular: "deployment".into(),
            short_names: vec!["deploy".into()],
            categories: Vec::new(),
            verbs: Vec::new(),
        };
        for (written, expected) in [
            ("deploy", true),
            ("Deployment", true),
            ("deployments.apps", true),
            ("deployments.v1.apps", true),
            ("deployments.extensions", false),
            ("pods", false),
        ] {
            assert_eq!(found.answers_to(written), expected, "{written}");
        }
    }
}
