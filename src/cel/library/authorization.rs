//! Questions to the authorizer of a request, built step by step: `authorizer.group('apps').resource('deployments').check('create').allowed()`.

use super::Extension;
use crate::evaluate::Context;
use crate::signature::{Row, row};
use crate::types::Type;
use crate::value::{Failure, Outcome, Value, error, no_such_overload};

#[rustfmt::skip]
pub(crate) const TABLE: &[Row] = &[
    row("authorizer_path", "path", "Authorizer.(string) -> PathCheck", path),
    row("authorizer_group", "group", "Authorizer.(string) -> GroupCheck", group),
    row("authorizer_serviceaccount", "serviceAccount", "Authorizer.(string, string) -> Authorizer", service_account),
    row("groupcheck_resource", "resource", "GroupCheck.(string) -> ResourceCheck", resource),
    row("resourcecheck_subresource", "subresource", "ResourceCheck.(string) -> ResourceCheck", subresource),
    row("resourcecheck_namespace", "namespace", "ResourceCheck.(string) -> ResourceCheck", namespace),
    row("resourcecheck_name", "name", "ResourceCheck.(string) -> ResourceCheck", name),
    row("authorizer_fieldselector", "fieldSelector", "ResourceCheck.(string) -> ResourceCheck", field_selector),
    row("authorizer_labelselector", "labelSelector", "ResourceCheck.(string) -> ResourceCheck", label_selector),
    row("pathcheck_check", "check", "PathCheck.(string) -> Decision", check),
    row("resourcecheck_check", "check", "ResourceCheck.(string) -> Decision", check),
    row("decision_errored", "errored", "Decision.() -> bool", errored),
    row("decision_error", "error", "Decision.() -> string", decision_error),
    row("decision_allowed", "allowed", "Decision.() -> bool", allowed),
    row("decision_reason", "reason", "Decision.() -> string", reason),
];

/// Decides what a user may do. The host of an evaluation has it; the user is that of the request, if not a service account.
pub trait Authorizer: Send + Sync {
    fn authorize(&self, question: &Question) -> Verdict;
}

/// What is asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Question {
    /// Namespace and name, where it is not about the user of the request.
    pub service_account: Option<(String, String)>,
    pub verb: String,
    /// Where it is not about a resource.
    pub path: Option<String>,
    pub group: String,
    pub resource: String,
    pub subresource: String,
    pub namespace: String,
    pub name: String,
    /// As written; one that cannot be read limits nothing.
    pub field_selector: String,
    pub label_selector: String,
}

/// The answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    pub allowed: bool,
    pub reason: String,
    pub error: Option<String>,
}

/// How far a question is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    Authorizer,
    Path,
    Group,
    Resource,
}

/// A question that is being built.
#[derive(Clone)]
pub struct Check<'a> {
    authorizer: &'a (dyn Authorizer + 'a),
    stage: Stage,
    question: Question,
}

impl std::fmt::Debug for Check<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.question.fmt(formatter)
    }
}

impl Check<'_> {
    pub(crate) fn type_name(&self) -> &'static str {
        match self.stage {
            Stage::Authorizer => "kubernetes.authorization.Authorizer",
            Stage::Path => "kubernetes.authorization.PathCheck",
            Stage::Group => "kubernetes.authorization.GroupCheck",
            Stage::Resource => "kubernetes.authorization.ResourceCheck",
        }
    }

    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.stage == other.stage && self.question == other.question
    }
}

impl Type {
    /// Of the variable `authorizer`.
    pub fn authorizer() -> Self {
        Type::Library("kubernetes.authorization.Authorizer")
    }

    /// Of the variable `authorizer.requestResource`.
    pub fn resource_check() -> Self {
        Type::Library("kubernetes.authorization.ResourceCheck")
    }
}

