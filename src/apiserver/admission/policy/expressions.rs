//! The expressions of policies and webhooks: compiled once, evaluated on what a request is about within a budget.

use std::cell::Cell;
use std::collections::BTreeMap;

use cel::{
    Activation, Declared, Environment, EvaluateError, Key, PER_CALL_LIMIT, Program, Question, RUNTIME_BUDGET_MATCH_CONDITIONS, Text, Type,
    Value, Verdict,
};
use k8s_openapi::api::admissionregistration::v1::{MatchCondition, Variable};
use serde_json::Value as Json;

use crate::admission::Attributes;
use crate::authz::{Ask, Authorizer, Decision};
use crate::context::UserInfo;

/// What the budget's end says, as upstream.
const OUT_OF_BUDGET: &str = "validation failed due to running out of cost budget, no further validation rules will be run";

/// What a request is about, as expressions see it.
#[derive(Default)]
pub struct Facts<'f> {
    pub object: Json,
    pub old_object: Json,
    pub request: Json,
    pub params: Json,
    pub namespace: Json,
    /// Whom expressions may ask what the author may do.
    pub authorizer: Option<Asking<'f>>,
}

/// The author of a request before the authorizer.
pub struct Asking<'f> {
    authorizer: &'f Authorizer,
    user: &'f UserInfo,
    /// The resource of the request.
    resource: Question,
}

impl<'f> Asking<'f> {
    pub fn new(authorizer: &'f Authorizer, attributes: &Attributes<'f>) -> Self {
        let kind = attributes.requested;
        let resource = Question {
            group: kind.group.to_string(),
            resource: kind.plural.to_string(),
            subresource: attributes.subresource.to_owned(),
            namespace: attributes.namespace.to_owned(),
            name: attributes.name.to_owned(),
            ..Question::default()
        };
        Self { authorizer, user: attributes.user, resource }
    }
}

impl cel::Authorizer for Asking<'_> {
    fn authorize(&self, question: &Question) -> Verdict {
        let account = question.service_account.as_ref().map(|(namespace, name)| {
            let groups = ["system:serviceaccounts", &format!("system:serviceaccounts:{namespace}")];
            UserInfo::new(&format!("system:serviceaccount:{namespace}:{name}"), &groups)
        });
        let ask = Ask {
            user: account.as_ref().unwrap_or(self.user),
            verb: &question.verb,
            path: question.path.as_deref(),
            group: &question.group,
            resource: &question.resource,
            subresource: &question.subresource,
            namespace: &question.namespace,
            name: &question.name,
            node: None,
        };
        match self.authorizer.decide(&ask) {
            Decision::Allow(reason) => Verdict { allowed: true, reason, error: None },
            Decision::Deny(reason) => Verdict { allowed: false, reason, error: None },
        }
    }
}

/// One expression, compiled or not.
pub struct Expression {
    text: String,
    program: Result<Program, String>,
}

/// The expressions that policies name in others.
pub struct Variables(Vec<(String, Expression)>);

/// Their values in one evaluation, and why some have none.
#[derive(Default)]
pub struct Values<'a> {
    values: BTreeMap<Key<'a>, Value<'a>>,
    failures: BTreeMap<String, String>,
}

/// What may still be spent.
pub struct Budget(Cell<u64>);

impl Budget {
    pub fn new(cost: u64) -> Self {
        Self(Cell::new(cost))
    }
}

/// Which variables an environment has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Conditions of webhooks: the request alone.
    Webhook,
    /// Policies, with or without parameters.
    Policy { params: bool },
}

fn fields(fields: &[(&str, Type)]) -> BTreeMap<String, Declared> {
    fields.iter().map(|(name, kind)| ((*name).to_owned(), kind.clone().into())).collect()
}

