//! Amounts of resources: what a pod requests, what a node can give.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{Container, Pod, PodSpec, ResourceRequirements};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;

/// What a container without a request counts as in scores, so that such pods do not all land on one node: 100m and 200Mi.
const ASSUMED_MILLI_CPU: i64 = 100;
const ASSUMED_MEMORY: i64 = 200 * 1024 * 1024;

/// Amounts in thousandths of a CPU, in bytes, and in units of whatever else there is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Resources {
    pub milli_cpu: i64,
    pub memory: i64,
    pub ephemeral_storage: i64,
    /// Devices, huge pages and other named resources.
    pub extended: BTreeMap<String, i64>,
}

impl Resources {
    pub fn of(list: &BTreeMap<String, Quantity>) -> Self {
        let mut resources = Self::default();
        for (name, quantity) in list {
            // the API server has validated it
            let quantity: api::Quantity = quantity.0.parse().unwrap_or_default();
            match name.as_str() {
                "cpu" => resources.milli_cpu = quantity.milli_value(),
                "memory" => resources.memory = quantity.value(),
                "ephemeral-storage" => resources.ephemeral_storage = quantity.value(),
                "pods" => {}
                name => {
                    resources.extended.insert(name.to_owned(), quantity.value());
                }
            }
        }
        resources
    }
    pub fn add(&mut self, other: &Self) {
        self.combine(other, i64::saturating_add);
    }
    pub fn subtract(&mut self, other: &Self) {
        self.combine(other, i64::saturating_sub);
        self.extended.retain(|_, amount| *amount != 0);
    }
    /// The larger of each amount.
    pub fn raise_to(&mut self, other: &Self) {
        self.combine(other, i64::max);
    }
    fn combine(&mut self, other: &Self, operation: fn(i64, i64) -> i64) {
        self.milli_cpu = operation(self.milli_cpu, other.milli_cpu);
        self.memory = operation(self.memory, other.memory);
        self.ephemeral_storage = operation(self.ephemeral_storage, other.ephemeral_storage);
        for (name, amount) in &other.extended {
            let own = self.extended.entry(name.clone()).or_default();
            *own = operation(*own, *amount);
        }
    }
}

/// What a pod needs of its node: its containers together, or more where an init container needs more, sidecars counted with both, and overhead.
pub fn requests(pod: &Pod) -> Resources {
    let Some(spec) = &pod.spec else { return Resources::default() };
    let container = |container: &Container| {
        let mut wanted = of_container(container.resources.as_ref());
        // a resize that is not carried out yet still holds what was granted
        let statuses = pod.status.as_ref().and_then(|status| status.container_statuses.as_ref());
        let granted =
            statuses.into_iter().flatten().find(|status| status.name == container.name).and_then(|status| status.resources.as_ref());
        if let Some(granted) = granted {
            wanted.raise_to(&of_container(Some(granted)));
        }
        wanted
    };
    total(spec, container)
}

/// As [`requests`], with an assumed amount for every container that asks for none: thousandths of a CPU and bytes of memory, for scores.
pub fn assumed_requests(spec: &PodSpec) -> (i64, i64) {
    let container = |container: &Container| {
        let mut wanted = of_container(container.resources.as_ref());
        let asks = |name| {
            container
                .resources
                .as_ref()
                .and_then(|resources| resources.requests.as_ref())
                .is_some_and(|requests| requests.contains_key(name))
        };
        if !asks("cpu") {
            wanted.milli_cpu = ASSUMED_MILLI_CPU;
        }
        if !asks("memory") {
            wanted.memory = ASSUMED_MEMORY;
        }
        wanted
    };
    let total = total(spec, container);
    (total.milli_cpu, total.memory)
}

fn of_container(resources: Option<&ResourceRequirements>) -> Resources {
    resources.and_then(|resources| resources.requests.as_ref()).map(Resources::of).unwrap_or_default()
}

fn total(spec: &PodSpec, container: impl Fn(&Container) -> Resources) -> Resources {
    let mut total = Resources::default();
    for member in &spec.containers {
        total.add(&container(member));
    }
    let (mut sidecars, mut starting) = (Resources::default(), Resources::default());
    for member in spec.init_containers.iter().flatten() {
        let mut wanted = container(member);
        if member.restart_policy.as_deref() == Some("Always") {
            total.add(&wanted);
            sidecars.add(&wanted);
            wanted = sidecars.clone();
        } else {
            wanted.add(&sidecars);
        }
        starting.raise_to(&wanted);
    }
    total.raise_to(&starting);
    // requests of the pod as a whole replace the sum of its containers'
    if let Some(requests) = spec.resources.as_ref().and_then(|resources| resources.requests.as_ref()) {
        let whole = Resources::of(requests);
        if requests.contains_key("cpu") {
            total.milli_cpu = whole.milli_cpu;
        }
        if requests.contains_key("memory") {
            total.memory = whole.memory;
        }
        total.extended.extend(whole.extended);
    }
    if let Some(overhead) = &spec.overhead {
        total.add(&Resources::of(overhead));
    }
    total
}

#[cfg(test)]
#[expect(clippy::needless_pass_by_value, reason = "tests read better with literals in place")]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn check(spec: Value, cpu: i64, memory: i64) {
        let pod: Pod = serde_json::from_value(json!({"spec": spec})).unwrap();
        let requests = requests(&pod);
        assert_eq!((requests.milli_cpu, requests.memory), (cpu, memory), "{pod:?}");
    }

    fn container(name: &str, cpu: &str, memory: &str) -> Value {
        json!({"name": name, "resources": {"requests": {"cpu": cpu, "memory": memory}}})
    }

    #[test]
    fn pods_request_what_they_need_at_once() {
        check(json!({"containers": [container("a", "100m", "1Ki"), container("b", "1", "1Ki")]}), 1100, 2048);
        check(json!({"containers": [container("a", "100m", "1")], "initContainers": [container("i", "300m", "1")]}), 300, 1);
        let mut sidecar = container("s", "50m", "10");
        sidecar["restartPolicy"] = json!("Always");
        let init = json!([container("first", "200m", "1"), sidecar, container("last", "180m", "1")]);
        check(json!({"containers": [container("a", "100m", "1")], "initContainers": init}), 230, 11);
        check(
            json!({"containers": [container("a", "100m", "1")], "overhead": {"cpu": "10m"}, "resources": {"requests": {"cpu": "1"}}}),
            1010,
            1,
        );
    }

    #[test]
    fn containers_without_requests_count_in_scores() {
        let spec: PodSpec = serde_json::from_value(json!({"containers": [{"name": "a"}, container("b", "1", "1")]})).unwrap();
        assert_eq!(assumed_requests(&spec), (1100, ASSUMED_MEMORY + 1));
    }
}
