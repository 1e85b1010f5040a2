//! `cordon` and `uncordon`: whether new pods may come to a node.

use http::Method;
use serde_json::{Value, json};

use crate::error::{CommandError, Result};
use crate::flags::{DryRun, DryRunFlag, PrintFlags};
use crate::print::print_outcome;
use crate::resources::{Info, Selection};
use crate::session::{Call, Session};

#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(flatten)]
    dry_run: DryRunFlag,
    /// Selector (label query) to filter on
    #[arg(short = 'l', long)]
    selector: Option<String>,
    words: Vec<String>,
}

impl Args {
    /// `cordon` where `unschedulable`, else `uncordon`.
    pub async fn run(self, session: &mut Session<'_>, unschedulable: bool) -> Result<()> {
        let dry_run = self.dry_run.strategy()?;
        let command = if unschedulable { "cordon" } else { "uncordon" };
        let nodes = nodes(session, command, &self.words, self.selector.as_deref()).await?;
        mark(session, &nodes, unschedulable, dry_run).await
    }
}

/// The nodes of a command line.
pub(super) async fn nodes(session: &mut Session<'_>, command: &str, words: &[String], selector: Option<&str>) -> Result<Vec<Info>> {
    let usage = |session: &Session<'_>, message: String| CommandError::Usage { message, command: format!("{} {command}", session.program) };
    if words.is_empty() && selector.is_none() {
        return Err(usage(session, format!("USAGE: {command} NODE [flags]")));
    }
    let selector = selector.filter(|selector| !selector.is_empty());
    if !words.is_empty() && selector.is_some() {
        return Err(usage(session, "error: cannot specify both a node name and a --selector option".to_owned()));
    }
    let words = if words.iter().any(|word| word.contains('/')) {
        words.to_vec()
    } else {
        std::iter::once("nodes".to_owned()).chain(words.iter().cloned()).collect()
    };
    let selection = Selection { words, labels: selector.map(ToOwned::to_owned), ..Selection::default() };
    let (infos, errors) = selection.objects(session).await?;
    CommandError::all(errors)?;
    if let Some(other) = infos.iter().find(|info| info.mapping.kind != "Node") {
        let mapping = &other.mapping;
        return Err(CommandError::message(format!(
            "error: expected resource of type node, got \"{}/{}, Resource={}\"",
            mapping.group, mapping.version, mapping.plural
        )));
    }
    Ok(infos)
}

/// Marks the nodes. What fails is told and does not stop the others.
pub(super) async fn mark(session: &mut Session<'_>, nodes: &[Info], unschedulable: bool, dry_run: DryRun) -> Result<()> {
    let verb = if unschedulable { "cordon" } else { "uncordon" };
    for node in nodes {
        let is = node.object["spec"]["unschedulable"].as_bool().unwrap_or(false);
        let mut operation = format!("already {verb}ed");
        if is != unschedulable {
            operation = format!("{verb}ed");
            if dry_run != DryRun::Client {
                let wanted = if unschedulable { Value::Bool(true) } else { Value::Null };
                let patch = json!({"spec": {"unschedulable": wanted}});
                let call = Call::new(Method::PATCH, node.path())
                    .query("dryRun", if dry_run == DryRun::Server { "All" } else { "" })
                    .body("application/strategic-merge-patch+json", patch.to_string().into_bytes());
                if let Err(error) = session.call(&call).await {
                    let why = match &error {
                        CommandError::Api(status) => status.message().to_owned(),
                        other => other.to_string(),
                    };
                    session.ui.error_line(&format!("error: unable to {verb} node {:?}: {why}", node.name));
                    continue;
                }
            }
        }
        print_outcome(session, &PrintFlags::default(), &format!("{operation}{}", dry_run.suffix()), &node.object)?;
    }
    Ok(())
}
