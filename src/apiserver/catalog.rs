//! What is served at one moment: the built-in kinds, and the custom resources that have been established. It is made anew when a definition changes and replaced
//! as a whole, so that a request sees one state of it; discovery and OpenAPI are told from it.

use std::cmp::{Ordering, Reverse};
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use kinds::{Kind, Shared};

use crate::aggregation::{self, Remote};
use crate::discovery::Documents;
use crate::openapi;
use crate::registry::Endpoint;

/// All that is served.
pub struct Catalog {
    groups: Groups,
    /// Endpoints of custom resources, by plural.
    custom: HashMap<Arc<str>, Vec<Endpoint>>,
    documents: OnceLock<Documents>,
    openapi: openapi::Documents,
}

/// Groups in the order of discovery, the preferred version of each first.
pub struct Groups(Vec<Group>);

pub struct Group {
    /// Empty for the core group.
    pub name: Arc<str>,
    pub versions: Vec<Version>,
}

pub struct Version {
    pub name: Arc<str>,
    /// Those that this server serves itself.
    pub kinds: Vec<Served>,
    /// Served by an extension API server.
    pub remote: Option<Arc<Remote>>,
}

/// One kind as discovery tells it.
#[derive(Clone)]
pub struct Served {
    pub kind: Shared<Kind>,
    /// Of a custom resource: changes with all that its clients are told of it.
    pub digest: Option<Arc<str>>,
}

impl Version {
    fn priority(&self, group: &str) -> i32 {
        self.remote.as_ref().map_or_else(|| aggregation::priority_of_version(group, &self.name), |remote| remote.priorities.1)
    }
    /// True where all the kinds are part of the program.
    pub fn is_built_in(&self) -> bool {
        self.remote.is_none() && self.kinds.iter().all(|served| served.digest.is_none())
    }
}

impl Groups {
    /// Those of the built-in kinds, and of their older versions where they are served.
    fn built_in(older: bool) -> Self {
        let mut groups = Self(Vec::new());
        for kind in kinds::lookup::served().filter(|kind| older || !kind.is_older()) {
            groups.add(Served { kind: Shared::Static(kind), digest: None });
        }
        groups
    }
    fn add(&mut self, served: Served) {
        let (group, version) = (&*served.kind.group, &*served.kind.version);
        let at = self.0.iter().position(|known| &*known.name == group).unwrap_or_else(|| {
            self.0.push(Group { name: group.into(), versions: Vec::new() });
            self.0.len() - 1
        });
        let versions = &mut self.0[at].versions;
        let at = versions.iter().position(|known| &*known.name == version).unwrap_or_else(|| {
            versions.push(Version { name: version.into(), kinds: Vec::new(), remote: None });
            versions.len() - 1
        });
        versions[at].kinds.push(served);
    }
    /// Puts a group version of an extension API server where its priorities say.
    fn place(&mut self, remote: &Arc<Remote>) {
        let (group_priority, version_priority) = remote.priorities;
        let (name, version) = (remote.group.as_str(), remote.version.as_str());
        let at = self.0.iter().position(|known| &*known.name == name).unwrap_or_else(|| {
            let follows = |known: &Group| (Reverse(known.priority()), &*known.name) > (Reverse(group_priority), name);
            let at = self.0.iter().position(follows).unwrap_or(self.0.len());
            self.0.insert(at, Group { name: name.into(), versions: Vec::new() });
            at
        });
        let versions = &mut self.0[at].versions;
        let at = versions.iter().position(|known| &*known.name == version).unwrap_or_else(|| {
            let follows = |known: &Version| {
                let order = known.priority(name).cmp(&version_priority).then_with(|| version_order(version, &known.name));
                order == Ordering::Less
            };
            let at = versions.iter().position(follows).unwrap_or(versions.len());
            versions.insert(at, Version { name: version.into(), kinds: Vec::new(), remote: None });
            at
        });
        versions[at].remote = Some(remote.clone());
    }
}

impl Group {
    fn priority(&self) -> i32 {
        let remotes = self.versions.iter().filter_map(|version| Some(version.remote.as_ref()?.priorities.0));
        let own = self.versions.iter().any(|version| !version.kinds.is_empty()).then(|| aggregation::priority_of_group(&self.name));
        remotes.chain(own).max().unwrap_or_default()
    }
}

