//! `edit`: opens objects in the user's editor and sends what was changed as a patch. What the server does not accept is opened again, with its words as
//! comments at the top.

mod editor;
mod file;

use http::Method;
use serde_json::{Value, json};

use self::editor::Editor;
use self::file::{Reason, Reopened, header, same_content};
use super::apply::with_last_applied;
use super::modify::{PatchKind, difference};
use crate::error::{CommandError, Result};
use crate::flags::{FilenameFlags, PrintFlags, field_validation};
use crate::print::{Printer, print_outcome, without_managed_fields};
use crate::resources::{Info, Selection, for_kind, parse_documents, text};
use crate::session::{Call, Session};

#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(flatten)]
    files: FilenameFlags,
    #[command(flatten)]
    print: PrintFlags,
    /// Name of the manager used to track field ownership.
    #[arg(long, default_value = "kubectl-edit")]
    field_manager: String,
    /// Output the patch if the resource is edited.
    #[arg(long)]
    output_patch: bool,
    /// If true, the configuration of current object will be saved in its annotation.
    #[arg(long)]
    save_config: bool,
    /// If specified, edit will operate on the subresource of the requested object.
    #[arg(long, default_value = "", hide_default_value = true)]
    subresource: String,
    /// Must be one of: strict (or true), warn, ignore (or false).
    #[arg(long, default_value = "strict", num_args = 0..=1, require_equals = true, default_missing_value = "strict")]
    validate: String,
    /// Defaults to the line ending native to your platform.
    #[arg(long)]
    windows_line_endings: bool,
    words: Vec<String>,
}

/// What came of one round of edits.
#[derive(Default)]
struct Round {
    reasons: Vec<Reason>,
    refused: bool,
    missing: bool,
    invalid: bool,
}

impl Args {
    pub async fn run(self, session: &mut Session<'_>) -> Result<()> {
        Printer::new(&self.print, "")?;
        field_validation(&self.validate)?;
        let selection = Selection {
            filenames: self.files.clone(),
            words: self.words.clone(),
            latest: true,
            type_alone_selects_all: true,
            ..Selection::default()
        };
        let (mut infos, errors) = selection.objects(session).await?;
        CommandError::all(errors)?;
        if infos.is_empty() {
            return Err(CommandError::message("edit cancelled, no objects found"));
        }
        for info in &mut infos {
            if !self.subresource.is_empty() {
                info.object = session.call_json(&Call::get(self.path(info))).await?;
            }
            info.object = without_managed_fields(info.object.take());
        }
        self.edit(session, infos).await
    }

    fn path(&self, info: &Info) -> String {
        if self.subresource.is_empty() { info.path() } else { format!("{}/{}", info.path(), self.subresource) }
    }

    fn is_json(&self) -> bool {
        self.print.output.as_deref() == Some("json")
    }

    /// What the editor is given at first.
    fn original(&self, infos: &[Info]) -> Result<String> {
        let object = match infos {
            [info] => info.object.clone(),
            several => {
                let items: Vec<&Value> = several.iter().map(|info| &info.object).collect();
                json!({"apiVersion": "v1", "items": items, "kind": "List", "metadata": {}})
            }
        };
        if self.is_json() {
            return output::json::pretty(&object).map_err(|error| CommandError::message(error.to_string()));
        }
        Ok(output::yaml::Printer::default().print(&object))
    }

    /// Edits until the server is content or the user gives up.
    async fn edit(&self, session: &mut Session<'_>, mut infos: Vec<Info>) -> Result<()> {
        let editor = Editor::from_environment(&session.program, if self.is_json() { ".json" } else { ".yaml" });
        let original = self.original(&infos)?;
        let mut reopened: Option<Reopened> = None;
        loop {
            let reasons = reopened.as_ref().map(|again| again.reasons.as_slice()).unwrap_or_default();
            let mut content = if self.is_json() { String::new() } else { header(reasons) };
            content.push_str(&reopened.as_ref().map_or_else(|| original.clone(), |again| file::without_comments(&again.edited)));
            if self.windows_line_endings {
                content = content.replace("\r\n", "\n").replace('\n', "\r\n");
            }
            session.ui.flush();
            let earlier = reopened.as_ref().map(|again| again.path.clone());
            let (edited, path) = match editor.open(&content) {
                Ok(done) => done,
                Err(error) => return Err(preserved(session, error, earlier.as_deref())),
            };
            if let Some(again) = &reopened {
                if same_content(&again.edited, &edited) {
                    let error = CommandError::message("Edit cancelled, no valid changes were saved.");
                    return Err(preserved(session, error, Some(&path)));
                }
                remove(&again.path);
            }
            if same_content(&content, &edited) && reopened.is_none() || same_content(&original, &edited) {
                remove(&path);
                session.ui.error_line("Edit cancelled, no changes made.");
                return Ok(());
            }
            if !file::has_lines(&edited) {
                remove(&path);
                session.ui.error_line("Edit cancelled, saved file was empty.");
                return Ok(());
            }
            let updated = match self.parse(session, &edited).await {
                Ok(updated) => updated,
                Err(error) => {
                    let words = error.to_string();
                    let words = words.strip_prefix("error: ").unwrap_or(&words);
                    let reason = Reason { head: format!("The edited file had a syntax error: {words}"), more: Vec::new() };
                    reopened = Some(Reopened { edited, path, reasons: vec![reason] });
                    continue;
                }
            };
            let round = match self.store(session, &mut infos, updated).await {
                Ok(round) => round,
                Err(error) => return Err(preserved(session, error, Some(&path))),
            };
            if round.refused {
                let program = session.program.clone();
                session.ui.error_line(&format!("You can run `{program} replace -f {path}` to try this update again."));
                return Err(CommandError::Exit(1));
            }
            if round.missing {
                session.ui.error_line(&format!("The edits you made on deleted resources have been saved to {path:?}"));
                return Err(CommandError::Exit(1));
            }
            if !round.invalid {
                remove(&path);
                return Ok(());
            }
            reopened = Some(Reopened { edited, path, reasons: round.reasons });
        }
    }

