//! Whether a definition's rules may be stored: they compile, name the old object only where there can be one, and cost no more than Kubernetes allows.

use api::{ErrorList, FieldError, Path};
use serde_json::Value as Json;

use super::{DEPTH_LIMIT, Rule, Source};
use crate::declaration::Declared;
use crate::environment::Environment;
use crate::schema::{Schema, max_cardinality};

/// What one expression may cost by its estimate.
const EXPRESSION_LIMIT: u64 = 10_000_000;
/// What all rules of a schema may cost.
const SCHEMA_LIMIT: u64 = 100_000_000;
/// So many of the most expensive rules are named.
const NAMED: usize = 4;

/// How a definition's rules are looked at.
#[derive(Clone, Copy, Debug, Default)]
pub struct Checked {
    /// The schema is stored already: its rules may use whatever they use, and none is too expensive by itself.
    pub unchanged: bool,
}

/// What is wrong with the rules of a schema at a path. The schema has to be structural and valid otherwise.
pub fn check_definition(openapi: &Json, path: &Path, how: Checked) -> ErrorList {
    let schema = Schema::new(openapi, true);
    let environment = if how.unchanged { Environment::stored() } else { Environment::new_expressions() };
    let mut check = Check { environment, how, errors: ErrorList::new(), total: 0, expensive: Vec::new() };
    check.node(openapi, &schema, path, Some(1), None, DEPTH_LIMIT);
    if check.total > SCHEMA_LIMIT {
        for (path, _) in &check.expensive {
            check.errors.push(FieldError::forbidden(
                path,
                "contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema",
            ));
        }
        let name = "x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema";
        check.errors.push(FieldError::forbidden(path, too_expensive(name, check.total, SCHEMA_LIMIT)));
    }
    check.errors
}

struct Check {
    environment: Environment,
    how: Checked,
    errors: ErrorList,
    total: u64,
    /// The most expensive rules, most expensive first.
    expensive: Vec<(Path, u64)>,
}

impl Check {
    /// A schema and all below it. `cardinality` is how often it can occur, if that is bounded; `uncorrelatable` is the path above which elements have no old ones.
    fn node(
        &mut self,
        openapi: &Json,
        schema: &Schema,
        path: &Path,
        cardinality: Option<u64>,
        uncorrelatable: Option<&Path>,
        depth: usize,
    ) {
        let Some(depth) = depth.checked_sub(1) else { return };
        let below = multiplied(cardinality, openapi);
        let array = openapi.get("type").and_then(Json::as_str) == Some("array");
        let map_list = openapi.get("x-kubernetes-list-type").and_then(Json::as_str) == Some("map");
        let opened = (array && !map_list).then_some(path);
        if let (Some(node), Some(schema)) =
            (openapi.get("additionalProperties").filter(|node| node.is_object()), schema.additional_properties())
        {
            self.node(node, schema, &path.child("additionalProperties"), below, uncorrelatable, depth);
        }
        for (name, node) in openapi.get("properties").and_then(Json::as_object).into_iter().flatten() {
            if let Some(schema) = schema.property(name) {
                self.node(node, schema, &path.child("properties").key(name), below, uncorrelatable, depth);
            }
        }
        for (index, node) in openapi.get("allOf").and_then(Json::as_array).into_iter().flatten().enumerate() {
            self.rules(node, openapi, schema, &path.child("allOf").index(index), cardinality, uncorrelatable);
        }
        if let (Some(node), Some(schema)) = (openapi.get("items").filter(|node| node.is_object()), schema.items()) {
            self.node(node, schema, &path.child("items"), below, uncorrelatable.or(opened), depth);
        }
        self.rules(openapi, openapi, schema, path, cardinality, uncorrelatable);
    }

    fn rules(
        &mut self,
        validation: &Json,
        node: &Json,
        schema: &Schema,
        path: &Path,
        cardinality: Option<u64>,
        uncorrelatable: Option<&Path>,
    ) {
        let mut sources = Source::all(validation).enumerate().peekable();
        if sources.peek().is_none() {
            return;
        }
        let path = path.child("x-kubernetes-validations");
        let Some(declared) = schema.declared("selfType") else {
            let detail = "internal error: failed to retrieve type information for x-kubernetes-validations";
            self.errors.push(FieldError::internal(&path, detail));
            return;
        };
        for (index, source) in sources {
            self.rule(source, node, &declared, &path.index(index), cardinality, uncorrelatable);
        }
    }

