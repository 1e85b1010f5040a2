"""The Python client at work on a cluster: library.py CASE NAMESPACE. Each case is a function below; what is expected is what the client's own documentation and tests
expect of an API server."""

import datetime
import inspect
import json
import os
import sys
import threading

from kubernetes import client, config, dynamic, utils, watch
from kubernetes.client.rest import ApiException
from kubernetes.dynamic.exceptions import ConflictError, NotFoundError, UnprocessibleEntityError
from kubernetes.informer import SharedInformer
from kubernetes.leaderelection import electionconfig, leaderelection
from kubernetes.leaderelection.resourcelock.configmaplock import ConfigMapLock
from kubernetes.leaderelection.resourcelock.leaselock import LeaseLock
from kubernetes.stream import portforward, stream

# Far above what anything needs on an idle machine, in seconds.
PATIENCE = 120


def equal(seen, expected, what=""):
    assert seen == expected, f"{what}\n    seen: {seen!r}\nexpected: {expected!r}"


def refused(code, reason, message, call, *arguments, **named):
    """The call is answered with this Status."""
    try:
        call(*arguments, **named)
    except ApiException as error:
        status = json.loads(error.body)
        equal((error.status, status["reason"], status["message"], status["kind"]), (code, reason, message, "Status"))
        return status
    raise AssertionError(f"not refused: {message}")


def config_map(name, data=None, labels=None):
    return client.V1ConfigMap(metadata=client.V1ObjectMeta(name=name, labels=labels), data=data or {"a": "1"})


def pod(name, command, **spec):
    container = client.V1Container(name="main", image="busybox:1.35", command=["sh", "-c", command], **spec.pop("container", {}))
    return client.V1Pod(
        metadata=client.V1ObjectMeta(name=name, labels={"app": name}),
        spec=client.V1PodSpec(containers=[container], termination_grace_period_seconds=1, **spec),
    )


def running(core, namespace, name):
    """Waits until a pod is Ready."""
    for event in watch.Watch().stream(core.list_namespaced_pod, namespace, field_selector=f"metadata.name={name}", timeout_seconds=PATIENCE):
        conditions = event["object"].status.conditions or []
        if any(condition.type == "Ready" and condition.status == "True" for condition in conditions):
            return event["object"]
    raise AssertionError(f"{name} is not ready")


