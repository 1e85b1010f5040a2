//! What every namespace gets: the service account `default`, and the config map `kube-root-ca.crt` by which pods know the server.

use std::sync::Arc;

use jiff::Timestamp;
use k8s_openapi::api::core::v1::{ConfigMap, Namespace, ServiceAccount};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use runtime::{Action, Filter, Informer, Key, Plan, Reconciler};

use crate::House;
use crate::controller::Controller;

const ACCOUNT: &str = "default";
const ROOT_CA: &str = "kube-root-ca.crt";
const DESCRIPTION: &str = "kubernetes.io/description";
const DESCRIPTION_TEXT: &str = "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or \
     kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.";

struct Furnishing {
    namespaces: Informer<Namespace>,
    accounts: Informer<ServiceAccount>,
    certificates: Informer<ConfigMap>,
    root_ca_pem: Arc<str>,
}

#[derive(Clone, Debug)]
struct Snapshot {
    namespace: String,
    has_account: bool,
    certificate: Option<Arc<ConfigMap>>,
    root_ca_pem: Arc<str>,
}

/// | change | keys |
/// |---|---|
/// | Namespace | itself |
/// | ServiceAccount `default`, ConfigMap `kube-root-ca.crt` | its Namespace |
pub(crate) async fn run(house: House) {
    let named = |name: &str| Filter { fields: Some(format!("metadata.name={name}")), ..Filter::default() };
    let namespaces = house.informers.of::<Namespace>();
    let accounts = house.informers.filtered::<ServiceAccount>(named(ACCOUNT));
    let certificates = house.informers.filtered::<ConfigMap>(named(ROOT_CA));
    let reconciler = Furnishing {
        namespaces: namespaces.clone(),
        accounts: accounts.clone(),
        certificates: certificates.clone(),
        root_ca_pem: house.config.root_ca_pem.as_str().into(),
    };
    let of_namespace = |meta: &ObjectMeta| vec![Key::new("", meta.namespace.clone().unwrap_or_default())];
    Controller::new(house, "service-account-controller", 2, reconciler)
        .on(&namespaces, |change| vec![Key::of(&change.latest().metadata)])
        .on(&accounts, move |change| of_namespace(&change.latest().metadata))
        .on(&certificates, move |change| of_namespace(&change.latest().metadata))
        .run()
        .await;
}

impl Reconciler for Furnishing {
    type Key = Key;
    type Snapshot = Snapshot;

    fn name(&self) -> &'static str {
        "service-account-controller"
    }
    fn observe(&self, key: &Key) -> Option<Snapshot> {
        let namespace = self.namespaces.get("", &key.name)?;
        if namespace.metadata.deletion_timestamp.is_some() {
            return None;
        }
        Some(Snapshot {
            namespace: key.name.clone(),
            has_account: self.accounts.get(&key.name, ACCOUNT).is_some(),
            certificate: self.certificates.get(&key.name, ROOT_CA),
            root_ca_pem: self.root_ca_pem.clone(),
        })
    }
    fn plan(&self, snapshot: &Snapshot, _now: Timestamp) -> Plan {
        plan(snapshot)
    }
}

fn plan(snapshot: &Snapshot) -> Plan {
    let mut actions = Vec::new();
    if !snapshot.has_account {
        let metadata = ObjectMeta { name: Some(ACCOUNT.to_owned()), namespace: Some(snapshot.namespace.clone()), ..Default::default() };
        actions.push(Action::create(ServiceAccount { metadata, ..Default::default() }).lenient());
    }
    let data = [("ca.crt".to_owned(), snapshot.root_ca_pem.to_string())].into();
    match &snapshot.certificate {
        None => {
            let metadata = ObjectMeta {
                name: Some(ROOT_CA.to_owned()),
                namespace: Some(snapshot.namespace.clone()),
                annotations: Some([(DESCRIPTION.to_owned(), DESCRIPTION_TEXT.to_owned())].into()),
                ..Default::default()
            };
            actions.push(Action::create(ConfigMap { metadata, data: Some(data), ..Default::default() }).lenient());
        }
        Some(found) if found.data.as_ref() != Some(&data) => {
            actions.push(Action::update(ConfigMap { data: Some(data), ..(**found).clone() }));
        }
        Some(_) => {}
    }
    Plan { actions, requeue_at: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_namespace_is_furnished_and_kept_so() {
        let bare = Snapshot { namespace: "n".into(), has_account: false, certificate: None, root_ca_pem: "PEM".into() };
        let planned = plan(&bare).actions;
        let account: &ServiceAccount = planned[0].object().unwrap();
        let certificate: &ConfigMap = planned[1].object().unwrap();
        assert_eq!((account.metadata.name.as_deref(), certificate.metadata.name.as_deref()), (Some("default"), Some("kube-root-ca.crt")));
        assert_eq!(certificate.data.as_ref().unwrap()["ca.crt"], "PEM");
        let text = &certificate.metadata.annotations.as_ref().unwrap()["kubernetes.io/description"];
        assert!(text.contains("service IP or kubernetes.default.svc. No other"), "{text}");
        let done = Snapshot { has_account: true, certificate: Some(Arc::new(certificate.clone())), ..bare };
        assert!(plan(&done).actions.is_empty());
        let rotated = Snapshot { root_ca_pem: "NEW".into(), ..done };
        assert_eq!(plan(&rotated).actions[0].object::<ConfigMap>().unwrap().data.as_ref().unwrap()["ca.crt"], "NEW");
    }
}
