//! The flags that say which cluster and how it is made.

use std::net::IpAddr;
use std::path::PathBuf;

use cluster::security::Security;

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
    /// Accept manifests of API versions that Kubernetes has removed, such as extensions/v1beta1 [default: true]
    #[arg(long, value_name = "BOOL")]
    older_versions: Option<bool>,
    #[command(flatten)]
    security: SecurityFlags,
}

/// Who is let in, what is refused, what is written down and what is sealed: upstream's flags of the API server.
#[derive(clap::Args, Clone, Debug, Default)]
#[command(next_help_heading = "Security")]
struct SecurityFlags {
    /// Admission plugins to run in addition to the default ones
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    enable_admission_plugins: Option<Vec<String>>,
    /// Default admission plugins not to run
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    disable_admission_plugins: Option<Vec<String>>,
    /// File with the audit policy, of audit.k8s.io/v1
    #[arg(long, value_name = "FILE")]
    audit_policy_file: Option<PathBuf>,
    /// File that the audit log is written to
    #[arg(long, value_name = "FILE")]
    audit_log_path: Option<PathBuf>,
    /// Megabytes at which the audit log is put aside [default: 100]
    #[arg(long, value_name = "MEGABYTES")]
    audit_log_maxsize: Option<u64>,
    /// Audit logs put aside that are kept; 0 keeps all [default: 10]
    #[arg(long, value_name = "COUNT")]
    audit_log_maxbackup: Option<usize>,
    /// File with the keys that seal secrets in the store, one a line, base64 of 32 bytes; the first seals, all of them open [default: a key of the cluster's own]
    #[arg(long, value_name = "FILE")]
    encryption_key_file: Option<PathBuf>,
    /// URL of an OpenID Connect issuer whose tokens are taken
    #[arg(long, value_name = "URL")]
    oidc_issuer_url: Option<String>,
    /// Client that the issuer's tokens must be for
    #[arg(long, value_name = "ID")]
    oidc_client_id: Option<String>,
    /// File with the authority of the issuer's certificate [default: those of this machine]
    #[arg(long, value_name = "FILE")]
    oidc_ca_file: Option<PathBuf>,
    /// Claim that is the user's name [default: sub]
    #[arg(long, value_name = "CLAIM")]
    oidc_username_claim: Option<String>,
    /// What is put before users' names; - for nothing [default: the issuer and #, but for the claim email]
    #[arg(long, value_name = "PREFIX", allow_hyphen_values = true)]
    oidc_username_prefix: Option<String>,
    /// Claim that is the user's groups
    #[arg(long, value_name = "CLAIM")]
    oidc_groups_claim: Option<String>,
    /// What is put before groups' names
    #[arg(long, value_name = "PREFIX")]
    oidc_groups_prefix: Option<String>,
    /// A claim that tokens must have, with its value; can be given several times
    #[arg(long = "oidc-required-claim", value_name = "KEY=VALUE")]
    oidc_required_claims: Option<Vec<String>>,
    /// Algorithms that tokens may be signed with [default: RS256]
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    oidc_signing_algs: Option<Vec<String>>,
}

impl SecurityFlags {
    fn wishes(&self) -> Security {
        // the server may run in another folder than this command
        let absolute = |path: &Option<PathBuf>| path.as_ref().map(|path| std::path::absolute(path).unwrap_or_else(|_| path.clone()));
        Security {
            enable_admission_plugins: self.enable_admission_plugins.clone(),
            disable_admission_plugins: self.disable_admission_plugins.clone(),
            audit_policy_file: absolute(&self.audit_policy_file),
            audit_log_path: absolute(&self.audit_log_path),
            audit_log_maxsize: self.audit_log_maxsize,
            audit_log_maxbackup: self.audit_log_maxbackup,
            encryption_key_file: absolute(&self.encryption_key_file),
            oidc_issuer_url: self.oidc_issuer_url.clone(),
            oidc_client_id: self.oidc_client_id.clone(),
            oidc_ca_file: absolute(&self.oidc_ca_file),
            oidc_username_claim: self.oidc_username_claim.clone(),
            oidc_username_prefix: self.oidc_username_prefix.clone(),
            oidc_groups_claim: self.oidc_groups_claim.clone(),
            oidc_groups_prefix: self.oidc_groups_prefix.clone(),
            oidc_required_claims: self.oidc_required_claims.clone(),
            oidc_signing_algs: self.oidc_signing_algs.clone(),
        }
    }
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
            older_versions: shape.older_versions,
            datastore: (!shape.datastore_endpoints.is_empty()).then(|| cluster::config::Datastore {
                endpoints: shape.datastore_endpoints.clone(),
                cafile: shape.datastore_cafile.clone(),
                certfile: shape.datastore_certfile.clone(),
                keyfile: shape.datastore_keyfile.clone(),
            }),
            security: shape.security.wishes(),
        }
    }
}
