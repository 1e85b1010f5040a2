//! Endpoints in both forms, against what upstream makes of the same services and pods; and slices under random change.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use proptest::prelude::*;
use runtime::Verb;
use serde_json::{Value, json};

use super::*;

fn service(spec: Value) -> Arc<Service> {
    let mut spec = spec;
    spec["selector"] = json!({"app": "web"});
    Arc::new(serde_json::from_value(json!({"metadata": {"namespace": "n", "name": "web", "uid": "s", "labels": {"team": "a"}, "creationTimestamp": "2024-01-01T00:00:00Z"}, "spec": spec})).unwrap())
}

fn pod(name: &str, ip: &str, ready: bool) -> Pod {
    serde_json::from_value(json!({
        "metadata": {"namespace": "n", "name": name, "uid": name, "labels": {"app": "web"}},
        "spec": {"nodeName": "n1", "hostname": name, "subdomain": "web", "containers": [{"name": "c", "ports": [{"name": "http", "containerPort": 8080}]}]},
        "status": {"phase": "Running", "podIPs": [{"ip": ip}], "conditions": [{"type": "Ready", "status": if ready { "True" } else { "False" }, "lastTransitionTime": "2024-01-02T00:00:00Z"}]},
    }))
    .unwrap()
}

fn snapshot(spec: Value, pods: Vec<Pod>) -> Snapshot {
    Snapshot {
        service: service(spec),
        pods: pods.into_iter().map(Arc::new).collect(),
        zones: BTreeMap::from([("n1".to_owned(), Some("z1".to_owned()))]),
        endpoints: None,
        slices: Vec::new(),
    }
}

fn apply(snapshot: &mut Snapshot, serial: &mut u32) -> usize {
    let planned = plan(snapshot).actions;
    for action in &planned {
        if let Some(endpoints) = action.object::<Endpoints>() {
            snapshot.endpoints = Some(Arc::new(endpoints.clone()));
            continue;
        }
        match &action.verb {
            Verb::Create(_) => {
                let mut slice = action.object::<EndpointSlice>().unwrap().clone();
                *serial += 1;
                slice.metadata.name = Some(format!("web-{serial}"));
                snapshot.slices.push(Arc::new(slice));
            }
            Verb::Update { .. } => {
                let slice = action.object::<EndpointSlice>().unwrap().clone();
                let place = snapshot.slices.iter().position(|known| known.metadata.name == slice.metadata.name).unwrap();
                snapshot.slices[place] = Arc::new(slice);
            }
            Verb::Delete { .. } => snapshot.slices.retain(|slice| slice.metadata.name.as_deref() != Some(&action.name)),
            other => panic!("{other:?}"),
        }
    }
    planned.len()
}

fn settled(mut snapshot: Snapshot) -> Snapshot {
    let mut serial = 0;
    apply(&mut snapshot, &mut serial);
    assert_eq!(apply(&mut snapshot, &mut serial), 0, "one plan is enough");
    snapshot
}

