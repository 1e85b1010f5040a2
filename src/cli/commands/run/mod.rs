//! `run`: a pod of one container from flags, with a service and our terminal attached where wanted. The old `--generator=run/v1` makes a replication
//! controller instead.

mod attached;
mod objects;

use std::time::Duration;

use regex::Regex;
use serde_json::{Value, json};

use crate::commands::generated::{Creation, OverrideFlags, parse_labels};
use crate::error::{CommandError, Result};
use crate::flags::{DryRun, DryRunFlag, PrintFlags};
use crate::print::Printer;
use crate::resources::Info;
use crate::session::Session;

#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(flatten)]
    print: PrintFlags,
    #[command(flatten)]
    dry_run: DryRunFlag,
    #[command(flatten)]
    overrides: OverrideFlags,
    /// Annotations to apply to the pod.
    #[arg(long)]
    annotations: Vec<String>,
    /// If true, wait for the Pod to start running, and then attach to the Pod as if 'kubectl attach ...' were called. Default false, unless '-i/--stdin' is set, in which case the default is true. With '--restart=Never' the exit code of the container process is returned.
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    attach: Option<bool>,
    /// Must be "background", "orphan", or "foreground". Selects the deletion cascading strategy for the dependents (e.g. Pods created by a ReplicationController).
    #[arg(long, default_value = "background", num_args = 0..=1, require_equals = true, default_missing_value = "background")]
    cascade: String,
    /// If true and extra arguments are present, use them as the 'command' field in the container, rather than the 'args' field which is the default.
    #[arg(long = "command")]
    as_command: bool,
    /// Override the key sequence for detaching a container.
    #[arg(long, default_value = "ctrl-p,ctrl-q")]
    detach_keys: String,
    /// Environment variables to set in the container.
    #[arg(long)]
    env: Vec<String>,
    /// If true, create a ClusterIP service associated with the pod. Requires `--port`.
    #[arg(long)]
    expose: bool,
    /// Name of the manager used to track field ownership.
    #[arg(long, default_value = "kubectl-run")]
    field_manager: String,
    /// Ignored
    #[arg(short = 'f', long, hide = true)]
    filename: Vec<String>,
    /// If true, immediately remove resources from API and bypass graceful deletion.
    #[arg(long)]
    force: bool,
    /// run/v1 makes a replication controller, run-pod/v1 a pod
    #[arg(long, hide = true)]
    generator: Option<String>,
    /// Period of time in seconds given to the resource to terminate gracefully.
    #[arg(long, default_value_t = -1, allow_hyphen_values = true)]
    grace_period: i64,
    /// The image for the container to run.
    #[arg(long)]
    image: Option<String>,
    /// The image pull policy for the container. If left empty, this value will not be specified by the client and defaulted by the server.
    #[arg(long, default_value = "", hide_default_value = true)]
    image_pull_policy: String,
    /// Process a kustomization directory. This flag can't be used together with -f or -R.
    #[arg(short = 'k', long)]
    kustomize: Option<String>,
    /// Comma separated labels to apply to the pod. Will override previous values.
    #[arg(short, long, default_value = "", hide_default_value = true)]
    labels: String,
    /// If the pod is started in interactive mode or with stdin, leave stdin open after the first attach completes. By default, stdin will be closed after the first attach completes.
    #[arg(long)]
    leave_stdin_open: bool,
    /// The length of time (like 5s, 2m, or 3h, higher than zero) to wait until at least one pod is running
    #[arg(long, default_value = "1m0s")]
    pod_running_timeout: String,
    /// The port that this container exposes.
    #[arg(long, default_value = "", hide_default_value = true, allow_hyphen_values = true)]
    port: String,
    /// If true, run the container in privileged mode.
    #[arg(long)]
    privileged: bool,
    /// If true, suppress prompt messages.
    #[arg(short, long)]
    quiet: bool,
    /// Process the directory used in -f, --filename recursively.
    #[arg(short = 'R', long)]
    recursive: bool,
    /// Number of replicas of a replication controller
    #[arg(short = 'r', long, hide = true, default_value_t = 1)]
    replicas: i32,
    /// The restart policy for this Pod. Legal values [Always, OnFailure, Never].
    #[arg(long, default_value = "Always")]
    restart: String,
    /// If true, delete the pod after it exits. Only valid when attaching to the container, e.g. with '--attach' or with '-i/--stdin'.
    #[arg(long)]
    rm: bool,
    /// If true, the configuration of current object will be saved in its annotation.
    #[arg(long)]
    save_config: bool,
    /// Keep stdin open on the container in the pod, even if nothing is attached.
    #[arg(short = 'i', long)]
    stdin: bool,
    /// The length of time to wait before giving up on a delete, zero means determine a timeout from the size of the object
    #[arg(long, default_value = "0s")]
    timeout: String,
    /// Allocate a TTY for the container in the pod.
    #[arg(short, long)]
    tty: bool,
    /// If true, wait for resources to be gone before returning. This waits for finalizers.
    #[arg(long)]
    wait: bool,
    words: Vec<String>,
    /// The command and its arguments
    #[arg(last = true)]
    command: Vec<String>,
}

