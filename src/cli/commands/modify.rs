//! Small changes to objects that exist: one mechanism for `label`, `annotate`, `set`, `rollout restart|pause|resume` and `edit`. What was read is changed, and
//! the difference goes to the server as a patch.

use api::patch::{merge, strategic};
use http::Method;
use serde_json::{Value, json};

use crate::error::{CommandError, Result};
use crate::flags::{DryRun, DryRunFlag, FilenameFlags, PrintFlags};
use crate::print::Printer;
use crate::resources::{Info, Selection};
use crate::session::{Call, Session};

/// How a difference is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PatchKind {
    /// RFC 7386.
    Merge,
    /// By the merge keys of the kind's lists; merge for kinds that are not built in.
    Strategic,
}

/// The patch from `old` to `new` with its media type; `None` where they are equal.
pub fn difference(info: &Info, kind: PatchKind, old: &Value, new: &Value) -> Result<Option<(&'static str, Value)>> {
    let gvk = info.mapping.merges_as();
    let built_in = kinds::lookup::by_kind(&gvk.group, &gvk.version, &gvk.kind).is_some();
    let (media_type, patch) = if kind == PatchKind::Strategic && built_in {
        let patch = strategic::two_way(&gvk, old, new).map_err(|error| CommandError::message(error.to_string()))?;
        ("application/strategic-merge-patch+json", patch)
    } else {
        ("application/merge-patch+json", merge::create(old, new))
    };
    Ok(if patch == json!({}) { None } else { Some((media_type, patch)) })
}

/// How the changed objects of one command reach the server.
#[derive(Clone, Copy, Debug)]
pub struct Sending<'a> {
    pub kind: PatchKind,
    pub dry_run: DryRun,
    /// Only from files, without the server.
    pub local: bool,
    pub manager: &'a str,
    /// The server refuses the change where the object is at another one.
    pub resource_version: Option<&'a str>,
    /// `Strict`, `Warn`, `Ignore`, or empty for the server's choice.
    pub field_validation: &'a str,
}

impl<'a> Sending<'a> {
    pub fn new(kind: PatchKind, dry_run: DryRun, manager: &'a str) -> Self {
        Self { kind, dry_run, local: false, manager, resource_version: None, field_validation: "" }
    }
    /// Whether anything is asked of the server.
    pub fn sends(&self) -> bool {
        !self.local && self.dry_run != DryRun::Client
    }
    /// Sends what differs between the object that was read and `new`. Gives the object as the server has it afterwards; `new` itself where nothing is sent.
    pub async fn store(&self, session: &mut Session<'_>, info: &Info, mut new: Value) -> Result<Value> {
        let mut old = None;
        if let Some(version) = self.resource_version {
            let mut without = info.object.clone();
            without["metadata"]["resourceVersion"] = Value::Null;
            old = Some(without);
            new["metadata"]["resourceVersion"] = Value::from(version);
        }
        if !self.sends() {
            return Ok(new);
        }
        match difference(info, self.kind, old.as_ref().unwrap_or(&info.object), &new)? {
            Some(patch) => self.patch(session, info, patch).await,
            None => Ok(new),
        }
    }
    /// Sends a patch and gives the object as the server has it afterwards.
    pub async fn patch(&self, session: &mut Session<'_>, info: &Info, (media_type, patch): (&str, Value)) -> Result<Value> {
        let call = Call::new(Method::PATCH, info.path())
            .query("dryRun", if self.dry_run == DryRun::Server { "All" } else { "" })
            .query("fieldManager", self.manager)
            .query("fieldValidation", self.field_validation)
            .body(media_type, patch.to_string().into_bytes());
        session.call_json(&call).await
    }
}

