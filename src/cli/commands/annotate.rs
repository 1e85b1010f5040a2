//! `annotate`: sets and removes annotations.

use std::collections::BTreeMap;

use serde_json::Value;

use super::modify::{PairFlags, Sending, map_at, words_and_pairs};
use crate::error::{CommandError, Result};
use crate::print::print_outcome;
use crate::resources::Info;
use crate::session::Session;

/// May always be overwritten: every rollout has its own.
const CHANGE_CAUSE: &str = "kubernetes.io/change-cause";

#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(flatten)]
    flags: PairFlags,
    /// Name of the manager used to track field ownership.
    #[arg(long, default_value = "kubectl-annotate")]
    field_manager: String,
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
        let (resources, pairs) = words_and_pairs(&self.words, "annotation")?;
        let change = parse(&pairs)?;
        self.flags.check(&resources, !(change.set.is_empty() && change.remove.is_empty()), "annotation", "rsrc")?;
        let changing = async |session: &mut Session<'_>, info: &Info, sending: &Sending<'_>, single| {
            self.change(session, info, &change, sending, single).await
        };
        self.flags.each(session, resources, &self.field_manager, changing).await
    }

    async fn change(&self, session: &mut Session<'_>, info: &Info, change: &Change, sending: &Sending<'_>, single: bool) -> Result<()> {
        let mut new = info.object.clone();
        let annotations = map_at(&mut new, &["metadata", "annotations"]);
        if !self.flags.overwrite {
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
        let object = sending.store(session, info, new).await?;
        if self.flags.list {
            self.flags.print_list(session, info, "annotations", &annotations, single);
            return Ok(());
        }
        print_outcome(session, &self.flags.print, &format!("annotated{}", sending.dry_run.suffix()), &object)
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
