//! `image`: container images of a local cluster, without a registry and without Docker.

mod build;
mod import;
mod ls;
mod rm;

use clap::Subcommand;

use crate::commands::cluster::WishFlags;
use crate::error::{CommandError, Result};
use crate::session::Session;

/// Build, import and look at container images of a cluster on this machine
#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(subcommand)]
    command: ImageCommand,
}

#[derive(Subcommand, Debug)]
enum ImageCommand {
    /// Build an image from a Dockerfile (FROM, COPY, ENV, WORKDIR, USER, EXPOSE, LABEL, ENTRYPOINT, CMD)
    Build(build::Args),
    /// Import images from archives (docker save, skopeo, OCI layouts)
    Import(import::Args),
    /// List images
    #[command(visible_alias = "list")]
    Ls(ls::Args),
    /// Remove images
    Rm(rm::Args),
}

impl Args {
    pub async fn run(self, session: &mut Session<'_>) -> Result<()> {
        match self.command {
            ImageCommand::Build(args) => args.run(session).await,
            ImageCommand::Import(args) => args.run(session).await,
            ImageCommand::Ls(args) => args.run(session).await,
            ImageCommand::Rm(args) => args.run(session).await,
        }
    }
}

/// The container runtime of the cluster, which must be running.
fn runtime(wishes: &WishFlags) -> Result<cluster::local::Runtime> {
    cluster::local::runtime(&wishes.wishes()).map_err(|error| failed(&error))
}

fn failed(error: &dyn std::fmt::Display) -> CommandError {
    CommandError::message(error.to_string())
}
