//! `attach`: connects our streams to those of a container's own process.

use std::time::Duration;

use crate::containers;
use crate::error::{CommandError, Result};
use crate::resources::{Info, text};
use crate::session::Session;
use crate::terminal::{self, Streams};

#[derive(clap::Args, Debug)]
pub struct Args {
    /// Container name. If omitted, use the kubectl.kubernetes.io/default-container annotation or the first container in the pod
    #[arg(short, long)]
    container: Option<String>,
    /// Override the key sequence for detaching a container.
    #[arg(long, default_value = "ctrl-p,ctrl-q", hide = true)]
    detach_keys: String,
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
}

impl Args {
    pub async fn run(self, session: &mut Session<'_>) -> Result<()> {
        let limit = crate::flags::duration(&self.pod_running_timeout).map_err(CommandError::message)?.unwrap_or(Duration::from_secs(60));
        let written = match self.words.as_slice() {
            [] => {
                return Err(CommandError::Usage {
                    message: "at least 1 argument is required for attach".to_owned(),
                    command: format!("{} attach", session.program),
                });
            }
            [written] => written.clone(),
            [kind, name] => format!("{kind}/{name}"),
            more => {
                return Err(CommandError::Usage {
                    message: format!(
                        "expected POD, TYPE/NAME, or TYPE NAME, (at most 2 arguments) saw {}: [{}]",
                        more.len(),
                        more.join(" ")
                    ),
                    command: format!("{} attach", session.program),
                });
            }
        };
        let info = containers::named(session, &written).await?;
        let pod = containers::pod_of(session, info, limit, false).await?;
        attach(session, &pod, self.container.as_deref(), self.stdin, self.tty, self.quiet).await
    }
}

/// Attaches to a running container of the pod.
pub async fn attach(session: &mut Session<'_>, pod: &Info, container: Option<&str>, stdin: bool, tty: bool, quiet: bool) -> Result<()> {
    let phase = text(&pod.object, "/status/phase");
    if phase == "Succeeded" || phase == "Failed" {
        return Err(CommandError::message(format!("cannot attach a container in a completed pod; current phase is {phase}")));
    }
    let container = containers::choose(session, &pod.object, container, quiet)?;
    let has_terminal = containers::find(&pod.object, &container).is_some_and(|spec| spec["tty"].as_bool() == Some(true));
    if tty && !has_terminal && !quiet {
        session.ui.error_line(&format!("error: Unable to use a TTY - container {container} did not allocate one"));
    }
    let streams = Streams::new(session, stdin, tty && has_terminal);
    if !quiet && stdin {
        session.ui.error_line("If you don't see a command prompt, try pressing enter.");
    }
    terminal::run(session, &format!("{}/attach", pod.path()), vec![("container", container)], streams).await
}
