//! The commands, one file each. A command is a documented `Args` struct and one `run`.

mod completion;
mod version;

use clap::Subcommand;

use crate::error::{CommandError, Result};
use crate::session::Session;

/// Every command of the program.
#[derive(Subcommand, Debug)]
pub enum Command {
    /// Output shell completion code for the specified shell (bash, zsh, fish, or powershell)
    Completion(completion::Args),
    /// Print the client and server version information
    Version(version::Args),
}

/// Runs a command to its end.
pub fn run(command: Command, mut session: Session<'_>) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| CommandError::message(format!("no event loop: {error}")))?;
    runtime.block_on(dispatch(command, &mut session))?;
    session.finish()
}

async fn dispatch(command: Command, session: &mut Session<'_>) -> Result<()> {
    match command {
        Command::Completion(args) => args.run(session),
        Command::Version(args) => args.run(session).await,
    }
}
