//! The variables that the expressions of admission can name.

use std::collections::BTreeMap;

use super::Origin;
use crate::declaration::Declared;
use crate::environment::Environment;
use crate::types::Type;

/// Variables that only some expressions have.
#[derive(Clone, Copy, Debug)]
pub(super) struct Optional {
    pub(super) params: bool,
    pub(super) authorizer: bool,
    pub(super) patches: bool,
}

/// The environment of each expression, by its origin.
pub(super) struct Environments<'a> {
    stored: Environment,
    new: Environment,
    origin: Origin<'a>,
}

impl<'a> Environments<'a> {
    pub(super) fn new(origin: Origin<'a>, optional: Optional) -> Self {
        let (stored, new) = (declare(Environment::stored(), optional), declare(Environment::new_expressions(), optional));
        Self { stored, new, origin }
    }
    pub(super) fn of(&self, source: &str) -> &Environment {
        match self.origin {
            Origin::Changed(known) if known.contains(source) => &self.stored,
            Origin::Stored => &self.stored,
            Origin::New | Origin::Changed(_) => &self.new,
        }
    }
}

fn declare(mut environment: Environment, optional: Optional) -> Environment {
    environment = environment
        .variable("object", Type::Dyn)
        .variable("oldObject", Type::Dyn)
        .variable("namespaceObject", namespace())
        .variable("request", request());
    if optional.params {
        environment = environment.variable("params", Type::Dyn);
    }
    if optional.authorizer {
        environment = environment.variable("authorizer", Type::authorizer()).variable("authorizer.requestResource", Type::resource_check());
    }
    if optional.patches { environment.patches() } else { environment }
}

/// What expressions see whose types are checked against those of a kind; parameters where there are any. As upstream has it, without the shorthand for the
/// request's own resource.
pub(super) fn typed(object: &Declared, params: Option<&Declared>) -> Environment {
    let environment = Environment::stored()
        .variable("object", object.clone())
        .variable("oldObject", object.clone())
        .variable("namespaceObject", namespace())
        .variable("request", request())
        .variable("authorizer", Type::authorizer());
    match params {
        Some(params) => environment.variable("params", params.clone()),
        None => environment,
    }
}

fn object<const N: usize>(name: &str, fields: [(&str, Type); N]) -> Type {
    let fields: BTreeMap<_, _> = fields.into_iter().map(|(name, kind)| (name.to_owned(), kind.into())).collect();
    Type::object(name, fields)
}

fn strings() -> Type {
    Type::list(Type::String)
}

/// `AdmissionRequest` without what the expressions have no use for.
fn request() -> Type {
    let text = Type::String;
    let kind = object("kubernetes.GroupVersionKind", [("group", text.clone()), ("version", text.clone()), ("kind", text.clone())]);
    let resource =
        object("kubernetes.GroupVersionResource", [("group", text.clone()), ("version", text.clone()), ("resource", text.clone())]);
    let user = [("username", text.clone()), ("uid", text.clone()), ("groups", strings()), ("extra", Type::map(text.clone(), strings()))];
    let fields = [
        ("kind", kind.clone()),
        ("resource", resource.clone()),
        ("subResource", text.clone()),
        ("requestKind", kind),
        ("requestResource", resource),
        ("requestSubResource", text.clone()),
        ("name", text.clone()),
        ("namespace", text.clone()),
        ("operation", text),
        ("userInfo", object("kubernetes.UserInfo", user)),
        ("dryRun", Type::Bool),
        ("options", Type::Dyn),
    ];
    object("kubernetes.AdmissionRequest", fields)
}

/// `Namespace` without what upstream leaves out.
fn namespace() -> Type {
    let text = Type::String;
    let labels = Type::map(text.clone(), text.clone());
    let metadata = [
        ("name", text.clone()),
        ("generateName", text.clone()),
        ("namespace", text.clone()),
        ("labels", labels.clone()),
        ("annotations", labels),
        ("UID", text.clone()),
        ("creationTimestamp", Type::Timestamp),
        ("deletionGracePeriodSeconds", Type::Int),
        ("deletionTimestamp", Type::Timestamp),
        ("generation", Type::Int),
        ("resourceVersion", text.clone()),
        ("finalizers", strings()),
    ];
    let condition = [
        ("status", text.clone()),
        ("type", text.clone()),
        ("lastTransitionTime", Type::Timestamp),
        ("message", text.clone()),
        ("reason", text.clone()),
    ];
    let status = [("conditions", Type::list(object("kubernetes.NamespaceCondition", condition))), ("phase", text)];
    let fields = [
        ("metadata", object("kubernetes.NamespaceMetadata", metadata)),
        ("spec", object("kubernetes.NamespaceSpec", [("finalizers", strings())])),
        ("status", object("kubernetes.NamespaceStatus", status)),
    ];
    object("kubernetes.Namespace", fields)
}
