//! `label`: sets and removes labels.

use serde_json::Value;

use super::modify::{PatchKind, difference, map_at, send, words_and_pairs};
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
    /// If true, check the specified action in all namespaces.
    #[arg(short = 'A', long)]
    all_namespaces: bool,
    /// Name of the manager used to track field ownership.
    #[arg(long, default_value = "kubectl-label")]
    field_manager: String,
    /// Selector (field query) to filter on
    #[arg(long)]
    field_selector: Option<String>,
    /// If true, display the labels for a given resource.
    #[arg(long)]
    list: bool,
    /// If true, label will NOT contact api-server but run locally.
    #[arg(long)]
    local: bool,
    /// If true, allow labels to be overwritten, otherwise reject label updates that overwrite existing labels.
    #[arg(long)]
    overwrite: bool,
    /// If non-empty, the labels update will only succeed if this is the current resource-version for the object.
    #[arg(long)]
    resource_version: Option<String>,
    /// Selector (label query) to filter on
    #[arg(short = 'l', long)]
    selector: Option<String>,
    words: Vec<String>,
}

/// What to set and what to remove.
struct Change {
    set: Vec<(String, String)>,
    remove: Vec<String>,
}

impl Args {
    pub async fn run(self, session: &mut Session<'_>) -> Result<()> {
        let dry_run = self.dry_run.strategy()?;
        let (resources, pairs) = words_and_pairs(&self.words, "label")?;
        let change = parse(&pairs)?;
        self.check(&resources, &change, dry_run)?;
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

    fn check(&self, resources: &[String], change: &Change, dry_run: DryRun) -> Result<()> {
        let refuse = |why: &str| Err(CommandError::message(why));
        if self.list && self.print.output.is_some() {
            return refuse("--list and --output may not be specified together");
        }
        if self.all && self.selector.is_some() {
            return refuse("cannot set --all and --selector at the same time");
        }
        if self.all && self.field_selector.is_some() {
            return refuse("cannot set --all and --field-selector at the same time");
        }
        if self.local {
            if dry_run == DryRun::Server {
                return refuse("cannot specify --local and --dry-run=server - did you mean --dry-run=client?");
            }
            if !resources.is_empty() {
                return refuse("can only use local files by -f pod.yaml or --filename=pod.json when --local=true is set");
            }
            if self.files.is_empty() {
                return refuse("one or more files must be specified as -f pod.yaml or --filename=pod.json");
            }
        } else if resources.is_empty() && self.files.is_empty() {
            return refuse("one or more resources must be specified as <resource> <name> or <resource>/<name>");
        }
        if change.set.is_empty() && change.remove.is_empty() && !self.list {
            return refuse("at least one label update is required");
        }
        Ok(())
    }

    async fn change(&self, session: &mut Session<'_>, info: Info, change: &Change, dry_run: DryRun, single: bool) -> Result<()> {
        let mut new = info.object.clone();
        let labels = map_at(&mut new, &["metadata", "labels"]);
        if !self.overwrite {
            for (key, value) in &change.set {
                if let Some(current) = labels.get(key).and_then(Value::as_str).filter(|current| current != value) {
                    return Err(CommandError::message(format!("'{key}' already has a value ({current}), and --overwrite is false")));
                }
            }
        }
        let sends = dry_run != DryRun::Client && !self.local && !self.list;
        let (mut added, mut removed) = (false, false);
        for (key, value) in &change.set {
            added |= labels.insert(key.clone(), Value::from(value.clone())).as_ref().and_then(Value::as_str) != Some(value);
        }
        for key in &change.remove {
            let was_there = labels.remove(key).is_some();
            removed |= was_there;
            if !was_there && sends {
                session.ui.line(&format!("label {key:?} not found."));
            }
        }
        let labels = labels.clone();
        if let Some(version) = &self.resource_version {
            new["metadata"]["resourceVersion"] = Value::from(version.clone());
        }
        if sends && (added || removed) {
            let mut old = info.object.clone();
            if self.resource_version.is_some() {
                old["metadata"]["resourceVersion"] = Value::Null;
            }
            if let Some(patch) = difference(&info, PatchKind::Merge, &old, &new)? {
                send(session, &info, patch, dry_run, &self.field_manager).await?;
            }
        }
        if self.list {
            if !single {
                session.ui.line(&format!("Listing labels for {}.{}/{}:", info.mapping.kind, info.mapping.group, info.name));
            }
            for (key, value) in &labels {
                session.ui.line(&format!("{}{key}={}", if single { "" } else { " " }, value.as_str().unwrap_or_default()));
            }
            return Ok(());
        }
        let operation = match (added, removed) {
            (true, true) => "modified",
            (true, false) => "labeled",
            (false, true) => "unlabeled",
            (false, false) => "not labeled",
        };
        print_outcome(session, &self.print, &format!("{operation}{}", dry_run.suffix()), &new)
    }
}

fn parse(pairs: &[String]) -> Result<Change> {
    let mut change = Change { set: Vec::new(), remove: Vec::new() };
    for pair in pairs {
        if pair.contains('=') {
            let [key, value] = pair.split('=').collect::<Vec<_>>()[..] else {
                return Err(CommandError::message(format!("invalid label spec: {pair}")));
            };
            let faults = api::names::label_value(value);
            if !faults.is_empty() {
                return Err(CommandError::message(format!("invalid label value: {pair:?}: {}", faults.join(";"))));
            }
            change.set.push((key.to_owned(), value.to_owned()));
        } else {
            change.remove.push(pair.trim_end_matches('-').to_owned());
        }
    }
    if change.remove.iter().any(|removed| change.set.iter().any(|(key, _)| key == removed)) {
        return Err(CommandError::message("can not both modify and remove a label in the same command"));
    }
    Ok(change)
}
