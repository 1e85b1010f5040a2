//! `image import`.

use super::{failed, runtime};
use crate::commands::cluster::WishFlags;
use crate::error::{CommandError, Result};
use crate::session::Session;

#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(flatten)]
    wishes: WishFlags,
    /// Name for the image in place of those in the archive
    #[arg(short, long)]
    tag: Option<String>,
    /// Archives; - is standard input
    #[arg(required = true)]
    files: Vec<String>,
}

impl Args {
    pub async fn run(self, session: &mut Session<'_>) -> Result<()> {
        let runtime = runtime(&self.wishes)?;
        for file in &self.files {
            let bytes = if file == "-" { session.ui.read_input() } else { std::fs::read(file) };
            let bytes = bytes.map_err(|error| CommandError::message(format!("{file}: {error}")))?;
            let images =
                image::archive::read(&bytes, self.tag.as_deref()).map_err(|error| CommandError::message(format!("{file}: {error}")))?;
            for built in images {
                image::add(runtime.client(), &built).await.map_err(|error| failed(&error))?;
                for name in &built.names {
                    session.ui.line(&format!("{} imported", image::name::short(name)));
                }
            }
        }
        Ok(())
    }
}
