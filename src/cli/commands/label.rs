//! `label`: sets and removes labels.

use serde_json::Value;

use super::modify::{PairFlags, Sending, map_at, words_and_pairs};
use crate::error::{CommandError, Result};
use crate::print::print_outcome;
use crate::resources::Info;
use crate::session::Session;

#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(flatten)]
    flags: PairFlags,
    /// Name of the manager used to track field ownership.
    #[arg(long, default_value = "kubectl-label")]
    field_manager: String,
    words: Vec<String>,
}

/// What to set and what to remove.
struct Change {
    set: Vec<(String, String)>,
    remove: Vec<String>,
}

impl Args {
    pub async fn run(self, session: &mut Session<'_>) -> Result<()> {
        let (resources, pairs) = words_and_pairs(&self.words, "label")?;
        let change = parse(&pairs)?;
        self.flags.check(&resources, !(change.set.is_empty() && change.remove.is_empty()), "label", "pod")?;
        let changing = async |session: &mut Session<'_>, info: &Info, sending: &Sending<'_>, single| {
            self.change(session, info, &change, sending, single).await
        };
        self.flags.each(session, resources, &self.field_manager, changing).await
    }

    async fn change(&self, session: &mut Session<'_>, info: &Info, change: &Change, sending: &Sending<'_>, single: bool) -> Result<()> {
        let mut new = info.object.clone();
        let labels = map_at(&mut new, &["metadata", "labels"]);
        if !self.flags.overwrite {
            for (key, value) in &change.set {
                if let Some(current) = labels.get(key).and_then(Value::as_str).filter(|current| current != value) {
                    return Err(CommandError::message(format!("'{key}' already has a value ({current}), and --overwrite is false")));
                }
            }
        }
        let (mut added, mut removed) = (false, false);
        for (key, value) in &change.set {
            added |= labels.insert(key.clone(), Value::from(value.clone())).as_ref().and_then(Value::as_str) != Some(value);
        }
        for key in &change.remove {
            let was_there = labels.remove(key).is_some();
            removed |= was_there;
            if !was_there && sending.sends() {
                session.ui.line(&format!("label {key:?} not found."));
            }
        }
        let labels = labels.clone();
        if added || removed {
            sending.store(session, info, new.clone()).await?;
        }
        if self.flags.list {
            self.flags.print_list(session, info, "labels", &labels, single);
            return Ok(());
        }
        let operation = match (added, removed) {
            (true, true) => "modified",
            (true, false) => "labeled",
            (false, true) => "unlabeled",
            (false, false) => "not labeled",
        };
        print_outcome(session, &self.flags.print, &format!("{operation}{}", sending.dry_run.suffix()), &new)
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
