//! Values against their schema, with the messages of upstream's validator (`kube-openapi/pkg/validation`) as its API server turns them into faults of fields.

use std::collections::BTreeMap;

use api::{ErrorList, FieldError, Path};
use serde_json::{Map, Number, Value};

use super::format::Format;
use super::schema::{Additional, Limits, ListType, Schema};

/// The faults of a value. With what was there before, faults of parts that have not changed are forgiven.
/// Messages name parts of the value as if it stood alone; `base` is where it stands.
pub fn validate(value: &Value, old: Option<&Value>, schema: &Schema, base: &Path) -> ErrorList {
    let mut faults = check(value, old, schema, "").faults;
    if *base != Path::default() {
        for fault in &mut faults {
            fault.path = if fault.path == Path::default() { base.clone() } else { base.child(&fault.path.to_string()) };
        }
    }
    faults
}

/// What came of a check: its faults, and how many checks have passed, by which the nearest of several alternatives is known.
#[derive(Default)]
struct Outcome {
    faults: ErrorList,
    passed: usize,
}

impl Outcome {
    fn is_valid(&self) -> bool {
        self.faults.is_empty()
    }
    fn add(&mut self, fault: FieldError) {
        if !self.faults.contains(&fault) {
            self.faults.push(fault);
        }
    }
    fn merge(&mut self, other: Self) {
        self.passed += other.passed;
        other.faults.into_iter().for_each(|fault| self.add(fault));
    }
    fn of(fault: Option<FieldError>) -> Self {
        Self { faults: fault.into_iter().collect(), passed: 0 }
    }
}

fn check(value: &Value, old: Option<&Value>, schema: &Schema, path: &str) -> Outcome {
    let mut outcome = Outcome::default();
    let limits = schema.limits.as_deref();
    outcome.merge(check_type(value, schema, path));
    if value.is_null() {
        outcome.merge(Outcome::of(limits.and_then(|limits| check_enum(value, limits, path))));
        return outcome;
    }
    if !schema.types().is_empty() || schema.format.is_some() {
        outcome.passed += 1;
    }
    if let Some(limits) = limits {
        outcome.merge(check_combinations(value, old, limits, path));
    }
    outcome.passed += 1;
    match value {
        Value::String(text) => {
            outcome.merge(Outcome::of(limits.and_then(|limits| check_text(text, limits, path))));
            outcome.passed += 1;
            if let Some(format @ Format::Text(_)) = schema.format {
                let fault = || type_fault(path, format.name(), Value::from(text.as_str()), Some(text));
                outcome.merge(Outcome::of((!format.passes(text)).then(fault)));
                outcome.passed += 1;
            }
        }
        Value::Number(number) => {
            outcome.merge(check_number(number, schema, path));
            outcome.passed += 1;
        }
        Value::Array(items) => {
            outcome.merge(check_items(items, old, schema, path));
            outcome.passed += 1;
        }
        _ => {}
    }
    outcome.merge(Outcome::of(limits.and_then(|limits| check_enum(value, limits, path))));
    outcome.passed += 1;
    if let Value::Object(map) = value {
        outcome.merge(check_fields(map, old, schema, path));
        outcome.passed += 1;
    }
    outcome.passed += 1;
    outcome
}

/// A part of a value: its faults are forgiven where it is as it was.
fn check_part(value: &Value, old: Option<&Value>, schema: &Schema, path: &str) -> Outcome {
    let mut outcome = check(value, old, schema, path);
    if !outcome.is_valid() && old == Some(value) {
        outcome.faults.clear();
    }
    outcome
}

fn place(path: &str) -> Path {
    Path::new(path.trim_start_matches('.'))
}

/// Of a message about the object as a whole rather than one of its fields.
fn nowhere(message: String) -> FieldError {
    FieldError::invalid(&Path::default(), "", message)
}

/// `spec.x in body must be of type integer: "string"`; the quoted end is there where upstream's value is text.
fn type_fault(path: &str, wanted: &str, value: Value, quoted: Option<&str>) -> FieldError {
    let end = quoted.map(|text| format!(": {}", api::field::quoted(text))).unwrap_or_default();
    FieldError::type_invalid(&place(path), value, format!("{path} in body must be of type {wanted}{end}"))
}