    fn rule(
        &mut self,
        source: Source,
        node: &Json,
        declared: &Declared,
        path: &Path,
        cardinality: Option<u64>,
        uncorrelatable: Option<&Path>,
    ) {
        let rule = Rule::compile(source, node, Some(declared), &self.environment);
        let at = path.child("rule");
        let occurrences = cardinality.unwrap_or(max_cardinality(declared.min_serialized_size));
        match &rule.program {
            None => return,
            Some(Ok(program)) => self.cost("estimated rule cost", &at, program.estimated_cost().max.saturating_mul(occurrences)),
            Some(Err(detail)) => self.errors.push(refused(&at, &rule.source, detail)),
        }
        match &rule.message {
            None => {}
            Some(Ok(program)) => {
                self.cost("estimated messageExpression cost", &path.child("messageExpression"), program.estimated_cost().max);
            }
            Some(Err(detail)) => self.errors.push(refused(&path.child("messageExpression"), &rule.source, detail)),
        }
        match (rule.uses_old_self, uncorrelatable, rule.source.optional_old_self) {
            (true, Some(above), _) => {
                let detail = format!("oldSelf cannot be used on the uncorrelatable portion of the schema within {above}");
                self.errors.push(FieldError::invalid(&at, rule.source.rule.as_str(), detail));
            }
            (false, _, Some(optional)) => {
                self.errors.push(FieldError::invalid(
                    &path.child("optionalOldSelf"),
                    optional,
                    "may not be set if oldSelf is not used in rule",
                ));
            }
            _ => {}
        }
    }

    fn cost(&mut self, name: &str, path: &Path, cost: u64) {
        if !self.how.unchanged && cost > EXPRESSION_LIMIT {
            self.errors.push(FieldError::forbidden(path, too_expensive(name, cost, EXPRESSION_LIMIT)));
        }
        self.total = self.total.saturating_add(cost);
        if cost >= SCHEMA_LIMIT / 100 {
            self.expensive.push((path.clone(), cost));
            self.expensive.sort_by_key(|(_, cost)| std::cmp::Reverse(*cost));
            self.expensive.truncate(NAMED);
        }
    }
}

/// How often what is below a schema can occur, if that is bounded.
fn multiplied(cardinality: Option<u64>, openapi: &Json) -> Option<u64> {
    let limit = |name: &str| openapi.get(name).and_then(Json::as_i64).map(|limit| u64::try_from(limit).unwrap_or(0));
    let factor = match openapi.get("type").and_then(Json::as_str) {
        Some("object") if openapi.get("additionalProperties").is_some() => limit("maxProperties")?,
        Some("array") => limit("maxItems")?,
        _ => 1,
    };
    Some(cardinality?.saturating_mul(factor))
}

fn too_expensive(name: &str, cost: u64, limit: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "a factor is shown with one digit")]
    let factor = cost as f64 / limit as f64;
    let factor = match factor {
        _ if factor > 100.0 => "more than 100x".to_owned(),
        _ if factor < 1.5 => format!("{factor:.6}x"),
        _ => format!("{factor:.1}x"),
    };
    format!(
        "{name} exceeds budget by factor of {factor} (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)"
    )
}

/// An error that shows the whole rule, as Go writes its struct.
fn refused(path: &Path, source: &Source, detail: &str) -> FieldError {
    let shown = |text: &str| Json::from(text).to_string().replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026");
    let or_null = |text: Option<String>| text.unwrap_or_else(|| "null".to_owned());
    let rule = format!(
        "{{\"Rule\":{},\"Message\":{},\"MessageExpression\":{},\"Reason\":{},\"FieldPath\":{},\"OptionalOldSelf\":{}}}",
        shown(&source.rule),
        shown(&source.message),
        shown(&source.message_expression),
        or_null(source.reason.as_deref().map(shown)),
        shown(&source.field_path),
        or_null(source.optional_old_self.map(|optional| optional.to_string())),
    );
    FieldError { value: None, ..FieldError::invalid(path, "", format!("{rule}: {detail}")) }
}
