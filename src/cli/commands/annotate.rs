//! `annotate`: sets and removes annotations.

use std::collections::BTreeMap;

use serde_json::Value;

use super::modify::{PatchKind, difference, map_at, send, words_and_pairs};
use crate::error::{CommandError, Result};
use crate::flags::{DryRun, DryRunFlag, FilenameFlags, PrintFlags};
use crate::print::{Printer, print_outcome};
use crate::resources::{Info, Selection};
use crate::session::Session;

/// May always be overwritten: every rollout has its own.
const CHANGE_CAUSE: &str = "kubernetes.io/change-cause";

#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(flatten)]
    files: FilenameFlags,
    #[command(flatten)]
    print: PrintFlags,
    #[command(flatten)]
    dry_run: DryRunFlag,
    /// Select all resources, in the namespace of the specified resource types.
    #[arg(long)]
    all: bool,
    /// If true, check the specified action in all namespaces.
    #[arg(short = 'A', long)]
    all_namespaces: bool,
    /// Name of the manager used to track field ownership.
    #[arg(long, default_value = "kubectl-annotate")]
    field_manager: String,
    /// Selector (field query) to filter on
    #[arg(long)]
    field_selector: Option<String>,
    /// If true, display the annotations for a given resource.
    #[arg(long)]
    list: bool,
    /// If true, annotation will NOT contact api-server but run locally.
    #[arg(long)]
    local: bool,
    /// If true, allow annotations to be overwritten, otherwise reject annotation updates that overwrite existing annotations.
    #[arg(long)]
    overwrite: bool,
    /// If non-empty, the annotation update will only succeed if this is the current resource-version for the object.
    #[arg(long)]
    resource_version: Option<String>,
    /// Selector (label query) to filter on
    #[arg(short = 'l', long)]
    selector: Option<String>,
    words: Vec<String>,
}

/// What to set and what to remove.
#[derive(Default)]
struct Change {
    set: BTreeMap<String, String>,
    remove: Vec<String>,
}

impl Args {
    pub async fn run(self, session: &mut Session<'_>) -> Result<()> {
        let dry_run = self.dry_run.strategy()?;
        let (resources, pairs) = words_and_pairs(&self.words, "annotation")?;
        let change = parse(&pairs)?;
        if self.all && self.selector.is_some() {
            return Err(CommandError::message("cannot set --all and --selector at the same time"));
        }
        if resources.is_empty() && self.files.is_empty() {
            return Err(CommandError::message("one or more resources must be specified as <resource> <name> or <resource>/<name>"));
        }
        if change.set.is_empty() && change.remove.is_empty() && !self.list {
            return Err(CommandError::message("at least one annotation update is required"));
        }
        Printer::new(&self.print, "")?;
        let selection = Selection {
            filenames: self.files.clone(),
            words: resources,
            labels: self.selector.clone(),
            fields: self.field_selector.clone(),
            all: self.all,
            all_namespaces: self.all_namespaces,
            latest: !self.local,
            ..Selection::default()
        };
        let (infos, mut errors) = selection.objects(session).await?;
        let single = infos.len() + errors.len() == 1;
        if !single && self.resource_version.is_some() {
            return Err(CommandError::message("--resource-version may only be used with a single resource"));
        }
        for info in infos {
            if let Err(error) = self.change(session, info, &change, dry_run, single).await {
                errors.push(error);
            }
        }
        CommandError::all(errors)
    }

    async fn change(&self, session: &mut Session<'_>, info: Info, change: &Change, dry_run: DryRun, single: bool) -> Result<()> {
        let mut new = info.object.clone();
        let annotations = map_at(&mut new, &["metadata", "annotations"]);
        if !self.overwrite {
            let declared: Vec<String> = change
                .set
                .iter()
                .filter(|(key, _)| *key != CHANGE_CAUSE)
                .filter_map(|(key, value)| {
                    let current = annotations.get(key)?.as_str()?;
                    (current != value).then(|| format!("'{key}' already has a value ({current})"))
                })
                .collect();
            if !declared.is_empty() {
                return Err(CommandError::message(format!(
                    "--overwrite is false but found the following declared annotation(s): {}",
                    declared.join("; ")
                )));
            }
        }
        annotations.extend(change.set.iter().map(|(key, value)| (key.clone(), Value::from(value.clone()))));
        for key in &change.remove {
            annotations.remove(key);
        }
        let annotations = annotations.clone();
        if let Some(version) = &self.resource_version {
            new["metadata"]["resourceVersion"] = Value::from(version.clone());
        }
        let mut object = new;
        if dry_run != DryRun::Client && !self.local && !self.list {
            let mut old = info.object.clone();
            if self.resource_version.is_some() {
                old["metadata"]["resourceVersion"] = Value::Null;
            }
            if let Some(patch) = difference(&info, PatchKind::Merge, &old, &object)? {
                object = send(session, &info, patch, dry_run, &self.field_manager).await?;
            }
        }
        if self.list {
            if !single {
                session.ui.line(&format!("Listing annotations for {}.{}/{}:", info.mapping.kind, info.mapping.group, info.name));
            }
            for (key, value) in &annotations {
                session.ui.line(&format!("{}{key}={}", if single { "" } else { " " }, value.as_str().unwrap_or_default()));
            }
            return Ok(());
        }
        print_outcome(session, &self.print, &format!("annotated{}", dry_run.suffix()), &object)
    }
}

fn parse(pairs: &[String]) -> Result<Change> {
    let mut change = Change::default();
    for pair in pairs {
        match pair.split_once('=') {
            Some((key, value)) => {
                change.set.insert(key.to_owned(), value.to_owned());
            }
            None => change.remove.push(pair.trim_end_matches('-').to_owned()),
        }
    }
    let both: Vec<&str> = change.remove.iter().filter(|key| change.set.contains_key(*key)).map(String::as_str).collect();
    if !both.is_empty() {
        return Err(CommandError::message(format!(
            "can not both modify and remove the following annotation(s) in the same command: {}",
            both.join(", ")
        )));
    }
    Ok(change)
}
