//! From a schema to its compiled rules.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value as Json;

use super::{DEPTH_LIMIT, Rule, Rules, Source, field_path};
use crate::declaration::Declared;
use crate::environment::Environment;
use crate::program::{CompileError, Program};
use crate::schema::{ListKind, Schema};
use crate::types::Type;

/// The name of the type of `self` in errors.
const SELF_TYPE: &str = "selfType";

impl Rules {
    /// The rules of a custom resource's schema, or nothing where it has none. As upstream has it, rules inside `allOf` count only where there are others.
    pub fn compile(openapi: &Json) -> Option<Self> {
        if !has_rules(openapi, DEPTH_LIMIT) {
            return None;
        }
        let schema = Arc::new(Schema::new(openapi, true));
        Self::of(openapi, openapi, &schema, DEPTH_LIMIT)
    }

    /// The rules that `validation` has for what `node` and `schema` describe; they differ inside `allOf`.
    fn of(validation: &Json, node: &Json, schema: &Arc<Schema>, depth: usize) -> Option<Self> {
        let depth = depth.checked_sub(1)?;
        let object = |json: &Json, name: &str| json.get(name).filter(|value| value.is_object()).cloned();
        let below = |name: &str, schema: Option<&Arc<Schema>>| {
            let (validation, node) = (object(validation, name)?, object(node, name)?);
            Self::of(&validation, &node, schema?, depth).map(Box::new)
        };
        let mut properties = BTreeMap::new();
        for (name, property) in validation.get("properties").and_then(Json::as_object).into_iter().flatten() {
            let node = node.get("properties").and_then(|properties| properties.get(name));
            let schema = schema.properties.as_ref().and_then(|properties| properties.get(name));
            if let (Some(node), Some(schema)) = (node, schema)
                && let Some(rules) = Self::of(property, node, schema, depth)
            {
                properties.insert(name.clone(), rules);
            }
        }
        let all_of = validation.get("allOf").and_then(Json::as_array).into_iter().flatten();
        let mut rules = Self {
            rules: Vec::new(),
            items: below("items", schema.items.as_ref()),
            additional: below("additionalProperties", schema.additional.as_ref()),
            properties,
            all_of: all_of.filter_map(|validation| Self::of(validation, node, schema, depth)).collect(),
            list_map_keys: match &schema.list_kind {
                ListKind::Map(keys) => Some(keys.clone()),
                _ => None,
            },
            schema: schema.clone(),
        };
        let mut sources = Source::all(validation).peekable();
        if sources.peek().is_some() {
            let declared = schema.declared(SELF_TYPE);
            rules.rules = sources.map(|source| Rule::compile(source, node, declared.as_ref(), &Environment::stored())).collect();
        }
        let empty = rules.rules.is_empty()
            && rules.items.is_none()
            && rules.additional.is_none()
            && rules.properties.is_empty()
            && rules.all_of.is_empty();
        (!empty).then_some(rules)
    }
}

/// Whether a schema or any below it has rules.
fn has_rules(openapi: &Json, depth: usize) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return false };
    let below = |name: &str| openapi.get(name).is_some_and(|schema| has_rules(schema, depth));
    let properties = openapi.get("properties").and_then(Json::as_object);
    Source::all(openapi).next().is_some()
        || below("items")
        || below("additionalProperties")
        || properties.is_some_and(|properties| properties.values().any(|schema| has_rules(schema, depth)))
}

impl Rule {
    pub(super) fn compile(source: Source, node: &Json, declared: Option<&Declared>, environment: &Environment) -> Self {
        let mut rule = Self {
            program: None,
            message: None,
            uses_old_self: false,
            field_path: Some(source.field_path.as_str())
                .filter(|path| !path.is_empty())
                .and_then(|path| field_path::normalized(path, node)),
            source,
        };
        if rule.source.rule.trim().is_empty() {
            return rule;
        }
        let Some(declared) = declared else {
            rule.program = Some(Err("failed to convert to declType for CEL validation rules".to_owned()));
            return rule;
        };
        let optional = rule.source.optional_old_self == Some(true);
        let old = if optional { declared.clone().optional() } else { declared.clone() };
        let environment = environment.clone().variable("self", declared.clone()).variable("oldSelf", old);
        let program = compile(&environment, &rule.source.rule, &Type::Bool, "");
        rule.uses_old_self = program.as_ref().is_ok_and(|program| program.uses("oldSelf"));
        if program.is_ok() && !rule.source.message_expression.is_empty() {
            rule.message = Some(compile(&environment, &rule.source.message_expression, &Type::String, "messageExpression "));
        }
        rule.program = Some(program);
        rule
    }
}

fn compile(environment: &Environment, expression: &str, wanted: &Type, what: &str) -> Result<Program, String> {
    let program = Program::compile(environment, expression).map_err(|error| match error {
        CompileError::Issues(issues) => format!("{what}compilation failed: {issues}"),
        CompileError::Instantiation(why) if what.is_empty() => format!("program instantiation failed: {why}"),
        CompileError::Instantiation(why) => format!("{what}instantiation failed: {why}"),
    })?;
    if program.result_type().is_exactly(wanted) {
        return Ok(program);
    }
    let subject = if what.is_empty() { "cel expression " } else { what };
    Err(format!("{subject}must evaluate to a {}", wanted.declared_name()))
}