/// Reads what is selected and changes one object after the other; `change` also learns whether it is the only one. An object that fails does not keep the
/// others from being changed.
pub async fn each(
    session: &mut Session<'_>,
    selection: &Selection,
    resource_version: Option<&str>,
    mut change: impl AsyncFnMut(&mut Session<'_>, &Info, bool) -> Result<()>,
) -> Result<()> {
    let targets = selection.targets(session).await?;
    let single = selection.single_item_implied(&targets);
    if !single && resource_version.is_some() {
        return Err(CommandError::message("--resource-version may only be used with a single resource"));
    }
    let (infos, mut errors) = selection.fetch_all(session, targets).await;
    for info in &infos {
        if let Err(error) = change(session, info, single).await {
            errors.push(error);
        }
    }
    CommandError::all(errors)
}

/// Flags of commands that set and remove pairs in the metadata of objects.
#[derive(clap::Args, Debug)]
pub struct PairFlags {
    #[command(flatten)]
    pub files: FilenameFlags,
    #[command(flatten)]
    pub print: PrintFlags,
    #[command(flatten)]
    dry_run: DryRunFlag,
    /// Select all resources, in the namespace of the specified resource types
    #[arg(long)]
    all: bool,
    /// If true, check the specified action in all namespaces.
    #[arg(short = 'A', long)]
    all_namespaces: bool,
    /// Selector (field query) to filter on
    #[arg(long)]
    field_selector: Option<String>,
    /// If true, only display what a given resource has.
    #[arg(long)]
    pub list: bool,
    /// If true, do not contact the server but run locally.
    #[arg(long)]
    pub local: bool,
    /// If true, allow existing values to be overwritten, otherwise reject updates that overwrite them.
    #[arg(long)]
    pub overwrite: bool,
    /// If non-empty, the update will only succeed if this is the current resource-version for the object.
    #[arg(long)]
    resource_version: Option<String>,
    /// Selector (label query) to filter on
    #[arg(short = 'l', long)]
    selector: Option<String>,
}

impl PairFlags {
    /// Checks the flags against each other and the words; `changes` says whether there is anything to set or remove, `what` ("label") and `example` ("pod") are for
    /// the words of a refusal.
    pub fn check(&self, resources: &[String], changes: bool, what: &str, example: &str) -> Result<()> {
        let refuse = |why: &str| Err(CommandError::message(why));
        let dry_run = self.dry_run.strategy()?;
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
            let files = format!("-f {example}.yaml or --filename={example}.json");
            if !resources.is_empty() {
                return refuse(&format!("can only use local files by {files} when --local=true is set"));
            }
            if self.files.is_empty() {
                return refuse(&format!("one or more files must be specified as {files}"));
            }
        } else if resources.is_empty() && self.files.is_empty() {
            return refuse("one or more resources must be specified as <resource> <name> or <resource>/<name>");
        }
        if !changes && !self.list {
            return refuse(&format!("at least one {what} update is required"));
        }
        Printer::new(&self.print, "").map(|_| ())
    }

    /// Changes what the flags and `resources` select, one object after the other; see [`each`].
    pub async fn each(
        &self,
        session: &mut Session<'_>,
        resources: Vec<String>,
        manager: &str,
        mut change: impl AsyncFnMut(&mut Session<'_>, &Info, &Sending<'_>, bool) -> Result<()>,
    ) -> Result<()> {
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
        let sending = Sending {
            local: self.local || self.list,
            resource_version: self.resource_version.as_deref(),
            ..Sending::new(PatchKind::Merge, self.dry_run.strategy()?, manager)
        };
        each(session, &selection, sending.resource_version, async |session, info, single| change(session, info, &sending, single).await)
            .await
    }

    /// Prints pairs for `--list`; an object that is not alone is named first.
    pub fn print_list(&self, session: &mut Session<'_>, info: &Info, what: &str, pairs: &serde_json::Map<String, Value>, single: bool) {
        if !single {
            session.ui.line(&format!("Listing {what} for {}.{}/{}:", info.mapping.kind, info.mapping.group, info.name));
        }
        for (key, value) in pairs {
            session.ui.line(&format!("{}{key}={}", if single { "" } else { " " }, value.as_str().unwrap_or_default()));
        }
    }
}

/// Words before the first `key=value` or `key-`, and those from it on.
pub fn words_and_pairs(words: &[String], kind: &str) -> Result<(Vec<String>, Vec<String>)> {
    let is_pair = |word: &str| (word.contains('=') && !word.starts_with('=')) || (word.ends_with('-') && word != "-");
    let first = words.iter().position(|word| is_pair(word)).unwrap_or(words.len());
    let (resources, pairs) = words.split_at(first);
    if let Some(stray) = pairs.iter().find(|word| !is_pair(word)) {
        return Err(CommandError::message(format!("all resources must be specified before {kind} changes: {stray}")));
    }
    Ok((resources.to_vec(), pairs.to_vec()))
}

/// The map at `pointer` of an object, made where it is missing.
pub fn map_at<'a>(object: &'a mut Value, path: &[&str]) -> &'a mut serde_json::Map<String, Value> {
    let mut value = object;
    for key in path {
        if !value.get(*key).is_some_and(Value::is_object) {
            value[*key] = json!({});
        }
        value = value.get_mut(*key).expect("it was made above");
    }
    value.as_object_mut().expect("it was made an object above")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_come_last() {
        let words = |text: &str| text.split(' ').map(ToOwned::to_owned).collect::<Vec<_>>();
        assert_eq!(words_and_pairs(&words("pod x a=b c-"), "label").unwrap(), (words("pod x"), words("a=b c-")));
        assert_eq!(
            words_and_pairs(&words("pod x a=b y"), "label").unwrap_err().to_string(),
            "error: all resources must be specified before label changes: y"
        );
    }
}
