//! kubectl's global flags: they stand before or after the command.

use clap::Args;

#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Global options")]
pub struct GlobalFlags {
    /// If present, the namespace scope for this CLI request
    #[arg(short = 'n', long, global = true, value_name = "NAMESPACE")]
    pub namespace: Option<String>,
    /// Path to the kubeconfig file to use for CLI requests.
    #[arg(long, global = true, value_name = "FILE")]
    pub kubeconfig: Option<String>,
    /// The name of the kubeconfig context to use
    #[arg(long, global = true)]
    pub context: Option<String>,
    /// The name of the kubeconfig cluster to use
    #[arg(long, global = true)]
    pub cluster: Option<String>,
    /// The name of the kubeconfig user to use
    #[arg(long, global = true)]
    pub user: Option<String>,
    /// The address and port of the Kubernetes API server
    #[arg(short = 's', long, global = true)]
    pub server: Option<String>,
    /// Bearer token for authentication to the API server
    #[arg(long, global = true)]
    pub token: Option<String>,
    /// Username for basic authentication to the API server
    #[arg(long, global = true)]
    pub username: Option<String>,
    /// Password for basic authentication to the API server
    #[arg(long, global = true)]
    pub password: Option<String>,
    /// Path to a cert file for the certificate authority
    #[arg(long, global = true, value_name = "FILE")]
    pub certificate_authority: Option<String>,
    /// Path to a client certificate file for TLS
    #[arg(long, global = true, value_name = "FILE")]
    pub client_certificate: Option<String>,
    /// Path to a client key file for TLS
    #[arg(long, global = true, value_name = "FILE")]
    pub client_key: Option<String>,
    /// If true, the server's certificate will not be checked for validity. This will make your HTTPS connections insecure
    #[arg(long, global = true)]
    pub insecure_skip_tls_verify: bool,
    /// Server name to use for server certificate validation
    #[arg(long, global = true)]
    pub tls_server_name: Option<String>,
    /// Username to impersonate for the operation
    #[arg(long = "as", global = true, value_name = "USER")]
    pub impersonate: Option<String>,
    /// Group to impersonate for the operation, this flag can be repeated to specify multiple groups.
    #[arg(long = "as-group", global = true, value_name = "GROUP")]
    pub impersonate_groups: Vec<String>,
    /// UID to impersonate for the operation.
    #[arg(long = "as-uid", global = true, value_name = "UID")]
    pub impersonate_uid: Option<String>,
    /// User extras to impersonate for the operation, as key=value
    #[arg(long = "as-user-extra", global = true, value_name = "KEY=VALUE")]
    pub impersonate_extra: Vec<String>,
    /// Default cache directory
    #[arg(long, global = true, value_name = "DIR")]
    pub cache_dir: Option<String>,
    /// The length of time to wait before giving up on a single server request. Zero means don't timeout requests.
    #[arg(long, global = true, default_value = "0")]
    pub request_timeout: String,
    /// If true, opt-out of response compression for all requests to the server
    #[arg(long, global = true)]
    pub disable_compression: bool,
    /// Require server version to match client version
    #[arg(long, global = true)]
    pub match_server_version: bool,
    /// If provided, this URL will be used to connect via proxy
    #[arg(long, global = true, value_name = "URL")]
    pub proxy_url: Option<String>,
    /// Path to the kuberc file to use for preferences.
    #[arg(long, global = true, value_name = "FILE")]
    pub kuberc: Option<String>,
    /// Treat warnings received from the server as errors and exit with a non-zero exit code
    #[arg(long, global = true)]
    pub warnings_as_errors: bool,
    /// Number for the log level verbosity
    #[arg(short = 'v', long = "v", global = true, default_value = "0", value_name = "LEVEL")]
    pub verbosity: i32,
    /// Comma-separated list of pattern=N settings for file-filtered logging
    #[arg(long, global = true, hide = true)]
    pub vmodule: Option<String>,
    /// Maximum number of seconds between log flushes
    #[arg(long, global = true, default_value = "5s", hide = true)]
    pub log_flush_frequency: String,
    /// Name of profile to capture
    #[arg(long, global = true, default_value = "none", hide = true)]
    pub profile: String,
    /// Name of the file to write the profile to
    #[arg(long, global = true, default_value = "profile.pprof", hide = true)]
    pub profile_output: String,
}

use kube::config::{AuthInfo, Cluster, Kubeconfig, NamedAuthInfo, NamedCluster, NamedContext};

use crate::error::{CommandError, Result};

/// The name under which flags that describe a whole cluster or user enter the loaded kubeconfig.
const FROM_FLAGS: &str = "k-from-flags";

/// Loads the kubeconfig by kubectl's rules (`--kubeconfig`, `$KUBECONFIG` as a list, `~/.kube/config`) and applies the flags to it: afterwards its current
/// context says all. An absent file is an empty kubeconfig.
pub fn load_kubeconfig(flags: &GlobalFlags) -> Result<Kubeconfig> {
    let mut config = match &flags.kubeconfig {
        Some(path) => read(path)?.ok_or_else(|| CommandError::message(format!("stat {path}: no such file or directory")))?,
        None => {
            let mut merged: Option<Kubeconfig> = None;
            for path in kubeconfig_paths() {
                if let Some(next) = read(&path)? {
                    merged = Some(match merged {
                        None => next,
                        Some(before) => before.merge(next).map_err(|error| CommandError::message(error.to_string()))?,
                    });
                }
            }
            merged.unwrap_or_default()
        }
    };
    apply(flags, &mut config)?;
    Ok(config)
}

