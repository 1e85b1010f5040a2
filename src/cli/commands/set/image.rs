//! `set image`.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::commands::modify::{PatchKind, difference, send, words_and_pairs};
use crate::error::{CommandError, Result};
use crate::flags::{DryRun, DryRunFlag, FilenameFlags, PrintFlags};
use crate::print::{Printer, print_outcome};
use crate::resources::{Info, Selection};
use crate::session::Session;

#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(flatten)]
    files: FilenameFlags,
    #[command(flatten)]
    print: PrintFlags,
    #[command(flatten)]
    dry_run: DryRunFlag,
    /// Select all resources, in the namespace of the specified resource types
    #[arg(long)]
    all: bool,
    /// Name of the manager used to track field ownership.
    #[arg(long, default_value = "kubectl-set")]
    field_manager: String,
    /// If true, set image will NOT contact api-server but run locally.
    #[arg(long)]
    local: bool,
    /// Selector (label query) to filter on
    #[arg(short = 'l', long)]
    selector: Option<String>,
    words: Vec<String>,
}

impl Args {
    pub async fn run(self, session: &mut Session<'_>) -> Result<()> {
        let dry_run = self.dry_run.strategy()?;
        let (resources, pairs) = words_and_pairs(&self.words, "image")?;
        let images = parse(&pairs)?;
        if self.all && self.selector.is_some() {
            return Err(CommandError::message("cannot set --all and --selector at the same time"));
        }
        if resources.is_empty() && self.files.is_empty() {
            return Err(CommandError::message(crate::resources::MISSING));
        }
        if images.is_empty() {
            return Err(CommandError::message("at least one image update is required"));
        }
        if images.len() > 1 && images.contains_key("*") {
            return Err(CommandError::message(
                "all containers are already specified by *, but saw more than one container_name=container_image pairs",
            ));
        }
        if self.local && dry_run == DryRun::Server {
            return Err(CommandError::message("cannot specify --local and --dry-run=server - did you mean --dry-run=client?"));
        }
        Printer::new(&self.print, "")?;
        let selection = Selection {
            filenames: self.files.clone(),
            words: resources,
            labels: self.selector.clone(),
            all: self.all,
            latest: !self.local,
            ..Selection::default()
        };
        let (infos, mut errors) = selection.objects(session).await?;
        for info in infos {
            self.change(session, &info, &images, dry_run, &mut errors).await;
        }
        CommandError::all(errors)
    }

    async fn change(
        &self,
        session: &mut Session<'_>,
        info: &Info,
        images: &BTreeMap<String, String>,
        dry_run: DryRun,
        errors: &mut Vec<CommandError>,
    ) {
        let mut new = info.object.clone();
        let Some(spec) = pod_spec(&mut new) else {
            errors.push(CommandError::message(format!(
                "{}/{} the object is not a pod or does not have a pod template: {}",
                info.mapping.resource(),
                info.name,
                info.mapping.kind
            )));
            return;
        };
        for (container, image) in images {
            if !set_image(spec, container, image) {
                errors.push(CommandError::message(format!("unable to find container named {container:?}")));
            }
        }
        if let Err(error) = self.store(session, info, new, dry_run).await {
            errors.push(error);
        }
    }

    async fn store(&self, session: &mut Session<'_>, info: &Info, new: Value, dry_run: DryRun) -> Result<()> {
        let Some(patch) = difference(info, PatchKind::Strategic, &info.object, &new)? else { return Ok(()) };
        let object = if self.local || dry_run == DryRun::Client {
            new
        } else {
            send(session, info, patch, dry_run, &self.field_manager).await.map_err(|error| match error {
                CommandError::Api(error) => {
                    CommandError::message(format!("failed to patch image update to pod template: {}", error.message()))
                }
                other => other,
            })?
        };
        print_outcome(session, &self.print, &format!("image updated{}", dry_run.suffix()), &object)
    }
}

fn parse(pairs: &[String]) -> Result<BTreeMap<String, String>> {
    let bad: Vec<&str> = pairs.iter().filter(|pair| !pair.contains('=')).map(String::as_str).collect();
    if !bad.is_empty() {
        return Err(CommandError::message(format!("invalid image format: {}", bad.join(", "))));
    }
    Ok(pairs.iter().filter_map(|pair| pair.split_once('=')).map(|(name, image)| (name.to_owned(), image.to_owned())).collect())
}

/// The pod spec inside an object: a pod's own, a template's, a cron job's job's.
pub fn pod_spec(object: &mut Value) -> Option<&mut Value> {
    let pointer = ["/spec/jobTemplate/spec/template/spec", "/spec/template/spec", "/template/spec", "/spec/containers"]
        .into_iter()
        .find(|pointer| object.pointer(pointer).is_some())?;
    if pointer == "/spec/containers" { object.pointer_mut("/spec") } else { object.pointer_mut(pointer) }
}

fn set_image(spec: &mut Value, container: &str, image: &str) -> bool {
    let mut found = false;
    for list in ["initContainers", "containers"] {
        for entry in spec.get_mut(list).and_then(Value::as_array_mut).into_iter().flatten() {
            if container == "*" || entry.get("name").and_then(Value::as_str) == Some(container) {
                entry["image"] = Value::from(image);
                found = true;
            }
        }
    }
    found
}
