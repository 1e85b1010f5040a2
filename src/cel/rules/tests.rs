use api::Path;
use serde_json::{Value as Json, json};

use super::{Checked, Ratcheting, Rules, check_definition};
use crate::RUNTIME_BUDGET;

fn with_rule(mut schema: Json, rules: Json) -> Json {
    schema["x-kubernetes-validations"] = rules;
    schema
}

fn errors(schema: &Json, object: &Json, old: Option<&Json>) -> Vec<String> {
    let rules = Rules::compile(schema).unwrap();
    let found = rules.validate(&Path::default(), object, old, Ratcheting::Warnings, RUNTIME_BUDGET);
    let warnings = found.warnings.iter().map(|warning| format!("warning: {warning}"));
    found.errors.iter().map(ToString::to_string).chain(warnings).collect()
}

fn definition(schema: &Json) -> Vec<String> {
    check_definition(schema, &Path::new("schema"), Checked::default()).iter().map(ToString::to_string).collect()
}

#[test]
fn rules_are_kept_or_broken() {
    let check = |rule: Json, object: Json, expected: &[&str]| {
        let schema = json!({"type": "object", "properties": {
            "spec": with_rule(json!({"type": "object", "properties": {"min": {"type": "integer"}, "max": {"type": "integer"}, "any": {"x-kubernetes-int-or-string": true}}}), json!([rule]))}});
        assert_eq!(errors(&schema, &object, None), expected, "{rule}");
    };
    let spec = |min: i64, max: i64| json!({"spec": {"min": min, "max": max, "any": "x"}});
    let rule = |more: Json| {
        let mut rule = json!({"rule": "self.min <= self.max"});
        rule.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
        rule
    };
    check(rule(json!({})), spec(1, 2), &[]);
    check(rule(json!({})), spec(3, 2), &["spec: Invalid value: failed rule: self.min <= self.max"]);
    check(rule(json!({"message": "min is too large"})), spec(3, 2), &["spec: Invalid value: min is too large"]);
    check(rule(json!({"messageExpression": "'min is ' + string(self.min)"})), spec(3, 2), &["spec: Invalid value: min is 3"]);
    check(rule(json!({"messageExpression": "''", "message": "m"})), spec(3, 2), &["spec: Invalid value: m"]);
    check(rule(json!({"fieldPath": ".min", "reason": "FieldValueForbidden", "message": "m"})), spec(3, 2), &["spec.min: Forbidden: m"]);
    check(rule(json!({"reason": "FieldValueDuplicate", "message": "m"})), spec(3, 2), &["spec: Duplicate value"]);
    check(
        json!({"rule": "self.any < 5"}),
        spec(1, 1),
        &[
            "spec: Invalid value: \"object\": 'no such overload': call arguments did not match a supported operator, function or macro signature for rule: self.any < 5",
        ],
    );
    check(
        json!({"rule": "self.min / 0 == 1", "message": "m"}),
        spec(1, 1),
        &["spec: Invalid value: \"object\": division by zero evaluating rule: m"],
    );
    check(
        json!({"rule": "lists.range(1000).all(a, lists.range(1000).all(b, b >= 0))"}),
        spec(1, 1),
        &[
            "spec: Invalid value: \"object\": 'operation cancelled: actual cost limit exceeded': no further validation rules will be run due to call cost exceeds limit for \
         rule: lists.range(1000).all(a, lists.range(1000).all(b, b >= 0))",
        ],
    );
}

#[test]
fn values_are_shown_where_they_are_scalars() {
    let schema = json!({"type": "object", "properties": {
        "names": {"type": "array", "items": with_rule(json!({"type": "string"}), json!([{"rule": "self.startsWith('a')", "message": "wants an a"}]))},
        "labels": {"type": "object", "additionalProperties": with_rule(json!({"type": "integer"}), json!([{"rule": "self > 0", "message": "positive"}]))}}});
    let found = errors(&schema, &json!({"names": ["ab", "b", null], "labels": {"x": 1, "y": -1}}), None);
    assert_eq!(found, ["labels[y]: Invalid value: -1: positive", "names[1]: Invalid value: \"b\": wants an a"]);
}

