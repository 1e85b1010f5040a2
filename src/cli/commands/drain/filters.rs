//! Which pods of a node may be evicted: those of daemon sets come back at once, those with local data lose it, and those without a controller are gone for
//! good.

use serde_json::Value;

use crate::resources::text;

/// What the user allows.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    pub force: bool,
    pub ignore_daemon_sets: bool,
    pub delete_local_data: bool,
    /// Pods whose deletion began longer ago are not waited for; zero means never.
    pub skip_deleted_after_s: i64,
    pub now: jiff::Timestamp,
}

/// The pods to evict and what there is to say about the others.
#[derive(Debug, Default)]
pub struct Choice {
    pub pods: Vec<Value>,
    pub warnings: String,
    pub errors: Vec<String>,
}

enum Verdict {
    Evict,
    Skip,
    Warn { evict: bool, message: String },
    Refuse(String),
}

impl Rules {
    /// `orphans` are pods (by full name) whose daemon set could not be read, why, and whether it is gone.
    pub fn choose(&self, pods: Vec<Value>, orphans: &[(String, String, bool)]) -> Choice {
        let mut choice = Choice::default();
        let (mut warnings, mut errors): (Vec<(String, Vec<String>)>, Vec<(String, Vec<String>)>) = (Vec::new(), Vec::new());
        for pod in pods {
            match self.verdict(&pod, orphans) {
                Verdict::Evict => choice.pods.push(pod),
                Verdict::Skip => {}
                Verdict::Warn { evict, message } => {
                    add(&mut warnings, message, full_name(&pod));
                    if evict {
                        choice.pods.push(pod);
                    }
                }
                Verdict::Refuse(message) => add(&mut errors, message, full_name(&pod)),
            }
        }
        let words: Vec<String> = warnings.into_iter().map(|(message, pods)| format!("{message}: {}", pods.join(", "))).collect();
        choice.warnings = words.join("; ");
        choice.errors = errors.into_iter().map(|(message, pods)| format!("cannot delete {message}: {}", pods.join(", "))).collect();
        choice
    }

    /// The last objection counts, the first one that keeps the pod ends it.
    fn verdict(&self, pod: &Value, orphans: &[(String, String, bool)]) -> Verdict {
        if deleted_long_ago(pod, self.skip_deleted_after_s, self.now) {
            return Verdict::Skip;
        }
        let ended = matches!(text(pod, "/status/phase"), "Succeeded" | "Failed");
        if daemon_set(pod).is_some() && !ended {
            match orphans.iter().find(|(name, _, _)| *name == full_name(pod)) {
                Some((_, _, true)) if self.force => {}
                Some((_, why, _)) => return Verdict::Refuse(why.clone()),
                None if self.ignore_daemon_sets => {
                    return Verdict::Warn { evict: false, message: "ignoring DaemonSet-managed Pods".to_owned() };
                }
                None => return Verdict::Refuse("DaemonSet-managed Pods (use --ignore-daemonsets to ignore)".to_owned()),
            }
        }
        if pod["metadata"]["annotations"]["kubernetes.io/config.mirror"].is_string() {
            return Verdict::Skip;
        }
        let local = pod["spec"]["volumes"].as_array().into_iter().flatten().any(|volume| !volume["emptyDir"].is_null());
        if local && !ended && !self.delete_local_data {
            return Verdict::Refuse("Pods with local storage (use --delete-emptydir-data to override)".to_owned());
        }
        if ended || controller(pod).is_some() {
            return Verdict::Evict;
        }
        if self.force {
            return Verdict::Warn { evict: true, message: "deleting Pods that declare no controller".to_owned() };
        }
        Verdict::Refuse("Pods that declare no controller (use --force to override)".to_owned())
    }
}

fn add(groups: &mut Vec<(String, Vec<String>)>, message: String, pod: String) {
    match groups.iter_mut().find(|(known, _)| *known == message) {
        Some((_, pods)) => pods.push(pod),
        None => groups.push((message, vec![pod])),
    }
}

/// `namespace/name`.
pub fn full_name(pod: &Value) -> String {
    format!("{}/{}", text(pod, "/metadata/namespace"), text(pod, "/metadata/name"))
}

fn controller(pod: &Value) -> Option<&Value> {
    pod["metadata"]["ownerReferences"].as_array()?.iter().find(|owner| owner["controller"] == true)
}

/// The name of the daemon set that a pod belongs to.
pub fn daemon_set(pod: &Value) -> Option<&str> {
    controller(pod).filter(|owner| owner["kind"] == "DaemonSet" && owner["apiVersion"] == "apps/v1")?["name"].as_str()
}

/// Whether the pod's deletion began more than `limit_s` seconds ago; never where that is zero.
pub fn deleted_long_ago(pod: &Value, limit_s: i64, now: jiff::Timestamp) -> bool {
    let Ok(since) = text(pod, "/metadata/deletionTimestamp").parse::<jiff::Timestamp>() else { return false };
    limit_s > 0 && now.as_second() - since.as_second() > limit_s
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn pods_are_kept_for_their_reasons() {
        let pod = |name: &str, more: Value| {
            let mut pod = json!({"metadata": {"name": name, "namespace": "d"}});
            for (pointer, value) in more.as_object().unwrap() {
                match pointer.as_str() {
                    "owner" => {
                        pod["metadata"]["ownerReferences"] =
                            json!([{"controller": true, "kind": value, "apiVersion": "apps/v1", "name": "o"}])
                    }
                    "phase" => pod["status"]["phase"] = value.clone(),
                    _ => pod["spec"]["volumes"] = json!([{"emptyDir": {}}]),
                }
            }
            pod
        };
        let pods = || {
            vec![
                pod("bare", json!({})),
                pod("done", json!({"phase": "Succeeded", "local": 1})),
                pod("set", json!({"owner": "DaemonSet"})),
                pod("local", json!({"owner": "ReplicaSet", "local": 1})),
                pod("plain", json!({"owner": "ReplicaSet"})),
            ]
        };
        let rules = |on: bool| Rules {
            force: on,
            ignore_daemon_sets: on,
            delete_local_data: on,
            skip_deleted_after_s: 0,
            now: jiff::Timestamp::UNIX_EPOCH,
        };
        let strict = rules(false).choose(pods(), &[]);
        assert_eq!(
            strict.errors,
            [
                "cannot delete Pods that declare no controller (use --force to override): d/bare",
                "cannot delete DaemonSet-managed Pods (use --ignore-daemonsets to ignore): d/set",
                "cannot delete Pods with local storage (use --delete-emptydir-data to override): d/local",
            ]
        );
        let names = |choice: &Choice| choice.pods.iter().map(full_name).collect::<Vec<_>>();
        assert_eq!(names(&strict), ["d/done", "d/plain"]);
        let forced = rules(true).choose(pods(), &[]);
        assert!(forced.errors.is_empty());
        assert_eq!(forced.warnings, "deleting Pods that declare no controller: d/bare; ignoring DaemonSet-managed Pods: d/set");
        assert_eq!(names(&forced), ["d/bare", "d/done", "d/local", "d/plain"]);
    }
}
