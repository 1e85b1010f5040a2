//! What the golden rows cannot show: limits, hostile input, the host's side of an evaluation.

use std::sync::Mutex;

use proptest::prelude::*;
use serde_json::json;

use crate::{
    Activation, Authorizer, Environment, EvaluateError, Failure, Lazy, Map, PER_CALL_LIMIT, Program, Question, Schema, Type, Value,
    Verdict, escape, to_json, unescape,
};

fn environment() -> Environment {
    Environment::stored().variable("x", Type::Dyn).variable("l", Type::list(Type::Int)).variable("s", Type::String)
}

fn evaluate(expression: &str, limit: u64) -> Result<String, String> {
    let program = Program::compile(&environment(), expression).map_err(|error| error.to_string())?;
    let (list, any) = (json!([1, 2, 3]), json!({"a": {"b": 1}}));
    let activation = Activation::new().with("x", Value::dynamic(&any)).with("l", Value::dynamic(&list)).with("s", Value::text("text"));
    let evaluation = program.evaluate(&activation, limit);
    evaluation.result.map(|value| format!("{value:?}")).map_err(|error| error.to_string())
}

#[test]
fn an_evaluation_ends_at_its_limit() {
    let nested = "l.all(a, l.all(b, l.all(c, l.all(d, a + b + c + d > 0))))";
    assert_eq!(evaluate(nested, PER_CALL_LIMIT), Ok("Bool(true)".to_owned()));
    for expression in [nested, "lists.range(1000000000).size() > 0", "lists.range(1000).map(i, lists.range(1000).map(j, i * j)).size() > 0"]
    {
        assert_eq!(evaluate(expression, 500), Err("operation cancelled: actual cost limit exceeded".to_owned()), "{expression}");
    }
    let doubled = (0..40).fold("s".to_owned(), |text, _| format!("[{text}].map(t, t + t)[0]"));
    assert_eq!(evaluate(&doubled, PER_CALL_LIMIT), Err(EvaluateError::CostLimit.to_string()));
}

/// Runs on a stack as small as those of a server's threads or smaller.
fn on_small_stack<T: Send + 'static>(act: impl FnOnce() -> T + Send + 'static) -> T {
    std::thread::Builder::new().stack_size(1024 * 1024).spawn(act).unwrap().join().unwrap()
}

#[test]
fn deep_expressions_need_no_deep_stack() {
    let repeated = |open: &str, inside: &str, close: &str, count: usize| format!("{}{inside}{}", open.repeat(count), close.repeat(count));
    for count in [20, 24, 25, 60, 100, 120, 200, 249] {
        for expression in [
            repeated("(", "1", ")", count),
            repeated("[", "", "]", count),
            repeated("{1: ", "1", "}", count),
            repeated("true ? 1 : ", "2", "", count),
            repeated("size([", "1", "])", count),
            repeated("l.map(v, ", "1", ")", count),
            repeated("[1].all(v, ", "true", ")", count),
            format!("x{}", ".a".repeat(count)),
            format!("x{}", "[0]".repeat(count)),
            format!("s{}", ".trim()".repeat(count)),
            format!("1{}", " + 1".repeat(count)),
            format!("true{}", " && x.a.b == 1".repeat(count)),
            repeated("!", "true", "", count),
            format!("optional.of(1){}", ".optMap(v, v)".repeat(count.min(10))),
        ] {
            on_small_stack(move || {
                let _ = evaluate(&expression, 10_000);
            });
        }
    }
    assert!(evaluate(&repeated("(", "1", ")", 300), 10).unwrap_err().contains("expression recursion limit exceeded: 250"));
    assert!(
        evaluate(&"a".repeat(100_001), 10).unwrap_err().contains("expression code point size exceeds limit: size: 100001, limit 100000")
    );
}

#[test]
fn copies_of_macros_are_bounded() {
    // Each optMap copies what it is called on: without a bound twenty links would be a million nodes.
    let doubling = format!("optional.of(1){}", ".optMap(v, v)".repeat(40));
    assert!(evaluate(&doubling, PER_CALL_LIMIT).unwrap_err().contains("exceeds limit"));
}

#[test]
fn new_expressions_have_only_what_the_version_before_knows() {
    let compile =
        |environment: Environment| Program::compile(&environment.variable("l", Type::list(Type::Int)), "l.includes(1)").map(|_| ());
    assert!(compile(Environment::stored()).is_ok());
    let issues = compile(Environment::new_expressions()).unwrap_err().to_string();
    assert!(
        issues.starts_with("ERROR: <input>:1:11: undeclared reference to 'includes' (in container '')\n | l.includes(1)\n | ..........^"),
        "{issues}"
    );
}