def objects(namespace):
    core = client.CoreV1Api()
    made = core.create_namespaced_config_map(namespace, config_map("one", {"a": "1", "b": "2"}))
    equal((made.metadata.name, made.metadata.namespace, made.data), ("one", namespace, {"a": "1", "b": "2"}))
    assert isinstance(made.metadata.creation_timestamp, datetime.datetime) and made.metadata.creation_timestamp.tzinfo
    already = refused(409, "AlreadyExists", 'configmaps "one" already exists', core.create_namespaced_config_map, namespace, config_map("one"))
    equal(already["details"], {"name": "one", "kind": "configmaps"})
    refused(404, "NotFound", 'configmaps "two" not found', core.read_namespaced_config_map, "two", namespace)
    named = core.create_namespaced_config_map(namespace, client.V1ConfigMap(metadata=client.V1ObjectMeta(generate_name="made-")))
    assert named.metadata.name.startswith("made-") and len(named.metadata.name) == 10, named.metadata.name

    # An update carries the version that was read.
    made.data["c"] = "3"
    core.replace_namespaced_config_map("one", namespace, made)
    refused(
        409,
        "Conflict",
        'Operation cannot be fulfilled on configmaps "one": the object has been modified; please apply your changes to the latest version and try again',
        core.replace_namespaced_config_map,
        "one",
        namespace,
        made,
    )
    # Each kind of patch. A list is a JSON patch, a dictionary a strategic merge.
    equal(core.patch_namespaced_config_map("one", namespace, {"data": {"a": None, "d": "4"}}).data, {"b": "2", "c": "3", "d": "4"})
    steps = [{"op": "test", "path": "/data/b", "value": "2"}, {"op": "move", "from": "/data/b", "path": "/data/e"}]
    equal(core.patch_namespaced_config_map("one", namespace, steps).data, {"c": "3", "d": "4", "e": "2"})
    merged = core.patch_namespaced_config_map("one", namespace, {"data": {"e": None}}, _content_type="application/merge-patch+json")
    equal(merged.data, {"c": "3", "d": "4"})
    body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "one"}, "data": {"c": "5"}}
    apply = dict(field_manager="python", _content_type="application/apply-patch+yaml")
    status = refused(
        409,
        "Conflict",
        'Apply failed with 1 conflict: conflict with "OpenAPI-Generator" using v1: .data.c',
        core.patch_namespaced_config_map,
        "one",
        namespace,
        body,
        **apply,
    )
    equal(status["details"]["causes"], [{"reason": "FieldManagerConflict", "message": 'conflict with "OpenAPI-Generator" using v1', "field": ".data.c"}])
    applied = core.patch_namespaced_config_map("one", namespace, body, force=True, **apply)
    equal((applied.data, [entry.manager for entry in applied.metadata.managed_fields]), ({"c": "5", "d": "4"}, ["python", "OpenAPI-Generator"]))
    # Nothing of a dry run stays.
    equal(core.patch_namespaced_config_map("one", namespace, {"data": {"c": "6"}}, dry_run="All").data["c"], "6")
    equal(core.read_namespaced_config_map("one", namespace).data["c"], "5")
    # What a patch has too much is refused where that is asked for.
    refused(
        422,
        "Invalid",
        ' "" is invalid: patch: Invalid value: "map[dada:1 data:map[c:6]]": strict decoding error: unknown field "dada"',
        core.patch_namespaced_config_map,
        "one",
        namespace,
        {"data": {"c": "6"}, "dada": 1},
        field_validation="Strict",
    )
    refused(
        409,
        "Conflict",
        f'Operation cannot be fulfilled on ConfigMap "one": the UID in the precondition (other) does not match the UID in record ({made.metadata.uid}). The object might have been deleted and then recreated',
        core.delete_namespaced_config_map,
        "one",
        namespace,
        body=client.V1DeleteOptions(preconditions=client.V1Preconditions(uid="other")),
    )
    gone = core.delete_namespaced_config_map("one", namespace)
    equal((gone["status"], gone["details"]), ("Success", {"name": "one", "kind": "configmaps", "uid": made.metadata.uid}))

    # What is not a number of a service, and what is not allowed in a pod.
    service = client.V1Service(
        metadata=client.V1ObjectMeta(name="web"),
        spec=client.V1ServiceSpec(selector={"app": "web"}, ports=[client.V1ServicePort(port=80, target_port="http")]),
    )
    made = core.create_namespaced_service(namespace, service)
    equal((made.spec.ports[0].target_port, made.spec.ports[0].protocol, made.spec.type), ("http", "TCP", "ClusterIP"))
    service.metadata.name = "bad"
    service.spec.ports[0].port = 70000
    invalid = refused(
        422,
        "Invalid",
        'Service "bad" is invalid: spec.ports[0].port: Invalid value: 70000: must be between 1 and 65535, inclusive',
        core.create_namespaced_service,
        namespace,
        service,
    )
    equal(invalid["details"]["causes"][0]["field"], "spec.ports[0].port")
    # Strategic merge knows that ports are told apart by their number.
    patched = core.patch_namespaced_service("web", namespace, {"spec": {"ports": [{"port": 443, "name": "tls"}, {"port": 80, "name": "plain"}]}})
    equal([(port.name, port.port, port.target_port) for port in patched.spec.ports], [("tls", 443, 443), ("plain", 80, "http")])
    # Bytes of secrets.
    secret = core.create_namespaced_secret(namespace, client.V1Secret(metadata=client.V1ObjectMeta(name="s"), string_data={"k": "v"}))
    equal((secret.data, secret.string_data, secret.type), ({"k": "dg=="}, None, "Opaque"))
    # Binding a deployment's scale.
    apps = client.AppsV1Api()
    template = client.V1PodTemplateSpec(
        metadata=client.V1ObjectMeta(labels={"app": "none"}), spec=client.V1PodSpec(containers=[client.V1Container(name="c", image="busybox:1.35")])
    )
    spec = client.V1DeploymentSpec(replicas=0, selector=client.V1LabelSelector(match_labels={"app": "none"}), template=template)
    apps.create_namespaced_deployment(namespace, client.V1Deployment(metadata=client.V1ObjectMeta(name="none"), spec=spec))
    scale = apps.read_namespaced_deployment_scale("none", namespace)
    equal((scale.spec.replicas, scale.status.selector), (0, "app=none"))
    apps.delete_namespaced_deployment("none", namespace, propagation_policy="Foreground")

    # Who is it, what may it do.
    who = client.AuthenticationV1Api().create_self_subject_review({"apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview"})
    assert "system:masters" in who.status.user_info.groups, who
    access = client.V1SelfSubjectAccessReview(
        spec=client.V1SelfSubjectAccessReviewSpec(resource_attributes=client.V1ResourceAttributes(namespace=namespace, verb="get", resource="pods"))
    )
    assert client.AuthorizationV1Api().create_self_subject_access_review(access).status.allowed
    token = core.create_namespaced_service_account_token("default", namespace, client.AuthenticationV1TokenRequest(spec=client.V1TokenRequestSpec(audiences=[])))
    assert token.status.token.count(".") == 2
    # With that token it is someone else.
    other = client.Configuration.get_default_copy()
    other.cert_file = other.key_file = None
    other.api_key = {"authorization": f"Bearer {token.status.token}"}
    weak = client.CoreV1Api(client.ApiClient(other))
    refused(
        403,
        "Forbidden",
        f'secrets is forbidden: User "system:serviceaccount:{namespace}:default" cannot list resource "secrets" in API group "" in the namespace "{namespace}"',
        weak.list_namespaced_secret,
        namespace,
    )