/// What the flags come to.
#[derive(Debug)]
struct Wishes {
    name: String,
    image: String,
    arguments: Vec<String>,
    annotations: Value,
    /// As the user gave them; null without.
    labels: Value,
    env: Value,
    restart: &'static str,
    port: Option<i64>,
    attach: bool,
    limit: Duration,
    dry_run: DryRun,
    /// `--generator=run/v1`.
    replication_controller: bool,
}

impl Args {
    pub async fn run(self, session: &mut Session<'_>) -> Result<()> {
        let Some(image) = self.image.clone() else {
            return Err(CommandError::message("required flag(s) \"image\" not set"));
        };
        if let Some(generator) = &self.generator {
            session
                .ui
                .error_line("Flag --generator has been deprecated, and will be removed in a future version. Use kubectl create instead.");
            if !["", "run/v1", "run-pod/v1"].contains(&generator.as_str()) {
                return Err(CommandError::message(format!("generator {generator:?} not found")));
            }
        }
        if !self.filename.is_empty() {
            session
                .ui
                .error_line("Flag --filename has been deprecated, it is ignored by kubectl run and will be removed in a future release");
        }
        let wishes = self.wishes(session, image)?;
        self.create(session, &wishes).await
    }

    /// In the order in which kubectl looks at them.
    fn wishes(&self, session: &mut Session<'_>, image: String) -> Result<Wishes> {
        let annotations = annotations(session, &self.annotations)?;
        let labels = if self.labels.is_empty() { Value::Null } else { parse_labels(&self.labels)? };
        let env = env(&self.env)?;
        let restart = restart_policy(&self.restart, self.stdin)?;
        if !["Always", "IfNotPresent", "Never", ""].contains(&self.image_pull_policy.as_str()) {
            return Err(CommandError::message(format!(
                "invalid image pull policy: {}, valid values are: Always, IfNotPresent, Never",
                self.image_pull_policy
            )));
        }
        let limit = crate::flags::duration(&self.pod_running_timeout).map_err(CommandError::message)?.unwrap_or_default();
        if limit.is_zero() {
            return Err(CommandError::message("--pod-running-timeout must be higher than zero"));
        }
        let attach = self.attach.unwrap_or(self.stdin);
        let dry_run = self.dry_run.strategy()?;
        Printer::new(&self.print, "")?;
        let refuse = |why: &str| Err(CommandError::message(why));
        let Some((name, more)) = self.words.split_first() else {
            return refuse("NAME is required for run");
        };
        if image.is_empty() {
            return refuse("--image is required");
        }
        if !is_reference(&image) {
            return Err(CommandError::message(format!("invalid image name {image:?}: invalid reference format")));
        }
        if self.tty && !self.stdin {
            return refuse("-i/--stdin is required for containers with -t/--tty=true");
        }
        if self.expose && self.port.is_empty() {
            return refuse("--port must be set when exposing a service");
        }
        let port = match self.port.as_str() {
            "" => None,
            written => Some(written.parse().map_err(|_| CommandError::message("--port must be a number"))?),
        };
        if self.rm && !attach {
            return refuse("--rm should only be used for attached containers");
        }
        if attach && dry_run != DryRun::None {
            return refuse("--dry-run=[server|client] can't be used with attached containers options (--attach, --stdin, or --tty)");
        }
        Ok(Wishes {
            name: name.clone(),
            image,
            arguments: more.iter().chain(&self.command).cloned().collect(),
            annotations,
            labels,
            env,
            restart,
            port,
            attach,
            limit,
            dry_run,
            replication_controller: self.generator.as_deref() == Some("run/v1"),
        })
    }