#[test]
fn transitions_need_an_old_value() {
    let immutable = json!([{"rule": "self == oldSelf", "message": "immutable"}]);
    let once = json!([{"rule": "!oldSelf.hasValue() || self == oldSelf.value()", "optionalOldSelf": true, "message": "once"}]);
    let element =
        with_rule(json!({"type": "object", "properties": {"name": {"type": "string"}, "value": {"type": "integer"}}}), immutable.clone());
    let schema = json!({"type": "object", "properties": {
        "a": with_rule(json!({"type": "string"}), immutable),
        "b": with_rule(json!({"type": "string"}), once),
        "list": {"type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"], "items": element}}});
    let new = json!({"a": "2", "b": "2", "list": [{"name": "y", "value": 1}, {"name": "x", "value": 2}]});
    assert_eq!(errors(&schema, &new, None), Vec::<String>::new());
    let old = json!({"a": "1", "b": "1", "list": [{"name": "x", "value": 1}]});
    assert_eq!(
        errors(&schema, &new, Some(&old)),
        ["a: Invalid value: \"2\": immutable", "b: Invalid value: \"2\": once", "list[1]: Invalid value: immutable"]
    );
    assert_eq!(errors(&schema, &old, Some(&old)), Vec::<String>::new());
}

#[test]
fn what_an_update_leaves_alone_only_warns() {
    let small = json!([{"rule": "self < 5", "message": "small"}]);
    let schema = json!({"type": "object", "properties": {"a": with_rule(json!({"type": "integer"}), small.clone()), "b": with_rule(json!({"type": "integer"}), small)}});
    let (old, new) = (json!({"a": 9, "b": 1}), json!({"a": 9, "b": 7}));
    assert_eq!(errors(&schema, &new, Some(&old)), ["b: Invalid value: 7: small", "warning: a: Invalid value: 9: small"]);
}

#[test]
fn the_budget_ends() {
    let schema = json!({"type": "object", "properties": {"list": {"type": "array", "items": with_rule(json!({"type": "integer"}), json!([{"rule": "self > 0"}]))}}});
    let object = json!({"list": [1, 2, 3, 4, 5, 6]});
    let found = Rules::compile(&schema).unwrap().validate(&Path::default(), &object, None, Ratcheting::Errors, 5);
    let texts: Vec<String> = found.errors.iter().map(ToString::to_string).collect();
    assert_eq!(
        texts,
        [
            "list[2]: Invalid value: \"integer\": validation failed due to running out of cost budget, no further validation rules will be run"
        ]
    );
    assert_eq!(found.remaining, None);
}

