//! `delete`: asks for objects to go and waits until they are gone.

use std::time::Duration;

use http::Method;
use serde_json::{Value, json};

use crate::error::{CommandError, Result};
use crate::flags::{DryRun, DryRunFlag, FilenameFlags};
use crate::resources::{Info, Mapping, Selection, Target, load, text};
use crate::session::{Call, Session};

/// Without `--timeout`, deletions are waited for this long.
const FOREVER: Duration = Duration::from_secs(7 * 24 * 3600);

#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(flatten)]
    files: FilenameFlags,
    #[command(flatten)]
    dry_run: DryRunFlag,
    /// Delete all resources, in the namespace of the specified resource types.
    #[arg(long)]
    all: bool,
    /// If present, list the requested object(s) across all namespaces.
    #[arg(short = 'A', long)]
    all_namespaces: bool,
    /// Must be "background", "orphan", or "foreground".
    #[arg(long, default_value = "background", num_args = 0..=1, require_equals = true, default_missing_value = "background")]
    cascade: String,
    /// Selector (field query) to filter on
    #[arg(long)]
    field_selector: Option<String>,
    /// If true, immediately remove resources from API and bypass graceful deletion.
    #[arg(long)]
    force: bool,
    /// Period of time in seconds given to the resource to terminate gracefully.
    #[arg(long, default_value_t = -1, allow_hyphen_values = true)]
    grace_period: i64,
    /// Treat "resource not found" as a successful delete.
    #[arg(long)]
    ignore_not_found: bool,
    /// If true, delete resource only when user confirms.
    #[arg(short, long)]
    interactive: bool,
    /// If true, resources are signaled for immediate shutdown (same as --grace-period=1).
    #[arg(long)]
    now: bool,
    /// Output mode. Use "-o name" for shorter output (resource/name).
    #[arg(short, long)]
    output: Option<String>,
    /// Raw URI to DELETE to the server.
    #[arg(long)]
    raw: Option<String>,
    /// Selector (label query) to filter on
    #[arg(short = 'l', long)]
    selector: Option<String>,
    /// The length of time to wait before giving up on a delete, zero means determine a timeout from the size of the object
    #[arg(long, default_value = "0s")]
    timeout: String,
    /// If true, wait for resources to be gone before returning.
    #[arg(long, action = clap::ArgAction::Set, num_args = 0..=1, require_equals = true, default_value = "true", default_missing_value = "true")]
    wait: bool,
    words: Vec<String>,
}

impl Args {
    pub async fn run(mut self, session: &mut Session<'_>) -> Result<()> {
        let dry_run = self.dry_run.strategy()?;
        self.check(session)?;
        if let Some(path) = &self.raw {
            let reply = session.call(&Call::new(Method::DELETE, path.clone())).await?;
            session.ui.write(&reply.body);
            return Ok(());
        }
        let (mut infos, mut errors) = self.infos(session).await?;
        let selecting = self.all || self.selector.is_some() || self.field_selector.is_some();
        let ignore = self.ignore_not_found || selecting;
        if self.interactive && !confirmed(session, &infos)? {
            return Ok(());
        }
        let mut warn_of_scope = session.namespace()?.1 && !self.all_namespaces;
        let mut deleted = Vec::new();
        let found = infos.len();
        for info in infos.drain(..) {
            if warn_of_scope && !info.mapping.namespaced {
                session.warn("deleting cluster-scoped resources, not scoped to the provided namespace");
                warn_of_scope = false;
            }
            match self.delete(session, &info, dry_run).await {
                Ok(uid) => deleted.push((info, uid)),
                Err(error) if ignore && error.is_reason("NotFound") => {}
                Err(error) => errors.push(error),
            }
        }
        CommandError::all(errors)?;
        if found == 0 {
            session.ui.line("No resources found");
        }
        if self.wait && dry_run == DryRun::None {
            let limit = crate::flags::duration(&self.timeout).map_err(CommandError::message)?.filter(|limit| !limit.is_zero());
            session.ui.flush();
            wait_until_gone(session, &deleted, limit.unwrap_or(FOREVER)).await?;
        }
        Ok(())
    }

