//! `describe`: objects with what belongs to them, for people. One file a family of kinds; this one selects the objects and prints them.

pub mod access;
mod amounts;
mod configuration;
mod containers;
mod generic;
mod kinds;
mod network;
mod node;
mod page;
mod pod;
mod policy;
mod related;
mod storage;
mod traffic;
mod tree;
mod volumes;
mod workloads;

use std::collections::HashSet;

use serde_json::Value;

use crate::error::{CommandError, Result};
use crate::flags::FilenameFlags;
use crate::resources::{Info, Selection};
use crate::session::Session;
use page::Page;
use related::Related;

#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(flatten)]
    files: FilenameFlags,
    /// If present, list the requested object(s) across all namespaces.
    #[arg(short = 'A', long)]
    all_namespaces: bool,
    /// Return large lists in chunks rather than all at once. Pass 0 to disable.
    #[arg(long, default_value_t = 500)]
    chunk_size: i64,
    /// Selector (label query) to filter on
    #[arg(short = 'l', long)]
    selector: Option<String>,
    /// If true, display events related to the described object. Defaults to true for a single object, false for multiple objects and prefix matching.
    #[arg(long, action = clap::ArgAction::Set, num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    show_events: Option<bool>,
    words: Vec<String>,
}

impl Args {
    pub async fn run(self, session: &mut Session<'_>) -> Result<()> {
        if self.words.is_empty() && self.files.is_empty() {
            return Err(CommandError::message(format!(
                "You must specify the type of resource to describe. Use \"{} api-resources\" for a complete list of supported resources.",
                session.program
            )));
        }
        let selection = Selection {
            filenames: self.files.clone(),
            words: self.words.clone(),
            labels: self.selector.clone().filter(|labels| !labels.is_empty()),
            all_namespaces: self.all_namespaces,
            type_alone_selects_all: true,
            ..Selection::default()
        };
        let (infos, mut errors) = selection.objects(session).await?;
        let show_events = self.show_events.unwrap_or(errors.is_empty() && infos.len() <= 1);
        if self.words.len() == 2 && errors.len() == 1 && errors[0].is_reason("NotFound") {
            return self.matching(session, errors.remove(0), show_events).await;
        }
        if infos.is_empty() && errors.is_empty() {
            let place = if self.all_namespaces { String::new() } else { format!(" in {} namespace.", session.namespace()?.0) };
            session.ui.error_line(&format!("No resources found{place}"));
            return Ok(());
        }
        let (mut written, mut said) = (false, HashSet::new());
        for info in infos {
            match self.text(session, info, show_events).await {
                Ok(text) => {
                    if std::mem::replace(&mut written, true) {
                        session.ui.print("\n\n");
                    }
                    session.ui.print(&text);
                }
                Err(error) if said.insert(error.to_string()) => errors.push(error),
                Err(_) => {}
            }
        }
        CommandError::all(errors)
    }

    /// There is no object of that name: all whose names begin so are described.
    async fn matching(&self, session: &mut Session<'_>, missing: CommandError, show_events: bool) -> Result<()> {
        let (written, prefix) = (&self.words[0], &self.words[1]);
        if written.contains(',') {
            return Err(CommandError::message("you may only specify a single resource type"));
        }
        let selection = Selection { words: vec![written.clone()], type_alone_selects_all: true, ..Selection::default() };
        let (infos, errors) = selection.objects(session).await?;
        CommandError::all(errors)?;
        let mut found = false;
        for info in infos.into_iter().filter(|info| info.name.starts_with(prefix.as_str())) {
            found = true;
            let text = self.text(session, info, show_events).await?;
            session.ui.line(&text);
        }
        if found { Ok(()) } else { Err(missing) }
    }

    async fn text(&self, session: &mut Session<'_>, mut info: Info, show_events: bool) -> Result<String> {
        let mut related = Related { session, show_events, chunk_size: self.chunk_size };
        if !info.source.is_empty() {
            info.object = related.get(info.path()).await?;
        }
        Box::pin(kinds::describe(&mut related, &info)).await
    }
}

/// A pod template as `rollout history --revision` and `rollout undo --dry-run` show it: with tabs, not in columns.
pub fn pod_template(template: &Value) -> Result<String> {
    let mut page = Page::plain();
    pod::template(&mut page, template);
    Ok(page.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_of_revisions_keep_their_tabs() {
        let template: Value = serde_yaml::from_str(
            "
metadata: {labels: {app: web, pod-template-hash: abc}}
spec:
  containers:
  - {name: c, image: nginx, ports: [{containerPort: 80, protocol: TCP}], env: [{name: A, value: '1'}], command: [sh, \"a\\nb\"]}
",
        )
        .unwrap();
        assert_eq!(
            pod_template(&template).unwrap(),
            "Pod Template:\n  Labels:\tapp=web\n\tpod-template-hash=abc\n  Containers:\n   c:\n    Image:\tnginx\n    Port:\t80/TCP\n    Host Port:\t0/TCP\n    Command:\n      sh\n      a\n      b\n    Environment:\n      A:\t1\n    Mounts:\t<none>\n  Volumes:\t<none>\n  Node-Selectors:\t<none>\n  Tolerations:\t<none>\n"
        );
    }
}