/// The name of the type of a value, and of its format, as upstream infers them.
fn inferred(value: &Value) -> (&'static str, &'static str) {
    match value {
        Value::Null => ("null", ""),
        Value::Bool(_) => ("boolean", ""),
        Value::String(_) => ("string", ""),
        Value::Array(_) => ("array", ""),
        Value::Object(_) => ("object", ""),
        Value::Number(number) if number.is_i64() => ("integer", "int64"),
        Value::Number(_) => ("number", "float64"),
    }
}

fn check_type(value: &Value, schema: &Schema, path: &str) -> Outcome {
    let passed = Outcome { passed: 1, ..Outcome::default() };
    let types = schema.types();
    let (found, found_format) = inferred(value);
    let fault = |wanted: &str, found: &str| Outcome::of(Some(type_fault(path, wanted, found.into(), Some(found))));
    if value.is_null() {
        return if types.is_empty() || schema.nullable { passed } else { fault(types, found) };
    }
    if types.is_empty() && schema.format.is_none() {
        return Outcome::default();
    }
    let whole = matches!(value, Value::Number(number) if number.as_f64().is_some_and(|number| number.fract() == 0.0));
    let float_integer = found == "number" && whole && schema.has_type("integer");
    let integer_float = found == "integer" && schema.has_type("number");
    let right = schema.has_type(found) || float_integer || integer_float;
    let is_text_or_list = matches!(value, Value::String(_) | Value::Array(_));
    if let Some(format) = schema.format {
        if !is_text_or_list && !right && format.name() != found_format {
            return fault(format.name(), found_format);
        }
        if is_text_or_list && !schema.has_type("number") && !schema.has_type("integer") {
            return passed;
        }
    }
    if right { passed } else { fault(types, found) }
}

fn check_enum(value: &Value, limits: &Limits, path: &str) -> Option<FieldError> {
    let allowed = limits.one_of_values.as_ref().filter(|allowed| !allowed.is_empty())?;
    if allowed.iter().any(|allowed| !allowed.is_null() && same(allowed, value)) {
        return None;
    }
    let names: Vec<String> = allowed.iter().map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned)).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    Some(FieldError::not_supported_in_order(&place(path), value.clone(), &names))
}

/// Equal as JSON, where `1` is `1.0`.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one == other || one.as_f64() == other.as_f64(),
        _ => one == other,
    }
}

fn check_text(text: &str, limits: &Limits, path: &str) -> Option<FieldError> {
    let length = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
    if let Some(most) = limits.max_length.filter(|most| length > *most) {
        return Some(FieldError::too_long(&place(path), usize::try_from(most).unwrap_or_default()));
    }
    if let Some(least) = limits.min_length.filter(|least| length < *least) {
        return Some(FieldError::invalid(&place(path), text, format!("{path} in body should be at least {least} chars long")));
    }
    let pattern = limits.pattern.as_ref()?;
    let detail = match &pattern.compiled {
        Some(compiled) if compiled.is_match(text) => return None,
        Some(_) => pattern.text.to_string(),
        None => format!("{}, but pattern is invalid", pattern.text),
    };
    Some(FieldError::invalid(&place(path), text, format!("{path} in body should match '{detail}'")))
}

fn check_number(number: &Number, schema: &Schema, path: &str) -> Outcome {
    let mut outcome = Outcome::default();
    let value = number.as_f64().unwrap_or(f64::NAN);
    let integer = number.as_i64();
    if let Some(message) = out_of_range(number, schema, path) {
        outcome.add(nowhere(message));
    }
    let Some(limits) = schema.limits.as_deref() else {
        outcome.passed += 1;
        return outcome;
    };
    let invalid = |detail: String| FieldError::invalid(&place(path), number.clone(), detail);
    // bounds are compared as integers where the value is one, as upstream does
    #[expect(clippy::cast_possible_truncation, reason = "upstream's own conversion of a bound for an integer")]
    let whole = |bound: f64| bound as i64;
    let shown = |bound: f64| if integer.is_some() { whole(bound).to_string() } else { go_float(bound) };
    if let Some(factor) = limits.multiple_of {
        let (positive, multiple) = match integer {
            Some(integer) => (whole(factor) > 0, whole(factor) > 0 && integer % whole(factor) == 0),
            None => (factor > 0.0, (if factor < 1.0 { 1.0 / factor * value } else { value / factor }).fract() == 0.0),
        };
        if !positive {
            outcome.add(invalid(format!("factor MultipleOf declared for {path} must be positive: {}", shown(factor))));
        } else if !multiple {
            outcome.add(invalid(format!("{path} in body should be a multiple of {}", shown(factor))));
        }
    }
    if let Some(least) = limits.minimum {
        let order = integer.map_or_else(|| value.partial_cmp(&least), |integer| Some(integer.cmp(&whole(least))));
        if order == Some(std::cmp::Ordering::Less) || (limits.exclusive_minimum && order == Some(std::cmp::Ordering::Equal)) {
            let or_equal = if limits.exclusive_minimum { "" } else { " or equal to" };
            outcome.add(invalid(format!("{path} in body should be greater than{or_equal} {}", shown(least))));
        }
    }
    if let Some(most) = limits.maximum {
        let order = integer.map_or_else(|| value.partial_cmp(&most), |integer| Some(integer.cmp(&whole(most))));
        if order == Some(std::cmp::Ordering::Greater) || (limits.exclusive_maximum && order == Some(std::cmp::Ordering::Equal)) {
            let or_equal = if limits.exclusive_maximum { "" } else { " or equal to" };
            outcome.add(invalid(format!("{path} in body should be less than{or_equal} {}", shown(most))));
        }
    }
    outcome.passed += 1;
    outcome
}

