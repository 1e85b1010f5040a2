//! `apply`: makes objects as their files say, changing only what the files say (three-way merge on the client) or letting the server merge (`--server-side`).

use api::patch::{merge, strategic};
use http::Method;
use serde_json::{Value, json};

use crate::error::{CommandError, Result};
use crate::flags::{DryRun, DryRunFlag, FilenameFlags, PrintFlags, field_validation};
use crate::print::{Printer, print_outcome, without_managed_fields};
use crate::resources::{Info, load, load_validated, selected, text};
use crate::session::{Call, Session};

/// Where the configuration of the last apply is kept.
pub const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";
/// Attempts at a patch that runs into a conflict.
const PATCH_ATTEMPTS: u32 = 5;

#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(flatten)]
    files: FilenameFlags,
    #[command(flatten)]
    print: PrintFlags,
    #[command(flatten)]
    dry_run: DryRunFlag,
    /// Selector (label query) to filter on
    #[arg(short = 'l', long)]
    selector: Option<String>,
    /// Select all resources in the namespace of the specified resource types.
    #[arg(long)]
    all: bool,
    /// Must be one of: strict (or true), warn, ignore (or false).
    #[arg(long, default_value = "strict", num_args = 0..=1, require_equals = true, default_missing_value = "strict")]
    validate: String,
    /// If true, apply runs in the server instead of the client.
    #[arg(long)]
    server_side: bool,
    /// If true, server-side apply will force the changes against conflicts.
    #[arg(long)]
    force_conflicts: bool,
    /// Name of the manager used to track field ownership.
    #[arg(long)]
    field_manager: Option<String>,
    /// Automatically resolve conflicts between the modified and live configuration by using values from the modified configuration
    #[arg(long, action = clap::ArgAction::Set, num_args = 0..=1, require_equals = true, default_value = "true", default_missing_value = "true")]
    overwrite: bool,
    /// If true, immediately remove resources from API and bypass graceful deletion.
    #[arg(long)]
    force: bool,
    #[arg(hide = true)]
    extra: Vec<String>,
}

impl Args {
    pub async fn run(self, session: &mut Session<'_>) -> Result<()> {
        if !self.extra.is_empty() {
            return Err(CommandError::Usage {
                message: format!("Unexpected args: [{}]", self.extra.join(" ")),
                command: format!("{} apply", session.program),
            });
        }
        if self.files.is_empty() {
            return Err(CommandError::message("must specify one of -f and -k"));
        }
        let dry_run = self.dry_run.strategy()?;
        field_validation(&self.validate)?;
        if self.server_side && dry_run == DryRun::Client {
            return Err(CommandError::message("--dry-run=client doesn't work with --server-side (did you mean --dry-run=server instead?)"));
        }
        if self.force_conflicts && !self.server_side {
            return Err(CommandError::message("--force-conflicts only works with --server-side"));
        }
        Printer::new(&self.print, "")?;
        let selector = self.selector.as_deref().map(api::labels::Selector::parse).transpose().map_err(|error| {
            CommandError::message(format!("the provided selector {:?} is not valid: {error}", self.selector.as_deref().unwrap_or_default()))
        })?;
        let validated = field_validation(&self.validate)? != "Ignore";
        let (infos, mut errors) = if validated { load_validated(session, &self.files).await } else { load(session, &self.files).await };
        let infos: Vec<Info> =
            infos.into_iter().filter(|info| selector.as_ref().is_none_or(|selector| selected(selector, &info.object))).collect();
        if infos.is_empty() && errors.is_empty() {
            return Err(CommandError::message("no objects passed to apply"));
        }
        let mut results = Vec::new();
        for info in infos {
            match self.apply(session, info, dry_run).await {
                Ok(object) => results.push(object),
                Err(error) => errors.push(error),
            }
        }
        CommandError::all(errors)?;
        self.print_all(session, results)
    }

    /// With a format, all results are printed at the end, several as one list.
    fn print_all(&self, session: &mut Session<'_>, mut results: Vec<Value>) -> Result<()> {
        if !self.prints_objects() {
            return Ok(());
        }
        let object = if results.len() == 1 {
            results.remove(0)
        } else {
            json!({"apiVersion": "v1", "kind": "List", "items": results, "metadata": {}})
        };
        print_outcome(session, &self.print, "", &object)
    }

    fn prints_objects(&self) -> bool {
        !matches!(self.print.output.as_deref(), None | Some("" | "name"))
    }

    fn told(&self, session: &mut Session<'_>, operation: &str, dry_run: DryRun, object: &Value) -> Result<()> {
        if self.prints_objects() {
            return Ok(());
        }
        print_outcome(session, &self.print, &format!("{operation}{}", dry_run.suffix()), object)
    }