#[derive(Default)]
struct Recorder(Mutex<Vec<Question>>);

impl Authorizer for Recorder {
    fn authorize(&self, question: &Question) -> Verdict {
        self.0.lock().unwrap().push(question.clone());
        Verdict { allowed: question.verb == "get", reason: "because".to_owned(), error: None }
    }
}

#[test]
fn the_host_is_asked_what_the_expression_builds() {
    let environment =
        Environment::stored().variable("authorizer", Type::authorizer()).variable("authorizer.requestResource", Type::resource_check());
    let recorder = Recorder::default();
    let request = Question { group: "apps".to_owned(), resource: "deployments".to_owned(), name: "web".to_owned(), ..Question::default() };
    let activation = Activation::new()
        .with("authorizer", Value::authorizer(&recorder))
        .with("authorizer.requestResource", Value::resource_check(&recorder, request.clone()));
    let ask = |expression: &str| {
        let evaluation = Program::compile(&environment, expression).unwrap().evaluate(&activation, PER_CALL_LIMIT);
        (evaluation.result.map(|value| format!("{value:?}")), evaluation.cost)
    };
    assert_eq!(ask("authorizer.path('/healthz').check('get').allowed()"), (Ok("Bool(true)".to_owned()), 350_003));
    assert_eq!(ask("authorizer.requestResource.check('delete').allowed()"), (Ok("Bool(false)".to_owned()), 350_002));
    let built = "authorizer.serviceAccount('ns', 'sa').group('').resource('pods').namespace('a').name('b').subresource('log').labelSelector('x=y').check('get').reason()";
    assert_eq!(ask(built).0, Ok("String(Shared(\"because\"))".to_owned()));
    let twice = "authorizer.group('').resource('pods').check('get').allowed() && authorizer.group('').resource('pods').check('list').allowed() || \
                 authorizer.group('').resource('pods').check('watch').allowed()";
    assert_eq!(ask(twice).0, Err(EvaluateError::CostLimit));
    let pods = Question {
        service_account: Some(("ns".to_owned(), "sa".to_owned())),
        verb: "get".to_owned(),
        resource: "pods".to_owned(),
        subresource: "log".to_owned(),
        namespace: "a".to_owned(),
        name: "b".to_owned(),
        label_selector: "x=y".to_owned(),
        ..Question::default()
    };
    let asked = recorder.0.lock().unwrap();
    assert_eq!(asked[0], Question { verb: "get".to_owned(), path: Some("/healthz".to_owned()), ..Question::default() });
    assert_eq!(asked[1], Question { verb: "delete".to_owned(), ..request });
    assert_eq!(asked[2], pods);
}

struct Variables;

impl Lazy for Variables {
    fn field<'v>(&'v self, name: &str) -> Option<Result<Value<'v>, Failure>> {
        match name {
            "one" => Some(Ok(Value::Int(1))),
            "broken" => Some(Err(Failure::Error("composited variable \"broken\" fails to evaluate".into()))),
            _ => None,
        }
    }
}

#[test]
fn lazy_fields_are_made_when_they_are_asked_for() {
    let environment = Environment::stored().variable("variables", Type::map(Type::String, Type::Dyn));
    let activation = Activation::new().with("variables", Value::Map(Map::Lazy(&Variables)));
    let ask = |expression: &str| {
        let program = Program::compile(&environment, expression).unwrap();
        program.evaluate(&activation, PER_CALL_LIMIT).result.map(|value| format!("{value:?}")).map_err(|error| error.to_string())
    };
    assert_eq!(ask("variables.one + 1"), Ok("Int(2)".to_owned()));
    assert_eq!(ask("variables.broken == 1"), Err("composited variable \"broken\" fails to evaluate".to_owned()));
    assert_eq!(ask("false && variables.broken == 1"), Ok("Bool(false)".to_owned()));
    assert_eq!(ask("variables.none"), Err("no such key: none".to_owned()));
}

