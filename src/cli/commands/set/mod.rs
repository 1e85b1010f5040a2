//! `set`: changes one thing of objects that exist.

mod image;

use clap::Subcommand;

use crate::error::Result;
use crate::session::Session;

#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(subcommand)]
    command: SetCommand,
}

#[derive(Subcommand, Debug)]
enum SetCommand {
    /// Update the image of a pod template
    Image(image::Args),
}

impl Args {
    pub async fn run(self, session: &mut Session<'_>) -> Result<()> {
        match self.command {
            SetCommand::Image(args) => args.run(session).await,
        }
    }
}
