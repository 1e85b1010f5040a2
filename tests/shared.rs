//! The cluster that tests share which do not disturb it. Its guardian deletes it when the run ends.

use std::sync::OnceLock;

use testkit::images::{self, Contents};
use testkit::{Cluster, Namespace};

static CLUSTER: OnceLock<Cluster> = OnceLock::new();

/// The shared cluster, with the images that manifests of tests name.
#[track_caller]
pub fn cluster() -> &'static Cluster {
    CLUSTER.get_or_init(|| {
        let cluster = Cluster::start(crate::program());
        images::add(&cluster, Contents::Busybox, &["busybox", "busybox:1.28", "busybox:1.35", "k8s.gcr.io/busybox"]);
        images::add(&cluster, Contents::Nginx, &["nginx:latest", "nginx:1.7.9", "nginx:1.9.1"]);
        images::add(&cluster, Contents::Redis, &["redis"]);
        images::add(&cluster, Contents::Fortune, &["luksa/fortune:env"]);
        images::add(&cluster, Contents::Command, &["some/image"]);
        cluster
    })
}

/// A namespace of the shared cluster.
#[track_caller]
pub fn namespace(name: &str) -> Namespace<'static> {
    cluster().namespace(name)
}
