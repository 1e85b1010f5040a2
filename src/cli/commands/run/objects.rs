//! The objects that `run` makes.

use serde_json::{Value, json};

use super::{Args, Wishes};

impl Args {
    pub(super) fn pod(&self, wishes: &Wishes) -> Value {
        let mut metadata = json!({"name": wishes.name, "labels": labels(wishes)});
        if !wishes.annotations.is_null() {
            metadata["annotations"] = wishes.annotations.clone();
        }
        json!({"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": self.pod_spec(wishes), "status": {}})
    }

    pub(super) fn replication_controller(&self, wishes: &Wishes) -> Value {
        let mut template = self.pod(wishes);
        json!({
            "apiVersion": "v1",
            "kind": "ReplicationController",
            "metadata": {"name": wishes.name, "labels": labels(wishes)},
            "spec": {
                "replicas": self.replicas,
                "selector": labels(wishes),
                "template": {"metadata": {"labels": labels(wishes)}, "spec": template["spec"].take()},
            },
            "status": {"replicas": 0},
        })
    }

    fn pod_spec(&self, wishes: &Wishes) -> Value {
        let mut container = json!({"name": wishes.name, "image": wishes.image, "resources": {}});
        let mut set = |field: &str, wanted: bool, value: Value| {
            if wanted {
                container[field] = value;
            }
        };
        set("env", wishes.env.as_array().is_some_and(|env| !env.is_empty()), wishes.env.clone());
        set("stdin", self.stdin, json!(true));
        set("stdinOnce", self.stdin && !self.leave_stdin_open, json!(true));
        set("tty", self.tty, json!(true));
        set("imagePullPolicy", !self.image_pull_policy.is_empty(), json!(self.image_pull_policy));
        set("securityContext", self.privileged, json!({"privileged": true}));
        set(if self.as_command { "command" } else { "args" }, !wishes.arguments.is_empty(), json!(wishes.arguments));
        set("ports", wishes.port.is_some(), json!([{"containerPort": wishes.port}]));
        json!({"containers": [container], "dnsPolicy": "ClusterFirst", "restartPolicy": wishes.restart})
    }
}

/// The user's labels, or `run=NAME`.
fn labels(wishes: &Wishes) -> Value {
    if wishes.labels.is_null() { json!({"run": wishes.name}) } else { wishes.labels.clone() }
}

/// The service of `--expose`, which has only those labels that the user asked for.
pub(super) fn service(wishes: &Wishes) -> Value {
    let mut metadata = json!({"name": wishes.name});
    if !wishes.labels.is_null() {
        metadata["labels"] = wishes.labels.clone();
    }
    json!({
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": metadata,
        "spec": {"ports": [{"port": wishes.port, "protocol": "TCP", "targetPort": wishes.port}], "selector": labels(wishes)},
        "status": {"loadBalancer": {}},
    })
}
