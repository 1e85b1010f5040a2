//! `server`: a whole cluster in this process, in the foreground.

use super::cluster::WishFlags;
use super::cluster::wishes::ShapeFlags;
use crate::error::{CommandError, Result};
use crate::session::Session;

#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(flatten)]
    wishes: WishFlags,
    #[command(flatten)]
    shape: ShapeFlags,
    /// Tell each step of the start on standard output, for the program that started this one
    #[arg(long, hide = true)]
    progress: bool,
}

impl Args {
    /// Runs until a signal ends it. Makes an event loop of its own, on all cores.
    pub fn run(self, session: &Session<'_>) -> Result<()> {
        let result = cluster::server::run(&self.wishes.shaped(&self.shape), self.progress, session.globals.verbosity);
        result.map_err(|error| CommandError::message(format!("{error:#}")))
    }
}
