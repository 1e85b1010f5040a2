//! `create job` and `create cronjob`.

use serde_json::{Value, json};

use super::{CommonFlags, failed};
use crate::error::{CommandError, Result};
use crate::resources::{Selection, text};
use crate::session::Session;

#[derive(clap::Args, Debug)]
pub struct Args {
    words: Vec<String>,
    /// The name of the resource to create a Job from (only cronjob is supported).
    #[arg(long, default_value = "", hide_default_value = true)]
    from: String,
    /// Image name to run.
    #[arg(long, default_value = "", hide_default_value = true)]
    image: String,
    #[command(flatten)]
    common: CommonFlags,
    /// Command of the container
    #[arg(last = true)]
    command: Vec<String>,
}

#[derive(clap::Args, Debug)]
pub struct CronArgs {
    words: Vec<String>,
    /// Image name to run.
    #[arg(long)]
    image: Option<String>,
    /// job's restart policy. supported values: OnFailure, Never
    #[arg(long, default_value = "", hide_default_value = true)]
    restart: String,
    /// A schedule in the Cron format the job should be run with.
    #[arg(long)]
    schedule: Option<String>,
    #[command(flatten)]
    common: CommonFlags,
    /// Command of the container
    #[arg(last = true)]
    command: Vec<String>,
}

/// The name and the command, which may also come without `--`.
fn name_and_command(session: &Session<'_>, words: &[String], command: &[String], subcommand: &str) -> Result<(String, Vec<String>)> {
    match words.split_first() {
        Some((name, more)) => Ok((name.clone(), more.iter().chain(command).cloned().collect())),
        None => Err(CommandError::Usage {
            message: format!("exactly one NAME is required, got {}", command.len()),
            command: format!("{} create {subcommand}", session.program),
        }),
    }
}

fn pod_template(name: &str, image: &str, command: &[String], restart: &str) -> Value {
    let mut container = json!({"name": name, "image": image, "resources": {}});
    if !command.is_empty() {
        container["command"] = json!(command);
    }
    json!({"metadata": {}, "spec": {"containers": [container], "restartPolicy": restart}})
}

impl Args {
    pub async fn run(self, session: &mut Session<'_>) -> Result<()> {
        let (name, command) = name_and_command(session, &self.words, &self.command, "job")?;
        if self.image.is_empty() == self.from.is_empty() {
            return Err(CommandError::message("either --image or --from must be specified"));
        }
        if !command.is_empty() && !self.from.is_empty() {
            return Err(CommandError::message("cannot specify --from and command"));
        }
        let object = if self.from.is_empty() {
            let template = pod_template(&name, &self.image, &command, "Never");
            json!({"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": name}, "spec": {"template": template}, "status": {}})
        } else {
            self.from_cron_job(session, &name).await?
        };
        self.common.create_described(session, object).await.map_err(failed("job"))
    }

    async fn from_cron_job(&self, session: &mut Session<'_>, name: &str) -> Result<Value> {
        let selection = Selection { words: vec![self.from.clone()], ..Selection::default() };
        let (infos, errors) = selection.objects(session).await?;
        CommandError::all(errors)?;
        let [info] = infos.as_slice() else {
            return Err(CommandError::message("from must be an existing cronjob"));
        };
        if info.mapping.kind != "CronJob" {
            return Err(CommandError::message(format!("unknown object type *{}.{}", info.mapping.version, info.mapping.kind)));
        }
        let template = &info.object["spec"]["jobTemplate"];
        let mut annotations = json!({"cronjob.kubernetes.io/instantiate": "manual"});
        for (key, value) in template["metadata"]["annotations"].as_object().into_iter().flatten() {
            annotations[key] = value.clone();
        }
        let mut metadata = json!({
            "name": name,
            "annotations": annotations,
            "ownerReferences": [{
                "apiVersion": "batch/v1",
                "kind": "CronJob",
                "name": info.name,
                "uid": text(&info.object, "/metadata/uid"),
                "controller": true,
            }],
        });
        if template["metadata"]["labels"].is_object() {
            metadata["labels"] = template["metadata"]["labels"].clone();
        }
        Ok(json!({"apiVersion": "batch/v1", "kind": "Job", "metadata": metadata, "spec": template["spec"], "status": {}}))
    }
}

impl CronArgs {
    pub async fn run(self, session: &mut Session<'_>) -> Result<()> {
        let missing: Vec<&str> = [("\"image\"", self.image.is_none()), ("\"schedule\"", self.schedule.is_none())]
            .into_iter()
            .filter(|(_, missing)| *missing)
            .map(|(flag, _)| flag)
            .collect();
        let (Some(image), Some(schedule)) = (&self.image, &self.schedule) else {
            return Err(CommandError::message(format!("required flag(s) {} not set", missing.join(", "))));
        };
        let (name, command) = name_and_command(session, &self.words, &self.command, "cronjob")?;
        let restart = if self.restart.is_empty() { "OnFailure" } else { &self.restart };
        let template = pod_template(&name, image, &command, restart);
        let object = json!({
            "apiVersion": "batch/v1",
            "kind": "CronJob",
            "metadata": {"name": name},
            "spec": {"jobTemplate": {"metadata": {"name": name}, "spec": {"template": template}}, "schedule": schedule},
            "status": {},
        });
        self.common.create_described(session, object).await.map_err(failed("cronjob"))
    }
}