/// A number as Go prints it by `%v`.
fn go_float(number: f64) -> String {
    if number != 0.0 && !(1e-4..1e21).contains(&number.abs()) {
        let text = format!("{number:e}");
        let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let (sign, exponent) = exponent.strip_prefix('-').map_or(('+', exponent), |exponent| ('-', exponent));
        return format!("{digits}e{sign}{exponent:0>2}");
    }
    number.to_string()
}

/// A number that its type and format can not hold.
fn out_of_range(number: &Number, schema: &Schema, path: &str) -> Option<String> {
    if schema.int_or_string {
        return None;
    }
    let value = number.as_f64().unwrap_or(f64::NAN);
    let (fits, format) = match (&*schema.type_name, schema.format) {
        ("integer", Some(Format::Int32)) => (
            number.as_i64().map_or(value.fract() == 0.0 && value.abs() <= f64::from(i32::MAX), |integer| i32::try_from(integer).is_ok()),
            "int32",
        ),
        ("integer", format) => {
            (number.is_i64() || value.fract() == 0.0 && value.abs() < 9.3e18, if format.is_some() { "int64" } else { "" })
        }
        ("number", Some(Format::Float)) => (value.abs() <= f64::from(f32::MAX), "float"),
        _ => return None,
    };
    if fits {
        return None;
    }
    let format = if format.is_empty() { "(default format)".to_owned() } else { format!("with format {format}") };
    Some(format!("Checked value must be of type {} {format} in {path}", schema.type_name))
}

fn check_items(items: &[Value], old: Option<&Value>, schema: &Schema, path: &str) -> Outcome {
    let mut outcome = Outcome::default();
    if let Some(inner) = &schema.items {
        let before = Before::new(old, schema);
        for (index, item) in items.iter().enumerate() {
            outcome.merge(check_part(item, before.of(item), inner, &format!("{path}[{index}]")));
        }
    }
    let count = i64::try_from(items.len()).unwrap_or(i64::MAX);
    if let Some(limits) = schema.limits.as_deref() {
        if let Some(least) = limits.min_items.filter(|least| count < *least) {
            outcome.add(FieldError::invalid(&place(path), count, format!("{path} in body should have at least {least} items")));
        }
        if let Some(most) = limits.max_items.filter(|most| count > *most) {
            outcome.add(FieldError::too_many(&place(path), items.len(), usize::try_from(most).unwrap_or_default()));
        }
    }
    outcome.passed += 1;
    outcome
}

/// The items of a keyed list as they were; items of other lists have no identity.
struct Before<'a>(BTreeMap<String, &'a Value>, &'a Schema);

impl<'a> Before<'a> {
    fn new(old: Option<&'a Value>, schema: &'a Schema) -> Self {
        let keyed = schema.list_type == ListType::Map;
        let items = old.and_then(Value::as_array).filter(|_| keyed).into_iter().flatten();
        Self(items.map(|item| (key_of(item, schema), item)).collect(), schema)
    }
    fn of(&self, item: &Value) -> Option<&'a Value> {
        if self.0.is_empty() { None } else { self.0.get(&key_of(item, self.1)).copied() }
    }
}

/// What identifies an item of a keyed list: the values of its keys, their defaults where they are absent.
fn key_of(item: &Value, schema: &Schema) -> String {
    let property = |key: &str| schema.items.as_ref().and_then(|items| items.properties.get(key)?.default.as_deref());
    let values = schema.list_map_keys.iter().map(|key| item.get(&**key).or_else(|| property(key)).unwrap_or(&Value::Null).to_string());
    values.collect::<Vec<_>>().join("\u{0}")
}

