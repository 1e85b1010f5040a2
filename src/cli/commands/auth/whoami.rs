//! `auth whoami`: the name, groups and other attributes under which the server knows us.

use http::Method;
use output::tabwriter::{Layout, align};
use serde_json::{Value, json};

use crate::error::{CommandError, Result};
use crate::flags::PrintFlags;
use crate::print::{Printer, print_typed};
use crate::resources::text;
use crate::session::{Call, Session};

#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(flatten)]
    print: PrintFlags,
}

impl Args {
    pub async fn run(self, session: &mut Session<'_>) -> Result<()> {
        Printer::new(&self.print, "")?;
        let review = json!({"kind": "SelfSubjectReview", "apiVersion": "authentication.k8s.io/v1", "metadata": {}});
        let call = Call::new(Method::POST, "/apis/authentication.k8s.io/v1/selfsubjectreviews").json(&review);
        let answer = session.call_json(&call).await.map_err(|error| match error {
            error if error.is_reason("Forbidden") => {
                CommandError::message("the selfsubjectreviews API is not enabled in the cluster or you do not have permission to call it")
            }
            error if error.is_reason("NotFound") => CommandError::message("the selfsubjectreviews API is not enabled in the cluster"),
            other => other,
        })?;
        if self.print.output.as_deref().is_some_and(|output| !output.is_empty()) {
            return print_typed(session, &self.print, "", &answer);
        }
        session.ui.print(&align(Layout::TABLE, &table(&answer["status"]["userInfo"])));
        Ok(())
    }
}

fn table(user: &Value) -> String {
    let list = |values: &Value| {
        let values: Vec<&str> = values.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        format!("[{}]", values.join(" "))
    };
    let mut rows = "ATTRIBUTE\tVALUE\n".to_owned();
    for (name, pointer) in [("Username", "/username"), ("UID", "/uid")] {
        if !text(user, pointer).is_empty() {
            rows.push_str(&format!("{name}\t{}\n", text(user, pointer)));
        }
    }
    if user["groups"].as_array().is_some_and(|groups| !groups.is_empty()) {
        rows.push_str(&format!("Groups\t{}\n", list(&user["groups"])));
    }
    let mut extra: Vec<(&String, &Value)> = user["extra"].as_object().into_iter().flatten().collect();
    extra.sort_by_key(|(key, _)| *key);
    for (key, values) in extra {
        rows.push_str(&format!("Extra: {key}\t{}\n", list(values)));
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_rows() {
        let user = json!({"username": "u", "groups": ["a", "b"], "extra": {"k": ["v"]}});
        assert_eq!(align(Layout::TABLE, &table(&user)), "ATTRIBUTE   VALUE\nUsername    u\nGroups      [a b]\nExtra: k    [v]\n");
    }
}
