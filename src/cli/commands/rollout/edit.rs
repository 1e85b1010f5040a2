//! `rollout pause`, `rollout resume` and `rollout restart`: one field each.

use serde_json::{Value, json};

use super::TargetFlags;
use crate::commands::modify::{PatchKind, Sending, difference, map_at};
use crate::error::{CommandError, Result};
use crate::flags::{DryRun, PrintFlags};
use crate::print::{Printer, print_typed};
use crate::resources::Info;
use crate::session::Session;

#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(flatten)]
    target: TargetFlags,
    #[command(flatten)]
    print: PrintFlags,
    /// Name of the manager used to track field ownership.
    #[arg(long, default_value = "kubectl-rollout")]
    field_manager: String,
}

/// Which of the three.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edit {
    Pause,
    Resume,
    Restart,
}

impl Edit {
    fn done(self) -> &'static str {
        match self {
            Self::Pause => "paused",
            Self::Resume => "resumed",
            Self::Restart => "restarted",
        }
    }

    /// The changed object, or why it can not be changed.
    fn apply(self, info: &Info, now: &str) -> Result<Value, String> {
        let (kind, mut object) = (info.mapping.kind.as_str(), info.object.clone());
        let paused = object["spec"]["paused"].as_bool().unwrap_or(false);
        match (self, kind) {
            (Self::Pause | Self::Resume, kind) if kind != "Deployment" => {
                let doing = if self == Self::Pause { "pausing" } else { "resuming" };
                return Err(format!("{doing} is not supported"));
            }
            (Self::Pause, _) if paused => return Err("is already paused".to_owned()),
            (Self::Resume, _) if !paused => return Err("is not paused".to_owned()),
            (Self::Pause, _) => object["spec"]["paused"] = json!(true),
            (Self::Resume, _) => {
                map_at(&mut object, &["spec"]).remove("paused");
            }
            (Self::Restart, "Deployment" | "DaemonSet" | "StatefulSet") => {
                if paused {
                    return Err("can't restart paused deployment (run rollout resume first)".to_owned());
                }
                map_at(&mut object, &["spec", "template", "metadata", "annotations"])
                    .insert("kubectl.kubernetes.io/restartedAt".to_owned(), json!(now));
            }
            (Self::Restart, _) => return Err("restarting is not supported".to_owned()),
        }
        Ok(object)
    }
}

impl Args {
    pub async fn run(self, session: &mut Session<'_>, edit: Edit) -> Result<()> {
        Printer::new(&self.print, "")?;
        let (infos, mut errors) = self.target.objects(session).await?;
        if infos.is_empty() && errors.is_empty() {
            return super::none_found(session).await;
        }
        let now = jiff::Zoned::now().strftime("%Y-%m-%dT%H:%M:%S%:z").to_string().replace("+00:00", "Z");
        for info in infos {
            if let Err(error) = self.change(session, &info, edit, &now).await {
                errors.push(error);
            }
        }
        CommandError::all(errors)
    }

    async fn change(&self, session: &mut Session<'_>, info: &Info, edit: Edit, now: &str) -> Result<()> {
        let changed =
            edit.apply(info, now).map_err(|why| CommandError::message(format!("{} {:?} {why}", info.mapping.resource(), info.name)))?;
        let Some(patch) = difference(info, PatchKind::Strategic, &info.object, &changed)? else {
            return Err(CommandError::message(format!(
                "failed to create patch for {}: if restart has already been triggered within the past second, please wait before attempting to trigger another",
                info.name
            )));
        };
        let sending = Sending::new(PatchKind::Strategic, DryRun::None, &self.field_manager);
        let object = sending.patch(session, info, patch).await.map_err(|error| match error {
            CommandError::Api(error) => CommandError::message(format!("failed to patch: {}", error.message())),
            other => other,
        })?;
        print_typed(session, &self.print, edit.done(), &object)
    }
}
