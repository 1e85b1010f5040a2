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
pub mod version;
mod wait;

use clap::Subcommand;

use crate::command_line::Cobra;
use crate::error::{CommandError, Result};
use crate::session::Session;

/// Every command of the program. The flags of a command are made when it is the one that runs.
#[derive(Subcommand, Debug)]
#[command(defer = true)]
pub enum Command {
    /// Update the annotations on a resource
    Annotate(Cobra<annotate::Args>),
    /// Print the supported API resources on the server
    ApiResources(Cobra<api_resources::Args>),
    /// Print the supported API versions on the server, in the form of "group/version"
    ApiVersions(Cobra<api_resources::Versions>),
    /// Apply a configuration to a resource by file name or stdin
    Apply(Cobra<apply::Args>),
    /// Attach to a running container
    Attach(Cobra<attach::Args>),
    /// Inspect authorization
    Auth(Cobra<auth::Args>),
    /// Auto-scale a deployment, replica set, stateful set, or replication controller
    Autoscale(Cobra<Box<autoscale::Args>>),
    /// Start, stop and look at a cluster on this machine
    Cluster(Cobra<cluster::Args>),
    /// Display cluster information
    ClusterInfo(Cobra<cluster_info::Args>),
    /// Output shell completion code for the specified shell (bash, zsh, fish, or powershell)
    Completion(Cobra<completion::Args>),
    /// Modify kubeconfig files
    Config(Cobra<config::Args>),
    /// Mark node as unschedulable
    Cordon(Cobra<cordon::Args>),
    /// Create a resource from a file or from stdin
    Create(Cobra<create::Args>),
    /// Delete resources by file names, stdin, resources and names, or by resources and label selector
    Delete(Cobra<delete::Args>),
    /// Show details of a specific resource or group of resources
    Describe(Cobra<Box<describe::Args>>),
    /// Drain node in preparation for maintenance
    Drain(Cobra<drain::Args>),
    /// Edit a resource on the server
    Edit(Cobra<edit::Args>),
    /// Execute a command in a container
    Exec(Cobra<exec::Args>),
    /// Take a replication controller, service, deployment or pod and expose it as a new Kubernetes service
    Expose(Cobra<Box<expose::Args>>),
    /// Display one or many resources
    Get(Cobra<Box<get::Args>>),
    /// Build, import and look at container images of a cluster on this machine
    Image(Cobra<image::Args>),
    /// Update the labels on a resource
    Label(Cobra<label::Args>),
    /// Print the logs for a container in a pod
    Logs(Cobra<logs::Args>),
    /// Update fields of a resource
    Patch(Cobra<patch::Args>),
    /// Forward one or more local ports to a pod
    PortForward(Cobra<port_forward::Args>),
    /// Replace a resource by file name or stdin
    Replace(Cobra<replace::Args>),
    /// Manage the rollout of a resource
    Rollout(Cobra<rollout::Args>),
    /// Run a particular image on the cluster
    Run(Cobra<Box<run::Args>>),
    /// Set a new size for a deployment, replica set, or replication controller
    Scale(Cobra<scale::Args>),
    /// Run a whole cluster in this process, in the foreground
    Server(Cobra<server::Args>),
    /// Set specific features on objects
    Set(Cobra<set::Args>),
    /// Update the taints on one or more nodes
    Taint(Cobra<taint::Args>),
    /// Mark node as schedulable
    Uncordon(Cobra<cordon::Args>),
    /// Print the client and server version information
    Version(Cobra<version::Args>),
    /// Wait for a specific condition on one or many resources
    Wait(Cobra<wait::Args>),
}

/// Runs a command to its end.
pub fn run(command: Command, mut session: Session<'_>) -> Result<()> {
    if let Command::Server(Cobra(args)) = command {
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
        Command::Annotate(Cobra(args)) => args.run(session).await,
        Command::ApiResources(Cobra(args)) => args.run(session).await,
        Command::ApiVersions(Cobra(args)) => args.run(session).await,
        Command::Apply(Cobra(args)) => args.run(session).await,
        Command::Attach(Cobra(args)) => args.run(session).await,
        Command::Auth(Cobra(args)) => args.run(session).await,
        Command::Autoscale(Cobra(args)) => args.run(session).await,
        Command::Cluster(Cobra(args)) => args.run(session).await,
        Command::ClusterInfo(Cobra(args)) => args.run(session).await,
        Command::Completion(Cobra(args)) => args.run(session),
        Command::Config(Cobra(args)) => args.run(session),
        Command::Cordon(Cobra(args)) => args.run(session, true).await,
        Command::Create(Cobra(args)) => args.run(session).await,
        Command::Delete(Cobra(args)) => args.run(session).await,
        Command::Describe(Cobra(args)) => args.run(session).await,
        Command::Drain(Cobra(args)) => args.run(session).await,
        Command::Edit(Cobra(args)) => args.run(session).await,
        Command::Exec(Cobra(args)) => args.run(session).await,
        Command::Expose(Cobra(args)) => args.run(session).await,
        Command::Get(Cobra(args)) => args.run(session).await,
        Command::Image(Cobra(args)) => args.run(session).await,
        Command::Label(Cobra(args)) => args.run(session).await,
        Command::Logs(Cobra(args)) => args.run(session).await,
        Command::Patch(Cobra(args)) => args.run(session).await,
        Command::PortForward(Cobra(args)) => args.run(session).await,
        Command::Replace(Cobra(args)) => args.run(session).await,
        Command::Rollout(Cobra(args)) => args.run(session).await,
        Command::Run(Cobra(args)) => args.run(session).await,
        Command::Scale(Cobra(args)) => args.run(session).await,
        Command::Server(_) => unreachable!("it runs before there is an event loop"),
        Command::Set(Cobra(args)) => args.run(session).await,
        Command::Taint(Cobra(args)) => args.run(session).await,
        Command::Uncordon(Cobra(args)) => args.run(session, false).await,
        Command::Version(Cobra(args)) => args.run(session).await,
        Command::Wait(Cobra(args)) => args.run(session).await,
    }
}
