//! `cluster stop`.

use super::wishes::WishFlags;
use crate::error::Result;
use crate::session::Session;

#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(flatten)]
    wishes: WishFlags,
}

impl Args {
    pub async fn run(self, session: &mut Session<'_>) -> Result<()> {
        let ran = cluster::local::stop(&self.wishes.wishes()).await.map_err(|error| super::failed(&error))?;
        let verb = if ran { "stopped" } else { "was not running" };
        session.ui.line(&format!("cluster {:?} {verb}", self.wishes.name));
        Ok(())
    }
}
