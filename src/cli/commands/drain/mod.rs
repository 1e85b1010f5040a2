//! `drain`: cordons nodes and evicts their pods, waiting until they are gone.

mod filters;

use std::time::Duration;

use http::Method;
use serde_json::{Value, json};
use tokio::time::Instant;

use super::cordon::{mark, nodes};
use crate::error::{CommandError, Result};
use crate::flags::{DryRun, DryRunFlag, PrintFlags};
use crate::print::print_outcome;
use crate::resources::{Info, Mapping, text};
use crate::session::{Call, Session};

/// Between two attempts at an eviction that a disruption budget forbids for now.
const RETRY: Duration = Duration::from_secs(5);
/// Between two looks at whether evicted pods are gone.
const POLL: Duration = Duration::from_secs(1);

#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(flatten)]
    dry_run: DryRunFlag,
    /// Return large lists in chunks rather than all at once. Pass 0 to disable.
    #[arg(long, default_value_t = 500)]
    chunk_size: i64,
    /// Continue even if there are pods using emptyDir (local data that will be deleted when the node is drained).
    #[arg(long)]
    delete_emptydir_data: bool,
    /// Force drain to use delete, even if eviction is supported. This will bypass checking PodDisruptionBudgets, use with caution.
    #[arg(long)]
    disable_eviction: bool,
    /// Continue even if there are pods that do not declare a controller.
    #[arg(long)]
    force: bool,
    /// Period of time in seconds given to each pod to terminate gracefully. If negative, the default value specified in the pod will be used.
    #[arg(long, default_value_t = -1, allow_hyphen_values = true)]
    grace_period: i64,
    /// Ignore DaemonSet-managed pods.
    #[arg(long)]
    ignore_daemonsets: bool,
    /// Label selector to filter pods on the node
    #[arg(long, default_value = "", hide_default_value = true)]
    pod_selector: String,
    /// Selector (label query) to filter on
    #[arg(short = 'l', long)]
    selector: Option<String>,
    /// If pod DeletionTimestamp older than N seconds, skip waiting for the pod. Seconds must be greater than 0 to skip.
    #[arg(long, default_value_t = 0)]
    skip_wait_for_delete_timeout: i64,
    /// The length of time to wait before giving up, zero means infinite
    #[arg(long, default_value = "0s")]
    timeout: String,
    words: Vec<String>,
}

/// A pod on its way out.
struct Leaving {
    pod: Value,
    /// When its eviction is tried next; `None` once it is on its way.
    next_attempt: Option<Instant>,
}

impl Args {
    pub async fn run(self, session: &mut Session<'_>) -> Result<()> {
        let dry_run = self.dry_run.strategy()?;
        if api::labels::Selector::parse(&self.pod_selector).is_err() {
            return Err(CommandError::message("--pod-selector=<pod_selector> must be a valid label selector"));
        }
        let limit = crate::flags::duration(&self.timeout).map_err(CommandError::message)?.filter(|limit| !limit.is_zero());
        let nodes = nodes(session, "drain", &self.words, self.selector.as_deref()).await?;
        mark(session, &nodes, true, dry_run).await?;
        let (mut errors, mut remaining) = (Vec::new(), Vec::new());
        for node in &nodes {
            match self.drain(session, node, dry_run, limit).await {
                Ok(()) => print_outcome(session, &PrintFlags::default(), &format!("drained{}", dry_run.suffix()), &node.object)?,
                Err(failures) => {
                    let why = aggregate(&failures);
                    session
                        .ui
                        .error_line(&format!("error: unable to drain node {:?} due to error: {why}, continuing command...", node.name));
                    remaining.push(node.name.clone());
                    errors.extend(failures.into_iter().map(CommandError::message));
                }
            }
        }
        if !remaining.is_empty() {
            session.ui.error_line("There are pending nodes to be drained:");
            for name in remaining {
                session.ui.error_line(&format!(" {name}"));
            }
        }
        CommandError::all(errors)
    }

    async fn drain(&self, session: &mut Session<'_>, node: &Info, dry_run: DryRun, limit: Option<Duration>) -> Result<(), Vec<String>> {
        let choice = self.pods(session, &node.name).await.map_err(|error| vec![bare(&error)])?;
        if !choice.errors.is_empty() {
            return Err(choice.errors);
        }
        if !choice.warnings.is_empty() {
            session.warn(&choice.warnings);
        }
        if dry_run == DryRun::Client {
            for pod in &choice.pods {
                session.ui.line(&format!("evicting pod {} (dry run)", filters::full_name(pod)));
            }
            return Ok(());
        }
        let failures = if self.disable_eviction {
            self.delete(session, choice.pods, dry_run, limit).await
        } else {
            self.evict(session, choice.pods, dry_run, limit).await
        };
        if failures.is_empty() {
            return Ok(());
        }
        if let Ok(pending) = self.pods(session, &node.name).await
            && !pending.pods.is_empty()
        {
            let why = aggregate(&failures);
            session.ui.error_line(&format!("There are pending pods in node {:?} when an error occurred: {why}", node.name));
            for pod in &pending.pods {
                session.ui.error_line(&format!("pod/{}", text(pod, "/metadata/name")));
            }
        }
        Err(failures)
    }

