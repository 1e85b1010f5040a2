//! The commands, one file each. A command is a documented `Args` struct and one `run`.

mod annotate;
mod api_resources;
mod apply;
mod attach;
mod auth;
mod autoscale;
mod cluster;
mod cluster_info;
mod completion;
mod config;
mod cordon;
mod create;
mod delete;
mod describe;
mod drain;
mod edit;
mod exec;
mod expose;
mod generated;
mod get;
mod image;
mod label;
mod logs;
mod modify;
mod patch;
mod port_forward;
mod replace;
mod rollout;
mod run;
mod scale;
mod server;
mod set;
mod taint;
mod until;
mod version;
mod wait;

use clap::Subcommand;

use crate::error::{CommandError, Result};
use crate::session::Session;

/// Every command of the program.
#[derive(Subcommand, Debug)]
pub enum Command {
    /// Update the annotations on a resource
    Annotate(annotate::Args),
    /// Print the supported API resources on the server
    ApiResources(api_resources::Args),
    /// Print the supported API versions on the server, in the form of "group/version"
    ApiVersions(api_resources::Versions),
    /// Apply a configuration to a resource by file name or stdin
    Apply(apply::Args),
    /// Attach to a running container
    Attach(attach::Args),
    /// Inspect authorization
    Auth(auth::Args),
    /// Auto-scale a deployment, replica set, stateful set, or replication controller
    Autoscale(Box<autoscale::Args>),
    /// Start, stop and look at a cluster on this machine
    Cluster(cluster::Args),
    /// Display cluster information
    ClusterInfo(cluster_info::Args),
    /// Output shell completion code for the specified shell (bash, zsh, fish, or powershell)
    Completion(completion::Args),
    /// Modify kubeconfig files
    Config(config::Args),
    /// Mark node as unschedulable
    Cordon(cordon::Args),
    /// Create a resource from a file or from stdin
    Create(create::Args),
    /// Delete resources by file names, stdin, resources and names, or by resources and label selector
    Delete(delete::Args),
    /// Show details of a specific resource or group of resources
    Describe(Box<describe::Args>),
    /// Drain node in preparation for maintenance
    Drain(drain::Args),
    /// Edit a resource on the server
    Edit(edit::Args),
    /// Execute a command in a container
    Exec(exec::Args),
    /// Take a replication controller, service, deployment or pod and expose it as a new Kubernetes service
    Expose(Box<expose::Args>),
    /// Display one or many resources
    Get(Box<get::Args>),
    /// Build, import and look at container images of a cluster on this machine
    Image(image::Args),
    /// Update the labels on a resource
    Label(label::Args),
    /// Print the logs for a container in a pod
    Logs(logs::Args),
    /// Update fields of a resource
    Patch(patch::Args),
    /// Forward one or more local ports to a pod
    PortForward(port_forward::Args),
    /// Replace a resource by file name or stdin
    Replace(replace::Args),
    /// Manage the rollout of a resource
    Rollout(rollout::Args),
    /// Run a particular image on the cluster
    Run(Box<run::Args>),
    /// Set a new size for a deployment, replica set, or replication controller
    Scale(scale::Args),
    /// Run a whole cluster in this process, in the foreground
    Server(server::Args),
    /// Set specific features on objects
    Set(set::Args),
    /// Update the taints on one or more nodes
    Taint(taint::Args),
    /// Mark node as schedulable
    Uncordon(cordon::Args),
    /// Print the client and server version information
    Version(version::Args),
    /// Wait for a specific condition on one or many resources
    Wait(wait::Args),
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
        Command::ApiResources(args) => args.run(session).await,
        Command::ApiVersions(args) => args.run(session).await,
        Command::Apply(args) => args.run(session).await,
        Command::Attach(args) => args.run(session).await,
        Command::Auth(args) => args.run(session).await,
        Command::Autoscale(args) => args.run(session).await,
        Command::Cluster(args) => args.run(session).await,
        Command::ClusterInfo(args) => args.run(session).await,
        Command::Completion(args) => args.run(session),
        Command::Config(args) => args.run(session),
        Command::Cordon(args) => args.run(session, true).await,
        Command::Create(args) => args.run(session).await,
        Command::Delete(args) => args.run(session).await,
        Command::Describe(args) => args.run(session).await,
        Command::Drain(args) => args.run(session).await,
        Command::Edit(args) => args.run(session).await,
        Command::Exec(args) => args.run(session).await,
        Command::Expose(args) => args.run(session).await,
        Command::Get(args) => args.run(session).await,
        Command::Image(args) => args.run(session).await,
        Command::Label(args) => args.run(session).await,
        Command::Logs(args) => args.run(session).await,
        Command::Patch(args) => args.run(session).await,
        Command::PortForward(args) => args.run(session).await,
        Command::Replace(args) => args.run(session).await,
        Command::Rollout(args) => args.run(session).await,
        Command::Run(args) => args.run(session).await,
        Command::Scale(args) => args.run(session).await,
        Command::Server(_) => unreachable!("it runs before there is an event loop"),
        Command::Set(args) => args.run(session).await,
        Command::Taint(args) => args.run(session).await,
        Command::Uncordon(args) => args.run(session, false).await,
        Command::Version(args) => args.run(session).await,
        Command::Wait(args) => args.run(session).await,
    }
}
