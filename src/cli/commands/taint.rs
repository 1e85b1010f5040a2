//! `taint`: puts taints on nodes and takes them away.

use serde_json::{Value, json};

use super::modify::{PatchKind, Sending, difference, each};
use crate::error::{CommandError, Result};
use crate::flags::{DryRunFlag, PrintFlags, field_validation};
use crate::print::{Printer, print_outcome};
use crate::resources::{Info, Selection, for_type};
use crate::session::Session;

#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(flatten)]
    print: PrintFlags,
    #[command(flatten)]
    dry_run: DryRunFlag,
    /// Select all nodes in the cluster
    #[arg(long)]
    all: bool,
    /// Name of the manager used to track field ownership.
    #[arg(long, default_value = "kubectl-taint")]
    field_manager: String,
    /// If true, allow taints to be overwritten, otherwise reject taint updates that overwrite existing taints.
    #[arg(long)]
    overwrite: bool,
    /// Selector (label query) to filter on
    #[arg(short = 'l', long, default_value = "", hide_default_value = true)]
    selector: String,
    /// Must be one of: strict (or true), warn, ignore (or false).
    #[arg(long, default_value = "strict", num_args = 0..=1, require_equals = true, default_missing_value = "strict")]
    validate: String,
    words: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Taint {
    key: String,
    value: String,
    /// Empty means any, of taints to take away.
    effect: String,
}

/// What is to be done.
#[derive(Debug)]
struct Change {
    add: Vec<Taint>,
    remove: Vec<Taint>,
}

impl Args {
    pub async fn run(self, session: &mut Session<'_>) -> Result<()> {
        let dry_run = self.dry_run.strategy()?;
        field_validation(&self.validate)?;
        Printer::new(&self.print, "")?;
        let (resources, change) = self.parse(session)?;
        self.check(session, &resources, &change).await?;
        let selecting = self.all || !self.selector.is_empty();
        let words = if selecting {
            vec!["nodes".to_owned()]
        } else {
            std::iter::once("nodes".to_owned()).chain(resources[1..].iter().cloned()).collect()
        };
        let labels = Some(self.selector.clone()).filter(|selector| !selector.is_empty());
        let selection = Selection { words, labels, all: self.all, ..Selection::default() };
        let validation = field_validation(&self.validate)?;
        let sending = Sending { field_validation: &validation, ..Sending::new(PatchKind::Strategic, dry_run, &self.field_manager) };
        each(session, &selection, None, async |session, info, _| self.change(session, info, &change, &sending).await).await
    }

    fn parse(&self, session: &Session<'_>) -> Result<(Vec<String>, Change)> {
        let is_taint = |word: &&String| word.contains(['=', ':']) || word.ends_with('-');
        let first = self.words.iter().position(|word| is_taint(&word)).unwrap_or(self.words.len());
        let (resources, taints) = self.words.split_at(first);
        if let Some(stray) = taints.iter().find(|word| !is_taint(word)) {
            return Err(CommandError::message(format!("all resources must be specified before taint changes: {stray}")));
        }
        if resources.is_empty() {
            return Err(CommandError::message("one or more resources must be specified as <resource> <name>"));
        }
        if taints.is_empty() {
            return Err(CommandError::message("at least one taint update is required"));
        }
        let change =
            parse_taints(taints).map_err(|message| CommandError::Usage { message, command: format!("{} taint", session.program) })?;
        Ok((resources.to_vec(), change))
    }

    async fn check(&self, session: &mut Session<'_>, resources: &[String], change: &Change) -> Result<()> {
        let written = resources[0].to_lowercase();
        if for_type(session, &written).await?.kind != "Node" {
            return Err(CommandError::message(format!("invalid resource type {written}, only node types are supported")));
        }
        let mut conflicts = Vec::new();
        for added in &change.add {
            for removed in change.remove.iter().filter(|removed| removed.key == added.key) {
                if removed.effect.is_empty() || removed.effect == added.effect {
                    conflicts.push(format!("{}={}", removed.key, removed.effect));
                }
            }
        }
        if !conflicts.is_empty() {
            return Err(CommandError::message(format!(
                "can not both modify and remove the following taint(s) in the same command: {}",
                conflicts.join(", ")
            )));
        }
        if self.all && !self.selector.is_empty() {
            return Err(CommandError::message("setting 'all' parameter with a non empty selector is prohibited"));
        }
        if !self.all && self.selector.is_empty() && resources.len() < 2 {
            return Err(CommandError::message("at least one resource name must be specified since 'all' parameter is not set"));
        }
        Ok(())
    }

    async fn change(&self, session: &mut Session<'_>, info: &Info, change: &Change, sending: &Sending<'_>) -> Result<()> {
        let old: Vec<Taint> = info.object["spec"]["taints"].as_array().into_iter().flatten().map(read).collect();
        let (operation, new) = change.apply(&info.name, old, self.overwrite)?;
        let mut node = info.object.clone();
        if new.is_empty() {
            if let Some(spec) = node.get_mut("spec").and_then(Value::as_object_mut) {
                spec.remove("taints");
            }
        } else {
            let known = info.object["spec"]["taints"].as_array().cloned().unwrap_or_default();
            let written = new.iter().map(|taint| known.iter().find(|old| read(old) == *taint).cloned().unwrap_or_else(|| write(taint)));
            node["spec"]["taints"] = written.collect();
        }
        if sending.sends() {
            // Sent even where nothing differs: the server then has the last word on whether the node is still there.
            let nothing = ("application/strategic-merge-patch+json", json!({}));
            let patch = difference(info, sending.kind, &info.object, &node)?.unwrap_or(nothing);
            node = sending.patch(session, info, patch).await?;
        }
        print_outcome(session, &self.print, operation, &node)
    }
}