def lists(namespace):
    core = client.CoreV1Api()
    for index in range(25):
        core.create_namespaced_config_map(namespace, config_map(f"item-{index:02}", labels={"parity": "odd" if index % 2 else "even"}))
    names, versions, rest, pages = [], set(), None, 0
    odd = dict(label_selector="parity=odd", limit=5)
    while True:
        page = core.list_namespaced_config_map(namespace, _continue=rest, **odd) if rest else core.list_namespaced_config_map(namespace, **odd)
        names += [item.metadata.name for item in page.items]
        versions.add(page.metadata.resource_version)
        pages += 1
        rest = page.metadata._continue
        if pages == 1:
            # The pages are one consistent list, whatever happens meanwhile.
            core.delete_namespaced_config_map("item-23", namespace)
            core.create_namespaced_config_map(namespace, config_map("item-20-later", labels={"parity": "odd"}))
        if not rest:
            break
    equal((names, len(versions), pages), ([f"item-{index:02}" for index in range(1, 25, 2)], 1, 3))
    full = core.list_namespaced_config_map(namespace, limit=4)
    # A selector hides how many are left; without one it is told: 25 - 1 + 1 + kube-root-ca.crt - 4.
    equal(full.metadata.remaining_item_count, 22)
    equal([item.metadata.name for item in core.list_namespaced_config_map(namespace, field_selector="metadata.name=item-07").items], ["item-07"])
    selected = core.list_namespaced_config_map(namespace, label_selector="parity in (even),parity!=odd,!absent")
    equal(len(selected.items), 13)
    equal(selected.items[0].kind, None)
    known = '"spec.x" is not a known field selector: only "metadata.name", "metadata.namespace"'
    refused(400, "BadRequest", known, core.list_namespaced_config_map, namespace, field_selector="spec.x=1")
    refused(400, "BadRequest", "field label not supported: spec.x", core.list_namespaced_pod, namespace, field_selector="spec.x=1")
    refused(400, "BadRequest", "invalid continue token: continue key is not valid: illegal base64 data at input byte 0", core.list_namespaced_config_map, namespace, limit=1, _continue="?")
    exact = core.list_namespaced_config_map(namespace, resource_version=full.metadata.resource_version, resource_version_match="Exact")
    equal(exact.metadata.resource_version, full.metadata.resource_version)
    core.delete_collection_namespaced_config_map(namespace, label_selector="parity")
    equal([item.metadata.name for item in core.list_namespaced_config_map(namespace).items], ["kube-root-ca.crt"])


