//! Expressions and what upstream makes of them: `testdata/expressions.jsonl` was written by Kubernetes 1.37's own libraries (cel-go 0.29 with the functions and
//! prices of k8s.io/apiserver), a row an expression, with the variables of `testdata/variables.json` or a schema and `self` of its own.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::time::go_duration;
use crate::{Activation, CompileError, Environment, PER_CALL_LIMIT, Program, Schema, Type, Value, max_cardinality};

fn show(value: &Value<'_>) -> String {
    match value {
        Value::String(text) => serde_json::to_string(&**text).unwrap(),
        Value::Bytes(bytes) => format!("b{:?}", String::from_utf8_lossy(bytes)),
        Value::Uint(number) => format!("{number}u"),
        Value::Double(number) => format!("double({})", crate::library::double_text(*number)),
        Value::Duration(nanoseconds) => format!("duration({})", go_duration(*nanoseconds)),
        Value::Timestamp(moment) => format!("timestamp({moment})"),
        Value::Optional(None) => "optional.none".to_owned(),
        Value::Optional(Some(inside)) => format!("optional({})", show(inside)),
        Value::Type(kind) => format!("type({})", kind.runtime_name()),
        Value::List(list) => {
            let items: Vec<String> = list.iter().map(|item| show(&item.unwrap())).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Map(map) => {
            let mut entries: Vec<String> = map
                .keys()
                .iter()
                .map(|key| format!("{}: {}", show(key), map.get(key).unwrap().map_or_else(|| "-".to_owned(), |value| show(&value))))
                .collect();
            entries.sort();
            format!("{{{}}}", entries.join(", "))
        }
        other => crate::data::display(other),
    }
}

/// What upstream wrote down of an expression.
fn outcome(row: &Json, variables: &Json) -> BTreeMap<&'static str, Json> {
    let mut found = BTreeMap::new();
    let mut environment = Environment::stored();
    let schema = row.get("schema").map(|schema| Schema::new(schema, row["root"] == true));
    match &schema {
        Some(schema) => {
            let declared = schema.declared("selfType1").unwrap();
            found.insert("cardinality", max_cardinality(declared.min_serialized_size).into());
            environment = environment.variable("self", declared.clone()).variable("oldSelf", declared);
        }
        None => {
            let dynamic = ["object", "oldObject", "params", "x", "y", "z"].map(|name| (name, Type::Dyn));
            let scalar = [("s", Type::String), ("i", Type::Int), ("u", Type::Uint), ("d", Type::Double)];
            let lists = [("l", Type::list(Type::String)), ("il", Type::list(Type::Int)), ("m", Type::map(Type::String, Type::Int))];
            for (name, kind) in dynamic.into_iter().chain(scalar).chain(lists) {
                environment = environment.variable(name, kind);
            }
        }
    }
    environment = environment.variable("authorizer", Type::authorizer()).variable("authorizer.requestResource", Type::resource_check());
    if row["mutation"] == true {
        environment = environment.patches();
    }
    let program = match Program::compile(&environment, row["expr"].as_str().unwrap()) {
        Ok(program) => program,
        Err(CompileError::Issues(issues)) => return BTreeMap::from([("compile", issues.to_string().into())]),
        Err(CompileError::Instantiation(message)) => return BTreeMap::from([("compile", format!("PROGRAM {message}").into())]),
    };
    found.insert("type", program.result_type().declared_name().into());
    found.insert("estimate", serde_json::json!([program.estimated_cost().min, program.estimated_cost().max]));
    let mut activation = Activation::new();
    match (&schema, row.get("self")) {
        (Some(schema), Some(data)) => match Value::structured(data, schema) {
            Ok(value) => activation.set("self", value),
            Err(failure) => return BTreeMap::from([("error", crate::EvaluateError::from(failure).to_string().into())]),
        },
        (Some(_), None) => return found,
        _ => {
            for (name, value) in variables.as_object().unwrap() {
                activation.set(name, Value::dynamic(value));
            }
        }
    }
    let evaluation = program.evaluate(&activation, PER_CALL_LIMIT);
    found.insert("cost", evaluation.cost.into());
    match evaluation.result {
        Ok(value) => found.insert("result", show(&value).into()),
        Err(error) => found.insert("error", error.to_string().into()),
    };
    found
}

#[test]
fn expressions_are_what_upstream_makes_of_them() {
    let variables: Json = serde_json::from_str(include_str!("testdata/variables.json")).unwrap();
    let mut rows = 0;
    let mut wrong = Vec::new();
    for line in include_str!("testdata/expressions.jsonl").lines() {
        let row: Json = serde_json::from_str(line).unwrap();
        let found = outcome(&row, &variables);
        rows += 1;
        for name in ["compile", "type", "estimate", "cost", "result", "error", "cardinality"] {
            let (wanted, found) = (row.get(name), found.get(name));
            if wanted != found {
                wrong.push(format!("{}\n  {name}\n    upstream: {}\n    here:     {}", row["expr"], text(wanted), text(found)));
            }
        }
    }
    assert!(rows > 300, "only {rows} rows were read");
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
}

fn text(value: Option<&Json>) -> String {
    value.map_or_else(|| "nothing".to_owned(), |value| value.as_str().map_or_else(|| value.to_string(), str::to_owned))
}
