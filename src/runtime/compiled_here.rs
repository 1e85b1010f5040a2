//! The informers of kinds that several components watch. Generic code is compiled where it is asked for, so that each component would have its own copy of every decoder;
//! what is asked for here, below all of them, they share.

use std::hint::black_box;

use k8s_openapi::api::core::v1::{ConfigMap, Namespace, Node, PersistentVolumeClaim, Pod, Secret, Service, ServiceAccount};
use k8s_openapi::api::discovery::v1::EndpointSlice;

use crate::{Informer, Informers};

type Of<K> = fn(&Informers) -> Informer<K>;

/// Asks for them. Nobody needs to call it: it is there to be compiled.
pub fn compiled_here() {
    black_box::<Of<ConfigMap>>(Informers::of);
    black_box::<Of<EndpointSlice>>(Informers::of);
    black_box::<Of<Namespace>>(Informers::of);
    black_box::<Of<Node>>(Informers::of);
    black_box::<Of<PersistentVolumeClaim>>(Informers::of);
    black_box::<Of<Pod>>(Informers::of);
    black_box::<Of<Secret>>(Informers::of);
    black_box::<Of<Service>>(Informers::of);
    black_box::<Of<ServiceAccount>>(Informers::of);
}