def every_list(_namespace):
    """Every list that the client knows, read and turned into its classes, which insist on what is required."""
    read = 0
    unknown = []
    for name, api in ((name, getattr(client, name)) for name in dir(client)):
        if not name.endswith("Api"):
            continue
        instance = api()
        for method, call in inspect.getmembers(instance, inspect.ismethod):
            everywhere = method.endswith("_for_all_namespaces")
            # Its events insist on a time that upstream leaves empty as well.
            if name == "EventsV1Api" or not method.startswith("list_") or method.endswith("_with_http_info") or not everywhere and "_namespaced_" in method:
                continue
            if any(parameter.default is inspect.Parameter.empty and parameter.kind is not inspect.Parameter.VAR_KEYWORD for parameter in inspect.signature(call).parameters.values()):
                continue
            try:
                answer = call()
                assert answer.metadata.resource_version or method == "list_component_status", method
                read += 1
            except ApiException as error:
                # Served only where a feature is on.
                equal(error.status, 404, f"{name}.{method}")
                unknown.append(f"{name}.{method}")
    assert all("alpha" in line or "beta" in line for line in map(str.lower, unknown)), unknown
    assert read > 55, (read, unknown)
    groups = client.ApisApi().get_api_versions()
    assert {"apps", "batch", "apiextensions.k8s.io"} <= {group.name for group in groups.groups}
    equal(client.CoreApi().get_api_versions().versions, ["v1"])
    assert "configmaps" in {resource.name for resource in client.CoreV1Api().get_api_resources().resources}
    version = client.VersionApi().get_code()
    equal((version.major, version.minor), ("1", "37"))
    assert client.WellKnownApi().get_service_account_issuer_open_id_configuration()


def watches(namespace):
    core = client.CoreV1Api()
    start = core.list_namespaced_config_map(namespace).metadata.resource_version
    core.create_namespaced_config_map(namespace, config_map("w", labels={"in": "yes"}))
    core.patch_namespaced_config_map("w", namespace, {"data": {"a": "2"}})
    core.patch_namespaced_config_map("w", namespace, {"metadata": {"labels": {"in": "no"}}})
    core.patch_namespaced_config_map("w", namespace, {"metadata": {"labels": {"in": "yes"}}})
    core.delete_namespaced_config_map("w", namespace)

    def seen(count, **options):
        events, watcher = [], watch.Watch()
        for event in watcher.stream(core.list_namespaced_config_map, namespace, **options):
            assert isinstance(event["object"], client.V1ConfigMap), event
            events.append((event["type"], event["object"].metadata.name))
            if len(events) == count:
                watcher.stop()
        return events

    every = [("ADDED", "w"), ("MODIFIED", "w"), ("MODIFIED", "w"), ("MODIFIED", "w"), ("DELETED", "w")]
    equal(seen(5, resource_version=start), every)
    # What enters and leaves a selection comes and goes.
    entered = [("ADDED", "w"), ("MODIFIED", "w"), ("DELETED", "w"), ("ADDED", "w"), ("DELETED", "w")]
    equal(seen(5, resource_version=start, label_selector="in=yes"), entered)
    # Without a version the watch begins with what is there; it ends when it is told to.
    equal(seen(0, timeout_seconds=1), [("ADDED", "kube-root-ca.crt")])
    # A streaming list: the initial events, then a bookmark that says so.
    watcher = watch.Watch()
    options = dict(send_initial_events=True, resource_version_match="NotOlderThan", allow_watch_bookmarks=True)
    types = []
    for event in watcher.stream(core.list_namespaced_config_map, namespace, **options):
        types.append(event["type"])
        if event["type"] == "BOOKMARK":
            equal(event["raw_object"]["metadata"]["annotations"], {"k8s.io/initial-events-end": "true"})
            watcher.stop()
    equal(types, ["ADDED", "BOOKMARK"])
    # A version that never was.
    try:
        list(watch.Watch().stream(core.list_namespaced_config_map, namespace, resource_version="wrong", timeout_seconds=5))
        raise AssertionError("a wrong version passed")
    except ApiException as error:
        equal(error.status, 422, error)


