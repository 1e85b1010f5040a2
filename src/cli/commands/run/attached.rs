//! `run` with our terminal attached: waits for the pod to run, joins the streams, and takes the container's exit code for its own.

use http::Method;
use serde_json::{Value, json};

use super::{Args, Wishes};
use crate::commands::attach::attach;
use crate::commands::until::until;
use crate::containers;
use crate::error::{CommandError, Result};
use crate::resources::{Info, text};
use crate::session::{Call, Session};
use crate::watch::Event;

impl Args {
    pub(super) async fn attach(&self, session: &mut Session<'_>, wishes: &Wishes, created: &Info) -> Result<()> {
        let mut pod = containers::pod_of(session, created.clone(), wishes.limit, false).await?;
        pod.object = until(session, &pod, Some(wishes.limit), |event| Ok(is_completed(event)? || is_ready(event))).await?;
        if has_ended(&pod.object) {
            let container = containers::choose(session, &pod.object, None, self.quiet)?;
            print_log(session, &pod, Some(&container), None).await?;
        } else {
            self.join(session, &pod).await?;
        }
        let waits = !self.leave_stdin_open && wishes.restart != "Always";
        if !waits {
            return Ok(());
        }
        let success_only = wishes.restart == "OnFailure";
        let ended = until(session, &pod, Some(wishes.limit), |event| {
            Ok(is_completed(event)? && (!success_only || text(&event.object, "/status/phase") == "Succeeded"))
        });
        let ended = ended.await?;
        exit_of(session, &pod, &ended)
    }

    /// Prints what the container has said so far and attaches to it; where that fails, its log has to do.
    async fn join(&self, session: &mut Session<'_>, pod: &Info) -> Result<()> {
        let container = containers::choose(session, &pod.object, None, self.quiet)?;
        let mut since = None;
        match print_log(session, pod, Some(&container), None).await {
            Ok(()) => since = Some(jiff::Timestamp::now()),
            Err(error) => session.ui.error_line(&format!("warning: couldn't fetch pre-attach logs: {error}")),
        }
        session.ui.flush();
        match attach(session, pod, Some(&container), self.stdin, self.tty, self.quiet).await {
            // Its exit code is looked up in the pod's status.
            Ok(()) | Err(CommandError::Exit(_)) => Ok(()),
            Err(error) => {
                let why = error.to_string();
                let why = why.trim_start_matches("error: ");
                session.ui.error_line(&format!("warning: couldn't attach to pod/{}, falling back to streaming logs: {why}", pod.name));
                print_log(session, pod, None, since).await
            }
        }
    }

    /// `--rm`: everything that was made goes.
    pub(super) async fn remove(&self, session: &mut Session<'_>, created: &[Info]) -> Result<()> {
        let policy = match self.cascade.as_str() {
            "orphan" | "false" => "Orphan",
            "foreground" => "Foreground",
            _ => "Background",
        };
        for info in created {
            let options = json!({"kind": "DeleteOptions", "apiVersion": "v1", "propagationPolicy": policy});
            match session.call(&Call::new(Method::DELETE, info.path()).json(&options)).await {
                Ok(_) if self.quiet => {}
                Ok(_) => {
                    session.ui.line(&format!("{} \"{}\" deleted from {} namespace", info.mapping.printed(), info.name, info.namespace))
                }
                Err(error) if error.is_reason("NotFound") => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

async fn print_log(session: &mut Session<'_>, pod: &Info, container: Option<&str>, since: Option<jiff::Timestamp>) -> Result<()> {
    let call = Call::get(format!("{}/log", pod.path()))
        .query("container", container.unwrap_or_default())
        .query("sinceTime", since.map(|since| since.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()).unwrap_or_default());
    let reply = session.call(&call).await?;
    session.ui.write(&reply.body);
    Ok(())
}

fn has_ended(pod: &Value) -> bool {
    matches!(text(pod, "/status/phase"), "Succeeded" | "Failed")
}

/// Ended; a pod that was deleted before is an error.
fn is_completed(event: &Event) -> Result<bool> {
    if event.kind == "DELETED" {
        return Err(api::ApiError::not_found("", "pods", "").into());
    }
    Ok(has_ended(&event.object))
}

fn is_ready(event: &Event) -> bool {
    let conditions = event.object["status"]["conditions"].as_array().map(Vec::as_slice).unwrap_or_default();
    text(&event.object, "/status/phase") == "Running"
        && conditions.iter().any(|condition| condition["type"] == "Ready" && condition["status"] == "True")
}

/// The container's exit code as ours, with kubectl's words for a failure.
fn exit_of(session: &mut Session<'_>, pod: &Info, ended: &Value) -> Result<()> {
    let name = format!("{}/{}", pod.namespace, pod.name);
    match text(ended, "/status/phase") {
        "Succeeded" => Ok(()),
        "Failed" => {
            let terminated = &ended["status"]["containerStatuses"][0]["state"]["terminated"];
            let code = terminated["exitCode"].as_i64().unwrap_or(0);
            if code == 0 {
                return Err(CommandError::message(format!("pod {name} failed with unknown exit code")));
            }
            session.ui.error_text(&format!("pod {name} terminated ({})\n{}", text(terminated, "/reason"), text(terminated, "/message")));
            Err(CommandError::Exit(u8::try_from(code & 0xff).unwrap_or(1)))
        }
        phase => Err(CommandError::message(format!("pod {name} left in phase {phase}"))),
    }
}
