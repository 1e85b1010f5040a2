//! `cluster status`: zero where it runs, one where it does not.

use super::wishes::WishFlags;
use crate::error::{CommandError, Result};
use crate::session::Session;

#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(flatten)]
    wishes: WishFlags,
}

impl Args {
    pub async fn run(self, session: &mut Session<'_>) -> Result<()> {
        let status = cluster::local::status(&self.wishes.wishes()).map_err(|error| super::failed(&error))?;
        let config = &status.config;
        let state = status.pid.map_or_else(|| "stopped".to_owned(), |pid| format!("running (pid {pid})"));
        for (what, value) in [
            ("cluster", config.name.clone()),
            ("state", state),
            ("api server", format!("https://127.0.0.1:{}", config.api_port)),
            ("context", config.context()),
            ("kubeconfig", config.admin_kubeconfig().display().to_string()),
            ("node", format!("{} ({})", config.node_name, config.node_address())),
            ("pods", config.pod_cidr.to_string()),
            ("services", config.service_cidr.to_string()),
            ("data", config.data_dir.display().to_string()),
        ] {
            session.ui.line(&format!("{what:<12}{value}"));
        }
        if status.pid.is_some() { Ok(()) } else { Err(CommandError::Exit(1)) }
    }
}
