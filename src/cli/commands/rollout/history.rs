//! `rollout history`.

use std::fmt::Write;

use super::TargetFlags;
use super::replica_sets::{Version, versions};
use crate::error::{CommandError, Result};
use crate::flags::PrintFlags;
use crate::print::{Printer, print_outcome};
use crate::resources::Info;
use crate::session::Session;

const CHANGE_CAUSE: &str = "kubernetes.io/change-cause";

#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(flatten)]
    target: TargetFlags,
    #[command(flatten)]
    print: PrintFlags,
    /// See the details, including podTemplate of the revision specified
    #[arg(long, default_value_t = 0, allow_hyphen_values = true)]
    revision: i64,
}

impl Args {
    pub async fn run(self, session: &mut Session<'_>) -> Result<()> {
        if self.revision < 0 {
            return Err(CommandError::message(format!("revision must be a positive integer: {}", self.revision)));
        }
        Printer::new(&self.print, "")?;
        let (infos, mut errors) = self.target.objects(session).await?;
        for info in infos {
            if let Err(error) = self.show(session, &info).await {
                errors.push(error);
            }
        }
        CommandError::all(errors)
    }

    async fn show(&self, session: &mut Session<'_>, info: &Info) -> Result<()> {
        if info.mapping.kind != "Deployment" {
            return Err(CommandError::message(format!("no history viewer has been implemented for {:?}", info.mapping.printed())));
        }
        let versions = versions(session, info).await?;
        let missing = || CommandError::message("unable to find the specified revision");
        if self.print.output.is_some() {
            let wanted = versions.iter().filter(|version| self.revision == 0 || version.revision == self.revision);
            let mut printer = Printer::new(&self.print, "")?.typed();
            let mut found = false;
            for version in wanted {
                found = true;
                printer.print(session, &version.replica_set)?;
            }
            return if found || self.revision == 0 { Ok(()) } else { Err(missing()) };
        }
        let (with_revision, text) = if self.revision > 0 {
            let version = versions.iter().find(|version| version.revision == self.revision).ok_or_else(missing)?;
            (format!("with revision #{}", self.revision), crate::commands::describe::pod_template(&template(version))?)
        } else {
            (String::new(), overview(&versions))
        };
        print_outcome(session, &self.print, &format!("{with_revision}\n{text}"), &info.object)
    }
}

/// The template with the cause of its change among its annotations.
fn template(version: &Version) -> serde_json::Value {
    let mut template = version.replica_set["spec"]["template"].clone();
    if let Some(cause) = cause(version) {
        crate::commands::modify::map_at(&mut template, &["metadata", "annotations"]).insert(CHANGE_CAUSE.to_owned(), cause.into());
    }
    template
}

fn cause(version: &Version) -> Option<&str> {
    version.replica_set.pointer("/metadata/annotations")?.get(CHANGE_CAUSE)?.as_str().filter(|cause| !cause.is_empty())
}

fn overview(versions: &[Version]) -> String {
    if versions.is_empty() {
        return "No rollout history found.".to_owned();
    }
    let mut rows = "REVISION\tCHANGE-CAUSE\n".to_owned();
    for version in versions {
        // Writing to a string does not fail.
        let _ = writeln!(rows, "{}\t{}", version.revision, cause(version).unwrap_or("<none>"));
    }
    output::tabwriter::align(output::tabwriter::Layout::DESCRIBE, &rows)
}