def informers(namespace):
    core = client.CoreV1Api()
    core.create_namespaced_config_map(namespace, config_map("first", labels={"i": "x"}))
    events, changed = [], threading.Condition()

    def handler(kind):
        def note(item):
            with changed:
                events.append((kind, item.metadata.name))
                changed.notify_all()

        return note

    informer = SharedInformer(core.list_namespaced_config_map, namespace=namespace, label_selector="i=x")
    for kind in ("ADDED", "MODIFIED", "DELETED"):
        informer.add_event_handler(kind, handler(kind))
    informer.start()

    def until(count):
        with changed:
            assert changed.wait_for(lambda: len(events) >= count, PATIENCE), events

    until(1)
    core.create_namespaced_config_map(namespace, config_map("second", labels={"i": "x"}))
    until(2)
    core.patch_namespaced_config_map("second", namespace, {"data": {"a": "2"}})
    until(3)
    equal(informer.cache.get_by_key(f"{namespace}/second").data, {"a": "2"})
    core.delete_namespaced_config_map("first", namespace)
    until(4)
    informer.stop()
    equal(events, [("ADDED", "first"), ("ADDED", "second"), ("MODIFIED", "second"), ("DELETED", "first")])
    equal(informer.cache.list_keys(), [f"{namespace}/second"])


def dynamics(namespace):
    anything = dynamic.DynamicClient(client.ApiClient())
    plural, group = f"gadgets{namespace.replace('-', '')}", "python.example.com"
    kind = plural.capitalize()
    definitions = anything.resources.get(api_version="apiextensions.k8s.io/v1", kind="CustomResourceDefinition")
    schema = {
        "type": "object",
        "properties": {
            "spec": {
                "type": "object",
                "required": ["size"],
                "properties": {"size": {"type": "integer", "maximum": 10}, "color": {"type": "string", "default": "red"}, "replicas": {"type": "integer"}},
            },
            "status": {"type": "object", "x-kubernetes-preserve-unknown-fields": True},
        },
    }
    version = {
        "name": "v1",
        "served": True,
        "storage": True,
        "schema": {"openAPIV3Schema": schema},
        "subresources": {"status": {}, "scale": {"specReplicasPath": ".spec.replicas", "statusReplicasPath": ".status.replicas"}},
    }
    definitions.create(
        {
            "apiVersion": "apiextensions.k8s.io/v1",
            "kind": "CustomResourceDefinition",
            "metadata": {"name": f"{plural}.{group}"},
            "spec": {"group": group, "scope": "Namespaced", "names": {"plural": plural, "kind": kind}, "versions": [version]},
        }
    )
    for event in definitions.watch(name=f"{plural}.{group}", timeout=PATIENCE):
        if any(c["type"] == "Established" and c["status"] == "True" for c in event["raw_object"].get("status", {}).get("conditions", [])):
            break
    try:
        gadgets = anything.resources.get(api_version=f"{group}/v1", kind=kind)
        equal((gadgets.name, gadgets.namespaced, sorted(gadgets.subresources)), (plural, True, ["scale", "status"]))
        body = {"apiVersion": f"{group}/v1", "kind": kind, "metadata": {"name": "g"}, "spec": {"size": 3, "replicas": 1}}
        made = gadgets.create(body, namespace=namespace)
        equal((made.spec.color, made.metadata.generation), ("red", 1))
        try:
            gadgets.create({**body, "metadata": {"name": "h"}, "spec": {"size": 11}}, namespace=namespace)
            raise AssertionError("an invalid object passed")
        except UnprocessibleEntityError as error:
            status = json.loads(error.body)
            equal(status["message"], f'{kind}.{group} "h" is invalid: spec.size: Invalid value: 11: spec.size in body should be less than or equal to 10')
        merge = "application/merge-patch+json"
        equal(gadgets.patch({"metadata": {"name": "g"}, "spec": {"size": 4}}, namespace=namespace, content_type=merge).spec.size, 4)
        applied = gadgets.server_side_apply({**body, "spec": {"size": 5, "replicas": 1}}, namespace=namespace, field_manager="python", force_conflicts=True)
        equal((applied.spec.size, applied.metadata.generation), (5, 3))
        gadgets.status.patch({"metadata": {"name": "g"}, "status": {"replicas": 2}}, namespace=namespace, content_type=merge)
        scale = gadgets.scale.get(name="g", namespace=namespace)
        equal((scale.kind, scale.status.replicas, scale.spec.replicas), ("Scale", 2, 1))
        gadgets.scale.patch({"metadata": {"name": "g"}, "spec": {"replicas": 7}}, name="g", namespace=namespace, content_type=merge)
        equal(gadgets.get(name="g", namespace=namespace).spec.to_dict(), {"size": 5, "color": "red", "replicas": 7})
        stale = made.to_dict()
        try:
            gadgets.replace(stale, namespace=namespace)
            raise AssertionError("an old version passed")
        except ConflictError:
            pass
        # A strategic merge needs a type that the server knows.
        try:
            gadgets.patch({"metadata": {"name": "g"}, "spec": {"size": 4}}, namespace=namespace)
            raise AssertionError("a strategic merge of a custom resource passed")
        except ApiException as error:
            equal(error.status, 415)
        equal([item.metadata.name for item in gadgets.get(namespace=namespace).items], ["g"])
        # The typed side of the client reads them too.
        custom = client.CustomObjectsApi()
        equal(custom.get_namespaced_custom_object(group, "v1", namespace, plural, "g")["spec"]["size"], 5)
        equal(len(custom.list_cluster_custom_object(group, "v1", plural)["items"]), 1)
        custom.patch_namespaced_custom_object(group, "v1", namespace, plural, "g", {"spec": {"size": 6}}, _content_type=merge)
        gadgets.delete(name="g", namespace=namespace)
        try:
            gadgets.get(name="g", namespace=namespace)
            raise AssertionError("it is still there")
        except NotFoundError:
            pass
    finally:
        definitions.delete(name=f"{plural}.{group}")
    # Short names, categories and all the rest of discovery.
    equal(anything.resources.get(short_names=["cm"]).kind, "ConfigMap")
    equal(anything.resources.get(api_version="apps/v1", kind="Deployment").name, "deployments")
    equal(anything.version["kubernetes"]["minor"], "37")