    fn call(&self, method: Method, path: String, dry_run: DryRun) -> Result<Call> {
        let manager = self.field_manager.as_deref().unwrap_or(if self.server_side { "kubectl" } else { "kubectl-client-side-apply" });
        let call = Call::new(method, path)
            .query("dryRun", if dry_run == DryRun::Server { "All" } else { "" })
            .query("fieldManager", manager)
            .query("fieldValidation", field_validation(&self.validate)?);
        Ok(call)
    }

    async fn apply(&self, session: &mut Session<'_>, info: Info, dry_run: DryRun) -> Result<Value> {
        let generated = text(&info.object, "/metadata/generateName");
        if info.name.is_empty() && !generated.is_empty() {
            return Err(CommandError::message(format!("from {generated}: cannot use generate name with apply")));
        }
        if self.server_side {
            return self.apply_on_server(session, info, dry_run).await;
        }
        let annotated = with_last_applied(&info.object);
        let current = match session.call_json(&Call::get(info.path())).await {
            Ok(current) => current,
            Err(error) if error.is_reason("NotFound") => return self.create(session, &info, annotated, dry_run).await,
            Err(error) => {
                return Err(
                    error.when(&format!("retrieving current configuration of:\n{}\nfrom server for:", described(&info)), &info.source)
                );
            }
        };
        if current.pointer("/metadata/annotations").and_then(|annotations| annotations.get(LAST_APPLIED)).is_none() {
            let name = format!("{}/{}", info.mapping.resource(), info.name);
            let program = session.program.clone();
            session.ui.error_line(&format!(
                "Warning: resource {name} is missing the {LAST_APPLIED} annotation which is required by {program} apply. {program} apply should only be used on resources created declaratively by either {program} create --save-config or {program} apply. The missing annotation will be patched automatically."
            ));
        }
        let (patch, object) = self.patch(session, &info, &annotated, current, dry_run).await?;
        if object.pointer("/metadata/deletionTimestamp").is_some() {
            session.ui.error_line(&format!("Warning: Detected changes to resource {} which is currently being deleted.", info.name));
        }
        let operation = if patch == json!({}) { "unchanged" } else { "configured" };
        self.told(session, operation, dry_run, &object)?;
        Ok(object)
    }

    async fn create(&self, session: &mut Session<'_>, info: &Info, mut object: Value, dry_run: DryRun) -> Result<Value> {
        prune_nulls(&mut object);
        if dry_run != DryRun::Client {
            let call = self.call(Method::POST, info.mapping.path(&info.namespace, ""), dry_run)?.json(&object);
            object = session.call_json(&call).await.map_err(|error| error.when("creating", &info.source))?;
        }
        self.told(session, "created", dry_run, &object)?;
        Ok(object)
    }

    async fn patch(
        &self,
        session: &mut Session<'_>,
        info: &Info,
        modified: &Value,
        mut current: Value,
        dry_run: DryRun,
    ) -> Result<(Value, Value)> {
        let mut attempt = 1;
        loop {
            let (kind, patch) = self.three_way(info, modified, &current)?;
            if patch == json!({}) {
                return Ok((patch, current));
            }
            if dry_run == DryRun::Client {
                let gvk = info.mapping.merges_as();
                let patched = match kind {
                    STRATEGIC => strategic::apply(&gvk, current, &patch),
                    _ => merge::apply(current, &patch),
                };
                let patched = patched.map_err(|error| CommandError::message(format!("applying patch locally: {error}")))?;
                return Ok((patch, patched));
            }
            let call = self.call(Method::PATCH, info.path(), dry_run)?.body(kind, patch.to_string().into_bytes());
            match session.call_json(&call).await {
                Ok(object) => return Ok((patch, object)),
                Err(error) if error.is_reason("Conflict") && attempt < PATCH_ATTEMPTS => {
                    attempt += 1;
                    current = session.call_json(&Call::get(info.path())).await?;
                }
                Err(error) if self.force && (error.is_reason("Conflict") || error.is_reason("Invalid")) => {
                    return Ok((patch, self.replace(session, info, modified).await?));
                }
                Err(error) => {
                    let patch = output::json::compact(&patch).map_err(|error| CommandError::message(error.to_string()))?;
                    let error = error.when("patching", &info.source);
                    return Err(error.when(&format!("applying patch:\n{patch}\nto:\n{}\nfor:", described(info)), &info.source));
                }
            }
        }
    }

    /// `--force`: deletes the object, waits until it is gone, and makes it anew.
    async fn replace(&self, session: &mut Session<'_>, info: &Info, modified: &Value) -> Result<Value> {
        super::delete::delete_and_wait(session, info, None).await?;
        let call = self.call(Method::POST, info.mapping.path(&info.namespace, ""), DryRun::None)?.json(modified);
        session.call_json(&call).await.map_err(|error| error.when("creating", &info.source))
    }

