//! `patch`: sends a patch of the user's to the server, or applies it to a file's object here.

use api::patch::{json as json_patch, merge, strategic};
use http::Method;
use serde_json::Value;

use crate::error::{CommandError, Result};
use crate::flags::{DryRun, DryRunFlag, FilenameFlags, PrintFlags};
use crate::print::{Printer, print_outcome};
use crate::resources::{Info, Selection};
use crate::session::{Call, Session};

#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(flatten)]
    files: FilenameFlags,
    #[command(flatten)]
    print: PrintFlags,
    #[command(flatten)]
    dry_run: DryRunFlag,
    /// Name of the manager used to track field ownership.
    #[arg(long, default_value = "kubectl-patch")]
    field_manager: String,
    /// If true, patch will operate on the content of the file, not the server-side resource.
    #[arg(long)]
    local: bool,
    /// The patch to be applied to the resource JSON file.
    #[arg(short, long, default_value = "", hide_default_value = true)]
    patch: String,
    /// A file containing a patch to be applied to the resource.
    #[arg(long, default_value = "", hide_default_value = true)]
    patch_file: String,
    /// If specified, patch will operate on the subresource of the requested object.
    #[arg(long, default_value = "", hide_default_value = true)]
    subresource: String,
    /// The type of patch being provided; one of [json merge strategic]
    #[arg(long = "type", default_value = "strategic")]
    patch_type: String,
    words: Vec<String>,
}

/// The patch and how it is to be read.
struct Patch {
    media_type: &'static str,
    /// As it is sent.
    bytes: Vec<u8>,
}

impl Args {
    pub async fn run(self, session: &mut Session<'_>) -> Result<()> {
        let dry_run = self.dry_run.strategy()?;
        let patch = self.patch(dry_run)?;
        Printer::new(&self.print, "")?;
        let selection = Selection { filenames: self.files.clone(), words: self.words.clone(), ..Selection::default() };
        // What is compared with the outcome comes from the same place as the outcome.
        let (infos, mut errors) = if self.subresource.is_empty() || self.local {
            selection.objects(session).await?
        } else {
            self.subresources(session, &selection).await?
        };
        if infos.is_empty() && errors.is_empty() {
            return Err(CommandError::message("no objects passed to patch"));
        }
        for info in infos {
            if let Err(error) = self.apply(session, &info, &patch, dry_run).await {
                errors.push(error);
            }
        }
        CommandError::all(errors)
    }

    async fn subresources(&self, session: &mut Session<'_>, selection: &Selection) -> Result<(Vec<Info>, Vec<CommandError>)> {
        let (mut infos, mut errors) = (Vec::new(), Vec::new());
        for mut info in selection.objects(session).await?.0 {
            match session.call_json(&Call::get(self.path(&info))).await {
                Ok(object) => {
                    info.object = object;
                    infos.push(info);
                }
                Err(error) => errors.push(error),
            }
        }
        Ok((infos, errors))
    }

    fn path(&self, info: &Info) -> String {
        if self.subresource.is_empty() { info.path() } else { format!("{}/{}", info.path(), self.subresource) }
    }

    fn patch(&self, dry_run: DryRun) -> Result<Patch> {
        let refuse = |why: &str| Err(CommandError::message(why));
        if !self.patch.is_empty() && !self.patch_file.is_empty() {
            return refuse("cannot specify --patch and --patch-file together");
        }
        if self.patch.is_empty() && self.patch_file.is_empty() {
            return refuse("must specify --patch or --patch-file containing the contents of the patch");
        }
        if self.local && !self.words.is_empty() {
            return refuse("cannot specify --local and server resources");
        }
        if self.local && dry_run == DryRun::Server {
            return refuse("cannot specify --local and --dry-run=server - did you mean --dry-run=client?");
        }
        let media_type = match self.patch_type.to_lowercase().as_str() {
            "json" => "application/json-patch+json",
            "merge" => "application/merge-patch+json",
            "strategic" | "" => "application/strategic-merge-patch+json",
            _ => return Err(CommandError::message(format!("--type must be one of [json merge strategic], not {:?}", self.patch_type))),
        };
        let text = if self.patch_file.is_empty() {
            self.patch.clone().into_bytes()
        } else {
            std::fs::read(&self.patch_file).map_err(|error| {
                let why = error.to_string().to_lowercase();
                let why = why.split(" (os error").next().unwrap_or_default().to_owned();
                CommandError::message(format!("unable to read patch file: open {}: {why}", self.patch_file))
            })?
        };
        // What looks like JSON is left to the server to read.
        if text.trim_ascii_start().starts_with(b"{") {
            return Ok(Patch { media_type, bytes: text });
        }
        let parsed = crate::resources::parse_documents(&text)
            .map(|mut documents| if documents.is_empty() { Value::Null } else { documents.remove(0) });
        let value = parsed.map_err(|why| {
            let why = why.trim_start_matches("error converting YAML to JSON: ");
            CommandError::message(format!("unable to parse {}: {why}", output::go_text::quote(&self.patch)))
        })?;
        Ok(Patch { media_type, bytes: value.to_string().into_bytes() })
    }

    async fn apply(&self, session: &mut Session<'_>, info: &Info, patch: &Patch, dry_run: DryRun) -> Result<()> {
        let patched = if self.local || dry_run == DryRun::Client {
            apply_here(info, patch)?
        } else {
            let call = Call::new(Method::PATCH, self.path(info))
                .query("dryRun", if dry_run == DryRun::Server { "All" } else { "" })
                .query("fieldManager", self.field_manager.clone())
                .body(patch.media_type, patch.bytes.clone());
            session.call_json(&call).await.map_err(|error| match error {
                CommandError::Api(error) if error.reason() == "UnsupportedMediaType" => {
                    let mapping = &info.mapping;
                    let kind = format!("{}, Kind={}", mapping.api_version(), mapping.kind);
                    CommandError::message(format!("{} is not supported by {kind}: {}", patch.media_type, error.message()))
                }
                other => other,
            })?
        };
        let operation = if patched == info.object { "patched (no change)" } else { "patched" };
        print_outcome(session, &self.print, operation, &patched)
    }
}

fn apply_here(info: &Info, patch: &Patch) -> Result<Value> {
    let told = |error: &dyn std::fmt::Display| CommandError::message(error.to_string());
    let mapping = &info.mapping;
    let value: Value = serde_json::from_slice(&patch.bytes).map_err(|_| CommandError::message("Invalid JSON Patch"))?;
    match patch.media_type {
        "application/json-patch+json" => json_patch::apply(info.object.clone(), &value).map_err(|error| told(&error)),
        "application/merge-patch+json" => merge::apply(info.object.clone(), &value).map_err(|error| told(&error)),
        _ => {
            if kinds::lookup::by_kind(&mapping.group, &mapping.version, &mapping.kind).is_none() {
                return Err(CommandError::message(format!(
                    "strategic merge patch is not supported for {}, Kind={} locally, try --type merge",
                    mapping.api_version(),
                    mapping.kind
                )));
            }
            let gvk = mapping.merges_as();
            strategic::apply(&gvk, info.object.clone(), &value).map_err(|error| told(&error))
        }
    }
}
