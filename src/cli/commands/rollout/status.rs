//! `rollout status`: follows a rollout to its end.

use serde_json::Value;

use super::TargetFlags;
use crate::error::{CommandError, Result};
use crate::resources::{Info, text};
use crate::session::{Call, Session};
use crate::watch::Events;

#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(flatten)]
    target: TargetFlags,
    /// Pin to a specific revision for showing its status. Defaults to 0 (last revision).
    #[arg(long, default_value_t = 0, allow_hyphen_values = true)]
    revision: i64,
    /// The length of time to wait before ending watch, zero means never.
    #[arg(long, default_value = "0s")]
    timeout: String,
    /// Watch the status of the rollout until it's done.
    #[arg(short, long, action = clap::ArgAction::Set, num_args = 0..=1, require_equals = true, default_value = "true", default_missing_value = "true")]
    watch: bool,
}

impl Args {
    pub async fn run(self, session: &mut Session<'_>) -> Result<()> {
        if self.revision < 0 {
            return Err(CommandError::message(format!("revision must be a positive integer: {}", self.revision)));
        }
        let limit = crate::flags::duration(&self.timeout).map_err(CommandError::message)?.filter(|limit| !limit.is_zero());
        let (infos, errors) = self.target.objects(session).await?;
        CommandError::all(errors)?;
        if infos.is_empty() {
            return super::none_found(session).await;
        }
        for info in infos {
            let followed = self.follow(session, &info);
            match limit {
                Some(limit) => tokio::time::timeout(limit, followed)
                    .await
                    .unwrap_or_else(|_| Err(CommandError::message("timed out waiting for the condition")))?,
                None => followed.await?,
            }
        }
        Ok(())
    }

    async fn follow(&self, session: &mut Session<'_>, info: &Info) -> Result<()> {
        let mut object = info.object.clone();
        loop {
            if self.show(session, info, &object)? {
                return Ok(());
            }
            let call = Call::get(info.mapping.path(&info.namespace, ""))
                .query("watch", "true")
                .query("fieldSelector", format!("metadata.name={}", info.name))
                .query("resourceVersion", text(&object, "/metadata/resourceVersion"));
            let mut events = Events::open(session, &call).await?;
            while let Some(event) = events.next().await? {
                match event.kind.as_str() {
                    "ADDED" | "MODIFIED" => {
                        if self.show(session, info, &event.object)? {
                            return Ok(());
                        }
                    }
                    "DELETED" => return Err(CommandError::message("object has been deleted")),
                    _ => break,
                }
            }
            // The watch was ended by the server: what happened meanwhile is in the object.
            object = session.call_json(&Call::get(info.path())).await?;
        }
    }

    /// Prints how far the rollout is. True once nothing more is to be waited for.
    fn show(&self, session: &mut Session<'_>, info: &Info, object: &Value) -> Result<bool> {
        let (told, done) = match info.mapping.kind.as_str() {
            "Deployment" => deployment(object, self.revision),
            "DaemonSet" => daemon_set(object),
            "StatefulSet" => stateful_set(object),
            _ => Err(format!("no status viewer has been implemented for {}", info.mapping.printed())),
        }
        .map_err(CommandError::message)?;
        session.ui.print(&told);
        session.ui.flush();
        Ok(done || !self.watch)
    }
}

/// How far it is, in kubectl's words, and whether it is done.
type Seen = Result<(String, bool), String>;

fn number(object: &Value, pointer: &str) -> i64 {
    object.pointer(pointer).and_then(Value::as_i64).unwrap_or(0)
}

fn deployment(object: &Value, revision: i64) -> Seen {
    let name = text(object, "/metadata/name");
    if revision > 0 {
        let running: i64 =
            object["metadata"]["annotations"]["deployment.kubernetes.io/revision"].as_str().and_then(|text| text.parse().ok()).unwrap_or(0);
        if running != revision {
            return Err(format!("desired revision ({revision}) is different from the running revision ({running})"));
        }
    }
    if number(object, "/metadata/generation") > number(object, "/status/observedGeneration") {
        return Ok(("Waiting for deployment spec update to be observed...\n".to_owned(), false));
    }
    let conditions = object["status"]["conditions"].as_array().map(Vec::as_slice).unwrap_or_default();
    if conditions.iter().any(|condition| condition["type"] == "Progressing" && condition["reason"] == "ProgressDeadlineExceeded") {
        return Err(format!("deployment {name:?} exceeded its progress deadline"));
    }
    let wanted = object["spec"]["replicas"].as_i64();
    let (all, updated, available) =
        (number(object, "/status/replicas"), number(object, "/status/updatedReplicas"), number(object, "/status/availableReplicas"));
    let waiting = |what: String| Ok((format!("Waiting for deployment {name:?} rollout to finish: {what}...\n"), false));
    if let Some(wanted) = wanted.filter(|wanted| updated < *wanted) {
        return waiting(format!("{updated} out of {wanted} new replicas have been updated"));
    }
    if all > updated {
        return waiting(format!("{} old replicas are pending termination", all - updated));
    }
    if available < updated {
        return waiting(format!("{available} of {updated} updated replicas are available"));
    }
    Ok((format!("deployment {name:?} successfully rolled out\n"), true))
}