#[test]
fn a_service_with_a_ready_an_unready_and_a_leaving_pod() {
    let mut leaving = pod("c", "10.0.0.3", true);
    leaving.metadata.deletion_timestamp = Some(Time("2024-01-01T00:00:00Z".parse().unwrap()));
    let spec = json!({"clusterIP": "10.96.0.1", "ipFamilies": ["IPv4"], "ports": [{"port": 80, "targetPort": "http", "protocol": "TCP"}]});
    let snapshot = settled(snapshot(spec, vec![pod("a", "10.0.0.1", true), pod("b", "10.0.0.2", false), leaving]));
    let slice = serde_json::to_value(&*snapshot.slices[0]).unwrap();
    let endpoint = |name: &str, ip: &str, ready: bool, serving: bool, terminating: bool| {
        json!({"addresses": [ip], "conditions": {"ready": ready, "serving": serving, "terminating": terminating}, "hostname": name, "nodeName": "n1", "zone": "z1",
            "targetRef": {"kind": "Pod", "namespace": "n", "name": name, "uid": name}})
    };
    assert_eq!(
        slice,
        json!({
            "apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "addressType": "IPv4",
            "metadata": {"name": "web-1", "generateName": "web-", "namespace": "n",
                "annotations": {"endpoints.kubernetes.io/last-change-trigger-time": "2024-01-02T00:00:00Z"},
                "labels": {"team": "a", "kubernetes.io/service-name": "web", "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io"},
                "ownerReferences": [{"apiVersion": "v1", "kind": "Service", "name": "web", "uid": "s", "controller": true, "blockOwnerDeletion": true}]},
            "ports": [{"name": "", "port": 8080, "protocol": "TCP"}],
            "endpoints": [endpoint("a", "10.0.0.1", true, true, false), endpoint("b", "10.0.0.2", false, false, false), endpoint("c", "10.0.0.3", false, true, true)],
        })
    );
    let address = |name: &str, ip: &str| json!({"ip": ip, "hostname": name, "nodeName": "n1", "targetRef": {"kind": "Pod", "namespace": "n", "name": name, "uid": name}});
    assert_eq!(
        serde_json::to_value(snapshot.endpoints.as_deref().unwrap()).unwrap(),
        json!({
            "apiVersion": "v1", "kind": "Endpoints",
            "metadata": {"namespace": "n", "name": "web", "labels": {"team": "a", "endpoints.kubernetes.io/managed-by": "endpoint-controller"},
                "annotations": {"endpoints.kubernetes.io/last-change-trigger-time": "2024-01-02T00:00:00Z"}},
            "subsets": [{"addresses": [address("a", "10.0.0.1")], "notReadyAddresses": [address("b", "10.0.0.2")], "ports": [{"port": 8080, "protocol": "TCP"}]}],
        })
    );
}

#[test]
fn a_headless_service_that_publishes_everything() {
    let spec = json!({"clusterIP": "None", "ipFamilies": ["IPv4"], "publishNotReadyAddresses": true});
    let snapshot = settled(snapshot(spec, vec![pod("a", "10.0.0.1", false)]));
    let slice = &snapshot.slices[0];
    assert_eq!(slice.metadata.labels.as_ref().unwrap()["service.kubernetes.io/headless"], "");
    assert_eq!(
        (slice.ports.clone(), slice.endpoints.as_ref().unwrap()[0].conditions.as_ref().unwrap().ready),
        (Some(Vec::new()), Some(true))
    );
    let subsets = snapshot.endpoints.as_ref().unwrap().subsets.clone().unwrap();
    assert_eq!((subsets[0].addresses.as_ref().unwrap().len(), subsets[0].ports.clone()), (1, None));
}

#[test]
fn a_service_without_pods_has_one_empty_slice() {
    let spec = json!({"clusterIP": "10.96.0.1", "ipFamilies": ["IPv4"], "ports": [{"port": 80}]});
    let mut snapshot = settled(snapshot(spec, Vec::new()));
    assert_eq!(
        (snapshot.slices.len(), snapshot.slices[0].endpoints.clone(), snapshot.slices[0].ports.clone()),
        (1, Some(vec![]), Some(vec![]))
    );
    assert_eq!(snapshot.endpoints.as_ref().unwrap().subsets, None);
    // The same slice takes the first pod.
    snapshot.pods.push(Arc::new(pod("a", "10.0.0.1", true)));
    let snapshot = settled(snapshot);
    assert_eq!((snapshot.slices.len(), snapshot.slices[0].metadata.name.as_deref()), (1, Some("web-1")));
}

#[test]
fn a_pod_of_a_node_that_is_gone_is_left_out() {
    let spec = json!({"clusterIP": "10.96.0.1", "ipFamilies": ["IPv4"], "ports": [{"port": 80}]});
    let mut of_another = pod("a", "10.0.0.1", true);
    of_another.spec.as_mut().unwrap().node_name = Some("gone".into());
    let snapshot = settled(snapshot(spec, vec![of_another]));
    assert_eq!(snapshot.slices[0].endpoints, Some(vec![]));
}

