//! The commands, one file each. A command is a documented `Args` struct and one `run`.

mod annotate;
mod apply;
mod attach;
mod cluster;
mod completion;
mod create;
mod delete;
mod describe;
mod exec;
mod get;
mod label;
mod logs;
mod modify;
mod rollout;
mod scale;
mod server;
mod set;
mod version;

use clap::Subcommand;

use crate::error::{CommandError, Result};
use crate::session::Session;

/// Every command of the program.
#[derive(Subcommand, Debug)]
pub enum Command {
    /// Update the annotations on a resource
    Annotate(annotate::Args),
    /// Apply a configuration to a resource by file name or stdin
    Apply(apply::Args),
    /// Attach to a running container
    Attach(attach::Args),
    /// Start, stop and look at a cluster on this machine
    Cluster(cluster::Args),
    /// Output shell completion code for the specified shell (bash, zsh, fish, or powershell)
    Completion(completion::Args),
    /// Create a resource from a file or from stdin
    Create(create::Args),
    /// Delete resources by file names, stdin, resources and names, or by resources and label selector
    Delete(delete::Args),
    /// Execute a command in a container
    Exec(exec::Args),
    /// Display one or many resources
    Get(Box<get::Args>),
    /// Update the labels on a resource
    Label(label::Args),
    /// Print the logs for a container in a pod
    Logs(logs::Args),
    /// Manage the rollout of a resource
    Rollout(rollout::Args),
    /// Set a new size for a deployment, replica set, or replication controller
    Scale(scale::Args),
    /// Run a whole cluster in this process, in the foreground
    Server(server::Args),
    /// Set specific features on objects
    Set(set::Args),
    /// Print the client and server version information
    Version(version::Args),
}

/// Runs a command to its end.
pub fn run(command: Command, mut session: Session<'_>) -> Result<()> {
    if let Command::Server(args) = command {
        return args.run(&session);
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| CommandError::message(format!("no event loop: {error}")))?;
    runtime.block_on(dispatch(command, &mut session))?;
    session.finish()
}

async fn dispatch(command: Command, session: &mut Session<'_>) -> Result<()> {
    match command {
        Command::Annotate(args) => args.run(session).await,
        Command::Apply(args) => args.run(session).await,
        Command::Attach(args) => args.run(session).await,
        Command::Cluster(args) => args.run(session).await,
        Command::Completion(args) => args.run(session),
        Command::Create(args) => args.run(session).await,
        Command::Delete(args) => args.run(session).await,
        Command::Exec(args) => args.run(session).await,
        Command::Get(args) => args.run(session).await,
        Command::Label(args) => args.run(session).await,
        Command::Logs(args) => args.run(session).await,
        Command::Rollout(args) => args.run(session).await,
        Command::Scale(args) => args.run(session).await,
        Command::Server(_) => unreachable!("it runs before there is an event loop"),
        Command::Set(args) => args.run(session).await,
        Command::Version(args) => args.run(session).await,
    }
}
