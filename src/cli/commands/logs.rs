//! `logs`: what containers have written, and with `-f` what they go on to write.

use std::time::Duration;

use futures::StreamExt;
use http_body_util::BodyStream;
use serde_json::Value;

use crate::containers;
use crate::error::{CommandError, Result};
use crate::resources::{Info, Mapping, text};
use crate::session::{Call, Session};

#[derive(clap::Args, Debug)]
pub struct Args {
    /// Get all containers' logs in the pod(s).
    #[arg(long)]
    all_containers: bool,
    /// Get logs from all pod(s). Sets prefix to true.
    #[arg(long)]
    all_pods: bool,
    /// Print the logs of this container
    #[arg(short, long)]
    container: Option<String>,
    /// Specify if the logs should be streamed.
    #[arg(short, long)]
    follow: bool,
    /// If watching / following pod logs, allow for any errors that occur to be non-fatal
    #[arg(long)]
    ignore_errors: bool,
    /// Skip verifying the identity of the kubelet that logs are requested from.
    #[arg(long)]
    insecure_skip_tls_verify_backend: bool,
    /// Maximum bytes of logs to return. Defaults to no limit.
    #[arg(long, default_value_t = 0, allow_hyphen_values = true)]
    limit_bytes: i64,
    /// Specify maximum number of concurrent logs to follow when using by a selector. Defaults to 5.
    #[arg(long, default_value_t = 5)]
    max_log_requests: usize,
    /// The length of time to wait until at least one pod is running
    #[arg(long, default_value = "20s")]
    pod_running_timeout: String,
    /// Prefix each log line with the log source (pod name and container name)
    #[arg(long)]
    prefix: bool,
    /// If true, print the logs for the previous instance of the container in a pod if it exists.
    #[arg(short, long)]
    previous: bool,
    /// Selector (label query) to filter on
    #[arg(short = 'l', long)]
    selector: Option<String>,
    /// Only return logs newer than a relative duration like 5s, 2m, or 3h.
    #[arg(long, default_value = "0s", allow_hyphen_values = true)]
    since: String,
    /// Only return logs after a specific date (RFC3339).
    #[arg(long)]
    since_time: Option<String>,
    /// Lines of recent log file to display. Defaults to -1 with no selector, showing all log lines otherwise 10, if a selector is provided.
    #[arg(long, allow_hyphen_values = true)]
    tail: Option<i64>,
    /// Include timestamps on each line in the log output
    #[arg(long)]
    timestamps: bool,
    words: Vec<String>,
}

const USAGE: &str = "expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.
POD or TYPE/NAME is a required argument for the logs command";

/// One container's log.
struct Source {
    pod: String,
    container: String,
    call: Call,
}

impl Args {
    pub async fn run(mut self, session: &mut Session<'_>) -> Result<()> {
        let usage = |message: &str| CommandError::Usage { message: message.to_owned(), command: format!("{} logs", session.program) };
        match self.words.len() {
            0 if self.selector.is_none() => return Err(usage(USAGE)),
            0 => {}
            1 if self.selector.is_some() => return Err(usage("only a selector (-l) or a POD name is allowed")),
            1 => {}
            2 if self.container.is_some() => return Err(CommandError::message("only one of -c or an inline [CONTAINER] arg is allowed")),
            2 => self.container = self.words.pop(),
            _ => return Err(usage(USAGE)),
        }
        self.prefix |= self.all_pods;
        let sources = self.sources(session).await?;
        if self.follow && sources.len() > 1 {
            if sources.len() > self.max_log_requests {
                return Err(CommandError::message(format!(
                    "you are attempting to follow {} log streams, but maximum allowed concurrency is {}, use --max-log-requests to increase the limit",
                    sources.len(),
                    self.max_log_requests
                )));
            }
            return self.follow_all(session, sources).await;
        }
        for source in sources {
            if let Err(error) = self.copy(session, &source).await {
                if !self.ignore_errors {
                    return Err(error);
                }
                session.ui.line(&format!("error: {error}"));
            }
        }
        Ok(())
    }

    /// The query of every request.
    fn query(&self, call: Call) -> Result<Call> {
        let since = crate::flags::duration(&self.since).map_err(CommandError::message)?.unwrap_or_default();
        if self.since_time.is_some() && !since.is_zero() {
            return Err(CommandError::message("at most one of `sinceTime` or `sinceSeconds` may be specified"));
        }
        if self.limit_bytes < 0 {
            return Err(CommandError::message("--limit-bytes must be greater than 0"));
        }
        if self.tail.is_some_and(|tail| tail < -1) {
            return Err(CommandError::message("--tail must be greater than or equal to -1"));
        }
        let flag = |on: bool| if on { "true" } else { "" };
        let tail = match (self.tail, &self.selector) {
            (Some(-1), _) | (None, None) => String::new(),
            (Some(tail), _) => tail.to_string(),
            (None, Some(_)) => "10".to_owned(),
        };
        let seconds = since.as_secs() + u64::from(since.subsec_nanos() >= 500_000_000);
        Ok(call
            .query("follow", flag(self.follow))
            .query("previous", flag(self.previous))
            .query("timestamps", flag(self.timestamps))
            .query("insecureSkipTLSVerifyBackend", flag(self.insecure_skip_tls_verify_backend))
            .query("sinceTime", self.since_time.clone().unwrap_or_default())
            .query("sinceSeconds", if since.is_zero() { String::new() } else { seconds.to_string() })
            .query("limitBytes", if self.limit_bytes == 0 { String::new() } else { self.limit_bytes.to_string() })
            .query("tailLines", tail))
    }

