//! `create token`: asks for a token of a service account and prints it.

use http::Method;
use serde_json::{Value, json};

use super::{failed, one_name};
use crate::error::{CommandError, Result};
use crate::flags::PrintFlags;
use crate::print::{Printer, print_typed};
use crate::resources::{Mapping, text};
use crate::session::{Call, Session};

/// What a token's life can be tied to.
const BOUND_KINDS: [&str; 3] = ["Node", "Pod", "Secret"];

#[derive(clap::Args, Debug)]
pub struct Args {
    name: Vec<String>,
    #[command(flatten)]
    print: PrintFlags,
    /// Audience of the requested token. If unset, defaults to requesting a token for use with the Kubernetes API server. May be repeated to request a token valid for multiple audiences.
    #[arg(long)]
    audience: Vec<String>,
    /// Kind of an object to bind the token to. Supported kinds are Node, Pod, Secret.
    #[arg(long, default_value = "", hide_default_value = true)]
    bound_object_kind: String,
    /// Name of an object to bind the token to.
    #[arg(long, default_value = "", hide_default_value = true)]
    bound_object_name: String,
    /// UID of an object to bind the token to.
    #[arg(long, default_value = "", hide_default_value = true)]
    bound_object_uid: String,
    /// Requested lifetime of the issued token. If not set or if set to 0, the lifetime will be determined by the server automatically.
    #[arg(long, default_value = "0s", allow_hyphen_values = true)]
    duration: String,
}

impl Args {
    pub async fn run(self, session: &mut Session<'_>) -> Result<()> {
        let name = one_name(session, &self.name, "token")?;
        let seconds = self.seconds()?;
        self.check()?;
        Printer::new(&self.print, "")?;
        let mut spec = json!({"audiences": if self.audience.is_empty() { json!(null) } else { json!(self.audience) }});
        if seconds > 0 {
            spec["expirationSeconds"] = json!(seconds);
        }
        if !self.bound_object_kind.is_empty() {
            spec["boundObjectRef"] =
                json!({"apiVersion": "v1", "kind": self.bound_object_kind, "name": self.bound_object_name, "uid": self.bound_object_uid});
        }
        let request = json!({"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "metadata": {}, "spec": spec});
        let mapping = Mapping::from(kinds::lookup::by_kind("", "v1", "ServiceAccount").expect("service accounts are built in"));
        let (namespace, _) = session.namespace()?;
        let call = Call::new(Method::POST, format!("{}/token", mapping.path(&namespace, &name))).json(&request);
        let mut answer = session.call_json(&call).await.map_err(failed("token"))?;
        // In the struct it is always there.
        if let Some(spec) = answer["spec"].as_object_mut() {
            spec.entry("boundObjectRef").or_insert(Value::Null);
        }
        let token = text(&answer, "/status/token").to_owned();
        if token.is_empty() {
            return Err(CommandError::message("failed to create token: no token in server response"));
        }
        if self.print.output.as_deref().is_some_and(|output| !output.is_empty()) {
            return print_typed(session, &self.print, "", &answer);
        }
        session.ui.print(&token);
        if session.ui.out_is_terminal {
            session.ui.line("");
        }
        Ok(())
    }

    fn seconds(&self) -> Result<u64> {
        if self.duration.starts_with('-') {
            return Err(CommandError::message("--duration must be greater than or equal to 0"));
        }
        let duration = crate::flags::duration(&self.duration).map_err(CommandError::message)?.unwrap_or_default();
        if duration.subsec_nanos() != 0 {
            return Err(CommandError::message("--duration cannot be expressed in units less than seconds"));
        }
        Ok(duration.as_secs())
    }

    fn check(&self) -> Result<()> {
        let refuse = |why: &str| Err(CommandError::message(why));
        if self.audience.iter().any(String::is_empty) {
            return refuse("--audience must not be an empty string");
        }
        if self.bound_object_kind.is_empty() {
            if !self.bound_object_name.is_empty() {
                return refuse("--bound-object-name can only be set if --bound-object-kind is provided");
            }
            if !self.bound_object_uid.is_empty() {
                return refuse("--bound-object-uid can only be set if --bound-object-kind is provided");
            }
            return Ok(());
        }
        if !BOUND_KINDS.contains(&self.bound_object_kind.as_str()) {
            return Err(CommandError::message(format!("supported --bound-object-kind values are {}", BOUND_KINDS.join(", "))));
        }
        if self.bound_object_name.is_empty() {
            return refuse("--bound-object-name is required if --bound-object-kind is provided");
        }
        Ok(())
    }
}