impl Catalog {
    /// The built-in kinds, with `older` their older versions, these custom resources, and what extension API servers serve.
    pub fn new(custom: impl IntoIterator<Item = (Endpoint, Arc<str>)>, remotes: &[Arc<Remote>], older: bool) -> Self {
        let mut custom: Vec<(Endpoint, Arc<str>)> = custom.into_iter().collect();
        custom.sort_by(|(one, _), (other, _)| {
            let (one, other) = (&one.kind, &other.kind);
            one.group
                .cmp(&other.group)
                .then_with(|| version_order(&one.version, &other.version))
                .then_with(|| one.plural.cmp(&other.plural))
        });
        let mut catalog = Self {
            groups: Groups::built_in(older),
            custom: HashMap::new(),
            documents: OnceLock::new(),
            openapi: openapi::Documents::default(),
        };
        for (endpoint, digest) in custom {
            catalog.groups.add(Served { kind: endpoint.kind.clone(), digest: Some(digest) });
            catalog.custom.entry(endpoint.kind.plural.as_ref().into()).or_default().push(endpoint);
        }
        remotes.iter().for_each(|remote| catalog.groups.place(remote));
        catalog
    }
    pub fn groups(&self) -> &[Group] {
        &self.groups.0
    }
    pub fn group(&self, name: &str) -> Option<&Group> {
        self.groups().iter().find(|group| &*group.name == name)
    }
    pub fn version(&self, group: &str, version: &str) -> Option<&Version> {
        self.group(group)?.versions.iter().find(|known| &*known.name == version)
    }
    /// Of a custom resource.
    pub fn endpoint(&self, group: &str, version: &str, plural: &str) -> Option<&Endpoint> {
        self.custom.get(plural)?.iter().find(|endpoint| endpoint.kind.group == group && endpoint.kind.version == version)
    }
    /// Discovery's documents, made when they are first asked for.
    pub fn documents(&self) -> &Documents {
        self.documents.get_or_init(|| Documents::new(self))
    }
    /// OpenAPI's documents that have been made of this state.
    pub fn openapi(&self) -> &openapi::Documents {
        &self.openapi
    }
}

/// Upstream's order of versions, the most stable and newest first: `v2`, `v1`, `v1beta2`, `v1beta1`, `v1alpha1`, then whatever else by name.
pub fn version_order(one: &str, other: &str) -> Ordering {
    match (stability(one), stability(other)) {
        (Some(one), Some(other)) => other.cmp(&one),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => one.cmp(other),
    }
}

/// (2 for general availability, 1 for beta, 0 for alpha; major; minor).
fn stability(version: &str) -> Option<(u8, u64, u64)> {
    let number = |text: &str| (!text.is_empty() && !text.starts_with('0')).then(|| text.parse::<u64>().ok()).flatten();
    let rest = version.strip_prefix('v')?;
    for (name, level) in [("beta", 1), ("alpha", 0)] {
        if let Some((major, minor)) = rest.split_once(name) {
            return Some((level, number(major)?, number(minor)?));
        }
    }
    Some((2, number(rest)?, 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extensions_stand_where_their_priorities_say() {
        let remote = |group: &str, version: &str, priorities: (i32, i32)| {
            Arc::new(Remote { group: group.to_owned(), version: version.to_owned(), priorities, told: Arc::default() })
        };
        let remotes = [
            remote("metrics.k8s.io", "v1beta1", (100, 100)),
            remote("first.example.com", "v1", (17900, 1)),
            remote("metrics.k8s.io", "v1", (100, 100)),
            remote("batch", "v9", (1, 20)),
        ];
        let catalog = Catalog::new([], &remotes, false);
        let groups: Vec<&str> = catalog.groups().iter().map(|group| &*group.name).collect();
        let at = |name: &str| groups.iter().position(|group| *group == name);
        assert_eq!((at("first.example.com").map(|at| at + 1), at("metrics.k8s.io")), (at("apps"), Some(groups.len() - 1)));
        let versions =
            |group: &str| catalog.group(group).unwrap().versions.iter().map(|version| version.name.to_string()).collect::<Vec<_>>();
        assert_eq!(versions("metrics.k8s.io"), ["v1", "v1beta1"]);
        assert_eq!(versions("batch"), ["v9", "v1"]);
    }

    #[test]
    fn versions_in_upstreams_order() {
        let mut versions = ["foo10", "v1", "v3beta1", "v10", "v11alpha2", "foo1", "v11beta2", "v12alpha1", "v2", "v10beta3"];
        versions.sort_by(|one, other| version_order(one, other));
        assert_eq!(versions, ["v10", "v2", "v1", "v11beta2", "v10beta3", "v3beta1", "v12alpha1", "v11alpha2", "foo1", "foo10"]);
    }
}
