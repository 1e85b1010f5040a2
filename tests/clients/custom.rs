//! Sessions of the real kubectl with custom resources, policies and quotas on the real cluster. What it says is what it says of upstream's server. Skipped where kubectl is
//! missing.

use testkit::{Namespace, real_client, wait_until};

/// A session in a namespace.
struct Session {
    namespace: Namespace<'static>,
}

impl Session {
    fn start(name: &str) -> Option<Self> {
        real_client("kubectl")?;
        Some(Self { namespace: crate::shared::namespace(name) })
    }

    /// Runs kubectl, with something on standard input, and gives its exit code and all that it says.
    fn run(&self, line: &str, input: &str) -> (i32, String) {
        let outcome = self.namespace.cluster.kubectl_with(&format!("-n {} {line}", self.namespace.name), input);
        (outcome.code, format!("{}{}", outcome.stdout, outcome.stderr))
    }

    /// Runs it and compares all that it says; `<session>` stands for the session's.
    #[track_caller]
    fn check(&self, line: &str, input: &str, code: i32, said: &str) {
        assert_eq!(self.run(line, input), (code, said.replace("<session>", &self.namespace.name)), "kubectl {line}");
    }

    /// Runs it until it says this, as caches and controllers take their time.
    #[track_caller]
    fn wait(&self, line: &str, code: i32, said: &str) {
        wait_until(line, || {
            let seen = self.run(line, "");
            if seen == (code, said.to_owned()) { Ok(()) } else { Err(format!("{seen:?}")) }
        });
    }
}

/// A rocket, its spec in JSON's flow.
fn rocket(name: &str, spec: &str) -> String {
    format!("apiVersion: space.example.com/v1\nkind: Rocket\nmetadata: {{name: {name}}}\nspec: {spec}\n")
}

