//! `create`: objects from files, or of a few kinds from flags.

mod binding;
mod configmap;
mod deployment;
mod job;
mod namespace;
mod policy;
mod role;
mod secret;
mod service;
mod service_account;
mod sources;
mod token;

use clap::Subcommand;
use http::Method;
use serde_json::{Value, json};

use crate::commands::apply::with_last_applied;
use crate::error::{CommandError, Result};
use crate::flags::{DryRun, DryRunFlag, FilenameFlags, PrintFlags, field_validation};
use crate::print::{Printer, print_outcome, print_typed};
use crate::resources::{Mapping, load, load_validated};
use crate::session::{Call, Session};

#[derive(clap::Args, Debug)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Args {
    #[command(subcommand)]
    command: Option<CreateCommand>,
    #[command(flatten)]
    files: FilenameFlags,
    #[command(flatten)]
    common: CommonFlags,
    /// Selector (label query) to filter on
    #[arg(short = 'l', long)]
    selector: Option<String>,
    /// Raw URI to POST to the server.
    #[arg(long)]
    raw: Option<String>,
    #[arg(hide = true)]
    extra: Vec<String>,
}

#[derive(Subcommand, Debug)]
enum CreateCommand {
    /// Create a cluster role
    Clusterrole(role::ClusterArgs),
    /// Create a cluster role binding for a particular cluster role
    Clusterrolebinding(binding::ClusterArgs),
    /// Create a config map from a local file, directory or literal value
    #[command(visible_alias = "cm")]
    Configmap(configmap::Args),
    /// Create a cron job with the specified name
    #[command(visible_alias = "cj")]
    Cronjob(job::CronArgs),
    /// Create a deployment with the specified name
    #[command(visible_alias = "deploy")]
    Deployment(deployment::Args),
    /// Create a job with the specified name
    Job(job::Args),
    /// Create a namespace with the specified name
    #[command(visible_alias = "ns")]
    Namespace(namespace::Args),
    /// Create a pod disruption budget with the specified name
    #[command(visible_alias = "pdb")]
    Poddisruptionbudget(policy::BudgetArgs),
    /// Create a priority class with the specified name
    #[command(visible_alias = "pc")]
    Priorityclass(policy::PriorityArgs),
    /// Create a quota with the specified name
    #[command(visible_alias = "resourcequota")]
    Quota(policy::QuotaArgs),
    /// Create a role with single rule
    Role(role::Args),
    /// Create a role binding for a particular role or cluster role
    Rolebinding(binding::Args),
    /// Create a secret using a specified subcommand
    Secret(secret::Args),
    /// Create a service using a specified subcommand
    #[command(visible_alias = "svc")]
    Service(service::Args),
    /// Create a service account with the specified name
    #[command(visible_alias = "sa")]
    Serviceaccount(service_account::Args),
    /// Request a service account token
    Token(token::Args),
}

/// Flags of `create` and all its subcommands.
#[derive(clap::Args, Clone, Debug)]
pub struct CommonFlags {
    #[command(flatten)]
    print: PrintFlags,
    #[command(flatten)]
    dry_run: DryRunFlag,
    /// Name of the manager used to track field ownership.
    #[arg(long, default_value = "kubectl-create")]
    field_manager: String,
    /// If true, the configuration of current object will be saved in its annotation.
    #[arg(long)]
    save_config: bool,
    /// Must be one of: strict (or true), warn, ignore (or false).
    #[arg(long, default_value = "strict", num_args = 0..=1, require_equals = true, default_missing_value = "strict")]
    validate: String,
}

impl Args {
    pub async fn run(self, session: &mut Session<'_>) -> Result<()> {
        match self.command {
            Some(CreateCommand::Clusterrole(args)) => args.run(session).await,
            Some(CreateCommand::Clusterrolebinding(args)) => args.run(session).await,
            Some(CreateCommand::Configmap(args)) => args.run(session).await,
            Some(CreateCommand::Cronjob(args)) => args.run(session).await,
            Some(CreateCommand::Deployment(args)) => args.run(session).await,
            Some(CreateCommand::Job(args)) => args.run(session).await,
            Some(CreateCommand::Namespace(args)) => args.run(session).await,
            Some(CreateCommand::Poddisruptionbudget(args)) => args.run(session).await,
            Some(CreateCommand::Priorityclass(args)) => args.run(session).await,
            Some(CreateCommand::Quota(args)) => args.run(session).await,
            Some(CreateCommand::Role(args)) => args.run(session).await,
            Some(CreateCommand::Rolebinding(args)) => args.run(session).await,
            Some(CreateCommand::Secret(args)) => args.run(session).await,
            Some(CreateCommand::Service(args)) => args.run(session).await,
            Some(CreateCommand::Serviceaccount(args)) => args.run(session).await,
            Some(CreateCommand::Token(args)) => args.run(session).await,
            None => self.from_files(session).await,
        }
    }

