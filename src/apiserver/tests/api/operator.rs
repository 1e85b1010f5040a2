//! An operator written with kube-rs, over HTTP: definition, informers of both kinds, a controller with owned objects and a finalizer, server-side apply, status, metadata alone,
//! pages. The resource is described by hand as the derive macro describes it: the macro wants a feature of kube that nothing else here has, and features of tests and of the
//! program are compiled twice.

use std::fmt::Debug;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures::{StreamExt, TryStreamExt};
use k8s_openapi::api::core::v1::ConfigMap;
use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kube::api::{Api, DeleteParams, ListParams, Patch, PatchParams, PostParams};
use kube::core::PartialObjectMeta;
use kube::runtime::controller::{Action, Controller};
use kube::runtime::finalizer::{Event, finalizer};
use kube::runtime::wait::{await_condition, conditions};
use kube::runtime::{WatchStreamExt, reflector, watcher};
use kube::{Client, Resource, ResourceExt};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::harness::Harness;

const MANAGER: &str = "gadget-operator";
const FINALIZER: &str = "gadgets.example.com/cleanup";
/// Far above what anything needs on an idle machine.
const PATIENCE: Duration = Duration::from_secs(60);

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Gadget {
    #[serde(default)]
    api_version: String,
    #[serde(default)]
    kind: String,
    metadata: ObjectMeta,
    spec: GadgetSpec,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<GadgetStatus>,
}
#[derive(Clone, Debug, Serialize, Deserialize)]
struct GadgetSpec {
    message: String,
    #[serde(default)]
    replicas: i32,
}
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct GadgetStatus {
    observed: String,
    observed_generation: i64,
}

impl k8s_openapi::Resource for Gadget {
    const API_VERSION: &'static str = "example.com/v1";
    const GROUP: &'static str = "example.com";
    const KIND: &'static str = "Gadget";
    const VERSION: &'static str = "v1";
    const URL_PATH_SEGMENT: &'static str = "gadgets";
    type Scope = k8s_openapi::NamespaceResourceScope;
}
impl k8s_openapi::Metadata for Gadget {
    type Ty = ObjectMeta;
    fn metadata(&self) -> &ObjectMeta {
        &self.metadata
    }
    fn metadata_mut(&mut self) -> &mut ObjectMeta {
        &mut self.metadata
    }
}

/// As the macro makes it of the structs.
fn definition() -> serde_json::Value {
    let spec = json!({
        "type": "object",
        "required": ["message"],
        "properties": {"message": {"type": "string"}, "replicas": {"type": "integer", "format": "int32", "default": 1}},
    });
    let status = json!({
        "type": "object",
        "nullable": true,
        "required": ["observed", "observedGeneration"],
        "properties": {"observed": {"type": "string"}, "observedGeneration": {"type": "integer", "format": "int64"}},
    });
    let schema = json!({
        "type": "object",
        "title": "Gadget",
        "description": "Auto-generated derived type for GadgetSpec via `CustomResource`",
        "required": ["spec"],
        "properties": {"spec": spec, "status": status},
    });
    json!({
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "gadgets.example.com"},
        "spec": {
            "group": "example.com",
            "scope": "Namespaced",
            "names": {"categories": [], "kind": "Gadget", "plural": "gadgets", "shortNames": ["gd"], "singular": "gadget"},
            "versions": [{
                "name": "v1",
                "served": true,
                "storage": true,
                "additionalPrinterColumns": [],
                "schema": {"openAPIV3Schema": schema},
                "subresources": {
                    "status": {},
                    "scale": {"specReplicasPath": ".spec.replicas", "statusReplicasPath": ".status.observedGeneration"},
                },
            }],
        },
    })
}

