//! Group, version and kind or resource: the coordinates of a type and of a path.

use std::fmt;

/// `apiVersion` taken apart: `v1` is ("", "v1"), `apps/v1` is ("apps", "v1").
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupVersion {
    /// Empty for the core group.
    pub group: String,
    pub version: String,
}

/// A kind at one version.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Gvk {
    /// Empty for the core group.
    pub group: String,
    pub version: String,
    pub kind: String,
}

/// A resource (`deployments`) at one version.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Gvr {
    /// Empty for the core group.
    pub group: String,
    pub version: String,
    pub resource: String,
}

/// An `apiVersion` with more than one slash; worded as upstream.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unexpected GroupVersion string: {0}")]
pub struct ApiVersionError(pub String);

impl GroupVersion {
    pub fn parse(api_version: &str) -> Result<Self, ApiVersionError> {
        let make = |group: &str, version: &str| Self { group: group.to_owned(), version: version.to_owned() };
        match api_version.split_once('/') {
            None => Ok(make("", api_version)),
            Some((group, version)) if !version.contains('/') => Ok(make(group, version)),
            Some(_) => Err(ApiVersionError(api_version.to_owned())),
        }
    }
    pub fn with_kind(self, kind: &str) -> Gvk {
        Gvk { group: self.group, version: self.version, kind: kind.to_owned() }
    }
    pub fn with_resource(self, resource: &str) -> Gvr {
        Gvr { group: self.group, version: self.version, resource: resource.to_owned() }
    }
}

impl Gvk {
    pub fn new(group: &str, version: &str, kind: &str) -> Self {
        Self { group: group.to_owned(), version: version.to_owned(), kind: kind.to_owned() }
    }
    pub fn parse(api_version: &str, kind: &str) -> Result<Self, ApiVersionError> {
        Ok(GroupVersion::parse(api_version)?.with_kind(kind))
    }
    /// Of a k8s-openapi type.
    pub fn of<K: k8s_openapi::Resource>() -> Self {
        Self::new(K::GROUP, K::VERSION, K::KIND)
    }
    /// Of an object's `apiVersion` and `kind`; `None` where either is missing.
    pub fn of_value(object: &serde_json::Value) -> Option<Self> {
        Self::parse(object.get("apiVersion")?.as_str()?, object.get("kind")?.as_str()?).ok()
    }
    pub fn api_version(&self) -> String {
        api_version(&self.group, &self.version)
    }
}

impl Gvr {
    pub fn new(group: &str, version: &str, resource: &str) -> Self {
        Self { group: group.to_owned(), version: version.to_owned(), resource: resource.to_owned() }
    }
    pub fn api_version(&self) -> String {
        api_version(&self.group, &self.version)
    }
}

/// `v1`, `apps/v1`.
pub fn api_version(group: &str, version: &str) -> String {
    if group.is_empty() { version.to_owned() } else { format!("{group}/{version}") }
}

impl fmt::Display for GroupVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&api_version(&self.group, &self.version))
    }
}
impl fmt::Display for Gvk {
    /// As upstream: `apps/v1, Kind=Deployment`, `/v1, Kind=Pod`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}, Kind={}", self.group, self.version, self.kind)
    }
}
impl fmt::Display for Gvr {
    /// As upstream: `apps/v1, Resource=deployments`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}, Resource={}", self.group, self.version, self.resource)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn api_versions() {
        let parse = |text| Gvk::parse(text, "X").map(|gvk| (gvk.to_string(), gvk.api_version()));
        assert_eq!(parse("v1"), Ok(("/v1, Kind=X".to_owned(), "v1".to_owned())));
        assert_eq!(parse("apps/v1"), Ok(("apps/v1, Kind=X".to_owned(), "apps/v1".to_owned())));
        assert_eq!(parse("a/b/c").unwrap_err().to_string(), "unexpected GroupVersion string: a/b/c");
        assert_eq!(Gvr::new("apps", "v1", "deployments").to_string(), "apps/v1, Resource=deployments");
    }
}
