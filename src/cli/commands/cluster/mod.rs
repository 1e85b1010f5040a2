//! `cluster`: a local cluster's life: start, stop, status, delete, logs.

mod delete;
mod logs;
mod start;
mod status;
mod stop;
pub mod wishes;

use clap::Subcommand;

use crate::error::{CommandError, Result};
use crate::session::Session;

pub use wishes::WishFlags;

/// Start, stop and look at a cluster on this machine
#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(subcommand)]
    command: ClusterCommand,
}

#[derive(Subcommand, Debug)]
enum ClusterCommand {
    /// Start a cluster in the background and return when its node is Ready
    Start(start::Args),
    /// Stop a cluster: its containers end, its objects stay
    Stop(stop::Args),
    /// Say how a cluster is
    Status(status::Args),
    /// Delete a cluster and everything that belongs to it
    Delete(delete::Args),
    /// Print the log of a cluster's server
    Logs(logs::Args),
}

impl Args {
    pub async fn run(self, session: &mut Session<'_>) -> Result<()> {
        match self.command {
            ClusterCommand::Start(args) => args.run(session),
            ClusterCommand::Stop(args) => args.run(session).await,
            ClusterCommand::Status(args) => args.run(session).await,
            ClusterCommand::Delete(args) => args.run(session).await,
            ClusterCommand::Logs(args) => args.run(session).await,
        }
    }
}

/// A local cluster's failure in the words of a command.
fn failed(error: &cluster::local::LocalError) -> CommandError {
    CommandError::message(error.to_string())
}

/// The kubeconfig file that gets the cluster's context: the one that flags or environment name first.
fn kubeconfig_file(session: &Session<'_>) -> std::path::PathBuf {
    let first = || crate::globals::kubeconfig_paths().into_iter().next().unwrap_or_default();
    session.globals.kubeconfig.clone().unwrap_or_else(first).into()
}
