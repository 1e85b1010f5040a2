//! Objects that flags describe (`run`, `expose`, `autoscale`): the inline overrides that users give for them, and their creation. Creation from files is
//! `create`'s and `apply`'s.

use api::patch::{json as json_patch, merge, strategic};
use http::Method;
use serde_json::{Value, json};

use super::apply::with_last_applied;
use crate::error::{CommandError, Result};
use crate::flags::DryRun;
use crate::resources::{Info, text};
use crate::session::{Call, Session};

/// `--overrides` and how they are applied.
#[derive(clap::Args, Clone, Debug, Default)]
pub struct OverrideFlags {
    /// An inline JSON override for the generated object. If this is non-empty, it is used to override the generated object. Requires that the object supply a valid apiVersion field.
    #[arg(long, default_value = "", hide_default_value = true)]
    overrides: String,
    /// The method used to override the generated object: json, merge, or strategic.
    #[arg(long, default_value = "merge")]
    override_type: String,
}

impl OverrideFlags {
    /// The object as the user wants it.
    pub fn apply(&self, object: Value) -> Result<Value> {
        if self.overrides.is_empty() {
            return Ok(object);
        }
        let parsed = || serde_json::from_str::<Value>(&self.overrides).map_err(|_| CommandError::message("Invalid JSON Patch"));
        let told = |error: &dyn std::fmt::Display| CommandError::message(error.to_string());
        match self.override_type.as_str() {
            "json" => json_patch::apply(object, &parsed()?).map_err(|error| told(&error)),
            "merge" | "" => merge::apply(object, &parsed()?).map_err(|error| told(&error)),
            "strategic" => {
                let gvk = gvk_of(&object);
                strategic::apply(&gvk, object, &parsed()?).map_err(|error| told(&error))
            }
            other => Err(CommandError::message(format!("invalid override type: {other}"))),
        }
    }
}

fn gvk_of(object: &Value) -> api::Gvk {
    let api_version = text(object, "/apiVersion");
    let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
    api::Gvk { group: group.to_owned(), version: version.to_owned(), kind: text(object, "/kind").to_owned() }
}

/// How an object is made.
#[derive(Clone, Copy, Debug)]
pub struct Creation<'a> {
    pub dry_run: DryRun,
    pub manager: &'a str,
    pub save_config: bool,
}

impl Creation<'_> {
    /// Makes an object of a built-in kind in the session's namespace, and gives it as the server has it. Only shown ones carry their namespace where `-n`
    /// said so, as kubectl's do.
    pub async fn create(&self, session: &mut Session<'_>, mut object: Value) -> Result<Info> {
        let kind = kinds::lookup::by_api_version(text(&object, "/apiVersion"), text(&object, "/kind"));
        let Some(kind) = kind else {
            return Err(CommandError::message(format!(
                "no matches for kind {:?} in version {:?}",
                text(&object, "/kind"),
                text(&object, "/apiVersion")
            )));
        };
        let mapping = crate::resources::Mapping::from(kind);
        let (namespace, explicit) = session.namespace()?;
        if self.dry_run == DryRun::Client {
            if explicit {
                object["metadata"]["namespace"] = json!(namespace);
            }
        } else {
            if self.save_config {
                object = with_last_applied(&object);
            }
            let call = Call::new(Method::POST, mapping.path(&namespace, ""))
                .query("dryRun", if self.dry_run == DryRun::Server { "All" } else { "" })
                .query("fieldManager", self.manager)
                .json(&object);
            object = session.call_json(&call).await?;
        }
        let name = text(&object, "/metadata/name").to_owned();
        let namespace = if mapping.namespaced { namespace } else { String::new() };
        Ok(Info { mapping, namespace, name, source: String::new(), object })
    }
}

/// `a=b,c=d` as labels of an object.
pub fn parse_labels(written: &str) -> Result<Value> {
    let mut labels = serde_json::Map::new();
    for label in written.split(',') {
        let [key, value] = label.split('=').collect::<Vec<_>>()[..] else {
            return Err(CommandError::message(format!("unexpected label spec: {label}")));
        };
        if key.is_empty() {
            return Err(CommandError::message("unexpected empty label key"));
        }
        labels.insert(key.to_owned(), json!(value));
    }
    Ok(Value::Object(labels))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overrides_are_applied_in_three_ways() {
        let pod =
            json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "x"}, "spec": {"containers": [{"name": "x", "image": "i"}]}});
        let check = |kind: &str, overrides: &str, pointer: &str, expected: Value| {
            let flags = OverrideFlags { overrides: overrides.to_owned(), override_type: kind.to_owned() };
            assert_eq!(flags.apply(pod.clone()).unwrap().pointer(pointer), Some(&expected), "{kind}");
        };
        check("merge", r#"{"spec":{"containers":[{"name":"y"}]}}"#, "/spec/containers", json!([{"name": "y"}]));
        check(
            "strategic",
            r#"{"spec":{"containers":[{"name":"x","tty":true}]}}"#,
            "/spec/containers",
            json!([{"name": "x", "image": "i", "tty": true}]),
        );
        check("json", r#"[{"op":"replace","path":"/spec/containers/0/image","value":"j"}]"#, "/spec/containers/0/image", json!("j"));
        let flags = OverrideFlags { overrides: "{}".to_owned(), override_type: "x".to_owned() };
        assert_eq!(flags.apply(pod).unwrap_err().to_string(), "error: invalid override type: x");
    }

    #[test]
    fn labels_are_pairs() {
        assert_eq!(parse_labels("a=b,c=").unwrap(), json!({"a": "b", "c": ""}));
        assert_eq!(parse_labels("a=b=c").unwrap_err().to_string(), "error: unexpected label spec: a=b=c");
        assert_eq!(parse_labels("=b").unwrap_err().to_string(), "error: unexpected empty label key");
    }
}