#[test]
fn ports_that_differ_by_pod_make_groups() {
    let spec = json!({"clusterIP": "10.96.0.1", "ipFamilies": ["IPv4"], "ports": [{"name": "a", "port": 80, "targetPort": "http"}, {"name": "b", "port": 81, "targetPort": 9000}]});
    let mut other = pod("b", "10.0.0.2", true);
    other.spec.as_mut().unwrap().containers[0].ports.as_mut().unwrap()[0].container_port = 8081;
    let snapshot = settled(snapshot(spec, vec![pod("a", "10.0.0.1", true), other]));
    let ports = |ports: Vec<Option<i32>>| ports.into_iter().flatten().collect::<Vec<_>>();
    let of_slices: Vec<Vec<i32>> =
        snapshot.slices.iter().map(|slice| ports(slice.ports.iter().flatten().map(|port| port.port).collect())).collect();
    assert_eq!(of_slices, [[8080, 9000], [8081, 9000]]);
    let subsets = snapshot.endpoints.as_ref().unwrap().subsets.clone().unwrap();
    let of_subsets: Vec<(Vec<i32>, usize)> = subsets
        .iter()
        .map(|subset| (subset.ports.iter().flatten().map(|port| port.port).collect(), subset.addresses.iter().flatten().count()))
        .collect();
    assert_eq!(of_subsets, [(vec![8080], 1), (vec![9000], 2), (vec![8081], 1)]);
}

#[test]
fn what_is_not_ours_to_keep() {
    let mut without_selector = (*service(json!({"clusterIP": "10.96.0.1"}))).clone();
    without_selector.spec.as_mut().unwrap().selector = None;
    assert!(managed(&without_selector).is_none());
    assert!(managed(&service(json!({"type": "ExternalName", "externalName": "x"}))).is_none());
    assert!(managed(&service(json!({"clusterIP": "None"}))).is_some());
}

#[test]
fn a_thousand_addresses_are_enough_for_the_older_form() {
    let pods = (0..1010)
        .map(|number| pod(&format!("p{number}"), &format!("10.1.{}.{}", number / 250, number % 250 + 1), number % 2 == 0))
        .collect();
    let snapshot = settled(snapshot(json!({"clusterIP": "10.96.0.1", "ipFamilies": ["IPv4"], "ports": [{"port": 80}]}), pods));
    let endpoints = snapshot.endpoints.as_ref().unwrap();
    assert_eq!(endpoints.metadata.annotations.as_ref().unwrap()["endpoints.kubernetes.io/over-capacity"], "truncated");
    let subset = &endpoints.subsets.as_ref().unwrap()[0];
    assert_eq!((subset.addresses.as_ref().unwrap().len(), subset.not_ready_addresses.as_ref().unwrap().len()), (505, 495));
    assert_eq!(
        snapshot.slices.iter().map(|slice| slice.endpoints.as_ref().unwrap().len()).collect::<Vec<_>>(),
        [vec![100; 10], vec![10]].concat()
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 25, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn slices_follow_any_change_and_hold_each_pod_once(changes in prop::collection::vec((0usize..400, any::<bool>(), any::<bool>()), 1..12)) {
        let mut world = snapshot(json!({"clusterIP": "10.96.0.1", "ipFamilies": ["IPv4"], "ports": [{"port": 80, "targetPort": "http"}]}), Vec::new());
        let mut serial = 0;
        for (count, shift, other_port) in changes {
            let first = if shift { 150 } else { 0 };
            world.pods = (first..first + count).map(|number| {
                let mut pod = pod(&format!("p{number}"), &format!("10.1.{}.{}", number / 250, number % 250 + 1), true);
                if other_port && number % 3 == 0 {
                    pod.spec.as_mut().unwrap().containers[0].ports.as_mut().unwrap()[0].container_port = 1;
                }
                Arc::new(pod)
            }).collect();
            let before = world.slices.clone();
            apply(&mut world, &mut serial);
            prop_assert_eq!(apply(&mut world, &mut serial), 0);
            let mut found: Vec<String> = world.slices.iter().flat_map(|slice| slice.endpoints.iter().flatten()).map(|endpoint| endpoint.addresses[0].clone()).collect();
            let all = found.len();
            found.sort_unstable();
            found.dedup();
            prop_assert_eq!((all, found.len()), (count, count));
            prop_assert!(world.slices.iter().all(|slice| slice.endpoints.as_ref().unwrap().len() <= 100));
            prop_assert!(!world.slices.is_empty());
            // Not one slice more than was there or is needed.
            let needed = if other_port { count / 300 + 2 + count * 2 / 300 } else { count.div_ceil(100).max(1) };
            prop_assert!(world.slices.len() <= needed.max(before.len()) + 1, "{} slices for {count}", world.slices.len());
        }
    }
}