fn check_fields(map: &Map<String, Value>, old: Option<&Value>, schema: &Schema, path: &str) -> Outcome {
    let mut outcome = Outcome::default();
    let count = i64::try_from(map.len()).unwrap_or(i64::MAX);
    let limits = schema.limits.as_deref();
    if let Some(least) = limits.and_then(|limits| limits.min_properties).filter(|least| count < *least) {
        outcome.add(FieldError::invalid(&place(path), count, format!("{path} in body should have at least {least} properties")));
    }
    if let Some(most) = limits.and_then(|limits| limits.max_properties).filter(|most| count > *most) {
        outcome.add(FieldError::too_many(&place(path), map.len(), usize::try_from(most).unwrap_or_default()));
    }
    for (name, value) in map.iter().filter(|(name, _)| !schema.properties.contains_key(name.as_str())) {
        match &schema.additional {
            Some(Additional::None) => {
                outcome.add(FieldError::invalid(&place(path), name.as_str(), format!("{path}.{name} in body is a forbidden property")));
            }
            Some(Additional::Of(inner)) => {
                outcome.merge(check_part(value, old.and_then(|old| old.get(name)), inner, &format!("{path}.{name}")));
            }
            _ => {}
        }
    }
    for (name, inner) in &schema.properties {
        if let Some(value) = map.get(&**name) {
            let below = if path.is_empty() { name.to_string() } else { format!("{path}.{name}") };
            outcome.merge(check_part(value, old.and_then(|old| old.get(&**name)), inner, &below));
        }
    }
    for name in limits.iter().flat_map(|limits| &limits.required).filter(|name| !map.contains_key(&***name)) {
        outcome.add(FieldError::required(&place(&format!("{path}.{name}")), ""));
    }
    outcome
}

fn check_combinations(value: &Value, old: Option<&Value>, limits: &Limits, path: &str) -> Outcome {
    let mut outcome = Outcome::default();
    let quoted = api::field::quoted(path);
    let nearest = |best: &mut Option<Outcome>, other: Outcome| {
        if best.as_ref().is_none_or(|best| other.passed > best.passed) {
            *best = Some(other);
        }
    };
    if !limits.any_of.is_empty() {
        let mut best = None;
        let success = limits.any_of.iter().map(|schema| check(value, old, schema, path)).find_map(|result| {
            if result.is_valid() {
                return Some(result);
            }
            nearest(&mut best, result);
            None
        });
        match success {
            Some(success) => outcome.merge(success),
            None => {
                outcome.add(nowhere(format!("{quoted} must validate at least one schema (anyOf)")));
                best.into_iter().for_each(|best| outcome.merge(best));
            }
        }
    }
    if !limits.one_of.is_empty() {
        let (mut best, mut first, mut valid) = (None, None, 0);
        for schema in &limits.one_of {
            let result = check(value, old, schema, path);
            if result.is_valid() {
                valid += 1;
                best = None;
                first.get_or_insert(result);
            } else if valid == 0 {
                nearest(&mut best, result);
            }
        }
        match (valid, first) {
            (1, Some(first)) => outcome.merge(first),
            _ => {
                let found = if valid == 0 { "Found none valid".to_owned() } else { format!("Found {valid} valid alternatives") };
                outcome.add(nowhere(format!("{quoted} must validate one and only one schema (oneOf). {found}")));
                best.into_iter().for_each(|best| outcome.merge(best));
            }
        }
    }
    if !limits.all_of.is_empty() {
        let mut valid = 0;
        for schema in &limits.all_of {
            let result = check(value, old, schema, path);
            valid += usize::from(result.is_valid());
            outcome.merge(result);
        }
        if valid != limits.all_of.len() {
            let none = if valid == 0 { ". None validated" } else { "" };
            outcome.add(nowhere(format!("{quoted} must validate all the schemas (allOf){none}")));
        }
    }
    if limits.not.as_ref().is_some_and(|schema| check(value, old, schema, path).is_valid()) {
        outcome.add(nowhere(format!("{quoted} must not validate the schema (not)")));
    }
    outcome.passed += 1;
    outcome
}