#[test]
fn values_become_json() {
    let environment = Environment::stored().variable("x", Type::Dyn).patches();
    let data = json!({"a": [1, 2.5, null, {"b": true}]});
    let check = |expression: &str, expected: serde_json::Value| {
        let program = Program::compile(&environment, expression).unwrap();
        let value = program.evaluate(&Activation::new().with("x", Value::dynamic(&data)), PER_CALL_LIMIT).result.unwrap();
        assert_eq!(to_json(&value).unwrap(), expected, "{expression}");
    };
    check("x", data.clone());
    check(
        "Object{spec: Object.spec{replicas: 1u, names: [dyn('a'), x.a[3]]}}",
        json!({"spec": {"replicas": 1, "names": ["a", {"b": true}]}}),
    );
    check(
        "[JSONPatch{op: 'add', path: '/a/' + jsonpatch.escapeKey('b/c'), value: {'k': 1}}]",
        json!([{"op": "add", "path": "/a/b~1c", "value": {"k": 1}}]),
    );
    check(
        "{'d': dyn(duration('90s')), 't': dyn(timestamp(0)), 'b': dyn(b'hi'), 'n': dyn(null)}",
        json!({"d": "90s", "t": "1970-01-01T00:00:00Z", "b": "aGk=", "n": null}),
    );
}

/// Pieces of expressions, sensible and not.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "x",
        "l",
        "s",
        "1",
        "1u",
        "2.5",
        "-",
        "!",
        "'a'",
        "\"b",
        "b'c'",
        "r'\\d'",
        "true",
        "null",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ".",
        ",",
        ":",
        "?",
        ".?",
        "[?",
        "+",
        "*",
        "/",
        "%",
        "==",
        "!=",
        "<",
        ">=",
        "&&",
        "||",
        " in ",
        "has(",
        "size(",
        ".a",
        ".all(v, ",
        ".map(v, ",
        ".exists(v, ",
        ".filter(v, ",
        ".optMap(v, ",
        "v",
        "optional.of(",
        ".sortBy(v, ",
        ".transformMap(k, v, ",
        "duration('1h')",
        "timestamp(0)",
        "quantity('1Gi')",
        "ip('::1')",
        ".matches('(')",
        ".format([",
        "'%d %s %'",
        "url(s)",
        "string(",
        "int(",
        ".orValue(",
        "9223372036854775807",
        "lists.range(",
        "Object{",
        "é",
        "\\",
        "`",
        "//",
        "\n",
        "\t",
        "\u{0}",
        "type(",
        "dyn(",
        "1e308",
        ".split(",
        ".substring(",
    ]);
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]

    #[test]
    fn no_expression_panics(expression in pieces()) {
        let _ = evaluate(&expression, 100_000);
    }

    #[test]
    fn no_text_panics(expression in any::<String>()) {
        let _ = evaluate(&expression, 1000);
    }

    #[test]
    fn escaped_names_come_back(name in "[a-z_./-]{0,3}(__|in|dot|[a-z./_-]|namespace){0,4}") {
        if let Some(escaped) = escape(&name) {
            prop_assert_eq!(unescape(&escaped).map(std::borrow::Cow::into_owned), Some(name));
        }
    }

    #[test]
    fn any_schema_and_data_can_be_looked_at(kind in prop::sample::select(vec!["object", "array", "string", "integer", "number", "boolean", ""]), data in 0..8_usize) {
        let data = [json!(null), json!(1), json!(1.5), json!("x"), json!([1, "a"]), json!({"a": 1}), json!(true), json!({"a": {"b": []}})][data].clone();
        let schema = Schema::new(&json!({"type": kind, "properties": {"a": {"type": kind}}, "items": {"type": kind}}), true);
        if let (Some(declared), Ok(value)) = (schema.declared("self"), Value::structured(&data, &schema)) {
            let environment = Environment::stored().variable("self", declared);
            for expression in ["self == self", "self.a", "self[0]", "self.all(v, v == v)", "size(self)", "string(self)"] {
                if let Ok(program) = Program::compile(&environment, expression) {
                    let _ = program.evaluate(&Activation::new().with("self", value.clone()), 1000);
                }
            }
        }
    }
}

#[test]
fn lists_with_what_is_no_number_are_sorted() {
    let items: Vec<String> = (0..60).map(|at| if at % 3 == 0 { "0.0 / 0.0".to_owned() } else { format!("{}.5", at * 7 % 31) }).collect();
    let program = Program::compile(&Environment::new_expressions(), &format!("[{}].sort()[39] == 30.5", items.join(", "))).unwrap();
    assert!(matches!(program.evaluate(&Activation::new(), PER_CALL_LIMIT).result, Ok(Value::Bool(true))));
}
