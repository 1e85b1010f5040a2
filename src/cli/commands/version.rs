//! `version`: which Kubernetes this client and the server speak.

use serde_json::{Value, json};

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
            let mut versions = json!({ "clientVersion": client_version(), "kustomizeVersion": KUSTOMIZE });
            if let Some(server) = &server {
                versions["serverVersion"] = server.clone();
            }
            print(session, &output, &versions)?;
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

fn print(session: &mut Session<'_>, output: &str, versions: &Value) -> Result<()> {
    if output == "yaml" {
        session.ui.line(&output::yaml::document(versions));
        return Ok(());
    }
    let text = serde_json::to_string_pretty(versions).map_err(|error| CommandError::message(error.to_string()))?;
    session.ui.line(&text);
    Ok(())
}

fn client_version() -> Value {
    let architecture = match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    };
    json!({
        "major": "1",
        "minor": "37",
        "gitVersion": KUBERNETES,
        "gitCommit": "",
        "gitTreeState": "clean",
        "buildDate": "1970-01-01T00:00:00Z",
        "goVersion": "",
        "compiler": "rustc",
        "platform": format!("linux/{architecture}"),
    })
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