    /// The objects of an edited file.
    async fn parse(&self, session: &mut Session<'_>, edited: &str) -> Result<Vec<Info>> {
        let documents =
            parse_documents(edited.as_bytes()).map_err(|why| CommandError::message(format!("error parsing edited-file: {why}")))?;
        let mut infos = Vec::new();
        for object in documents {
            let (api_version, kind) = (text(&object, "/apiVersion").to_owned(), text(&object, "/kind").to_owned());
            if kind.is_empty() {
                return Err(CommandError::message(format!("unable to decode \"edited-file\": Object 'Kind' is missing in '{object}'")));
            }
            let name = text(&object, "/metadata/name").to_owned();
            let namespace = text(&object, "/metadata/namespace").to_owned();
            let Some(mapping) = for_kind(session, &api_version, &kind).await? else {
                return Err(CommandError::message(format!(
                    "resource mapping not found for name: {name:?} namespace: {namespace:?} from \"edited-file\": no matches for kind {kind:?} in version {api_version:?}\nensure CRDs are installed first"
                )));
            };
            infos.push(Info { mapping, namespace, name, source: "edited-file".to_owned(), object: without_managed_fields(object) });
        }
        Ok(infos)
    }

    /// Sends what was changed.
    async fn store(&self, session: &mut Session<'_>, originals: &mut [Info], updated: Vec<Info>) -> Result<Round> {
        let mut round = Round::default();
        let (wanted, _) = session.namespace()?;
        for mut update in updated {
            if update.mapping.namespaced {
                if update.namespace.is_empty() {
                    update.namespace.clone_from(&wanted);
                    update.object["metadata"]["namespace"] = json!(wanted);
                } else if update.namespace != wanted {
                    let written = &update.namespace;
                    return Err(CommandError::message(format!(
                        "the namespace from the provided object {written:?} does not match the namespace {wanted:?}. You must pass '--namespace={written}' to perform this operation."
                    )));
                }
            }
            if self.save_config {
                update.object = with_last_applied(&update.object);
            }
            let uid = text(&update.object, "/metadata/uid").to_owned();
            let Some(original) = originals.iter_mut().find(|original| text(&original.object, "/metadata/uid") == uid) else {
                return Err(CommandError::message(format!("no original object found for {}", update.printed())));
            };
            if original.object == update.object {
                print_outcome(session, &self.print, "skipped", &update.object)?;
                continue;
            }
            match self.send(session, original, &update).await? {
                Ok(object) => {
                    print_outcome(session, &self.print, "edited", &object)?;
                    original.object = without_managed_fields(object);
                }
                Err(error) => round.add(session, error, original),
            }
        }
        Ok(round)
    }

    /// The outer failure ends the command, the inner one is the server's.
    async fn send(&self, session: &mut Session<'_>, original: &Info, update: &Info) -> Result<Result<Value>> {
        for pointer in ["/apiVersion", "/kind", "/metadata/name"] {
            if original.object.pointer(pointer) != update.object.pointer(pointer) {
                return Err(CommandError::message("At least one of apiVersion, kind and name was changed"));
            }
        }
        let (media_type, patch) = difference(original, PatchKind::Strategic, &original.object, &update.object)?
            .unwrap_or(("application/strategic-merge-patch+json", json!({})));
        if self.output_patch {
            let compact = output::json::compact(&patch).map_err(|error| CommandError::message(error.to_string()))?;
            session.ui.line(&format!("Patch: {compact}"));
        }
        let call = Call::new(Method::PATCH, self.path(original))
            .query("fieldManager", self.field_manager.clone())
            .query("fieldValidation", field_validation(&self.validate)?)
            .body(media_type, patch.to_string().into_bytes());
        Ok(session.call_json(&call).await)
    }
}

impl Round {
    fn add(&mut self, session: &mut Session<'_>, error: CommandError, info: &Info) {
        let named = format!("{} {:?}", info.mapping.resource(), info.name);
        let told = match &error {
            CommandError::Api(status) if status.reason() == "Invalid" => {
                self.invalid = true;
                let causes = status.0.details.iter().flat_map(|details| details.causes.iter().flatten());
                let more = causes
                    .map(|cause| {
                        format!("{}: {}", cause.field.as_deref().unwrap_or_default(), cause.message.as_deref().unwrap_or_default())
                    })
                    .collect();
                self.reasons.push(Reason { head: format!("{named} was not valid"), more });
                format!("error: {named} is invalid")
            }
            CommandError::Api(status) if status.reason() == "NotFound" => {
                self.missing = true;
                format!("error: {named} could not be found on the server")
            }
            CommandError::Api(status) => {
                self.refused = true;
                format!("error: {named} could not be patched: {}", status.message())
            }
            other => {
                self.refused = true;
                format!("error: {named} could not be patched: {other}")
            }
        };
        session.ui.error_line(&told);
    }
}

/// Says where the user's work is kept, where it is, and hands the error on.
fn preserved(session: &mut Session<'_>, error: CommandError, path: Option<&str>) -> CommandError {
    if let Some(path) = path.filter(|path| std::path::Path::new(path).exists()) {
        session.ui.error_line(&format!("A copy of your changes has been stored to {path:?}"));
    }
    error
}

fn remove(path: &str) {
    // A temporary file that stays is no failure of the edit.
    drop(std::fs::remove_file(path));
}
