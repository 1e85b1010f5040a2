//! `set image`.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::commands::modify::{PatchKind, Sending, each, words_and_pairs};
use crate::error::{CommandError, Result};
use crate::flags::{DryRun, DryRunFlag, FilenameFlags, PrintFlags};
use crate::print::{Printer, print_typed};
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
        let sending = Sending { local: self.local, ..Sending::new(PatchKind::Strategic, dry_run, &self.field_manager) };
        each(session, &selection, None, async |session, info, _| self.change(session, info, &images, &sending).await).await
    }

    async fn change(&self, session: &mut Session<'_>, info: &Info, images: &BTreeMap<String, String>, sending: &Sending<'_>) -> Result<()> {
        let mut new = info.object.clone();
        let Some(spec) = pod_spec(&mut new) else {
            return Err(CommandError::message(format!(
                "{}/{} the object is not a pod or does not have a pod template: {}",
                info.mapping.resource(),
                info.name,
                info.mapping.kind
            )));
        };
        let unknown = images.iter().filter(|(container, image)| !set_image(spec, container, image));
        let mut errors: Vec<_> =
            unknown.map(|(container, _)| CommandError::message(format!("unable to find container named {container:?}"))).collect();
        if let Err(error) = self.store(session, info, new, sending).await {
            errors.push(error);
        }
        CommandError::all(errors)
    }

    async fn store(&self, session: &mut Session<'_>, info: &Info, new: Value, sending: &Sending<'_>) -> Result<()> {
        if new == info.object {
            return Ok(());
        }
        let object = sending.store(session, info, new).await.map_err(|error| match error {
            CommandError::Api(error) => CommandError::message(format!("failed to patch image update to pod template: {}", error.message())),
            other => other,
        })?;
        print_typed(session, &self.print, &format!("image updated{}", sending.dry_run.suffix()), &object)
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
