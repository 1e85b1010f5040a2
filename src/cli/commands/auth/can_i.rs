//! `auth can-i`: asks the server whether we may do one thing; the exit code says it too.

use http::Method;
use output::tabwriter::{Layout, align};
use serde_json::{Value, json};

use crate::commands::describe::access::rows;
use crate::error::{CommandError, Result};
use crate::resources::{for_type, text};
use crate::session::{Call, Session};

const VERBS: [&str; 16] = [
    "get",
    "list",
    "watch",
    "create",
    "update",
    "patch",
    "delete",
    "deletecollection",
    "use",
    "bind",
    "impersonate",
    "*",
    "approve",
    "sign",
    "escalate",
    "attest",
];
const URL_VERBS: [&str; 8] = ["get", "put", "post", "head", "options", "delete", "patch", "*"];
/// Resources that no server tells of.
const UNDISCOVERED: [&str; 2] = ["users", "groups"];

#[derive(clap::Args, Debug)]
pub struct Args {
    /// If true, check the specified action in all namespaces.
    #[arg(short = 'A', long)]
    all_namespaces: bool,
    /// If true, prints all allowed actions.
    #[arg(long)]
    list: bool,
    /// If true, prints allowed actions without headers
    #[arg(long)]
    no_headers: bool,
    /// If true, suppress output and just return the exit code.
    #[arg(short, long)]
    quiet: bool,
    /// SubResource such as pod/log or deployment/scale
    #[arg(long, default_value = "", hide_default_value = true)]
    subresource: String,
    words: Vec<String>,
}

impl Args {
    pub async fn run(self, session: &mut Session<'_>) -> Result<()> {
        if self.list {
            return self.tell_all(session).await;
        }
        let [verb, what] = self.words.as_slice() else {
            return Err(CommandError::message(
                "you must specify two arguments: verb resource or verb resource/resourceName.\nSee 'kubectl auth can-i -h' for help and examples.",
            ));
        };
        let spec = if what.starts_with('/') {
            if !self.subresource.is_empty() {
                return Err(CommandError::message("--subresource can not be used with NonResourceURL"));
            }
            warn_of_verb(session, verb, &URL_VERBS);
            json!({"nonResourceAttributes": {"verb": verb, "path": what}})
        } else {
            self.attributes(session, verb, what).await?
        };
        if self.no_headers {
            return Err(CommandError::message("--no-headers cannot be set without --list specified"));
        }
        let review = json!({"kind": "SelfSubjectAccessReview", "apiVersion": "authorization.k8s.io/v1", "metadata": {}, "spec": spec});
        let call = Call::new(Method::POST, "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews").json(&review);
        let answer = session.call_json(&call).await?;
        let allowed = answer["status"]["allowed"].as_bool().unwrap_or(false);
        if !self.quiet {
            let mut line = if allowed { "yes" } else { "no" }.to_owned();
            for pointer in ["/status/reason", "/status/evaluationError"] {
                let why = text(&answer, pointer);
                if !allowed && !why.is_empty() {
                    line.push_str(&format!(" - {why}"));
                }
            }
            session.ui.line(&line);
        }
        if allowed { Ok(()) } else { Err(CommandError::Exit(1)) }
    }

    async fn tell_all(&self, session: &mut Session<'_>) -> Result<()> {
        if !self.words.is_empty() {
            return Err(CommandError::message("list option must be specified with no arguments"));
        }
        if self.quiet || self.all_namespaces || !self.subresource.is_empty() {
            return Err(CommandError::message("list option can't be specified with neither quiet, all-namespaces nor subresource options"));
        }
        let namespace = session.namespace()?.0;
        let review = json!({
            "kind": "SelfSubjectRulesReview", "apiVersion": "authorization.k8s.io/v1", "metadata": {}, "spec": {"namespace": namespace},
        });
        let call = Call::new(Method::POST, "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews").json(&review);
        let answer = session.call_json(&call).await?;
        if answer["status"]["incomplete"].as_bool().unwrap_or(false) {
            session.warn(&format!("the list may be incomplete: {}", text(&answer, "/status/evaluationError")));
        }
        let rules =
            ["resourceRules", "nonResourceRules"].into_iter().flat_map(|list| answer["status"][list].as_array().into_iter().flatten());
        let rules: Vec<Value> = rules.cloned().collect();
        let mut table = if self.no_headers { String::new() } else { "Resources\tNon-Resource URLs\tResource Names\tVerbs\n".to_owned() };
        for row in rows(&rules) {
            table.push_str(&row.join("\t"));
            table.push('\n');
        }
        session.ui.print(&align(Layout::TABLE, &table));
        Ok(())
    }

    async fn attributes(&self, session: &mut Session<'_>, verb: &str, what: &str) -> Result<Value> {
        let namespace = if self.all_namespaces { String::new() } else { session.namespace()?.0 };
        let (written, name) = what.split_once('/').unwrap_or((what, ""));
        let (mut group, mut resource) = (String::new(), written.to_owned());
        if written != "*" {
            match for_type(session, &written.to_lowercase()).await {
                Ok(mapping) => {
                    if !self.all_namespaces && !mapping.namespaced {
                        let of_group = if mapping.group.is_empty() { String::new() } else { format!(" in group '{}'", mapping.group) };
                        session.warn(&format!("resource '{}' is not namespace scoped{of_group}\n", mapping.plural));
                    }
                    (group, resource) = (mapping.group, mapping.plural);
                }
                Err(CommandError::NoResource { .. }) => {
                    let lower = written.to_lowercase();
                    let (bare, of) = lower.split_once('.').unwrap_or((&lower, ""));
                    if !UNDISCOVERED.contains(&lower.as_str()) {
                        let of_group = if of.is_empty() { String::new() } else { format!(" in group '{of}'") };
                        session.warn(&format!("the server doesn't have a resource type '{bare}'{of_group}\n"));
                    }
                }
                Err(error) => return Err(error),
            }
        }
        warn_of_verb(session, verb, &VERBS);
        Ok(json!({"resourceAttributes": {
            "namespace": namespace,
            "verb": verb,
            "group": group,
            "resource": resource,
            "subresource": self.subresource,
            "name": name,
        }}))
    }
}

fn warn_of_verb(session: &mut Session<'_>, verb: &str, known: &[&str]) {
    if !known.contains(&verb) {
        session.warn(&format!("verb '{verb}' is not a known verb\n"));
    }
}
