//! The flags that say which cluster and how it is made.

use std::net::IpAddr;
use std::path::PathBuf;

/// `--name` and its like.
#[derive(clap::Args, Clone, Debug, Default)]
pub struct WishFlags {
    /// Name of the cluster; its context in the kubeconfig is k-NAME
    #[arg(long, default_value = cluster::config::DEFAULT_NAME)]
    pub name: String,
    /// Folder of the cluster's data [default: /var/lib/k/NAME]
    #[arg(long, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
}

/// What a new cluster is made with, beyond its name.
#[derive(clap::Args, Clone, Debug, Default)]
pub struct ShapeFlags {
    /// Port of the API server [default: the first from 6443 that no other cluster here has]
    #[arg(long, value_name = "PORT")]
    api_port: Option<u16>,
    /// Network of the pods [default: 10.244.0.0/16, or the next that is free]
    #[arg(long, value_name = "CIDR")]
    pod_cidr: Option<String>,
    /// Network of the services [default: 10.96.0.0/16, or the next that is free]
    #[arg(long, value_name = "CIDR")]
    service_cidr: Option<String>,
    /// Name of this machine's node [default: the machine's name]
    #[arg(long, value_name = "NAME")]
    node_name: Option<String>,
    /// Address of this machine's node [default: the one of the default route]
    #[arg(long, value_name = "ADDRESS")]
    node_ip: Option<IpAddr>,
    /// Socket of a container runtime to use instead of a private containerd
    #[arg(long, value_name = "SOCKET")]
    container_runtime_endpoint: Option<String>,
    /// Addresses of an etcd to keep the cluster's state in, instead of a file here: https://10.0.0.1:2379,https://10.0.0.2:2379
    #[arg(long, value_name = "URLS", value_delimiter = ',')]
    datastore_endpoints: Vec<String>,
    /// Certificate authority of that etcd
    #[arg(long, value_name = "FILE", requires = "datastore_endpoints")]
    datastore_cafile: Option<PathBuf>,
    /// Certificate to show to that etcd
    #[arg(long, value_name = "FILE", requires = "datastore_keyfile")]
    datastore_certfile: Option<PathBuf>,
    /// Key of the certificate
    #[arg(long, value_name = "FILE", requires = "datastore_certfile")]
    datastore_keyfile: Option<PathBuf>,
}

impl WishFlags {
    pub fn wishes(&self) -> cluster::config::Wishes {
        self.shaped(&ShapeFlags::default())
    }
    pub fn shaped(&self, shape: &ShapeFlags) -> cluster::config::Wishes {
        cluster::config::Wishes {
            name: Some(self.name.clone()),
            data_dir: self.data_dir.clone(),
            api_port: shape.api_port,
            pod_cidr: shape.pod_cidr.clone(),
            service_cidr: shape.service_cidr.clone(),
            node_name: shape.node_name.clone(),
            node_ip: shape.node_ip,
            container_runtime_endpoint: shape.container_runtime_endpoint.clone(),
            datastore: (!shape.datastore_endpoints.is_empty()).then(|| cluster::config::Datastore {
                endpoints: shape.datastore_endpoints.clone(),
                cafile: shape.datastore_cafile.clone(),
                certfile: shape.datastore_certfile.clone(),
                keyfile: shape.datastore_keyfile.clone(),
            }),
        }
    }
}
