//! `image rm`.

use super::{failed, runtime};
use crate::commands::cluster::WishFlags;
use crate::error::{CommandError, Result};
use crate::session::Session;

#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(flatten)]
    wishes: WishFlags,
    #[arg(required = true)]
    names: Vec<String>,
}

impl Args {
    pub async fn run(self, session: &mut Session<'_>) -> Result<()> {
        let runtime = runtime(&self.wishes)?;
        let mut errors = Vec::new();
        for written in &self.names {
            let name = image::name::normalized(written).map_err(|error| failed(&error))?;
            match runtime.client().image_status(&name).await.map_err(|error| failed(&error))? {
                None => errors.push(CommandError::message(format!("image {written:?} is not in the cluster"))),
                Some(_) => {
                    runtime.client().remove_image(&name).await.map_err(|error| failed(&error))?;
                    session.ui.line(&format!("{written} removed"));
                }
            }
        }
        CommandError::all(errors)
    }
}
