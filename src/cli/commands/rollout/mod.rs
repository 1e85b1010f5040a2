//! `rollout`: how a workload's newest version spreads, and back.

mod edit;
mod history;
mod replica_sets;
mod status;
mod undo;

use clap::Subcommand;

use crate::error::{CommandError, Result};
use crate::flags::FilenameFlags;
use crate::resources::{Info, Selection};
use crate::session::Session;

#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(subcommand)]
    command: RolloutCommand,
}

#[derive(Subcommand, Debug)]
enum RolloutCommand {
    /// View rollout history
    History(history::Args),
    /// Mark the provided resource as paused
    Pause(edit::Args),
    /// Restart a resource
    Restart(edit::Args),
    /// Resume a paused resource
    Resume(edit::Args),
    /// Show the status of the rollout
    Status(status::Args),
    /// Undo a previous rollout
    Undo(undo::Args),
}

impl Args {
    pub async fn run(self, session: &mut Session<'_>) -> Result<()> {
        match self.command {
            RolloutCommand::History(args) => args.run(session).await,
            RolloutCommand::Pause(args) => args.run(session, edit::Edit::Pause).await,
            RolloutCommand::Restart(args) => args.run(session, edit::Edit::Restart).await,
            RolloutCommand::Resume(args) => args.run(session, edit::Edit::Resume).await,
            RolloutCommand::Status(args) => args.run(session).await,
            RolloutCommand::Undo(args) => args.run(session).await,
        }
    }
}

/// The flags that say which workloads.
#[derive(clap::Args, Clone, Debug)]
pub struct TargetFlags {
    #[command(flatten)]
    files: FilenameFlags,
    /// Selector (label query) to filter on
    #[arg(short = 'l', long)]
    selector: Option<String>,
    words: Vec<String>,
}

impl TargetFlags {
    /// The workloads as the server has them now, and what could not be had.
    async fn objects(&self, session: &mut Session<'_>) -> Result<(Vec<Info>, Vec<CommandError>)> {
        if self.words.is_empty() && self.files.is_empty() {
            return Err(CommandError::message("required resource not specified"));
        }
        let selection = Selection {
            filenames: self.files.clone(),
            words: self.words.clone(),
            labels: self.selector.clone(),
            type_alone_selects_all: true,
            latest: true,
            ..Selection::default()
        };
        selection.objects(session).await
    }
}

async fn none_found(session: &mut Session<'_>) -> Result<()> {
    let namespace = session.namespace()?.0;
    session.ui.error_line(&format!("No resources found in {namespace} namespace."));
    Ok(())
}
