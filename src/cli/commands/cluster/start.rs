//! `cluster start`.

use std::time::Duration;

use cluster::process::Progress;

use super::wishes::{ShapeFlags, WishFlags};
use crate::error::{CommandError, Result};
use crate::session::Session;

#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(flatten)]
    wishes: WishFlags,
    #[command(flatten)]
    shape: ShapeFlags,
    /// How long to wait for the node to be Ready
    #[arg(long, default_value = "60s", value_name = "DURATION")]
    wait: String,
}

impl Args {
    pub fn run(self, session: &mut Session<'_>) -> Result<()> {
        let limit = crate::flags::duration(&self.wait).map_err(CommandError::message)?.unwrap_or(Duration::from_secs(60));
        let program = std::env::current_exe().map_err(|error| CommandError::message(format!("this program is not found: {error}")))?;
        let kubeconfig = super::kubeconfig_file(session);
        let name = self.wishes.name.clone();
        let ui = &mut *session.ui;
        let started = cluster::local::start(&self.wishes.shaped(&self.shape), &program, &kubeconfig, limit, |step| match step {
            Progress::ApiServer(url) => ui.error_line(&format!("API server ready at {url}")),
            Progress::Node(node) => ui.error_line(&format!("node {node} ready")),
            Progress::Failed(_) => {}
        });
        let started = started.map_err(|error| super::failed(&error))?;
        let verb = if started.already { "is already running" } else { "started" };
        session.ui.line(&format!(
            "cluster {name:?} {verb} (pid {}); context {:?} is set in {}",
            started.pid,
            started.config.context(),
            kubeconfig.display()
        ));
        Ok(())
    }
}