    /// The patch and its media type: strategic for built-in kinds, merge for others.
    fn three_way(&self, info: &Info, modified: &Value, current: &Value) -> Result<(&'static str, Value)> {
        let original =
            match current.pointer("/metadata/annotations").and_then(|annotations| annotations.get(LAST_APPLIED)).and_then(Value::as_str) {
                Some(text) => serde_json::from_str(text).map_err(|error| {
                    CommandError::message(format!("retrieving original configuration from:\n{}\nfor: {error}", described(info)))
                })?,
                None => Value::Null,
            };
        let built_in = kinds::lookup::by_api_version(&info.mapping.api_version(), &info.mapping.kind).is_some();
        let patch = if built_in {
            strategic::three_way(&info.mapping.merges_as(), &original, modified, current, self.overwrite)
        } else {
            merge::three_way(&original, modified, current)
        };
        let patch = patch.map_err(|error| {
            CommandError::message(format!(
                "creating patch with:\noriginal:\n{original}\nmodified:\n{modified}\ncurrent:\n{current}\nfor: {error}"
            ))
        })?;
        Ok((if built_in { STRATEGIC } else { "application/merge-patch+json" }, patch))
    }

    async fn apply_on_server(&self, session: &mut Session<'_>, info: Info, dry_run: DryRun) -> Result<Value> {
        let call = self
            .call(Method::PATCH, info.path(), dry_run)?
            .query("force", if self.force_conflicts { "true" } else { "" })
            .body("application/apply-patch+yaml", info.object.to_string().into_bytes());
        let object = match session.call_json(&call).await {
            Ok(object) => object,
            Err(CommandError::Api(error)) if error.reason() == "Conflict" => {
                return Err(CommandError::message(format!("{}\n{CONFLICT_HELP}", error.message())));
            }
            Err(error) => return Err(error),
        };
        self.told(session, "serverside-applied", dry_run, &object)?;
        Ok(object)
    }
}

const STRATEGIC: &str = "application/strategic-merge-patch+json";

const CONFLICT_HELP: &str = "Please review the fields above--they currently have other managers. Here
are the ways you can resolve this warning:
* If you intend to manage all of these fields, please re-run the apply
  command with the `--force-conflicts` flag.
* If you do not intend to manage all of the fields, please edit your
  manifest to remove references to the fields that should keep their
  current managers.
* You may co-own fields by updating your manifest to match the existing
  value; in this case, you'll become the manager if the other manager(s)
  stop managing the field (remove it from their configuration).
See https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts";

/// The object with the annotation that keeps it for the next apply.
pub fn with_last_applied(object: &Value) -> Value {
    let mut plain = without_managed_fields(object.clone());
    if let Some(metadata) = plain.get_mut("metadata").and_then(Value::as_object_mut) {
        let annotations = metadata.entry("annotations").or_insert_with(|| json!({}));
        if annotations.is_null() {
            *annotations = json!({});
        }
        if let Some(annotations) = annotations.as_object_mut() {
            annotations.remove(LAST_APPLIED);
        }
    }
    let encoded = output::json::compact(&plain).unwrap_or_default();
    let mut annotated = plain;
    if let Some(annotations) = annotated.pointer_mut("/metadata/annotations").and_then(Value::as_object_mut) {
        annotations.insert(LAST_APPLIED.to_owned(), Value::from(format!("{encoded}\n")));
    }
    annotated
}

/// How messages describe the object that a patch went to.
fn described(info: &Info) -> String {
    format!(
        "Resource: \"{}, Resource={}\", GroupVersionKind: \"{}, Kind={}\"\nName: {:?}, Namespace: {:?}",
        info.mapping.api_version(),
        info.mapping.plural,
        info.mapping.api_version(),
        info.mapping.kind,
        info.name,
        info.namespace
    )
}

/// Keys whose value is null mean "not set": they go, as they would in a patch.
fn prune_nulls(value: &mut Value) {
    if let Value::Object(map) = value {
        map.retain(|_, value| !value.is_null());
        map.values_mut().for_each(prune_nulls);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_applied_is_kept_in_the_object() {
        let object = json!({"kind": "Pod", "apiVersion": "v1", "metadata": {"name": "a<b"}});
        let annotated = with_last_applied(&object);
        assert_eq!(
            annotated["metadata"]["annotations"][LAST_APPLIED],
            "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"annotations\":{},\"name\":\"a\\u003cb\"}}\n"
        );
        // Applying the result again keeps the same text.
        assert_eq!(with_last_applied(&annotated), annotated);
    }

    #[test]
    fn nulls_are_pruned_in_maps() {
        let mut value = json!({"a": null, "b": {"c": null, "d": 1}, "e": [null]});
        prune_nulls(&mut value);
        assert_eq!(value, json!({"b": {"d": 1}, "e": [null]}));
    }
}