/// The files that hold the kubeconfig when no flag names one, in the order of their precedence.
pub fn kubeconfig_paths() -> Vec<String> {
    match std::env::var("KUBECONFIG") {
        Ok(list) if !list.is_empty() => list.split(':').filter(|path| !path.is_empty()).map(ToOwned::to_owned).collect(),
        _ => vec![format!("{}/.kube/config", std::env::var("HOME").unwrap_or_default())],
    }
}

fn read(path: &str) -> Result<Option<Kubeconfig>> {
    if !std::path::Path::new(path).exists() {
        return Ok(None);
    }
    let text = std::fs::read_to_string(path).map_err(|error| CommandError::message(format!("open {path}: {error}")))?;
    if text.trim().is_empty() {
        return Ok(Some(Kubeconfig::default()));
    }
    // Relative paths in it are relative to the file: kube resolves them when it reads by path.
    Kubeconfig::read_from(path).map(Some).map_err(|error| CommandError::message(format!("error loading config file {path:?}: {error}")))
}

fn apply(flags: &GlobalFlags, config: &mut Kubeconfig) -> Result<()> {
    if let Some(name) = &flags.context {
        if !config.contexts.iter().any(|context| &context.name == name) {
            return Err(CommandError::Plain(format!("Error in configuration: context was not found for specified context: {name}")));
        }
        config.current_context = Some(name.clone());
    }
    let current = config.current_context.clone().unwrap_or_default();
    if !current.is_empty() && !config.contexts.iter().any(|context| context.name == current) {
        return Err(CommandError::Plain(format!("Error in configuration: context was not found for specified context: {current}")));
    }
    let mut context =
        config.contexts.iter().find(|context| context.name == current).and_then(|context| context.context.clone()).unwrap_or_default();
    if let Some(name) = &flags.cluster {
        if !config.clusters.iter().any(|cluster| &cluster.name == name) {
            return Err(CommandError::message(format!("cluster {name:?} does not exist")));
        }
        context.cluster.clone_from(name);
    }
    if let Some(name) = &flags.user {
        if !config.auth_infos.iter().any(|user| &user.name == name) {
            return Err(CommandError::message(format!("auth info {name:?} does not exist")));
        }
        context.user = Some(name.clone());
    }
    let cluster = with_cluster_flags(flags, config.clusters.iter().find(|cluster| cluster.name == context.cluster));
    if let Some(cluster) = cluster {
        FROM_FLAGS.clone_into(&mut context.cluster);
        config.clusters.push(NamedCluster { name: FROM_FLAGS.to_owned(), cluster: Some(cluster), ..Default::default() });
    }
    let user = config.auth_infos.iter().find(|user| Some(&user.name) == context.user.as_ref());
    if let Some(user) = with_user_flags(flags, user) {
        context.user = Some(FROM_FLAGS.to_owned());
        config.auth_infos.push(NamedAuthInfo { name: FROM_FLAGS.to_owned(), auth_info: Some(user), ..Default::default() });
    }
    if !context.cluster.is_empty() || context.user.is_some() {
        config.contexts.push(NamedContext { name: FROM_FLAGS.to_owned(), context: Some(context), ..Default::default() });
        config.current_context = Some(FROM_FLAGS.to_owned());
    }
    Ok(())
}

fn with_cluster_flags(flags: &GlobalFlags, named: Option<&NamedCluster>) -> Option<Cluster> {
    let mut changed = false;
    let mut cluster = named.and_then(|named| named.cluster.clone()).unwrap_or_default();
    if let Some(server) = &flags.server {
        let with_scheme = if server.contains("://") { server.clone() } else { format!("http://{server}") };
        cluster.server = Some(with_scheme);
        changed = true;
    }
    if let Some(path) = &flags.certificate_authority {
        cluster.certificate_authority = Some(path.clone());
        changed = true;
        cluster.certificate_authority_data = None;
    }
    if flags.insecure_skip_tls_verify {
        cluster.insecure_skip_tls_verify = Some(true);
        changed = true;
        cluster.certificate_authority = None;
        cluster.certificate_authority_data = None;
    }
    if let Some(name) = &flags.tls_server_name {
        cluster.tls_server_name = Some(name.clone());
        changed = true;
    }
    if let Some(url) = &flags.proxy_url {
        cluster.proxy_url = Some(url.clone());
        changed = true;
    }
    changed.then_some(cluster)
}

fn with_user_flags(flags: &GlobalFlags, named: Option<&NamedAuthInfo>) -> Option<AuthInfo> {
    let mut changed = false;
    let mut user = named.and_then(|named| named.auth_info.clone()).unwrap_or_default();
    if let Some(token) = &flags.token {
        user = AuthInfo { token: Some(token.clone().into()), ..Default::default() };
        changed = true;
    }
    if let (Some(name), Some(password)) = (&flags.username, &flags.password) {
        user.username = Some(name.clone());
        user.password = Some(password.clone().into());
        changed = true;
    }
    if let Some(path) = &flags.client_certificate {
        user.client_certificate = Some(path.clone());
        user.client_certificate_data = None;
        changed = true;
    }
    if let Some(path) = &flags.client_key {
        user.client_key = Some(path.clone());
        user.client_key_data = None;
        changed = true;
    }
    if let Some(name) = &flags.impersonate {
        user.impersonate = Some(name.clone());
        user.impersonate_groups = (!flags.impersonate_groups.is_empty()).then(|| flags.impersonate_groups.clone());
        changed = true;
    }
    changed.then_some(user)
}
