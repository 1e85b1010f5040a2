//! `create deployment`.

use serde_json::{Value, json};

use super::{CommonFlags, one_name};
use crate::error::{CommandError, Result};
use crate::session::Session;

#[derive(clap::Args, Debug)]
pub struct Args {
    name: Vec<String>,
    /// Image names to run. A deployment can have multiple images set for multi-container pod.
    #[arg(long, value_delimiter = ',')]
    image: Vec<String>,
    /// The containerPort that this deployment exposes.
    #[arg(long, default_value_t = -1, allow_hyphen_values = true)]
    port: i32,
    /// Number of replicas to create. Default is 1.
    #[arg(short, long, default_value_t = 1, allow_hyphen_values = true)]
    replicas: i32,
    #[command(flatten)]
    common: CommonFlags,
    /// Command of the container
    #[arg(last = true)]
    command: Vec<String>,
}

impl Args {
    pub async fn run(self, session: &mut Session<'_>) -> Result<()> {
        if self.image.is_empty() {
            return Err(CommandError::message("required flag(s) \"image\" not set"));
        }
        let name = one_name(session, &self.name, "deployment")?;
        if self.image.len() > 1 && !self.command.is_empty() {
            return Err(CommandError::message("cannot specify multiple --image options and command"));
        }
        let object = self.object(&name);
        self.common.create_described(session, object).await
    }

    fn object(&self, name: &str) -> Value {
        let labels = json!({"app": name});
        let containers: Vec<Value> = self.image.iter().enumerate().map(|(index, image)| self.container(image, index == 0)).collect();
        json!({
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": {"name": name, "labels": labels},
            "spec": {
                "replicas": self.replicas,
                "selector": {"matchLabels": labels},
                "strategy": {},
                "template": {"metadata": {"labels": labels}, "spec": {"containers": containers}},
            },
            "status": {},
        })
    }

    /// The port is the first container's.
    fn container(&self, image: &str, first: bool) -> Value {
        let mut container = json!({"name": container_name(image), "image": image, "resources": {}});
        if !self.command.is_empty() {
            container["command"] = json!(self.command);
        }
        if first && self.port >= 0 {
            container["ports"] = json!([{"containerPort": self.port}]);
        }
        container
    }
}

/// The last part of the image's name, without tag and digest, as a DNS label.
fn container_name(image: &str) -> String {
    let name = image.rsplit('/').next().unwrap_or(image);
    let name = name.split([':', '@']).next().unwrap_or(name);
    name.replace('_', "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn containers_are_named_after_images() {
        for (image, expected) in [("nginx", "nginx"), ("a.b/c/nginx:1.2", "nginx"), ("c@sha256:1", "c"), ("x/my_app", "my-app")] {
            assert_eq!(container_name(image), expected);
        }
    }
}