impl Change {
    /// The node's new taints, and what that is called.
    fn apply(&self, node: &str, old: Vec<Taint>, overwrite: bool) -> Result<(&'static str, Vec<Taint>)> {
        let same = |one: &Taint, other: &Taint| one.key == other.key && one.effect == other.effect;
        if !overwrite {
            let there: Vec<&str> =
                self.add.iter().filter(|added| old.iter().any(|old| same(old, added))).map(|added| added.key.as_str()).collect();
            if !there.is_empty() {
                return Err(CommandError::message(format!(
                    "node {node} already has {} taint(s) with same effect(s) and --overwrite is false",
                    there.join(",")
                )));
            }
        }
        let mut taints = self.add.clone();
        let count = old.len();
        for taint in old {
            if !taints.iter().any(|new| same(new, &taint)) {
                taints.push(taint);
            }
        }
        let added = taints.len() != count;
        let mut deleted = false;
        let mut errors = Vec::new();
        for removed in &self.remove {
            let before = taints.len();
            taints.retain(|taint| taint.key != removed.key || (!removed.effect.is_empty() && taint.effect != removed.effect));
            deleted = taints.len() != before;
            if !deleted {
                let effect = if removed.effect.is_empty() { String::new() } else { format!(":{}", removed.effect) };
                errors.push(CommandError::message(format!("taint \"{}{effect}\" not found", removed.key)));
            }
        }
        CommandError::all(errors)?;
        let operation = match (added, deleted) {
            (true, true) => "modified",
            _ if overwrite => "modified",
            (true, false) => "tainted",
            (false, _) => "untainted",
        };
        Ok((operation, taints))
    }
}

fn read(taint: &Value) -> Taint {
    let text = |field: &str| taint[field].as_str().unwrap_or_default().to_owned();
    Taint { key: text("key"), value: text("value"), effect: text("effect") }
}

fn write(taint: &Taint) -> Value {
    let mut written = json!({"effect": taint.effect, "key": taint.key});
    if !taint.value.is_empty() {
        written["value"] = json!(taint.value);
    }
    written
}

fn parse_taints(written: &[String]) -> Result<Change, String> {
    let mut change = Change { add: Vec::new(), remove: Vec::new() };
    for word in written {
        if let Some(removed) = word.strip_suffix('-') {
            change.remove.push(Taint { value: String::new(), ..parse_taint(removed)? });
            continue;
        }
        let taint = parse_taint(word)?;
        if taint.effect.is_empty() {
            return Err(format!("invalid taint spec: {word}"));
        }
        if change.add.iter().any(|known| known.key == taint.key && known.effect == taint.effect) {
            return Err(format!(
                "duplicated taints with the same key and effect: {{{} {} {} <nil>}}",
                taint.key, taint.value, taint.effect
            ));
        }
        change.add.push(taint);
    }
    Ok(change)
}

/// `key=value:effect`, `key:effect` or `key`.
fn parse_taint(written: &str) -> Result<Taint, String> {
    let (pair, effect) = match written.split(':').collect::<Vec<_>>()[..] {
        [key] => (vec![key], ""),
        [pair, effect] => {
            if !["NoSchedule", "PreferNoSchedule", "NoExecute"].contains(&effect) {
                return Err(format!("invalid taint effect: {effect}, unsupported taint effect"));
            }
            (pair.split('=').collect(), effect)
        }
        _ => return Err(format!("invalid taint spec: {written}")),
    };
    let (key, value) = match pair[..] {
        [key] => (key, ""),
        [key, value] => (key, value),
        _ => return Err(format!("invalid taint spec: {written}")),
    };
    let mut faults = api::names::label_value(value);
    if faults.is_empty() {
        faults = api::names::qualified_name(key);
    }
    if !faults.is_empty() {
        return Err(format!("invalid taint spec: {written}, {}", faults.join("; ")));
    }
    Ok(Taint { key: key.to_owned(), value: value.to_owned(), effect: effect.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(words: &str) -> Result<Change, String> {
        parse_taints(&words.split(' ').map(ToOwned::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn taints_are_added_and_removed() {
        let taint =
            |key: &str, value: &str, effect: &str| Taint { key: key.to_owned(), value: value.to_owned(), effect: effect.to_owned() };
        let old = || vec![taint("a", "b", "NoSchedule"), taint("c", "", "NoExecute")];
        let check = |words: &str, overwrite: bool, operation: &str, expected: Vec<Taint>| {
            assert_eq!(change(words).unwrap().apply("n", old(), overwrite).unwrap(), (operation, expected), "{words}");
        };
        check("d=e:NoSchedule", false, "tainted", vec![taint("d", "e", "NoSchedule"), old()[0].clone(), old()[1].clone()]);
        check("a-", false, "untainted", vec![old()[1].clone()]);
        check("a:NoSchedule- d:NoExecute", false, "modified", vec![taint("d", "", "NoExecute"), old()[1].clone()]);
        check("a=z:NoSchedule", true, "modified", vec![taint("a", "z", "NoSchedule"), old()[1].clone()]);
        let error = |words: &str| change(words).unwrap().apply("n", old(), false).unwrap_err().to_string();
        assert_eq!(error("a=z:NoSchedule"), "error: node n already has a taint(s) with same effect(s) and --overwrite is false");
        assert_eq!(error("x:NoExecute-"), "error: taint \"x:NoExecute\" not found");
    }

    #[test]
    fn bad_taints_are_told() {
        assert_eq!(
            change("a=b").unwrap_err(),
            "invalid taint spec: a=b, name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"
        );
        assert_eq!(change("a=b:Never").unwrap_err(), "invalid taint effect: Never, unsupported taint effect");
        assert_eq!(change("a").unwrap_err(), "invalid taint spec: a");
    }
}