fn request_type() -> Type {
    let text = || Type::String;
    let kind = Type::object("kubernetes.GroupVersionKind", fields(&[("group", text()), ("version", text()), ("kind", text())]));
    let resource = Type::object("kubernetes.GroupVersionResource", fields(&[("group", text()), ("version", text()), ("resource", text())]));
    let user = Type::object(
        "kubernetes.UserInfo",
        fields(&[("username", text()), ("uid", text()), ("groups", Type::list(text())), ("extra", Type::map(text(), Type::list(text())))]),
    );
    Type::object(
        "kubernetes.AdmissionRequest",
        fields(&[
            ("kind", kind.clone()),
            ("resource", resource.clone()),
            ("subResource", text()),
            ("requestKind", kind),
            ("requestResource", resource),
            ("requestSubResource", text()),
            ("name", text()),
            ("namespace", text()),
            ("operation", text()),
            ("userInfo", user),
            ("dryRun", Type::Bool),
            ("options", Type::Dyn),
        ]),
    )
}

fn namespace_type() -> Type {
    let text = || Type::String;
    let map = || Type::map(text(), text());
    let meta = Type::object(
        "kubernetes.NamespaceMetadata",
        fields(&[
            ("name", text()),
            ("generateName", text()),
            ("namespace", text()),
            ("labels", map()),
            ("annotations", map()),
            ("uid", text()),
            ("creationTimestamp", text()),
            ("deletionGracePeriodSeconds", Type::Int),
            ("deletionTimestamp", text()),
            ("generation", Type::Int),
            ("resourceVersion", text()),
            ("finalizers", Type::list(text())),
        ]),
    );
    let condition = Type::object(
        "kubernetes.NamespaceCondition",
        fields(&[("status", text()), ("type", text()), ("lastTransitionTime", text()), ("message", text()), ("reason", text())]),
    );
    let spec = Type::object("kubernetes.NamespaceSpec", fields(&[("finalizers", Type::list(text()))]));
    let status = Type::object("kubernetes.NamespaceStatus", fields(&[("conditions", Type::list(condition)), ("phase", text())]));
    Type::object("kubernetes.Namespace", fields(&[("metadata", meta), ("spec", spec), ("status", status)]))
}

/// The environment of a scope.
pub fn environment(scope: Scope) -> Environment {
    let environment =
        Environment::stored().variable("object", Type::Dyn).variable("oldObject", Type::Dyn).variable("request", request_type());
    let environment = environment.variable("authorizer", Type::authorizer()).variable("authorizer.requestResource", Type::resource_check());
    match scope {
        Scope::Webhook => environment,
        Scope::Policy { params } => {
            let environment = environment.variable("namespaceObject", namespace_type());
            if params { environment.variable("params", Type::Dyn) } else { environment }
        }
    }
}

impl Expression {
    pub fn new(environment: &Environment, text: &str) -> Self {
        let program = Program::compile(environment, text).map_err(|error| match &error {
            cel::CompileError::Issues(_) => format!("compilation failed: {error}"),
            cel::CompileError::Instantiation(_) => format!("program instantiation failed: {error}"),
        });
        Self { text: text.trim().to_owned(), program }
    }
    /// As [`Self::new`], of an expression that must have one of some types.
    pub fn of_type(environment: &Environment, text: &str, allowed: &[(&str, fn(&Type) -> bool)]) -> Self {
        let mut expression = Self::new(environment, text);
        let wrong = |program: &Program| {
            let kind = program.result_type();
            !matches!(kind, Type::Dyn) && !allowed.iter().any(|(_, is)| is(kind))
        };
        if expression.program.as_ref().is_ok_and(wrong) {
            let names: Vec<&str> = allowed.iter().map(|(name, _)| *name).collect();
            let why = match names.as_slice() {
                [one] => format!("must evaluate to {one}"),
                all => format!("must evaluate to one of [{}]", all.join(" ")),
            };
            expression.program = Err(why);
        }
        expression
    }
    pub fn text(&self) -> &str {
        &self.text
    }
    /// Its value. Text where it has none: what is wrong, in upstream's words.
    pub fn evaluate<'a>(&self, facts: &'a Facts<'a>, variables: &Values<'a>, budget: &Budget) -> Result<Value<'a>, String> {
        let program = self.program.as_ref().map_err(|why| format!("compilation error: {why}"))?;
        let activation = activation(facts, variables);
        let left = budget.0.get();
        let evaluation = program.evaluate(&activation, PER_CALL_LIMIT.min(left));
        budget.0.set(left.saturating_sub(evaluation.cost));
        if evaluation.cost > left || left == 0 {
            return Err(OUT_OF_BUDGET.to_owned());
        }
        evaluation.result.map_err(|error| format!("expression '{}' resulted in error: {}", self.text, variables.explain(error)))
    }
}