/// What a gadget wants: a config map with its message. On its way out it leaves a note.
async fn reconcile(gadget: Arc<Gadget>, client: Arc<Client>) -> Result<Action, kube::runtime::finalizer::Error<kube::Error>> {
    let gadgets: Api<Gadget> = Api::namespaced((*client).clone(), "default");
    let maps: Api<ConfigMap> = Api::namespaced((*client).clone(), "default");
    let apply = PatchParams::apply(MANAGER).force();
    finalizer(&gadgets, FINALIZER, gadget, |event| async {
        match event {
            Event::Apply(gadget) => {
                let name = gadget.name_any();
                let owner = gadget.controller_owner_ref(&());
                let child = json!({
                    "apiVersion": "v1",
                    "kind": "ConfigMap",
                    "metadata": {"name": name, "ownerReferences": [owner]},
                    "data": {"message": gadget.spec.message},
                });
                maps.patch(&name, &apply, &Patch::Apply(&child)).await?;
                let status = json!({
                    "apiVersion": "example.com/v1",
                    "kind": "Gadget",
                    "status": {"observed": gadget.spec.message, "observedGeneration": gadget.metadata.generation},
                });
                gadgets.patch_status(&name, &apply, &Patch::Apply(&status)).await?;
            }
            Event::Cleanup(gadget) => {
                let note = json!({
                    "apiVersion": "v1",
                    "kind": "ConfigMap",
                    "metadata": {"name": "notes"},
                    "data": {gadget.name_any(): "cleaned up"},
                });
                maps.patch("notes", &apply, &Patch::Apply(&note)).await?;
            }
        }
        Ok(Action::await_change())
    })
    .await
}

async fn within<T>(what: &str, future: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, future).await.unwrap_or_else(|_| panic!("never: {what}"))
}