    /// What is to leave a node, and what speaks against it.
    async fn pods(&self, session: &mut Session<'_>, node: &str) -> Result<filters::Choice> {
        let mut call = Call::get("/api/v1/pods")
            .query("fieldSelector", format!("spec.nodeName={node}"))
            .query("labelSelector", self.pod_selector.clone());
        if self.chunk_size > 0 {
            call = call.query("limit", self.chunk_size.to_string());
        }
        let mut pods = Vec::new();
        let mut next = call.clone();
        loop {
            let mut list = session.call_json(&next).await?;
            pods.extend(list.get_mut("items").and_then(Value::as_array_mut).map(std::mem::take).unwrap_or_default());
            match text(&list, "/metadata/continue") {
                "" => break,
                token => next = call.clone().query("continue", token),
            }
        }
        for pod in &mut pods {
            pod["kind"] = json!("Pod");
            pod["apiVersion"] = json!("v1");
        }
        let mut orphans = Vec::new();
        for pod in &pods {
            if let Some(set) = filters::daemon_set(pod) {
                let mapping = Mapping::from(kinds::lookup::by_kind("apps", "v1", "DaemonSet").expect("daemon sets are built in"));
                if let Err(error) = session.call(&Call::get(mapping.path(text(pod, "/metadata/namespace"), set))).await {
                    orphans.push((filters::full_name(pod), bare(&error), error.is_reason("NotFound")));
                }
            }
        }
        let rules = filters::Rules {
            force: self.force,
            ignore_daemon_sets: self.ignore_daemonsets,
            delete_local_data: self.delete_emptydir_data,
            skip_deleted_after_s: self.skip_wait_for_delete_timeout,
            now: jiff::Timestamp::now(),
        };
        Ok(rules.choose(pods, &orphans))
    }

    fn delete_options(&self, dry_run: DryRun) -> Value {
        let mut options = json!({});
        if self.grace_period >= 0 {
            options["gracePeriodSeconds"] = json!(self.grace_period);
        }
        if dry_run == DryRun::Server {
            options["dryRun"] = json!(["All"]);
        }
        options
    }

    async fn delete(&self, session: &mut Session<'_>, pods: Vec<Value>, dry_run: DryRun, limit: Option<Duration>) -> Vec<String> {
        let deadline = limit.map(|limit| Instant::now() + limit);
        for pod in &pods {
            match session.call(&Call::new(Method::DELETE, path(pod)).json(&self.delete_options(dry_run))).await {
                Err(error) if !error.is_reason("NotFound") => return vec![bare(&error)],
                _ => {}
            }
        }
        if dry_run == DryRun::Server {
            return Vec::new();
        }
        let mut leaving: Vec<Leaving> = pods.into_iter().map(|pod| Leaving { pod, next_attempt: None }).collect();
        while !leaving.is_empty() {
            if let Err(error) = self.drop_gone(session, &mut leaving, "deleted").await {
                return vec![bare(&error)];
            }
            if deadline.is_some_and(|deadline| Instant::now() >= deadline) && !leaving.is_empty() {
                return vec!["context deadline exceeded".to_owned()];
            }
            if !leaving.is_empty() {
                tokio::time::sleep(POLL).await;
            }
        }
        Vec::new()
    }