/// Items that stand twice in sets and keyed lists.
pub fn duplicates(value: &Value, schema: &Schema, path: &Path) -> ErrorList {
    let mut errors = ErrorList::new();
    match value {
        Value::Object(map) => {
            for (name, value) in map {
                if let Some(Additional::Of(inner)) = &schema.additional {
                    errors.extend(duplicates(value, inner, &path.key(name)));
                }
                if let Some(inner) = schema.properties.get(name.as_str()) {
                    errors.extend(duplicates(value, inner, &path.child(name)));
                }
            }
        }
        Value::Array(items) => {
            match schema.list_type {
                ListType::Atomic => {}
                ListType::Set => errors.extend(twice(items).map(|index| FieldError::duplicate(&path.index(index), items[index].clone()))),
                ListType::Map => errors.extend(keyed_twice(items, schema, path)),
            }
            if let Some(inner) = &schema.items {
                for (index, item) in items.iter().enumerate() {
                    errors.extend(duplicates(item, inner, &path.index(index)));
                }
            }
        }
        _ => {}
    }
    errors
}

/// Where a value stands for the second time.
fn twice(items: &[Value]) -> impl Iterator<Item = usize> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    items.iter().enumerate().filter_map(move |(index, item)| {
        let times = seen.entry(item.to_string()).or_default();
        *times += 1;
        (*times == 2).then_some(index)
    })
}

