//! Where a resource lies: the paths of the API.

use std::borrow::Cow;

/// The names of a resource that make up its paths. Cheap to clone: built-in kinds borrow static text.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Resource {
    /// Empty for the core group.
    pub group: Cow<'static, str>,
    pub version: Cow<'static, str>,
    pub kind: Cow<'static, str>,
    /// Lower-case plural, as in paths.
    pub plural: Cow<'static, str>,
    pub namespaced: bool,
}

impl Resource {
    pub const fn new(group: &'static str, version: &'static str, kind: &'static str, plural: &'static str, namespaced: bool) -> Self {
        Self {
            group: Cow::Borrowed(group),
            version: Cow::Borrowed(version),
            kind: Cow::Borrowed(kind),
            plural: Cow::Borrowed(plural),
            namespaced,
        }
    }
    /// Of a type of k8s-openapi.
    pub fn of<K: api::Typed + Scoped>() -> Self {
        Self::new(K::GROUP, K::VERSION, K::KIND, K::URL_PATH_SEGMENT, K::NAMESPACED)
    }
    /// `v1`, `apps/v1`.
    pub fn api_version(&self) -> String {
        if self.group.is_empty() { self.version.clone().into_owned() } else { format!("{}/{}", self.group, self.version) }
    }
    /// `pods`, `deployments.apps`.
    pub fn qualified(&self) -> String {
        if self.group.is_empty() { self.plural.clone().into_owned() } else { format!("{}.{}", self.plural, self.group) }
    }
    /// The path of the collection; `namespace` empty means all namespaces, or a cluster-scoped resource.
    pub fn collection(&self, namespace: &str) -> String {
        let mut path =
            if self.group.is_empty() { format!("/api/{}", self.version) } else { format!("/apis/{}/{}", self.group, self.version) };
        if !namespace.is_empty() && self.namespaced {
            path.push_str("/namespaces/");
            path.push_str(namespace);
        }
        path.push('/');
        path.push_str(&self.plural);
        path
    }
    /// The path of one object.
    pub fn object(&self, namespace: &str, name: &str) -> String {
        format!("{}/{name}", self.collection(namespace))
    }
}

/// Whether objects of a type live in namespaces, as a constant.
pub trait Scoped {
    const NAMESPACED: bool;
}

impl<K: k8s_openapi::Resource> Scoped for K
where
    K::Scope: ScopeName,
{
    const NAMESPACED: bool = <K::Scope as ScopeName>::NAMESPACED;
}

/// The scopes of k8s-openapi, told apart at compile time.
pub trait ScopeName {
    const NAMESPACED: bool;
}
impl ScopeName for k8s_openapi::NamespaceResourceScope {
    const NAMESPACED: bool = true;
}
impl ScopeName for k8s_openapi::ClusterResourceScope {
    const NAMESPACED: bool = false;
}
impl ScopeName for k8s_openapi::SubResourceScope {
    const NAMESPACED: bool = true;
}

/// `a=1&b=x%3Dy`: pairs as a query, empty values left out.
pub fn encode_query(pairs: &[(&str, &str)]) -> String {
    let mut query = String::new();
    for (name, value) in pairs.iter().filter(|(_, value)| !value.is_empty()) {
        if !query.is_empty() {
            query.push('&');
        }
        query.push_str(name);
        query.push('=');
        for byte in value.bytes() {
            if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
                query.push(byte.into());
            } else {
                query.push_str(&format!("%{byte:02X}"));
            }
        }
    }
    query
}

#[cfg(test)]
mod tests {
    use k8s_openapi::api::{apps::v1::Deployment, core::v1::Node};

    use super::*;

    #[test]
    fn paths_of_resources() {
        let deployments = Resource::of::<Deployment>();
        assert_eq!(deployments.collection(""), "/apis/apps/v1/deployments");
        assert_eq!(deployments.object("shop", "web"), "/apis/apps/v1/namespaces/shop/deployments/web");
        assert_eq!((deployments.api_version(), deployments.qualified()), ("apps/v1".to_owned(), "deployments.apps".to_owned()));
        let nodes = Resource::of::<Node>();
        assert_eq!(nodes.object("", "n1"), "/api/v1/nodes/n1");
    }

    #[test]
    fn queries_are_escaped() {
        assert_eq!(
            encode_query(&[("labelSelector", "a in (b,c)"), ("limit", ""), ("watch", "1")]),
            "labelSelector=a%20in%20%28b%2Cc%29&watch=1"
        );
    }
}