fn activation<'a>(facts: &'a Facts<'a>, variables: &Values<'a>) -> Activation<'a> {
    let activation = match &facts.authorizer {
        Some(asking) => Activation::new()
            .with("authorizer", Value::authorizer(asking))
            .with("authorizer.requestResource", Value::resource_check(asking, asking.resource.clone())),
        None => Activation::new(),
    };
    activation
        .with("object", Value::dynamic(&facts.object))
        .with("oldObject", Value::dynamic(&facts.old_object))
        .with("request", Value::dynamic(&facts.request))
        .with("params", Value::dynamic(&facts.params))
        .with("namespaceObject", Value::dynamic(&facts.namespace))
        .with("variables", Value::map(variables.values.clone()))
}

impl Values<'_> {
    /// A variable that could not be computed is not there; this tells why.
    fn explain(&self, error: EvaluateError) -> String {
        let text = error.to_string();
        let missing = text.strip_prefix("no such key: ").and_then(|name| Some((name, self.failures.get(name)?)));
        missing.map_or(text.clone(), |(name, why)| format!("composited variable {name:?} fails to evaluate: {why}"))
    }
}

impl Variables {
    /// Compiles variables in their order, each with those before it; answers with the environment that has them all.
    pub fn new(mut environment: Environment, variables: &[Variable]) -> (Self, Environment) {
        let bare = environment.clone();
        let mut known: BTreeMap<String, Declared> = BTreeMap::new();
        let mut compiled = Vec::new();
        let with =
            |known: &BTreeMap<String, Declared>| bare.clone().variable("variables", Type::object("kubernetes.variables", known.clone()));
        if !variables.is_empty() {
            environment = with(&known);
        }
        for variable in variables {
            let expression = Expression::new(&environment, &variable.expression);
            let kind = expression.program.as_ref().map_or(Type::Dyn, |program| program.result_type().clone());
            known.insert(variable.name.clone(), kind.into());
            environment = with(&known);
            compiled.push((variable.name.clone(), expression));
        }
        (Self(compiled), environment)
    }
    /// Computes them.
    pub fn values<'a>(&self, facts: &'a Facts<'a>, budget: &Budget) -> Values<'a> {
        let mut all = Values::default();
        for (name, expression) in &self.0 {
            match expression.evaluate(facts, &all, budget) {
                Ok(value) => {
                    all.values.insert(Key::String(Text::Shared(name.as_str().into())), value);
                }
                Err(why) => {
                    all.failures.insert(name.clone(), why);
                }
            }
        }
        all
    }
}

pub fn is_bool(kind: &Type) -> bool {
    matches!(kind, Type::Bool)
}
pub fn is_text(kind: &Type) -> bool {
    matches!(kind, Type::String)
}
pub fn is_null(kind: &Type) -> bool {
    matches!(kind, Type::Null)
}

/// `matchConditions`: all of them must be true.
pub struct Conditions {
    all: Vec<Expression>,
    variables: Variables,
}

/// What conditions say of a request.
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome {
    Matches,
    Differs,
    Failed(String),
}