#[test]
fn definitions_with_wrong_rules_are_refused() {
    let string = |rules: Json| json!({"type": "object", "properties": {"a": with_rule(json!({"type": "string", "maxLength": 10}), rules)}});
    assert_eq!(definition(&string(json!([{"rule": "self.size() > 0"}]))), Vec::<String>::new());
    let at = "schema.properties[a].x-kubernetes-validations[0]";
    let shown = |rule: &str| {
        format!(
            "{{\"Rule\":\"{rule}\",\"Message\":\"\",\"MessageExpression\":\"\",\"Reason\":null,\"FieldPath\":\"\",\"OptionalOldSelf\":null}}"
        )
    };
    assert_eq!(
        definition(&string(json!([{"rule": "self.nope() == 1"}]))),
        [format!(
            "{at}.rule: Invalid value: {}: compilation failed: ERROR: <input>:1:10: undeclared reference to 'nope' (in container '')\n | self.nope() == 1\n | .........^",
            shown("self.nope() == 1")
        )]
    );
    assert_eq!(
        definition(&string(json!([{"rule": "self"}]))),
        [format!("{at}.rule: Invalid value: {}: cel expression must evaluate to a bool", shown("self"))]
    );
    let unused = definition(&string(json!([{"rule": "self.size() > 0", "optionalOldSelf": true}])));
    assert_eq!(unused, [format!("{at}.optionalOldSelf: Invalid value: true: may not be set if oldSelf is not used in rule")]);
    let message = definition(&string(json!([{"rule": "self.size() > 0", "messageExpression": "1"}])));
    assert!(
        message[0].starts_with(&format!("{at}.messageExpression: Invalid value: "))
            && message[0].ends_with(": messageExpression must evaluate to a string"),
        "{message:?}"
    );
    let list = json!({"type": "object", "properties": {"l": {"type": "array", "maxItems": 5, "items": with_rule(json!({"type": "string", "maxLength": 5}), json!([{"rule": "self == oldSelf"}]))}}});
    assert_eq!(
        definition(&list),
        [
            "schema.properties[l].items.x-kubernetes-validations[0].rule: Invalid value: \"self == oldSelf\": oldSelf cannot be used on the uncorrelatable portion of the schema \
         within schema.properties[l]",
        ]
    );
}

#[test]
fn definitions_with_expensive_rules_are_refused() {
    let nested = json!({"type": "object", "properties": {"l": with_rule(json!({"type": "array", "items": {"type": "string"}}), json!([{"rule": "self.all(x, self.all(y, x == y))"}]))}});
    let hint = "(try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)";
    let at = "schema.properties[l].x-kubernetes-validations[0].rule";
    assert_eq!(
        definition(&nested),
        [
            format!("{at}: Forbidden: estimated rule cost exceeds budget by factor of more than 100x {hint}"),
            format!("{at}: Forbidden: contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema"),
            format!(
                "schema: Forbidden: x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema exceeds budget by factor of more than 100x {hint}"
            ),
        ]
    );
    let unbounded = json!({"type": "object", "properties": {"l": {"type": "array", "items": with_rule(json!({"type": "string"}), json!([{"rule": "self.contains('abc')"}]))}}});
    assert!(
        definition(&unbounded)[0].contains("estimated rule cost exceeds budget by factor of more than 100x"),
        "{:?}",
        definition(&unbounded)
    );
    let bounded = json!({"type": "object", "properties": {"l": {"type": "array", "maxItems": 10, "items": with_rule(json!({"type": "string", "maxLength": 100}), json!([{"rule": "self.contains('abc')"}]))}}});
    assert_eq!(definition(&bounded), Vec::<String>::new());
}

/// `testdata/rules.jsonl` was written by Kubernetes 1.37's own validator of custom resources.
#[test]
fn rules_say_what_upstream_says() {
    let mut wrong = Vec::new();
    let mut rows = 0;
    for line in include_str!("../testdata/rules.jsonl").lines() {
        let row: Json = serde_json::from_str(line).unwrap();
        let budget = row["budget"].as_u64().unwrap_or(RUNTIME_BUDGET);
        let (mut found, mut warnings, mut remaining) = (Vec::new(), Vec::new(), Some(budget));
        if let Some(rules) = Rules::compile(&row["schema"]) {
            let validation = rules.validate(&Path::default(), &row["object"], row.get("old"), Ratcheting::Warnings, budget);
            found = validation.errors.iter().map(ToString::to_string).collect();
            (warnings, remaining) = (validation.warnings, validation.remaining);
        }
        found.sort();
        warnings.sort();
        let (errors, remaining) = (json!(found), remaining.map_or(json!(-1), Json::from));
        rows += 1;
        if errors != row["errors"] || json!(warnings) != row["warnings"] || remaining != row["remaining"] {
            wrong.push(format!("{line}\n  here: {errors} {} {remaining}", json!(warnings)));
        }
    }
    assert!(rows > 150, "only {rows} rows were read");
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
}