impl<'a> Value<'a> {
    /// The value of the variable `authorizer`.
    pub fn authorizer(authorizer: &'a (dyn Authorizer + 'a)) -> Self {
        of(Check { authorizer, stage: Stage::Authorizer, question: Question::default() })
    }

    /// The value of the variable `authorizer.requestResource`: all of the question but its verb.
    pub fn resource_check(authorizer: &'a (dyn Authorizer + 'a), question: Question) -> Self {
        of(Check { authorizer, stage: Stage::Resource, question })
    }
}

fn of(check: Check<'_>) -> Value<'_> {
    Value::extension(Extension::Check(check))
}

/// The check so far and the text that the call adds to it.
fn parts<'a>(args: &[Value<'a>], stages: &[Stage]) -> Result<(Check<'a>, String), Failure> {
    let [Value::Extension(extension), Value::String(text), ..] = args else { return no_such_overload() };
    match &**extension {
        Extension::Check(check) if stages.contains(&check.stage) => Ok((check.clone(), text.to_string())),
        _ => no_such_overload(),
    }
}

fn path<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    let (mut check, path) = parts(args, &[Stage::Authorizer])?;
    if path.trim().is_empty() {
        return error("path must not be empty");
    }
    check.stage = Stage::Path;
    check.question.path = Some(path);
    Ok(of(check))
}

fn group<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    let (mut check, group) = parts(args, &[Stage::Authorizer])?;
    check.stage = Stage::Group;
    check.question.group = group;
    Ok(of(check))
}

fn service_account<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    let (mut check, namespace) = parts(args, &[Stage::Authorizer])?;
    let Some(name) = args.get(2).and_then(Value::as_str) else { return no_such_overload() };
    if !api::names::dns1123_subdomain(name, false).is_empty() {
        return error("Invalid service account name");
    }
    if !api::names::dns1123_label(&namespace, false).is_empty() {
        return error("Invalid service account namespace");
    }
    check.question.service_account = Some((namespace, name.to_owned()));
    Ok(of(check))
}

fn resource<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    let (mut check, resource) = parts(args, &[Stage::Group])?;
    if resource.trim().is_empty() {
        return error("resource must not be empty");
    }
    check.stage = Stage::Resource;
    check.question.resource = resource;
    Ok(of(check))
}

fn with<'a>(args: &[Value<'a>], set: impl FnOnce(&mut Question, String)) -> Outcome<'a> {
    let (mut check, text) = parts(args, &[Stage::Resource])?;
    set(&mut check.question, text);
    Ok(of(check))
}

fn subresource<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    with(args, |question, text| question.subresource = text)
}

fn namespace<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    with(args, |question, text| question.namespace = text)
}

fn name<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    with(args, |question, text| question.name = text)
}

fn field_selector<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    with(args, |question, text| question.field_selector = text)
}

fn label_selector<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    with(args, |question, text| question.label_selector = text)
}

fn check<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    let (mut check, verb) = parts(args, &[Stage::Path, Stage::Resource])?;
    check.question.verb = verb;
    Ok(Value::extension(Extension::Decision(check.authorizer.authorize(&check.question))))
}

fn verdict<'a>(args: &[Value<'a>], show: impl FnOnce(&Verdict) -> Value<'a>) -> Outcome<'a> {
    match args {
        [Value::Extension(extension)] => match &**extension {
            Extension::Decision(verdict) => Ok(show(verdict)),
            _ => no_such_overload(),
        },
        _ => no_such_overload(),
    }
}

fn errored<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    verdict(args, |verdict| Value::Bool(verdict.error.is_some()))
}

fn decision_error<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    verdict(args, |verdict| Value::text(verdict.error.clone().unwrap_or_default()))
}

fn allowed<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    verdict(args, |verdict| Value::Bool(verdict.allowed))
}

fn reason<'a>(_: &Context<'a, '_>, args: &[Value<'a>]) -> Outcome<'a> {
    verdict(args, |verdict| Value::text(verdict.reason.as_str()))
}