def files(namespace):
    service = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "s"}, "spec": {"ports": [{"port": 80}]}}
    listed = {"apiVersion": "v1", "kind": "List", "items": [{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": f"l{n}"}} for n in range(2)]}
    deployment = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "d"},
        "spec": {
            "replicas": 0,
            "selector": {"matchLabels": {"a": "d"}},
            "template": {"metadata": {"labels": {"a": "d"}}, "spec": {"containers": [{"name": "c", "image": "i", "resources": {"limits": {"cpu": "1", "memory": "1536Mi"}}}]}},
        },
    }
    api = client.ApiClient()
    made = utils.create_from_yaml(api, yaml_objects=[service, listed, deployment], namespace=namespace)
    equal([[item.kind for item in batch] for batch in made], [["Service"], ["ConfigMap", "ConfigMap"], ["Deployment"]])
    equal(made[2][0].spec.template.spec.containers[0].resources.limits, {"cpu": "1", "memory": "1536Mi"})
    try:
        utils.create_from_yaml(api, yaml_objects=[service], namespace=namespace)
        raise AssertionError("made twice")
    except utils.FailToCreateError as error:
        equal([json.loads(cause.body)["message"] for cause in error.api_exceptions], ['services "s" already exists'])
    again = utils.create_from_yaml(api, yaml_objects=[deployment], namespace=namespace, apply=True)
    equal(again[0][0].metadata.name if isinstance(again[0], list) else again[0].metadata.name, "d")
    quantity = utils.parse_quantity(made[2][0].spec.template.spec.containers[0].resources.limits["memory"])
    equal(int(quantity), 1536 * 1024 * 1024)


def election(namespace):
    for lock in (LeaseLock, ConfigMapLock):
        leading, order, both = threading.Event(), [], threading.Event()

        def lead(name):
            def run():
                order.append(name)
                (both if leading.is_set() else leading).set()

            return run

        def elect(name):
            settings = electionconfig.Config(
                lock(f"lock-{lock.__name__.lower()}", namespace, name),
                lease_duration=5,
                renew_deadline=3,
                retry_period=1,
                onstarted_leading=lead(name),
                onstopped_leading=None,
            )
            candidate = leaderelection.LeaderElection(settings)
            threading.Thread(target=candidate.run, daemon=True).start()
            return candidate

        first = elect("first")
        assert leading.wait(PATIENCE), "nobody leads"
        elect("second")
        # The first stops renewing: its lock says that somebody else holds it for the time being.
        first.try_acquire_or_renew = lambda: False
        assert both.wait(PATIENCE), "the second does not take over"
        equal(order, ["first", "second"])


def pods(namespace):
    core = client.CoreV1Api()
    core.create_namespaced_pod(namespace, pod("p", "echo one; echo two; mkdir /w; echo page > /w/index.html; exec httpd -f -p 8080 -h /w"))
    ready = running(core, namespace, "p")
    assert ready.status.pod_ip and ready.status.container_statuses[0].state.running.started_at
    equal(core.read_namespaced_pod_log("p", namespace), "one\ntwo\n")
    equal(core.read_namespaced_pod_log("p", namespace, tail_lines=1, timestamps=False), "two\n")
    lines = []
    watcher = watch.Watch()
    for line in watcher.stream(core.read_namespaced_pod_log, "p", namespace):
        lines.append(line)
        if len(lines) == 2:
            watcher.stop()
    equal(lines, ["one", "two"])

    both = dict(stdin=False, stdout=True, stderr=True, tty=False)
    run = ["sh", "-c", "echo out; echo err >&2"]
    answer = stream(core.connect_get_namespaced_pod_exec, "p", namespace, command=run, **both)
    equal(sorted(answer.split()), ["err", "out"])
    # Binary output, standard input, and the code of the end.
    session = stream(core.connect_get_namespaced_pod_exec, "p", namespace, command=["sh"], stdin=True, stdout=True, stderr=True, tty=False, _preload_content=False)
    session.write_stdin("echo said $((1 + 2))\n")
    equal(session.readline_stdout(timeout=PATIENCE), "said 3")
    session.write_stdin("echo wrong >&2\n")
    equal(session.readline_stderr(timeout=PATIENCE), "wrong")
    session.write_stdin("exit 7\n")
    session.run_forever(timeout=PATIENCE)
    equal(session.returncode, 7)
    session = stream(core.connect_get_namespaced_pod_exec, "p", namespace, command=["cat"], stdin=True, stdout=True, stderr=True, tty=False, _preload_content=False)
    session.write_stdin("x" * 100000 + "\n")
    equal(len(session.readline_stdout(timeout=PATIENCE)), 100000)
    session.close_channel(0)
    session.run_forever(timeout=PATIENCE)
    equal((session.subprotocol, session.returncode), ("v5.channel.k8s.io", 0))
    terminal = stream(core.connect_get_namespaced_pod_exec, "p", namespace, command=["sh"], stdin=True, stdout=True, stderr=False, tty=True, _preload_content=False)
    terminal.write_channel(4, json.dumps({"Width": 100, "Height": 30}))
    seen = ""
    while "30 100" not in seen and terminal.is_open():
        terminal.write_stdin("stty size\n")
        terminal.update(timeout=5)
        seen += terminal.read_stdout(timeout=1)
    assert "30 100" in seen, seen
    terminal.close()
    try:
        stream(core.connect_get_namespaced_pod_exec, "none", namespace, command=["true"], **both)
        raise AssertionError("a pod that is not there ran a command")
    except ApiException as error:
        assert "Handshake status 404" in error.reason and 'pods \\"none\\" not found' in error.reason, error

    forwarded = portforward(core.connect_get_namespaced_pod_portforward, "p", namespace, ports="8080")
    socket = forwarded.socket(8080)
    socket.setblocking(True)
    socket.sendall(b"GET / HTTP/1.0\r\nHost: p\r\n\r\n")
    answer = b""
    while chunk := socket.recv(4096):
        answer += chunk
    assert b" 200 OK\r\n" in answer and answer.endswith(b"page\n"), answer
    equal(forwarded.error(8080), None)
    equal(core.connect_get_namespaced_pod_proxy_with_path("p:8080", namespace, "index.html"), "page\n")

    eviction = client.V1Eviction(metadata=client.V1ObjectMeta(name="p", namespace=namespace))
    core.create_namespaced_pod_eviction("p", namespace, eviction)
    for event in watch.Watch().stream(core.list_namespaced_pod, namespace, field_selector="metadata.name=p", timeout_seconds=PATIENCE):
        if event["type"] == "DELETED":
            break
    else:
        raise AssertionError("the evicted pod is still there")


CASES = {case.__name__: case for case in (objects, lists, every_list, watches, informers, dynamics, files, election, pods)}

if __name__ == "__main__":
    config.load_kube_config()
    CASES[sys.argv[1]](sys.argv[2])
    print(f"{sys.argv[1]} passed", flush=True)
    # Threads of the client that go on are nobody's concern.
    os._exit(0)
