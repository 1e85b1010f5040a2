use api::Path;
use serde_json::{Value as Json, json};

use super::{Annotation, Change, Decision, Inputs, MatchConditions, Matched, MutatingPolicy, Origin, Outcomes, ValidatingPolicy};
use crate::{Authorizer, Question, Verdict};

fn request() -> Json {
    json!({
        "kind": {"group": "", "version": "v1", "kind": "Pod"},
        "operation": "CREATE",
        "name": "web",
        "userInfo": {"username": "admin", "groups": ["system:masters"]},
        "dryRun": false,
    })
}

fn validate(spec: &Json, object: &Json) -> Outcomes {
    let (request, params) = (request(), json!({"kind": "ConfigMap", "data": {"max": "3"}}));
    let inputs =
        Inputs { object: Some(object), old_object: None, params: Some(&params), request: &request, namespace: None, authorizer: None };
    ValidatingPolicy::compile(spec, Origin::Stored).validate(&inputs)
}

fn denied(message: &str) -> Decision {
    Decision::Deny { reason: "Invalid".to_owned(), message: message.to_owned() }
}

#[test]
fn validations_decide_with_their_messages() {
    let spec = json!({
        "paramKind": {"apiVersion": "v1", "kind": "ConfigMap"},
        "variables": [
            {"name": "replicas", "expression": "object.spec.replicas"},
            {"name": "max", "expression": "int(params.data.max)"},
            {"name": "over", "expression": "variables.replicas - variables.max"},
        ],
        "validations": [
            {"expression": "variables.replicas > 1"},
            {"expression": "variables.over <= 0", "messageExpression": "'too many: ' + string(variables.over)", "reason": "Forbidden"},
            {"expression": " variables.over <= 0 "},
            {"expression": "variables.over <= 0", "message": " fixed ", "messageExpression": "'two\\nlines'"},
            {"expression": "request.operation != 'CREATE'", "message": "fixed", "messageExpression": "string(object.none)"},
            {"expression": "object.none == 1"},
        ],
        "auditAnnotations": [
            {"key": "over", "valueExpression": "' ' + string(variables.over) + ' '"},
            {"key": "blank", "valueExpression": "' '"},
            {"key": "none", "valueExpression": "null"},
            {"key": "broken", "valueExpression": "string(object.none)"},
        ],
    });
    let outcomes = validate(&spec, &json!({"spec": {"replicas": 5}}));
    let expected = [
        Decision::Admit,
        Decision::Deny { reason: "Forbidden".to_owned(), message: "too many: 2".to_owned() },
        denied("failed expression: variables.over <= 0"),
        denied("fixed"),
        denied("fixed"),
        Decision::Fail("expression 'object.none == 1' resulted in error: no such key: none".to_owned()),
    ];
    assert_eq!(outcomes.decisions, expected);
    let broken = "expression 'string(object.none)' resulted in error: no such key: none".to_owned();
    let published = Annotation::Publish { key: "over".to_owned(), value: "2".to_owned() };
    assert_eq!(outcomes.annotations, [published.clone(), Annotation::Exclude, Annotation::Exclude, Annotation::Fail(broken)]);

    let mut ignoring = spec;
    ignoring["failurePolicy"] = json!("Ignore");
    let outcomes = validate(&ignoring, &json!({"spec": {"replicas": 5}}));
    let despite = "expression 'object.none == 1' resulted in error: no such key: none".to_owned();
    assert_eq!(outcomes.decisions.last(), Some(&Decision::AdmitDespite(despite)));
    assert_eq!(outcomes.annotations, [published, Annotation::Exclude, Annotation::Exclude, Annotation::Exclude]);
}