    fn check(&mut self, session: &mut Session<'_>) -> Result<()> {
        if self.now {
            if self.grace_period != -1 {
                return Err(CommandError::message("--now and --grace-period cannot be specified together"));
            }
            self.grace_period = 1;
        }
        // A grace period of zero alone would lose data by accident: it takes --force.
        if self.grace_period == 0 && !self.force {
            self.grace_period = 1;
        }
        if self.force && self.grace_period < 0 {
            self.grace_period = 0;
        }
        match self.output.as_deref() {
            None | Some("" | "name") => {}
            Some(other) => return Err(CommandError::message(format!("unexpected -o output mode: {other}. We only support '-o name'"))),
        }
        if self.all && self.selector.as_deref().is_some_and(|selector| !selector.is_empty()) {
            return Err(CommandError::message("cannot set --all and --selector at the same time"));
        }
        if self.all && self.field_selector.as_deref().is_some_and(|selector| !selector.is_empty()) {
            return Err(CommandError::message("cannot set --all and --field-selector at the same time"));
        }
        if !["background", "orphan", "foreground", "true", "false"].contains(&self.cascade.as_str()) {
            return Err(CommandError::message(format!(
                "invalid cascade value ({}). Must be \"background\", \"foreground\", or \"orphan\"",
                self.cascade
            )));
        }
        if self.force && self.grace_period == 0 {
            session.warn("Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely.");
        } else if self.force {
            return Err(CommandError::message("--force and --grace-period greater than 0 cannot be specified together"));
        }
        Ok(())
    }

    /// What is to be deleted. Named objects are not asked for first.
    async fn infos(&self, session: &mut Session<'_>) -> Result<(Vec<Info>, Vec<CommandError>)> {
        if !self.files.is_empty() && self.words.is_empty() {
            return Ok(load(session, &self.files).await);
        }
        let selection = Selection {
            filenames: self.files.clone(),
            words: self.words.clone(),
            labels: self.selector.clone(),
            fields: self.field_selector.clone(),
            all: self.all,
            all_namespaces: self.all_namespaces,
            ..Selection::default()
        };
        let targets = selection.targets(session).await?;
        if targets.iter().all(|target| matches!(target, Target::Named { .. })) {
            let named = |target| match target {
                Target::Named { mapping, namespace, name } => {
                    Some(Info { mapping, namespace, name, source: String::new(), object: Value::Null })
                }
                _ => None,
            };
            return Ok((targets.into_iter().filter_map(named).collect(), Vec::new()));
        }
        selection.objects(session).await
    }

    async fn delete(&self, session: &mut Session<'_>, info: &Info, dry_run: DryRun) -> Result<String> {
        if dry_run == DryRun::Client {
            self.tell(session, info, dry_run);
            return Ok(String::new());
        }
        let policy = match self.cascade.as_str() {
            "orphan" | "false" => "Orphan",
            "foreground" => "Foreground",
            _ => "Background",
        };
        let mut options = json!({"kind": "DeleteOptions", "apiVersion": "v1", "propagationPolicy": policy});
        if self.grace_period >= 0 {
            options["gracePeriodSeconds"] = self.grace_period.into();
        }
        if dry_run == DryRun::Server {
            options["dryRun"] = json!(["All"]);
        }
        let answer = session
            .call_json(&Call::new(Method::DELETE, info.path()).json(&options))
            .await
            .map_err(|error| error.when("deleting", &info.source))?;
        self.tell(session, info, dry_run);
        let pointer = if text(&answer, "/kind") == "Status" { "/details/uid" } else { "/metadata/uid" };
        Ok(text(&answer, pointer).to_owned())
    }