impl Conditions {
    pub fn new(environment: &Environment, conditions: &[MatchCondition], variables: &[Variable]) -> Self {
        let (variables, environment) = Variables::new(environment.clone(), variables);
        let all = conditions.iter().map(|condition| Expression::of_type(&environment, &condition.expression, &[("bool", is_bool)]));
        Self { all: all.collect(), variables }
    }
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }
    pub fn evaluate(&self, facts: &Facts<'_>) -> Outcome {
        let budget = Budget::new(RUNTIME_BUDGET_MATCH_CONDITIONS);
        let variables = if self.all.is_empty() { Values::default() } else { self.variables.values(facts, &budget) };
        let mut failures: Vec<String> = Vec::new();
        for condition in &self.all {
            match condition.evaluate(facts, &variables, &budget) {
                Ok(Value::Bool(false)) => return Outcome::Differs,
                Ok(_) => {}
                Err(why) if failures.contains(&why) => {}
                Err(why) => failures.push(why),
            }
        }
        match failures.as_slice() {
            [] => Outcome::Matches,
            [one] => Outcome::Failed(one.clone()),
            all => Outcome::Failed(format!("[{}]", all.join(", "))),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(text: &str, expected: Result<bool, &str>) {
        let variables = [
            Variable { name: "replicas".to_owned(), expression: "object.spec.replicas".to_owned() },
            Variable { name: "twice".to_owned(), expression: "variables.replicas * 2".to_owned() },
            Variable { name: "broken".to_owned(), expression: "object.nothing".to_owned() },
        ];
        let (variables, environment) = Variables::new(environment(Scope::Policy { params: true }), &variables);
        let expression = Expression::of_type(&environment, text, &[("bool", is_bool)]);
        let facts = Facts {
            object: json!({"spec": {"replicas": 3}}),
            request: json!({"operation": "CREATE", "userInfo": {"username": "jane", "groups": ["dev"]}}),
            params: json!({"max": 5}),
            ..Facts::default()
        };
        let budget = Budget::new(1_000_000);
        let values = variables.values(&facts, &budget);
        let got = expression.evaluate(&facts, &values, &budget).map(|value| value.as_bool().unwrap());
        assert_eq!(got, expected.map_err(str::to_owned), "{text}");
    }

    #[test]
    fn expressions_see_the_request() {
        check("object.spec.replicas <= params.max", Ok(true));
        check("variables.twice <= params.max", Ok(false));
        check("oldObject == null && request.operation == 'CREATE'", Ok(true));
        check("'dev' in request.userInfo.groups", Ok(true));
        check("object.spec.missing == 1", Err("expression 'object.spec.missing == 1' resulted in error: no such key: missing"));
        check(
            "variables.broken == 1",
            Err(
                "expression 'variables.broken == 1' resulted in error: composited variable \"broken\" fails to evaluate: expression 'object.nothing' resulted in error: no such key: nothing",
            ),
        );
        check("1", Err("compilation error: must evaluate to bool"));
    }

    #[test]
    fn conditions_hold_together() {
        let check = |expressions: &[&str], expected: Outcome| {
            let conditions: Vec<MatchCondition> =
                expressions.iter().map(|text| MatchCondition { name: "c".to_owned(), expression: (*text).to_owned() }).collect();
            let conditions = Conditions::new(&environment(Scope::Webhook), &conditions, &[]);
            let facts = Facts { object: json!({"a": 1}), request: json!({"operation": "CREATE"}), ..Facts::default() };
            assert_eq!(conditions.evaluate(&facts), expected, "{expressions:?}");
        };
        check(&[], Outcome::Matches);
        check(&["object.a == 1", "request.operation == 'CREATE'"], Outcome::Matches);
        check(&["object.b == 1", "object.a == 2"], Outcome::Differs);
        check(&["object.b == 1"], Outcome::Failed("expression 'object.b == 1' resulted in error: no such key: b".to_owned()));
    }
}