#[test]
fn variables_are_evaluated_once_and_tell_their_errors() {
    let failing = |variables: Json, expression: &str| {
        let spec = json!({"variables": variables, "validations": [{"expression": expression}]});
        validate(&spec, &json!({"spec": {}})).decisions
    };
    let variables =
        json!([{"name": "a", "expression": "object.none"}, {"name": "b", "expression": "1 +"}, {"name": "c", "expression": "variables.a"}]);
    let expected = "expression 'variables.a == 1' resulted in error: composited variable \"a\" fails to evaluate: no such key: none";
    assert_eq!(failing(variables.clone(), "variables.a == 1"), [Decision::Fail(expected.to_owned())]);
    let expected = "expression 'variables.c == 1' resulted in error: composited variable \"c\" fails to evaluate: composited variable \"a\" fails to evaluate: no such key: none";
    assert_eq!(failing(variables.clone(), "variables.c == 1"), [Decision::Fail(expected.to_owned())]);
    assert_eq!(failing(variables.clone(), "false && variables.c == 1"), [denied("failed expression: false && variables.c == 1")]);
    let [Decision::Fail(message)] = &failing(variables, "variables.b == 1")[..] else { panic!("it does not fail") };
    let expected = "expression 'variables.b == 1' resulted in error: composited variable \"b\" fails to compile: compilation failed: ERROR: <input>:1:4: Syntax error:";
    assert!(message.starts_with(expected), "{message}");

    // A variable cannot name those after it.
    let [Decision::Fail(message)] =
        &failing(json!([{"name": "a", "expression": "variables.b"}, {"name": "b", "expression": "1"}]), "variables.a == 1")[..]
    else {
        panic!("it does not fail")
    };
    assert!(message.contains("undefined field 'b'"), "{message}");

    // Twice as many uses at each step cost no more.
    let doubling: Vec<Json> = (0..90)
        .map(|index| match index {
            0 => json!({"name": "v0", "expression": "1"}),
            _ => json!({"name": format!("v{index}"), "expression": format!("variables.v{} + variables.v{} - 1", index - 1, index - 1)}),
        })
        .collect();
    assert_eq!(failing(json!(doubling), "variables.v89 == 1"), [Decision::Admit]);
}

#[test]
fn variables_without_end_do_no_harm() {
    let chain: Vec<Json> = (0..2000)
        .map(|index| match index {
            0 => json!({"name": "v0", "expression": "1"}),
            _ => json!({"name": format!("v{index}"), "expression": format!("variables.v{}", index - 1)}),
        })
        .collect();
    let spec = json!({"variables": chain, "validations": [{"expression": "variables.v99 == 1"}, {"expression": "variables.v1999 == 1"}]});
    let decisions = validate(&spec, &json!({})).decisions;
    assert_eq!(decisions.first(), Some(&Decision::Admit));
    assert!(matches!(decisions.last(), Some(Decision::Fail(message)) if message.contains("too many variables need one another")));
}

#[test]
fn a_policy_ends_when_its_budget_is_spent() {
    let ask = |times: usize| vec!["!authorizer.path('/').check('get').allowed()"; times].join(" && ");
    let decisions = |validations: Vec<String>| {
        let (request, question) = (request(), Question::default());
        let authorizer: Option<(&dyn Authorizer, &Question)> = Some((&Nobody, &question));
        let inputs = Inputs { object: None, old_object: None, params: None, request: &request, namespace: None, authorizer };
        let validations: Vec<Json> = validations.into_iter().map(|expression| json!({"expression": expression})).collect();
        let spec = json!({"variables": [{"name": "free", "expression": ask(2)}], "validations": validations});
        ValidatingPolicy::compile(&spec, Origin::Stored).validate(&inputs).decisions
    };
    let spent = "validation failed due to running out of cost budget, no further validation rules will be run";
    assert_eq!(decisions(vec![ask(2); 14]), vec![Decision::Admit; 14]);
    assert_eq!(decisions(vec![ask(2); 15]), [Decision::Fail(spent.to_owned())]);
    // A variable costs once, whoever names it.
    let mut validations = vec![ask(2); 13];
    validations.extend(vec!["variables.free".to_owned(); 100]);
    assert_eq!(decisions(validations.clone()), vec![Decision::Admit; 113]);
    validations.push(ask(2));
    assert_eq!(decisions(validations), [Decision::Fail(spent.to_owned())]);
    let decided = decisions(vec!["true".to_owned(), ask(3)]);
    assert_eq!(decided[0], Decision::Admit);
    assert!(matches!(&decided[1], Decision::Fail(message) if message.ends_with("operation cancelled: actual cost limit exceeded")));
}

#[test]
fn expressions_that_cannot_be_compiled_are_told_where_they_are() {
    let spec = json!({
        "variables": [{"name": "a", "expression": "b"}],
        "matchConditions": [{"name": "m", "expression": "1"}],
        "validations": [{"expression": "authorizer.path('/').check('get').allowed()", "messageExpression": "string(authorizer == null)"}],
        "auditAnnotations": [{"key": "k", "valueExpression": "{'a': [1]}"}],
    });
    let errors = ValidatingPolicy::compile(&spec, Origin::New).check(&Path::new("spec"));
    let shown: Vec<String> = errors.iter().map(ToString::to_string).collect();
    assert_eq!(
        shown,
        [
            "spec.variables[0].expression: Invalid value: \"b\": compilation failed: ERROR: <input>:1:1: undeclared reference to 'b' (in container '')\n | b\n | ^",
            "spec.matchConditions[0].expression: Invalid value: \"1\": must evaluate to bool but got int",
            "spec.validations[0].messageExpression: Invalid value: \"string(authorizer == null)\": compilation failed: ERROR: <input>:1:8: undeclared reference to 'authorizer' (in container '')\n | string(authorizer == null)\n | .......^",
            "spec.auditAnnotations[0].valueExpression: Invalid value: \"{'a': [1]}\": must evaluate to one of [string null_type] but got map(string, list(int))",
        ]
    );
}