fn keyed_twice(items: &[Value], schema: &Schema, path: &Path) -> ErrorList {
    if let Some(index) = items.iter().position(|item| !item.is_null() && !item.is_object()) {
        let detail = "must be an object for an array of list-type map";
        return vec![FieldError::invalid(&path.index(index), items[index].clone(), detail)];
    }
    let key = |item: &Value| -> Value {
        let given = |name: &str| item.get(name).cloned();
        Value::Object(schema.list_map_keys.iter().filter_map(|name| Some((name.to_string(), given(name)?))).collect())
    };
    let keys: Vec<Value> = items.iter().map(key).collect();
    twice(&keys).map(|index| FieldError::duplicate(&path.index(index), keys[index].clone())).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check_spec(schema: Value, spec: Value, expected: &[&str]) {
        let schema = json!({"type": "object", "properties": {"spec": schema}});
        let schema = Schema::new(&serde_json::from_value(schema).unwrap());
        let found: Vec<String> =
            validate(&json!({"spec": spec}), None, &schema, &Path::default()).iter().map(ToString::to_string).collect();
        assert_eq!(found, expected);
    }

    /// Expected texts are those of upstream's API server.
    #[test]
    fn types() {
        check_spec(
            json!({"type": "integer"}),
            json!("x"),
            &[r#"spec: Invalid value: "string": spec in body must be of type integer: "string""#],
        );
        check_spec(
            json!({"type": "string"}),
            json!(5),
            &[r#"spec: Invalid value: "integer": spec in body must be of type string: "integer""#],
        );
        check_spec(
            json!({"type": "string"}),
            json!(null),
            &[r#"spec: Invalid value: "null": spec in body must be of type string: "null""#],
        );
        check_spec(json!({"type": "string", "nullable": true}), json!(null), &[]);
        check_spec(json!({"type": "integer"}), json!(1.0), &[]);
        check_spec(json!({"type": "number"}), json!(1), &[]);
        check_spec(
            json!({"type": "integer"}),
            json!(1.5),
            // upstream's check of the range of a number has no path
            &[
                r#"spec: Invalid value: "number": spec in body must be of type integer: "number""#,
                r#"<nil>: Invalid value: "": Checked value must be of type integer (default format) in spec"#,
            ],
        );
        let either = json!({"x-kubernetes-int-or-string": true});
        check_spec(either.clone(), json!("50%"), &[]);
        check_spec(either, json!(true), &[r#"spec: Invalid value: "boolean": spec in body must be of type integer,string: "boolean""#]);
        check_spec(
            json!({"type": "integer", "format": "int32"}),
            json!(3_000_000_000_i64),
            &[r#"<nil>: Invalid value: "": Checked value must be of type integer with format int32 in spec"#],
        );
        check_spec(
            json!({"type": "string", "format": "date-time"}),
            json!("x"),
            &[r#"spec: Invalid value: "x": spec in body must be of type date-time: "x""#],
        );
    }

    #[test]
    fn limits() {
        check_spec(
            json!({"type": "integer", "minimum": 1, "maximum": 10}),
            json!(11),
            &["spec: Invalid value: 11: spec in body should be less than or equal to 10"],
        );
        check_spec(
            json!({"type": "integer", "minimum": 1, "exclusiveMinimum": true}),
            json!(1),
            &["spec: Invalid value: 1: spec in body should be greater than 1"],
        );
        check_spec(
            json!({"type": "string", "pattern": "^a+$"}),
            json!("b"),
            &[r#"spec: Invalid value: "b": spec in body should match '^a+$'"#],
        );
        check_spec(json!({"type": "string", "maxLength": 2}), json!("abc"), &["spec: Too long: may not be more than 2 bytes"]);
        check_spec(
            json!({"type": "string", "minLength": 2}),
            json!("a"),
            &[r#"spec: Invalid value: "a": spec in body should be at least 2 chars long"#],
        );
        check_spec(
            json!({"type": "string", "enum": ["a", "b"]}),
            json!("c"),
            &[r#"spec: Unsupported value: "c": supported values: "a", "b""#],
        );
        check_spec(
            json!({"type": "array", "items": {"type": "string"}, "maxItems": 1}),
            json!(["a", "b"]),
            &["spec: Too many: 2: must have at most 1 item"],
        );
        check_spec(
            json!({"type": "array", "items": {"type": "string"}, "minItems": 1}),
            json!([]),
            &["spec: Invalid value: 0: spec in body should have at least 1 items"],
        );
        check_spec(
            json!({"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}}}),
            json!({}),
            &["spec.a: Required value"],
        );
        check_spec(
            json!({"type": "array", "items": {"type": "object", "additionalProperties": {"type": "integer"}}}),
            json!([{"x": "y"}]),
            &[r#"spec[0].x: Invalid value: "string": spec[0].x in body must be of type integer: "string""#],
        );
        check_spec(
            json!({"type": "number", "multipleOf": 0.5}),
            json!(0.75),
            &["spec: Invalid value: 0.75: spec in body should be a multiple of 0.5"],
        );
    }

    #[test]
    fn combinations() {
        check_spec(
            json!({"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "string"}}, "oneOf": [{"required": ["a"]}, {"required": ["b"]}]}),
            json!({}),
            &[
                r#"<nil>: Invalid value: "": "spec" must validate one and only one schema (oneOf). Found none valid"#,
                "spec.a: Required value",
            ],
        );
        check_spec(
            json!({"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "string"}}, "oneOf": [{"required": ["a"]}, {"required": ["b"]}]}),
            json!({"a": "", "b": ""}),
            &[r#"<nil>: Invalid value: "": "spec" must validate one and only one schema (oneOf). Found 2 valid alternatives"#],
        );
        check_spec(
            json!({"type": "integer", "not": {"enum": [1]}}),
            json!(1),
            &[r#"<nil>: Invalid value: "": "spec" must not validate the schema (not)"#],
        );
        check_spec(
            json!({"type": "integer", "anyOf": [{"minimum": 5}, {"maximum": 2}]}),
            json!(3),
            &[
                r#"<nil>: Invalid value: "": "spec" must validate at least one schema (anyOf)"#,
                "spec: Invalid value: 3: spec in body should be greater than or equal to 5",
            ],
        );
    }

    #[test]
    fn what_has_not_changed_is_forgiven() {
        let schema = json!({"type": "object", "properties": {"a": {"type": "string", "maxLength": 1}, "b": {"type": "string"}}});
        let schema = Schema::new(&serde_json::from_value(schema).unwrap());
        let old = json!({"a": "long", "b": "x"});
        assert!(validate(&json!({"a": "long", "b": "y"}), Some(&old), &schema, &Path::default()).is_empty());
        assert_eq!(validate(&json!({"a": "longer", "b": "y"}), Some(&old), &schema, &Path::default()).len(), 1);
    }

    #[test]
    fn twice() {
        let check = |schema: Value, value: Value, expected: &[&str]| {
            let schema = Schema::new(&serde_json::from_value(json!({"type": "object", "properties": {"l": schema}})).unwrap());
            let found: Vec<String> = duplicates(&json!({"l": value}), &schema, &Path::default()).iter().map(ToString::to_string).collect();
            assert_eq!(found, expected);
        };
        let set = json!({"type": "array", "x-kubernetes-list-type": "set", "items": {"type": "string"}});
        check(set, json!(["a", "b", "a", "a"]), &[r#"l[2]: Duplicate value: "a""#]);
        let map = json!({"type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["k"], "items": {"type": "object", "properties": {"k": {"type": "string"}}}});
        check(map, json!([{"k": "a"}, {"k": "a", "v": 1}]), &[r#"l[1]: Duplicate value: {"k":"a"}"#]);
    }
}
