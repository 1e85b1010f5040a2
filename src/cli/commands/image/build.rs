//! `image build`.

use std::path::PathBuf;

use super::{failed, runtime};
use crate::commands::cluster::WishFlags;
use crate::error::{CommandError, Result};
use crate::session::Session;

#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(flatten)]
    wishes: WishFlags,
    /// Name of the image; may be repeated
    #[arg(short, long, required = true)]
    tag: Vec<String>,
    /// The Dockerfile [default: DIR/Dockerfile]
    #[arg(short, long)]
    file: Option<PathBuf>,
    /// The folder that COPY copies from
    dir: PathBuf,
}

impl Args {
    pub async fn run(self, session: &mut Session<'_>) -> Result<()> {
        let dockerfile = self.file.clone().unwrap_or_else(|| self.dir.join("Dockerfile"));
        let plan = image::build::Plan::read(&self.dir, &dockerfile, &self.tag).map_err(|error| failed(&error))?;
        let runtime = runtime(&self.wishes)?;
        let base = match plan.base().map_err(|error| failed(&error))? {
            None => None,
            Some(name) => {
                let found = image::base(runtime.client(), &name).await.map_err(|error| failed(&error))?;
                Some(found.ok_or_else(|| CommandError::message(image::build::BuildError::NoBase(name).to_string()))?)
            }
        };
        let built = plan.build(base).map_err(|error| failed(&error))?;
        image::add(runtime.client(), &built).await.map_err(|error| failed(&error))?;
        for name in &built.names {
            session.ui.line(&format!("{} built", image::name::short(name)));
        }
        Ok(())
    }
}
