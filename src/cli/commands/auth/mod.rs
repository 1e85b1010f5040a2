//! `auth`: who the server takes us for, and what we may do. Leaves out `reconcile`.

mod can_i;
mod whoami;

use clap::Subcommand;

use crate::error::Result;
use crate::session::Session;

#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(subcommand)]
    command: AuthCommand,
}

#[derive(Subcommand, Debug)]
enum AuthCommand {
    /// Check whether an action is allowed
    #[command(name = "can-i")]
    CanI(can_i::Args),
    /// Experimental: Check self subject attributes
    Whoami(whoami::Args),
}

impl Args {
    pub async fn run(self, session: &mut Session<'_>) -> Result<()> {
        match self.command {
            AuthCommand::CanI(args) => args.run(session).await,
            AuthCommand::Whoami(args) => args.run(session).await,
        }
    }
}