struct Nobody;

impl Authorizer for Nobody {
    fn authorize(&self, question: &Question) -> Verdict {
        Verdict { allowed: question.verb == "approve", ..Verdict::default() }
    }
}

#[test]
fn conditions_choose_the_requests() {
    let request = request();
    let question = Question { resource: "pods".to_owned(), ..Question::default() };
    let inputs =
        Inputs { object: None, old_object: None, params: None, request: &request, namespace: None, authorizer: Some((&Nobody, &question)) };
    let matched = |policy: &str, expressions: &[&str]| {
        let conditions: Vec<Json> = expressions.iter().map(|expression| json!({"name": expression, "expression": expression})).collect();
        MatchConditions::webhook(&json!({"failurePolicy": policy, "matchConditions": conditions}), Origin::Stored).evaluate(&inputs)
    };
    assert_eq!(matched("Fail", &[]), Matched::Yes);
    assert_eq!(matched("Fail", &["object == null", "'system:masters' in request.userInfo.groups"]), Matched::Yes);
    assert_eq!(matched("Fail", &["authorizer.requestResource.check('approve').allowed()"]), Matched::Yes);
    let refused = "authorizer.requestResource.check('other').allowed()";
    assert_eq!(matched("Fail", &[refused]), Matched::No(Some(refused.to_owned())));
    assert_eq!(matched("Fail", &["object.a", "request.name == 'x'"]), Matched::No(Some("request.name == 'x'".to_owned())));
    assert_eq!(matched("Ignore", &["object.a"]), Matched::No(None));
    let error = "expression 'request.namespace == \"\"' resulted in error: no such key: namespace";
    assert_eq!(matched("Fail", &["request.namespace == \"\"", "true"]), Matched::Failed(error.to_owned()));
    let several = "[compilation error: must evaluate to bool but got int, compilation error: must evaluate to bool but got string]";
    assert_eq!(matched("Fail", &["1", "'a'", "2"]), Matched::Failed(several.to_owned()));
}

#[test]
fn mutations_are_told_as_changes() {
    let request = request();
    let object = json!({"metadata": {"labels": {"a": "b"}}, "spec": {"containers": [{"name": "web"}]}});
    let inputs = Inputs { object: Some(&object), old_object: None, params: None, request: &request, namespace: None, authorizer: None };
    let apply = |expression: &str| json!({"patchType": "ApplyConfiguration", "applyConfiguration": {"expression": expression}});
    let patch = |expression: &str| json!({"patchType": "JSONPatch", "jsonPatch": {"expression": expression}});
    let mutate = |mutation: Json| {
        let spec = json!({"variables": [{"name": "key", "expression": "jsonpatch.escapeKey('a/b')"}], "mutations": [mutation]});
        let policy = MutatingPolicy::compile(&spec, Origin::Stored);
        assert_eq!((policy.mutations(), policy.matches(&inputs)), (1, Matched::Yes));
        policy.mutate(0, &inputs)
    };
    let expected = json!({"spec": {"initContainers": [{"name": "proxy", "image": "p"}]}});
    let expression = "Object{spec: Object.spec{initContainers: [Object.spec.initContainers{name: 'proxy', image: 'p'}]}}";
    assert_eq!(mutate(apply(expression)), Ok(Change::Apply(expected)));
    let expected = "type mismatch: unexpected type name \"Object.other\", expected \"Object.spec\", which matches field name path from root Object type";
    assert_eq!(mutate(apply("Object{spec: Object.other{}}")), Err(expected.to_owned()));
    let expression = "[JSONPatch{op: 'test', path: '/metadata/labels/a', value: 'b'}, JSONPatch{op: 'add', path: '/metadata/labels/' + variables.key, value: {'x': [1, 2]}}, JSONPatch{op: 'copy', from: '/a', path: '/b'}]";
    let expected = json!([
        {"op": "test", "path": "/metadata/labels/a", "value": "b"},
        {"op": "add", "path": "/metadata/labels/a~1b", "value": {"x": [1, 2]}},
        {"op": "copy", "path": "/b", "from": "/a"},
    ]);
    assert_eq!(mutate(patch(expression)), Ok(Change::Patch(expected)));
    assert_eq!(mutate(patch("[]")), Err("must evaluate to list(JSONPatch) but got list(dyn)".to_owned()));
    assert_eq!(mutate(apply("1")), Err("must evaluate to Object but got int".to_owned()));
}
