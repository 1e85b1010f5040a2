//! `create secret`: generic, docker-registry and tls.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use clap::Subcommand;
use serde_json::{Map, Value, json};

use super::sources::{SourceFlags, encoded, hash};
use super::{CommonFlags, one_name};
use crate::error::{CommandError, Result};
use crate::session::Session;

#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(subcommand)]
    command: SecretCommand,
}

#[derive(Subcommand, Debug)]
enum SecretCommand {
    /// Create a secret for use with a Docker registry
    DockerRegistry(DockerRegistry),
    /// Create a secret from a local file, directory, or literal value
    Generic(Generic),
    /// Create a TLS secret
    Tls(Tls),
}

#[derive(clap::Args, Debug)]
struct Generic {
    name: Vec<String>,
    #[command(flatten)]
    sources: SourceFlags,
    /// The type of secret to create
    #[arg(long = "type", default_value = "")]
    kind: String,
    /// Append a hash of the secret to its name.
    #[arg(long)]
    append_hash: bool,
    #[command(flatten)]
    common: CommonFlags,
}

#[derive(clap::Args, Debug)]
struct DockerRegistry {
    name: Vec<String>,
    /// Email for Docker registry
    #[arg(long, default_value = "")]
    docker_email: String,
    /// Password for Docker registry authentication
    #[arg(long, default_value = "")]
    docker_password: String,
    /// Server location for Docker registry
    #[arg(long, default_value = "https://index.docker.io/v1/")]
    docker_server: String,
    /// Username for Docker registry authentication
    #[arg(long, default_value = "")]
    docker_username: String,
    /// Append a hash of the secret to its name.
    #[arg(long)]
    append_hash: bool,
    #[command(flatten)]
    common: CommonFlags,
}

#[derive(clap::Args, Debug)]
struct Tls {
    name: Vec<String>,
    /// Path to PEM encoded public key certificate.
    #[arg(long, default_value = "")]
    cert: String,
    /// Path to private key associated with given certificate.
    #[arg(long, default_value = "")]
    key: String,
    /// Append a hash of the secret to its name.
    #[arg(long)]
    append_hash: bool,
    #[command(flatten)]
    common: CommonFlags,
}

impl Args {
    pub async fn run(self, session: &mut Session<'_>) -> Result<()> {
        match self.command {
            SecretCommand::Generic(args) => {
                let name = one_name(session, &args.name, "secret generic")?;
                args.sources.check()?;
                let taken = |key: &str| format!("cannot add key {key}, another key by that name already exists");
                let data = args.sources.collect(taken)?;
                create(session, &args.common, name, &args.kind, &data, args.append_hash).await
            }
            SecretCommand::DockerRegistry(args) => {
                let name = one_name(session, &args.name, "secret docker-registry")?;
                let data = BTreeMap::from([(".dockerconfigjson".to_owned(), args.docker_config()?)]);
                create(session, &args.common, name, "kubernetes.io/dockerconfigjson", &data, args.append_hash).await
            }
            SecretCommand::Tls(args) => {
                let name = one_name(session, &args.name, "secret tls")?;
                if args.cert.is_empty() || args.key.is_empty() {
                    return Err(CommandError::message("key and cert must be specified"));
                }
                let read = |path: &str| std::fs::read(path).map_err(|error| CommandError::message(format!("open {path}: {error}")));
                let data = BTreeMap::from([("tls.crt".to_owned(), read(&args.cert)?), ("tls.key".to_owned(), read(&args.key)?)]);
                create(session, &args.common, name, "kubernetes.io/tls", &data, args.append_hash).await
            }
        }
    }
}

impl DockerRegistry {
    fn docker_config(&self) -> Result<Vec<u8>> {
        if self.docker_username.is_empty() || self.docker_password.is_empty() {
            return Err(CommandError::message(
                "either --from-file or the combination of --docker-username, --docker-password and --docker-server is required",
            ));
        }
        // The order of the fields is upstream's struct's.
        let text = |text: &str| output::json::compact(&Value::from(text)).unwrap_or_default();
        let auth = STANDARD.encode(format!("{}:{}", self.docker_username, self.docker_password));
        let email = if self.docker_email.is_empty() { String::new() } else { format!("\"email\":{},", text(&self.docker_email)) };
        let entry = format!(
            "{{\"username\":{},\"password\":{},{email}\"auth\":{}}}",
            text(&self.docker_username),
            text(&self.docker_password),
            text(&auth)
        );
        Ok(format!("{{\"auths\":{{{}:{entry}}}}}", text(&self.docker_server)).into_bytes())
    }
}

async fn create(
    session: &mut Session<'_>,
    common: &CommonFlags,
    name: String,
    kind: &str,
    data: &BTreeMap<String, Vec<u8>>,
    append_hash: bool,
) -> Result<()> {
    let data: Map<String, Value> = data.iter().map(|(key, value)| (key.clone(), encoded(value))).collect();
    let name = if append_hash { format!("{name}-{}", digest(&name, kind, &data)) } else { name };
    let mut object = json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name}});
    if !data.is_empty() {
        object["data"] = Value::Object(data);
    }
    if !kind.is_empty() {
        object["type"] = json!(kind);
    }
    common.create_described(session, object).await
}

fn digest(name: &str, kind: &str, data: &Map<String, Value>) -> String {
    let mut parts = Map::new();
    parts.insert("kind".to_owned(), json!("Secret"));
    parts.insert("type".to_owned(), json!(kind));
    parts.insert("name".to_owned(), json!(name));
    parts.insert("data".to_owned(), if data.is_empty() { json!("") } else { json!(data) });
    hash(parts)
}
