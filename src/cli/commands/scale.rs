//! `scale`: sets how many replicas a workload has, through its `scale` subresource.

use http::Method;
use serde_json::{Value, json};

use crate::error::{CommandError, Result};
use crate::flags::{DryRun, DryRunFlag, FilenameFlags, PrintFlags};
use crate::print::{Printer, print_outcome};
use crate::resources::{Info, Selection, text};
use crate::session::{Call, Session};

#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(flatten)]
    files: FilenameFlags,
    #[command(flatten)]
    print: PrintFlags,
    #[command(flatten)]
    dry_run: DryRunFlag,
    /// Select all resources in the namespace of the specified resource types
    #[arg(long)]
    all: bool,
    /// Precondition for current size. Requires that the current size of the resource match this value in order to scale.
    #[arg(long, default_value_t = -1, allow_hyphen_values = true)]
    current_replicas: i32,
    /// The new desired number of replicas. Required.
    #[arg(long, allow_hyphen_values = true)]
    replicas: Option<i32>,
    /// Precondition for resource version.
    #[arg(long)]
    resource_version: Option<String>,
    /// Selector (label query) to filter on
    #[arg(short = 'l', long)]
    selector: Option<String>,
    /// The length of time to wait before giving up on a scale operation, zero means don't wait.
    #[arg(long, default_value = "0s")]
    timeout: String,
    words: Vec<String>,
}

impl Args {
    pub async fn run(self, session: &mut Session<'_>) -> Result<()> {
        let dry_run = self.dry_run.strategy()?;
        let Some(replicas) = self.replicas else {
            return Err(CommandError::message("required flag(s) \"replicas\" not set"));
        };
        if replicas < 0 {
            return Err(CommandError::message("The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0"));
        }
        if self.current_replicas < -1 {
            return Err(CommandError::message("The --current-replicas must specify an integer of -1 or greater"));
        }
        let limit = crate::flags::duration(&self.timeout).map_err(CommandError::message)?.filter(|limit| !limit.is_zero());
        Printer::new(&self.print, "")?;
        let selection = Selection {
            filenames: self.files.clone(),
            words: self.words.clone(),
            labels: self.selector.clone(),
            all: self.all,
            ..Selection::default()
        };
        let (infos, mut errors) = selection.objects(session).await?;
        if self.resource_version.is_some() && infos.len() > 1 {
            return Err(CommandError::message("cannot use --resource-version with multiple resources"));
        }
        if infos.is_empty() {
            CommandError::all(errors)?;
            return Err(CommandError::message("no objects passed to scale"));
        }
        for mut info in infos {
            if dry_run != DryRun::Client {
                self.scale(session, &info, replicas, dry_run).await?;
                if let (Some(limit), DryRun::None) = (limit, dry_run) {
                    wait(session, &info, replicas, limit).await?;
                }
            }
            info.object["spec"]["replicas"] = json!(replicas);
            print_outcome(session, &self.print, &format!("scaled{}", dry_run.suffix()), &info.object)?;
        }
        errors.retain(|error| !error.is_reason("NotFound") || self.files.is_empty());
        CommandError::all(errors)
    }

    async fn scale(&self, session: &mut Session<'_>, info: &Info, replicas: i32, dry_run: DryRun) -> Result<Value> {
        let path = format!("{}/scale", info.path());
        let dry = if dry_run == DryRun::Server { "All" } else { "" };
        if self.current_replicas == -1 && self.resource_version.is_none() {
            let patch = json!({"spec": {"replicas": replicas}});
            let call =
                Call::new(Method::PATCH, path).query("dryRun", dry).body("application/merge-patch+json", patch.to_string().into_bytes());
            return session.call_json(&call).await;
        }
        let mut scale = session.call_json(&Call::get(path.clone())).await?;
        let (current, version) = (scale["spec"]["replicas"].as_i64().unwrap_or(0), text(&scale, "/metadata/resourceVersion").to_owned());
        if self.current_replicas != -1 && current != i64::from(self.current_replicas) {
            return Err(CommandError::message(format!("Expected replicas to be {}, was {current}", self.current_replicas)));
        }
        if let Some(wanted) = self.resource_version.as_ref().filter(|wanted| **wanted != version) {
            return Err(CommandError::message(format!("Expected resource version to be {wanted}, was {version}")));
        }
        scale["spec"]["replicas"] = json!(replicas);
        session.call_json(&Call::new(Method::PUT, path).query("dryRun", dry).json(&scale)).await
    }
}

/// Waits until the workload has as many replicas as it should and has seen its own change.
async fn wait(session: &mut Session<'_>, info: &Info, replicas: i32, limit: std::time::Duration) -> Result<()> {
    let reached = async {
        let call = Call::get(info.mapping.path(&info.namespace, ""))
            .query("watch", "true")
            .query("fieldSelector", format!("metadata.name={}", info.name))
            .query("resourceVersion", "0");
        let mut events = crate::watch::Events::open(session, &call).await?;
        while let Some(event) = events.next().await? {
            let status = &event.object["status"];
            let observed =
                status["observedGeneration"].as_i64().unwrap_or(i64::MAX) >= event.object["metadata"]["generation"].as_i64().unwrap_or(0);
            if observed && status["replicas"].as_i64().unwrap_or(0) == i64::from(replicas) {
                return Ok(());
            }
        }
        Ok(())
    };
    match tokio::time::timeout(limit, reached).await {
        Ok(result) => result,
        Err(_) => Err(CommandError::message("timed out waiting for the condition")),
    }
}