    /// Evicts all pods side by side; those that a budget protects are tried again.
    async fn evict(&self, session: &mut Session<'_>, pods: Vec<Value>, dry_run: DryRun, limit: Option<Duration>) -> Vec<String> {
        let deadline = limit.map(|limit| Instant::now() + limit);
        let mut errors = Vec::new();
        let mut leaving: Vec<Leaving> = pods.into_iter().map(|pod| Leaving { pod, next_attempt: Some(Instant::now()) }).collect();
        while !leaving.is_empty() {
            let late = deadline.is_some_and(|deadline| Instant::now() >= deadline);
            let mut staying = Vec::new();
            for mut entry in std::mem::take(&mut leaving) {
                if entry.next_attempt.is_some_and(|next| next > Instant::now()) {
                    staying.push(entry);
                    continue;
                }
                if entry.next_attempt.is_none() && !late {
                    staying.push(entry);
                    continue;
                }
                let (name, namespace) = (text(&entry.pod, "/metadata/name").to_owned(), text(&entry.pod, "/metadata/namespace").to_owned());
                if late {
                    let limit = go_duration(limit.unwrap_or_default());
                    errors.push(match entry.next_attempt {
                        Some(_) => format!("error when evicting pods/{name:?} -n {namespace:?}: global timeout reached: {limit}"),
                        None => format!(
                            "error when waiting for pod {name:?} in namespace {namespace:?} to terminate: global timeout reached: {limit}"
                        ),
                    });
                    continue;
                }
                session
                    .ui
                    .line(&format!("evicting pod {namespace}/{name}{}", if dry_run == DryRun::Server { " (server dry run)" } else { "" }));
                session.ui.flush();
                match self.evict_one(session, &entry.pod, dry_run).await {
                    Ok(()) if dry_run == DryRun::Server => {}
                    Ok(()) => {
                        entry.next_attempt = None;
                        staying.push(entry);
                    }
                    Err(error) if error.is_reason("NotFound") => {}
                    Err(error) if error.is_reason("TooManyRequests") => {
                        session.ui.error_line(&format!(
                            "error when evicting pods/{name:?} -n {namespace:?} (will retry after 5s): {}",
                            bare(&error)
                        ));
                        entry.next_attempt = Some(Instant::now() + RETRY);
                        staying.push(entry);
                    }
                    Err(error) => errors.push(format!("error when evicting pods/{name:?} -n {namespace:?}: {}", bare(&error))),
                }
            }
            leaving = staying;
            if let Err(error) = self.drop_gone(session, &mut leaving, "evicted").await {
                errors.push(bare(&error));
                return errors;
            }
            if !leaving.is_empty() {
                tokio::time::sleep(POLL).await;
            }
        }
        errors
    }

    async fn evict_one(&self, session: &mut Session<'_>, pod: &Value, dry_run: DryRun) -> Result<()> {
        let eviction = json!({
            "kind": "Eviction",
            "apiVersion": "policy/v1",
            "metadata": {"name": text(pod, "/metadata/name"), "namespace": text(pod, "/metadata/namespace")},
            "deleteOptions": self.delete_options(dry_run),
        });
        session.call(&Call::new(Method::POST, format!("{}/eviction", path(pod))).json(&eviction)).await.map(drop)
    }

    /// Takes those out of the list that are gone, or that nobody waits for any longer.
    async fn drop_gone(&self, session: &mut Session<'_>, leaving: &mut Vec<Leaving>, operation: &str) -> Result<()> {
        let mut staying = Vec::new();
        for entry in std::mem::take(leaving) {
            if entry.next_attempt.is_some() {
                staying.push(entry);
                continue;
            }
            let current = match session.call_json(&Call::get(path(&entry.pod))).await {
                Err(error) if error.is_reason("NotFound") => None,
                Err(error) => return Err(error),
                Ok(pod) => Some(pod).filter(|pod| text(pod, "/metadata/uid") == text(&entry.pod, "/metadata/uid")),
            };
            match current {
                None => print_outcome(session, &PrintFlags::default(), operation, &entry.pod)?,
                Some(pod) if filters::deleted_long_ago(&pod, self.skip_wait_for_delete_timeout, jiff::Timestamp::now()) => {
                    session.ui.line(&format!(
                        "pod {:?} has DeletionTimestamp older than {} seconds, skipping",
                        text(&pod, "/metadata/name"),
                        self.skip_wait_for_delete_timeout
                    ));
                }
                Some(_) => staying.push(entry),
            }
        }
        session.ui.flush();
        *leaving = staying;
        Ok(())
    }
}

fn path(pod: &Value) -> String {
    format!("/api/v1/namespaces/{}/pods/{}", text(pod, "/metadata/namespace"), text(pod, "/metadata/name"))
}

/// An error in the server's words alone.
fn bare(error: &CommandError) -> String {
    match error {
        CommandError::Api(status) => status.message().to_owned(),
        other => other.to_string().trim_start_matches("error: ").to_owned(),
    }
}

/// Several errors as Go's aggregates have them.
fn aggregate(errors: &[String]) -> String {
    match errors {
        [one] => one.clone(),
        several => format!("[{}]", several.join(", ")),
    }
}

/// `1h0m5s`, as Go writes a duration of whole seconds.
fn go_duration(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, seconds) => format!("{seconds}s"),
        (0, minutes, seconds) => format!("{minutes}m{seconds}s"),
        (hours, minutes, seconds) => format!("{hours}h{minutes}m{seconds}s"),
    }
}