    async fn from_files(self, session: &mut Session<'_>) -> Result<()> {
        if !self.extra.is_empty() {
            return Err(CommandError::Usage {
                message: format!("Unexpected args: [{}]", self.extra.join(" ")),
                command: format!("{} create", session.program),
            });
        }
        if self.files.is_empty() {
            return Err(CommandError::message("must specify one of -f and -k"));
        }
        if let Some(path) = &self.raw {
            return self.post_raw(session, path).await;
        }
        let dry_run = self.common.dry_run.strategy()?;
        let selector = self.selector.as_deref().map(api::labels::Selector::parse).transpose();
        let selector = selector.map_err(|error| CommandError::message(error.to_string()))?;
        let validated = field_validation(&self.common.validate)? != "Ignore";
        let (infos, mut errors) = if validated { load_validated(session, &self.files).await } else { load(session, &self.files).await };
        let mut count = 0;
        for info in infos {
            if selector.as_ref().is_some_and(|selector| !crate::resources::selected(selector, &info.object)) {
                continue;
            }
            count += 1;
            match self.common.create(session, &info.mapping, &info.namespace, info.object, dry_run).await {
                Ok(created) => print_outcome(session, &self.common.print, &format!("created{}", dry_run.suffix()), &created)?,
                Err(error) => errors.push(error.when("creating", &info.source)),
            }
        }
        if count == 0 && errors.is_empty() {
            return Err(CommandError::message("no objects passed to create"));
        }
        CommandError::all(errors)
    }

    async fn post_raw(&self, session: &mut Session<'_>, path: &str) -> Result<()> {
        let [file] = self.files.filenames.as_slice() else {
            return Err(CommandError::message("--raw can only use a single local file or stdin"));
        };
        let body = if file == "-" { session.ui.read_input() } else { std::fs::read(file) };
        let body = body.map_err(|error| CommandError::message(error.to_string()))?;
        let reply = session.call(&Call::new(Method::POST, path).body("application/json", body)).await?;
        session.ui.write(&reply.body);
        Ok(())
    }
}

impl CommonFlags {
    /// Creates one object, or not in a dry run, and gives it as it is then.
    async fn create(
        &self,
        session: &mut Session<'_>,
        mapping: &Mapping,
        namespace: &str,
        mut object: Value,
        dry_run: DryRun,
    ) -> Result<Value> {
        Printer::new(&self.print, "")?;
        if self.save_config {
            object = with_last_applied(&object);
        }
        if dry_run != DryRun::Client {
            let call = Call::new(Method::POST, mapping.path(namespace, ""))
                .query("dryRun", if dry_run == DryRun::Server { "All" } else { "" })
                .query("fieldManager", self.field_manager.clone())
                .query("fieldValidation", field_validation(&self.validate)?)
                .json(&object);
            object = session.call_json(&call).await?;
        }
        Ok(object)
    }

    /// Creates an object of a built-in kind that flags described, and prints what came of it. It carries its namespace only where `-n` said so, as kubectl's does.
    pub(super) async fn create_described(&self, session: &mut Session<'_>, mut object: Value) -> Result<()> {
        let dry_run = self.dry_run.strategy()?;
        field_validation(&self.validate)?;
        let (api_version, kind) = (crate::resources::text(&object, "/apiVersion"), crate::resources::text(&object, "/kind"));
        let kind = kinds::lookup::by_api_version(api_version, kind).expect("described objects are of built-in kinds");
        let (namespace, explicit) = session.namespace()?;
        if kind.namespaced && explicit {
            object["metadata"]["namespace"] = json!(namespace);
        }
        let created = self.create(session, &kind.into(), &namespace, object, dry_run).await;
        let created = created.map_err(|error| match error {
            CommandError::Api(error) if kind.kind != "Namespace" => {
                // kubectl has no colon for secrets.
                let colon = if kind.kind == "Secret" { "" } else { ":" };
                CommandError::message(format!("failed to create {}{colon} {}", kind.singular, error.message()))
            }
            other => other,
        })?;
        print_typed(session, &self.print, &format!("created{}", dry_run.suffix()), &created)
    }
}

/// `failed to create job: ...`, for the kinds of which kubectl says so.
fn failed(what: &str) -> impl Fn(CommandError) -> CommandError + use<> {
    let what = what.to_owned();
    move |error| match error {
        CommandError::Api(status) => CommandError::message(format!("failed to create {what}: {}", status.message())),
        other => other,
    }
}

/// The one NAME of a subcommand.
pub(super) fn one_name(session: &Session<'_>, names: &[String], command: &str) -> Result<String> {
    match names {
        [name] => Ok(name.clone()),
        _ => Err(CommandError::Usage {
            message: format!("exactly one NAME is required, got {}", names.len()),
            command: format!("{} create {command}", session.program),
        }),
    }
}
