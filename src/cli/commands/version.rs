//! `version`: which Kubernetes this client and the server speak.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::{CommandError, Result};
use crate::session::{Call, Session};

/// The Kubernetes release whose client this is.
pub const KUBERNETES: &str = "v1.37.1";
/// The kustomize that kubectl of that release carries.
const KUSTOMIZE: &str = "v5.8.1";

#[derive(clap::Args, Debug)]
pub struct Args {
    /// If true, shows client version only (no server required).
    #[arg(long)]
    client: bool,
    /// One of 'yaml' or 'json'.
    #[arg(short, long)]
    output: Option<String>,
    #[arg(hide = true)]
    extra: Vec<String>,
}

impl Args {
    pub async fn run(self, session: &mut Session<'_>) -> Result<()> {
        if !self.extra.is_empty() {
            return Err(CommandError::message(format!("extra arguments: [{}]", self.extra.join(" "))));
        }
        let output = self.output.unwrap_or_default();
        if !["", "yaml", "json"].contains(&output.as_str()) {
            return Err(CommandError::message("--output must be 'yaml' or 'json'"));
        }
        let server = if self.client { Ok(None) } else { session.call_json(&Call::get("/version")).await.map(Some) };
        let (server, failure) = match server {
            Ok(server) => (server, None),
            Err(error) => (None, Some(error)),
        };
        if output.is_empty() {
            session.ui.line(&format!("Client Version: {KUBERNETES}\nKustomize Version: {KUSTOMIZE}"));
            if let Some(server) = &server {
                session.ui.line(&format!("Server Version: {}", server["gitVersion"].as_str().unwrap_or_default()));
            }
        } else {
            let server_version = server.as_ref().map(|server| serde_json::from_value(server.clone())).transpose();
            let server_version =
                server_version.map_err(|error| CommandError::message(format!("unable to parse the server version: {error}")))?;
            print(session, &output, &Versions { client_version: client_version(), kustomize_version: KUSTOMIZE, server_version })?;
        }
        if let Some(warning) = server.as_ref().and_then(skew) {
            if session.globals.warnings_as_errors {
                return Err(CommandError::message(warning));
            }
            session.ui.error_line(&format!("Warning: {warning}"));
        }
        failure.map_or(Ok(()), Err)
    }
}

/// What `-o` shows, in the order of upstream's structs.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Versions {
    client_version: Version,
    kustomize_version: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    server_version: Option<Version>,
}

/// Upstream's `version.Info`.
#[derive(Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Version {
    major: String,
    minor: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    emulation_major: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    emulation_minor: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    min_compatibility_major: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    min_compatibility_minor: String,
    git_version: String,
    git_commit: String,
    git_tree_state: String,
    build_date: String,
    go_version: String,
    compiler: String,
    platform: String,
}

fn print(session: &mut Session<'_>, output: &str, versions: &Versions) -> Result<()> {
    let message = |error: serde_json::Error| CommandError::message(error.to_string());
    let text = if output == "yaml" {
        output::yaml::document(&serde_json::to_value(versions).map_err(message)?)
    } else {
        serde_json::to_string_pretty(versions).map_err(message)?
    };
    session.ui.line(&text);
    Ok(())
}

/// Go's name of the machine that this is.
pub fn platform() -> String {
    let architecture = match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    };
    format!("linux/{architecture}")
}

fn client_version() -> Version {
    Version {
        major: "1".to_owned(),
        minor: "37".to_owned(),
        git_version: KUBERNETES.to_owned(),
        git_tree_state: "clean".to_owned(),
        build_date: "1970-01-01T00:00:00Z".to_owned(),
        compiler: "rustc".to_owned(),
        platform: platform(),
        ..Version::default()
    }
}

/// The warning where client and server are more than one minor version apart.
fn skew(server: &Value) -> Option<String> {
    let number = |key: &str| {
        let text: String = server[key].as_str()?.chars().take_while(char::is_ascii_digit).collect();
        text.parse::<i64>().ok()
    };
    let (major, minor) = (number("major")?, number("minor")?);
    (major != 1 || (minor - 37).abs() > 1).then(|| {
        format!("version difference between client (1.37) and server ({major}.{minor}) exceeds the supported minor version skew of +/-1")
    })
}
