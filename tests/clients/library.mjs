// The client for Node at work on a cluster: library.mjs MODULE CASE NAMESPACE, where MODULE is the client's folder. Each case is a function below; what is expected is
// what the client's own documentation and tests expect of an API server.

import assert from 'node:assert/strict';
import net from 'node:net';
import { once } from 'node:events';
import { PassThrough, Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';

const [folder, name, namespace] = process.argv.slice(2);
const k8s = await import(pathToFileURL(`${folder}/dist/index.js`).href);
const config = new k8s.KubeConfig();
config.loadFromDefault();
const core = config.makeApiClient(k8s.CoreV1Api);
const PATIENCE_MS = 120_000;

const configMap = (name, data = { a: '1' }, labels = {}) => ({ metadata: { name, labels }, data });
const byType = (type) => k8s.setHeaderOptions('Content-Type', type);

/** Waits for a condition that something else makes true and tells of by `notify`. */
class Signal {
    waiting = [];
    notify() {
        this.waiting.splice(0).forEach((resolve) => resolve());
    }
    async until(what, condition) {
        const deadline = setTimeout(() => assert.fail(`never: ${what()}`), PATIENCE_MS);
        while (!condition()) await new Promise((resolve) => this.waiting.push(resolve));
        clearTimeout(deadline);
    }
}

/** A stream that keeps what is written to it. */
class Kept extends Writable {
    text = '';
    signal = new Signal();
    _write(chunk, _encoding, done) {
        this.text += chunk;
        this.signal.notify();
        done();
    }
    until(text) {
        return this.signal.until(() => `${JSON.stringify(text)} in ${JSON.stringify(this.text)}`, () => this.text.includes(text));
    }
}

/** The call is answered with this Status. */
async function refused(code, reason, message, call) {
    const error = await call.then(() => assert.fail(`not refused: ${message}`), (error) => error);
    if (error.code === undefined) throw error;
    const status = JSON.parse(error.body);
    assert.deepEqual([error.code, status.kind, status.reason, status.message], [code, 'Status', reason, message]);
    return status;
}

async function running(pod) {
    await core.createNamespacedPod({ namespace, body: pod });
    await k8s_watch(`/api/v1/namespaces/${namespace}/pods`, { fieldSelector: `metadata.name=${pod.metadata.name}` }, (_, object) =>
        object.status?.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True'),
    );
}

/** Watches until `enough` says so, and gives all that came. */
function k8s_watch(path, options, enough) {
    return new Promise((resolve, reject) => {
        const events = [];
        const deadline = setTimeout(() => reject(new Error(`${path}: ${JSON.stringify(events)}`)), PATIENCE_MS);
        let stop;
        const ended = (error) => {
            clearTimeout(deadline);
            if (error && error.name !== 'AbortError') reject(error);
            else resolve(events);
        };
        const seen = (type, object) => {
            events.push([type, object]);
            if (enough(type, object, events)) stop.abort();
        };
        new k8s.Watch(config).watch(path, options, seen, ended).then((controller) => (stop = controller), reject);
    });
}

function pod(name, command) {
    return {
        metadata: { name },
        spec: { terminationGracePeriodSeconds: 1, containers: [{ name: 'main', image: 'busybox:1.35', command: ['sh', '-c', command] }] },
    };
}

const cases = {
    async objects() {
        const made = await core.createNamespacedConfigMap({ namespace, body: configMap('one', { a: '1', b: '2' }) });
        assert.ok(made.metadata.creationTimestamp instanceof Date && !Number.isNaN(made.metadata.creationTimestamp.valueOf()));
        await refused(409, 'AlreadyExists', 'configmaps "one" already exists', core.createNamespacedConfigMap({ namespace, body: configMap('one') }));
        await refused(404, 'NotFound', 'configmaps "two" not found', core.readNamespacedConfigMap({ name: 'two', namespace }));

        const changed = { ...made, data: { ...made.data, c: '3' } };
        await core.replaceNamespacedConfigMap({ name: 'one', namespace, body: changed });
        await refused(
            409,
            'Conflict',
            'Operation cannot be fulfilled on configmaps "one": the object has been modified; please apply your changes to the latest version and try again',
            core.replaceNamespacedConfigMap({ name: 'one', namespace, body: changed }),
        );
        // Each kind of patch.
        const patch = async (body, type, more = {}) =>
            (await core.patchNamespacedConfigMap({ name: 'one', namespace, body, ...more }, byType(type))).data;
        const { JsonPatch, MergePatch, StrategicMergePatch, ServerSideApply } = k8s.PatchStrategy;
        assert.deepEqual(await patch([{ op: 'replace', path: '/data/a', value: '9' }], JsonPatch), { a: '9', b: '2', c: '3' });
        assert.deepEqual(await patch({ data: { a: null } }, MergePatch), { b: '2', c: '3' });
        assert.deepEqual(await patch({ data: { b: null, d: '4' } }, StrategicMergePatch), { c: '3', d: '4' });
        const applied = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'one' }, data: { e: '5' } };
        assert.deepEqual(await patch(applied, ServerSideApply, { fieldManager: 'node', force: true }), { c: '3', d: '4', e: '5' });
        await refused(
            422,
            'Invalid',
            'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
            patch(applied, ServerSideApply),
        );
        assert.deepEqual(await patch({ data: { e: '6' } }, MergePatch, { dryRun: 'All' }), { c: '3', d: '4', e: '6' });
        await refused(
            415,
            'UnsupportedMediaType',
            'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/strategic-merge-patch+json, application/apply-patch+yaml',
            patch({}, 'application/json'),
        );
        const gone = await core.deleteNamespacedConfigMap({ name: 'one', namespace });
        assert.deepEqual([gone.status, gone.details.name, gone.details.uid], ['Success', 'one', made.metadata.uid]);

        // Any kind by its manifest, through discovery.
        const any = k8s.KubernetesObjectApi.makeApiClient(config);
        const documents = k8s.loadAllYaml(`
apiVersion: v1
kind: Service
metadata: {name: web, namespace: ${namespace}}
spec: {selector: {app: web}, ports: [{port: 80, targetPort: http}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: ${namespace}}
spec:
  replicas: 0
  selector: {matchLabels: {app: web}}
  template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c, image: "busybox:1.35"}]}}
`);
        for (const document of documents) await any.create(document);
        const header = (kind, apiVersion) => ({ apiVersion, kind, metadata: { name: 'web', namespace } });
        assert.equal((await any.read(header('Service', 'v1'))).spec.ports[0].targetPort, 'http');
        const scaled = await any.patch({ ...header('Deployment', 'apps/v1'), spec: { minReadySeconds: 3 } }, undefined, undefined, 'node', true, ServerSideApply);
        assert.deepEqual([scaled.spec.minReadySeconds, scaled.spec.replicas], [3, 0]);
        assert.equal((await any.list('apps/v1', 'Deployment', namespace)).items.length, 1);
        await any.delete(header('Deployment', 'apps/v1'));
        const access = config.makeApiClient(k8s.AuthorizationV1Api);
        const review = { spec: { resourceAttributes: { namespace, verb: 'create', resource: 'pods', subresource: 'exec' } } };
        assert.equal((await access.createSelfSubjectAccessReview({ body: review })).status.allowed, true);
        assert.equal((await config.makeApiClient(k8s.VersionApi).getCode()).minor, '37');
    },

    async lists() {
        for (let index = 0; index < 12; index++) {
            await core.createNamespacedConfigMap({ namespace, body: configMap(`item-${index.toString().padStart(2, '0')}`, {}, { i: String(index % 2) }) });
        }
        const names = [];
        let page;
        do {
            page = await core.listNamespacedConfigMap({ namespace, limit: 4, labelSelector: 'i', _continue: page?.metadata._continue });
            names.push(...page.items.map((item) => item.metadata.name));
        } while (page.metadata._continue);
        assert.deepEqual(names, [...Array(12).keys()].map((index) => `item-${index.toString().padStart(2, '0')}`));
        const first = await core.listNamespacedConfigMap({ namespace, limit: 5 });
        assert.equal(first.metadata.remainingItemCount, 8);
        assert.equal((await core.listNamespacedConfigMap({ namespace, labelSelector: 'i=1,i!=0' })).items.length, 6);
        await core.deleteCollectionNamespacedConfigMap({ namespace, labelSelector: 'i' });
        assert.equal((await core.listNamespacedConfigMap({ namespace })).items.length, 1);
        const pods = await core.listPodForAllNamespaces({ fieldSelector: 'status.phase=Unknown' });
        assert.deepEqual(pods.items, []);
    },

    async watches() {
        const { metadata } = await core.listNamespacedConfigMap({ namespace });
        await core.createNamespacedConfigMap({ namespace, body: configMap('w') });
        await core.patchNamespacedConfigMap({ name: 'w', namespace, body: { data: { a: '2' } } }, byType(k8s.PatchStrategy.MergePatch));
        await core.deleteNamespacedConfigMap({ name: 'w', namespace });
        const path = `/api/v1/namespaces/${namespace}/configmaps`;
        const events = await k8s_watch(path, { resourceVersion: metadata.resourceVersion }, (type) => type === 'DELETED');
        assert.deepEqual(events.map(([type, object]) => [type, object.metadata.name, object.data.a]), [
            ['ADDED', 'w', '1'],
            ['MODIFIED', 'w', '2'],
            ['DELETED', 'w', '2'],
        ]);
        const bookmarked = await k8s_watch(
            path,
            { allowWatchBookmarks: true, sendInitialEvents: true, resourceVersionMatch: 'NotOlderThan' },
            (type) => type === 'BOOKMARK',
        );
        assert.deepEqual(bookmarked.map(([type]) => type), ['ADDED', 'BOOKMARK']);
    },

    async informers() {
        await core.createNamespacedConfigMap({ namespace, body: configMap('first', {}, { i: 'x' }) });
        const list = () => core.listNamespacedConfigMap({ namespace, labelSelector: 'i=x' });
        const informer = k8s.makeInformer(config, `/api/v1/namespaces/${namespace}/configmaps`, list, 'i=x');
        const events = [];
        const signal = new Signal();
        for (const verb of ['add', 'update', 'delete']) {
            informer.on(verb, (object) => {
                events.push(`${verb} ${object.metadata.name}`);
                signal.notify();
            });
        }
        let failure;
        informer.on('error', (error) => (failure = error));
        await informer.start();
        const until = (count) => signal.until(() => `${count} of ${events}: ${failure}`, () => events.length >= count);
        await until(1);
        await core.createNamespacedConfigMap({ namespace, body: configMap('second', {}, { i: 'x' }) });
        await until(2);
        // What leaves the selection is gone.
        await core.patchNamespacedConfigMap({ name: 'first', namespace, body: { metadata: { labels: null } } }, byType(k8s.PatchStrategy.MergePatch));
        await until(3);
        await core.patchNamespacedConfigMap({ name: 'second', namespace, body: { data: { a: '2' } } }, byType(k8s.PatchStrategy.MergePatch));
        await until(4);
        assert.equal(informer.get('second', namespace).data.a, '2');
        assert.equal(failure, undefined);
        await informer.stop();
        assert.deepEqual(events, ['add first', 'add second', 'delete first', 'update second']);
    },

    async pods() {
        await running(pod('p', 'echo one; echo two; mkdir /w; echo page > /w/index.html; exec httpd -f -p 8080 -h /w'));
        assert.equal(await core.readNamespacedPodLog({ name: 'p', namespace }), 'one\ntwo\n');
        const followed = new Kept();
        const stop = await new k8s.Log(config).log(namespace, 'p', 'main', followed, { follow: true, tailLines: 1 });
        await followed.until('two\n');
        stop.abort();
        assert.equal(followed.text, 'two\n');

        const exec = async (command, stdin = null, tty = false) => {
            const [out, err] = [new Kept(), new Kept()];
            const status = await new Promise((resolve, reject) => {
                new k8s.Exec(config).exec(namespace, 'p', 'main', command, out, tty ? null : err, stdin, tty, resolve).catch(reject);
            });
            return { out: out.text, err: err.text, status };
        };
        const both = await exec(['sh', '-c', 'echo out; echo err >&2']);
        assert.deepEqual([both.out, both.err, both.status.status], ['out\n', 'err\n', 'Success']);
        const failed = await exec(['sh', '-c', 'exit 7']);
        assert.equal(failed.status.status, 'Failure');
        assert.equal(failed.status.reason, 'NonZeroExitCode');
        assert.equal(failed.status.message, 'command terminated with non-zero exit code: error executing command [sh -c exit 7], exit code 7');
        assert.deepEqual(failed.status.details.causes, [{ reason: 'ExitCode', message: '7' }]);
        const input = new PassThrough();
        input.write('said\n');
        assert.equal((await exec(['head', '-n', '1'], input)).out, 'said\n');

        const attached = await exec(['tty'], new PassThrough(), true);
        assert.match(attached.out, /^\/dev\/(pts|console)/);

        const forward = new k8s.PortForward(config);
        const server = net.createServer((socket) => {
            forward.portForward(namespace, 'p', [8080], socket, null, socket).catch((error) => socket.destroy(error));
        });
        server.listen(0, '127.0.0.1');
        await once(server, 'listening');
        const client = net.connect(server.address().port, '127.0.0.1');
        client.write('GET / HTTP/1.0\r\nHost: p\r\n\r\n');
        const answer = new Kept();
        client.pipe(answer);
        await answer.until('page\n');
        client.destroy();
        server.close();
        assert.match(answer.text, /^HTTP\/1\.[01] 200 OK\r\n/);
        await core.deleteNamespacedPod({ name: 'p', namespace, gracePeriodSeconds: 0 });
    },

    async customs() {
        const plural = `widgets${namespace.replaceAll('-', '')}`;
        const group = 'node.example.com';
        const kind = plural[0].toUpperCase() + plural.slice(1);
        const extensions = config.makeApiClient(k8s.ApiextensionsV1Api);
        const schema = { type: 'object', properties: { spec: { type: 'object', properties: { size: { type: 'integer', _default: 3 } } } } };
        await extensions.createCustomResourceDefinition({
            body: {
                metadata: { name: `${plural}.${group}` },
                spec: {
                    group,
                    scope: 'Namespaced',
                    names: { plural, kind },
                    versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema } }],
                },
            },
        });
        await k8s_watch(
            '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
            { fieldSelector: `metadata.name=${plural}.${group}` },
            (_, object) => object.status?.conditions?.some((condition) => condition.type === 'Established' && condition.status === 'True'),
        );
        try {
            const custom = config.makeApiClient(k8s.CustomObjectsApi);
            const at = { group, version: 'v1', namespace, plural };
            const body = { apiVersion: `${group}/v1`, kind, metadata: { name: 'x' }, spec: {} };
            assert.equal((await custom.createNamespacedCustomObject({ ...at, body })).spec.size, 3);
            const patch = [{ op: 'replace', path: '/spec/size', value: 4 }];
            assert.equal((await custom.patchNamespacedCustomObject({ ...at, name: 'x', body: patch })).spec.size, 4);
            const invalid = { ...body, metadata: { name: 'y' }, spec: { size: 'big' } };
            await refused(
                422,
                'Invalid',
                `${kind}.${group} "y" is invalid: spec.size: Invalid value: "string": spec.size in body must be of type integer: "string"`,
                custom.createNamespacedCustomObject({ ...at, body: invalid }),
            );
            assert.equal((await custom.listClusterCustomObject({ group, version: 'v1', plural })).items.length, 1);
            await custom.deleteNamespacedCustomObject({ ...at, name: 'x' });
            assert.deepEqual((await custom.listNamespacedCustomObject(at)).items, []);
        } finally {
            await extensions.deleteCustomResourceDefinition({ name: `${plural}.${group}` });
        }
    },
};

await cases[name]();
console.log(`${name} passed`);
// Sockets that the client keeps open do not keep it running.
process.exit(0);