fn gadget(name: &str, message: &str) -> Gadget {
    let metadata = ObjectMeta { name: Some(name.to_owned()), ..ObjectMeta::default() };
    let spec = GadgetSpec { message: message.to_owned(), replicas: 1 };
    Gadget { api_version: "example.com/v1".to_owned(), kind: "Gadget".to_owned(), metadata, spec, status: None }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_controller_at_work() {
    let harness = Harness::new().await;
    let uri = format!("http://{}", harness.listen().await).parse().unwrap();
    let client = Client::try_from(kube::Config::new(uri)).unwrap();
    assert_eq!(client.apiserver_version().await.unwrap().minor, "37");

    let definitions: Api<CustomResourceDefinition> = Api::all(client.clone());
    definitions.patch("gadgets.example.com", &PatchParams::apply(MANAGER).force(), &Patch::Apply(definition())).await.unwrap();
    let established = await_condition(definitions, "gadgets.example.com", conditions::is_crd_established());
    within("the definition is established", established).await.unwrap();
    let gadgets: Api<Gadget> = Api::namespaced(client.clone(), "default");
    let maps: Api<ConfigMap> = Api::namespaced(client.clone(), "default");
    gadgets.create(&PostParams::default(), &gadget("early", "one")).await.unwrap();

    // Two informers, one that lists in pages and watches, one whose list is a stream, with the metadata alone.
    let (reader, writer) = reflector::store();
    let pages = watcher::Config::default().page_size(1);
    tokio::spawn(watcher(gadgets.clone(), pages).default_backoff().reflect(writer).for_each(|_| async {}));
    within("the cache is filled", reader.wait_until_ready()).await.unwrap();
    assert_eq!(reader.state().len(), 1);
    let alone: Api<PartialObjectMeta<Gadget>> = Api::namespaced(client.clone(), "default");
    let mut heads = pin!(watcher(alone, watcher::Config::default().streaming_lists()).applied_objects());
    let head = within("metadata", heads.try_next()).await.unwrap().unwrap();
    assert_eq!((head.name_any().as_str(), head.types.unwrap().kind.as_str()), ("early", "PartialObjectMetadata"));

    let controller = Controller::new(gadgets.clone(), watcher::Config::default()).owns(maps.clone(), watcher::Config::default());
    let failed = |_: Arc<Gadget>, _: &_, _: Arc<Client>| Action::requeue(Duration::from_millis(50));
    tokio::spawn(controller.run(reconcile, failed, Arc::new(client.clone())).for_each(|_| async {}));

    let says = |message: &'static str| {
        move |map: Option<&ConfigMap>| {
            map.and_then(|map| map.data.as_ref()).is_some_and(|data| data.get("message").map(String::as_str) == Some(message))
        }
    };
    within("the first child", await_condition(maps.clone(), "early", says("one"))).await.unwrap();
    let late = gadgets.create(&PostParams::default(), &gadget("late", "two")).await.unwrap();
    within("the second child", await_condition(maps.clone(), "late", says("two"))).await.unwrap();
    let observed = |generation: i64| {
        move |gadget: Option<&Gadget>| {
            gadget.and_then(|gadget| gadget.status.as_ref()).is_some_and(|status| status.observed_generation == generation)
        }
    };
    within("its status", await_condition(gadgets.clone(), "late", observed(1))).await.unwrap();

    // A change of the spec is a new generation, one of the status is none.
    let change = json!({"spec": {"message": "three"}});
    gadgets.patch("late", &PatchParams::default(), &Patch::Merge(change)).await.unwrap();
    within("the change", await_condition(maps.clone(), "late", says("three"))).await.unwrap();
    within("its status", await_condition(gadgets.clone(), "late", observed(2))).await.unwrap();
    // The owner is told when its child goes.
    let child = maps.get("late").await.unwrap();
    maps.delete("late", &DeleteParams::default()).await.unwrap();
    let again = move |map: Option<&ConfigMap>| map.is_some_and(|map| map.uid() != child.uid());
    within("the child is back", await_condition(maps.clone(), "late", again)).await.unwrap();
    // The entry interface: get, change, replace with the version.
    let mut entry = maps.entry("late").await.unwrap().and_modify(|map| {
        map.data.get_or_insert_default().insert("other".to_owned(), "x".to_owned());
    });
    let entry = match &mut entry {
        kube::api::entry::Entry::Occupied(entry) => entry,
        kube::api::entry::Entry::Vacant(_) => panic!("it is there"),
    };
    entry.commit(&PostParams::default()).await.unwrap();

    let scale = gadgets.get_scale("late").await.unwrap();
    assert_eq!((scale.spec.unwrap().replicas, scale.status.unwrap().replicas), (Some(1), 2));
    let scaled = json!({"spec": {"replicas": 5}});
    gadgets.patch_scale("late", &PatchParams::default(), &Patch::Merge(&scaled)).await.unwrap();
    let current = gadgets.get("late").await.unwrap();
    assert_eq!((current.spec.replicas, current.finalizers()), (5, &[FINALIZER.to_owned()][..]));
    let managers: Vec<_> = current.managed_fields().iter().filter_map(|entry| entry.manager.clone()).collect();
    assert!(managers.contains(&MANAGER.to_owned()), "{managers:?}");

    // What the server says in refusing is typed.
    let Err(kube::Error::Api(status)) = gadgets.create(&PostParams::default(), &gadget("late", "")).await else { panic!("made twice") };
    assert!(status.is_already_exists() && status.message == "gadgets.example.com \"late\" already exists", "{status:?}");
    assert!(gadgets.get_opt("none").await.unwrap().is_none());
    let page = gadgets.list(&ListParams::default().limit(1)).await.unwrap();
    let rest = ListParams::default().limit(1).continue_token(&page.metadata.continue_.unwrap());
    assert_eq!((page.items[0].name_any(), gadgets.list(&rest).await.unwrap().items[0].name_any()), ("early".to_owned(), "late".to_owned()));

    // The finalizer holds it until the operator has cleaned up.
    gadgets.delete("late", &DeleteParams::default()).await.unwrap();
    let uid = late.uid().unwrap();
    within("it is gone", await_condition(gadgets.clone(), "late", conditions::is_deleted(&uid))).await.unwrap();
    assert_eq!(maps.get("notes").await.unwrap().data.unwrap()["late"], "cleaned up");
    within("the cache knows", async {
        while reader.state().len() != 1 {
            tokio::task::yield_now().await;
        }
    })
    .await;
}
