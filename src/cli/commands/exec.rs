//! `exec`: runs a command in a container, with its streams connected to ours and its exit code as ours.

use std::time::Duration;

use crate::containers;
use crate::error::{CommandError, Result};
use crate::flags::FilenameFlags;
use crate::resources::{Info, Selection, text};
use crate::session::Session;
use crate::terminal::{self, Streams};

#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(flatten)]
    files: FilenameFlags,
    /// Container name. If omitted, use the kubectl.kubernetes.io/default-container annotation or the first container in the pod
    #[arg(short, long)]
    container: Option<String>,
    /// The length of time (like 5s, 2m, or 3h, higher than zero) to wait until at least one pod is running
    #[arg(long, default_value = "1m0s")]
    pod_running_timeout: String,
    /// Only print output from the remote session
    #[arg(short, long)]
    quiet: bool,
    /// Pass stdin to the container
    #[arg(short = 'i', long)]
    stdin: bool,
    /// Stdin is a TTY
    #[arg(short, long)]
    tty: bool,
    words: Vec<String>,
    /// The command and its arguments
    #[arg(last = true)]
    command: Vec<String>,
}

impl Args {
    pub async fn run(mut self, session: &mut Session<'_>) -> Result<()> {
        let limit = crate::flags::duration(&self.pod_running_timeout).map_err(CommandError::message)?.unwrap_or(Duration::from_secs(60));
        if self.words.len() > 1 && self.command.is_empty() {
            // What kubectl did for years; scripts still do.
            let program = session.program.clone();
            session.ui.error_line(&format!(
                "{program} exec [POD] [COMMAND] is DEPRECATED and will be removed in a future version. Use {program} exec [POD] -- [COMMAND] instead."
            ));
            self.command = self.words.split_off(1);
        }
        if self.words.is_empty() && self.files.is_empty() {
            return Err(CommandError::message("pod, type/name or --filename must be specified"));
        }
        if self.command.is_empty() {
            return Err(CommandError::message("you must specify at least one command for the container"));
        }
        let info = self.target(session).await?;
        let pod = containers::pod_of(session, info, limit, false).await?;
        let phase = text(&pod.object, "/status/phase");
        if phase == "Succeeded" || phase == "Failed" {
            return Err(CommandError::message(format!("cannot exec into a container in a completed pod; current phase is {phase}")));
        }
        let container = containers::choose(session, &pod.object, self.container.as_deref(), self.quiet)?;
        let streams = Streams::new(session, self.stdin, self.tty);
        let mut query: Vec<(&str, String)> = self.command.iter().map(|word| ("command", word.clone())).collect();
        query.push(("container", container));
        terminal::run(session, &format!("{}/exec", pod.path()), query, streams).await
    }

    async fn target(&self, session: &mut Session<'_>) -> Result<Info> {
        if let Some(written) = self.words.first() {
            return containers::named(session, written).await;
        }
        let selection = Selection { filenames: self.files.clone(), latest: true, ..Selection::default() };
        let (mut infos, errors) = selection.objects(session).await?;
        CommandError::all(errors)?;
        if infos.len() == 1 { Ok(infos.remove(0)) } else { Err(CommandError::message("cannot exec into multiple objects at a time")) }
    }
}