    async fn create(&self, session: &mut Session<'_>, wishes: &Wishes) -> Result<()> {
        let creation = Creation { dry_run: wishes.dry_run, manager: &self.field_manager, save_config: self.save_config };
        let object = if wishes.replication_controller { self.replication_controller(wishes) } else { self.pod(wishes) };
        let mut created = vec![creation.create(session, self.overrides.apply(object)?).await?];
        let mut errors = Vec::new();
        if self.expose {
            match creation.create(session, objects::service(wishes)).await {
                Ok(service) => created.push(service),
                Err(error) => errors.push(error),
            }
        }
        if wishes.attach {
            let ended = self.attach(session, wishes, &created[0]).await;
            if self.rm {
                self.remove(session, &created).await?;
            }
            return ended;
        }
        let mut printer = Printer::new(&self.print, &format!("created{}", wishes.dry_run.suffix()))?.typed();
        for Info { object, .. } in &created {
            printer.print(session, object)?;
        }
        CommandError::all(errors)
    }
}

/// `key=value` words as annotations; null without.
fn annotations(session: &Session<'_>, written: &[String]) -> Result<Value> {
    let mut annotations = serde_json::Map::new();
    for pair in written {
        match pair.split_once('=') {
            Some((key, value)) if !key.is_empty() => {
                if annotations.contains_key(key) {
                    return Err(CommandError::message(format!("invalid annotations pair {key}: duplicated for {}", session.program)));
                }
                annotations.insert(key.to_owned(), json!(value));
            }
            _ => return Err(CommandError::message(format!("invalid annotations format: {pair}"))),
        }
    }
    Ok(if annotations.is_empty() { Value::Null } else { Value::Object(annotations) })
}

fn env(written: &[String]) -> Result<Value> {
    let mut variables = Vec::new();
    for pair in written {
        match pair.split_once('=') {
            Some((name, value)) if api::names::environment_variable_name(name).is_empty() => {
                let mut variable = json!({"name": name});
                if !value.is_empty() {
                    variable["value"] = json!(value);
                }
                variables.push(variable);
            }
            _ => return Err(CommandError::message(format!("invalid env: {pair}"))),
        }
    }
    Ok(Value::Array(variables))
}

fn restart_policy(written: &str, interactive: bool) -> Result<&'static str> {
    match written {
        "" if interactive => Ok("OnFailure"),
        "" | "Always" => Ok("Always"),
        "OnFailure" => Ok("OnFailure"),
        "Never" => Ok("Never"),
        other => Err(CommandError::message(format!("invalid restart policy: {other}, valid values are: Always, OnFailure, Never"))),
    }
}

/// The grammar of image names, of the distribution project.
fn is_reference(image: &str) -> bool {
    const PART: &str = "(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])";
    const NAME: &str = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
    let pattern = format!(
        r"^(?:(?:{PART}(?:\.{PART})*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?/)?{NAME}(?:/{NAME})*(?::[0-9A-Za-z_][0-9A-Za-z_.-]{{0,127}})?(?:@[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{{32,}})?$"
    );
    Regex::new(&pattern).is_ok_and(|grammar| grammar.is_match(image))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn image_names() {
        for image in [
            "nginx",
            "nginx:1.25",
            "registry.k8s.io/pause:3.10",
            "localhost:5000/a/b_c",
            "a@sha256:0123456789012345678901234567890123456789",
        ] {
            assert!(is_reference(image), "{image}");
        }
        for image in ["", "Nginx", "a b", "nginx:", "a//b", "-a", "a@sha256:12"] {
            assert!(!is_reference(image), "{image}");
        }
    }

    #[test]
    fn environments() {
        assert_eq!(env(&["A=b=c".to_owned(), "B=".to_owned()]).unwrap(), json!([{"name": "A", "value": "b=c"}, {"name": "B"}]));
        for bad in ["A", "=b", "1a=b"] {
            assert_eq!(env(&[bad.to_owned()]).unwrap_err().to_string(), format!("error: invalid env: {bad}"));
        }
    }

    #[test]
    fn restart_policies() {
        assert_eq!(restart_policy("", true).unwrap(), "OnFailure");
        assert_eq!(
            restart_policy("no", false).unwrap_err().to_string(),
            "error: invalid restart policy: no, valid values are: Always, OnFailure, Never"
        );
    }
}
