//! `rollout undo`: makes an earlier version the newest.

use http::Method;
use serde_json::{Map, Value, json};

use super::TargetFlags;
use super::replica_sets::{Version, versions};
use crate::commands::apply::LAST_APPLIED;
use crate::error::{CommandError, Result};
use crate::flags::{DryRun, DryRunFlag, PrintFlags};
use crate::print::{Printer, print_typed};
use crate::resources::Info;
use crate::session::{Call, Session};

/// Annotations of a deployment that do not come back with an earlier version.
const OWN_ANNOTATIONS: [&str; 6] = [
    LAST_APPLIED,
    "deployment.kubernetes.io/revision",
    "deployment.kubernetes.io/revision-history",
    "deployment.kubernetes.io/desired-replicas",
    "deployment.kubernetes.io/max-replicas",
    "deprecated.deployment.rollback.to",
];

#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(flatten)]
    target: TargetFlags,
    #[command(flatten)]
    print: PrintFlags,
    #[command(flatten)]
    dry_run: DryRunFlag,
    /// The revision to rollback to. Default to 0 (last revision).
    #[arg(long, default_value_t = 0, allow_hyphen_values = true)]
    to_revision: i64,
}

impl Args {
    pub async fn run(self, session: &mut Session<'_>) -> Result<()> {
        let dry_run = self.dry_run.strategy()?;
        Printer::new(&self.print, "")?;
        let (infos, mut errors) = self.target.objects(session).await?;
        for info in infos {
            if let Err(error) = self.undo(session, &info, dry_run).await {
                errors.push(error);
            }
        }
        CommandError::all(errors)
    }

    async fn undo(&self, session: &mut Session<'_>, info: &Info, dry_run: DryRun) -> Result<()> {
        if info.object["metadata"]["annotations"].get(LAST_APPLIED).is_some() {
            let program = session.program.clone();
            session.ui.error_line(&format!(
                "Warning: resource {}/{} was previously managed with '{program} apply'. Using '{program} rollout undo' will not update the {LAST_APPLIED} annotation, which may cause unexpected behavior on future '{program} apply' operations. To avoid this, consider updating the resource using '{program} apply' instead.",
                info.mapping.resource(),
                info.name
            ));
        }
        if info.mapping.kind != "Deployment" {
            return Err(CommandError::message(format!("no rollbacker has been implemented for {:?}", info.mapping.printed())));
        }
        if self.to_revision < 0 {
            return Err(CommandError::message(format!("unable to find specified revision {} in history", self.to_revision)));
        }
        let versions = versions(session, info).await?;
        let version = self.version(info, &versions)?;
        let outcome = if dry_run == DryRun::Client {
            crate::commands::describe::pod_template(&version.replica_set["spec"]["template"])?
        } else {
            self.restore(session, info, version, dry_run).await?
        };
        print_typed(session, &self.print, &format!("{outcome}{}", dry_run.suffix()), &info.object)
    }

    fn version<'a>(&self, info: &Info, versions: &'a [Version]) -> Result<&'a Version> {
        if self.to_revision > 0 {
            let found = versions.iter().find(|version| version.revision == self.to_revision);
            return found
                .ok_or_else(|| CommandError::message(format!("unable to find specified revision {} in history", self.to_revision)));
        }
        let before_last = versions.len().checked_sub(2).and_then(|index| versions.get(index));
        before_last.ok_or_else(|| CommandError::message(format!("no rollout history found for deployment {:?}", info.name)))
    }

    async fn restore(&self, session: &mut Session<'_>, info: &Info, version: &Version, dry_run: DryRun) -> Result<String> {
        if info.object["spec"]["paused"].as_bool() == Some(true) {
            return Err(CommandError::message(
                "you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume' and try again",
            ));
        }
        let template = without_hash(&version.replica_set["spec"]["template"]);
        if template == without_hash(&info.object["spec"]["template"]) {
            return Ok(format!("skipped rollback (current template already matches revision {})", self.to_revision));
        }
        let map = |object: &Value| object["metadata"]["annotations"].as_object().cloned().unwrap_or_default();
        let mut annotations: Map<String, Value> =
            map(&info.object).into_iter().filter(|(key, _)| OWN_ANNOTATIONS.contains(&key.as_str())).collect();
        annotations.extend(map(&version.replica_set).into_iter().filter(|(key, _)| !OWN_ANNOTATIONS.contains(&key.as_str())));
        let patch = json!([
            {"op": "replace", "path": "/spec/template", "value": template},
            {"op": "replace", "path": "/metadata/annotations", "value": annotations},
        ]);
        let call = Call::new(Method::PATCH, info.path())
            .query("dryRun", if dry_run == DryRun::Server { "All" } else { "" })
            .body("application/json-patch+json", patch.to_string().into_bytes());
        session.call(&call).await.map_err(|error| match error {
            CommandError::Api(error) => {
                CommandError::message(format!("failed restoring revision {}: {}", self.to_revision, error.message()))
            }
            other => other,
        })?;
        Ok("rolled back".to_owned())
    }
}

/// The template without the label that tells versions apart.
fn without_hash(template: &Value) -> Value {
    let mut template = template.clone();
    if let Some(labels) = template.pointer_mut("/metadata/labels").and_then(Value::as_object_mut) {
        labels.remove("pod-template-hash");
    }
    template
}
