//! `replace`: puts objects from files in the place of those that the server has; with `--force`, deletes those first.

use http::Method;
use serde_json::json;

use super::apply::with_last_applied;
use super::delete::delete_and_wait;
use crate::error::{CommandError, Result};
use crate::flags::{DryRun, DryRunFlag, FilenameFlags, PrintFlags, field_validation};
use crate::print::{Printer, print_outcome};
use crate::resources::{Info, load, text};
use crate::session::{Call, Session};

#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(flatten)]
    files: FilenameFlags,
    #[command(flatten)]
    print: PrintFlags,
    #[command(flatten)]
    dry_run: DryRunFlag,
    /// Must be "background", "orphan", or "foreground". Selects the deletion cascading strategy for the dependents.
    #[arg(long, default_value = "background", num_args = 0..=1, require_equals = true, default_missing_value = "background")]
    cascade: String,
    /// Name of the manager used to track field ownership.
    #[arg(long, default_value = "kubectl-replace")]
    field_manager: String,
    /// If true, immediately remove resources from API and bypass graceful deletion.
    #[arg(long)]
    force: bool,
    /// Period of time in seconds given to the resource to terminate gracefully.
    #[arg(long, default_value_t = -1, allow_hyphen_values = true)]
    grace_period: i64,
    /// Raw URI to PUT to the server. Uses the transport specified by the kubeconfig file.
    #[arg(long)]
    raw: Option<String>,
    /// If true, the configuration of current object will be saved in its annotation.
    #[arg(long)]
    save_config: bool,
    /// If specified, replace will operate on the subresource of the requested object.
    #[arg(long, default_value = "", hide_default_value = true)]
    subresource: String,
    /// The length of time to wait before giving up on a delete, zero means determine a timeout from the size of the object
    #[arg(long, default_value = "0s")]
    timeout: String,
    /// Must be one of: strict (or true), warn, ignore (or false).
    #[arg(long, default_value = "strict", num_args = 0..=1, require_equals = true, default_missing_value = "strict")]
    validate: String,
    /// If true, wait for resources to be gone before returning. This waits for finalizers.
    #[arg(long)]
    wait: bool,
    #[arg(hide = true)]
    extra: Vec<String>,
}

impl Args {
    pub async fn run(self, session: &mut Session<'_>) -> Result<()> {
        let dry_run = self.dry_run.strategy()?;
        self.check(dry_run)?;
        if let Some(path) = &self.raw {
            return self.put_raw(session, path).await;
        }
        let (infos, mut errors) = load(session, &self.files).await;
        if self.force {
            CommandError::all(std::mem::take(&mut errors))?;
            let limit = crate::flags::duration(&self.timeout).map_err(CommandError::message)?.filter(|limit| !limit.is_zero());
            for info in &infos {
                self.delete(session, info, limit).await?;
            }
        }
        if infos.is_empty() && errors.is_empty() {
            return Err(CommandError::message("no objects passed to replace"));
        }
        for info in infos {
            if let Err(error) = self.replace(session, info, dry_run).await {
                errors.push(error);
            }
        }
        CommandError::all(errors)
    }

    fn check(&self, dry_run: DryRun) -> Result<()> {
        let refuse = |why: &str| Err(CommandError::message(why));
        field_validation(&self.validate)?;
        Printer::new(&self.print, "")?;
        if self.files.is_empty() {
            return refuse("must specify one of -f and -k");
        }
        if self.grace_period >= 0 && !self.force {
            return refuse("--grace-period must have --force specified");
        }
        let timeout = crate::flags::duration(&self.timeout).map_err(CommandError::message)?.unwrap_or_default();
        if !timeout.is_zero() && !self.force {
            return refuse("--timeout must have --force specified");
        }
        if self.force && dry_run != DryRun::None {
            return refuse("--dry-run can not be used when --force is set");
        }
        let Some(raw) = &self.raw else { return Ok(()) };
        let [file] = self.files.filenames.as_slice() else {
            return refuse("--raw can only use a single local file or stdin");
        };
        if file.starts_with("http://") || file.starts_with("https://") {
            return refuse("--raw cannot read from a url");
        }
        if self.files.recursive {
            return refuse("--raw and --recursive are mutually exclusive");
        }
        if self.print.output.as_deref().is_some_and(|output| !output.is_empty()) {
            return refuse("--raw and --output are mutually exclusive");
        }
        if !raw.starts_with('/') {
            return Err(CommandError::message(format!("--raw must be a valid URL path: parse {raw:?}: invalid URI for request")));
        }
        Ok(())
    }

