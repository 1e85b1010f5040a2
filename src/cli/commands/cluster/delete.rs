//! `cluster delete`.

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
        let kubeconfig = super::kubeconfig_file(session);
        cluster::local::delete(&self.wishes.wishes(), &kubeconfig).await.map_err(|error| super::failed(&error))?;
        session.ui.line(&format!("cluster {:?} deleted", self.wishes.name));
        Ok(())
    }
}