    fn tell(&self, session: &mut Session<'_>, info: &Info, dry_run: DryRun) {
        let kind = info.mapping.printed();
        if self.output.as_deref() == Some("name") {
            session.ui.line(&format!("{kind}/{}", info.name));
            return;
        }
        let verb = if self.grace_period == 0 { "force deleted" } else { "deleted" };
        let from = if info.mapping.namespaced { format!(" from {} namespace", info.namespace) } else { String::new() };
        session.ui.line(&format!("{kind} \"{}\" {verb}{from}{}", info.name, dry_run.suffix()));
    }
}

/// Asks on the terminal whether these objects may go.
fn confirmed(session: &mut Session<'_>, infos: &[Info]) -> Result<bool> {
    if infos.is_empty() {
        session.ui.line("No resources found");
        return Ok(false);
    }
    session.ui.line("You are about to delete the following resources:");
    for info in infos {
        session.ui.line(&format!("{}/{}", info.mapping.printed(), info.name));
    }
    session.ui.print("Do you want to continue? (y/N): ");
    session.ui.flush();
    let answer = session.ui.read_line().map_err(|error| CommandError::message(error.to_string()))?.unwrap_or_default();
    let yes = matches!(answer.trim(), "y" | "Y" | "yes");
    if !yes {
        session.ui.line("deletion is cancelled");
    }
    Ok(yes)
}

/// Deletes one object (`grace_period_s` where it is not the object's own) and waits until it is gone.
pub async fn delete_and_wait(session: &mut Session<'_>, info: &Info, grace_period_s: Option<i64>) -> Result<()> {
    let mut options = json!({"kind": "DeleteOptions", "apiVersion": "v1", "propagationPolicy": "Background"});
    if let Some(seconds) = grace_period_s {
        options["gracePeriodSeconds"] = seconds.into();
    }
    match session.call_json(&Call::new(Method::DELETE, info.path()).json(&options)).await {
        Ok(answer) => {
            let uid = text(&answer, if text(&answer, "/kind") == "Status" { "/details/uid" } else { "/metadata/uid" }).to_owned();
            wait_until_gone(session, &[(info.clone(), uid)], FOREVER).await
        }
        Err(error) if error.is_reason("NotFound") => Ok(()),
        Err(error) => Err(error),
    }
}

/// Watches each object until it is gone, or another has its name.
async fn wait_until_gone(session: &mut Session<'_>, deleted: &[(Info, String)], limit: Duration) -> Result<()> {
    let deadline = tokio::time::Instant::now() + limit;
    for (info, uid) in deleted {
        let gone = tokio::time::timeout_at(deadline, watch_until_gone(session, info, uid)).await;
        match gone {
            Ok(Err(error)) if error.is_reason("Forbidden") || error.is_reason("MethodNotAllowed") => return Ok(()),
            Ok(result) => result?,
            Err(_) => {
                return Err(CommandError::message(format!(
                    "timed out waiting for the condition on {}/{}",
                    info.mapping.resource(),
                    info.name
                )));
            }
        }
    }
    Ok(())
}

async fn watch_until_gone(session: &mut Session<'_>, info: &Info, uid: &str) -> Result<()> {
    loop {
        let current = match session.call_json(&Call::get(info.path())).await {
            Ok(current) => current,
            Err(error) if error.is_reason("NotFound") => return Ok(()),
            Err(error) => return Err(error),
        };
        if !uid.is_empty() && text(&current, "/metadata/uid") != uid {
            return Ok(());
        }
        let mapping: &Mapping = &info.mapping;
        let call = Call::get(mapping.path(&info.namespace, ""))
            .query("watch", "true")
            .query("fieldSelector", format!("metadata.name={}", info.name))
            .query("resourceVersion", text(&current, "/metadata/resourceVersion"));
        let mut events = crate::watch::Events::open(session, &call).await?;
        while let Some(event) = events.next().await? {
            if event.kind == "DELETED" {
                return Ok(());
            }
            if event.kind == "ERROR" {
                break;
            }
        }
    }
}