fn daemon_set(object: &Value) -> Seen {
    let name = text(object, "/metadata/name");
    if text(object, "/spec/updateStrategy/type") != "RollingUpdate" {
        return Err("rollout status is only available for RollingUpdate strategy type".to_owned());
    }
    if number(object, "/metadata/generation") > number(object, "/status/observedGeneration") {
        return Ok(("Waiting for daemon set spec update to be observed...\n".to_owned(), false));
    }
    let (updated, wanted, available) = (
        number(object, "/status/updatedNumberScheduled"),
        number(object, "/status/desiredNumberScheduled"),
        number(object, "/status/numberAvailable"),
    );
    let waiting = |what: String| Ok((format!("Waiting for daemon set {name:?} rollout to finish: {what}...\n"), false));
    if updated < wanted {
        return waiting(format!("{updated} out of {wanted} new pods have been updated"));
    }
    if available < wanted {
        return waiting(format!("{available} of {wanted} updated pods are available"));
    }
    Ok((format!("daemon set {name:?} successfully rolled out\n"), true))
}

fn stateful_set(object: &Value) -> Seen {
    if text(object, "/spec/updateStrategy/type") != "RollingUpdate" {
        return Err("rollout status is only available for RollingUpdate strategy type".to_owned());
    }
    let observed = number(object, "/status/observedGeneration");
    if observed == 0 || number(object, "/metadata/generation") > observed {
        return Ok(("Waiting for statefulset spec update to be observed...\n".to_owned(), false));
    }
    let wanted = object["spec"]["replicas"].as_i64().unwrap_or(1);
    let (ready, updated) = (number(object, "/status/readyReplicas"), number(object, "/status/updatedReplicas"));
    if ready < wanted {
        return Ok((format!("Waiting for {} pods to be ready...\n", wanted - ready), false));
    }
    if let Some(update) = object.pointer("/spec/updateStrategy/rollingUpdate").filter(|update| update.is_object()) {
        if let Some(partition) = update["partition"].as_i64()
            && updated < wanted - partition
        {
            return Ok((
                format!(
                    "Waiting for partitioned roll out to finish: {updated} out of {} new pods have been updated...\n",
                    wanted - partition
                ),
                false,
            ));
        }
        return Ok((format!("partitioned roll out complete: {updated} new pods have been updated...\n"), true));
    }
    let (update, current) = (text(object, "/status/updateRevision"), text(object, "/status/currentRevision"));
    if update != current {
        return Ok((format!("waiting for statefulset rolling update to complete {updated} pods at revision {update}...\n"), false));
    }
    Ok((format!("statefulset rolling update complete {} pods at revision {current}...\n", number(object, "/status/currentReplicas")), true))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn deployments() {
        let check = |status: Value, expected: Seen| {
            let object = json!({"metadata": {"name": "d", "generation": 2}, "spec": {"replicas": 3}, "status": status});
            assert_eq!(deployment(&object, 0), expected);
        };
        let waiting = |what: &str| Ok((format!("Waiting for deployment \"d\" rollout to finish: {what}...\n"), false));
        check(json!({"observedGeneration": 1}), Ok(("Waiting for deployment spec update to be observed...\n".into(), false)));
        check(json!({"observedGeneration": 2, "updatedReplicas": 1}), waiting("1 out of 3 new replicas have been updated"));
        check(json!({"observedGeneration": 2, "updatedReplicas": 3, "replicas": 4}), waiting("1 old replicas are pending termination"));
        check(
            json!({"observedGeneration": 2, "updatedReplicas": 3, "replicas": 3, "availableReplicas": 2}),
            waiting("2 of 3 updated replicas are available"),
        );
        check(
            json!({"observedGeneration": 2, "updatedReplicas": 3, "replicas": 3, "availableReplicas": 3}),
            Ok(("deployment \"d\" successfully rolled out\n".into(), true)),
        );
        check(
            json!({"observedGeneration": 2, "conditions": [{"type": "Progressing", "reason": "ProgressDeadlineExceeded"}]}),
            Err("deployment \"d\" exceeded its progress deadline".into()),
        );
    }
}