    async fn sources(&self, session: &mut Session<'_>) -> Result<Vec<Source>> {
        if self.all_containers && self.container.is_some() {
            let name = self.container.as_deref().unwrap_or_default();
            return Err(CommandError::message(format!("--all-containers=true should not be specified with container name {name}")));
        }
        let pods = match self.words.first() {
            None => self.selected(session, self.selector.as_deref().unwrap_or_default()).await?,
            Some(written) => {
                let info = self.named(session, written).await?;
                if self.all_pods && info.mapping.kind != "Pod" {
                    self.selected(session, &containers::selector_of(&info)?).await?
                } else {
                    let limit = crate::flags::duration(&self.pod_running_timeout).map_err(CommandError::message)?;
                    vec![containers::pod_of(session, info, limit.unwrap_or(Duration::from_secs(20)), true).await?]
                }
            }
        };
        let mut sources = Vec::new();
        for pod in &pods {
            let names: Vec<String> = if self.all_containers {
                ["initContainers", "containers", "ephemeralContainers"]
                    .iter()
                    .flat_map(|list| containers::names(&pod.object, list))
                    .map(ToOwned::to_owned)
                    .collect()
            } else {
                vec![containers::choose(session, &pod.object, self.container.as_deref(), self.all_pods)?]
            };
            for container in names {
                let call = self.query(Call::get(format!("{}/log", pod.path())).query("container", container.clone()))?;
                sources.push(Source { pod: pod.name.clone(), container, call });
            }
        }
        Ok(sources)
    }

    async fn named(&self, session: &mut Session<'_>, written: &str) -> Result<Info> {
        let namespace = session.namespace()?.0;
        containers::named(session, written).await.map_err(|error| match error {
            CommandError::Api(error) if error.reason() == "NotFound" => {
                CommandError::message(format!("error from server (NotFound): {} in namespace {namespace:?}", error.message()))
            }
            other => other,
        })
    }

    async fn selected(&self, session: &mut Session<'_>, labels: &str) -> Result<Vec<Info>> {
        let namespace = session.namespace()?.0;
        let mapping = Mapping::from(kinds::lookup::by_resource("", "v1", "pods").expect("pods are built in"));
        let mut list = session.call_json(&Call::get(mapping.path(&namespace, "")).query("labelSelector", labels)).await?;
        let items = list.get_mut("items").and_then(Value::as_array_mut).map(std::mem::take).unwrap_or_default();
        if items.is_empty() {
            session.ui.error_line(&format!("No resources found in {namespace} namespace."));
        }
        let info = |object: Value| Info {
            mapping: mapping.clone(),
            namespace: namespace.clone(),
            name: text(&object, "/metadata/name").to_owned(),
            source: String::new(),
            object,
        };
        Ok(items.into_iter().map(info).collect())
    }

    fn prefix_of(&self, source: &Source) -> Option<String> {
        self.prefix.then(|| format!("[pod/{}/{}] ", source.pod, source.container))
    }

    async fn copy(&self, session: &mut Session<'_>, source: &Source) -> Result<()> {
        let mut body = BodyStream::new(session.open(&source.call).await?.into_body());
        let mut lines = Lines::new(self.prefix_of(source));
        while let Some(frame) = body.next().await {
            let frame = frame.map_err(|error| CommandError::message(error.to_string()))?;
            if let Ok(data) = frame.into_data() {
                session.ui.write(&lines.take(&data));
            }
            if self.follow {
                session.ui.flush();
            }
            if session.ui.reader_is_gone() {
                break;
            }
        }
        session.ui.write(&lines.rest());
        Ok(())
    }

    /// Several logs at a time, whole lines of each.
    async fn follow_all(&self, session: &mut Session<'_>, sources: Vec<Source>) -> Result<()> {
        let mut all = futures::stream::SelectAll::new();
        for source in &sources {
            let body = BodyStream::new(session.open(&source.call).await?.into_body());
            let lines = std::sync::Arc::new(std::sync::Mutex::new(Lines::new(self.prefix_of(source))));
            all.push(body.map(move |frame| {
                let data = frame.map(|frame| frame.into_data().unwrap_or_default());
                data.map(|data| lines.lock().expect("no writer panics while it holds the lock").take(&data))
            }));
        }
        while let Some(lines) = all.next().await {
            session.ui.write(&lines.map_err(|error| CommandError::message(error.to_string()))?);
            session.ui.flush();
            if session.ui.reader_is_gone() {
                break;
            }
        }
        Ok(())
    }
}

/// Cuts a stream into lines where they are to carry a prefix; passes it on as it is where not.
struct Lines {
    prefix: Option<String>,
    open: Vec<u8>,
}

impl Lines {
    fn new(prefix: Option<String>) -> Self {
        Self { prefix, open: Vec::new() }
    }
    fn take(&mut self, data: &[u8]) -> Vec<u8> {
        let Some(prefix) = &self.prefix else { return data.to_vec() };
        let mut out = Vec::new();
        self.open.extend_from_slice(data);
        while let Some(end) = self.open.iter().position(|byte| *byte == b'\n') {
            out.extend_from_slice(prefix.as_bytes());
            out.extend(self.open.drain(..=end));
        }
        out
    }
    /// A last line without an end.
    fn rest(&mut self) -> Vec<u8> {
        match &self.prefix {
            Some(prefix) if !self.open.is_empty() => [prefix.as_bytes(), &std::mem::take(&mut self.open)].concat(),
            _ => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_carry_prefixes() {
        let mut lines = Lines::new(Some("[x] ".to_owned()));
        assert_eq!(lines.take(b"a\nb"), b"[x] a\n");
        assert_eq!(lines.take(b"c\n"), b"[x] bc\n");
        assert_eq!(lines.take(b"d"), b"");
        assert_eq!(lines.rest(), b"[x] d");
    }
}
