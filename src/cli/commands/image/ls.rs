//! `image ls`.

use super::{failed, runtime};
use crate::commands::cluster::WishFlags;
use crate::error::Result;
use crate::session::Session;

#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(flatten)]
    wishes: WishFlags,
    /// Print names alone
    #[arg(short, long)]
    quiet: bool,
}

impl Args {
    pub async fn run(self, session: &mut Session<'_>) -> Result<()> {
        let runtime = runtime(&self.wishes)?;
        let images = runtime.client().list_images().await.map_err(|error| failed(&error))?;
        let mut rows: Vec<[String; 3]> = images
            .iter()
            .flat_map(|found| {
                let id = found.id.strip_prefix("sha256:").unwrap_or(&found.id).chars().take(12).collect::<String>();
                let size = format!("{:.1} MB", found.size as f64 / 1e6);
                found.repo_tags.iter().map(move |name| [image::name::short(name).to_owned(), id.clone(), size.clone()])
            })
            .collect();
        rows.sort();
        if self.quiet {
            rows.iter().for_each(|[name, ..]| session.ui.line(name));
            return Ok(());
        }
        let mut table = comfy_table::Table::new();
        table.load_style(comfy_table::presets::NOTHING).set_header(["IMAGE", "ID", "SIZE"]).add_rows(rows);
        let text: Vec<String> = table.lines().map(|line| line.trim().to_owned()).collect();
        session.ui.line(&text.join("\n"));
        Ok(())
    }
}