    async fn put_raw(&self, session: &mut Session<'_>, path: &str) -> Result<()> {
        let file = &self.files.filenames[0];
        let body = if file == "-" { session.ui.read_input() } else { std::fs::read(file) };
        let body = body.map_err(|error| CommandError::message(error.to_string()))?;
        let reply = session.call(&Call::new(Method::PUT, path).body("application/json", body)).await?;
        session.ui.write(&reply.body);
        Ok(())
    }

    async fn delete(&self, session: &mut Session<'_>, info: &Info, limit: Option<std::time::Duration>) -> Result<()> {
        match session.call(&Call::get(info.path())).await {
            Err(error) if error.is_reason("NotFound") => return Ok(()),
            other => drop(other?),
        }
        let grace_period_s = if self.grace_period == 0 { 1 } else { self.grace_period };
        let gone = delete_and_wait(session, info, (grace_period_s >= 0).then_some(grace_period_s));
        match limit {
            None => gone.await?,
            Some(limit) => {
                tokio::time::timeout(limit, gone).await.map_err(|_| CommandError::message(super::until::TIMED_OUT))??;
            }
        }
        let printed = info.printed();
        if self.print.output.as_deref() == Some("name") {
            session.ui.line(&printed);
        } else {
            let from = if info.mapping.namespaced { format!(" from {} namespace", info.namespace) } else { String::new() };
            session.ui.line(&format!("{} \"{}\" deleted{from}", info.mapping.printed(), info.name));
        }
        Ok(())
    }

    async fn replace(&self, session: &mut Session<'_>, info: Info, dry_run: DryRun) -> Result<()> {
        let mut object = if self.save_config { with_last_applied(&info.object) } else { info.object.clone() };
        if dry_run != DryRun::Client {
            object = if self.force {
                session.call_json(&self.call(Method::POST, info.mapping.path(&info.namespace, ""), dry_run)?.json(&object)).await?
            } else {
                self.put(session, &info, object, dry_run).await.map_err(|error| error.when("replacing", &info.source))?
            };
        }
        print_outcome(session, &self.print, &format!("replaced{}", dry_run.suffix()), &object)
    }

    fn call(&self, method: Method, path: String, dry_run: DryRun) -> Result<Call> {
        Ok(Call::new(method, path)
            .query("dryRun", if dry_run == DryRun::Server { "All" } else { "" })
            .query("fieldManager", self.field_manager.clone())
            .query("fieldValidation", field_validation(&self.validate)?))
    }

    /// An object without a resource version replaces whichever there is.
    async fn put(
        &self,
        session: &mut Session<'_>,
        info: &Info,
        mut object: serde_json::Value,
        dry_run: DryRun,
    ) -> Result<serde_json::Value> {
        let path = if self.subresource.is_empty() { info.path() } else { format!("{}/{}", info.path(), self.subresource) };
        if text(&object, "/metadata/resourceVersion").is_empty() {
            let current = session.call_json(&Call::get(path.clone())).await?;
            object["metadata"]["resourceVersion"] = json!(text(&current, "/metadata/resourceVersion"));
        }
        session.call_json(&self.call(Method::PUT, path, dry_run)?.json(&object)).await
    }
}