#[test]
fn custom_resources() {
    let Some(session) = Session::start("rockets") else { return };
    let check = |line: &str, input: &str, code: i32, said: &str| session.check(line, input, code, said);
    let definition = crate::repository("tests/clients/rockets.yaml");
    let created = "customresourcedefinition.apiextensions.k8s.io/rockets.space.example.com created\n";
    check(&format!("apply -f {}", definition.display()), "", 0, created);
    let met = "customresourcedefinition.apiextensions.k8s.io/rockets.space.example.com condition met\n";
    check("wait --for=condition=established crd/rockets.space.example.com --timeout=100s", "", 0, met);
    let resources = "NAME      SHORTNAMES   APIVERSION             NAMESPACED   KIND\nrockets   rk           space.example.com/v1   true         Rocket\n";
    check("api-resources --api-group=space.example.com", "", 0, resources);
    check("api-resources --categories=fleet -o name", "", 0, "rockets.space.example.com\n");

    // Made, seen and explained.
    let two = rocket("ariane", "{stages: 2, crew: [{name: ann, role: pilot}, {name: bob}]}");
    check("apply -f -", &two, 0, "rocket.space.example.com/ariane created\n");
    check("apply -f -", &two, 0, "rocket.space.example.com/ariane unchanged\n");
    check("get rk", "", 0, "NAME     STAGES   PHASE\nariane   2        \n");
    check("get fleet -o wide", "", 0, "NAME     STAGES   PHASE   FUEL\nariane   2                kerosene\n");
    let spec = r#"{"crew":[{"name":"ann","role":"pilot"},{"name":"bob"}],"fuel":"kerosene","stages":2}"#;
    check("get rocket.v1.space.example.com ariane -o jsonpath={.spec}", "", 0, spec);
    check("get rk --field-selector spec.fuel=hydrogen", "", 0, "No resources found in <session> namespace.\n");
    let unknown = "Error from server (BadRequest): Unable to find \"space.example.com/v1, Resource=rockets\" that match label selector \"\", field selector \"spec.stages=2\": field label not supported: spec.stages\n";
    check("get rk --field-selector spec.stages=2", "", 1, unknown);
    let (_, described) = session.run("describe rocket ariane", "");
    let shown = "Spec:\n  Crew:\n    Name:  ann\n    Role:  pilot\n    Name:  bob\n  Fuel:    kerosene\n  Stages:  2\nEvents:    <none>\n";
    assert!(described.starts_with("Name:         ariane\n") && described.ends_with(shown), "{described}");
    let crew = "GROUP:      space.example.com\nKIND:       Rocket\nVERSION:    v1\n\nFIELD: crew <[]Object>\n\n\nDESCRIPTION:\n    Who flies.\n    \nFIELDS:\n  name\t<string> -required-\n  role\t<string>\n\n";
    // What can be said of a resource lags behind its definition.
    session.wait("explain rockets.spec.crew --recursive", 0, crew);
    let fuel = "GROUP:      space.example.com\nKIND:       Rocket\nVERSION:    v1\n\nFIELD: fuel <string>\nENUM:\n    kerosene\n    hydrogen\n\nDESCRIPTION:\n    What it burns.\n    \n\n";
    check("explain rocket.spec.fuel", "", 0, fuel);
    let older =
        "KIND:     Rocket\nVERSION:  space.example.com/v1\n\nFIELD:    stages <integer>\n\nDESCRIPTION:\n     How many stages it has.\n";
    check("explain rocket.spec.stages --output plaintext-openapiv2", "", 0, older);

    // Changed by every verb.
    check("scale rk ariane --replicas=3", "", 0, "rocket.space.example.com/ariane scaled\n");
    check("get rk ariane -o jsonpath={.spec.stages}", "", 0, "3");
    let status = r#"patch rk ariane --subresource=status --type=merge -p '{"status":{"phase":"Flying","stages":3},"spec":{"stages":1}}'"#;
    check(status, "", 0, "rocket.space.example.com/ariane patched\n");
    check("get rk ariane", "", 0, "NAME     STAGES   PHASE\nariane   3        Flying\n");
    let (_, scale) = session.run("get rk ariane --subresource=scale", "");
    assert!(scale.starts_with("NAME     DESIRED   AVAILABLE   AGE\nariane   3         3           "), "{scale}");
    check(
        r#"patch rk ariane --type=json -p '[{"op":"remove","path":"/spec/crew/1"}]'"#,
        "",
        0,
        "rocket.space.example.com/ariane patched\n",
    );
    let strategic = "error: application/strategic-merge-patch+json is not supported by space.example.com/v1, Kind=Rocket: the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml\n";
    check(r#"patch rk ariane -p '{"spec":{"stages":1}}'"#, "", 1, strategic);

    // Refused in the words of the schema and of its rules.
    let invalid = "The Rocket \"ariane\" is invalid: \n* spec.stages: Invalid value: 9: spec.stages in body should be less than or equal to 5\n* spec: Invalid value: more than three stages want hydrogen\n";
    check(r#"patch rk ariane --type=merge -p '{"spec":{"stages":9}}'"#, "", 1, invalid);
    let stays = "The Rocket \"ariane\" is invalid: spec.fuel: Invalid value: the fuel stays\n";
    check(r#"patch rk ariane --type=merge -p '{"spec":{"fuel":"hydrogen"}}'"#, "", 1, stays);
    let bad = rocket("bad", "{stages: 2, fuel: coal, crew: [{name: a}, {name: a}], wings: 2}");
    let strict = "Error from server (BadRequest): error when creating \"STDIN\": Rocket in version \"v1\" cannot be handled as a Rocket: strict decoding error: unknown field \"spec.wings\"\n";
    check("create -f -", &bad, 1, strict);
    let warned = "Warning: unknown field \"spec.wings\"\nThe Rocket \"bad\" is invalid: \n* spec.fuel: Unsupported value: \"coal\": supported values: \"kerosene\", \"hydrogen\"\n* spec.crew[1]: Duplicate value: {\"name\":\"a\"}\n* <nil>: Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation\n";
    check("create --validate=warn -f -", &bad, 1, warned);

    // Server-side apply and differences.
    check(
        "apply --server-side -f -",
        &rocket("saturn", "{stages: 3, crew: [{name: ann, role: pilot}]}"),
        0,
        "rocket.space.example.com/saturn serverside-applied\n",
    );
    let (code, difference) =
        session.run("diff --server-side -f -", &rocket("saturn", "{stages: 2, crew: [{name: ann, role: pilot}, {name: bob}]}"));
    assert_eq!(code, 1, "{difference}");
    for line in ["-  stages: 3", "+  stages: 2", "+  - name: bob", "-  generation: 1", "+  generation: 2"] {
        assert!(difference.lines().any(|there| there == line), "{line}\n{difference}");
    }
    check("diff -f -", &rocket("saturn", "{stages: 3}"), 0, "");
    let typed = "Error from server: failed to create typed patch object (<session>/saturn; space.example.com/v1, Kind=Rocket): .spec.crew[name=\"bob\"].role: expected string, got &value.valueUnstructured{Value:1}\n";
    check("apply --server-side -f -", &rocket("saturn", "{stages: 2, crew: [{name: bob, role: 1}]}"), 1, typed);
    let (_, conflict) =
        session.run("apply --server-side --field-manager=other -f -", &rocket("saturn", "{stages: 2, crew: [{name: ann, role: cook}]}"));
    let conflicts = "error: Apply failed with 2 conflicts: conflicts with \"kubectl\":\n- .spec.crew[name=\"ann\"].role\n- .spec.stages\n";
    assert!(conflict.starts_with(conflicts), "{conflict}");

    // The definition takes its instances along.
    let (code, deleted) = session.run("delete crd rockets.space.example.com --timeout=100s", "");
    assert!(
        code == 0 && deleted.contains("customresourcedefinition.apiextensions.k8s.io \"rockets.space.example.com\" deleted\n"),
        "{deleted}"
    );
    check("api-resources --api-group=space.example.com", "", 0, "NAME   SHORTNAMES   APIVERSION   NAMESPACED   KIND\n");
    let unmapped = "error: resource mapping not found for name: \"ariane\" namespace: \"\" from \"STDIN\": no matches for kind \"Rocket\" in version \"space.example.com/v1\"\nensure CRDs are installed first\n";
    check("apply -f -", &two, 1, unmapped);
}

#[test]
fn policies_quotas_and_ranges() {
    let Some(session) = Session::start("policies") else { return };
    let policy = "apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingAdmissionPolicy\nmetadata: {name: replicas.example.com}\nspec:\n  matchConstraints: {resourceRules: [{apiGroups: [apps], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [deployments]}]}\n  validations:\n  - {expression: \"object.spec.replicas <= 3\", messageExpression: \"'at most 3 replicas, not ' + string(object.spec.replicas)\"}\n";
    let binding = format!(
        "---\napiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingAdmissionPolicyBinding\nmetadata: {{name: replicas.example.com}}\nspec:\n  policyName: replicas.example.com\n  validationActions: [Deny]\n  matchResources: {{namespaceSelector: {{matchLabels: {{kubernetes.io/metadata.name: {}}}}}}}\n",
        session.namespace.name
    );
    let created = "validatingadmissionpolicy.admissionregistration.k8s.io/replicas.example.com created\nvalidatingadmissionpolicybinding.admissionregistration.k8s.io/replicas.example.com created\n";
    session.check("apply -f -", &format!("{policy}{binding}"), 0, created);
    let denied = "error: failed to create deployment: deployments.apps \"big\" is forbidden: ValidatingAdmissionPolicy 'replicas.example.com' with binding 'replicas.example.com' denied request: at most 3 replicas, not 4\n";
    session.wait("create deployment big --image=busybox:1.35 --replicas=4 --dry-run=server", 1, denied);
    session.check("create deployment small --image=busybox:1.35 --replicas=0", "", 0, "deployment.apps/small created\n");
    let (_, deleted) = session.run("delete validatingadmissionpolicy,validatingadmissionpolicybinding replicas.example.com", "");
    assert!(
        deleted.contains("validatingadmissionpolicybinding.admissionregistration.k8s.io \"replicas.example.com\" deleted\n"),
        "{deleted}"
    );

    session.check("create quota q --hard=pods=1,configmaps=2", "", 0, "resourcequota/q created\n");
    let range = "apiVersion: v1\nkind: LimitRange\nmetadata: {name: range}\nspec: {limits: [{type: Container, max: {cpu: 500m, memory: 64Mi}, default: {cpu: 100m, memory: 32Mi}}]}\n";
    session.check("create -f -", range, 0, "limitrange/range created\n");
    // The order of resources is that of a map.
    let (_, described) = session.run("describe limitrange range", "");
    for row in [
        "Container   cpu       -    500m  100m             100m           -",
        "Container   memory    -    64Mi  32Mi             32Mi           -",
    ] {
        assert!(described.lines().any(|there| there == row), "{row}\n{described}");
    }
    let used = format!(
        "Name:       q\nNamespace:  {}\nResource    Used  Hard\n--------    ----  ----\nconfigmaps  1     2\npods        0     1\n",
        session.namespace.name
    );
    session.wait("describe quota q", 0, &used);
    let too_much = "Error from server (Forbidden): pods \"c\" is forbidden: maximum cpu usage per Container is 500m, but limit is 2\n";
    let overrides =
        r#"run c --image=busybox:1.35 --overrides='{"spec":{"containers":[{"name":"c","image":"i","resources":{"limits":{"cpu":"2"}}}]}}'"#;
    session.check(overrides, "", 1, too_much);
    session.check("run a --image=busybox:1.35 -- sleep 3600", "", 0, "pod/a created\n");
    let resources = r#"{"limits":{"cpu":"100m","memory":"32Mi"},"requests":{"cpu":"100m","memory":"32Mi"}}"#;
    session.check("get pod a -o 'jsonpath={.spec.containers[0].resources}'", "", 0, resources);
    let exceeded =
        "Error from server (Forbidden): pods \"b\" is forbidden: exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1\n";
    session.check("run b --image=busybox:1.35 -- sleep 3600", "", 1, exceeded);
    session.check("create configmap one", "", 0, "configmap/one created\n");
    let exceeded = "error: failed to create configmap: configmaps \"two\" is forbidden: exceeded quota: q, requested: configmaps=1, used: configmaps=2, limited: configmaps=2\n";
    session.check("create configmap two", "", 1, exceeded);
}
